"""
Two sweeps compared: what was planned differently, and the first unit whose results are not the same.

Units are matched by the values of the keys that vary, by mother and replicate; where the two vary other keys, by their
keys of work, which are the same for the same simulation. Rows of recorded tables are matched by their values within a
unit. Of each row a number of 64 bits is kept, and nothing else of what is alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lactflow.analysis.diff import Diff, TableDiff
from lactflow.analysis.diff_first import WHEN, FirstRow, differing, first_of
from lactflow.analysis.diff_rows import row_hashes, unmatched
from lactflow.analysis.diff_settings import Setting, differing_configs, differing_manifests, differing_values
from lactflow.experiments.sweep.keys import tables_of_level
from lactflow.experiments.sweep.results import Sweep, open_sweep
from lactflow.experiments.sweep.writer import KEY
from lactflow.records import IDENTITY, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd

    _Whole = npt.NDArray[np.int64]

RESULTS = "results"
"""Name of the table of measures."""
_ADDRESS = ["mother", "replicate"]
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LISTED = 12
"""Values of a key that are listed."""
_OF_PLAN = frozenset({"keys", "quick", "units", "points", "record"})
"""What the manifest states about a sweep and `SweepDiff.plan` has in words."""


class Alone(NamedTuple):
    """
    Units that only one of two sweeps has.

    Attributes
    ----------
    units
        How many.
    first
        The first of them in words; empty for none.
    """

    units: int = 0
    first: str = ""


@dataclass(frozen=True)
class SweepDiff(Diff):
    """
    How two sweeps differ, beside what `Diff` says.

    Attributes
    ----------
    plan
        What was planned differently: keys with their values, numbers of points and units, what is recorded.
    unit
        The first unit whose results differ, in words; empty for none.
    measures
        Its measures where they differ; `first` is the first row of a recorded table, or the same.
    planned_a, planned_b
        Units that only one of them has planned.
    complete_a, complete_b
        Units that both have planned and only one of them has done.
    """

    plan: tuple[Setting, ...] = ()
    unit: str = ""
    measures: FirstRow | None = None
    planned_a: Alone = Alone()  # noqa: RUF009 - nobody can change it
    planned_b: Alone = Alone()  # noqa: RUF009
    complete_a: Alone = Alone()  # noqa: RUF009
    complete_b: Alone = Alone()  # noqa: RUF009

    @property
    def identical(self) -> bool:
        """Whether both have the same units with the same results, the same config and status."""
        alone = (self.planned_a, self.planned_b, self.complete_a, self.complete_b)
        return super().identical and not self.plan and not any(each.units for each in alone)

    def as_object(self) -> dict[str, Any]:
        """Everything as plain data: what `lactflow diff --json` prints."""
        return {
            **super().as_object(),
            "plan": [setting._asdict() for setting in self.plan],
            "unit": self.unit or None,
            "alone": {
                "planned_a": self.planned_a._asdict(),
                "planned_b": self.planned_b._asdict(),
                "complete_a": self.complete_a._asdict(),
                "complete_b": self.complete_b._asdict(),
            },
        }


def diff_of_sweeps(a: Path, b: Path) -> SweepDiff:
    """
    Compare two sweeps, whatever is done of them.

    Parameters
    ----------
    a, b
        Their folders.

    Raises
    ------
    DamagedRunError
        If a plan or a part is not what was written.
    ArchiveError
        If the disk refuses.
    """
    one, other = open_sweep(a), open_sweep(b)
    pairs = _Pairs(one, other)
    compared, measures, differing_at = pairs.results()
    counted, firsts = [compared], {} if measures is None else {differing_at: measures}
    levels = [tables_of_level(sweep.plan.level) for sweep in (one, other)]
    for table in (table for table in TABLES if table in levels[0] or table in levels[1]):
        found, place = pairs.recorded(table, *(table in level for level in levels))
        counted.append(found)
        if place is not None and (not firsts or place <= min(firsts)):
            row = pairs.first_row(table, place)
            known = firsts.get(place)
            if row is not None and (known is None or known is measures or row.order < known.order):
                firsts = {place: row}
    place = min(firsts, default=None)
    shown = ({**each.manifest, "status": each.status} for each in (one, other))
    varied = (*one.plan.varied, *other.plan.varied)
    return SweepDiff(
        a,
        b,
        Sweep.kind,
        tuple(counted),
        None if place is None else firsts[place],
        tuple(each for each in differing_configs(one, other) if not _is_below(each.key, varied)),
        tuple(differing_manifests(*map(_without_plan, shown))),
        plan=tuple(differing_values(*map(_plan, (one, other)))),
        unit="" if place is None else pairs.named(place),
        measures=measures if place == differing_at else None,
        planned_a=pairs.planned_a,
        planned_b=pairs.planned_b,
        complete_a=pairs.complete_a,
        complete_b=pairs.complete_b,
    )


class _Pairs:
    """Units that two sweeps have both planned, in the order of the first one."""

    def __init__(self, a: Sweep, b: Sweep) -> None:
        self._a, self._b = a, b
        frames = [sweep.plan.frame() for sweep in (a, b)]
        varied = a.plan.varied
        by = [*varied, *_ADDRESS] if set(varied) == set(b.plan.varied) else [KEY]
        sides = [_addressed(frame, by) for frame in frames]
        for name in by:
            if sides[0][name].dtype.kind != sides[1][name].dtype.kind:
                sides = [side.assign(**{name: side[name].astype(str)}) for side in sides]
        joined = sides[0].merge(sides[1], how="outer", on=[*by, "again"], suffixes=("_a", "_b"), sort=False)
        both = joined[joined["unit_a"].notna() & joined["unit_b"].notna()].sort_values("unit_a")
        self._units = [both[name].to_numpy(np.int64) for name in ("unit_a", "unit_b")]
        alone = [joined[joined[name].isna()] for name in ("unit_b", "unit_a")]
        self.planned_a = _alone(a, alone[0]["unit_a"].to_numpy(np.int64))
        self.planned_b = _alone(b, alone[1]["unit_b"].to_numpy(np.int64))
        self.complete_a = self.complete_b = Alone()

    def named(self, place: int) -> str:
        """A pair in words."""
        return self._a.plan.named(int(self._units[0][place]))

    def results(self) -> tuple[TableDiff, FirstRow | None, int]:
        """The measures compared: counts, the first row that differs, and the place of its unit."""
        frames = [sweep.results.set_index("unit") for sweep in (self._a, self._b)]
        done = [np.isin(units, frame.index) for units, frame in zip(self._units, frames, strict=True)]
        self.complete_a = _alone(self._a, self._units[0][done[0] & ~done[1]])
        self.complete_b = _alone(self._b, self._units[1][done[1] & ~done[0]])
        there = np.flatnonzero(done[0] & done[1])
        plans = [{*sweep.plan.varied, "point", *_ADDRESS, KEY} for sweep in (self._a, self._b)]
        names = [[str(name) for name in frame if name not in plan] for frame, plan in zip(frames, plans, strict=True)]
        shared = [name for name in names[0] if name in names[1]]
        one, other = (
            frame.loc[units[there], shared].reset_index(drop=True)
            for frame, units in zip(frames, self._units, strict=True)
        )
        wrong = {name: differing(one[name], other[name]) for name in shared}
        rows = np.flatnonzero(np.logical_or.reduce([*wrong.values(), np.zeros(len(there), dtype=bool)]))
        alone = [len(frame) - len(there) for frame in frames]
        columns = [tuple(name for name in names[n] if name not in names[1 - n]) for n in (0, 1)]
        counts = (len(frames[0]), len(frames[1]), alone[0] + len(rows), alone[1] + len(rows))
        found = TableDiff(RESULTS, *counts, True, *columns)
        if not len(rows):
            return found, None, -1
        row, place = int(rows[0]), int(there[rows[0]])
        moved = tuple(name for name in shared if wrong[name][row])
        values = [_plain(frame.iloc[row][list(moved)].to_dict()) for frame in (one, other)]
        mother, replicate = self._a.plan.address(int(self._units[0][place]))
        return found, FirstRow(nan, RESULTS, mother, replicate, moved, *values), place

    def recorded(self, table: str, in_a: bool, in_b: bool) -> tuple[TableDiff, int | None]:
        """One recorded table compared: counts, and the place of the first unit in which it differs."""
        if not (in_a and in_b):
            rows = [
                self._sweep(n).table_dataset(table).count_rows() if there else 0 for n, there in ((0, in_a), (1, in_b))
            ]
            return TableDiff(table, rows[0], rows[1], rows[0], rows[1]), None
        schemas = [self._sweep(n).table_dataset(table).schema.names for n in (0, 1)]
        shared = [name for name in schemas[0] if name in schemas[1] and name not in (*IDENTITY, KEY)]
        (places_a, hashes_a), (places_b, hashes_b) = (self._hashed(n, table, shared) for n in (0, 1))
        with np.errstate(over="ignore"):
            left_a, left_b = unmatched(
                hashes_a + places_a.astype(np.uint64) * _MIX, hashes_b + places_b.astype(np.uint64) * _MIX
            )
        only = [tuple(name for name in schemas[n] if name not in schemas[1 - n]) for n in (0, 1)]
        found = TableDiff(table, len(left_a), len(left_b), int(left_a.sum()), int(left_b.sum()), True, *only)
        places = np.concatenate([places_a[left_a], places_b[left_b]])
        places = places[places >= 0]
        return found, int(places.min()) if len(places) else None

    def _sweep(self, side: int) -> Sweep:
        return (self._a, self._b)[side]

    def _hashed(self, side: int, table: str, names: list[str]) -> tuple[_Whole, npt.NDArray[np.uint64]]:
        """Place of the unit, and a number for the values, of each row; -1 for units that only one has."""
        keys = self._sweep(side).plan.keys
        place_of: dict[str, int] = {}
        for place, unit in enumerate(self._units[side].tolist()):
            place_of.setdefault(keys[unit], place)
        places, hashes = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
        for batch in self._sweep(side).table_dataset(table).to_batches(columns=[*names, KEY], use_threads=False):
            rows = batch.to_pandas(use_threads=False)
            places.append(rows[KEY].astype(str).map(place_of).fillna(-1).to_numpy(np.int64))
            hashes.append(row_hashes(rows, names))
        return np.concatenate(places), np.concatenate(hashes)

    def first_row(self, table: str, place: int) -> FirstRow | None:
        """The earliest difference within the unit of a pair."""
        found = [self._rows_of(n, table, place) for n in (0, 1)]
        shared = [str(name) for name in found[0] if name in found[1]]
        left = unmatched(*(row_hashes(rows, shared) for rows in found))
        a, b = ([rows[shared][flags]] if flags.any() else [] for rows, flags in zip(found, left, strict=True))
        where = (table, *self._a.plan.address(int(self._units[0][place])))
        return first_of(WHEN[table], a, b, where)

    def _rows_of(self, side: int, table: str, place: int) -> pd.DataFrame:
        import pyarrow.dataset as ds

        key = self._sweep(side).plan.keys[int(self._units[side][place])]
        rows = self._sweep(side).table_dataset(table).to_table(filter=ds.field(KEY) == key, use_threads=False)
        return rows.to_pandas(use_threads=False).drop(columns=[*IDENTITY, KEY])  # type: ignore[no-any-return]


def _is_below(key: str, others: Iterable[str]) -> bool:
    """Whether a key is one of some others, or a part of one."""
    return any(key == each or key.startswith(f"{each}.") for each in others)


def _addressed(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """What units are matched by; units that are alike in it are numbered."""
    kept = frame[[*by, "unit"]]
    return kept.assign(again=kept.groupby(by, sort=False, dropna=False).cumcount())


def _alone(sweep: Sweep, units: _Whole) -> Alone:
    return Alone(len(units), sweep.plan.named(int(units.min()))) if len(units) else Alone()


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): None if isnan(value) else float(value) for name, value in row.items()}


def _without_plan(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest states but of the plan, and of where results were taken from."""
    about = {key: value for key, value in manifest[Sweep.kind].items() if key not in _OF_PLAN}
    return {key: value for key, value in manifest.items() if key != "cache"} | {Sweep.kind: about}


def _plan(sweep: Sweep) -> dict[str, Any]:
    """What was planned, by words for it."""
    frame = sweep.plan.frame()
    about = sweep.plan.about
    values = {f"values of {key}": _in_words(frame[key]) for key in sweep.plan.varied}
    numbers = {
        "points": about["points"],
        "mothers": int(frame["mother"].nunique()),
        "replicates": int(frame["replicate"].nunique()),
        "units": about["units"],
        "recorded": sweep.plan.level,
    }
    return values | numbers


def _in_words(values: pd.Series[Any]) -> Any:
    """The values of a key where they are few, else how many they are, and the ends."""
    distinct = values.drop_duplicates().tolist()
    if len(distinct) <= _LISTED:
        return distinct
    ends = f"{distinct[0]} ... {distinct[-1]}"
    return f"{len(distinct):,} values: {min(distinct)} to {max(distinct)}" if values.dtype.kind in "fiu" else ends
