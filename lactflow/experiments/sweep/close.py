"""
Merging the parts of a sweep into few large ones.

The new parts and their ledger come first, and what they replace goes afterwards: a sweep that is stopped anywhere
between has every result at least once, and readers count none twice. A worker may continue meanwhile: a ledger is
renamed before it is removed, what its writer has added since is carried over, and the writer notices and begins a new
one.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.experiments.sweep.plan import SWEEP, Plan
from lactflow.experiments.sweep.store import (
    CLOSED,
    LEDGER,
    ROWS,
    LedgerFile,
    Ledgers,
    Line,
    new_name,
    parsed_lines,
    part_file,
    read_part,
    together,
    write_part,
)
from lactflow.experiments.sweep.writer import KEY, encode, library_versions
from lactflow.kinetics import plain_sum
from lactflow.recording.files import one_line_errors, read_regular, replace_file, sync_folder
from lactflow.recording.folder import read_folder
from lactflow.recording.lock import DirectoryLock

LARGEST_BYTES = 128_000_000
"""Of a merged part, about."""
_PREFIX = "closed-"
"""Of the names of merged parts: the lock of the folder excludes that another closing is writing one."""
_YOUNG_S = 3600.0
"""Age of a part that no ledger names, and that is not waited for any more."""


class Closed(NamedTuple):
    """How many files there were, parts and ledgers, and how many there are."""

    before: int
    after: int


def close(folder: str | Path, largest_bytes: int = LARGEST_BYTES) -> Closed:
    """
    Merge the parts of a sweep into files of about one size, sorted by unit.

    Parameters
    ----------
    folder
        The sweep.
    largest_bytes
        Size of a merged part.

    Raises
    ------
    DirectoryInUseError
        If `lactflow sweep` is working on it, or another one closes it.
    ArchiveError
        If it is no sweep, or the disk refuses.
    """
    path = Path(folder)
    lock = DirectoryLock(path) if (path / "manifest.json").exists() else None
    try:
        manifest, _ = read_folder(path, SWEEP)
        restore(path)
        _tidy(path)
        return _Closing(path, Plan(path, manifest), largest_bytes).closed()
    finally:
        if lock is not None:
            lock.release()


def restore(folder: Path) -> None:
    """
    Bring back ledgers that a closing did not come to remove.

    Parameters
    ----------
    folder
        The sweep, held.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    ledgers = folder / LEDGER
    with one_line_errors("write", ledgers):
        for path in sorted(ledgers.glob(f"{CLOSED}*.jsonl")) if ledgers.is_dir() else []:
            path.rename(ledgers / f"{new_name()}.jsonl")
        if ledgers.is_dir():
            sync_folder(ledgers)


def _tidy(folder: Path) -> None:
    """
    Remove parts that no ledger names: of closings that were stopped, and of workers that died long ago.

    A part is written before its line; a young one without a line may be of a worker that is about to write that.
    """
    ledgers = Ledgers(folder)
    ledgers.refresh()
    named = {file for line in ledgers.lines for file in line.files.values()}
    old_s = time.time() - _YOUNG_S
    with one_line_errors("write", folder):
        for path in [*folder.glob("*/part-*.parquet"), *folder.glob("*/.part-*.tmp")]:
            mine = path.name.lstrip(".").startswith(f"part-{_PREFIX}")
            try:
                if path.relative_to(folder).as_posix() not in named and (mine or path.stat().st_mtime < old_s):
                    path.unlink()
            except FileNotFoundError:
                continue


