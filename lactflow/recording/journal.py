"""
The journal of one unit of work: a line for every part, written when all parts of a flush are in place.

Ten renames are not one instant. The journal decides what belongs to a run: a flush counts when all its lines
are there, and a part that no line names does not count. Each line has a checksum of its own.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, NamedTuple

from lactflow.errors import DamagedRunError
from lactflow.recording.files import read_regular, told_in_one_line
from lactflow.records import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

JOURNAL = "journal"
CHECK = "check"
"""Last key of a line: its checksum. Lines of older versions have none."""
_CHECK_DIGITS = 16
_NAME = re.compile(r"(\d+)-(\d+)\.jsonl")


class Part(NamedTuple):
    """
    One line of the journal: one file of one table.

    Attributes
    ----------
    table, file
        Name of the table; path of the part from the run directory, with `/`.
    rows, sha256
        What the file holds, to tell damage.
    flush, parts
        Number of the flush in its unit of work; how many lines that flush has.
    from_min, to_min
        Simulated time the flush covers [min since birth]; None for the empty parts.
    """

    table: str
    file: str
    rows: int
    sha256: str
    flush: int
    parts: int
    from_min: float | None
    to_min: float | None


class Journal(NamedTuple):
    """
    What stands in the journal of one unit of work.

    Attributes
    ----------
    mother, replicate
        The unit of work.
    parts
        Parts of complete flushes, in order.
    remainder
        Lines of a flush that was not written to its end, a torn last line among them; 0 when all is whole.
    """

    mother: int
    replicate: int
    parts: tuple[Part, ...]
    remainder: int

    @property
    def span_min(self) -> tuple[float, float] | None:
        """Simulated time from the first fact to the last complete flush [min since birth]."""
        starts = [part.from_min for part in self.parts if part.from_min is not None]
        ends = [part.to_min for part in self.parts if part.to_min is not None]
        return (min(starts), max(ends)) if starts and ends else None


def journal_path(directory: Path, mother: int, replicate: int) -> Path:
    """Where the journal of one unit of work is."""
    return directory / JOURNAL / f"{mother}-{replicate}.jsonl"


def part_file(table: str, mother: int, replicate: int, number: int) -> str:
    """Path of a part from the run directory; padded, so that names sort as numbers do."""
    return f"{table}/part-{mother:04d}-{replicate:04d}-{number:06d}.parquet"


def lines(parts: Iterable[Part]) -> bytes:
    """Journal lines of one flush, to be written at once."""
    return b"".join(_line(part) for part in parts)


def _line(part: Part) -> bytes:
    return f'{_text(part)[:-1]},"{CHECK}":"{_check(part)}"}}\n'.encode()


def _text(part: Part) -> str:
    return json.dumps(part._asdict(), separators=(",", ":"))


def _check(part: Part) -> str:
    """Checksum of a line: of what it says, not of its letters."""
    return hashlib.sha256(_text(part).encode()).hexdigest()[:_CHECK_DIGITS]


def read_journals(directory: Path, *, checked: bool = False) -> list[Journal]:
    """
    Read the journals of a run directory, ordered by mother and replicate.

    Parameters
    ----------
    directory
        The run directory.
    checked
        Whether every line must have its checksum; in runs of older versions none has.

    Raises
    ------
    DamagedRunError
        If a line other than a torn last one cannot be read or is not what was written, or there is no journal.
    ArchiveError
        If the disk refuses.
    """
    units = _files(directory)
    if not units:
        raise DamagedRunError(f"{directory} has no journal")
    return [_read_journal(path, mother, replicate, checked=checked) for mother, replicate, path in units]


def journals_sha256(directory: Path) -> str:
    """
    SHA-256 of all journals of a run directory together: names and contents, in order.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    digest = hashlib.sha256()
    for _, _, path in _files(directory):
        with told_in_one_line("read", path):
            content = read_regular(path)
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _files(directory: Path) -> list[tuple[int, int, Path]]:
    """Mother, replicate and file of each journal, in order."""
    folder = directory / JOURNAL
    with told_in_one_line("read", folder):
        found = [(_NAME.fullmatch(path.name), path) for path in folder.iterdir()] if folder.is_dir() else []
    return sorted((int(match[1]), int(match[2]), path) for match, path in found if match)


def _read_journal(path: Path, mother: int, replicate: int, *, checked: bool) -> Journal:
    with told_in_one_line("read", path):
        *written, torn = read_regular(path).split(b"\n")
    unit = (mother, replicate)
    parts = [_parse(path, number, line, unit, checked=checked) for number, line in enumerate(written, start=1)]
    flushes: dict[int, list[Part]] = {}
    for part in parts:
        flushes.setdefault(part.flush, []).append(part)
    numbers = list(flushes)
    if numbers and (numbers[0] > 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers)))):
        raise DamagedRunError(f"{path}: flushes {numbers} are not consecutive: lines are missing")
    whole: list[Part] = []
    for number, flush in flushes.items():
        if len(flush) != flush[0].parts:
            if number != numbers[-1]:
                raise DamagedRunError(f"{path}: flush {number} has {len(flush)} of {flush[0].parts} lines")
            break
        whole += flush
    return Journal(mother, replicate, tuple(whole), len(parts) - len(whole) + bool(torn))


def _parse(path: Path, number: int, line: bytes, unit: tuple[int, int], *, checked: bool) -> Part:
    """One line, checked: a damaged one may not send a reader to another file."""
    try:
        told = json.loads(line)
        check = told.pop(CHECK, None)
        part = Part(**told)
        named = part.table in TABLES and part.file == part_file(part.table, *unit, part.flush)
        whole = all(type(count) is int and count >= 0 for count in (part.rows, part.parts, part.flush))
        known = all(time is None or isinstance(time, int | float) for time in (part.from_min, part.to_min))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedRunError(f"{path}:{number}: not a journal line") from error
    if not (named and whole and known):
        raise DamagedRunError(f"{path}:{number}: not a line of this journal")
    if check != _check(part) and (checked or check is not None):
        raise DamagedRunError(f"{path}:{number}: not what was written: its checksum is another")
    return part
