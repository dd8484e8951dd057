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

import warnings
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
    index: Callable[[_Floats, _Floats], float] = {"delta": _delta, "pawn": _pawn, "rbd_fast": _rbd_fast}[method]
    varied = np.ptp(x, axis=0) > 0.0 if np.ptp(y) > 0.0 else np.zeros(len(keys), dtype=np.bool_)
    draws = [_draw(np.random.default_rng([seed, number]), len(y), method) for number in range(resamples)]
    found, resampled = np.full(len(keys), np.nan), np.full((resamples, len(keys)), np.nan)
    for number in np.flatnonzero(varied):
        found[number] = index(x[:, number], y)
        resampled[:, number] = [index(x[draw, number], y[draw]) for draw in draws]
    found, low, high = _interval(found, resampled, method, level)
    ranks = pd.DataFrame(resampled).rank(axis=1, ascending=False, method="min").to_numpy()
    tail = 100.0 * (1.0 - level) / 2.0
    ends = np.full((2, len(keys)), np.nan)
    if varied.any() and resamples:
        ends[:, varied] = np.percentile(ranks[:, varied], [tail, 100.0 - tail], axis=0)
    table = pd.DataFrame(
        {
            "measure": measure, "key": list(keys), "index": found, "low": low, "high": high, "rank_low": ends[0],
            "rank_high": ends[1], "rows": len(whole), "dropped": len(columns) - len(whole),
        }
    )  # fmt: skip
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


def _interval(found: _Floats, resampled: _Floats, method: Method, level: float) -> tuple[_Floats, _Floats, _Floats]:
    """Index with its interval; delta, a size, is raised by chance, and is reduced by what that raises resamples by."""
    from scipy.stats import norm

    if len(resampled) < 2:
        return found, np.full_like(found, np.nan), np.full_like(found, np.nan)
    reach = float(norm.ppf(0.5 + level / 2.0)) * resampled.std(axis=0, ddof=1)
    if method == "delta":
        found = 2.0 * found - resampled.mean(axis=0)  # Plischke 2013, equation 30
    return found, found - reach, found + reach


def _delta(x: _Floats, y: _Floats) -> float:
    from SALib.analyze.delta import calc_delta

    # Classes of about equal numbers of rows, as SALib has them.
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - len(y)) / 500.0))
    classes = min(int(np.ceil(len(y) ** exponent)), 48)
    edges = np.linspace(0.0, len(y), classes + 1)
    grid = np.linspace(y.min(), y.max(), 100)
    with warnings.catch_warnings():
        # A class in which the measure is the same throughout, as one that is mostly zero has them, counts as nothing.
        warnings.simplefilter("ignore", UserWarning)
        return float(calc_delta(y, grid, x, edges))


def _pawn(x: _Floats, y: _Floats) -> float:
    from SALib.analyze.pawn import analyze

    problem = {"num_vars": 1, "names": ["x"], "bounds": [[0.0, 1.0]]}
    return float(analyze(problem, x[:, None], y)["median"][0])


def _rbd_fast(x: _Floats, y: _Floats) -> float:
    from SALib.analyze.rbd_fast import compute_first_order, permute_outputs, unskew_S1

    harmonics = 10
    return float(unskew_S1(compute_first_order(permute_outputs(x, y), harmonics), harmonics, len(y)))
