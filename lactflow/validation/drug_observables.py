"""
What the model says about published drugs and proteins in milk: runs, and one function for each target.

Drugs do not act on one another in the model, so that many are taken in one run. A dose that is no steady state in print
is a single dose here; a milk of which only the concentration was printed is that in the breasts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.kinetics import plain_sum
from lactflow.units import DAY_MIN, HOUR_MIN
from lactflow.validation.claim import Runs
from lactflow.validation.drug_readings import (
    MOTHER,
    between_days,
    contents,
    dose,
    in_milk,
    milk_over_plasma,
    with_drugs,
)
from lactflow.validation.readings import MATURE, Observable, intake_on, mean_of_later
from lactflow.validation.simulated import Config, Simulated

if TYPE_CHECKING:
    import pandas as pd

MOTHER_KG = 70.0
_ML_PER_KG_DAY = 150.0
"""Milk that an infant is taken to drink, by the convention of relative infant doses."""
_TAKEN_DAY, _TAKEN_H = 31, 6.0
_COFFEE_DAY = 16
"""First of five days of caffeine: of infants who were 11 to 22 days old then (Ryu 1985)."""

_THREE = ["02:00", "10:00", "18:00"]
_TWO = ["08:00", "20:00"]
STEADY: Mapping[str, tuple[float, int]] = {
    "ibuprofen": (1012.0 / 3.0, 3),
    "metoprolol": (50.0, 2),
    "atenolol": (50.0, 1),
    "paroxetine": (20.0, 1),
    "fluoxetine": (20.0, 1),
    "citalopram": (20.0, 1),
    "lamotrigine": (100.0, 2),
    "nitrofurantoin": (100.0, 2),
}
"""Drugs that are at steady state: one dose [mg], and how many a day."""
SINGLE: Mapping[str, float] = {"paracetamol": 650.0, "amoxicillin": 1000.0, "cephalexin": 1000.0, "cefadroxil": 1000.0}
"""Drugs of which one dose is taken [mg]."""


def regular(name: str, mg: float, times_a_day: int) -> dict[str, Any]:
    """An entry of a config for a drug at steady state."""
    return dose(name, mg, {1: ["08:00"], 2: _TWO, 3: _THREE}[times_a_day])


def once(name: str, mg: float) -> dict[str, Any]:
    """An entry of a config for one dose of a drug."""
    return {**dose(name, mg, ["06:00"]), "from_day": _TAKEN_DAY, "to_day": _TAKEN_DAY}


DRUG_RUNS: Mapping[str, Config] = {
    "drugs at steady state": with_drugs(*(regular(name, *each) for name, each in STEADY.items())),
    "one dose of drugs": with_drugs(*(once(*each) for each in SINGLE.items()), days=3),
    "without transporter": with_drugs(
        regular("nitrofurantoin", *STEADY["nitrofurantoin"]),
        drug_library={"nitrofurantoin": {"passage": {"active_ratio": 1.0}}},
    ),
    "five days of caffeine": with_drugs(
        {**dose("caffeine", 250.0, ["07:00", "12:00", "17:00"]), "from_day": _COFFEE_DAY},
        start_day=_COFFEE_DAY,
        days=5,
        record={"sample_min": 60.0},
    ),
    "proteins": {
        "start_day": 1,
        "days": 200,
        "schedule": [{"kind": "on_demand"}],
        "analytes": ["siga", "lactoferrin", "lysozyme", "hmo"],
    },
    "no secretor": {
        **MOTHER,
        "record": {"sample_min": 60.0},
        "analytes": ["hmo"],
        "mother": {"secretor": False},
    },
}
"""Runs that targets of drugs and proteins are read from."""


def in_breasts(run: Simulated, drug: str) -> pd.Series[Any]:
    """Mean concentration in the milk of both breasts [mg/L], by hours after a dose."""
    return hours_after_dose(run, drug, "milk left", "milk right")


def hours_after_dose(run: Simulated, drug: str, *where: str) -> pd.Series[Any]:
    """Mean level in some places of `drug_levels` [mg/L], by hours after a dose that was taken once."""
    rows = run["drug_levels"]
    rows = rows[(rows["drug"] == drug) & rows["where"].isin(where)]
    levels = rows.groupby("time_min")["mg_per_l"].mean().dropna()
    taken_min = (_TAKEN_DAY - 1.0) * DAY_MIN + _TAKEN_H * HOUR_MIN
    levels.index = (levels.index - taken_min) / HOUR_MIN
    return levels[levels.index >= 0.0]


def at(levels: pd.Series[Any], hours: float) -> float:
    """A course at a time."""
    return float(np.interp(hours, levels.index.to_numpy(dtype=float), levels.to_numpy(dtype=float)))


def _once(drug: str, read: Callable[[pd.Series[Any]], float]) -> Observable:
    """A reading of the milk after one dose."""
    return lambda runs: read(in_breasts(runs["one dose of drugs"], drug))


def _three_feeds_mg(levels: pd.Series[Any]) -> float:
    """What three feeds of 90 mL hold, 3, 6 and 9 h after the dose."""
    return plain_sum(at(levels, hours) * 0.09 for hours in (3.0, 6.0, 9.0))


def _half_life_h(levels: pd.Series[Any]) -> float:
    """Half-life from 3 to 9 h."""
    return 6.0 * float(np.log(2.0) / np.log(at(levels, 3.0) / at(levels, 9.0)))


def _peak(levels: pd.Series[Any]) -> float:
    return float(levels.max())


def ratio_of(drug: str, run: str = "drugs at steady state") -> Observable:
    """Milk over plasma at steady state."""
    return lambda runs: milk_over_plasma(runs[run], drug, 31, 34)


def conventional_percent(run: Simulated, drug: str, mg_per_day: float) -> float:
    """Relative infant dose by convention: 150 mL/kg/day of the mean milk, over her dose by weight [%]."""
    per_kg = in_milk(run, drug, 31, 34) * _ML_PER_KG_DAY / 1000.0
    return 100.0 * per_kg / (mg_per_day / MOTHER_KG)


def _relative(drug: str) -> Observable:
    mg, times = STEADY[drug]
    return lambda runs: conventional_percent(runs["drugs at steady state"], drug, mg * times)


def _excess_of_hindmilk(runs: Runs) -> float:
    """Last over first milk of feeds, less 1 [%]."""
    rows = between_days(contents(runs["drugs at steady state"], "paroxetine"), 31, 34)
    rows = rows[rows["removed_ml"] > 0.5 * rows["available_ml"]]
    return 100.0 * (float((rows["last_per_l"] / rows["first_per_l"]).mean()) - 1.0)


def _with_metabolite(runs: Runs) -> float:
    """Fluoxetine and norfluoxetine in 1 L of milk a day, for 4 kg, over the mother's dose by weight [%]."""
    run = runs["drugs at steady state"]
    mg = in_milk(run, "fluoxetine", 31, 34) + in_milk(run, "norfluoxetine", 31, 34)
    return 100.0 * (mg / 4.0) / (STEADY["fluoxetine"][0] / MOTHER_KG)


