"""
Screening by elementary effects: each of many quantities is moved alone, from many places of the ranges.

A trajectory begins at a random point of a grid and moves one quantity at a time by more than half of its range, until
all have been moved. An effect is the change of a measure for a move over the whole range, in the unit of the measure.
As all points are simulated on common random numbers, what chance leaves in an effect is seen in how it differs between
replicates.

References
----------
Morris 1991, Technometrics 33:161-174.
Campolongo, Cariboni and Saltelli 2007, Environmental Modelling & Software 22:1509-1518.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lactflow.analysis.sensitivity.ranges import Range, checked_measures, needs_salib, scaled
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

LEVEL = 0.95
UNIT = ("mother", "replicate")
_SAME = 1e-9
"""Shares of a range that are the same but for rounding."""
COLUMNS = (
    "measure",
    "rank",
    "key",
    "mu_star",
    "low",
    "high",
    "mu",
    "sigma",
    "chance_share",
    "rank_low",
    "rank_high",
    "effects",
    "dropped",
)


def morris_design(ranges: Sequence[Range], trajectories: int, *, levels: int = 4, seed: int = 1) -> pd.DataFrame:
    """
    Points of a screening.

    Parameters
    ----------
    ranges
        What is varied.
    trajectories
        How often each quantity is moved: 2 or more, 10 to 30 for a ranking.
    levels
        Values that each quantity takes: an even number.
    seed
        Of the random numbers that place the trajectories.

    Returns
    -------
    `trajectory` and `step` from 0, then a column for each key: `trajectories` times one more point than there are keys.

    Raises
    ------
    ConfigError
        If there is nothing to vary, or a number is not allowed, or SALib is not installed.
    """
    needs_salib()
    if not ranges:
        raise ConfigError("there is no quantity to vary")
    if trajectories < 2 or levels < 2 or levels % 2:
        raise ConfigError("a screening needs two trajectories or more, and an even number of levels")
    from SALib.sample.morris import sample

    # SALib draws points of the unit cube; ranges are applied here, so that the ends are the ends to the bit.
    problem = {"num_vars": len(ranges), "names": [each.key for each in ranges], "bounds": [[0.0, 1.0]] * len(ranges)}
    shares: npt.NDArray[np.float64] = sample(problem, trajectories, num_levels=levels, seed=seed)
    steps = len(ranges) + 1
    values = {each.key: _within(each, shares[:, number]) for number, each in enumerate(ranges)}
    numbers = np.arange(trajectories * steps)
    return pd.DataFrame({"trajectory": numbers // steps, "step": numbers % steps, **values})


def _within(of: Range, shares: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    between: npt.NDArray[np.float64] = of.low * (1.0 - shares) + of.high * shares
    return between


def elementary_effects(
    sample: pd.DataFrame,
    ranges: Sequence[Range],
    measures: Sequence[str],
    *,
    resamples: int = 1000,
    level: float = LEVEL,
    seed: int = 1,
) -> pd.DataFrame:
    """
    Rank quantities by the mean size of their effects on each measure.

    Parameters
    ----------
    sample
        `morris_design` joined with what was simulated: `trajectory`, `step`, keys, `mother` and `replicate` (0 where
        they are not there), measures.
    ranges
        What was varied.
    measures
        Columns to rank by.
    resamples
        Of whole trajectories, for the intervals.
    level
        Of the intervals.
    seed
        Of the random numbers that draw the resamples.

    Returns
    -------
    A row for each measure and quantity, those with the largest effects first: `measure`, `rank`, `key`; `mu_star` (mean
    size of the effect of a move over the whole range, in the unit of the measure) with `low`, `high`; `mu` (mean
    effect, with its sign), `sigma` (standard deviation between trajectories: curvature or interaction); `chance_share`
    (what chance makes of the mean square of the effects, 0 to 1; NaN with one replicate); `rank_low`, `rank_high`;
    `effects` (how many trajectories gave one) and `dropped` (how many did not, for units that failed).

    Raises
    ------
    ConfigError
        If the sample lacks a measure, or has not one whole step.
    """
    checked_measures(sample, measures)
    effects = _effects(sample.reset_index(drop=True), ranges, measures)
    if effects.empty:
        raise ConfigError("the sample has no two points of a trajectory that differ in one quantity: nothing to rank")
    trajectories = np.unique(sample["trajectory"])
    keys = [each.key for each in ranges]
    draws = np.random.default_rng(seed).integers(len(trajectories), size=(resamples, len(trajectories)))
    tables = [
        _ranked(effects, keys, measure, trajectories=trajectories, draws=draws, level=level) for measure in measures
    ]
    return pd.concat(tables, ignore_index=True)


def _effects(sample: pd.DataFrame, ranges: Sequence[Range], measures: Sequence[str]) -> pd.DataFrame:
    """An effect for each step of each unit of work: trajectory, key, unit, and one column a measure."""
    units = pd.DataFrame({name: sample.get(name, 0) for name in UNIT}, index=sample.index)
    order = sample[["trajectory", "step"]].join(units).sort_values([*UNIT, "trajectory", "step"]).index
    shares = scaled(sample, ranges).loc[order].to_numpy()
    ordered = sample.loc[order]
    place = units.loc[order].assign(trajectory=ordered["trajectory"], step=ordered["step"]).to_numpy()
    moved = np.diff(shares, axis=0)
    follows = (np.diff(place, axis=0) == [0, 0, 0, 1]).all(axis=1)
    alone = follows & ((np.abs(moved) > _SAME).sum(axis=1) == 1)
    steps = np.flatnonzero(alone)
    which = np.abs(moved[steps]).argmax(axis=1) if len(steps) else np.zeros(0, dtype=np.intp)
    changes = np.diff(ordered[list(measures)].to_numpy(dtype=np.float64), axis=0)[steps]
    found = pd.DataFrame(changes / moved[steps, which][:, None], columns=list(measures))
    found.insert(0, "key", np.array([each.key for each in ranges], dtype=object)[which])
    found.insert(0, "trajectory", ordered["trajectory"].to_numpy()[steps])
    return found


def _ranked(
    effects: pd.DataFrame,
    keys: Sequence[str],
    measure: str,
    *,
    trajectories: npt.NDArray[Any],
    draws: npt.NDArray[Any],
    level: float,
) -> pd.DataFrame:
    """The table of one measure."""
    means, noise = _by_trajectory(effects, keys, measure, trajectories)
    counts = np.isfinite(means).sum(axis=0)
    sizes = np.abs(means)
    mu_star = _mean(sizes)
    # A resample without any effect of a quantity shows nothing about it.
    resampled = np.stack([_mean(sizes[draw]) for draw in draws])
    tail = 100.0 * (1.0 - level) / 2.0
    low, high = _percentiles(resampled, tail)
    ranks = pd.DataFrame(resampled).rank(axis=1, ascending=False, method="min").to_numpy()
    rank_low, rank_high = _percentiles(ranks, tail)
    square = _mean(means**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(square > 0.0, np.minimum(noise / square, 1.0), np.where(np.isnan(noise), np.nan, 0.0))
    table = pd.DataFrame(
        {
            "measure": measure,
            "key": list(keys),
            "mu_star": mu_star,
            "low": low,
            "high": high,
            "mu": _mean(means),
            "sigma": _deviation(means),
            "chance_share": share,
            "rank_low": rank_low,
            "rank_high": rank_high,
            "effects": counts,
            "dropped": len(trajectories) - counts,
        }
    )
    table = table.sort_values("mu_star", ascending=False, kind="stable", na_position="last", ignore_index=True)
    table.insert(1, "rank", table["mu_star"].rank(ascending=False, method="min"))
    return table[list(COLUMNS)]


def _by_trajectory(
    effects: pd.DataFrame, keys: Sequence[str], measure: str, trajectories: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean effect of all units of work, by trajectory and key; and by key, the variance that chance leaves in it."""
    known = effects[np.isfinite(effects[measure].to_numpy())]

    def table(statistic: str) -> npt.NDArray[np.float64]:
        found = known.pivot_table(measure, index="trajectory", columns="key", aggfunc=statistic)
        values: npt.NDArray[np.float64] = found.reindex(index=trajectories, columns=list(keys)).to_numpy(np.float64)
        return values

    return table("mean"), _mean(table("var") / table("count"))


def _mean(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean of each column, NaN left out; NaN for a column that has nothing else."""
    counts = np.isfinite(values).sum(axis=0)
    sums = np.where(np.isfinite(values), values, 0.0).sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _deviation(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    counts = np.isfinite(values).sum(axis=0)
    squares = np.where(np.isfinite(values), (values - _mean(values)) ** 2, 0.0).sum(axis=0)
    return np.where(counts > 1, np.sqrt(squares / np.maximum(counts - 1, 1)), np.nan)


def _percentiles(values: npt.NDArray[np.float64], tail: float) -> tuple[npt.NDArray[np.float64], ...]:
    """Both ends of an interval for each column, NaN left out."""
    ends = np.full((2, values.shape[1]), np.nan)
    for number, column in enumerate(values.T):
        known = column[np.isfinite(column)]
        if len(known):
            ends[:, number] = np.percentile(known, [tail, 100.0 - tail])
    return ends[0], ends[1]
