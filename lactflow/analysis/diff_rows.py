"""
The rows of one table of two runs, compared: how many have no equal in the other run, and which of them comes first.

Rows are matched by their values, not by their place: one more packet in one run shifts every row after it, and still
counts once. Both tables are read a part at a time. Rows that are alike were written at the same simulated time, so a
row that has found no equal when both runs have been read for a day beyond it has none: memory does not grow with the
length of the runs.
"""

from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from lactflow.records import IDENTITY, TABLES
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from lactflow.recording.reader import StoredRun

    _Flags = npt.NDArray[np.bool_]

SLACK_MIN = DAY_MIN
"""How far rows of a table may stand out of the order of time [min]; they are written as things happen."""
HORIZON_MIN = 2 * DAY_MIN
"""How long after the first row without an equal another one may turn out to have differed earlier [min]."""


class When(NamedTuple):
    """
    How rows of a table are placed in time and recognised in the other run.

    Attributes
    ----------
    key
        Columns that name the thing: it is the same in both runs when they are equal.
    instants
        Columns that are instants themselves: two rows that differ in one of them differ from the earlier value on.
    written
        Column that is in order in the table, and the time at which all of a row is known; empty for none.
    alone
        When a thing that only one of the runs has makes the difference; empty for none.
    known
        For columns that are known earlier than `written`: from when on.
    """

    key: tuple[str, ...]
    instants: tuple[str, ...] = ("time_min",)
    written: str = "time_min"
    alone: str = "time_min"
    known: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


_STATION = ("breast", "lobe", "line", "station")
_VISIT_TIMES = ("entered_min", "started_min", "finished_min", "left_min")
_BEGAN = {"available_ml": "start_min", "fullness_start": "start_min"}
WHEN = {
    "mothers": When(("trait", "key"), (), "", ""),
    "interventions": When(("time_min", "intervention", "action")),
    "sessions": When(("session",), ("planned_min", "start_min", "end_min"), "end_min", "start_min"),
    "let_downs": When(("let_down", "breast")),
    "removals": When(("session", "breast"), ("start_min", "end_min"), "end_min", "start_min", _BEGAN),
    "visits": When((*_STATION, "packet"), _VISIT_TIMES, "left_min", "left_min", {"queue_length": "entered_min"}),
    "hormones": When(("time_min",)),
    "levels": When(("time_min", "signal")),
    "lobes": When(("time_min", "breast", "lobe")),
    "queues": When(("time_min", "breast", "lobe", "station")),
    "breasts": When(("time_min", "breast")),
    "infants": When(("time_min", "infant")),
    "removal_contents": When(("session", "breast", "analyte"), (), "", ""),
    "balance": When(("quantity",), (), "", ""),
}
"""By table, in the order in which rows of the same instant count as earlier: causes before what samples show of them."""


class FirstRow(NamedTuple):
    """
    The earliest difference of one table of one unit of work.

    Attributes
    ----------
    time_min
        When the runs part [min since birth]; NaN for a table without times.
    table, mother, replicate
        Where it stands.
    columns
        In which the rows differ; empty where only one of the runs has the row.
    a, b
        The rows; None where a run has no such row.
    """

    time_min: float
    table: str
    mother: int
    replicate: int
    columns: tuple[str, ...]
    a: dict[str, Any] | None
    b: dict[str, Any] | None

    @property
    def order(self) -> tuple[float, int]:
        """By which the first of several is found: drawn mothers before all times, tables without times after them."""
        time_min = self.time_min if self.time_min == self.time_min else (-inf if self.table == "mothers" else inf)
        return time_min, list(TABLES).index(self.table) if self.table not in WHEN else list(WHEN).index(self.table)


class RowsCompared(NamedTuple):
    """
    One table of one unit of work, compared.

    Attributes
    ----------
    rows_a, rows_b
        How many each run has.
    only_a, only_b
        How many of them have no equal in the other run.
    same_order
        Whether rows that all have their equals stand in the same order.
    columns_a, columns_b
        Columns that only one of them has, which are not compared.
    first
        The earliest difference; None where rows do not differ.
    """

    rows_a: int
    rows_b: int
    only_a: int
    only_b: int
    same_order: bool
    columns_a: tuple[str, ...]
    columns_b: tuple[str, ...]
    first: FirstRow | None


