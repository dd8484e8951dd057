"""
Claims A03 to A06 and A10: how a drug passes from blood into milk.

Criteria were fixed in `docs/background/criteria-applications.md` before there was any code that meets them.
"""

from __future__ import annotations

from typing import Any

from lactflow.pharmacology.passage import settled_ratio
from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_least, at_most, between, finding_of, ratio
from lactflow.validation.drug_readings import (
    MOTHER,
    NO_RETURN,
    between_days,
    contents,
    dose,
    milk_over_plasma,
    over_library,
    with_drugs,
)
from lactflow.validation.simulated import Config, Simulated

_CLEARANCES = (3.0, 20.0, 200.0)
_INSTANT = 1e6
_HALF_CARRIED_ML_PER_H = 100.0
"""Exchange [mL/h] at which fresh milk brings half of the partition, where a drug file does not say it."""


def _declared(name: str, exchange_ml_per_h: float, **passage: Any) -> Config:
    """A neutral drug that is bound to nothing, and a form of it that keeps its level where it is."""
    why = {"cite": "made up for a claim", "locator": "", "seen": True}
    crosses = {"class": "neutral", "unbound_plasma": 1.0, "unbound_skim": 1.0, "fat_partition": 1.0}
    numbers = ("bioavailability", "clearance_l_per_h", "volume_l", *crosses, "exchange_ml_per_h", "release_h")
    return {
        "format": 1,
        "drug": name,
        "kinetics": {"bioavailability": 1.0, "clearance_l_per_h": 1.0, "volume_l": 10.0},
        "passage": {**crosses, "exchange_ml_per_h": exchange_ml_per_h, **passage},
        "forms": {"constant": {"release_h": 24.0}},
        "sources": {key: why for key in (*numbers, *passage) if key != "class"},
    }


def _constant(*drugs: Config, **more: Any) -> dict[str, Any]:
    """A mother with a constant level of 1 mg/L of some drugs."""
    taken = [dose(drug["drug"], 24.0, ["00:00"], form="constant") for drug in drugs]
    return with_drugs(*taken, drug_library={drug["drug"]: drug for drug in drugs}, **more)


# -- A03: constant level ------------------------------------------------------------------------------------

_SLOW_TO_FAST = {f"exchange-{exchange:.0f}": exchange for exchange in (*_CLEARANCES, _INSTANT)}


def _flow_ml_per_h(run: Simulated) -> float:
    """Milk removed from a breast [mL/h]."""
    return run.removed_ml_per_day(31, 34) / 48.0


def _constant_level(runs: Runs) -> Finding:
    run = runs["constant level"]
    flow = _flow_ml_per_h(run)
    off = {}
    for name, exchange in _SLOW_TO_FAST.items():
        carried = exchange / (exchange + _HALF_CARRIED_ML_PER_H)
        expected = settled_ratio(1.0, exchange, carried, flow)
        off[exchange] = milk_over_plasma(run, name, 31, 34) / expected - 1.0
    instant = abs(milk_over_plasma(run, f"exchange-{_INSTANT:.0f}", 31, 34) - 1.0)
    seen = (
        *(between(f"off the closed form at {x:g} mL/h [share]", off[x], -0.03, 0.03) for x in _CLEARANCES),
        at_most("off the partition at once [share]", instant, 1e-6),
    )
    return finding_of(
        f"off the closed form by {', '.join(f'{off[x]:.2%} at {x:g} mL/h' for x in _CLEARANCES)}; "
        f"off the partition by {instant:.1e} at {_INSTANT:g} mL/h; {flow:.0f} mL/h of a breast",
        *(each.holds for each in seen),
        seen=seen,
    )


# -- A04: pH of milk ----------------------------------------------------------------------------------------

_TWICE, _THREE_TIMES = ["08:00", "20:00"], ["00:00", "08:00", "16:00"]
_BASES, _ACIDS = ("atenolol", "metoprolol", "citalopram"), ("ibuprofen", "cefadroxil")
_OF_PH = (*_BASES, *_ACIDS, "paracetamol")


