"""
Stations as queueing theory sees them: throughput, times, places, blocking.

A visit has three stretches: waiting (from `entered_min` to `started_min`), in service (to `finished_min`), blocked (to
`left_min`; the packet is done and the next station is full). Those of all lobes of a breast are taken together.

Times are clipped to the window that is looked at. What is measured is then what operational analysis measures (Denning
and Buzen 1978), times in the window over departures in the window, and its laws hold to the last digit, without an
assumption: places busy are throughput times mean service (the utilisation law), packets are throughput times mean
residence.

A run that was killed or interrupted lacks the visits of the packets that were under way when it was cut: its last hours
look emptier than they were.

References
----------
Denning PJ, Buzen JP 1978, The operational analysis of queueing network models, ACM Comput Surv 10:225-261.
"""

from __future__ import annotations

from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lactflow.analysis.days import UNIT, windows
from lactflow.errors import LactflowError
from lactflow.records import BREASTS, STATIONS, STATIONS_OF_LINE
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lactflow.recording.reader import StoredRun

    Floats = npt.NDArray[np.float64]
    Unit = tuple[int, int]

WHERE = [*UNIT, "breast", "line", "station"]
"""Columns that say which station a row is of."""

_STEPS = ["entered_min", "started_min", "finished_min", "left_min"]
_LINE_OF = {name: line for line, names in STATIONS_OF_LINE.items() for name in names}
_ROUNDING = 1e-9


class NoVisitsError(LactflowError, ValueError):
    """A run that kept no row for each packet at each station was queried for them."""

    exit_code = 2


def stations(run: StoredRun, warm_up_days: float = 0.0) -> pd.DataFrame:
    """
    What each station did: throughput, mean times, places held, and how much of that was blocked.

    Times are clipped to the window: the run, or what is left of it after a warm-up. A packet that was there when the
    window began counts from then on. One that is still there at the end counts up to the end, in the stretch that it
    has reached: waiting, in service or blocked. A mean is time in the window over departures in the window; where the
    window is short beside a visit, it may be far from what one packet sees.

    Parameters
    ----------
    run
        A run with visits.
    warm_up_days
        Time left out at the start [days], from 0.

    Returns
    -------
    A row for each `mother`, `replicate`, `breast`, `line`, `station`, all lobes together, over the window:

    - `visits`: packets that were there at any time; `departures`: those that left.
    - `throughput_per_h`: departures per hour [packets/h].
    - `wait_min`, `service_min`, `blocked_min`, `residence_min`: mean time of a visit waiting, in service, blocked, and
      all of it [min]; NaN where nothing left.
    - `waiting`, `busy_places`, `blocked_places`, `packets`: packets waiting, in service, blocked, and all of them,
      averaged over time.
    - `blocked_share`: blocked time over time in which a place was held, 0 to 1; NaN where none was.

    Raises
    ------
    NoVisitsError
        If the run has no visits.
    ValueError
        If `warm_up_days` is negative.
    DamagedRunError
        If a part is missing or not what was written.
    """
    if not warm_up_days >= 0.0:
        raise ValueError(f"warm_up_days = {warm_up_days} is not 0 or more")
    everything = _books(run, lambda from_min, to_min: np.array([from_min, to_min]), warm_up_days * DAY_MIN)
    return _table(_whole_window, everything)


def blocking_over_time(run: StoredRun, every_h: float = 1.0) -> pd.DataFrame:
    """
    How blocked each station was, stretch by stretch: a cascade is read from it.

    Visits are cut exactly where stretches meet. They are read a part at a time, so a long run needs no more memory than
    a short one, but for the table that comes out.

    Parameters
    ----------
    run
        A run with visits.
    every_h
        Length of a stretch [h], above 0. The first begins with the run, the last may be shorter.

    Returns
    -------
    A row for each `mother`, `replicate`, `breast`, `line`, `station`, all lobes together, and stretch:

    - `start_min`: when the stretch begins [min since birth]; `observed_h`: how long it is [h].
    - `packets`: packets there, averaged over the stretch.
    - `served_h`, `blocked_h`: time of all places together in service and blocked [h].
    - `blocked_share`: blocked time over both, 0 to 1; NaN where no place was held.

    Raises
    ------
    NoVisitsError
        If the run has no visits.
    ValueError
        If `every_h` is not above 0.
    DamagedRunError
        If a part is missing or not what was written.
    """
    return _table(_by_stretch, _books(run, _edges_every(every_h)))


