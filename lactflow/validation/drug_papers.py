"""
Papers that were read after every constant of a drug was set: their runs, and how each of their numbers is read.

The rows T11-240 and on were written down, and divided into calibration and check, before the model was asked for them.
A relative dose is by the convention of 150 mL/kg/day where a paper takes that, and what the infant swallows else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.kinetics import plain_sum
from lactflow.pharmacology.infant import conventional_dose_percent
from lactflow.units import DAY_MIN, HOUR_MIN
from lactflow.validation.claim import Runs
from lactflow.validation.drug_observables import (
    MOTHER_KG,
    STEADY,
    at,
    conventional_percent,
    hours_after_dose,
    in_breasts,
    once,
    ratio_of,
    regular,
)
from lactflow.validation.drug_readings import (
    MOTHER,
    between_days,
    contents,
    dose,
    infant_mg_per_kg,
    per_litre,
    plasma,
    with_drugs,
)
from lactflow.validation.readings import Observable
from lactflow.validation.simulated import Config, Simulated

if TYPE_CHECKING:
    import pandas as pd

_CAFFEINE_MG = 145.8
_NITROFURANTOIN_MG = 100.0
"""Of the larger dose; the model is linear in it, so that shares and ratios are those of any dose."""
_ETHANOL_DRINKS = 0.4 * MOTHER_KG / 12.0
"""0.4 g/kg in drinks of 12 g."""
_AGES: Mapping[str, int] = {"2 to 4 weeks": 20, "3 to 4 months": 106, "6 to 8 months": 212}
"""Day on which a run with atenolol begins, in the middle of each time."""
_FLUOXETINE_G, _NORFLUOXETINE_G = 309.33, 295.30
"""Molar masses [g/mol]."""
_PUMPED = ("09:00", "12:00", "15:00")
_FOURTH_DAY = 4

PAPER_RUNS: Mapping[str, Config] = {
    **{
        f"atenolol at {age}": with_drugs(regular("atenolol", *STEADY["atenolol"]), start_day=day)
        for age, day in _AGES.items()
    },
    "one dose of caffeine": with_drugs(once("caffeine", _CAFFEINE_MG), days=3),
    "a drink": {
        **MOTHER,
        "days": 2,
        "record": {"sample_min": 2.0},
        "drugs": [{"drug": "ethanol", "drinks": _ETHANOL_DRINKS, "times": ["06:00"], "from_day": 31, "to_day": 31}],
    },
    "nitrofurantoin after birth": {
        **with_drugs({**dose("nitrofurantoin", _NITROFURANTOIN_MG, ["09:00", "16:00", "19:00"]), "from_day": 3}),
        "start_day": 1,
        "days": 4,
        "schedule": [
            {"kind": "clock", "times": ["00:00", "03:00", "06:00", "18:00", "21:00"]},
            {"kind": "pump", "times": list(_PUMPED), "minutes": 15.0},
        ],
    },
}
"""Runs that the rows of these papers are read from."""


def _swallowed_percent(run: Simulated, drug: str, mg_per_day: float, from_day: float, to_day: float) -> float:
    """What the infant swallows over its weight, over the mother's dose by weight [%]."""
    per_day = infant_mg_per_kg(run, drug, from_day, to_day) / (to_day - from_day)
    return 100.0 * per_day / (mg_per_day / MOTHER_KG)


def _atenolol(age: str) -> Observable:
    """Relative dose of atenolol that an infant of some age swallows."""
    day = _AGES[age]
    mg, times = STEADY["atenolol"]
    return lambda runs: _swallowed_percent(runs[f"atenolol at {age}"], "atenolol", mg * times, day + 1, day + 4)


def _with_equivalents(runs: Runs) -> float:
    """Fluoxetine and norfluoxetine, in mg of fluoxetine, by the convention of 150 mL/kg/day [%]."""
    run = runs["drugs at steady state"]
    mg, times = STEADY["fluoxetine"]
    parts = {"fluoxetine": 1.0, "norfluoxetine": _FLUOXETINE_G / _NORFLUOXETINE_G}
    return plain_sum(each * conventional_percent(run, name, mg * times) for name, each in parts.items())


def _area(levels: pd.Series[Any], end_h: float) -> float:
    """Area under a course by hours, from 0 to some hour."""
    cut = levels[levels.index <= end_h]
    return float(np.trapezoid(cut.to_numpy(dtype=float), cut.index.to_numpy(dtype=float)))


def _of_breast(runs: Runs, breast: str) -> float:
    """Area under the milk in one breast over that under plasma, 24 h after one dose of caffeine."""
    run = runs["one dose of caffeine"]
    return _area(hours_after_dose(run, "caffeine", f"milk {breast}"), 24.0) / _area(
        hours_after_dose(run, "caffeine", "plasma"), 24.0
    )


def _milk_of_caffeine(runs: Runs) -> pd.Series[Any]:
    """Mean concentration in the milk of both breasts after one dose of caffeine [mg/L], by hours."""
    return in_breasts(runs["one dose of caffeine"], "caffeine")


