"""
The recorder of a run directory: gathers the facts of one unit of work and flushes all tables together.

Visits and samples of lobes and queues are gathered packed and other facts in lists; a flush turns them into one part a
table. Memory is bounded by the flush, whatever the length of the run.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from lactflow.errors import ArchiveError
from lactflow.interpreter import short_turns
from lactflow.pipeline.packed import PackedLog
from lactflow.pipeline.queues import QueueLog
from lactflow.pipeline.visits import VisitLog
from lactflow.recording import attempts, columns
from lactflow.recording.encoding import encode
from lactflow.recording.flushing import Flushes
from lactflow.recording.journal import EMPTY_PARTS
from lactflow.recording.parts import JOURNAL, Part, lines, part_file
from lactflow.records import OPTIONAL_TABLES, TABLES, LobeSample, QueueSample, StationKey, Visit
from lactflow.records.lobes import LobeLog

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FLUSH_ROWS = 65_536
"""
Rows of all tables together that make a flush: a tenth of a second to a second of work.

With twice as many, whoever waits for a run waits longer for the last flush; with half as many, for the disk.
"""

FLUSH_MIN = 30 * 24 * 60.0
"""Simulated time after which a flush is made, however few rows there are [min]."""


def first_flush(tables: Sequence[str]) -> dict[str, bytes]:
    """
    Files of a run directory before anything is recorded: an empty part of each table, and the journal that names them.

    Returns
    -------
    Their contents by their paths from the run directory, with `/`.
    """
    parts, files = [], {}
    for table in tables:
        file, (content, digest) = part_file(table, 0, 0, 0), _empty(table)
        parts.append(Part(table, file, 0, digest, flush=0, parts=len(tables), from_min=None, to_min=None))
        files[file] = content
    return {**files, f"{JOURNAL}/{EMPTY_PARTS}": lines(parts)}


@cache
def _empty(table: str) -> tuple[bytes, str]:
    """A part without rows, and its hash."""
    content = encode(table, columns.from_facts(table, [], 0, 0))
    return content, hashlib.sha256(content).hexdigest()


_Rows = dict[type[tuple[object, ...]], list[tuple[object, ...]]]


def _no_rows(tables: Iterable[str]) -> _Rows:
    """Room for the facts of these tables; visits come packed."""
    return {TABLES[table]: [] for table in tables if TABLES[table] is not Visit}


class _Flush(NamedTuple):
    """What one flush writes: packed rows, facts, which station is which, and its time span [min]."""

    packed: dict[type[tuple[object, ...]], bytes]
    rows: _Rows
    stations: columns.StationColumns
    since_min: float | None
    until_min: float


class RunRecorder:
    """
    Takes the facts of one unit of work and keeps them in a run directory.

    Needs nothing but the directory, so that a unit can be simulated by another process than the one that made it. It
    may be simulated several times: each recorder is an attempt with files of its own, and one of them counts, see
    `commit`.

    Parameters
    ----------
    directory
        The run directory.
    mother, replicate
        The unit of work.
    visits
        Whether to keep a row for each packet at each station.

    Attributes
    ----------
    visits
        Where stations write their visits: the same object to the end, because they hold on to it.
        None for no visits.
    lobes, queues
        Where lobes write their state, and the packets at their stations; likewise the same objects to the end.
    attempt
        Which attempt at the unit this is.

    Raises
    ------
    ArchiveError
        If the unit has ended whole before, or the disk refuses.
    """

    def __init__(self, directory: Path, mother: int = 0, replicate: int = 0, *, visits: bool = True) -> None:
        self.visits: VisitLog | None = VisitLog() if visits else None
        self.lobes, self.queues = LobeLog(), QueueLog()
        self._logs: dict[type[tuple[object, ...]], PackedLog] = {LobeSample: self.lobes, QueueSample: self.queues}
        if self.visits is not None:
            self._logs[Visit] = self.visits
        self._directory = directory
        self._unit = (mother, replicate)
        self._lock: int | None
        self.attempt, self._lock = attempts.begin_attempt(directory, mother, replicate)
        self._flushes = Flushes(directory, self.attempt)
        self._present = [table for table in TABLES if table not in OPTIONAL_TABLES or (directory / table).is_dir()]
        self._rows = _no_rows(self._present)
        self._under_way: _Flush | None = None
        self._writing: Future[None] | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._turns: AbstractContextManager[None] = nullcontext()
        self._stations = columns.StationColumns([])
        self._since_min: float | None = None
        self._flushed_min: float | None = None
        self._committed = False

    def __enter__(self) -> Self:
        """The recorder."""
        self._turns = short_turns()  # of this thread and the one that writes
        self._turns.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        """The attempt is over, whether it counts or not."""
        self._turns.__exit__(None, None, None)
        self.release()

    @property
    def pending_rows(self) -> int:
        """Rows recorded and not flushed yet, of all tables."""
        return sum(map(len, self._logs.values())) + sum(map(len, self._rows.values()))

    def stations(self, keys: list[StationKey]) -> None:
        """Set which number is which station; called before the first visit."""
        self._stations = columns.StationColumns(keys)

    def record(self, fact: tuple[object, ...]) -> None:
        """
        Take one fact; its class is the table.

        Raises
        ------
        ArchiveError
            If the run directory was made without this table.
        """
        try:
            self._rows[type(fact)].append(fact)
        except KeyError:
            raise self._without(type(fact)) from None

    def record_rows(self, kind: type[tuple[object, ...]], rows: Sequence[tuple[object, ...]]) -> None:
        """
        Take facts of one kind, as plain tuples of its fields.

        Raises
        ------
        ArchiveError
            If the run directory was made without this table.
        """
        try:
            self._rows[kind] += rows
        except KeyError:
            raise self._without(kind) from None

    def _without(self, kind: type) -> ArchiveError:
        table = next((name for name, each in TABLES.items() if each is kind), kind.__name__)
        return ArchiveError(f"{self._directory} was made without the table {table!r}")

    def instant_over(self, time_min: float) -> None:
        """
        Flush when there is enough to flush.

        Raises
        ------
        ArchiveError
            If the disk has refused the flush before; the rows are kept, and the next flush takes them along.
        """
        if self._flushed_min is None:
            self._flushed_min = time_min
        pending = self.pending_rows
        if pending >= FLUSH_ROWS or (pending and time_min - self._flushed_min >= FLUSH_MIN):
            self._flush(time_min)

    def close(self, time_min: float) -> None:
        """
        Flush what is left; a second call does nothing.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        self.settle()
        if self.pending_rows:
            self._flush(time_min)
        self.pause()

    def pause(self) -> None:
        """
        Wait until all flushes are on the disk, and end the thread that makes them until there is another one.

        Raises
        ------
        ArchiveError
            If the disk refused; its rows are taken back.
        """
        try:
            self.settle()
        finally:
            if self._thread is not None:
                self._thread.shutdown()
            self._thread = None

    def move_to(self, directory: Path) -> None:
        """
        Go on in another run directory, with everything that is recorded: in a process that was forked from the one that
        began.

        The attempt that was begun here stays with that process, as does its lock, which this one has to release first;
        nothing may be under way: see `pause`.

        Parameters
        ----------
        directory
            The other run directory; it has the same tables.

        Raises
        ------
        ArchiveError
            If the unit has ended whole there, or the disk refuses.
        """
        try:
            begun = attempts.continue_elsewhere(self._directory, self.attempt, directory)
        except BaseException:
            self._forget()  # or it would be written into what is the parent's
            raise
        self.attempt, self._lock, length = begun
        self._directory = directory
        self._flushes = Flushes(directory, self.attempt, self._flushes.number, length)

    def _forget(self) -> None:
        """Drop all rows that are not flushed."""
        self._rows = _no_rows(self._present)
        for log in self._logs.values():
            log.take()

    def copy_to(self, directory: Path) -> None:
        """
        Have another run directory hold the same unit, which has ended whole and is about to be committed here.

        Raises
        ------
        ArchiveError
            If the unit has ended whole there, or the disk refuses.
        """
        attempt, descriptor, _ = attempts.continue_elsewhere(self._directory, self.attempt, directory)
        try:
            attempts.claim(directory, attempt)
        finally:
            os.close(descriptor)

    def commit(self) -> bool:
        """
        Have this attempt count, once the unit has been simulated completely and all of it is flushed.

        Returns
        -------
        Whether it counts: another attempt may have been first; the files of this one are gone then. True of one that
        counts already.

        Raises
        ------
        ArchiveError
            If rows are not flushed, or the disk refuses.
        """
        if self.pending_rows or self._writing is not None:
            raise ArchiveError(f"{self.attempt.journal(self._directory)}: {self.pending_rows} rows were not written")
        if not self._committed:
            self._committed = attempts.claim(self._directory, self.attempt)
            self.release()
        return self._committed

    def release(self) -> None:
        """Let others remove this attempt, which is over; a second call does nothing."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _flush(self, time_min: float) -> None:
        """
        Have a part written for every table with rows, then the journal lines that make them count.

        Another thread does it while the model runs: most of it is compression and waiting for the disk. There is one
        flush at a time.
        """
        self.settle()
        since_min = self._first_min() if self._since_min is None else self._since_min
        self._under_way = _Flush(
            {kind: log.take() for kind, log in self._logs.items()},
            self._rows,
            self._stations,
            since_min,
            time_min,
        )
        self._rows = _no_rows(self._present)
        self._since_min = self._flushed_min = time_min
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="flush")
        self._writing = self._thread.submit(self._write_flush, self._under_way)

    def _write_flush(self, flush: _Flush) -> None:
        """Encode and write one flush: in the other thread."""
        self._flushes.write(self._tables(flush), flush.since_min, flush.until_min)

    def settle(self) -> None:
        """
        Wait until the flush under way is on the disk.

        Raises
        ------
        ArchiveError
            If the disk refused; its rows are taken back.
        """
        if self._writing is None:
            return
        writing, flush, self._writing = self._writing, self._under_way, None
        assert flush is not None
        try:
            writing.result()
        except BaseException:
            self._take_back(flush)
            raise
        finally:
            self._under_way = None

    def _take_back(self, flush: _Flush) -> None:
        """Rows that could not be written come before those recorded since."""
        for kind, packed in flush.packed.items():
            self._logs[kind].put_back(packed)
        self._rows = {kind: flush.rows[kind] + rows for kind, rows in self._rows.items()}
        self._since_min = flush.since_min

    def _tables(self, flush: _Flush) -> list[tuple[str, Any]]:
        """Arrow tables of one flush; empty ones left out."""
        tables = []
        for table in self._present:
            kind, parts = TABLES[table], []
            if packed := flush.packed.get(kind):
                parts.append(flush.stations.table(table, packed, *self._unit))
            if flush.rows.get(kind):
                parts.append(columns.from_facts(table, flush.rows[kind], *self._unit))
            if parts:
                tables.append((table, columns.joined(parts)))
        return tables

    def _first_min(self) -> float | None:
        """Time of the first fact [min since birth]: a run takes its first samples when it starts."""
        firsts = [rows[0] for rows in self._rows.values() if rows]
        times = [getattr(fact, name, None) for fact in firsts for name in ("time_min", "start_min")]
        return min((time_min for time_min in times if time_min is not None), default=None)
