"""
Parts: the files of a run's tables, and what its journals state about them.

A line of a journal is one part, with a checksum of what it says.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import NamedTuple

JOURNAL = "journal"
"""Folder of the journals."""
CHECK = "check"
"""Last key of a line: its checksum. Lines of older versions have none."""
_CHECK_DIGITS = 16
_PART = re.compile(r"part-(\d+)-(\d+)(?:\.(\d+))?-(\d+)\.parquet")


class Part(NamedTuple):
    """
    One line of the journal: one file of one table.

    Attributes
    ----------
    table, file
        Name of the table; path of the part from the run directory, with `/`.
    rows, sha256
        What the file holds, to detect damage.
    flush, parts
        Number of the flush in its unit of work; how many lines that flush has.
    from_min, to_min
        Simulated time the flush covers [min since birth]; None for the empty parts.
    group
        Row group of the file that holds the rows, where parts were put together; None where the whole file does.
    """

    table: str
    file: str
    rows: int
    sha256: str
    flush: int
    parts: int
    from_min: float | None
    to_min: float | None
    group: int | None = None


class Journal(NamedTuple):
    """
    What stands in the journal of one unit of work.

    Attributes
    ----------
    mother, replicate
        The unit of work.
    attempt
        The attempt whose parts these are; None where it has none, and nothing says which.
    claimed
        Whether the unit has ended whole, and this attempt is the one that counts.
    parts
        Parts of complete flushes, in order.
    remainder
        Lines of a flush that was not written completely, a torn last line among them; 0 when all is whole.
    """

    mother: int
    replicate: int
    attempt: int | None
    claimed: bool
    parts: tuple[Part, ...]
    remainder: int

    @property
    def span_min(self) -> tuple[float, float] | None:
        """Simulated time from the first fact to the last complete flush [min since birth]."""
        starts = [part.from_min for part in self.parts if part.from_min is not None]
        ends = [part.to_min for part in self.parts if part.to_min is not None]
        return (min(starts), max(ends)) if starts and ends else None


def part_file(table: str, mother: int, replicate: int, number: int, attempt: int = 1) -> str:
    """Path of a part from the run directory; padded, so that names sort as numbers do."""
    tried = "" if attempt == 1 else f".{attempt}"
    return f"{table}/part-{mother:04d}-{replicate:04d}{tried}-{number:06d}.parquet"


def attempt_and_number(name: str) -> tuple[tuple[int, int, int], int] | None:
    """
    Mother, replicate and attempt of a part, and its number, by the name of its file; None where it is no part.

    Parameters
    ----------
    name
        Of the file, without its folder.
    """
    match = _PART.fullmatch(name)
    return None if match is None else ((int(match[1]), int(match[2]), int(match[3] or 1)), int(match[4]))


def merged_file(table: str) -> str:
    """Path of the file in which the parts of a table are put together, from the run directory."""
    return f"{table}/part-merged.parquet"


def lines(parts: Iterable[Part]) -> bytes:
    """Journal lines of one flush, to be written at once."""
    return b"".join(_line(part) for part in parts)


def _line(part: Part) -> bytes:
    return with_check(_text(part))


def with_check(text: str) -> bytes:
    """A line of a journal, with its checksum as its last key."""
    return f'{text[:-1]},"{CHECK}":"{digest_of(text)}"}}\n'.encode()


def digest_of(text: str) -> str:
    """Checksum of what a line says."""
    return hashlib.sha256(text.encode()).hexdigest()[:_CHECK_DIGITS]


def _text(part: Part) -> str:
    fields = part._asdict()
    if part.group is None:
        del fields["group"]
    return json.dumps(fields, separators=(",", ":"))


def check_of(part: Part) -> str:
    """Checksum of a line: of what it says, not of its letters."""
    return digest_of(_text(part))
