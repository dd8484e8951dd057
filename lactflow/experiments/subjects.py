"""What is compared: measures of mothers or replicates, from those of units of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.daily import MEASURES
from lactflow.analysis.paired import Subject, per_subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def subjects_of(units: Mapping[tuple[int, int], Mapping[str, float]], subject: Subject) -> pd.DataFrame:
    """
    Measures of one scenario, by what is independent.

    Parameters
    ----------
    units
        Measures by mother and replicate, of those units that are whole.
    subject
        `mother` or `replicate`.

    Returns
    -------
    As `per_subject` gives them; no rows where there is no unit.
    """
    import pandas as pd

    if not units:
        index = pd.Index([], dtype="int64", name=subject)
        return pd.DataFrame({name: pd.Series(dtype=float) for name in MEASURES}).set_index(index)
    rows = [{"mother": unit[0], "replicate": unit[1], **measures} for unit, measures in sorted(units.items())]
    table = pd.DataFrame(rows).astype({"mother": "int32", "replicate": "int32"})
    return per_subject(table, subject)


def without_pairs(subjects: Mapping[str, pd.DataFrame]) -> list[str]:
    """
    What could not be compared at all: a line for each scenario of which no unit is whole.

    Parameters
    ----------
    subjects
        Tables of `subjects_of` by the name of the scenario, the baseline first.
    """
    baseline, *_ = subjects
    empty = [label for label, table in subjects.items() if table.empty]
    if baseline in empty:
        return [f"nothing can be compared: no run of the baseline {baseline} is whole"]
    return [f"{label} cannot be compared: none of its runs is whole" for label in empty]
