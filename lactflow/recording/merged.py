"""
The journal of units of work whose parts were put together: one file a table instead of one for each unit and flush.

See `recording.merging` for how they are. Each line is a part, as in the journals of units, with mother, replicate and
attempt, and with the row group of the file that holds its rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from lactflow.errors import DamagedRunError
from lactflow.recording.files import one_line_errors, read_regular
from lactflow.recording.parts import CHECK, JOURNAL, Journal, Part, digest_of, merged_file, part_file, with_check
from lactflow.records import TABLES

MERGED = "merged.jsonl"
"""The journal of all units whose parts were put together."""


def read_merged(directory: Path) -> dict[tuple[int, int], Journal]:
    """
    Journals of the units whose parts were put together, by mother and replicate; each of them is claimed.

    Raises
    ------
    DamagedRunError
        If a line is not what was written.
    ArchiveError
        If the disk refuses.
    """
    path = directory / JOURNAL / MERGED
    with one_line_errors("read", path):
        if not path.exists():
            return {}
        written = read_regular(path).splitlines()
    parts: dict[tuple[int, int, int], list[Part]] = {}
    for number, line in enumerate(written, start=1):
        unit, part = _merged_line(path, number, line)
        parts.setdefault(unit, []).append(part)
    return {unit[:2]: Journal(*unit, True, tuple(its), 0) for unit, its in parts.items()}


def is_merged(directory: Path, mother: int, replicate: int) -> bool:
    """Whether the parts of a unit of work were put together with those of others."""
    return merged_journal(directory, mother, replicate) is not None


def merged_journal(directory: Path, mother: int, replicate: int) -> Journal | None:
    """
    Journal of one unit of work, if its parts were put together with those of others.

    Raises
    ------
    DamagedRunError
        If a line is not what was written.
    ArchiveError
        If the disk refuses.
    """
    path = directory / JOURNAL / MERGED
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return _merged_journals(directory, about.st_mtime_ns, about.st_size).get((mother, replicate))


@lru_cache(maxsize=16)
def _merged_journals(directory: Path, changed_ns: int, size: int) -> dict[tuple[int, int], Journal]:
    """Journals of the units whose parts were put together, which are read again when they have changed."""
    del changed_ns, size
    return read_merged(directory)


def merged_lines(journals: Iterable[Journal]) -> bytes:
    """Lines of the journal of units whose parts were put together."""
    return b"".join(with_check(_merged_text(journal, part)) for journal in journals for part in journal.parts)


def _merged_text(journal: Journal, part: Part) -> str:
    unit = {"mother": journal.mother, "replicate": journal.replicate, "attempt": journal.attempt or 1}
    return json.dumps({**unit, **part._asdict()}, separators=(",", ":"))


def _merged_line(path: Path, number: int, line: bytes) -> tuple[tuple[int, int, int], Part]:
    """One line of the journal of merged units, checked: unit and attempt, and its part."""
    try:
        fields = json.loads(line)
        check = fields.pop(CHECK)
        text = json.dumps(fields, separators=(",", ":"))
        unit = fields.pop("mother"), fields.pop("replicate"), fields.pop("attempt")
        part = Part(**fields)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise DamagedRunError(f"{path}:{number}: not a journal line") from error
    if check != digest_of(text):
        raise DamagedRunError(f"{path}:{number}: not what was written: its checksum is another")
    its_files = (part_file(part.table, *unit[:2], part.flush, unit[2]), merged_file(part.table))
    if part.table not in TABLES or part.file != its_files[part.group is not None]:
        raise DamagedRunError(f"{path}:{number}: not a line of this journal")
    return unit, part
