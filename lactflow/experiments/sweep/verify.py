"""Whether the results of a sweep are what its workers wrote."""

from __future__ import annotations

from pathlib import Path

from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.experiments.sweep.plan import SWEEP, Plan
from lactflow.experiments.sweep.store import LEDGER, ROWS, Ledgers, Line, read_part
from lactflow.experiments.sweep.writer import KEY
from lactflow.recording.folder import read_folder


def sweep_problems(folder: Path) -> list[str]:
    """
    Everything that is wrong with the ledgers and the parts of a sweep: one line each.

    Parameters
    ----------
    folder
        The sweep. Its manifest and the files that this names are checked by `lactflow.recording.verify`.

    Raises
    ------
    ArchiveError
        If it is no sweep, or the disk refuses.
    """
    manifest, status = read_folder(folder, SWEEP)
    ledgers = Ledgers(folder)
    try:
        plan = Plan(folder, manifest)
        ledgers.refresh()
    except DamagedRunError as error:
        return [str(error)]
    claimed = ledgers.claimed()
    problems = []
    for line in {id(line): line for line in claimed.values()}.values():
        problems += _of_line(folder, line)
    problems += _unknown(plan, claimed)
    if status == "complete":
        missing = sum(key not in claimed for key in plan.keys)
        problems += [f"{missing:,} units are missing, and the sweep is called complete"] if missing else []
    return problems


def _of_line(folder: Path, line: Line) -> list[str]:
    """Hashes of its parts, and whether they have the units that it says."""
    problems = []
    for table in line.files:
        try:
            rows = read_part(folder, table, line, [KEY])
        except FileNotFoundError:
            problems.append(f"{folder / line.files[table]} is missing")
            continue
        except ArchiveError as error:
            problems.append(str(error))
            continue
        found = rows[KEY].to_pylist()
        if table == ROWS and sorted(found) != sorted(line.keys):
            problems.append(f"{folder / line.files[table]} does not have the units that its line in {LEDGER}/ names")
    return problems


def _unknown(plan: Plan, claimed: dict[str, Line]) -> list[str]:
    strange = len(set(claimed) - set(plan.keys))
    return [f"{strange:,} results are of no unit of the plan"] if strange else []
