"""What is compared: measures of mothers or replicates, read from the runs of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.daily import MEASURES, by_replicate
from lactflow.analysis.paired import Subject, per_subject
from lactflow.analysis.run import open_run
from lactflow.analysis.tally import TALLIED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    import pandas as pd

    from lactflow.experiments.work import ShowProgress


def measured(
    path: Path,
    subject: Subject,
    warm_up_days: float,
    *,
    failed: Collection[tuple[int, int]],
    progress: ShowProgress | None = None,
) -> pd.DataFrame:
    """
    Measures of one scenario, by what is independent.

    Parameters
    ----------
    path
        Its run directory.
    subject
        `mother` or `replicate`.
    warm_up_days
        Time left out at the start [days].
    failed
        Units of work (mother, replicate) that are not whole, and left out.
    progress
        Told how much of the run has been read, and no time; may raise to stop.

    Returns
    -------
    As `per_subject` gives them; no rows where no unit is whole.
    """
    import pandas as pd

    run = open_run(path)
    if not set(run.spans_min) - set(failed):
        index = pd.Index([], dtype="int64", name=subject)
        return pd.DataFrame({name: pd.Series(dtype=float) for name in MEASURES}).set_index(index)
    if progress is not None:
        run = run.watched(_counting(progress, run.parts_with_rows(TALLIED)))
    measures = by_replicate(run, warm_up_days)
    whole = [unit not in failed for unit in zip(measures["mother"], measures["replicate"], strict=True)]
    return per_subject(measures[whole], subject)


def _counting(progress: ShowProgress, parts: int) -> Callable[[str], None]:
    """Progress by the number of parts read, of all that will be; a part that is read again does not count again."""
    read: set[str] = set()

    def before_part(file: str) -> None:
        read.add(file)
        progress(len(read) / parts, 0.0)

    return before_part


def without_pairs(subjects: Mapping[str, pd.DataFrame]) -> list[str]:
    """
    What could not be compared at all: a line for each scenario of which no unit is whole.

    Parameters
    ----------
    subjects
        Tables of `measured` by the name of the scenario, the baseline first.
    """
    baseline, *_ = subjects
    empty = [label for label, table in subjects.items() if table.empty]
    if baseline in empty:
        return [f"nothing can be compared: no run of the baseline {baseline} is whole"]
    return [f"{label} cannot be compared: none of its runs is whole" for label in empty]