class _Side:
    """One of the two runs: rows that have been read and have found no equal yet."""

    def __init__(self, parts: Iterator[pd.DataFrame], written: str) -> None:
        self._parts = parts
        self._written = written
        self.rows: pd.DataFrame | None = None
        self.columns: tuple[str, ...] | None = None
        self.count = self.alone = 0
        self.until_min = -inf
        self.found: list[pd.DataFrame] = []

    def read(self) -> None:
        """Take the next part; there are no more when `until_min` is infinite."""
        part = next(self._parts, None)
        if part is None:
            self.until_min = inf
            return
        part = part.drop(columns=list(IDENTITY))
        if self.columns is None:
            self.columns = tuple(map(str, part.columns))
        self.count += len(part)
        self.rows = part if self.rows is None or self.rows.empty else pd.concat([self.rows, part], ignore_index=True)
        if self._written in part:
            latest_min = part[self._written].max()
            self.until_min = max(self.until_min, latest_min) if latest_min == latest_min else self.until_min

    def settle(self, limit_min: float, keep_until_min: float) -> None:
        """Rows up to a time have no equal: count them, and keep those in which the first difference may stand."""
        rows = self.rows
        if rows is None or rows.empty:
            return
        times_min = _times(rows, self._written)
        over = times_min <= limit_min
        if not over.any():
            return
        self.alone += int(over.sum())
        kept = over & (times_min <= keep_until_min)
        if kept.any():
            self.found.append(rows[kept])
        self.rows = rows[~over].reset_index(drop=True)

    @property
    def earliest_min(self) -> float:
        """When the first row that is left was written."""
        return inf if self.rows is None or self.rows.empty else float(_times(self.rows, self._written).min())


def _times(rows: pd.DataFrame, written: str) -> npt.NDArray[np.float64]:
    """When rows were written; what was not over at the end, and rows without a time, come last."""
    if written not in rows:
        return np.full(len(rows), inf)
    return rows[written].fillna(inf).to_numpy(dtype=np.float64)


