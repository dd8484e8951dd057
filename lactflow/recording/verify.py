"""Whether a folder is what was written: manifest, files, journal, hashes, row counts, balance; and its runs' too."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.recording.attempts import Attempt, not_claimed
from lactflow.recording.files import one_line_errors
from lactflow.recording.folder import RUN, RUNS, kind_of, parts_within, read_folder, runs_within
from lactflow.recording.journal import Journals, read_journals
from lactflow.recording.kept import kept_problems
from lactflow.recording.manifest import altered_journals, is_sealed, miscounts, read_manifest
from lactflow.recording.parts import Journal, Part, attempt_and_number, part_file
from lactflow.recording.reader import read_part
from lactflow.records import TABLES

BALANCE_TOLERANCE = 1e-9
"""Largest residual of a balance that is rounding: relative."""


class Verification(NamedTuple):
    """
    What was found in a folder.

    Attributes
    ----------
    status
        As `StoredRun.status`; `damaged` when the manifest does not show it.
    problems
        One line for each thing that is wrong; empty for a sound directory.
    """

    status: str
    problems: list[str]


def verify(path: str | Path) -> Verification:
    """
    Check a folder of any kind, whatever its status: of a run, or of a comparison, a fit or a validation with its runs.

    Hashes and checksums that a folder of an older version does not have are not missed.

    Raises
    ------
    ArchiveError
        If lactflow has not made this folder, or in a format that this version does not know, or the disk refuses.
    """
    directory = Path(path)
    try:
        kind = kind_of(directory)
        return _verify_run(directory) if kind == RUN else _verify_folder(directory, kind)
    except DamagedRunError as error:
        return Verification("damaged", [str(error)])


def _verify_run(directory: Path) -> Verification:
    manifest, status = read_manifest(directory)
    problems = kept_problems(directory, manifest)
    if problems and status == "running":  # a file may have been replaced since
        manifest, status = read_manifest(directory)
        problems = kept_problems(directory, manifest)
    try:
        journals = read_journals(directory, checked=is_sealed(manifest))
        problems += altered_journals(directory, manifest)
    except DamagedRunError as error:
        return Verification(status, [*problems, str(error)])
    complete = status == "complete"
    for journal in journals.units:
        if complete and journal.remainder:
            problems.append(f"journal of {_unit(journal)}: the last flush is not complete")
    for part in journals.parts():
        problems += _check_part(directory, part)
    problems += _check_strangers(directory, journals, complete=complete)
    if complete:
        problems += miscounts(manifest, journals)
    if not problems:
        problems += _check_balance(directory, journals, complete=complete)
    return Verification(status, problems)


def _verify_folder(directory: Path, kind: str) -> Verification:
    """A result folder: its own files, every run in it, and the folders of which it consists."""
    manifest, status = read_folder(directory, kind)
    problems = kept_problems(directory, manifest)
    problems += _missing_runs(directory, manifest)
    parts = {part.name: part for part in parts_within(directory, manifest)}
    for where, run in {**{f"{RUNS}/{run.name}": run for run in runs_within(directory)}, **parts}.items():
        try:
            found = verify(run)
        except ArchiveError as error:
            problems.append(f"{where}: {error}")
            continue
        problems += [f"{where}: {problem}" for problem in found.problems]
        if status == "complete" and not found.problems and found.status != "complete":
            problems.append(f"{where}: its status is {found.status}, and the {kind} is called complete")
    return Verification(status, problems)


def _missing_runs(directory: Path, manifest: dict[str, Any]) -> list[str]:
    """Runs that a comparison names, and that are not there."""
    places = manifest.get("scenarios")
    named = places.values() if isinstance(places, dict) else ()
    there = {f"{RUNS}/{run.name}" for run in runs_within(directory)}
    return [f"{where} is missing" for where in map(str, named) if where not in there]


def _unit(journal: Journal) -> str:
    return f"mother {journal.mother}, replicate {journal.replicate}"


def _check_part(directory: Path, part: Part) -> list[str]:
    try:
        read_part(directory, part)
    except DamagedRunError as error:
        return [str(error)]
    return []


def _check_strangers(directory: Path, journals: Journals, *, complete: bool) -> list[str]:
    """
    Parts that no journal names.

    A run that did not end well may have those of one flush of each unit, and those of attempts that do not count.
    """
    known, others = {part.file for part in journals.parts()}, set[Attempt]()
    if not complete:
        for journal in journals.units:
            under_way = max((part.flush for part in journal.parts), default=0) + 1
            unit = (journal.mother, journal.replicate)
            known |= {part_file(table, *unit, under_way, journal.attempt or 1) for table in TABLES}
        counting = {Attempt(each.mother, each.replicate, each.attempt or 1) for each in journals.units}
        others = {*not_claimed(directory)} - counting
    problems = []
    for table in TABLES:
        folder = directory / table
        with one_line_errors("read", folder):
            found = sorted(folder.iterdir()) if folder.is_dir() else []
        names = [path.name for path in found if not path.name.startswith(".")]
        strange = [name for name in names if f"{table}/{name}" not in known and not _is_of(name, others)]
        problems += [f"{table}/{name} is not in the journal" for name in strange]
    return problems


def _is_of(name: str, attempts: set[Attempt]) -> bool:
    """Whether a file is a part of one of these attempts."""
    found = attempt_and_number(name)
    return found is not None and Attempt(*found[0]) in attempts


def _check_balance(directory: Path, journals: Journals, *, complete: bool) -> list[str]:
    """Every residual is rounding; a complete run has a balance for every unit of work."""
    problems = []
    for journal in journals.units:
        parts = [part for part in journal.parts if part.table == "balance" and part.rows]
        if complete and not parts:
            problems.append(f"balance of {_unit(journal)} is missing")
        for part in parts:
            for row in read_part(directory, part).to_pylist():
                residual = row["residual"]
                if residual is None or not abs(residual) <= BALANCE_TOLERANCE:
                    problems.append(f"balance of {row['quantity']}, {_unit(journal)}: residual {residual}")
    return problems
