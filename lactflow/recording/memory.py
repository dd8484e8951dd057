"""
A run that is kept in memory: no folder, no file, no waiting for a disk.

The recorder cuts its tables at the instants at which the recorder of a run directory flushes, so that whoever reads
them part by part finds the same parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np
import pyarrow as pa

from lactflow.errors import LactflowError
from lactflow.pipeline.packed import PackedLog
from lactflow.pipeline.queues import QueueLog
from lactflow.pipeline.visits import VisitLog
from lactflow.recording import columns
from lactflow.recording.reader import as_frame, check_known
from lactflow.recording.recorder import FLUSH_MIN, FLUSH_ROWS
from lactflow.records import OPTIONAL_TABLES, TABLES, LobeSample, QueueSample, StationKey, Visit
from lactflow.records.lobes import LobeLog

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import pandas as pd

_TIMES = ("time_min", "start_min")


class NotKeptError(LactflowError, KeyError):
    """A table was not kept in memory; the run may have had rows of it."""

    def __str__(self) -> str:
        """The message as it is: `KeyError` would quote it."""
        return str(self.args[0])


class _Nowhere(list[tuple[object, ...]]):
    """Where facts go that are not wanted."""

    def append(self, row: tuple[object, ...]) -> None:
        """Leave it."""

    def __iadd__(self, rows: object) -> Self:  # type: ignore[misc, override]  # nobody adds to it otherwise
        """Leave them."""
        return self


class TableRecorder:
    """
    Takes the facts of one unit of work and keeps them as Arrow tables.

    Parameters
    ----------
    mother, replicate
        The unit of work.
    tables
        Names of the tables to keep; facts of others are left out, and reading those is an error.
    visits
        Whether there is a row for each packet at each station; only where `visits` is kept.
    only
        Columns to keep of some tables, beside those that name the unit of work; of the others, all. Those of `visits`
        are all kept.

    Attributes
    ----------
    visits
        Where stations write their visits; None for nowhere.
    lobes, queues
        Where lobes write their state, and the packets at their stations; likewise.
    parts
        Tables by name, in the order of time; to be read once the recorder is closed.
    span_min
        Time of the first fact, and the time at which it was closed [min since birth]; None without facts.
    """

    def __init__(
        self,
        mother: int = 0,
        replicate: int = 0,
        *,
        tables: Collection[str] = tuple(TABLES),
        visits: bool = True,
        only: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        for table in tables:
            check_known(table)
        self.unit = (mother, replicate)
        self.kept = frozenset(tables)
        self._only = only or {}
        self.visits: VisitLog | None = VisitLog() if visits and "visits" in self.kept else None
        self.lobes = LobeLog() if "lobes" in self.kept else None
        self.queues = QueueLog() if "queues" in self.kept else None
        logs: dict[type[tuple[object, ...]], PackedLog | None]
        logs = {Visit: self.visits, LobeSample: self.lobes, QueueSample: self.queues}
        self._logs = {kind: log for kind, log in logs.items() if log is not None}
        self.parts: dict[str, list[Any]] = {}
        self.span_min: tuple[float, float] | None = None
        self._stations = columns.StationColumns([])
        self._rows = self._no_rows()
        self._first_min: float | None = None
        self._cut_min: float | None = None

    def _no_rows(self) -> dict[type[tuple[object, ...]], list[tuple[object, ...]]]:
        return {kind: [] if table in self.kept else _Nowhere() for table, kind in TABLES.items() if kind is not Visit}

    def stations(self, keys: list[StationKey]) -> None:
        """Set which number is which station; called before the first visit."""
        self._stations = columns.StationColumns(keys)

    def record(self, fact: tuple[object, ...]) -> None:
        """Take one fact; its class is the table."""
        self._rows[type(fact)].append(fact)

    def record_rows(self, kind: type[tuple[object, ...]], rows: Sequence[tuple[object, ...]]) -> None:
        """Take facts of one kind, as plain tuples of its fields."""
        self._rows[kind] += rows

    def instant_over(self, time_min: float) -> None:
        """Turn rows into tables when there are many: those take a tenth of the memory."""
        if self._cut_min is None:
            self._cut_min = time_min
        pending = sum(map(len, self._rows.values())) + sum(map(len, self._logs.values()))
        if pending >= FLUSH_ROWS or (pending and time_min - self._cut_min >= FLUSH_MIN):
            self._cut(time_min)

    def close(self, time_min: float) -> None:
        """
        Turn what is left into tables; a second call does nothing.

        Parameters
        ----------
        time_min
            Simulated time that was reached [min since birth].
        """
        if any(self._rows.values()) or any(self._logs.values()):
            self._cut(time_min)
        if self._first_min is not None:
            self.span_min = (self._first_min, time_min if self._cut_min is None else self._cut_min)

    def _cut(self, time_min: float) -> None:
        if self._first_min is None:
            self._first_min = self._earliest_min()
        for table, kind in TABLES.items():
            parts, only = [], self._only.get(table)
            if log := self._logs.get(kind):
                parts.append(self._stations.table(table, log.take(), *self.unit, only))
            if rows := self._rows.get(kind):
                parts.append(columns.from_facts(table, rows, *self.unit, only))
            if parts:
                self._add(table, columns.joined(parts))
        self._rows = self._no_rows()
        self._cut_min = time_min

    def _add(self, table: str, rows: Any) -> None:
        self.parts.setdefault(table, []).append(rows)

    def _earliest_min(self) -> float | None:
        """Time of the first fact: a run takes its first samples when it starts."""
        found = []
        for kind, rows in self._rows.items():
            fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]  # facts are named tuples
            found += [rows[0][fields.index(name)] for name in _TIMES if rows and name in fields]
        return min((time_min for time_min in found if isinstance(time_min, float)), default=None)


def _numbered(rows: Any, mother: int) -> Any:
    """Rows with other numbers of mother and replicate."""
    for name, number in {"mother": mother, "replicate": 0}.items():
        place = rows.schema.get_field_index(name)
        numbers = np.full(rows.num_rows, number, dtype=np.int32)
        column = pa.Array.from_buffers(pa.int32(), rows.num_rows, [None, pa.py_buffer(numbers)])
        rows = rows.set_column(place, rows.schema.field(place), column)
    return rows


class UnitTables(Protocol):
    """The tables of one unit of work: a closed `TableRecorder`, or what another process has sent."""

    @property
    def unit(self) -> tuple[int, int]:
        """Mother and replicate."""

    @property
    def kept(self) -> frozenset[str]:
        """Names of the tables that were kept."""

    @property
    def parts(self) -> Mapping[str, Sequence[Any]]:
        """Arrow tables by the name of their table, in the order of time; only of tables with rows."""

    @property
    def span_min(self) -> tuple[float, float] | None:
        """First and last recorded instant [min since birth]; None without rows."""


class KeptUnit(NamedTuple):
    """
    Tables of one unit of work that was simulated before, here or by another process: `UnitTables` as data.

    Attributes
    ----------
    unit
        Mother and replicate.
    kept
        Names of the tables that were kept.
    parts
        Arrow tables by the name of their table, in the order of time.
    span_min
        First and last recorded instant [min since birth]; None without rows.
    """

    unit: tuple[int, int]
    kept: frozenset[str]
    parts: Mapping[str, Sequence[Any]]
    span_min: tuple[float, float] | None


class MemoryTables:
    """
    Units of work that were simulated in memory, to be read as a run directory is.

    Parameters
    ----------
    units
        Their tables; read in the order of mother and replicate.
    config_text
        Gives the resolved config as YAML, when it is needed.

    Attributes
    ----------
    units
        The tables of each.
    """

    def __init__(self, units: Sequence[UnitTables], config_text: Callable[[], str]) -> None:
        self.units = tuple(sorted(units, key=lambda each: each.unit))
        self._config_text = config_text

    @property
    def config_text(self) -> str:
        """The resolved config that was simulated."""
        return self._config_text()

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that the run has and that were kept."""
        return tuple(
            table
            for table in TABLES
            if all(table in each.kept for each in self.units)
            and (table not in OPTIONAL_TABLES or any(table in each.parts for each in self.units))
        )

    @property
    def spans_min(self) -> dict[tuple[int, int], tuple[float, float]]:
        """First and last recorded instant [min since birth] by (mother, replicate); only units with rows."""
        return {each.unit: each.span_min for each in self.units if each.span_min is not None}

    def only(self, mother: int, replicate: int) -> Self:
        """The same run as if it had no other unit of work than this one."""
        return type(self)([each for each in self.units if each.unit == (mother, replicate)], self._config_text)

    def numbered(self, mother: int, tables: Sequence[str]) -> Self:
        """
        Some tables of its one unit of work, as if they were of another mother: to read many units at once.

        Parameters
        ----------
        mother
            Her number; that of the replicate becomes 0.
        tables
            Those that are wanted.
        """
        (own,) = self.units
        parts = {
            table: [_numbered(part, mother) for part in own.parts[table]] for table in tables if table in own.parts
        }
        return type(self)([KeptUnit((mother, 0), frozenset(tables), parts, own.span_min)], self._config_text)

    @classmethod
    def together(cls, runs: Sequence[MemoryTables]) -> Self:
        """
        Several runs as one, whose units have different numbers.

        Parameters
        ----------
        runs
            One or more; the config is that of the first.
        """
        return cls([each for run in runs for each in run.units], runs[0]._config_text)  # noqa: SLF001 - ours

    @property
    def nbytes(self) -> int:
        """Memory that its tables take [bytes]."""
        return sum(part.nbytes for each in self.units for parts in each.parts.values() for part in parts)

    def arrow(self, table: str, names: Sequence[str] | None = None) -> list[Any]:
        """
        Parts of one table as Arrow tables, each of one mother and one replicate.

        Raises
        ------
        UnknownTableError
            If there is no such table; the message has the nearest name.
        NotKeptError
            If it was not kept.
        """
        check_known(table)
        if any(table not in each.kept for each in self.units):
            raise NotKeptError(f"the table {table!r} was not kept in memory (kept: {', '.join(self.tables)})")
        parts = [part for each in self.units for part in each.parts.get(table, ())]
        return parts if names is None else [part.select(list(names)) for part in parts]

    def read(self, table: str, names: Sequence[str] | None = None) -> pd.DataFrame:
        """
        Rows of one table, by mother, replicate and time; all columns, or those that are named.

        Raises
        ------
        UnknownTableError
            If there is no such table; the message has the nearest name.
        NotKeptError
            If it was not kept.
        """
        parts = self.arrow(table, names)
        if not parts:
            wanted = columns.from_facts(table, [], 0, 0)
            parts = [wanted if names is None else wanted.select(list(names))]
        return as_frame(table, pa.concat_tables(parts).unify_dictionaries())

    def read_in_parts(self, table: str, names: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The rows that `read` gives, a part at a time, each of one mother and one replicate; raises as `read`."""
        return (as_frame(table, part) for part in self.arrow(table, names))

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Rows of one table as a frame; see `read`. Its `attrs["units"]` has the unit of each column."""
        frame = self.read(table)
        frame.attrs["units"] = columns.units(table)
        return frame

    def __repr__(self) -> str:
        """How many units it has."""
        return f"{type(self).__name__}({len(self.units)} units)"
