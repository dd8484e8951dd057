"""Two folders compared: where two runs part, how many rows differ, and what differs in what they were made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lactflow.analysis.diff_first import FirstRow
from lactflow.analysis.diff_given import KEEPING, differing_files
from lactflow.analysis.diff_rows import compare_frames, compare_rows
from lactflow.analysis.diff_settings import LABELS, Setting, differing_configs, differing_manifests
from lactflow.errors import ArchiveError, ConfigError, DamagedRunError
from lactflow.recording.files import one_line_errors
from lactflow.recording.folder import RUN, kind_of, read_folder, runs_within, table_of
from lactflow.recording.reader import StoredRun
from lactflow.records import TABLES

if TYPE_CHECKING:
    import pandas as pd

KINDS = (RUN, "comparison", "fit", "validation", *KEEPING)
"""Folders that can be compared."""
_MADE_AT = re.compile(r"-\d{8}T\d{6}Z-[0-9a-f]{8}(-\d+)?$")
"""End of the name of a run directory: time, hash, number."""


class TableDiff(NamedTuple):
    """
    One table of both folders.

    Attributes
    ----------
    table
        Its name; that of the file for a table of another folder than a run.
    rows_a, rows_b
        Rows in each; of runs, in the units of work that both have.
    only_a, only_b
        How many of them have no equal in the other one.
    same_order
        Whether rows that all have their equals stand in the same order.
    columns_a, columns_b
        Columns that only one of them has.
    """

    table: str
    rows_a: int = 0
    rows_b: int = 0
    only_a: int = 0
    only_b: int = 0
    same_order: bool = True
    columns_a: tuple[str, ...] = ()
    columns_b: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether both have the same rows, columns and order."""
        return not (self.only_a or self.only_b or self.columns_a or self.columns_b) and self.same_order


@dataclass(frozen=True)
class Diff:
    """
    How two folders differ.

    Attributes
    ----------
    a, b
        The folders.
    kind
        What they hold: `run`, `comparison`, `fit`, `validation`.
    counted
        One entry for each table that is in one of them.
    first
        The earliest difference of two runs, None where their rows do not differ.
    config
        Keys of the resolved configs that differ; of diagnoses those of mechanisms and lines of the records too.
    about
        What their manifests say differently: status, seed, versions, build, platform.
    units_a, units_b
        Units of work that only one of them has: mother and replicate.
    runs
        How the runs of other folders differ, by the name of the run.
    runs_a, runs_b
        Runs that only one of them has, by name.
    """

    a: Path
    b: Path
    kind: str
    counted: tuple[TableDiff, ...] = ()
    first: FirstRow | None = None
    config: tuple[Setting, ...] = ()
    about: tuple[Setting, ...] = ()
    units_a: tuple[tuple[int, int], ...] = ()
    units_b: tuple[tuple[int, int], ...] = ()
    runs: Mapping[str, Diff] = field(default_factory=dict)
    runs_a: tuple[str, ...] = ()
    runs_b: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        """
        Whether both have the same config, status, units of work and rows.

        Names, titles, commands, times, versions, builds and platforms may differ.
        """
        configs = any(setting.key not in LABELS for setting in self.config)
        status = any(setting.key == "status" for setting in self.about)
        one_only = self.units_a or self.units_b or self.runs_a or self.runs_b
        within = all(each.identical for each in self.runs.values())
        return within and not (configs or status or one_only) and all(table.is_same for table in self.counted)

    @cached_property
    def tables(self) -> pd.DataFrame:
        """
        One row a table.

        `table`, `rows_a`, `rows_b` (rows in each), `only_a`, `only_b` (rows that have no equal in the other one),
        `same_order`, `columns_a`, `columns_b` (columns that only one of them has), `identical`. Of a folder with runs:
        `run` first, its name, empty for tables of the folder itself.
        """
        import pandas as pd

        rows = [{"run": run, **table._asdict(), "identical": table.is_same} for run, table in self.counted_within("")]
        frame = pd.DataFrame(rows, columns=["run", *TableDiff._fields, "identical"])
        return frame.drop(columns="run") if self.kind == RUN else frame

    def counted_within(self, run: str) -> Iterator[tuple[str, TableDiff]]:
        """
        Tables of the folder and of all runs in it, each with the path of its run.

        Parameters
        ----------
        run
            Path of this folder; empty for the whole.
        """
        for table in self.counted:
            yield run, table
        for name, each in self.runs.items():
            yield from each.counted_within(f"{run}/{name}" if run else name)

    def as_object(self) -> dict[str, Any]:
        """Everything as plain data: what `lactflow diff --json` prints."""
        first = None if self.first is None else self.first._asdict()
        if first is not None and first["time_min"] != first["time_min"]:
            first["time_min"] = None
        return {
            "identical": self.identical,
            "kind": self.kind,
            "a": str(self.a),
            "b": str(self.b),
            "first": first,
            "tables": [{**table._asdict(), "identical": table.is_same} for table in self.counted],
            "config": [setting._asdict() for setting in self.config],
            "about": [setting._asdict() for setting in self.about],
            "units": {"only_a": self.units_a, "only_b": self.units_b},
            "runs": {name: each.as_object() for name, each in self.runs.items()},
            "runs_only_a": self.runs_a,
            "runs_only_b": self.runs_b,
        }

    def __repr__(self) -> str:
        """The folders, and whether they are identical."""
        return f"Diff({str(self.a)!r}, {str(self.b)!r}, identical={self.identical})"