class _Closing:
    """One closing of one sweep."""

    def __init__(self, folder: Path, plan: Plan, largest_bytes: int) -> None:
        self._folder, self._largest = folder, largest_bytes
        self._order = plan.first_units()
        self._name = _PREFIX + new_name()

    def closed(self) -> Closed:
        """Merge what is there now."""
        ledgers = self._ledgers()
        contents = {path: self._read(path) for path in ledgers}
        lines = {path: list(parsed_lines(path, content, 1)) for path, content in contents.items()}
        every = [line for path in ledgers for line in lines[path]]
        claimed = self._claimed(every)
        before = len(ledgers) + len({file for line in every for file in line.files.values() if self._has(file)})
        if len(ledgers) <= 1 and len(every) <= 1:
            return Closed(before, before)
        merged = [self._merged(part) for part in self._batches(claimed)]
        done = set(claimed)
        failed = {each["key"]: each for line in every for each in line.failed if each["key"] not in done}
        seconds = plain_sum(line.seconds for line in every)
        branched = sum(line.branched for line in every)
        merged.append(Line({}, {}, [], list(failed.values()), round(seconds, 6), library_versions(), branched=branched))
        path = self._folder / LEDGER / f"{self._name}.jsonl"
        replace_file(path, b"".join(line.encoded() for line in merged))
        self._remove(contents, lines)
        return Closed(before, 1 + sum(len(line.files) for line in merged))

    def _ledgers(self) -> list[Path]:
        folder = self._folder / LEDGER
        with one_line_errors("read", folder):
            return sorted(path for path in folder.glob("*.jsonl") if not path.name.startswith("."))

    def _read(self, path: Path) -> bytes:
        with one_line_errors("read", path):
            content = read_regular(path)
        return content[: content.rfind(b"\n") + 1]

    def _has(self, file: str) -> bool:
        return (self._folder / file).exists()

    def _claimed(self, lines: Sequence[Line]) -> dict[str, Line]:
        found: dict[str, Line] = {}
        for line in lines:
            if line.keys and all(self._has(file) for file in line.files.values()):
                for key in line.keys:
                    found.setdefault(key, line)
        return found

    def _batches(self, claimed: dict[str, Line]) -> Iterator[dict[str, Line]]:
        """Keys in the order of the plan, in batches that make parts of about one size."""
        sizes = {id(line): self._bytes_per_key(line) for line in {id(x): x for x in claimed.values()}.values()}
        batch: dict[str, Line] = {}
        total = 0.0
        for key in sorted(claimed, key=lambda key: self._order.get(key, len(self._order))):
            if batch and total >= self._largest:
                yield batch
                batch, total = {}, 0.0
            batch[key] = claimed[key]
            total += sizes[id(claimed[key])]
        if batch:
            yield batch

    def _bytes_per_key(self, line: Line) -> float:
        largest = max((self._folder / file).stat().st_size for file in line.files.values())
        return largest / len(line.keys)

    def _merged(self, batch: dict[str, Line]) -> Line:
        """Write one merged part of every table."""
        lines = {id(line): line for line in batch.values()}
        tables = dict.fromkeys(table for line in lines.values() for table in line.files)
        number = getattr(self, "_number", 0)
        self._number = number + 1
        files, digests = {}, {}
        for table in tables:
            rows = self._rows(table, batch, [line for line in lines.values() if table in line.files])
            if rows.num_rows or table == ROWS:
                files[table] = part_file(table, self._name, number)
                content = encode(rows)
                digests[table] = hashlib.sha256(content).hexdigest()
                write_part(self._folder, files[table], content)
        return Line(files, digests, list(batch), [], 0.0, library_versions())

    def _rows(self, table: str, batch: dict[str, Line], lines: Sequence[Line]) -> Any:
        """Rows of a table, of the keys that each line counts for, by unit."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        parts = []
        for line in lines:
            try:
                rows = read_part(self._folder, table, line)
            except FileNotFoundError as error:
                raise DamagedRunError(f"{self._folder / line.files[table]} is missing") from error
            mine = pa.array([key for key in line.keys if batch.get(key) is line], pa.string())
            parts.append(rows.filter(pc.is_in(pc.cast(rows[KEY], pa.string()), value_set=mine)))
        rows = together(parts).unify_dictionaries()
        wanted = {key: number for number, key in enumerate(batch)}
        order = np.array([wanted[key] for key in pc.cast(rows[KEY], pa.string()).to_pylist()], dtype=np.int64)
        return rows.take(pa.array(np.argsort(order, kind="stable")))

    def _remove(self, contents: dict[Path, bytes], lines: dict[Path, list[Line]]) -> None:
        """Remove what was merged; what a living writer has added to its ledger since is carried over."""
        folder = self._folder / LEDGER
        carried = LedgerFile(self._folder, new_name())
        with one_line_errors("write", folder):
            for path, content in contents.items():
                taken = folder / f"{CLOSED}{path.name}"
                try:
                    path.rename(taken)
                except FileNotFoundError as error:
                    raise ArchiveError(f"{path} is gone: somebody else is changing {self._folder}") from error
                sync_folder(folder)
                for line in parsed_lines(taken, self._read(taken)[len(content) :], len(lines[path]) + 1):
                    carried.append(line)
                for file in {file for line in lines[path] for file in line.files.values()}:
                    (self._folder / file).unlink(missing_ok=True)
                taken.unlink()
            sync_folder(folder)