def whole_and_over_time(run: StoredRun, every_h: float = 1.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    What `stations` and `blocking_over_time` give of a whole run, with its visits read once.

    Parameters
    ----------
    run
        A run with visits.
    every_h
        Length of a stretch [h], above 0.

    Raises
    ------
    NoVisitsError
        If the run has no visits.
    ValueError
        If `every_h` is not above 0.
    DamagedRunError
        If a part is missing or not what was written.
    """
    everything = list(_books(run, _edges_every(every_h)))
    return _table(_whole_window, iter(everything)), _table(_by_stretch, iter(everything))


def _edges_every(every_h: float) -> Callable[[float, float], Floats]:
    """
    Edges of stretches of one length over a window, of which the last may be shorter.

    Raises
    ------
    ValueError
        If `every_h` is not above 0.
    """
    if not (every_h > 0.0 and isfinite(every_h)):
        raise ValueError(f"every_h = {every_h} is not above 0")
    every_min = every_h * HOUR_MIN

    def edges(from_min: float, to_min: float) -> Floats:
        stretches = max(1, int(np.ceil((to_min - from_min) / every_min - _ROUNDING)))
        return np.append(from_min + every_min * np.arange(stretches), to_min)

    return edges


def _table(frame_of: Callable[[Unit, _Books], pd.DataFrame], everything: Iterator[tuple[Unit, _Books]]) -> pd.DataFrame:
    """Rows of all units of work; columns and no rows where the warm-up leaves nothing."""
    rows = [frame_of(unit, books) for unit, books in everything]
    if rows:
        return pd.concat(rows, ignore_index=True)
    return frame_of((0, 0), _Books(np.array([0.0, 1.0]), STATIONS)).iloc[:0]


def _whole_window(unit: Unit, books: _Books) -> pd.DataFrame:
    """Rows of `stations` for one unit: all stretches of its window together."""
    waiting, served, blocked = (times.sum(axis=1) for times in books.times_min())
    times_min = [waiting, served, blocked, waiting + served + blocked]
    departures = books.departures.astype(float)
    length_min = float(books.edges_min[-1] - books.edges_min[0])
    frame = _named(unit, books, 1)
    frame["visits"], frame["departures"] = books.visits, books.departures
    frame["throughput_per_h"] = departures / length_min * HOUR_MIN
    for name, spent_min in zip(("wait_min", "service_min", "blocked_min", "residence_min"), times_min, strict=True):
        frame[name] = over(spent_min, departures)
    for name, spent_min in zip(("waiting", "busy_places", "blocked_places", "packets"), times_min, strict=True):
        frame[name] = spent_min / length_min
    frame["blocked_share"] = over(blocked, served + blocked)
    return frame


def _by_stretch(unit: Unit, books: _Books) -> pd.DataFrame:
    """Rows of `blocking_over_time` for one unit."""
    waiting, served, blocked = books.times_min()
    frame = _named(unit, books, len(books.lengths_min))
    frame["start_min"] = np.tile(books.edges_min[:-1], len(books.places))
    frame["observed_h"] = np.tile(books.lengths_min, len(books.places)) / HOUR_MIN
    frame["packets"] = ((waiting + served + blocked) / books.lengths_min).ravel()
    frame["served_h"], frame["blocked_h"] = served.ravel() / HOUR_MIN, blocked.ravel() / HOUR_MIN
    frame["blocked_share"] = over(blocked, served + blocked).ravel()
    return frame


def _named(unit: Unit, books: _Books, stretches: int) -> pd.DataFrame:
    """Rows that say where they are of: every station of the unit, each with so many stretches."""
    rows = [(*unit, *place) for place in books.places for _ in range(stretches)]
    return pd.DataFrame(rows, columns=WHERE)


def places_of(stations: Sequence[str]) -> list[tuple[str, str, str]]:
    """
    Breast, line and station of every station of a run.

    Parameters
    ----------
    stations
        Of a run, line by line in the order in which packets pass. One that is not in `records.STATIONS` belongs to the
        line of the station before it.
    """
    lines, line = [], ""
    for station in stations:
        line = _LINE_OF.get(station, line)
        lines.append((line, station))
    return [(breast, *place) for breast in BREASTS for place in lines]


def over(times: Floats, other: Floats) -> Floats:
    """One over the other; NaN where that is 0."""
    known = other > 0.0
    return np.where(known, times / np.where(known, other, 1.0), np.nan)


class _Books:
    """
    Visits of one unit of work, added up by station and stretch.

    Parameters
    ----------
    edges_min
        Where stretches begin, and where the last one ends.
    stations
        Of the run, in order.

    Attributes
    ----------
    places
        Breast, line and station of each row.
    lengths_min
        Length of each stretch.
    visits, departures
        Packets that were at each station between the edges, and those that left it.
    """

    def __init__(self, edges_min: Floats, stations: Sequence[str]) -> None:
        self.edges_min = edges_min
        self.lengths_min = np.diff(edges_min)
        self.places = places_of(stations)
        self._stations = len(stations)
        size = len(self.places), len(edges_min) - 1
        self.visits = np.zeros(size[0], dtype=np.int64)
        self.departures = np.zeros(size[0], dtype=np.int64)
        self._part_min = [np.zeros(size) for _ in _STEPS[1:]]
        self._turns = [np.zeros(size, dtype=np.int64) for _ in _STEPS[1:]]

    def add(self, visits: pd.DataFrame) -> None:
        """Count more visits; what is null has not happened by the last edge."""
        from_min, to_min = self.edges_min[0], self.edges_min[-1]
        breast, station = (visits[name].cat.codes.to_numpy(np.int64) for name in ("breast", "station"))
        place = breast * self._stations + station
        times_min = [visits[step].fillna(np.inf).to_numpy() for step in _STEPS]
        entered_min, left_min = times_min[0], times_min[-1]
        there = (entered_min < to_min) & (left_min > from_min)
        self.visits += np.bincount(place[there], minlength=len(self.places))
        self.departures += np.bincount(place[there & (left_min <= to_min)], minlength=len(self.places))
        clipped_min = [np.clip(step_min, from_min, to_min) for step_min in times_min]
        stretches = [np.searchsorted(self.edges_min[1:-1], step_min, side="right") for step_min in clipped_min]
        for kind in range(len(_STEPS) - 1):
            self._spread(kind, place, clipped_min[kind : kind + 2], stretches[kind : kind + 2])

    def _spread(self, kind: int, place: npt.NDArray[Any], times_min: list[Floats], stretches: list[Any]) -> None:
        """Share intervals out: to the stretches they begin and end in by time, to those between as turns."""
        (start_min, end_min), (first, last) = times_min, stretches
        crossing = first < last
        until_min = np.where(crossing, self.edges_min[first + 1], end_min)
        self._part_min[kind] += self._counted(place, first, until_min - start_min)
        place, first, last = place[crossing], first[crossing], last[crossing]
        self._part_min[kind] += self._counted(place, last, end_min[crossing] - self.edges_min[last])
        self._turns[kind] += self._counted(place, first + 1) - self._counted(place, last)

    def _counted(self, place: Any, stretch: Any, weights: Floats | None = None) -> npt.NDArray[Any]:
        shape = self._part_min[0].shape
        return np.bincount(place * shape[1] + stretch, weights, minlength=shape[0] * shape[1]).reshape(shape)

    def times_min(self) -> list[Floats]:
        """Time [min] waiting, in service and blocked: a row for each station, a column for each stretch."""
        return [
            part_min + np.cumsum(turns, axis=1) * self.lengths_min
            for part_min, turns in zip(self._part_min, self._turns, strict=True)
        ]


def _books(
    run: StoredRun, edges_of: Callable[[float, float], Floats], warm_up_min: float = 0.0
) -> Iterator[tuple[Unit, _Books]]:
    """Visits of each unit of work, added up between the edges that its window gets."""
    units = {
        (mother, replicate): (from_min, to_min)
        for mother, replicate, from_min, to_min in windows(run, warm_up_min).itertuples(index=False)
    }
    some = False
    for unit, parts in groupby(run.read_in_parts("visits", ["breast", "station", *_STEPS, *UNIT]), _unit_of):
        some = True
        if unit in units:
            books: _Books | None = None
            for part in parts:
                books = books or _Books(edges_of(*units[unit]), part["station"].cat.categories.tolist())
                books.add(part)
            assert books is not None
            yield unit, books
    if not some:
        raise NoVisitsError(f"{run.path} has no visits; run it with `record.visits: true`, without `--no-visits`")


def _unit_of(part: pd.DataFrame) -> Unit:
    mother, replicate = part[UNIT].iloc[0]
    return int(mother), int(replicate)
