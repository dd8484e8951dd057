"""Two folders of any kind compared: what `lactflow diff` does."""

from __future__ import annotations

from pathlib import Path

from lactflow.analysis.diff import Diff
from lactflow.analysis.diff import diff as diff_of_runs
from lactflow.errors import ArchiveError, ConfigError, DamagedRunError
from lactflow.recording.folder import kind_of

SWEEP = "sweep"


def diff(a: str | Path, b: str | Path) -> Diff:
    """
    Compare two folders of the same kind: what `lactflow diff` does.

    Rows of runs are matched by their values within each unit of work; tables are read a part at a time. Runs of a
    comparison or of a fit are paired by their names, units of a sweep by their values, mother and replicate.

    Parameters
    ----------
    a, b
        Folders of runs or sweeps, under way, killed or ended, of comparisons, of fits, of validations or of
        diagnoses.

    Returns
    -------
    What differs; of sweeps a `lactflow.experiments.sweep.differences.SweepDiff`.

    Raises
    ------
    ConfigError
        If they are not of the same kind, or of a kind that cannot be compared.
    ArchiveError
        If a folder is none that lactflow has made, or is damaged, or the disk refuses.
    """
    one, other = Path(a), Path(b)
    try:
        kinds = kind_of(one), kind_of(other)
        if SWEEP not in kinds:
            return diff_of_runs(one, other)
        if kinds[0] != kinds[1]:
            raise ConfigError(f"{one} is a {kinds[0]} and {other} is a {kinds[1]}: they cannot be compared")
        from lactflow.experiments.sweep.differences import diff_of_sweeps

        return diff_of_sweeps(one, other)
    except DamagedRunError as error:
        # Exit code 1 says here that the folders differ.
        raise ArchiveError(str(error)) from error
