"""
The journal of one unit of work: a line for every part, written when all parts of a flush are in place.

Ten renames are not one instant. The journal decides what belongs to a run: a flush counts when all its lines
are there, and a part that no line names does not count. Each line has a checksum of its own.

A unit may be simulated several times, and each attempt has a journal, `<mother>-<replicate>.<attempt>.jsonl`. That of
the attempt which ended first is the journal of the unit, `<mother>-<replicate>.jsonl`; see `recording.attempts`. The
empty parts that every run begins with stand in `tables.jsonl`; older versions had them at the head of `0-0.jsonl`.
`merged.jsonl` has the lines of units whose parts were put together: see `recording.merging`.
"""

from __future__ import annotations

import hashlib
import json
import re
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from lactflow.errors import DamagedRunError
from lactflow.recording.files import one_line_errors, read_regular
from lactflow.recording.merged import MERGED, read_merged
from lactflow.recording.parts import CHECK, JOURNAL, Journal, Part, attempt_and_number, check_of, part_file
from lactflow.records import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EMPTY_PARTS = "tables.jsonl"
"""The journal of no unit: an empty part of every table."""
JOURNAL_NAME = re.compile(r"(\d+)-(\d+)(?:\.(\d+))?\.jsonl")


class Journals(NamedTuple):
    """
    What the journals of a run directory say.

    Attributes
    ----------
    empty
        The empty parts that the run began with; none in runs of older versions, which have them in the first unit.
    units
        A journal for each unit of work, ordered by mother and replicate.
    """

    empty: tuple[Part, ...]
    units: tuple[Journal, ...]

    def parts(self) -> Iterator[Part]:
        """Every part that belongs to the run."""
        yield from self.empty
        for journal in self.units:
            yield from journal.parts


class JournalFile(NamedTuple):
    """
    The file of a journal.

    Attributes
    ----------
    mother, replicate
        The unit of work.
    attempt
        Which attempt at it; None for that which is claimed.
    path
        The file.
    """

    mother: int
    replicate: int
    attempt: int | None
    path: Path

    @property
    def unit(self) -> tuple[int, int]:
        """Mother and replicate."""
        return self.mother, self.replicate


def journal_path(directory: Path, mother: int, replicate: int, attempt: int | None = None) -> Path:
    """Where the journal of one unit of work is, once it is claimed; or that of an attempt."""
    number = "" if attempt is None else f".{attempt}"
    return directory / JOURNAL / f"{mother}-{replicate}{number}.jsonl"


