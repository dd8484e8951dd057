"""
The days of units of work, and what is added up on each of them.

Samples become intervals, and intervals are cut at the edges of a window and at midnights (multiples of 24 h after
birth). All of it goes by numbers of rows: frames would be copied for each step, which takes most of the time of a short
run.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from lactflow.recording.tables import RunTables

    Floats = npt.NDArray[np.floating]
    Whole = npt.NDArray[np.int64]

UNIT = ["mother", "replicate"]
DAILY = [*UNIT, "day"]
_ROW = "row of the tally"


class Part(NamedTuple):
    """Sums and weights from one table, for each row of the tally."""

    sums: pd.DataFrame
    weights: pd.DataFrame


def windows(run: RunTables, warm_up_min: float = 0.0) -> pd.DataFrame:
    """
    Time that was simulated of each unit of work.

    Parameters
    ----------
    warm_up_min
        Time left out at the start [min].

    Returns
    -------
    `mother`, `replicate`, `from_min`, `to_min`, in the order of the numbers; no row for a unit of which nothing is
    left.
    """
    spans = [(*unit, start + warm_up_min, end) for unit, (start, end) in run.spans_min.items()]
    units = pd.DataFrame(spans, columns=[*UNIT, "from_min", "to_min"])
    units = units.astype({"mother": np.int32, "replicate": np.int32, "from_min": float, "to_min": float})
    return units[units["from_min"] < units["to_min"]].reset_index(drop=True)


class Pieces(NamedTuple):
    """
    Intervals, cut at midnights.

    Attributes
    ----------
    of
        The interval that each is a piece of.
    day
        The day that it lies on.
    minutes
        Its length.
    """

    of: Whole
    day: Whole
    minutes: Floats


def by_day(start_min: Floats, end_min: Floats) -> Pieces:
    """Intervals cut at midnights; nothing is left of those that are empty, or whose ends are not known."""
    some = np.flatnonzero(start_min < end_min)
    start, end = start_min[some], end_min[some]
    first = np.floor(start / DAY_MIN).astype(np.int64)
    touched = np.ceil(end / DAY_MIN).astype(np.int64) - first
    rows = np.repeat(np.arange(len(some)), touched)
    midnights = first[rows] + np.arange(len(rows)) - (np.cumsum(touched) - touched)[rows]
    minutes = np.minimum(end[rows], (midnights + 1) * DAY_MIN) - np.maximum(start[rows], midnights * DAY_MIN)
    return Pieces(some[rows], midnights + 1, minutes)


class Days:
    """
    The days that were simulated of each unit of work: the rows of a tally.

    Parameters
    ----------
    units
        As `windows` gives them.

    Attributes
    ----------
    index
        Mother, replicate and day of each row.
    observed
        How much of each day was simulated [days].
    """

    def __init__(self, units: pd.DataFrame) -> None:
        self._addresses = _addresses(units)
        self._from_min, self._to_min = units["from_min"].to_numpy(), units["to_min"].to_numpy()
        pieces = by_day(self._from_min, self._to_min)
        first = np.searchsorted(pieces.of, np.arange(len(units)))
        self._row_of_day_0 = first - pieces.day[first]
        numbers = [*(units[name].to_numpy()[pieces.of] for name in UNIT), pieces.day]
        self.index = pd.MultiIndex.from_arrays(numbers, names=DAILY)
        self.observed = pd.Series(pieces.minutes / DAY_MIN, name="observed_days")

    def held(self, samples: pd.DataFrame, whose: Sequence[str]) -> tuple[Whole, Whole, Floats]:
        """
        Samples as intervals: each holds until the next one of the same `whose`, the last one to the end.

        Parameters
        ----------
        samples
            With `mother`, `replicate`, `time_min`.
        whose
            Columns that say what was sampled.

        Returns
        -------
        Pieces of them within the windows: which sample, which row of the tally, and how long [min].
        """
        time_min, unit = samples["time_min"].to_numpy(), self._units(samples)
        until = _neighbours(samples, whose, 1)
        until[np.isnan(until)] = np.inf
        return self._within(unit, time_min, until)

    def since_before(self, samples: pd.DataFrame, whose: Sequence[str]) -> tuple[Whole, Whole, Floats]:
        """Samples as intervals: each speaks of the time since the one before, the first of none; else as `held`."""
        return self._within(self._units(samples), _neighbours(samples, whose, -1), samples["time_min"].to_numpy())

    def started(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, Whole]:
        """Rows that start in the window of their unit of work, and the rows of the tally that they belong to."""
        here = np.flatnonzero((unit := self._units(rows)) >= 0)
        unit, start_min = unit[here], rows["start_min"].to_numpy()[here]
        inside = (start_min >= self._from_min[unit]) & (start_min < self._to_min[unit])
        day = np.floor(start_min[inside] / DAY_MIN).astype(np.int64) + 1
        return rows.iloc[here[inside]], self._row_of_day_0[unit[inside]] + day

    def average(self, rows: Whole, measures: Mapping[str, Floats], weights: Floats, scale: float = 1.0) -> Part:
        """
        Weighted sums of values, and the weights of those that are not NaN.

        Parameters
        ----------
        rows
            The row of the tally that each value belongs to.
        measures
            Values of each measure.
        weights
            Their weights.
        scale
            What a value of 1 throughout counts as.
        """
        weighted = {name: values * (weights * scale) for name, values in measures.items()}
        known = {name: ~np.isnan(values) * weights for name, values in measures.items()}
        return Part(self._added_up(rows, weighted), self._added_up(rows, known))

    def per_day(self, rows: Whole, measure: str, values: Floats) -> Part:
        """Sums of values, over what was simulated of the day; a day without any counts as 0, not as unknown."""
        return Part(self._added_up(rows, {measure: values}), self.observed.to_frame(measure))

    def _added_up(self, rows: Whole, columns: dict[str, Floats]) -> pd.DataFrame:
        sums = pd.DataFrame({_ROW: rows, **columns}).groupby(_ROW).sum()
        return sums.reindex(self.observed.index, fill_value=0.0)

    def _units(self, rows: pd.DataFrame) -> Whole:
        """Which unit of work each row is of; -1 for one that is not here."""
        wanted = _addresses(rows)
        found = np.searchsorted(self._addresses, wanted).clip(max=max(0, len(self._addresses) - 1))
        here = self._addresses[found] == wanted if len(self._addresses) else np.zeros(len(rows), dtype=bool)
        return np.where(here, found, -1)

    def _within(self, unit: Whole, start_min: Floats, end_min: Floats) -> tuple[Whole, Whole, Floats]:
        """Pieces of intervals within the windows of their units."""
        here = np.flatnonzero(unit >= 0)
        unit = unit[here]
        start, end = np.maximum(start_min[here], self._from_min[unit]), np.minimum(end_min[here], self._to_min[unit])
        pieces = by_day(start, end)
        return here[pieces.of], self._row_of_day_0[unit[pieces.of]] + pieces.day, pieces.minutes


def held(samples: pd.DataFrame, whose: Sequence[str], units: pd.DataFrame) -> pd.DataFrame:
    """
    Samples as intervals, as `Days.held` makes them.

    Parameters
    ----------
    samples, whose
        As `Days.held` takes them.
    units
        As `windows` gives them.

    Returns
    -------
    The samples, cut at midnights and at the edges of the windows, with `weight`, how long each holds [min].
    """
    of, _, minutes = Days(units).held(samples, whose)
    return samples.iloc[of].reset_index(drop=True).assign(weight=minutes)


def _addresses(rows: pd.DataFrame) -> Whole:
    """Mother and replicate of each row as one number, in the same order."""
    mother, replicate = (rows[name].to_numpy(np.int64) for name in UNIT)
    addresses: Whole = (mother << 32) + replicate
    return addresses


def _neighbours(samples: pd.DataFrame, whose: Sequence[str], step: int) -> Floats:
    """Time of the next sample of the same unit and `whose` (of the last one for a step of -1); NaN where none is."""
    keys = [_addresses(samples), *(samples[name].factorize()[0] for name in whose)]
    order = np.lexsort(keys[::-1])
    same = np.logical_and.reduce([key[order[1:]] == key[order[:-1]] for key in keys])
    mine, others = (order[:-1], order[1:]) if step > 0 else (order[1:], order[:-1])
    times = np.full(len(samples), nan)
    times[mine[same]] = samples["time_min"].to_numpy()[others[same]]
    return times