def _half_life_h(runs: Runs) -> float:
    """Half-life in milk from 3 to 12 h."""
    levels = _milk_of_caffeine(runs)
    return 9.0 * float(np.log(2.0) / np.log(at(levels, 3.0) / at(levels, 12.0)))


def _eight_feeds_percent(runs: Runs) -> float:
    """What feeds of 90 mL hold, 3 to 24 h after the dose, over the dose [%]."""
    levels = _milk_of_caffeine(runs)
    return 100.0 * plain_sum(at(levels, 3.0 * feed) * 0.09 for feed in range(1, 9)) / _CAFFEINE_MG


def _caffeine_of_infant(runs: Runs) -> float:
    """What the infant swallows over its weight in the 24 h after the dose [mg/kg/day]."""
    return infant_mg_per_kg(runs["one dose of caffeine"], "caffeine", 31.25, 32.25)


def _feed_after_dose(runs: Runs) -> float:
    """Paroxetine in the feeds 3 h after doses [mg/L]."""
    rows = between_days(contents(runs["drugs at steady state"], "paroxetine"), 31, 34)
    clock_h = rows["start_min"] % DAY_MIN / HOUR_MIN
    return per_litre(rows[(clock_h - 11.0).abs() < 0.5])


def _paroxetine_ratio(runs: Runs) -> float:
    """Milk of a feed 3 h after a dose over plasma at its start."""
    levels = plasma(runs["drugs at steady state"], "paroxetine")
    at_feeds = [float(levels.loc[(day - 1.0) * DAY_MIN + 11.0 * HOUR_MIN]) for day in (31, 32, 33)]
    return _feed_after_dose(runs) / float(np.mean(at_feeds))


def _paroxetine_percent(runs: Runs) -> float:
    """Relative dose by the milk of that feed and 150 mL/kg/day [%]."""
    return conventional_dose_percent(_feed_after_dose(runs), STEADY["paroxetine"][0] / MOTHER_KG)


def _blood(runs: Runs) -> pd.Series[Any]:
    """Ethanol in blood [mg/dL], by hours after drinking."""
    return hours_after_dose(runs["a drink"], "ethanol", "plasma") / 10.0


def _peak_min(runs: Runs) -> float:
    """Minutes from drinking to the highest level."""
    levels = _blood(runs)
    return 60.0 * float(levels.index.to_numpy(dtype=float)[int(levels.to_numpy(dtype=float).argmax())])


def _pumped(runs: Runs, hours: Sequence[float]) -> pd.DataFrame:
    """Pumpings of the day of the fourth dose of nitrofurantoin, at some hours after it."""
    rows = between_days(contents(runs["nitrofurantoin after birth"], "nitrofurantoin"), _FOURTH_DAY, _FOURTH_DAY + 1)
    after_h = rows["start_min"] % DAY_MIN / HOUR_MIN - 9.0
    return rows[[any(abs(each - hour) < 0.5 for hour in hours) for each in after_h]]


def _nitrofurantoin_ratio(runs: Runs) -> float:
    """Milk of both breasts pumped 3 h after the dose over plasma then."""
    levels = plasma(runs["nitrofurantoin after birth"], "nitrofurantoin")
    return per_litre(_pumped(runs, (3.0,))) / float(levels.loc[(_FOURTH_DAY - 1.0) * DAY_MIN + 12.0 * HOUR_MIN])


def _nitrofurantoin_percent(runs: Runs) -> float:
    """What is pumped 3 and 6 h after the dose, over the dose [%]."""
    return 100.0 * float(_pumped(runs, (3.0, 6.0))["amount"].sum()) / _NITROFURANTOIN_MG


PAPER_OBSERVABLES: Mapping[str, Observable] = {
    "T11-240": ratio_of("citalopram"),
    "T11-241": _with_equivalents,
    "T11-242": _atenolol("2 to 4 weeks"),
    "T11-243": _atenolol("3 to 4 months"),
    "T11-244": _atenolol("6 to 8 months"),
    "T11-245": lambda runs: _of_breast(runs, "right"),
    "T11-246": lambda runs: _of_breast(runs, "left"),
    "T11-247": ratio_of("paroxetine"),
    "T11-248": lambda runs: _swallowed_percent(
        runs["drugs at steady state"], "paroxetine", STEADY["paroxetine"][0], 31, 34
    ),
    "T11-249": _paroxetine_ratio,
    "T11-250": _paroxetine_percent,
    "T11-251": _half_life_h,
    "T11-252": _eight_feeds_percent,
    "T11-253": lambda runs: _area(_milk_of_caffeine(runs), 24.0) / 24.0,
    "T11-254": _caffeine_of_infant,
    "T11-255": ratio_of("lamotrigine"),
    "T11-256": _peak_min,
    "T11-257": lambda runs: 60.0 * _area(_blood(runs), 3.0),
    "T11-258": lambda runs: at(_blood(runs), 2.5),
    "T11-259": lambda runs: at(_blood(runs), 3.0),
    "T11-260": _nitrofurantoin_ratio,
    "T11-261": _nitrofurantoin_ratio,
    "T11-262": _nitrofurantoin_percent,
    "T11-263": _nitrofurantoin_percent,
    "T11-264": ratio_of("citalopram"),
}
"""Every target of these papers, by its id."""