def _ph(runs: Runs) -> Finding:
    change = {
        name: ratio(milk_over_plasma(runs["pH 6.9"], name, 31, 34), milk_over_plasma(runs["pH 7.2"], name, 31, 34))
        for name in _OF_PH
    }
    seen = (
        *(at_least(f"{name} at pH 6.9 [of 7.2]", change[name], 1.0 + 1e-6) for name in _BASES),
        *(at_most(f"{name} at pH 6.9 [of 7.2]", change[name], 1.0 - 1e-6) for name in _ACIDS),
        between("paracetamol at pH 6.9 [of 7.2]", change["paracetamol"], 0.995, 1.005),
    )
    return finding_of(
        "milk over plasma at pH 6.9 over that at 7.2: " + ", ".join(f"{name} {change[name]:.3f}" for name in _OF_PH),
        *(each.holds for each in seen),
        seen=seen,
    )


# -- A05: fat -----------------------------------------------------------------------------------------------


def _hind_over_fore(run: Simulated, name: str) -> tuple[float, float]:
    """Last over first concentration of feeds that take about 70 %, and rank correlation of drug and fat in a day."""
    rows = between_days(contents(run, name), 31, 34)
    share = rows["removed_ml"] / rows["available_ml"]
    emptied = rows[share.between(0.6, 0.8)]
    day = between_days(rows, 31, 32)
    drug = [*day["first_per_l"], *day["last_per_l"]]
    fat = [*day["fat_start_g_per_l"], *day["fat_end_g_per_l"]]
    return float((emptied["last_per_l"] / emptied["first_per_l"]).mean()), _rank_correlation(drug, fat)


def _rank_correlation(first: list[float], second: list[float]) -> float:
    """Spearman's correlation."""
    import pandas as pd

    return float(pd.Series(first).rank().corr(pd.Series(second).rank()))


def _fat(runs: Runs) -> Finding:
    run = runs["in fat"]
    excess, follows = _hind_over_fore(run, "in-fat")
    none, _ = _hind_over_fore(run, "in-both")
    seen = (
        between("last over first of a feed, partition 100", excess, 1.4, 2.4),
        at_least("rank correlation of drug and fat in a day", follows, 0.95),
        between("last over first, partition 1", none, 0.97, 1.03),
    )
    return finding_of(
        f"last over first {excess:.2f} at a partition of 100, rank correlation with fat {follows:.3f}; {none:.3f} at 1",
        *(each.holds for each in seen),
        seen=seen,
    )


# -- A06: fresh milk ----------------------------------------------------------------------------------------

_MUCH, _LITTLE = "much milk", "little milk"


def _fed(*infants: Config) -> dict[str, Any]:
    drugs = [dose("amoxicillin", 500.0, ["00:00", "08:00", "16:00"]), dose("paracetamol", 1000.0, ["08:00", "16:00"])]
    return with_drugs(*drugs, infants=list(infants))


def _dilution(runs: Runs) -> Finding:
    much, little = runs[_MUCH], runs[_LITTLE]
    volumes = [run.removed_ml_per_day(31, 34) for run in (much, little)]
    change = {
        name: milk_over_plasma(little, name, 31, 34) / milk_over_plasma(much, name, 31, 34)
        for name in ("amoxicillin", "paracetamol")
    }
    seen = (
        between("amoxicillin with little milk [of much]", change["amoxicillin"], 1.2, 1.8),
        between("paracetamol with little milk [of much]", change["paracetamol"], 0.92, 1.08),
    )
    return finding_of(
        f"milk over plasma at {volumes[1]:.0f} mL/day over that at {volumes[0]:.0f}: amoxicillin "
        f"{change['amoxicillin']:.2f}, paracetamol {change['paracetamol']:.3f}",
        *(each.holds for each in seen),
        seen=seen,
    )


# -- A10: a transporter -------------------------------------------------------------------------------------


