"""
Claims A12 to A14 and A22: what reaches an infant, what bottles remember, that nothing is lost, and what a file does.

Criteria were fixed in `docs/background/criteria-applications.md` before there was any code that meets them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lactflow.pharmacology.declared import Drug
from lactflow.units import DAY_MIN
from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_least, at_most, finding_of, ratio
from lactflow.validation.drug_readings import (
    MOTHER,
    between_days,
    contents,
    dose,
    infant_mg,
    with_drugs,
)
from lactflow.validation.simulated import Config, Simulated

_LARGEST_RESIDUAL = 1e-9

# -- A12: maturation ----------------------------------------------------------------------------------------

_BORN = (32.0, 40.0)
_OF_INFANT = ("caffeine", "paracetamol")
_THREE_TIMES = ["00:00", "08:00", "16:00"]
_FROM_DAY = 1.0
"""Day on which the runs begin: the infant has had the milk for two weeks when its level is read."""


def _two_weeks_old(gestation_weeks: float) -> dict[str, Any]:
    drugs = [dose("caffeine", 100.0, _THREE_TIMES), dose("paracetamol", 500.0, _THREE_TIMES)]
    infant = {"gestation_weeks": gestation_weeks}
    return with_drugs(*drugs, start_day=_FROM_DAY, days=17, infants=[infant], record={"sample_min": 60.0})


def _level_per_dose(run: Simulated, drug: str) -> float:
    """Mean level in the infant on days 14 to 17 over what it swallowed a day and kg then."""
    levels = run["infant_levels"]
    begin, end = 14.0 * DAY_MIN, 17.0 * DAY_MIN
    levels = levels[(levels["drug"] == drug) & levels["time_min"].between(begin, end)]
    infants = run["infants"]
    weight = float(infants.loc[infants["time_min"].between(begin, end), "weight_kg"].mean())
    return float(levels["mg_per_l"].mean()) / (infant_mg(run, drug, 15, 18) / 3.0 / weight)


def _immature(runs: Runs) -> Finding:
    higher = {
        name: _level_per_dose(runs["32 weeks"], name) / _level_per_dose(runs["40 weeks"], name) for name in _OF_INFANT
    }
    seen = tuple(
        at_least(f"level of {name} for the dose at 32 weeks [of 40]", higher[name], 1.5) for name in _OF_INFANT
    )
    return finding_of(
        "level for the same mg/kg/day at 32 weeks over that at 40: "
        + ", ".join(f"{name} {higher[name]:.2f}" for name in _OF_INFANT),
        *(each.holds for each in seen),
        seen=seen,
    )


# -- A13: bottles -------------------------------------------------------------------------------------------


def _bottles(before: str, after: str) -> dict[str, Any]:
    schedule = [
        {"kind": "clock", "times": ["02:00", "05:00", "14:00", "17:00", "20:00", "23:00"]},
        {"kind": "pump", "from_day": 31, "times": ["07:00"], "minutes": 15.0, "into": before},
        {"kind": "pump", "from_day": 31, "times": ["10:00"], "minutes": 15.0, "into": after},
        {"kind": "bottle", "from_day": 31, "times": ["11:00"], "from": before, "volume_ml": 30.0},
        {"kind": "bottle", "from_day": 32, "times": ["07:30"], "from": after, "volume_ml": 30.0},
    ]
    drug = {**dose("paracetamol", 1000.0), "from_day": 31, "to_day": 31}
    return with_drugs(drug, days=3, schedule=schedule)


def _remembered(runs: Runs) -> Finding:
    run = runs["bottles"]
    doses = run["infant_doses"]
    doses = doses[(doses["analyte"] == "paracetamol") & (doses["source"] == "bottle")]
    doses = doses.merge(run.sessions[["session", "start_min", "intake_ml"]], on="session")
    first = between_days(doses, 31, 32)
    second = between_days(doses, 32, 33)
    second = second[second["start_min"] % DAY_MIN < 8.0 * 60.0]
    pumped = between_days(contents(run, "paracetamol"), 31, 32)
    pumped = pumped[(pumped["kind"] == "pump") & (pumped["start_min"] % DAY_MIN >= 10.0 * 60.0)]
    there = float(pumped["amount"].sum() / pumped["removed_ml"].sum())
    given = float(second["amount"].sum() / second["intake_ml"].sum())
    before = float(first["amount"].sum())
    off = abs(given / there - 1.0)
    seen = (
        at_most("drug of the bottle pumped before the dose [mg]", before, 0.0),
        at_most("bottle of the next day, off what was pumped [share]", off, 1e-9),
    )
    return finding_of(
        f"{before:.3g} mg in the bottle pumped before the dose; the bottle of the next day is off what was pumped by "
        f"{off:.1e}",
        len(first) > 0 and seen[0].holds,
        there > 0.0 and seen[1].holds,
        seen=seen,
    )


# -- A14: nothing is lost -----------------------------------------------------------------------------------

PROTEINS = ["siga", "lactoferrin", "lysozyme", "igm", "igg"]
LIBRARY: list[Config] = [
    dose("paracetamol", 500.0, _THREE_TIMES),
    dose("caffeine", 100.0, ["08:00", "14:00"]),
    dose("amoxicillin", 500.0, _THREE_TIMES),
    dose("cephalexin", 500.0, _THREE_TIMES),
    dose("cefadroxil", 500.0, ["08:00", "20:00"]),
    dose("nitrofurantoin", 100.0, ["08:00", "20:00"]),
    dose("aciclovir", 500.0, ["08:00", "20:00"]),
    dose("cetirizine", 10.0),
    dose("ibuprofen", 400.0, _THREE_TIMES),
    dose("diclofenac", 50.0, ["08:00", "20:00"]),
    dose("atenolol", 50.0),
    dose("metoprolol", 50.0, ["08:00", "20:00"]),
    dose("citalopram", 20.0),
    dose("escitalopram", 10.0),
    dose("sertraline", 50.0),
    dose("paroxetine", 20.0),
    dose("fluoxetine", 20.0),
    dose("lamotrigine", 100.0, ["08:00", "20:00"]),
    dose("oxycodone", 10.0, _THREE_TIMES),
    dose("domperidone", 10.0, _THREE_TIMES),
    dose("metoclopramide", 10.0, _THREE_TIMES),
    {**dose("infliximab", 350.0, ["08:00"]), "from_day": 31, "to_day": 31},
    {"drug": "ethanol", "drinks": 2, "times": ["19:30"], "from_day": 31, "to_day": 31},
]
"""Every shipped drug that gets into milk; those that do not have no balance there."""
_EVERYTHING: dict[str, Any] = {
    **MOTHER,
    "record": {"sample_min": 60.0},
    "drugs": LIBRARY,
    "analytes": PROTEINS,
    "schedule": [
        {"kind": "clock", "times": ["02:00", "05:00", "08:00", "11:00", "17:00", "20:00"]},
        {"kind": "pump", "times": ["14:00"], "minutes": 15.0, "into": "day"},
        {"kind": "pump", "times": ["23:00"], "minutes": 15.0},
        {"kind": "bottle", "times": ["15:30"], "from": "day", "volume_ml": 40.0},
        {"kind": "discard", "drug": "ethanol", "after_dose_h": [0, 4]},
    ],
    "interventions": [
        {"kind": "seal", "side": "left", "start_day": 32.0},
        {"kind": "mastitis", "side": "right", "start_day": 32.5, "severity": 0.5},
    ],
}


def _residuals(run: Simulated, *, lost: bool = True) -> dict[str, float]:
    """Largest relative residual of what the run adds, by substance; without what was lost where that is left out."""
    rows = run["balance"]
    added = set(run["removal_contents"]["analyte"])
    rows = rows[rows["quantity"].isin(added)]
    there = rows["initial"] + rows["made"] + rows["gained"]
    gone = rows["stored"] + rows["in_transit"] + rows["removed"] + (rows["lost"] if lost else 0.0)
    return dict(zip(rows["quantity"], ((there - gone) / there.clip(lower=1e-12)).abs(), strict=True))


def _unaccounted(run: Simulated) -> float:
    """Largest share of what was removed of a substance that is neither in infants nor in bottles nor discarded."""
    rows = run["removal_contents"]
    removed = rows[rows["analyte"].isin(run["balance"]["quantity"])].groupby("analyte")["amount"].sum()
    from_breast = run["infant_doses"].query("source == 'breast'").groupby("analyte")["amount"].sum()
    accounts = run["bottle_balance"].groupby("quantity")[["expressed"]].sum()["expressed"]
    shares = [
        abs(ratio(from_breast.get(name, 0.0) + accounts.get(name, 0.0), amount) - 1.0)
        for name, amount in removed.items()
        if amount > 0.0
    ]
    return max(shares)


def _nothing_lost(runs: Runs, *, lost: bool = True) -> Finding:
    run = runs["everything"]
    residuals = _residuals(run, lost=lost)
    worst = max(residuals, key=lambda name: residuals[name])
    unaccounted = _unaccounted(run)
    bottles = float(run["bottle_balance"]["residual"].abs().max())
    gross = run["balance"].set_index("quantity")[["lost", "gained"]].loc[[each["drug"] for each in LIBRARY]]
    back = gross["lost"].to_numpy(dtype=float) / gross["gained"].to_numpy(dtype=float)
    seen = (
        at_most("largest residual of a balance [share]", residuals[worst], _LARGEST_RESIDUAL),
        at_most("removed, and not in infants or bottles [share]", unaccounted, _LARGEST_RESIDUAL),
        at_most("largest residual of bottles [share]", bottles, _LARGEST_RESIDUAL),
        at_least("drugs and proteins", len(residuals), len(LIBRARY) + len(PROTEINS)),
    )
    return finding_of(
        f"{len(residuals)} drugs and proteins: largest residual {residuals[worst]:.1e} ({worst}); of what was removed "
        f"{unaccounted:.1e} is neither in infants nor in bottles; bottles close to {bottles:.1e}; gross flow back "
        f"{back.mean():.0%} of what came",
        *(each.holds for each in seen),
        seen=seen,
    )


# -- A22: one file, no code ---------------------------------------------------------------------------------

_UNKNOWN: Config = {
    "format": 1,
    "drug": "unknown",
    "kinetics": {"bioavailability": 0.7, "clearance_l_per_h": 12.0, "volume_l": 90.0, "absorption_per_h": 1.2},
    "passage": {"class": "base", "pka": 8.4, "unbound_plasma": 0.3, "fat_partition": 5.0},
    "infant": {"clearance": "renal"},
    "sources": {"kinetics": {"cite": "made up for a claim"}, "passage": {"cite": "made up for a claim"}},
}
_ITS_TABLES = {
    "doses": "drug",
    "drug_levels": "drug",
    "removal_contents": "analyte",
    "infant_doses": "analyte",
    "infant_levels": "drug",
    "balance": "quantity",
}
_WRONG: Mapping[str, Config] = {
    "clearance_l_per_h": {"kinetics": {"clearance_l_per_h": -1.0, "volume_l": 90.0}},
    "sources": {"sources": {}},
}
"""Files that must be refused, by the key that must be named."""


def _one_file(runs: Runs) -> Finding:
    run = runs["a drug of one's own"]
    named = [table for table, column in _ITS_TABLES.items() if "unknown" in set(run[table][column])]
    residual = _residuals(run)["unknown"]
    seen = (
        at_least("tables that have it", len(named), len(_ITS_TABLES)),
        at_most("residual of its balance [share]", residual, _LARGEST_RESIDUAL),
    )
    return finding_of(
        f"in {len(named)} of {len(_ITS_TABLES)} tables, balance closed to {residual:.1e}",
        *(each.holds for each in seen),
        seen=seen,
    )


def _refused(_: Runs) -> Finding:
    """Whether a wrong file is taken all the same: it is refused by the name of what is wrong."""
    taken = []
    for key, wrong in _WRONG.items():
        try:
            Drug.model_validate({**_UNKNOWN, **wrong})
        except ValueError as error:
            if key in str(error):
                continue
        taken.append(key)
    return Finding(f"not refused by name: {', '.join(taken) or 'none'}", holds=bool(taken))


CLAIMS = (
    Claim(
        "A12",
        "An immature infant has higher levels from the same milk",
        "caffeine and paracetamol, infants of 32 and 40 weeks, two weeks old: level for the same mg/kg/day above 1.5 "
        "times",
        {f"{weeks:g} weeks": _two_weeks_old(weeks) for weeks in _BORN},
        _immature,
        {"drug_library": {name: {"infant": {"clearance": "mature"}} for name in _OF_INFANT}},
        "maturation: the clearance of an adult, by weight",
    ),
    Claim(
        "A13",
        "A bottle remembers what it was pumped with",
        "pumped at 07:00, dose at 08:00, given at 11:00: zero mg; pumped at 10:00 and given the next day before any "
        "dose: what was in it when it was pumped, to 1e-9",
        {"bottles": _bottles("before", "after")},
        _remembered,
        None,
        "see the adversary",
        (Adversary(_bottles("all", "all"), "bottles apart: one pot for all expressed milk"),),
    ),
    Claim(
        "A14",
        "Nothing of a drug or a protein is lost",
        "every drug of the library and every immune protein, four days with feeds, pumpings, bottles, a sealed breast: "
        "residual of each balance at most 1e-9; what is in infants, discarded and in bottles is what was removed",
        {"everything": _EVERYTHING},
        _nothing_lost,
        None,
        "see the adversary",
        (Adversary({}, "what went back into plasma", judge=lambda runs: _nothing_lost(runs, lost=False)),),
    ),
    Claim(
        "A22",
        "A drug is one file, and no code",
        "a drug that lactflow does not know, declared in a config: in each of 6 tables about drugs, its balance closed "
        "to 1e-9; a value outside its range and a file without sources are refused by name",
        {
            "a drug of one's own": with_drugs(
                dose("unknown", 40.0, ["08:00", "20:00"]), drug_library={"unknown": _UNKNOWN}, days=2
            )
        },
        _one_file,
        None,
        "see the adversary",
        (Adversary({}, "a value within its range, and a source", judge=_refused),),
    ),
)
