"""
Putting parts together: of a run with many units of work, one file a table in place of one for each unit and flush.

Each part becomes a row group, in the order of the units, and a unit is put together once it has ended, while others are
simulated. Nothing that counts is touched until the run is closed. Then the journal of merged units is written, which is
the step that decides; only after it the parts of the units are removed, and their places taken. Whatever a crash leaves
is a run with all of its units, as its journals say; a plain read of a table may lack rows until merging is finished.
Rows of visits stay where they are: there are few units to a file of them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from lactflow.recording.attempts import is_claimed
from lactflow.recording.columns import schema
from lactflow.recording.encoding import encoding_of
from lactflow.recording.files import hidden, one_line_errors, replace_file, sync_folders, take_place
from lactflow.recording.journal import EMPTY_PARTS, journal_path, read_claimed, read_empty_parts
from lactflow.recording.merged import MERGED, merged_lines, read_merged
from lactflow.recording.parts import JOURNAL, Journal, Part, lines, merged_file
from lactflow.recording.reader import read_part

FEWEST_UNITS = 25
"""Units of work from which on a run is put together: with fewer of them it has a few hundred files."""
APART = ("visits",)
"""Tables that are not put together."""


class _Hashed:
    """A file that is written once from beginning to end, and its hash."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("wb")
        self._digest = hashlib.sha256()

    def write(self, content: Any) -> int:
        """Write some bytes."""
        self._digest.update(content)
        return self._file.write(content)

    def tell(self) -> int:
        """How many have been written."""
        return self._file.tell()

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._file.flush()

    @property
    def closed(self) -> bool:
        """Whether nothing more can be written."""
        return self._file.closed

    def close(self) -> None:
        """Make it durable, once."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def sha256(self) -> str:
        """Its hash so far."""
        return self._digest.hexdigest()


class _Table:
    """The one file of a table, while it is being written under a hidden name."""

    def __init__(self, directory: Path, table: str) -> None:
        import pyarrow.parquet as pq

        self.path = hidden(directory / merged_file(table))
        self._sink = _Hashed(self.path)
        self._writer = pq.ParquetWriter(self._sink, schema(table), **encoding_of(table))
        self._groups = 0

    def add(self, rows: Any) -> int:
        """Write the rows of a part; the number of their row group."""
        self._writer.write_table(rows, row_group_size=max(1, rows.num_rows))
        self._groups += 1
        return self._groups - 1

    def close(self) -> str:
        """Make it durable; its hash."""
        self._writer.close()
        self._sink.close()
        return self._sink.sha256()

    def discard(self) -> None:
        """Remove it."""
        for each in (self._writer, self._sink):  # a writer that is not closed writes when it is collected
            with suppress(Exception):
                each.close()
        with suppress(OSError):
            self.path.unlink()


class Merger:
    """
    Puts the parts of a run's units together, in another thread.

    Parameters
    ----------
    directory
        The run directory.
    units
        Mother and replicate of every unit, in the order of their rows.
    """

    def __init__(self, directory: Path, units: Sequence[tuple[int, int]]) -> None:
        self._directory = directory
        self._waiting = list(reversed(units))
        self._ended: set[tuple[int, int]] = set()
        self._tables: dict[str, _Table] = {}
        self._journals: list[Journal] = []
        self._thread: ThreadPoolExecutor | None = None
        self._under_way: list[Future[None]] = []

    def ended(self, mother: int, replicate: int) -> None:
        """A unit has ended whole: it is put together once all before it are."""
        self._ended.add((mother, replicate))
        ready = []
        while self._waiting and self._waiting[-1] in self._ended:
            ready.append(self._waiting.pop())
        if ready:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, "merge")
            self._under_way.append(self._thread.submit(self._add, ready))

    @property
    def whole(self) -> bool:
        """Whether all units have ended whole."""
        return all(unit in self._ended or is_claimed(self._directory, *unit) for unit in self._waiting)

    def finish(self) -> list[Journal]:
        """
        Put together what is left, and have the run consist of that.

        Returns
        -------
        The journals of all units, as they are from now on.

        Raises
        ------
        DamagedRunError
            If a part is not what was written.
        ArchiveError
            If the disk refuses; the run is as it was, or put together.
        """
        try:
            for unit in list(reversed(self._waiting)):
                self.ended(*unit)
            self._settle()
            with one_line_errors("put the tables together in", self._directory):
                hashes = {table: file.close() for table, file in self._tables.items()}
            journals = [
                journal._replace(parts=tuple(_with_hash(part, hashes) for part in journal.parts))
                for journal in self._journals
            ]
            replace_file(self._directory / JOURNAL / MERGED, merged_lines(journals))
        except BaseException:
            if not (self._directory / JOURNAL / MERGED).exists():  # once it is there, the run consists of these files
                self.give_up()
            raise
        take_places(self._directory, {journal[:2]: journal for journal in journals})
        return journals

    def give_up(self) -> None:
        """Leave the run as it is."""
        with suppress(Exception):
            self._settle()
        for file in self._tables.values():
            file.discard()

    def _settle(self) -> None:
        under_way, self._under_way = self._under_way, []
        try:
            for each in under_way:
                each.result()
        finally:
            if self._thread is not None:
                self._thread.shutdown(cancel_futures=True)
                self._thread = None

    def _add(self, units: Iterable[tuple[int, int]]) -> None:
        for unit in units:
            journal = read_claimed(self._directory, *unit, checked=True)
            assert journal is not None
            self._journals.append(journal._replace(parts=tuple(map(self._moved, journal.parts))))

    def _moved(self, part: Part) -> Part:
        """A part, in the file of its table; its hash is not known before that is closed."""
        if part.table in APART or not part.rows:
            return part
        rows = read_part(self._directory, part)
        with one_line_errors("put the tables together in", self._directory):
            if part.table not in self._tables:
                self._tables[part.table] = _Table(self._directory, part.table)
            return part._replace(file=merged_file(part.table), group=self._tables[part.table].add(rows))


def _with_hash(part: Part, hashes: dict[str, str]) -> Part:
    return part if part.group is None else part._replace(sha256=hashes[part.table])


def take_places(directory: Path, merged: Mapping[tuple[int, int], Journal] | None = None) -> None:
    """
    Remove what is in the files of a run that was put together as well, and give these their names; does nothing twice.

    Parameters
    ----------
    directory
        The run directory, which no other process writes.
    merged
        Journals of its merged units; read when None.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    if merged is None:
        merged = read_merged(directory)
    if not merged:
        return
    kept = {part.file for journal in merged.values() for part in journal.parts}
    tables = {part.table for journal in merged.values() for part in journal.parts if part.group is not None}
    with one_line_errors("put the tables together in", directory):
        for unit in merged:
            journal_path(directory, *unit).unlink(missing_ok=True)
        _keep_empty_parts(directory, tables)
        for table in tables:
            _take_place(directory, table, kept)
        sync_folders([directory / JOURNAL, *(directory / table for table in sorted(tables))])


def _keep_empty_parts(directory: Path, without: Collection[str]) -> None:
    """Leave out the empty parts of tables that have rows; they are removed with the others."""
    empty = [part for part in read_empty_parts(directory) if part.table not in without]
    replace_file(directory / JOURNAL / EMPTY_PARTS, lines(part._replace(parts=len(empty)) for part in empty))


def _take_place(directory: Path, table: str, kept: Collection[str]) -> None:
    place = directory / merged_file(table)
    for path in (directory / table).glob("part-*.parquet"):
        if f"{table}/{path.name}" not in kept:
            path.unlink()
    with suppress(FileNotFoundError):  # it has it
        take_place(place)