def _transporter(runs: Runs) -> Finding:
    found = milk_over_plasma(runs["nitrofurantoin"], "nitrofurantoin", 31, 34)
    seen = (at_least("nitrofurantoin, milk over plasma", found, 3.0),)
    return finding_of(f"milk over plasma of nitrofurantoin {found:.2f}", seen[0].holds, seen=seen)


def _passive(runs: Runs) -> Finding:
    """What is judged without the transporter: much less."""
    found = milk_over_plasma(runs["nitrofurantoin"], "nitrofurantoin", 31, 34)
    return Finding(f"milk over plasma {found:.2f}", holds=not found < 0.5)


_ALL_OF_PH: Config = {
    "drugs": [
        dose("atenolol", 50.0),
        dose("metoprolol", 50.0, _TWICE),
        dose("citalopram", 20.0),
        dose("ibuprofen", 400.0, _THREE_TIMES),
        dose("cefadroxil", 500.0, _TWICE),
        dose("paracetamol", 500.0, _THREE_TIMES),
    ]
}

CLAIMS = (
    Claim(
        "A03",
        "At a constant level, milk over plasma is what two clearances and fresh milk make of it",
        "constant level, breasts emptied every three hours: milk over plasma within 3 % of R (X + chi Q)/(X + Q) for X "
        "of 3, 20 and 200 mL/h; within 1e-6 of R for X of 1e6 mL/h",
        {"constant level": _constant(*(_declared(name, exchange) for name, exchange in _SLOW_TO_FAST.items()))},
        _constant_level,
        over_library(dict.fromkeys(_SLOW_TO_FAST, NO_RETURN)),
        "the way back from milk into plasma",
    ),
    Claim(
        "A04",
        "More acid milk holds more of a base and less of an acid",
        "milk over plasma at milk of pH 6.9 against 7.2: atenolol, metoprolol, citalopram higher, ibuprofen, "
        "cefadroxil lower, paracetamol the same within 0.5 %",
        {f"pH {ph}": {**MOTHER, **_ALL_OF_PH, "mother": {"milk_ph": ph}} for ph in (7.2, 6.9)},
        _ph,
        over_library({name: {"passage": {"class": "neutral"}} for name in (*_BASES, *_ACIDS)}),
        "charged forms",
    ),
    Claim(
        "A05",
        "What dissolves in fat is in hindmilk",
        "a neutral drug of fat partition 100 at a constant level: last over first concentration of feeds that take "
        "70 % of the milk 1.4 to 2.4, rank correlation with fat in a day above 0.95; at a partition of 1 within 3 %",
        {"in fat": _constant(_declared("in-fat", 200.0, fat_partition=100.0), _declared("in-both", 200.0))},
        _fat,
        over_library({"in-fat": {"passage": {"fat_partition": 1.0}}}),
        "what dissolves in fat",
    ),
    Claim(
        "A06",
        "Fresh milk dilutes what crosses slowly",
        "the same mother with twins, about 1,000 mL a day, and with one infant of small appetite, about 500: milk over "
        "plasma of amoxicillin 1.2 to 1.8 times, of paracetamol within 8 %",
        {_MUCH: _fed({}, {}), _LITTLE: _fed({"appetite": 0.6})},
        _dilution,
        over_library({"amoxicillin": {"passage": {"carried": 1.0, "exchange_ml_per_h": 250.0}}}),
        "the slow passage: fresh milk comes with all of it",
    ),
    Claim(
        "A10",
        "A transporter holds nitrofurantoin in milk",
        "milk over plasma above 3; without the transporter below 0.5",
        {"nitrofurantoin": with_drugs(dose("nitrofurantoin", 100.0, ["02:00", "08:00", "14:00", "20:00"]))},
        _transporter,
        None,
        "see the adversary",
        (
            Adversary(
                over_library({"nitrofurantoin": {"passage": {"active_ratio": 1.0}}}), "the transporter", judge=_passive
            ),
        ),
    ),
)
