"""Rankings of quantities as the folder of a sweep keeps them, in words."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

RANKING = "sensitivity.parquet"
"""The ranking, in the folder of the sweep."""
IN_WORDS = {
    "morris": "Size: mean change of the measure, up or down, when the quantity moves over its whole plausible range. "
    "Chance: the share of that change that random numbers alone explain; near 100 % the quantity does nothing.",
    "delta": "Size: how far the distribution of the measure moves when the quantity is known, 0 to 1.",
    "pawn": "Size: the largest distance between distribution functions of the measure, with the quantity known or not, "
    "0 to 1; above 0 even for what decides nothing.",
    "rbd_fast": "Size: share of the variance that the quantity explains by itself.",
    "index": "Size: an index of the sample.",
}
"""What the size in a ranking is, by method."""


def method_of(ranking: pd.DataFrame) -> str:
    """
    By what a ranking was made: `morris`, or the index.

    Parameters
    ----------
    ranking
        As in the folder of a sweep.
    """
    if "method" in ranking and len(ranking):
        named = str(ranking["method"].iloc[0])
        return named if named in IN_WORDS else "index"
    return "morris" if "mu_star" in ranking else "index"


def in_words(ranking: pd.DataFrame, measure: str, top: int) -> list[tuple[str, str, str, str, str, str]]:
    """
    The first quantities of one measure, as texts: rank, key, size, interval, share of chance or sign.

    Parameters
    ----------
    ranking
        As in `Sensitivity`.
    measure
        Whose.
    top
        How many.
    """
    rows = ranking[ranking["measure"] == measure].sort_values("rank").head(top)
    size = "mu_star" if "mu_star" in rows else "index"
    found = []
    for row in rows.to_dict("records"):
        chance = row.get("chance_share", float("nan"))
        direction = "" if not row.get("mu") else ("up" if row["mu"] > 0.0 else "down")
        found.append(
            (
                "" if isnan(row["rank"]) else f"{row['rank']:.0f}",
                str(row["key"]),
                f"{row[size]:.3g}",
                f"{row['low']:.3g} to {row['high']:.3g}",
                direction,
                "" if isnan(chance) else f"{100.0 * chance:.0f} %",
            )
        )
    return found