def _of_infant(runs: Runs) -> float:
    """Mean level of caffeine in the infant on the fifth day of it [mg/L]."""
    levels = runs["five days of caffeine"]["infant_levels"]
    levels = levels[(levels["drug"] == "caffeine") & (levels["time_min"] >= (_COFFEE_DAY + 3) * DAY_MIN)]
    return float(levels["mg_per_l"].mean())


def _protein(name: str, from_day: float, to_day: float, scale: float = 1.0) -> Observable:
    """Concentration in the milk of some days."""
    return lambda runs: scale * in_milk(runs["proteins"], name, from_day, to_day)


def _fall_without_secretor(runs: Runs) -> float:
    """Oligosaccharides of a mother who is no secretor, less than those of one who is, in the second month [%]."""
    usual = in_milk(runs["proteins"], "hmo", 30, 34)
    return 100.0 * (1.0 - in_milk(runs["no secretor"], "hmo", 30, 34) / usual)


DRUG_OBSERVABLES: Mapping[str, Observable] = {
    "T11-103": _once("paracetamol", _three_feeds_mg),
    "T11-104": _once("paracetamol", lambda levels: 100.0 * _three_feeds_mg(levels) / SINGLE["paracetamol"]),
    "T11-105": _once("paracetamol", _half_life_h),
    "T11-106": _once("paracetamol", _peak),
    "T11-123": lambda runs: in_milk(runs["five days of caffeine"], "caffeine", _COFFEE_DAY + 4, _COFFEE_DAY + 5),
    "T11-124": _of_infant,
    "T11-137": _once("amoxicillin", _peak),
    "T11-139": _once("cephalexin", _peak),
    "T11-141": _once("cefadroxil", _peak),
    "T11-145": ratio_of("nitrofurantoin"),
    "T11-146": ratio_of("nitrofurantoin", "without transporter"),
    "T11-159": lambda runs: in_milk(runs["drugs at steady state"], "ibuprofen", 31, 34),
    "T11-160": _relative("ibuprofen"),
    "T11-161": ratio_of("metoprolol"),
    "T11-162": ratio_of("atenolol"),
    "T11-163": ratio_of("atenolol"),
    "T11-164": ratio_of("metoprolol"),
    "T11-176": ratio_of("paroxetine"),
    "T11-177": _relative("paroxetine"),
    "T11-178": _excess_of_hindmilk,
    "T11-182": _with_metabolite,
    "T11-184": _relative("citalopram"),
    "T11-188": ratio_of("lamotrigine"),
    "T11-238": _once("amoxicillin", lambda levels: at(levels, 4.0)),
    "T11-239": _once("amoxicillin", lambda levels: at(levels, 5.0)),
    "T07-115": _protein("lysozyme", 15, 29, 1000.0),
    "T07-116": _protein("lysozyme", 175, 190, 1000.0),
    "T07-119": _protein("hmo", 1, 6),
    "T07-120": _protein("hmo", 6, 15),
    "T07-121": _protein("hmo", 15, 31),
    "T07-122": _protein("hmo", 185, 200),
    "T07-123": _fall_without_secretor,
    "T10-208": intake_on(3),
    "T10-242": lambda runs: mean_of_later(runs, lambda run: run.made_ml_per_day(*MATURE)),
    "T10-247": lambda runs: runs["preterm"].removed_ml_per_day(13, 16),
}
"""Every target of drugs and proteins that the model has an observable for, by its id."""