def compare_rows(a: StoredRun, b: StoredRun, table: str, mother: int, replicate: int) -> RowsCompared:
    """
    Compare one table of two runs that have no other unit of work than this one.

    Parameters
    ----------
    a, b
        What `StoredRun.only` gives.
    table
        Its name.
    mother, replicate
        The unit of work.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    when = WHEN.get(table, When((), (), "", ""))
    sides = _Side(a.read_in_parts(table), when.written), _Side(b.read_in_parts(table), when.written)
    one, other = sides
    keep_until_min, moved = inf, False
    while True:
        behind = one if one.until_min <= other.until_min else other
        behind.read()
        moved |= _match(one, other)
        ended = one.until_min == other.until_min == inf
        limit_min = inf if ended else min(one.until_min, other.until_min) - SLACK_MIN
        earliest_min = min(one.earliest_min, other.earliest_min)
        if keep_until_min == inf and earliest_min <= limit_min < inf:
            keep_until_min = earliest_min + HORIZON_MIN
        for side in sides:
            side.settle(limit_min, keep_until_min)
        if ended:
            break
    columns_a, columns_b = one.columns or other.columns or (), other.columns or one.columns or ()
    return RowsCompared(
        one.count,
        other.count,
        one.alone,
        other.alone,
        not moved or bool(one.alone or other.alone),
        tuple(name for name in columns_a if name not in columns_b),
        tuple(name for name in columns_b if name not in columns_a),
        _first(when, one.found, other.found, (table, mother, replicate)),
    )


def _match(one: _Side, other: _Side) -> bool:
    """Leave in both sides the rows that have no equal in the other; whether rows were paired that stand elsewhere."""
    if one.rows is None or other.rows is None:
        return False
    shared = [name for name in one.rows.columns if name in set(other.rows.columns)]
    alike = _alike_at_start(one.rows, other.rows, shared)
    one.rows, other.rows = (side.rows.iloc[alike:].reset_index(drop=True) for side in (one, other))
    if one.rows.empty or other.rows.empty:
        return False
    left_a, left_b = _unmatched(_hashes(one.rows, shared), _hashes(other.rows, shared))
    moved = not left_a.all()
    one.rows, other.rows = one.rows[left_a].reset_index(drop=True), other.rows[left_b].reset_index(drop=True)
    return moved


def _alike_at_start(a: pd.DataFrame, b: pd.DataFrame, names: list[str]) -> int:
    """How many rows are the same from the first one on."""
    length = min(len(a), len(b))
    for name in names:
        differs = _differ(a[name].iloc[:length], b[name].iloc[:length])
        if differs.any():
            length = int(differs.argmax())
    return length


def _differ(a: pd.Series[Any], b: pd.Series[Any]) -> _Flags:
    """Which values of two columns of equal length are not the same; nothing is the same as nothing."""
    if isinstance(a.dtype, pd.CategoricalDtype) or isinstance(b.dtype, pd.CategoricalDtype):
        if a.dtype == b.dtype and isinstance(a.dtype, pd.CategoricalDtype):
            return np.asarray(a.cat.codes.to_numpy() != b.cat.codes.to_numpy())
        a, b = a.astype(object), b.astype(object)
    kind = None if a.dtype.kind in "if" and b.dtype.kind in "if" else object
    empty_a, empty_b = a.isna().to_numpy(), b.isna().to_numpy()
    unequal = a.to_numpy(dtype=kind) != b.to_numpy(dtype=kind)
    return np.asarray((unequal & ~(empty_a & empty_b)) | (empty_a != empty_b), dtype=np.bool_)


def _hashes(rows: pd.DataFrame, names: list[str]) -> npt.NDArray[np.uint64]:
    """
    A number of 64 bits for each row, the same for equal rows.

    Numbers become floats, which hold every int32, for a column with nothing in some of its rows is read as floats; 0 is
    added to make -0 and 0 the same.
    """
    plain = {
        name: rows[name].astype(np.float64) + 0.0 if rows[name].dtype.kind in "if" else rows[name] for name in names
    }
    return pd.util.hash_pandas_object(pd.DataFrame(plain), index=False).to_numpy()


def _unmatched(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> tuple[_Flags, _Flags]:
    """Which entries are left when every entry of `a` is paired with an equal one of `b`, as long as there are some."""
    values, places = np.unique(np.concatenate([a, b]), return_inverse=True)
    of_a, of_b = places[: len(a)], places[len(a) :]
    pairs = np.minimum(np.bincount(of_a, minlength=len(values)), np.bincount(of_b, minlength=len(values)))
    return _rank(of_a) >= pairs[of_a], _rank(of_b) >= pairs[of_b]


def _rank(values: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """How many entries of the same value stand before each."""
    order = np.argsort(values, kind="stable")
    in_order = values[order]
    starts = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]])
    lengths = np.diff(np.r_[starts, len(values)])
    rank = np.empty_like(order)
    rank[order] = np.arange(len(values)) - np.repeat(starts, lengths)
    return rank


def _first(
    when: When, found_a: list[pd.DataFrame], found_b: list[pd.DataFrame], where: tuple[str, int, int]
) -> FirstRow | None:
    """The earliest difference among rows that have no equal: as pairs of the same thing, and those that one run has."""
    if not found_a and not found_b:
        return None
    a, b = (pd.concat(found, ignore_index=True) if found else None for found in (found_a, found_b))
    places_a, places_b = _paired(when, a, b)
    times_min, columns = _differences(when, a, b, places_a, places_b)
    pick = int(np.lexsort((places_b, places_a, np.where(np.isnan(times_min), inf, times_min)))[0])
    rows = [
        None if frame is None or place < 0 else _plain(frame.iloc[place].to_dict())
        for frame, place in ((a, int(places_a[pick])), (b, int(places_b[pick])))
    ]
    return FirstRow(float(times_min[pick]), *where, tuple(n for n, differs in columns.items() if differs[pick]), *rows)


def _paired(
    when: When, a: pd.DataFrame | None, b: pd.DataFrame | None
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Places of the same thing in both runs; -1 where one does not have it."""
    if a is None or b is None:
        present = np.arange(len(b if a is None else a) if (a is not None or b is not None) else 0)
        absent = np.full(len(present), -1)
        return (absent, present) if a is None else (present, absent)
    sides = []
    for frame in (a, b):
        keys = frame[list(when.key)].astype(object).where(frame[list(when.key)].notna(), None)
        keys = keys.assign(again=keys.groupby(list(when.key), sort=False, dropna=False).cumcount() if when.key else 0)
        sides.append(keys.assign(place=np.arange(len(frame))))
    joined = sides[0].merge(sides[1], how="outer", on=[*when.key, "again"], suffixes=("_a", "_b"), sort=False)
    places_a, places_b = (joined[name].fillna(-1).to_numpy(dtype=np.intp) for name in ("place_a", "place_b"))
    return places_a, places_b


