"""Flushes of an attempt at a unit: a part for every table with rows, then the journal lines that make them count."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lactflow.recording import attempts
from lactflow.recording.encoding import encode
from lactflow.recording.files import append_at, hidden, one_line_errors, sync_folders, take_place, write_files
from lactflow.recording.parts import Part, lines, part_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lactflow.recording.attempts import Attempt


class Flushes:
    """
    The flushes of one attempt, written one after the other.

    Parameters
    ----------
    directory
        The run directory.
    attempt
        Whose they are.
    number
        Of the next flush, from 1.
    journal_length
        Of what its journal says already [bytes].
    """

    def __init__(self, directory: Path, attempt: Attempt, number: int = 1, journal_length: int = 0) -> None:
        self.number = number
        self._directory, self._attempt = directory, attempt
        self._journal, self._journal_length = attempt.journal(directory), journal_length

    def write(self, tables: Sequence[tuple[str, Any]], since_min: float | None, until_min: float) -> None:
        """
        Write one flush.

        Parameters
        ----------
        tables
            Name and rows of each table with rows.
        since_min, until_min
            Simulated time that it covers [min since birth].

        Raises
        ------
        ArchiveError
            If the disk refuses; nothing of the flush counts then.
        """
        contents = {table: (rows.num_rows, encode(table, rows)) for table, rows in tables}
        unit = self._attempt.mother, self._attempt.replicate
        parts = [
            Part(
                table,
                part_file(table, *unit, self.number, self._attempt.number),
                rows,
                hashlib.sha256(content).hexdigest(),
                self.number,
                len(contents),
                since_min,
                until_min,
            )
            for table, (rows, content) in contents.items()
        ]
        with one_line_errors("write the tables in", self._directory):
            self._write([(part, contents[part.table][1]) for part in parts])
            self._journal_length = append_at(self._journal, self._journal_length, lines(parts))
        self.number += 1

    def _write(self, parts: list[tuple[Part, bytes]]) -> None:
        """Put parts in their places; all are on the disk before the first appears under its name."""
        paths = [self._directory / part.file for part, _ in parts]
        folders = [path.parent for path in paths]
        if not self._journal_length:
            folders.append(self._journal.parent)
        try:
            write_files((hidden(path), content) for path, (_, content) in zip(paths, parts, strict=True))
            for path in paths:
                take_place(path)
            sync_folders(folders)
        except OSError:
            for path in paths:
                with suppress(OSError):
                    hidden(path).unlink(missing_ok=True)
            raise


def write_unit(
    directory: Path,
    unit: tuple[int, int],
    tables: Sequence[tuple[str, Any]],
    since_min: float | None,
    until_min: float,
) -> bool:
    """
    Write a unit of work that was simulated before, with everything that was recorded, and have it count.

    Parameters
    ----------
    directory
        The run directory.
    unit
        Mother and replicate.
    tables, since_min, until_min
        As `Flushes.write` takes them.

    Returns
    -------
    Whether it counts: another attempt may have been first.

    Raises
    ------
    ArchiveError
        If it has ended whole before, or the disk refuses.
    """
    attempt, descriptor = attempts.begin_attempt(directory, *unit)
    try:
        Flushes(directory, attempt).write(tables, since_min, until_min)
        return attempts.claim(directory, attempt)
    finally:
        os.close(descriptor)
