"""How drugs and proteins in milk are read from runs: amounts by feed, means in milk, milk over plasma."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.units import DAY_MIN
from lactflow.validation.simulated import Config, Simulated

if TYPE_CHECKING:
    import pandas as pd

EVERY_THREE_HOURS = ("02:00", "05:00", "08:00", "11:00", "14:00", "17:00", "20:00", "23:00")

STEADY_DAY = 30
"""Day on which runs with drugs begin."""

MOTHER: Config = {
    "start_day": STEADY_DAY,
    "days": 4,
    "gland": {"noise": {"sd": 0.0}},
    "record": {"sample_min": 10.0},
    "schedule": [{"kind": "clock", "times": list(EVERY_THREE_HOURS)}],
}
"""The reference mother in established lactation, without noise, fed every three hours from both breasts."""


def contents(run: Simulated, analyte: str) -> pd.DataFrame:
    """
    Removals with what they had of one substance.

    Returns
    -------
    Columns of `removals`, and `amount`, `mean_per_l`, `first_per_l`, `last_per_l`; by time.
    """
    rows = run["removal_contents"]
    rows = rows[rows["analyte"] == analyte].drop(columns=["unit", "analyte"])
    keys = [name for name in ("session", "breast", "mother", "replicate") if name in rows]
    return run.removals.merge(rows, on=keys).sort_values("start_min", ignore_index=True)


def between_days(rows: pd.DataFrame, from_day: float, to_day: float) -> pd.DataFrame:
    """Rows that begin from the start of one day to the start of another."""
    begin, end = (from_day - 1.0) * DAY_MIN, (to_day - 1.0) * DAY_MIN
    return rows[(rows["start_min"] >= begin) & (rows["start_min"] < end)]


def in_milk(run: Simulated, analyte: str, from_day: float, to_day: float, breast: str | None = None) -> float:
    """Mean concentration in all milk that was removed in some days [amount/L]."""
    rows = between_days(contents(run, analyte), from_day, to_day)
    if breast is not None:
        rows = rows[rows["breast"] == breast]
    volume_ml = float(rows["removed_ml"].sum())
    return 1000.0 * float(rows["amount"].sum()) / volume_ml if volume_ml > 0.0 else nan


def plasma(run: Simulated, drug: str) -> pd.Series[Any]:
    """Sampled level in plasma [mg/L], by time [min]."""
    rows = run["drug_levels"]
    rows = rows[(rows["drug"] == drug) & (rows["where"] == "plasma")]
    return rows.set_index("time_min")["mg_per_l"]


def in_plasma(run: Simulated, drug: str, from_day: float, to_day: float) -> float:
    """Mean level in plasma in some days, by the trapezoidal rule over samples [mg/L]."""
    levels = plasma(run, drug)
    levels = levels[(levels.index >= (from_day - 1.0) * DAY_MIN) & (levels.index <= (to_day - 1.0) * DAY_MIN)]
    times = levels.index.to_numpy(dtype=float)
    return float(np.trapezoid(levels.to_numpy(), times) / (times[-1] - times[0])) if len(times) > 1 else nan


def milk_over_plasma(run: Simulated, drug: str, from_day: float, to_day: float) -> float:
    """Mean concentration in all milk removed in some days over the mean level in plasma then."""
    return in_milk(run, drug, from_day, to_day) / in_plasma(run, drug, from_day, to_day)


def infant_mg(run: Simulated, drug: str, from_day: float, to_day: float) -> float:
    """What infants swallowed of a drug in some days, from breasts and bottles [mg]."""
    return float(_swallowed(run, drug, from_day, to_day)["amount"].sum())


def infant_mg_per_kg(run: Simulated, drug: str, from_day: float, to_day: float) -> float:
    """What infants swallowed of a drug in some days for each kilogram of their weight then [mg/kg]."""
    return float(_swallowed(run, drug, from_day, to_day)["amount_per_kg"].sum())


def _swallowed(run: Simulated, drug: str, from_day: float, to_day: float) -> pd.DataFrame:
    """Rows of `infant_doses` of a drug in some days."""
    doses = run["infant_doses"]
    doses = doses[doses["analyte"] == drug].merge(run.sessions[["session", "start_min"]], on="session")
    return between_days(doses, from_day, to_day)


def at_clock(rows: pd.DataFrame, hour: float, tolerance_h: float = 0.5) -> pd.DataFrame:
    """Rows that begin around an hour of the day, for a birth at midnight."""
    clock_h = rows["start_min"] % DAY_MIN / 60.0
    return rows[(clock_h - hour).abs() <= tolerance_h]


def per_litre(rows: pd.DataFrame) -> float:
    """Concentration of several removals together [amount/L]."""
    volume_ml = float(rows["removed_ml"].sum())
    return 1000.0 * float(rows["amount"].sum()) / volume_ml if volume_ml > 0.0 else nan


def with_drugs(*doses: Config, **more: Any) -> dict[str, Any]:
    """The mother of these runs with some drugs."""
    return {**MOTHER, "drugs": list(doses), **more}


def dose(drug: str, mg: float, times: Sequence[str] = ("08:00",), **more: Any) -> dict[str, Any]:
    """An entry of `drugs`; without `from_day` she has taken it long enough for a steady state."""
    return {"drug": drug, "dose_mg": mg, "times": list(times), **more}


def over_library(library: Config) -> Config:
    """Keys of drug files by the name of the drug, laid over those of a run."""
    return {"drug_library": library}


NO_RETURN: Config = {"passage": {"return_share": 0.0}}
"""Keys of a drug that takes nothing back from milk into plasma."""