def diff(a: str | Path, b: str | Path) -> Diff:
    """
    Compare two folders of the same kind: what `lactflow diff` does.

    Rows of runs are matched by their values within each unit of work; tables are read a part at a time. Runs of a
    comparison or of a fit are paired by their names.

    Parameters
    ----------
    a, b
        Folders of runs, which may be under way or have been killed, of comparisons, of fits, of validations or of
        diagnoses.

    Returns
    -------
    What differs.

    Raises
    ------
    ConfigError
        If they are not of the same kind, or of a kind that cannot be compared.
    ArchiveError
        If a folder is none that lactflow has made, or is damaged, or the disk refuses.
    """
    one, other = Path(a), Path(b)
    try:
        kinds = kind_of(one), kind_of(other)
        for path, kind in zip((one, other), kinds, strict=True):
            if kind not in KINDS:
                raise ConfigError(
                    f"{path} is a {kind}; what can be compared is a {', '.join(KINDS[:-1])} or {KINDS[-1]}"
                )
        if kinds[0] != kinds[1]:
            raise ConfigError(f"{one} is a {kinds[0]} and {other} is a {kinds[1]}: they cannot be compared")
        return _of_runs(one, other) if kinds[0] == RUN else _of_folders(one, other, kinds[0])
    except DamagedRunError as error:
        # Exit code 1 says here that the folders differ.
        raise ArchiveError(str(error)) from error


def _of_runs(a: Path, b: Path) -> Diff:
    one, other = StoredRun(a), StoredRun(b)
    units_a, units_b = set(one.spans_min), set(other.spans_min)
    firsts: list[FirstRow] = []
    counted: dict[str, TableDiff] = {
        table: TableDiff(table) for table in TABLES if table in one.tables or table in other.tables
    }
    for unit in sorted(units_a & units_b):
        of_a, of_b = one.only(*unit), other.only(*unit)
        for table, so_far in counted.items():
            found = compare_rows(of_a, of_b, table, *unit)
            counted[table] = TableDiff(
                table,
                so_far.rows_a + found.rows_a,
                so_far.rows_b + found.rows_b,
                so_far.only_a + found.only_a,
                so_far.only_b + found.only_b,
                so_far.same_order and found.same_order,
                _joined(so_far.columns_a, found.columns_a),
                _joined(so_far.columns_b, found.columns_b),
            )
            if found.first is not None:
                firsts.append(found.first)
    return Diff(
        a,
        b,
        RUN,
        tuple(counted.values()),
        min(firsts, key=lambda row: (*row.order, row.mother, row.replicate), default=None),
        tuple(differing_configs(one, other)),
        tuple(differing_manifests({**one.manifest, "status": one.status}, {**other.manifest, "status": other.status})),
        tuple(sorted(units_a - units_b)),
        tuple(sorted(units_b - units_a)),
    )


def _joined(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *others)))


def _of_folders(a: Path, b: Path, kind: str) -> Diff:
    """Comparisons, fits, validations and diagnoses: their own tables, their runs by name, what they were made from."""
    (told_a, status_a), (told_b, status_b) = (read_folder(path, kind) for path in (a, b))
    within_a, within_b = _within(a, told_a), _within(b, told_b)
    runs = {name: diff(path, within_b[name]) for name, path in within_a.items() if name in within_b}
    return Diff(
        a,
        b,
        kind,
        tuple(_of_file((a, told_a), (b, told_b), name) for name in _joined(_tables(a), _tables(b))),
        None,
        tuple(differing_files((a, told_a), (b, told_b))) if kind in KEEPING else (),
        tuple(differing_manifests({**told_a, "status": status_a}, {**told_b, "status": status_b})),
        runs=runs,
        runs_a=tuple(name for name in within_a if name not in within_b),
        runs_b=tuple(name for name in within_b if name not in within_a),
    )


def _tables(directory: Path) -> list[str]:
    """Tables that a result folder has in files of its own."""
    with one_line_errors("read", directory):
        found = [path.name for path in directory.iterdir() if path.suffix == ".parquet" and path.is_file()]
    return sorted(name for name in found if not name.startswith("."))


def _of_file(one: tuple[Path, dict[str, Any]], other: tuple[Path, dict[str, Any]], name: str) -> TableDiff:
    """A table of both folders; one that a folder does not have is empty there."""
    frames = [table_of(path, manifest, name) if (path / name).exists() else None for path, manifest in (one, other)]
    there = next(frame for frame in frames if frame is not None)
    found = compare_frames(*(there.iloc[:0] if frame is None else frame for frame in frames))
    return TableDiff(name.removesuffix(".parquet"), *found[:-1])


def _within(directory: Path, manifest: Mapping[str, Any]) -> dict[str, Path]:
    """Folders in a result folder, by their names without time and hash: its runs, and the fits of several logs."""
    found: dict[str, Path] = {}
    for path in runs_within(directory):
        name = _MADE_AT.sub("", path.name)
        found[next(each for each in _numbered(name) if each not in found)] = path
    logs = manifest.get("logs")
    folders = [str(each["folder"]) for each in logs if isinstance(each, dict) and "folder" in each] if logs else []
    return found | {name: directory / name for name in folders if "/" not in name and name not in ("", ".", "..")}


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))
