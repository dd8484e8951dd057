"""
Markers that clinics read in milk: sodium, sodium over potassium, and on which side of printed limits they lie.

What a limit is worth was found by its paper in its women, on its days and with its instrument. The model computes on
which side of it the milk lies, for every removal; it says nothing of a mother's health, and is no medical device.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from lactflow import sources
from lactflow.analysis.days import UNIT
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.recording.tables import RunTables


class Flag(NamedTuple):
    """
    A limit that clinics use.

    Attributes
    ----------
    name
        Of its column.
    column
        What is held against the limit.
    holds
        How: `operator.le` for no more than it, `operator.gt` for more.
    limit
        The limit, in the unit of that column.
    source
        Who printed it.
    sampled
        When the milk was taken in which it was found.
    worth
        What it is worth, as printed there.
    """

    name: str
    column: str
    holds: Callable[[pd.Series[float], float], pd.Series[bool]]
    limit: float
    source: sources.Citation
    sampled: str
    worth: str


FLAGS = (
    Flag(
        "na_at_most_16",
        "sodium_mmol_per_l",
        operator.le,
        16.0,
        sources.MORTON_1994,
        "days 3 to 8",
        "of 65 mothers at or below it 95.4 % fed exclusively at one month without help; of 60 above it 55 % in the "
        "end, all with help",
    ),
    Flag(
        "na_k_at_most_0_8",
        "na_k_ratio",
        operator.le,
        0.8,
        sources.MURASE_2014,
        "day 7",
        "the 75th percentile of 197 mothers who fed exclusively: above it were 42 % of those who worried about their "
        "milk supply and 20 % of the others (odds ratio 2.8, 1.3 to 6.0)",
    ),
    Flag(
        "na_k_above_0_6",
        "na_k_ratio",
        operator.gt,
        0.6,
        sources.FURUKAWA_2022,
        "month 2 or 3 (medians)",
        "sign of mastitis: sensitivity 86.5 %, specificity 92.7 % in 107 samples, by an ion-selective electrode",
    ),
)
"""Every limit, in the order of the columns."""

_MILK = ["session", "kind", "breast", "start_min", "removed_ml", "sodium_mmol_per_l", "potassium_mmol_per_l"]


def markers(run: RunTables) -> pd.DataFrame:
    """
    Sodium and potassium of every removal, and on which side of the limits of clinics they lie.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    A row for each `mother`, `replicate`, `session`, `breast`, in order of time; nulls where no milk was taken:

    - `kind` (`feed`, `pump`, `hand`), `day` (day d is the time from 24 (d - 1) h to 24 d h after birth), `start_min`
      [min since birth], `removed_ml` [mL].
    - `sodium_mmol_per_l`, `potassium_mmol_per_l`: means of the milk of the removal.
    - `na_k_ratio`: the one over the other.
    - `na_at_most_16`: sodium is 16 mmol/L or less, read on days 3 to 8. Of 65 mothers with such milk 95.4 % fed
      exclusively at one month without help; of 60 with more 55 % in the end, all with help (Morton 1994).
    - `na_k_at_most_0_8`: the ratio is 0.8 or less, read on day 7. That is the 75th percentile of 197 mothers who fed
      exclusively; above it were 42 % of those who worried about their supply, and 20 % of the others (Murase 2014).
    - `na_k_above_0_6`: the ratio is above 0.6, read in established lactation as a sign of mastitis: sensitivity 86.5 %,
      specificity 92.7 % (Furukawa 2022). In the first weeks healthy milk is above it too.

    They are computed on all days; before and after those of its paper a limit has not been tried. No medical advice.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.

    References
    ----------
    Morton JA 1994, Pediatrics 93:802-806. Murase M et al. 2014, FASEB J 28 (suppl) 1016.9. Furukawa K et al. 2022, J
    Hum Lact 38:262-269.
    """
    table = run.read("removals", [*_MILK, *UNIT])
    table = table.sort_values([*UNIT, "start_min", "session", "breast"], ignore_index=True)
    potassium = table["potassium_mmol_per_l"]
    table["day"] = (table["start_min"] // DAY_MIN).astype("int64") + 1
    table["na_k_ratio"] = table["sodium_mmol_per_l"] / potassium.where(potassium > 0.0)
    for flag in FLAGS:
        seen = table[flag.column]
        table[flag.name] = flag.holds(seen, flag.limit).astype("boolean").mask(seen.isna())
    at = ["kind", "day", "start_min", "removed_ml", "sodium_mmol_per_l", "potassium_mmol_per_l", "na_k_ratio"]
    return table[[*UNIT, "session", "breast", *at, *(flag.name for flag in FLAGS)]]
