"""
What was true of virtual mothers where a record has observed something: the milk, feed or weight nearest to it in time.

Tables are cut by mother once, and what was found is kept: of one cohort the same is asked for several times.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from lactflow.analysis.onset import onset_h
from lactflow.records import BREASTS
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from lactflow.diagnosis.observing import Observation

    Array = npt.NDArray[np.float64]
    Numbers = npt.NDArray[np.int64]
    Which = npt.NDArray[np.bool_]
    _Rows = tuple[Numbers, Array, Array]

NEAREST_MIN: Final = 12.0 * HOUR_MIN
"""Furthest a removal or a feed may be from the time of a fact, to be what was sampled or weighed. Ours."""
_LACTOSE_G_PER_MMOL: Final = 0.3423
_IN_MILK: Final[Mapping[str, tuple[str, float]]] = {
    "sodium": ("sodium_mmol_per_l", 1.0),
    "potassium": ("potassium_mmol_per_l", 1.0),
    "lactose": ("lactose_g_per_l", 1.0 / _LACTOSE_G_PER_MMOL),
    "citrate": ("citrate_mmol_per_l", 1.0),
    "protein": ("protein_g_per_l", 1.0),
}
"""Kinds that every removal has, with their column and what it is multiplied by."""
_MORE_THAN_SESSIONS: Final = 10**9
CONTENTS: Final = ("glucose", "albumin")
"""Kinds that only a run has which asks for the analyte of that name."""


class _Cut(NamedTuple):
    """Rows in which a kind is observed, those of each mother together; `starts` are the first ones of each."""

    places: Numbers
    """Of the mothers among all of the cohort."""
    starts: Numbers
    times: Array
    values: Array

    def between(self, time_min: float) -> Array:
        """The value of each mother at a time, between those of the rows before and after it."""
        ends = [*self.starts[1:].tolist(), len(self.times)]
        parts = zip(self.starts.tolist(), ends, strict=True)
        return np.array([np.interp(time_min, self.times[begin:end], self.values[begin:end]) for begin, end in parts])

    def nearest(self, time_min: float) -> Array:
        """Of each mother who has rows, the value of the first of those nearest to a time; NaN where none is near."""
        off = np.abs(self.times - time_min)
        least = np.minimum.reduceat(off, self.starts)
        there = np.flatnonzero(off == np.repeat(least, np.diff([*self.starts, len(off)])))
        found = self.values[there[np.searchsorted(there, self.starts)]]
        return np.where(least <= NEAREST_MIN, found, np.nan)

    def number_in(self, begin_min: float, end_min: float) -> Array:
        """Rows of each mother from one time to another."""
        within = (self.times >= begin_min) & (self.times < end_min)
        return np.add.reduceat(within.astype(float), self.starts)


class Truth:
    """
    What was true of virtual mothers of one mechanism.

    Parameters
    ----------
    numbers
        Of the mothers.
    tables
        Theirs, as a cohort has them.
    """

    def __init__(self, numbers: Sequence[int], tables: Mapping[str, pd.DataFrame]) -> None:
        self._places = {number: place for place, number in enumerate(numbers)}
        self._tables = tables
        self._with: dict[tuple[str, str, str], Which] = {}
        self._cuts: dict[tuple[str, str], _Cut] = {}
        self._found: dict[tuple[str, str, float], Array] = {}

    def of(self, each: Observation) -> Array:
        """
        The true value of an observation in each mother, the mean of those of its facts; NaN where none can be had.

        Parameters
        ----------
        each
            The observation.
        """
        return _mean_of([self._at(each.kind, each.breast, time_min) for time_min in each.times_min or (each.time_min,)])

    def _at(self, kind: str, breast: str, time_min: float) -> Array:
        if (kind, breast, time_min) not in self._found:
            if kind in (*_IN_MILK, *CONTENTS) and not breast:
                found = _mean_of([self._at(kind, side, time_min) for side in BREASTS])
            elif kind == "felt_onset":
                found = self._onset_h()
            else:
                found = self._in(self._cut(kind, breast), kind, time_min)
            self._found[kind, breast, time_min] = found
        return self._found[kind, breast, time_min]

    def _in(self, cut: _Cut, kind: str, time_min: float) -> Array:
        """What rows of each mother say of a time."""
        found = np.full(len(self._places), 0.0 if kind == "feeds_per_day" else np.nan)
        if not len(cut.places):
            return found
        if kind == "weight":
            found[cut.places] = cut.between(time_min)
        elif kind == "feeds_per_day":  # of the day of the record, whose middle stands for it
            found[cut.places] = cut.number_in(time_min - DAY_MIN / 2, time_min + DAY_MIN / 2)
        else:
            found[cut.places] = cut.nearest(time_min)
        return found

    def _onset_h(self) -> Array:
        """Hours to copious milk; the whole run where there is none in it."""
        found = np.full(len(self._places), np.nan)
        for _, samples in self._tables["breasts"].groupby("mother"):
            hours, mother = onset_h(samples), int(samples["mother"].iloc[0])
            found[self._places[mother]] = samples["time_min"].max() / HOUR_MIN if np.isnan(hours) else hours
        return found

    def _cut(self, kind: str, breast: str) -> _Cut:
        """Rows in which a kind is observed, in their order within each mother; those without a value are left out."""
        if (kind, breast) not in self._cuts:
            mothers, times, values = self._rows(kind, breast)
            order = np.flatnonzero(~np.isnan(values))
            order = order[np.argsort(mothers[order], kind="stable")]
            numbers, starts = np.unique(mothers[order], return_index=True)
            places = np.array([self._places[number] for number in numbers.tolist()], dtype=np.int64)
            self._cuts[kind, breast] = _Cut(places, starts, times[order], values[order])
        return self._cuts[kind, breast]

    def _rows(self, kind: str, breast: str) -> _Rows:
        """Mother, time and value of all rows in which a kind is observed."""
        if kind == "weight":
            first = self._tables["infants"]["infant"].to_numpy() == 0
            return _columns(self._tables["infants"], first, "time_min", "weight_kg")
        if kind == "prolactin":
            return _columns(self._tables["hormones"], slice(None), "time_min", "prolactin_ng_per_ml")
        if kind == "feeds_per_day" or (kind == "test_weigh" and not breast):
            return _columns(self._tables["sessions"], self._fed(), "start_min", "intake_ml")
        return self._removed(kind, breast)

    def _removed(self, kind: str, breast: str) -> _Rows:
        """The same of what is observed in removals."""
        rows = self._tables["removals"]
        here = self._are("removals", "breast", breast) if breast else np.ones(len(rows), dtype=bool)
        if kind == "test_weigh":
            first = np.isin(_sessions(rows), _sessions(self._tables["sessions"][self._fed()]))
            return _columns(rows, here & first, "start_min", "removed_ml")
        if kind == "pump":
            pumped = rows[["mother", "session", "start_min", "removed_ml"]][
                here & ~self._are("removals", "kind", "feed")
            ].groupby(["mother", "session"], as_index=False)
            whole = pumped.agg(start_min=("start_min", "min"), removed_ml=("removed_ml", "sum"))
            return _columns(whole, slice(None), "start_min", "removed_ml")
        if kind in _IN_MILK:
            column, factor = _IN_MILK[kind]
            mothers, times, values = _columns(rows, here, "start_min", column)
            return mothers, times, factor * values
        return self._with_contents(rows[here], kind)

    def _with_contents(self, rows: pd.DataFrame, analyte: str) -> _Rows:
        contents = self._tables.get("removal_contents")
        if contents is None:
            return _columns(rows.assign(mean_per_l=float("nan")), slice(None), "start_min", "mean_per_l")
        columns = ["mother", "session", "breast"]
        found = rows.merge(contents[contents["analyte"] == analyte][[*columns, "mean_per_l"]], on=columns)
        return _columns(found, slice(None), "start_min", "mean_per_l")

    def _fed(self) -> Which:
        """Which sessions are feeds of the first infant, of whom a record is."""
        first: Which = self._tables["sessions"]["infant"].to_numpy() == 0
        return self._are("sessions", "kind", "feed") & first

    def _are(self, table: str, column: str, word: str) -> Which:
        """Which rows of a table have a word."""
        if (table, column, word) not in self._with:
            self._with[table, column, word] = (self._tables[table][column] == word).to_numpy()
        return self._with[table, column, word]


def _sessions(rows: pd.DataFrame) -> Numbers:
    """Sessions of all mothers as one number each."""
    found: Numbers = rows["mother"].to_numpy(np.int64) * _MORE_THAN_SESSIONS + rows["session"].to_numpy(np.int64)
    return found


def _columns(rows: pd.DataFrame, which: Which | slice, time: str, value: str) -> _Rows:
    """Mother, time and value of some rows; text is not copied."""
    return rows["mother"].to_numpy()[which], rows[time].to_numpy(float)[which], rows[value].to_numpy(float)[which]


def _mean_of(values: Sequence[Array]) -> Array:
    """The mean of those that are known, each added to the sum of those before it; NaN where none is."""
    total, known = np.zeros(len(values[0])), np.zeros(len(values[0]))
    for each in values:
        there = ~np.isnan(each)
        total[there] += each[there]
        known += there
    mean: Array = np.divide(total, known, out=np.full(len(total), np.nan), where=known > 0.0)
    return mean
