"""One unit of work of a run directory, read while others are simulated into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.errors import DamagedRunError
from lactflow.recording.journal import journal_path, read_claimed
from lactflow.recording.memory import KeptUnit
from lactflow.recording.merged import merged_journal
from lactflow.recording.reader import read_part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lactflow.recording.parts import Journal


def claimed_journal(directory: Path, mother: int, replicate: int) -> Journal:
    """
    The journal of a unit of work that has ended whole, wherever its parts are.

    Raises
    ------
    DamagedRunError
        If there is none, or it is not what was written.
    ArchiveError
        If the disk refuses.
    """
    journal = read_claimed(directory, mother, replicate) or merged_journal(directory, mother, replicate)
    if journal is None:
        raise DamagedRunError(f"{journal_path(directory, mother, replicate)} is missing")
    return journal


def read_unit(
    directory: Path, mother: int, replicate: int, tables: Mapping[str, Sequence[str] | None], journal: Journal
) -> KeptUnit:
    """
    Tables of a unit of work that has ended whole.

    Parameters
    ----------
    directory, mother, replicate
        The run directory, and the unit.
    tables
        Columns by the table; all where they are None.
    journal
        Of the unit, as `claimed_journal` gives it.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    ArchiveError
        If the disk refuses.
    """
    parts = {
        table: [read_part(directory, part, names) for part in journal.parts if part.table == table and part.rows]
        for table, names in tables.items()
    }
    with_rows = {table: found for table, found in parts.items() if found}
    return KeptUnit((mother, replicate), frozenset(tables), with_rows, journal.span_min)
