"""What milk has by the time of day, read from runs."""

from __future__ import annotations

from math import hypot, nan
from typing import TYPE_CHECKING

import numpy as np

from lactflow.units import DAY_MIN, HOUR_MIN
from lactflow.validation.simulated import Simulated

if TYPE_CHECKING:
    import pandas as pd

_BIN_H = 2
_LEAST_WAVE = 0.03
"""
Amplitude of a daily wave, as a share of its mean, below which a level has no peak.

Fat is poor in what is dissolved in skim: as it rises and falls by 10 g/L over the day, that falls and rises by 1 %.
"""


def milk_by_hour(run: Simulated, analyte: str) -> pd.DataFrame:
    """Removals with milk: time of day [h], volume [mL], concentration of an analyte in it [per litre]."""
    contents = run["removal_contents"]
    contents = contents[contents["analyte"] == analyte]
    removals = run.removals[["session", "breast", "start_min", "removed_ml", "kind"]]
    rows = contents.merge(removals, on=["session", "breast"]).dropna(subset=["mean_per_l"])
    return rows.assign(clock_h=rows["start_min"] % DAY_MIN / HOUR_MIN)


def mean_between(rows: pd.DataFrame, column: str, from_h: float, to_h: float) -> float:
    """Mean of a column between two clock times, by volume; NaN where no milk was taken then."""
    held = rows[(rows["clock_h"] >= from_h) & (rows["clock_h"] < to_h)]
    volume = held["removed_ml"].sum()
    return float((held[column] * held["removed_ml"]).sum() / volume) if volume > 0.0 else nan


def peak_h(rows: pd.DataFrame, column: str) -> float:
    """
    Middle of the two hours of the day with the highest mean; NaN where there is no daily wave to speak of.

    Of a level that is flat, round-off would decide.
    """
    levels = np.array([mean_between(rows, column, hour, hour + _BIN_H) for hour in range(0, 24, _BIN_H)])
    known = np.flatnonzero(~np.isnan(levels))
    angles = 2.0 * np.pi * (known + 0.5) * _BIN_H / 24.0
    wave = 2.0 / len(known) * hypot(np.cos(angles) @ levels[known], np.sin(angles) @ levels[known])
    if wave < _LEAST_WAVE * float(np.nanmean(levels)):
        return nan
    return (int(np.nanargmax(levels)) + 0.5) * _BIN_H


def fat_by_hour(run: Simulated) -> float:
    """Fat of milk taken from 12 to 20 h over that of 04 to 08 h; feeds and pumpings."""
    rows = run.removals.dropna(subset=["fat_g_per_l"])
    rows = rows.assign(clock_h=rows["start_min"] % DAY_MIN / HOUR_MIN)
    return mean_between(rows, "fat_g_per_l", 12.0, 20.0) / mean_between(rows, "fat_g_per_l", 4.0, 8.0)
