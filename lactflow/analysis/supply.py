"""How few removals a day hold a mother's supply."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

SHARE = 0.9


def fewest_removals(
    subjects: pd.DataFrame,
    per_day: Mapping[str, int],
    measure: str = "removed_ml_per_day",
    share: float = SHARE,
) -> pd.DataFrame:
    """
    The fewest removals a day that hold the supply of each mother: her magic number, as mothers call it.

    Parameters
    ----------
    subjects
        Of a comparison: every measure by `scenario` and `subject`.
    per_day
        Removals a day of each scenario, by its name.
    measure
        What is to be held.
    share
        Of what she gives under the most removals, above 0 and up to 1.

    Returns
    -------
    A row a subject: `most` (the measure under the most removals a day), `fewest_per_day` (the fewest at which she still
    gives `share` of that; what is more frequent gives it too). NaN for one who was not simulated with the most.

    Raises
    ------
    ValueError
        If a scenario is not among the subjects, or the share is none.
    """
    if not 0.0 < share <= 1.0:
        raise ValueError(f"share = {share} is not above 0 and up to 1")
    missing = sorted(set(per_day) - set(subjects["scenario"]))
    if missing:
        raise ValueError(f"no such scenario: {', '.join(missing)}")
    table = subjects[subjects["scenario"].isin(per_day)].pivot_table(
        index="subject", columns="scenario", values=measure
    )
    by_number = table.rename(columns=dict(per_day)).sort_index(axis="columns", ascending=False)
    most = by_number.iloc[:, 0]
    # Once lost it does not come back: chance may lift a schedule that is rarer than one that fell short.
    held = by_number.ge(share * most, axis="index").cummin(axis="columns")
    result = most.to_frame("most")
    result["fewest_per_day"] = [min(held.columns[row], default=nan) for row in held.to_numpy()]
    return result
