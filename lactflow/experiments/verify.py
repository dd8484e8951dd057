"""Whether a folder of any kind is what was written: what `lactflow verify` does."""

from __future__ import annotations

from pathlib import Path

from lactflow.experiments.sweep.plan import PLAN
from lactflow.experiments.sweep.verify import sweep_problems
from lactflow.recording.verify import Verification
from lactflow.recording.verify import verify as verify_runs


def verify(path: str | Path) -> Verification:
    """
    Check a folder of any kind, whatever its status: of a run, a comparison, a fit, a validation, or a sweep.

    Raises
    ------
    ArchiveError
        If lactflow has not made this folder, or in a format that this version does not know, or the disk refuses.
    """
    directory = Path(path)
    found = verify_runs(directory)
    if found.status != "damaged" and (directory / PLAN).exists():
        return Verification(found.status, [*found.problems, *sweep_problems(directory)])
    return found
