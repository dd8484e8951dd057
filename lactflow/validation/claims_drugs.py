"""
Claims A03 to A11: how a drug passes from blood into milk, and what the clock of doses and feeds does.

Criteria were fixed in `docs/background/criteria-applications.md` before there was any code that meets them.
"""

from __future__ import annotations

from typing import Any

from lactflow.pharmacology.passage import settled_ratio
from lactflow.units import DAY_MIN
from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_least, at_most, between, finding_of, ratio
from lactflow.validation.drug_readings import (
    EVERY_THREE_HOURS,
    MOTHER,
    at_clock,
    between_days,
    contents,
    dose,
    infant_mg,
    milk_over_plasma,
    per_litre,
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


def _over(library: Config) -> Config:
    """Keys of drug files, laid over those of a run."""
    return {"drug_library": library}


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


# -- A07, A08: back from milk -------------------------------------------------------------------------------

_PARACETAMOL_ONCE = {**dose("paracetamol", 1000.0), "from_day": 31, "to_day": 31}
_AFTER_DOSE = 31.0 + 8.4 / 24.0
_HOURLY = [f"{hour:02d}:00" for hour in range(9, 17)] + ["16:30"]


def _emptied_often(runs: Runs) -> Finding:
    rows = between_days(contents(runs["one side hourly"], "paracetamol"), 31, 32)
    by_day = rows[(rows["start_min"] % DAY_MIN).between(8.5 * 60.0, 17.0 * 60.0)]
    mg = {side: float(by_day.loc[by_day["breast"] == side, "amount"].sum()) for side in ("left", "right")}
    seen = (at_least("mg of the breast emptied hourly [of the other]", ratio(mg["left"], mg["right"]), 3.0),)
    return finding_of(
        f"{mg['left']:.2f} mg from the breast emptied hourly, {mg['right']:.2f} from the other one",
        seen[0].holds,
        seen=seen,
    )


_SINGLE = {"paracetamol": 1000.0, "caffeine": 200.0, "amoxicillin": 1000.0}
_FED_BEFORE = ["02:00", "05:00", "08:00", "11:00", "14:00", "17:00", "20:00", "23:00"]


def _single_doses(*more: Config) -> dict[str, Any]:
    drugs = [{**dose(name, mg), "from_day": 31, "to_day": 31} for name, mg in _SINGLE.items()]
    schedule = [{"kind": "clock", "times": _FED_BEFORE}, *more]
    return with_drugs(*drugs, days=2, schedule=schedule)


def _pumped_off(runs: Runs) -> Finding:
    seen = []
    words = []
    for name in _SINGLE:
        feeds = [at_clock(between_days(contents(runs[key], name), 31, 32), 11.0) for key in ("left alone", "pumped")]
        feeds = [rows[rows["kind"] == "feed"] for rows in feeds]
        levels = per_litre(feeds[1]) / per_litre(feeds[0])
        amounts = float(feeds[1]["amount"].sum() / feeds[0]["amount"].sum())
        seen += [
            between(f"{name} per litre after pumping [of without]", levels, 0.8, 1.2),
            at_most(f"mg of {name} in that feed [of without]", amounts, 0.7),
        ]
        words.append(f"{name} {levels - 1.0:+.0%} per litre, {amounts - 1.0:+.0%} in mg")
    return finding_of("the next feed: " + "; ".join(words), *(each.holds for each in seen), seen=seen)


# -- A09: clock of doses and feeds --------------------------------------------------------------------------

_LATER = [f"{(int(time[:2]) + 1) % 24:02d}:00" for time in EVERY_THREE_HOURS]
_TWICE = ["08:00", "20:00"]


def _metoprolol(form: str, times: list[str]) -> dict[str, Any]:
    schedule = [{"kind": "clock", "times": times}]
    return with_drugs(dose("metoprolol", 50.0, _TWICE, form=form), schedule=schedule)


def _dose_clock(runs: Runs) -> Finding:
    mg = {name: infant_mg(run, "metoprolol", 31, 34) / 3.0 for name, run in runs.items()}
    saved = 1.0 - mg["at the dose"] / mg["later"]
    slow = 1.0 - mg["extended, at the dose"] / mg["extended, later"]
    seen = (
        at_least("less of an immediate form with feeds at the dose [share]", saved, 0.10),
        between("the same of an extended form [share]", slow, -0.03, 0.03),
    )
    return finding_of(
        f"feeds at the dose bring {saved:.1%} less than an hour later ({mg['at the dose']:.4f} mg/day), as extended "
        f"release {slow:.1%}",
        *(each.holds for each in seen),
        seen=seen,
    )


# -- A10: transporter; A11: missed dose ---------------------------------------------------------------------


def _transporter(runs: Runs) -> Finding:
    found = milk_over_plasma(runs["nitrofurantoin"], "nitrofurantoin", 31, 34)
    seen = (at_least("nitrofurantoin, milk over plasma", found, 3.0),)
    return finding_of(f"milk over plasma of nitrofurantoin {found:.2f}", seen[0].holds, seen=seen)


def _passive(runs: Runs) -> Finding:
    """What is judged without the transporter: much less."""
    found = milk_over_plasma(runs["nitrofurantoin"], "nitrofurantoin", 31, 34)
    return Finding(f"milk over plasma {found:.2f}", holds=not found < 0.5)


_THREE_TIMES = ["00:00", "08:00", "16:00"]
_MISSED_DAY = 31
_FLUOXETINE_BACK = 50


def _regular(missed: bool) -> dict[str, Any]:
    miss = {"miss": [{"days": [_MISSED_DAY], "from": "07:00", "to": "09:00"}]} if missed else {}
    drugs = [dose("paracetamol", 500.0, _THREE_TIMES, **miss), dose("fluoxetine", 20.0, ["08:00"], **miss)]
    return with_drugs(*drugs, days=_FLUOXETINE_BACK + 4, record={"sample_min": 60.0})


def _share_left(runs: Runs, name: str, from_day: float, to_day: float) -> float:
    """What infants got with a missed dose over what they got with all of them."""
    return infant_mg(runs["missed"], name, from_day, to_day) / infant_mg(runs["taken"], name, from_day, to_day)


def _missed(runs: Runs) -> Finding:
    morning = _MISSED_DAY + 8.0 / 24.0
    first = _share_left(runs, "paracetamol", morning + 1e-3, morning + 8.0 / 24.0)
    slow = _share_left(runs, "fluoxetine", morning + 1e-3, morning + 1.0)
    back = _share_left(runs, "paracetamol", morning + 1.0, morning + 2.0)
    slow_back = _share_left(runs, "fluoxetine", morning + _FLUOXETINE_BACK, morning + _FLUOXETINE_BACK + 1.0)
    seen = (
        at_most("paracetamol until the next dose [of usual]", first, 0.5),
        at_least("fluoxetine until the next dose [of usual]", slow, 0.9),
        between("paracetamol after a day [of usual]", back, 0.99, 1.01),
        between("fluoxetine after ten half-lives [of usual]", slow_back, 0.99, 1.01),
    )
    return finding_of(
        f"after a missed dose paracetamol {first:.2f} of usual, fluoxetine {slow:.3f}; a day later paracetamol "
        f"{back:.4f}, ten half-lives later fluoxetine {slow_back:.4f}",
        *(each.holds for each in seen),
        seen=seen,
    )


_NO_RETURN = {"passage": {"return_share": 0.0}}
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
        _over(dict.fromkeys(_SLOW_TO_FAST, _NO_RETURN)),
        "the way back from milk into plasma",
    ),
    Claim(
        "A04",
        "More acid milk holds more of a base and less of an acid",
        "milk over plasma at milk of pH 6.9 against 7.2: atenolol, metoprolol, citalopram higher, ibuprofen, "
        "cefadroxil lower, paracetamol the same within 0.5 %",
        {f"pH {ph}": {**MOTHER, **_ALL_OF_PH, "mother": {"milk_ph": ph}} for ph in (7.2, 6.9)},
        _ph,
        _over({name: {"passage": {"class": "neutral"}} for name in (*_BASES, *_ACIDS)}),
        "charged forms",
    ),
    Claim(
        "A05",
        "What dissolves in fat is in hindmilk",
        "a neutral drug of fat partition 100 at a constant level: last over first concentration of feeds that take "
        "70 % of the milk 1.4 to 2.4, rank correlation with fat in a day above 0.95; at a partition of 1 within 3 %",
        {"in fat": _constant(_declared("in-fat", 200.0, fat_partition=100.0), _declared("in-both", 200.0))},
        _fat,
        _over({"in-fat": {"passage": {"fat_partition": 1.0}}}),
        "what dissolves in fat",
    ),
    Claim(
        "A06",
        "Fresh milk dilutes what crosses slowly",
        "the same mother with twins, about 1,000 mL a day, and with one infant of small appetite, about 500: milk over "
        "plasma of amoxicillin 1.2 to 1.8 times, of paracetamol within 8 %",
        {_MUCH: _fed({}, {}), _LITTLE: _fed({"appetite": 0.6})},
        _dilution,
        _over({"amoxicillin": {"passage": {"carried": 1.0, "exchange_ml_per_h": 250.0}}}),
        "the slow passage: fresh milk comes with all of it",
    ),
    Claim(
        "A07",
        "The breast that is emptied often gives more of a drug",
        "paracetamol 1 g at 08:00, left breast pumped hourly from 09:00 to 16:30, right breast once at 16:30: mg of "
        "the left over the right above 3",
        {
            "one side hourly": with_drugs(
                _PARACETAMOL_ONCE,
                infants=[],
                days=2,
                schedule=[
                    {"kind": "pump", "times": list(EVERY_THREE_HOURS)},
                    {"kind": "pump", "from_day": _AFTER_DOSE, "times": _HOURLY, "side": "left"},
                    {"kind": "hand", "from_day": _AFTER_DOSE, "times": ["16:30"], "side": "right"},
                ],
            )
        },
        _emptied_often,
        _over({"paracetamol": _NO_RETURN}),
        "the way back from milk into plasma",
    ),
    Claim(
        "A08",
        "Pumping and discarding takes milk away, hardly concentration",
        "paracetamol, caffeine, amoxicillin, one dose at 08:00; both breasts pumped at 09:30 and the milk discarded: "
        "in the feed of 11:00 each less than 20 % different per litre, and more than 30 % lower in mg",
        {
            "left alone": _single_doses(),
            "pumped": _single_doses(
                {"kind": "pump", "times": ["09:30"], "minutes": 15.0, "from_day": 31},
                {"kind": "discard"},
            ),
        },
        _pumped_off,
        _over(dict.fromkeys(_SINGLE, _NO_RETURN)),
        "the way back from milk into plasma",
    ),
    Claim(
        "A09",
        "Feeds at the dose bring less of a drug that comes and goes fast",
        "metoprolol 50 mg twice a day, feeds every three hours at the doses against an hour later: more than 10 % less "
        "a day; as extended release less than 3 % different",
        {
            "at the dose": _metoprolol("immediate", list(EVERY_THREE_HOURS)),
            "later": _metoprolol("immediate", _LATER),
            "extended, at the dose": _metoprolol("extended", list(EVERY_THREE_HOURS)),
            "extended, later": _metoprolol("extended", _LATER),
        },
        _dose_clock,
        _over({"metoprolol": {"forms": {"immediate": {"release_h": 12.0}}}}),
        "the course of the level: its mean in its place",
    ),
    Claim(
        "A10",
        "A transporter holds nitrofurantoin in milk",
        "milk over plasma above 3; without the transporter below 0.5",
        {"nitrofurantoin": with_drugs(dose("nitrofurantoin", 100.0, ["02:00", "08:00", "14:00", "20:00"]))},
        _transporter,
        None,
        "see the adversary",
        (Adversary(_over({"nitrofurantoin": {"passage": {"active_ratio": 1.0}}}), "the transporter", judge=_passive),),
    ),
    Claim(
        "A11",
        "A missed dose shows at once with a drug that leaves fast, hardly with one that leaves slowly",
        "one dose missed of paracetamol three times a day and of fluoxetine once a day: mg until the next dose down by "
        "more than half, and by less than 10 %; back within 1 % within a day, and within ten half-lives",
        {"taken": _regular(False), "missed": _regular(True)},
        _missed,
        None,
        "see the adversary",
        (Adversary({"drugs": _regular(False)["drugs"]}, "missed doses: all are taken"),),
    ),
)
