"""
Forecasts of volumes, and two simple ones that any model has to beat.

"Same as yesterday": the volume that the same breast gave nearest by the clock on the last day that is known. "Constant
rate": what a breast gave an hour over the days that are known, times the hours since milk was last taken from it.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd

METHODS = {"forecast": "forecast_ml", "yesterday": "yesterday_ml", "rate": "rate_ml"}
"""Name of each forecast, and its column."""
_SAME_MIN = 1e-6


class Score(NamedTuple):
    """
    How far forecasts are from what was recorded.

    Attributes
    ----------
    volumes
        Number of them; those that every method can forecast.
    mae_ml
        Mean absolute error, by method.
    bias_ml
        Mean of forecast less recorded, by method.
    inside
        Share of all recorded volumes in the 95 % interval of the model's forecast.
    """

    volumes: int
    mae_ml: dict[str, float]
    bias_ml: dict[str, float]
    inside: float


def simple_forecasts(known: pd.DataFrame, later: pd.DataFrame, removals: pd.DataFrame) -> pd.DataFrame:
    """
    Two forecasts that need no model.

    Parameters
    ----------
    known
        Volumes so far: `planned_min`, `kind`, `breast` (`left`, `right`, `both`), `recorded_ml`.
    later
        Those to be forecast: `planned_min`, `kind`, `breast`.
    removals
        Every time that a breast was emptied: `planned_min`, `breast`.

    Returns
    -------
    As `later` is indexed: `yesterday_ml`, `rate_ml`; NaN where nothing is known of that breast.
    """
    intervals = _Intervals(removals)
    rates = {str(breast): _rate(rows, intervals) for breast, rows in known.groupby("breast")}
    table = later.assign(
        yesterday_ml=[_nearest_ml(known, row) for row in _rows(later)],
        rate_ml=[rates.get(row.breast, nan) * intervals.before(row) for row in _rows(later)],
    )
    return table[["yesterday_ml", "rate_ml"]]


class _Volume(NamedTuple):
    """When a volume was planned, of what kind, at which breast."""

    planned_min: float
    kind: str
    breast: str


def _rows(table: pd.DataFrame) -> list[_Volume]:
    """The volumes of a table."""
    columns = (table[name].tolist() for name in _Volume._fields)
    return [_Volume(*row) for row in zip(*columns, strict=True)]


class _Intervals:
    """Time since a breast was last emptied; `both` stands for any of the two."""

    def __init__(self, removals: pd.DataFrame) -> None:
        times = {
            str(breast): np.unique(rows["planned_min"].to_numpy(float)) for breast, rows in removals.groupby("breast")
        }
        self._times = {**times, "both": np.unique(removals["planned_min"].to_numpy(float))}

    def before(self, row: _Volume) -> float:
        """Minutes from the removal before; NaN for the first."""
        times = self._times.get(row.breast, np.empty(0))
        at = int(np.searchsorted(times, row.planned_min - _SAME_MIN))
        return row.planned_min - float(times[at - 1]) if at else nan


def _rate(known: pd.DataFrame, intervals: _Intervals) -> float:
    """Milk a minute [mL/min], of one breast or both."""
    minutes = np.array([intervals.before(row) for row in _rows(known)])
    follow = ~np.isnan(minutes)
    if not follow.any():
        return nan
    return float(known["recorded_ml"].to_numpy(float)[follow].sum() / minutes[follow].sum())


def _nearest_ml(known: pd.DataFrame, row: _Volume) -> float:
    """What the same breast gave, the same way if there is such a one, nearest by the clock on the last known day."""
    alike = known[(known["breast"] == row.breast) & (known["kind"] == row.kind)]
    alike = alike if len(alike) else known[known["breast"] == row.breast]
    if alike.empty:
        return nan
    lately = alike[alike["planned_min"] > alike["planned_min"].max() - DAY_MIN]
    apart = (lately["planned_min"] - row.planned_min).to_numpy(float) % DAY_MIN
    return float(lately["recorded_ml"].to_numpy(float)[np.argmin(np.minimum(apart, DAY_MIN - apart))])


def score(table: pd.DataFrame) -> Score:
    """
    Errors of all forecasts, on the volumes that each of them has an answer for.

    Parameters
    ----------
    table
        `recorded_ml`, `forecast_ml`, `low_ml`, `high_ml`, `yesterday_ml`, `rate_ml`.
    """
    whole = table.dropna(subset=[*METHODS.values(), "recorded_ml"])
    off = {name: (whole[column] - whole["recorded_ml"]).to_numpy(float) for name, column in METHODS.items()}
    inside = (table["low_ml"] <= table["recorded_ml"]) & (table["recorded_ml"] <= table["high_ml"])
    return Score(
        volumes=len(whole),
        mae_ml={name: float(np.abs(each).mean()) if len(each) else nan for name, each in off.items()},
        bias_ml={name: float(each.mean()) if len(each) else nan for name, each in off.items()},
        inside=float(inside.mean()) if len(table) else nan,
    )
