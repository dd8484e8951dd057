"""
Indices of any sample: how much of a measure each quantity decides, when all of them vary at once.

No design is needed: a random sample, a Latin hypercube or a cohort will do, and a unit that failed costs a row.

- `delta`: how far the distribution of the measure moves when the quantity is known, 0 to 1.
- `pawn`: the same by the largest distance of distribution functions; the median over ten parts of the range.
- `rbd_fast`: share of the variance of the measure that the quantity explains by itself.

References
----------
Borgonovo 2007, Reliability Engineering & System Safety 92:771-784.
Plischke, Borgonovo and Smith 2013, European Journal of Operational Research 226:536-550.
Pianosi and Wagener 2018, Environmental Modelling & Software 108:197-207.
Tarantola, Gatelli and Mara 2006, Reliability Engineering & System Safety 91:717-727.
Tissot and Prieur 2012, Reliability Engineering & System Safety 107:205-213.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from lactflow.analysis.sensitivity.ranges import checked_measures, needs_salib
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    _Floats = npt.NDArray[np.float64]

Method = Literal["delta", "pawn", "rbd_fast"]
METHODS: tuple[Method, ...] = get_args(Method)
FEWEST_ROWS = 50
"""Rows below which the indices say nothing: RBD-FAST takes ten harmonics, delta a class for every ten rows or so."""
LEVEL = 0.95
_GRID, _MOST_CLASSES = 100, 48
_HARMONICS = 10
COLUMNS = ("measure", "rank", "key", "index", "low", "high", "rank_low", "rank_high", "rows", "dropped")


def given_data_indices(
    sample: pd.DataFrame,
    keys: Sequence[str],
    measures: Sequence[str],
    method: Method = "delta",
    *,
    resamples: int = 100,
    level: float = LEVEL,
    seed: int = 1,
) -> pd.DataFrame:
    """
    Rank quantities by an index of a sample.

    Parameters
    ----------
    sample
        One row a unit of work, or a point: keys and measures.
    keys
        Columns that were varied.
    measures
        Columns to rank by.
    method
        `delta`, `pawn`, `rbd_fast`.
    resamples
        For the intervals.
    level
        Of the intervals.
    seed
        Of the random numbers that draw the resamples.

    Returns
    -------
    A row for each measure and quantity, those with the largest index first: `measure`, `rank`, `key`, `index` with
    `low`, `high`, `rank_low`, `rank_high`, `rows` (used) and `dropped` (a quantity or the measure was missing). The
    index of a quantity that does not vary is NaN, and so are all of a measure that does not.

    Raises
    ------
    ConfigError
        If the sample lacks a column, has too few rows, or SALib is not installed.
    """
    needs_salib()
    if method not in METHODS:
        raise ConfigError(f"there is no index {method!r} (allowed: {', '.join(METHODS)})")
    checked_measures(sample, [*keys, *measures])
    return pd.concat(
        [_of_measure(sample, keys, measure, method, (resamples, level, seed)) for measure in measures],
        ignore_index=True,
    )


def _of_measure(
    sample: pd.DataFrame, keys: Sequence[str], measure: str, method: Method, drawing: tuple[int, float, int]
) -> pd.DataFrame:
    resamples, level, seed = drawing
    columns = sample[[*keys, measure]].to_numpy(dtype=np.float64)
    whole = columns[np.isfinite(columns).all(axis=1)]
    if len(whole) < FEWEST_ROWS:
        raise ConfigError(f"{measure}: {len(whole)} whole rows of {len(columns)} are too few (needed: {FEWEST_ROWS})")
    x, y = whole[:, :-1], whole[:, -1]
    index_of = {"delta": _delta_of, "pawn": _pawn_of, "rbd_fast": _rbd_fast_of}[method]
    varied = np.flatnonzero(np.ptp(x, axis=0) > 0.0) if np.ptp(y) > 0.0 else np.zeros(0, dtype=np.intp)
    x = x[:, varied]
    found = np.array(_indices(index_of(y), x) if len(varied) else [])
    draws = [_draw(np.random.default_rng([seed, number]), len(y), method) for number in range(resamples)]
    # A resample of a measure that is nearly always the same may not vary.
    draws = [draw for draw in draws if len(varied) and np.ptp(y[draw]) > 0.0]
    resampled = np.array([_indices(index_of(y[draw]), x[draw]) for draw in draws])
    columns_of = {"index": found, "low": np.nan, "high": np.nan, "rank_low": np.nan, "rank_high": np.nan}
    if len(draws) > 1:
        columns_of.update(_intervals(found, resampled, method, level))
    spread = {name: np.full(len(keys), np.nan) for name in columns_of}
    for name, values in columns_of.items():
        spread[name][varied] = values
    table = pd.DataFrame(
        {
            "measure": measure,
            "key": list(keys),
            **spread,
            "rows": len(whole),
            "dropped": len(columns) - len(whole),
        }
    )
    table = table.sort_values("index", ascending=False, kind="stable", na_position="last", ignore_index=True)
    table.insert(1, "rank", table["index"].rank(ascending=False, method="min"))
    return table[list(COLUMNS)]


def _draw(random: np.random.Generator, rows: int, method: Method) -> npt.NDArray[np.int64]:
    """
    Rows of a resample.

    The spectrum of RBD-FAST takes rows that stand twice for a pattern: half of the rows without any twice, of which the
    deviation is that of all rows times the root of (1 - 1/2) / (1/2), which is 1.
    """
    if method == "rbd_fast":
        return random.permutation(rows)[: rows // 2]
    return random.integers(rows, size=rows)


def _intervals(found: _Floats, resampled: _Floats, method: Method, level: float) -> dict[str, _Floats]:
    """Index with its interval, and that of its rank; delta, a size, is reduced by what chance raises resamples by."""
    from scipy.stats import norm

    reach = float(norm.ppf(0.5 + level / 2.0)) * resampled.std(axis=0, ddof=1)
    if method == "delta":
        found = 2.0 * found - resampled.mean(axis=0)  # Plischke 2013, equation 30
    ranks = pd.DataFrame(resampled).rank(axis=1, ascending=False, method="min").to_numpy()
    tail = 100.0 * (1.0 - level) / 2.0
    rank_low, rank_high = np.percentile(ranks, [tail, 100.0 - tail], axis=0)
    return {
        "index": found,
        "low": found - reach,
        "high": found + reach,
        "rank_low": rank_low,
        "rank_high": rank_high,
    }


def _indices(index: Callable[[_Floats], float], x: _Floats) -> list[float]:
    return [index(column) for column in x.T]


def _delta_of(y: _Floats) -> Callable[[_Floats], float]:
    """
    Delta of a measure by the quantities: Plischke 2013, equation 26, with as many classes and grid points as SALib has.

    SALib's own function takes thirty times as long, most of it for the density of the whole measure, again and again.
    """
    grid = np.linspace(y.min(), y.max(), _GRID)
    whole = _density(y, grid)
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - len(y)) / 500.0))
    edges = np.linspace(0.0, len(y), min(int(np.ceil(len(y) ** exponent)), _MOST_CLASSES) + 1)

    def index(x: _Floats) -> float:
        by_rank, total = y[np.argsort(x, kind="stable")], 0.0
        # Ranks count from 1, and a class has those above its lower edge up to its upper one.
        for low, high in itertools.pairwise(np.floor(edges).astype(int)):
            in_class = by_rank[low:high]
            # A class in which the measure is the same throughout has no density.
            if len(in_class) > 1 and np.ptp(in_class) > 0.0:
                distance = float(np.trapezoid(np.abs(whole - _density(in_class, grid)), grid))
                total += len(in_class) / (2.0 * len(y)) * distance
        return total

    return index


def _density(y: _Floats, grid: _Floats) -> _Floats:
    """Density by Gaussian kernels of the width of Silverman."""
    width = (0.75 * len(y)) ** -0.2 * float(np.std(y, ddof=1))
    kernels = np.exp(-0.5 * ((grid[:, None] - y) / width) ** 2)
    density: _Floats = kernels.sum(axis=1) / (len(y) * width * np.sqrt(2.0 * np.pi))
    return density


def _pawn_of(y: _Floats) -> Callable[[_Floats], float]:
    from SALib.analyze.pawn import analyze

    problem = {"num_vars": 1, "names": ["x"], "bounds": [[0.0, 1.0]]}
    return lambda x: float(analyze(problem, x[:, None], y)["median"][0])


def _rbd_fast_of(y: _Floats) -> Callable[[_Floats], float]:
    from SALib.analyze.rbd_fast import compute_first_order, permute_outputs, unskew_S1

    return lambda x: float(unskew_S1(compute_first_order(permute_outputs(x, y), _HARMONICS), _HARMONICS, len(y)))
