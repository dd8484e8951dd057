"""
When rows of two runs begin to differ: how rows of each table are placed in time, and the earliest difference of some.

A row is written when a thing is over, and may have differed long before: a packet that enters a station earlier in one
run leaves it an hour later.
"""

from __future__ import annotations

from math import inf, isnan, nan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    _Places = npt.NDArray[np.intp]


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
    "drug_levels": When(("time_min", "drug", "where")),
    "infant_levels": When(("time_min", "infant", "drug")),
    "doses": When(("time_min", "drug", "form")),
    "drugs_taken": When(("time_min", "drug")),
    "removal_contents": When(("session", "breast", "analyte"), (), "", ""),
    "bottle_contents": When(("session", "analyte"), (), "", ""),
    "balance": When(("quantity",), (), "", ""),
    "bottle_balance": When(("bottle", "quantity"), (), "", ""),
    "infant_doses": When(("session", "infant", "analyte"), (), "", ""),
    "bottles": When(("bottle", "breast", "expressed_min"), (), "", ""),
    "storage_losses": When(("bottle", "analyte"), (), "", ""),
}
"""By table; rows of the same instant count as earlier in this order: causes before what samples show of them."""


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
        without_min = -inf if self.table == "mothers" else inf
        return without_min if isnan(self.time_min) else self.time_min, list(WHEN).index(self.table)


def differing(a: pd.Series[Any], b: pd.Series[Any]) -> Flags:
    """
    Which values of two columns are not the same; nothing is the same as nothing.

    Parameters
    ----------
    a, b
        Columns of equal length.
    """
    if isinstance(a.dtype, pd.CategoricalDtype) or isinstance(b.dtype, pd.CategoricalDtype):
        if a.dtype == b.dtype and isinstance(a.dtype, pd.CategoricalDtype):
            return np.asarray(a.cat.codes.to_numpy() != b.cat.codes.to_numpy())
        a, b = a.astype(object), b.astype(object)
    kind = None if a.dtype.kind in "if" and b.dtype.kind in "if" else object
    empty_a, empty_b = a.isna().to_numpy(), b.isna().to_numpy()
    unequal = a.to_numpy(dtype=kind) != b.to_numpy(dtype=kind)
    return np.asarray((unequal & ~(empty_a & empty_b)) | (empty_a != empty_b), dtype=np.bool_)


def first_of(
    when: When, found_a: Sequence[pd.DataFrame], found_b: Sequence[pd.DataFrame], where: tuple[str, int, int]
) -> FirstRow | None:
    """
    The earliest difference among rows that have no equal: pairs of the same thing, and things that one run has.

    Parameters
    ----------
    when
        Of the table.
    found_a, found_b
        Rows of each run that have no equal in the other one.
    where
        Table, mother, replicate.

    Returns
    -------
    None where there are no rows.
    """
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


def _paired(when: When, a: pd.DataFrame | None, b: pd.DataFrame | None) -> tuple[_Places, _Places]:
    """Places of the same thing in both runs; -1 where one does not have it."""
    if a is None or b is None:
        present = np.arange(sum(len(frame) for frame in (a, b) if frame is not None))
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
    places_a: _Places,
    places_b: _Places,
) -> tuple[npt.NDArray[np.float64], dict[str, Flags]]:
    """When each pair begins to differ [min], NaN where its table has no times; and in which columns it does."""
    times_min = np.full(len(places_a), inf if when.written else nan)
    columns: dict[str, Flags] = {}
    both = np.flatnonzero((places_a >= 0) & (places_b >= 0))
    if len(both) and a is not None and b is not None:
        pair_a, pair_b = (f.iloc[p[both]].reset_index(drop=True) for f, p in ((a, places_a), (b, places_b)))
        for name in (name for name in a.columns if name in set(b.columns)):
            differs = differing(pair_a[name], pair_b[name])
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
        str(name): None if pd.isna(value) else value.item() if isinstance(value, np.generic) else value
        for name, value in row.items()
    }
