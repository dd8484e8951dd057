"""
The rows of one table of two runs, compared: how many have no equal in the other run, and which of them comes first.

Rows are matched by their values, not by their place: one more packet in one run shifts every row after it, and still
counts once. Both tables are read a part at a time. Rows that are alike were written at the same simulated time, so a
row that has found no equal when both runs have been read for a day beyond it has none: memory does not grow with the
length of the runs.
"""

from __future__ import annotations

from math import inf, isnan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lactflow.analysis.diff_first import WHEN, FirstRow, differing, first_of
from lactflow.records import IDENTITY
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from lactflow.analysis.diff_first import Flags
    from lactflow.recording.reader import StoredRun

SLACK_MIN = DAY_MIN
"""How far rows of a table may stand out of the order of time [min]; they are written as things happen."""
HORIZON_MIN = 2 * DAY_MIN
"""How long after the first row without an equal another one may turn out to have differed earlier [min]."""


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
            self.until_min = self.until_min if isnan(latest_min) else max(self.until_min, latest_min)

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
    when = WHEN[table]
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
        first_of(when, one.found, other.found, (table, mother, replicate)),
    )


def _match(one: _Side, other: _Side) -> bool:
    """Leave in both sides the rows that have no equal in the other; whether rows were paired that stand elsewhere."""
    if one.rows is None or other.rows is None:
        return False
    shared = [name for name in one.rows.columns if name in set(other.rows.columns)]
    alike = _alike_at_start(one.rows, other.rows, shared)
    one.rows, other.rows = (rows.iloc[alike:].reset_index(drop=True) for rows in (one.rows, other.rows))
    if one.rows.empty or other.rows.empty:
        return False
    left_a, left_b = unmatched(row_hashes(one.rows, shared), row_hashes(other.rows, shared))
    moved = not left_a.all()
    one.rows, other.rows = one.rows[left_a].reset_index(drop=True), other.rows[left_b].reset_index(drop=True)
    return moved


def _alike_at_start(a: pd.DataFrame, b: pd.DataFrame, names: list[str]) -> int:
    """How many rows are the same from the first one on."""
    length = min(len(a), len(b))
    for name in names:
        differs = differing(a[name].iloc[:length], b[name].iloc[:length])
        if differs.any():
            length = int(differs.argmax())
    return length


def row_hashes(rows: pd.DataFrame, names: list[str]) -> npt.NDArray[np.uint64]:
    """
    A number of 64 bits for each row, the same for equal rows.

    Parameters
    ----------
    rows
        Of a table.
    names
        Columns that count.

    Notes
    -----
    Numbers become floats, which hold every int32, for a column with nothing in some of its rows is read as floats; 0 is
    added to make -0 and 0 the same.
    """
    plain = {
        name: rows[name].astype(np.float64) + 0.0 if rows[name].dtype.kind in "if" else rows[name] for name in names
    }
    hashes: npt.NDArray[np.uint64] = np.asarray(
        pd.util.hash_pandas_object(pd.DataFrame(plain), index=False), dtype=np.uint64
    )
    return hashes


def unmatched(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> tuple[Flags, Flags]:
    """
    Which entries are left when every entry of `a` is paired with an equal one of `b`, as long as there are some.

    Parameters
    ----------
    a, b
        As `row_hashes` gives them.
    """
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
