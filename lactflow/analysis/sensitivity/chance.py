"""How much of what differs within a sample is chance, by its replicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lactflow.analysis.sensitivity.ranges import checked_measures
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

LEVEL = 0.95


def chance_shares(
    sample: pd.DataFrame,
    by: Sequence[str],
    measures: Sequence[str],
    *,
    resamples: int = 1000,
    level: float = LEVEL,
    seed: int = 1,
) -> pd.DataFrame:
    """
    The share of the variance of each measure that replicates have in one point.

    Parameters
    ----------
    sample
        One row a unit of work: what `by` names, `replicate`, measures.
    by
        Columns that name a point: the keys that were varied, and `mother`, whose traits are no chance.
    measures
        Columns to look at.
    resamples
        Of whole points, for the interval.
    level
        Of the interval.
    seed
        Of the random numbers that draw the resamples.

    Returns
    -------
    A row a measure: `measure`; `share` (variance between replicates of a point over that of single units of work in the
    whole sample) with `low`, `high`; `common_share` (the part of chance that is the same in all points, as the random
    numbers are: it does not disturb differences between points); `points` (with two replicates or more), `dropped`
    (rows without the measure). NaN where nothing varies.

    Raises
    ------
    ConfigError
        If the sample lacks a column, or no point has two replicates.
    """
    checked_measures(sample, [*by, "replicate", *measures])
    rows = [_of_measure(sample, by, measure, (resamples, level, seed)) for measure in measures]
    return pd.DataFrame(rows)


def chance_of(
    results: pd.DataFrame, measures: Sequence[str], resamples: int = 1000
) -> tuple[pd.DataFrame | None, list[str]]:
    """
    The share of chance in measures of a sweep.

    Parameters
    ----------
    results
        Of the sweep.
    measures
        Names of columns.
    resamples
        For the intervals.

    Returns
    -------
    As `chance_shares` gives it, None with one replicate; and a line for each measure that no point has twice.
    """
    found, notes = [], []
    for measure in measures if (results["replicate"] != results["replicate"].iloc[0]).any() else ():
        try:
            found.append(chance_shares(results, ["point", "mother"], [measure], resamples=resamples))
        except ConfigError as error:
            notes.append(str(error))
    return (pd.concat(found, ignore_index=True) if found else None), notes


def _of_measure(
    sample: pd.DataFrame, by: Sequence[str], measure: str, drawing: tuple[int, float, int]
) -> dict[str, object]:
    resamples, level, seed = drawing
    whole = sample[np.isfinite(sample[measure].to_numpy(dtype=np.float64))]
    table = whole.pivot_table(measure, index=list(by), columns="replicate").to_numpy(dtype=np.float64)
    repeated = table[np.isfinite(table).sum(axis=1) > 1]
    if not len(repeated):
        raise ConfigError(f"{measure}: no point has two replicates, by which chance could be seen")
    draws = np.random.default_rng(seed).integers(len(repeated), size=(resamples, len(repeated)))
    resampled = np.array([_share(repeated[draw]) for draw in draws])
    resampled = resampled[np.isfinite(resampled)]
    tail = 100.0 * (1.0 - level) / 2.0
    low, high = np.percentile(resampled, [tail, 100.0 - tail]) if len(resampled) else (np.nan, np.nan)
    return {
        "measure": measure,
        "share": _share(repeated),
        "low": low,
        "high": high,
        "common_share": _common(repeated),
        "points": len(repeated),
        "dropped": len(sample) - len(whole),
    }


def _share(table: npt.NDArray[np.float64]) -> float:
    """Variance within rows over that of one entry of a row at random."""
    counts = np.isfinite(table).sum(axis=1)
    means = np.nansum(table, axis=1) / counts
    within = _pooled(table, means, counts)
    between = max(float(np.var(means, ddof=1)) - within * float(np.mean(1.0 / counts)), 0.0) if len(table) > 1 else 0.0
    return within / (within + between) if within + between > 0.0 else float("nan")


def _pooled(table: npt.NDArray[np.float64], means: npt.NDArray[np.float64], counts: npt.NDArray[np.int64]) -> float:
    return float(np.nansum((table - means[:, None]) ** 2) / np.sum(counts - 1))


def _common(table: npt.NDArray[np.float64]) -> float:
    """Part of the variance within rows that columns have in common: two-way analysis of variance of whole rows."""
    whole = table[np.isfinite(table).all(axis=1)]
    points, replicates = whole.shape
    if points < 2 or replicates < 2:
        return float("nan")
    off = whole - whole.mean(axis=1, keepdims=True)
    effects = off.mean(axis=0)
    own = float(np.sum((off - effects) ** 2) / ((points - 1) * (replicates - 1)))
    common = max(float(np.sum(effects**2) / (replicates - 1)) - own / points, 0.0)
    return common / (common + own) if common + own > 0.0 else float("nan")
