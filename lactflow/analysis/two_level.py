"""
Means of differences from many coarse replicates, corrected by few at the resolution that counts.

A coarse replicate costs a fraction of the time and, with the same random numbers, differs from the other schedule by
nearly the same amount. The mean of many coarse differences is known well, but is that of another resolution; the mean
of what they are off, from the replicates that were simulated both ways, corrects it.
"""

from __future__ import annotations

from math import isfinite, nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lactflow.analysis.intervals import student_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

CORRECTED = ("made_ml_per_day", "removed_ml_per_day")
"""
Measures that are estimated this way. On fixed schedules the differences of coarse replicates follow those at the
default resolution (`benchmarks/coarse_pairs.py`: correlation 0.98 or more in every pair of schedules tried). Hours
above or below a threshold do not, and are never estimated from coarse replicates.
"""


class TwoLevelMean(NamedTuple):
    """
    A mean from two levels of resolution, with its interval.

    Attributes
    ----------
    mean, low, high
        NaN where there are too few values: none for the mean, fewer than two of either kind for the interval.
    degrees
        Degrees of freedom of the interval, rounded down; 0 where there is none.
    correction
        Mean of what coarse values are off, with the sign that mends them.
    correlation
        Of both kinds of values, where they are paired; NaN where one of them does not vary.
    size, coarse_size
        Number of values that are paired, and of coarse ones in all.
    """

    mean: float
    low: float
    high: float
    degrees: int
    correction: float
    correlation: float
    size: int
    coarse_size: int


def two_level_mean(
    values: Sequence[float], coarse: Sequence[float], more: Sequence[float], level: float = 0.95
) -> TwoLevelMean:
    """
    Mean of values of which few are known, and coarse ones of many.

    The mean of all coarse values, plus the mean of what `values` and `coarse` differ by. With w the share of the paired
    ones among all coarse ones, that is the mean of `values - (1 - w) coarse` plus (1 - w) times the mean of `more`:
    means of samples that are independent of one another. So their variances add up, and the interval is that of Welch
    and Satterthwaite for two means. A bootstrap is not used: the paired are few, and of five or ten values it covers
    too seldom.

    Parameters
    ----------
    values, coarse
        Of the same subjects, one by one; all finite.
    more
        Coarse values of further subjects.
    level
        Of the interval, 0 to 1.

    References
    ----------
    Welch BL 1947, The generalization of Student's problem when several different population variances are involved,
    Biometrika 34:28-35. Satterthwaite FE 1946, An approximate distribution of estimates of variance components,
    Biometrics Bulletin 2:110-114. Giles MB 2015, Multilevel Monte Carlo methods, Acta Numerica 24:259-328.
    """
    exact, near, far = (np.asarray(each, dtype=float) for each in (values, coarse, more))
    size, further = len(exact), len(far)
    if not size:
        return TwoLevelMean(nan, nan, nan, 0, nan, nan, 0, further)
    rest = further / (size + further)
    apart = exact - rest * near
    mean = float(apart.mean() + (rest * far.mean() if further else 0.0))
    correction = float((exact - near).mean())
    if size < 2 or further < 2:
        return TwoLevelMean(mean, nan, nan, 0, correction, nan, size, size + further)
    parts = (float(apart.var(ddof=1)) / size, rest**2 * float(far.var(ddof=1)) / further)
    degrees = _degrees(parts, (size - 1, further - 1))
    half = student_quantile(level, degrees) * sqrt(parts[0] + parts[1])
    return TwoLevelMean(
        mean, mean - half, mean + half, degrees, correction, _correlation(exact, near), size, size + further
    )


_ROUND_OFF = 1e-9
"""What a whole number of degrees may have lost."""


def _degrees(parts: tuple[float, float], degrees: tuple[int, int]) -> int:
    """Degrees of freedom of a sum of two variances, by Satterthwaite; rounded down, which is the wider interval."""
    below = parts[0] ** 2 / degrees[0] + parts[1] ** 2 / degrees[1]
    found = (parts[0] + parts[1]) ** 2 / below if below > 0.0 else float(degrees[0] + degrees[1])
    return max(1, int(found + _ROUND_OFF)) if isfinite(found) else 1


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """NaN where one of them does not vary."""
    return float(np.corrcoef(one, other)[0, 1]) if one.std() > 0.0 and other.std() > 0.0 else nan
