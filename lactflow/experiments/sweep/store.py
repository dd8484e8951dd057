"""
A folder of results that many write at once: parts, and ledgers that say which of them count.

    ledger/<writer>.jsonl              a line for each time that a writer wrote parts
    rows/part-<writer>-<n>.parquet     a row of measures for each unit of work, by its key
    <table>/part-<writer>-<n>.parquet  rows of a recorded table, by the key of the unit

Each writer has a random name of its own, and appends a line once its parts are durable. A unit is done when a line says
so whose parts are there; where several lines say so the first one counts, by the name of the ledger and then by the
line. A torn last line is ignored. A sweep and a cache have this form.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.errors import DamagedRunError
from lactflow.recording.files import one_line_errors, read_regular, sync_folder, take_place, write_all, write_hidden
from lactflow.systems import open_file

LEDGER, ROWS = "ledger", "rows"
CLOSED = ".closed-"
"""Before the name of a ledger that is being merged into another."""
_CHECK = "check"
_CHECK_DIGITS = 16


class Line(NamedTuple):
    """
    One line of a ledger: what a writer has written at once.

    Attributes
    ----------
    files
        Path of each part below the folder, by table; `rows` for the measures.
    sha256
        Of each of them, by table.
    keys
        Of the units whose results are in them.
    failed
        Units that could not be simulated: `key`, `unit`, `message`, `exit_code` of each.
    seconds
        CPU time that their simulation took [s].
    versions
        Of lactflow, its model and its libraries.
    cached
        Whether they were taken from a cache.
    branched
        How many of the units had their past simulated together with that of others.
    """

    files: dict[str, str]
    sha256: dict[str, str]
    keys: list[str]
    failed: list[dict[str, Any]]
    seconds: float
    versions: dict[str, Any]
    cached: bool = False
    branched: int = 0

    @property
    def text(self) -> str:
        """The line as JSON; it does not have what is 0 in the lines of older versions, which do not have it."""
        fields = self._asdict()
        if not self.branched:
            del fields["branched"]
        return json.dumps(fields, separators=(",", ":"))

    def encoded(self) -> bytes:
        """The line as it is written, with its checksum."""
        text = self.text
        return f'{text[:-1]},"{_CHECK}":"{_check(text)}"}}\n'.encode()


def _check(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_CHECK_DIGITS]


def new_name() -> str:
    """A random name for a writer."""
    return secrets.token_hex(8)


def part_file(table: str, writer: str, number: int) -> str:
    """Path of a part below the folder."""
    return f"{table}/part-{writer}-{number:05d}.parquet"


class Ledgers:
    """
    The ledgers of a folder; `refresh` reads what has come since.

    Parameters
    ----------
    folder
        Of a sweep or a cache.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines: dict[str, list[Line]] = {}
        self._lengths: dict[str, tuple[int, int]] = {}

    def refresh(self) -> list[Line]:
        """
        Read what is new.

        Returns
        -------
        The lines that have come since, in the order in which they count. Everything, where a ledger is gone: its lines
        stand in another one.

        Raises
        ------
        DamagedRunError
            If a line other than a torn last one is not what was written.
        ArchiveError
            If the disk refuses.
        """
        folder = self._folder / LEDGER
        with one_line_errors("read", folder):
            names = sorted(path.name for path in folder.iterdir() if _is_ledger(path.name)) if folder.is_dir() else []
        if set(self._lines) - set(names):
            self._lines, self._lengths = {}, {}
        new: list[Line] = []
        for name in names:
            fresh = self._read(folder / name)
            self._lines.setdefault(name, []).extend(fresh)
            new += fresh
        return new

    def _read(self, path: Path) -> list[Line]:
        length, inode = self._lengths.get(path.name, (0, 0))
        with one_line_errors("read", path):
            try:
                found = path.stat()
            except FileNotFoundError:  # merged meanwhile
                return []
            if (found.st_size, found.st_ino) == (length, inode):
                return []
            content = read_regular(path)
        if found.st_ino != inode:
            length = 0
            self._lines[path.name] = []
        whole = content.rfind(b"\n") + 1
        self._lengths[path.name] = (whole, found.st_ino)
        number = content.count(b"\n", 0, length)
        return list(parsed_lines(path, content[length:whole], number + 1))

    @property
    def lines(self) -> Iterator[Line]:
        """All lines that were read, in the order in which they count."""
        return (line for name in sorted(self._lines) for line in self._lines[name])

    def claimed(self) -> dict[str, Line]:
        """The line that counts for each key that is done: the first whose parts are all there."""
        found: dict[str, Line] = {}
        for line in self.lines:
            if line.keys and all((self._folder / file).exists() for file in line.files.values()):
                for key in line.keys:
                    found.setdefault(key, line)
        return found

    def failures(self, done: Mapping[str, object]) -> dict[str, dict[str, Any]]:
        """The last failure of each key that failed and is not done."""
        return {each["key"]: each for line in self.lines for each in line.failed if each["key"] not in done}


