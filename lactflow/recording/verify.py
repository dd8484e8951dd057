"""Whether a run directory is what was written: manifest, journal, hashes, row counts, balance."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from lactflow.errors import DamagedRunError
from lactflow.recording.files import told_in_one_line
from lactflow.recording.journal import Journal, Part, part_file, read_journals
from lactflow.recording.manifest import miscounts, read_manifest
from lactflow.recording.reader import read_part
from lactflow.records import TABLES

BALANCE_TOLERANCE = 1e-9
"""Largest residual of a balance that is rounding: relative."""


class Verification(NamedTuple):
    """
    What was found in a run directory.

    Attributes
    ----------
    status
        As `StoredRun.status`; `damaged` when the manifest cannot tell.
    problems
        One line for each thing that is wrong; empty for a sound directory.
    """

    status: str
    problems: list[str]


def verify(path: str | Path) -> Verification:
    """
    Check a run directory, whatever its status.

    Raises
    ------
    ArchiveError
        If this is no run directory, one that this version cannot read, or the disk refuses.
    """
    directory = Path(path)
    try:
        manifest, status = read_manifest(directory)
    except DamagedRunError as error:
        return Verification("damaged", [str(error)])
    try:
        journals = read_journals(directory)
    except DamagedRunError as error:
        return Verification(status, [str(error)])
    complete = status == "complete"
    problems = []
    for journal in journals:
        if complete and journal.remainder:
            problems.append(f"journal of {_unit(journal)}: the last flush is not complete")
        for part in journal.parts:
            problems += _check_part(directory, part)
    problems += _check_strangers(directory, journals, complete=complete)
    if complete:
        problems += miscounts(manifest, journals)
    if not problems:
        problems += _check_balance(directory, journals, complete=complete)
    return Verification(status, problems)


def _unit(journal: Journal) -> str:
    return f"mother {journal.mother}, replicate {journal.replicate}"


def _check_part(directory: Path, part: Part) -> list[str]:
    try:
        read_part(directory, part)
    except DamagedRunError as error:
        return [str(error)]
    return []


def _check_strangers(directory: Path, journals: list[Journal], *, complete: bool) -> list[str]:
    """Parts that no journal names; a run that did not end well may have those of one flush."""
    known = {part.file for journal in journals for part in journal.parts}
    if not complete:
        for journal in journals:
            under_way = max((part.flush for part in journal.parts), default=0) + 1
            known |= {part_file(table, journal.mother, journal.replicate, under_way) for table in TABLES}
    problems = []
    for table in TABLES:
        folder = directory / table
        with told_in_one_line("read", folder):
            found = sorted(folder.iterdir()) if folder.is_dir() else []
        files = [f"{table}/{path.name}" for path in found if not path.name.startswith(".")]
        problems += [f"{file} is not in the journal" for file in files if file not in known]
    return problems


def _check_balance(directory: Path, journals: list[Journal], *, complete: bool) -> list[str]:
    """Every residual is rounding; a complete run has a balance for every unit of work."""
    problems = []
    for journal in journals:
        parts = [part for part in journal.parts if part.table == "balance" and part.rows]
        if complete and not parts:
            problems.append(f"balance of {_unit(journal)} is missing")
        for part in parts:
            for row in read_part(directory, part).to_pylist():
                residual = row["residual"]
                if residual is None or not abs(residual) <= BALANCE_TOLERANCE:
                    problems.append(f"balance of {row['quantity']}, {_unit(journal)}: residual {residual}")
    return problems
