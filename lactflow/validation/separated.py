"""What separates a small gland from a weak transfer in mothers whose infants weigh alike: claim A19."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.diagnosis.virtual import Cohort

SEPARATED: Final = ("small_gland", "weak_transfer")
ON_DAY: Final = 10
MATCHED_KG: Final = 0.1


def separated(small: Cohort, weak: Cohort) -> dict[str, Any]:
    """
    How well what is left, weight and what is taken keep two mechanisms apart: areas under the curve.

    Parameters
    ----------
    small, weak
        Virtual mothers with a small gland, and with a weak transfer; pairs whose infants weigh alike are compared.

    Returns
    -------
    `pairs`, their number, and of `left_ml`, `weight_kg` and `taken_ml` the areas.
    """
    from scipy.stats import mannwhitneyu

    rows = [_on_the_day(cohort) for cohort in (small, weak)]
    left = rows[1].copy()
    pairs = []
    for mother in rows[0].sort_values("weight_kg").index:
        off = (left["weight_kg"] - rows[0].loc[mother, "weight_kg"]).abs()
        if len(off) and off.min() <= MATCHED_KG:
            pairs.append((mother, off.idxmin()))
            left = left.drop(off.idxmin())
    matched = [rows[side].loc[[pair[side] for pair in pairs]] for side in (0, 1)]

    def area(name: str) -> float:
        statistic = mannwhitneyu(matched[1][name], matched[0][name]).statistic / len(pairs) ** 2
        return round(float(max(statistic, 1.0 - statistic)), 3)

    return {"pairs": len(pairs), **{name: area(name) for name in ("left_ml", "weight_kg", "taken_ml")}}


def _on_the_day(cohort: Cohort) -> pd.DataFrame:
    """Weight of each infant, and what it took and left at its feeds, on the day that is compared."""
    infants, removals = cohort.tables["infants"], cohort.tables["removals"]
    weighed = infants[infants["time_min"] == ON_DAY * DAY_MIN].set_index("mother")["weight_kg"]
    fed = removals[(removals["kind"] == "feed") & (removals["start_min"] // DAY_MIN == ON_DAY - 1)]
    fed = fed.assign(left_ml=fed["available_ml"] - fed["removed_ml"])
    sums = fed.groupby(["mother", "session"])[["left_ml", "removed_ml"]].sum().groupby("mother").mean()
    return sums.rename(columns={"removed_ml": "taken_ml"}).assign(weight_kg=weighed)
