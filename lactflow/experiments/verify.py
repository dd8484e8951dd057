"""Whether a folder of any kind is what was written: what `lactflow verify` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lactflow.experiments.comparison import COARSE, KIND, coarse_within
from lactflow.recording.folder import kind_of, read_folder
from lactflow.recording.verify import Verification
from lactflow.recording.verify import verify as verify_runs

_PLAN = "plan.parquet"
"""A file that sweeps alone have; what is below them is imported for them alone."""


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
    if found.status != "damaged" and (directory / _PLAN).exists():
        from lactflow.experiments.sweep.verify import sweep_problems

        return Verification(found.status, [*found.problems, *sweep_problems(directory)])
    if found.status != "damaged" and kind_of(directory) == KIND:
        return Verification(found.status, [*found.problems, *_of_coarse(directory, whole=found.status == "complete")])
    return found


def _of_coarse(comparison: Path, *, whole: bool) -> Iterator[str]:
    """What is wrong with the coarse replicates of a comparison, which may be called complete."""
    coarse = coarse_within(comparison)
    if coarse is None:
        about = read_folder(comparison, KIND)[0].get("coarse") or {}
        if whole and about and not about.get("runs"):  # older versions kept runs
            yield f"{COARSE}/ is missing: the coarse replicates of the comparison"
        return
    found, where = verify(coarse), f"{COARSE}/{coarse.name}"
    yield from (f"{where}: {problem}" for problem in found.problems)
    if whole and found.status != "complete" and not found.problems:
        yield f"{where}: its status is {found.status}, and the comparison is called complete"