def _is_ledger(name: str) -> bool:
    return name.endswith(".jsonl") and not name.startswith(".")


def parsed_lines(path: Path, content: bytes, first: int) -> Iterator[Line]:
    """
    Lines of a ledger.

    Parameters
    ----------
    path
        For messages.
    content
        Whole lines.
    first
        Number of the first of them.

    Raises
    ------
    DamagedRunError
        If one is not what was written.
    """
    for number, raw in enumerate(content.splitlines(), start=first):
        try:
            read = json.loads(raw)
            check = read.pop(_CHECK)
            line = Line(**read)
            files = [line.files, line.sha256]
            named = all(isinstance(each, dict) for each in files) and line.files.keys() == line.sha256.keys()
            inside = all(file.startswith(f"{table}/part-") and ".." not in file for table, file in line.files.items())
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise DamagedRunError(f"{path}:{number}: not a line of a ledger") from error
        if not (named and inside) or check != _check(line.text):
            raise DamagedRunError(f"{path}:{number}: not what was written: its checksum is another")
        yield line


class LedgerFile:
    """
    One ledger, while its writer appends to it.

    Parameters
    ----------
    folder
        Of a sweep or a cache.
    writer
        Its name.
    """

    def __init__(self, folder: Path, writer: str) -> None:
        self.path = folder / LEDGER / f"{writer}.jsonl"
        self._length = 0

    def append(self, line: Line) -> None:
        """
        Append a line, durably; again where the ledger was taken away meanwhile, because others were merged.

        Raises
        ------
        ArchiveError
            If the disk refuses; what was written of the line is cut off by the next one, and never read.
        """
        content = line.encoded()
        with one_line_errors("write", self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            while not self._appended(content):
                self._length = 0

    def _appended(self, content: bytes) -> bool:
        descriptor = open_file(self.path, os.O_WRONLY | os.O_CREAT)
        try:
            size = os.fstat(descriptor).st_size
            is_new, length = size == 0, min(size, self._length)
            os.ftruncate(descriptor, length)
            os.lseek(descriptor, length, os.SEEK_SET)
            try:
                write_all(descriptor, content)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(descriptor, length)
                raise
            if is_new:
                sync_folder(self.path.parent)
            self._length = length + len(content)
            with suppress(FileNotFoundError):
                return self.path.stat().st_ino == os.fstat(descriptor).st_ino
            return False
        finally:
            os.close(descriptor)


def write_part(folder: Path, file: str, content: bytes) -> None:
    """
    Put a part in its place, durably.

    Raises
    ------
    ArchiveError
        If the disk refuses; nothing is left of it then.
    """
    path = folder / file
    with one_line_errors("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_hidden(path, content)
        take_place(path)
        sync_folder(path.parent)


def publish(folder: Path, line: Line, cache: Path, ledger: LedgerFile) -> None:
    """
    Have a cache keep what a sweep has written: its files are linked there where that is possible, else copied.

    Parameters
    ----------
    folder
        The sweep.
    line
        What was written.
    cache
        The cache.
    ledger
        The writer's ledger in it.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    for file in line.files.values():
        path = cache / file
        with one_line_errors("write", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                path.hardlink_to(folder / file)
            except FileExistsError:
                continue
            except OSError:
                write_part(cache, file, read_regular(folder / file))
            sync_folder(path.parent)
    ledger.append(line)


def read_part(folder: Path, table: str, line: Line, names: Sequence[str] | None = None) -> Any:
    """
    A part as an Arrow table, if it is what was written.

    Raises
    ------
    DamagedRunError
        If it is not.
    FileNotFoundError
        If it is not there: it may have been merged into another meanwhile.
    ArchiveError
        If the disk refuses.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / line.files[table]
    try:
        content = read_regular(path)
    except FileNotFoundError:
        raise
    except OSError:
        with one_line_errors("read", path):
            raise
    if hashlib.sha256(content).hexdigest() != line.sha256[table]:
        raise DamagedRunError(f"{path} is damaged: its hash is not the one in the ledger")
    with pq.ParquetFile(pa.BufferReader(content)) as file:
        return file.read(columns=None if names is None else list(names), use_threads=False)


def together(parts: Sequence[Any]) -> Any:
    """
    Parts of one table as one. Rows of units that take other drugs have other measures: null where a part has none.

    Parameters
    ----------
    parts
        As `read_part` gives them.
    """
    import pyarrow as pa

    return pa.concat_tables(parts, promote_options="default")