def _differences(
    when: When,
    a: pd.DataFrame | None,
    b: pd.DataFrame | None,
    places_a: npt.NDArray[np.intp],
    places_b: npt.NDArray[np.intp],
) -> tuple[npt.NDArray[np.float64], dict[str, _Flags]]:
    """When each pair begins to differ [min], NaN where its table has no times; and in which columns it does."""
    times_min = np.full(len(places_a), inf if when.written else nan)
    columns: dict[str, _Flags] = {}
    both = np.flatnonzero((places_a >= 0) & (places_b >= 0))
    if len(both) and a is not None and b is not None:
        pair_a, pair_b = (f.iloc[p[both]].reset_index(drop=True) for f, p in ((a, places_a), (b, places_b)))
        for name in (name for name in a.columns if name in set(b.columns)):
            differs = _differ(pair_a[name], pair_b[name])
            columns[name] = np.zeros(len(places_a), dtype=np.bool_)
            columns[name][both] = differs
            of = name if name in when.instants else when.known.get(name, when.written)
            if of and differs.any():
                began_min = np.fmin(_numbers(pair_a, of), _numbers(pair_b, of))
                chosen = both[differs]
                times_min[chosen] = np.fmin(times_min[chosen], began_min[differs])
    for frame, places, other in ((a, places_a, places_b), (b, places_b, places_a)):
        alone = np.flatnonzero((places >= 0) & (other < 0))
        if frame is not None and len(alone) and when.alone:
            times_min[alone] = _alone_min(frame.iloc[places[alone]], when)
    return times_min, columns


def _numbers(rows: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
    return rows[name].to_numpy(dtype=np.float64)


def _alone_min(rows: pd.DataFrame, when: When) -> npt.NDArray[np.float64]:
    """When a thing of one run makes the difference; the last instant that it has where it is not over."""
    times_min = _numbers(rows, when.alone)
    if np.isnan(times_min).any():
        latest_min = rows[list(when.instants)].max(axis=1).to_numpy(dtype=np.float64)
        times_min = np.where(np.isnan(times_min), latest_min, times_min)
    return times_min


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """Values as Python has them; None for nothing."""
    return {
        str(name): None if value is None or value != value else (value.item() if hasattr(value, "item") else value)
        for name, value in row.items()
    }


def compare_frames(a: pd.DataFrame, b: pd.DataFrame) -> RowsCompared:
    """
    Compare two tables that fit into memory and have no times.

    Parameters
    ----------
    a, b
        The tables.
    """
    one, other = _Side(iter(()), ""), _Side(iter(()), "")
    one.rows, other.rows = a.reset_index(drop=True), b.reset_index(drop=True)
    moved = _match(one, other)
    only_a, only_b = len(one.rows), len(other.rows)
    return RowsCompared(
        len(a),
        len(b),
        only_a,
        only_b,
        not moved or bool(only_a or only_b),
        tuple(map(str, (name for name in a if name not in b))),
        tuple(map(str, (name for name in b if name not in a))),
        None,
    )