def read_journals(directory: Path, *, checked: bool = False) -> Journals:
    """
    Read the journals of a run directory: of each unit the one that is claimed, else that which got farthest.

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
    files, first = journal_files(directory), directory / JOURNAL / EMPTY_PARTS
    empty: tuple[Part, ...] = ()
    if first.exists():
        empty = read_empty_parts(directory, checked=checked)
    elif not files and not (directory / JOURNAL / MERGED).exists():
        raise DamagedRunError(f"{directory} has no journal")
    merged = read_merged(directory)
    left = (file for file in files if file.unit not in merged)
    found = [_read_unit(list(attempts), checked=checked) for _, attempts in groupby(left, lambda file: file.unit)]
    units = [*merged.values(), *(journal for journal in found if journal is not None)]
    return Journals(empty, tuple(sorted(units, key=lambda journal: journal[:2])))


def read_empty_parts(directory: Path, *, checked: bool = True) -> tuple[Part, ...]:
    """
    Read which empty parts a run has.

    Parameters
    ----------
    directory, checked
        As `read_journals` takes them; the run is of no older version.

    Raises
    ------
    DamagedRunError
        If a line is not what was written.
    ArchiveError
        If the disk refuses.
    """
    return _read_journal(JournalFile(0, 0, 1, directory / JOURNAL / EMPTY_PARTS), checked=checked).parts


def read_claimed(directory: Path, mother: int, replicate: int, *, checked: bool = False) -> Journal | None:
    """
    Read the journal of one unit of work, if that is claimed.

    Parameters
    ----------
    directory, mother, replicate
        The run directory, and the unit.
    checked
        As `read_journals` takes it.

    Raises
    ------
    DamagedRunError
        If it is not what was written.
    ArchiveError
        If the disk refuses.
    """
    path = journal_path(directory, mother, replicate)
    return _read_journal(JournalFile(mother, replicate, None, path), checked=checked) if path.exists() else None


def read_attempt(directory: Path, mother: int, replicate: int, attempt: int) -> Journal:
    """
    Read the journal of one attempt at a unit of work.

    Raises
    ------
    DamagedRunError
        If it is not what was written.
    ArchiveError
        If it is not there, or the disk refuses.
    """
    path = journal_path(directory, mother, replicate, attempt)
    with one_line_errors("read", path):
        return _read_journal(JournalFile(mother, replicate, attempt, path), checked=True)


def _read_unit(files: list[JournalFile], *, checked: bool) -> Journal | None:
    """The journal of a unit that counts, of several; None where there is none any more."""
    attempts = []
    for file in files:
        try:
            journal = _read_journal(file, checked=checked)
        except FileNotFoundError:  # claimed since, or given up
            continue
        if journal.claimed:
            return journal
        attempts.append(journal)
    directory = files[0].path.parent.parent
    claimed = read_claimed(directory, *files[0].unit) if len(attempts) < len(files) else None
    return claimed or max(attempts, key=_reached, default=None)


def _reached(journal: Journal) -> tuple[float, int]:
    """How far an attempt got; of several that got as far, the first is taken."""
    return (-inf if journal.span_min is None else journal.span_min[1]), len(journal.parts)


def journals_sha256(directory: Path) -> str:
    """
    SHA-256 of all journals of a run directory together: names and contents, in order.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    digest = hashlib.sha256()
    others = (directory / JOURNAL / name for name in (EMPTY_PARTS, MERGED))
    for path in [*(path for path in others if path.exists()), *(file.path for file in journal_files(directory))]:
        with one_line_errors("read", path):
            content = read_regular(path)
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def journal_files(directory: Path) -> list[JournalFile]:
    """
    Files of journals of units, ordered by mother, replicate and attempt; of each unit the claimed one first.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    folder = directory / JOURNAL
    with one_line_errors("read", folder):
        found = [(JOURNAL_NAME.fullmatch(path.name), path) for path in folder.iterdir()] if folder.is_dir() else []
    files = [
        JournalFile(int(match[1]), int(match[2]), None if match[3] is None else int(match[3]), path)
        for match, path in found
        if match
    ]
    return sorted(files, key=lambda file: (*file.unit, file.attempt or 0, file.path))


def _read_journal(file: JournalFile, *, checked: bool) -> Journal:
    """
    One file.

    Raises
    ------
    FileNotFoundError
        If an attempt is not there any more.
    """
    path = file.path
    try:
        *written, torn = read_regular(path).split(b"\n")
    except OSError as error:
        if file.attempt is not None and isinstance(error, FileNotFoundError):
            raise
        with one_line_errors("read", path):
            raise
    parts = [_parse(path, number, line, file, checked=checked) for number, line in enumerate(written, start=1)]
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
    attempts = {_attempt_of(part) for part in parts} | ({file.attempt} if file.attempt is not None else set())
    if len(attempts) > 1:
        raise DamagedRunError(f"{path} has lines of several attempts")
    attempt = next(iter(attempts), None)
    remainder = len(parts) - len(whole) + bool(torn)
    return Journal(*file.unit, attempt, file.attempt is None, tuple(whole), remainder)


def _attempt_of(part: Part) -> int:
    """By the name of its file."""
    found = attempt_and_number(part.file.rpartition("/")[2])
    return 1 if found is None else found[0][2]


def _parse(path: Path, number: int, line: bytes, file: JournalFile, *, checked: bool) -> Part:
    """One line, checked: a damaged one may not send a reader to another file."""
    try:
        fields = json.loads(line)
        check = fields.pop(CHECK, None)
        part = Part(**fields)
        its_file = part_file(part.table, *file.unit, part.flush, _attempt_of(part))
        named = part.table in TABLES and part.file == its_file
        whole = all(type(count) is int and count >= 0 for count in (part.rows, part.parts, part.flush))
        known = all(time is None or isinstance(time, int | float) for time in (part.from_min, part.to_min))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedRunError(f"{path}:{number}: not a journal line") from error
    if not (named and whole and known):
        raise DamagedRunError(f"{path}:{number}: not a line of this journal")
    if check != check_of(part) and (checked or check is not None):
        raise DamagedRunError(f"{path}:{number}: not what was written: its checksum is another")
    return part
