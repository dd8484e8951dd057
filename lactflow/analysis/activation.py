"""
When secretion is activated, by sodium of the milk that is taken.

Milk with sodium at or below 16 mmol/L is how clinics read activation in women who express milk (Morton 1994).
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from lactflow.analysis.onset import LATEST_START_H
from lactflow.units import HOUR_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.recording.tables import RunTables

ACTIVATED_MMOL_PER_L = 16.0
"""Sodium of milk after activation, at most."""
_COLUMNS = ("session", "start_min", "removed_ml", "sodium_mmol_per_l")


def activation_h(removals: pd.DataFrame) -> float:
    """
    Hours from birth to the first session whose milk has no more than 16 mmol/L of sodium.

    Parameters
    ----------
    removals
        Of one unit of work, as in the table `removals`. Milk of both breasts of a session counts together.

    Returns
    -------
    Hours to the start of that session; NaN where there is none.

    References
    ----------
    Morton JA 1994, Pediatrics 93:802-806.
    """
    milk = removals[(removals["removed_ml"] > 0.0) & (removals["start_min"] > 0.0)]
    weighted = milk.assign(sodium=milk["sodium_mmol_per_l"] * milk["removed_ml"]).groupby("session")
    sessions = weighted.agg({"start_min": "min", "sodium": "sum", "removed_ml": "sum"})
    low = sessions["sodium"] <= ACTIVATED_MMOL_PER_L * sessions["removed_ml"]
    return float(sessions.loc[low, "start_min"].min()) / HOUR_MIN if low.any() else nan


def activations(run: RunTables) -> pd.DataFrame:
    """
    Hours from birth to activation, of each unit of work.

    Parameters
    ----------
    run
        A run that begins in pregnancy or on the first day.

    Returns
    -------
    `mother`, `replicate`, `activation_h` [h], as that function computes it; NaN where sodium did not fall so far within
    the run, or the run began more than 24 h after birth. Of a mother who has not been pregnant, hours from the first
    day of the run.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    import pandas as pd

    from lactflow.analysis.days import UNIT

    spans = run.spans_min
    found = dict.fromkeys(spans, nan)
    if any(_begins_in_time(begin) for begin, _ in spans.values()):
        for names, of_unit in run.read("removals", [*_COLUMNS, *UNIT]).groupby(UNIT):
            unit = int(str(names[0])), int(str(names[1]))
            if _begins_in_time(spans[unit][0]):
                found[unit] = activation_h(of_unit)
    return pd.DataFrame([(*unit, hours) for unit, hours in found.items()], columns=[*UNIT, "activation_h"])


def _begins_in_time(begin_min: float) -> bool:
    """Whether a run begins before it could have missed activation."""
    return begin_min < LATEST_START_H * HOUR_MIN
