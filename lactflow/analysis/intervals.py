"""
Intervals for means: Student's t, and how many replicates an interval of a given width needs.

SciPy is not needed for them: with whole degrees of freedom the distribution of t is a finite sum.
"""

from __future__ import annotations

from functools import lru_cache
from math import atan, ceil, cos, inf, isfinite, nan, pi, sin, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST = 10_000_000
"""More replicates than anybody will simulate."""


class MeanInterval(NamedTuple):
    """
    A mean with its interval.

    Attributes
    ----------
    mean, low, high
        NaN where there are too few values: none for the mean, one for the interval.
    sd
        Standard deviation of the values; NaN for fewer than two.
    size
        Number of values.
    """

    mean: float
    low: float
    high: float
    sd: float
    size: int


def student_probability(t: float, degrees: int) -> float:
    """
    Probability that Student's t lies between -t and t.

    Parameters
    ----------
    t
        0 or more.
    degrees
        Degrees of freedom, 1 or more.

    References
    ----------
    Abramowitz and Stegun 1964, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    angle = atan(t / sqrt(degrees))
    odd = degrees % 2
    term = cos(angle) if odd else 1.0
    total = term if degrees > 1 else 0.0
    for factor in range(2 if odd else 1, degrees - 2, 2):
        term *= cos(angle) ** 2 * factor / (factor + 1)
        total += term
    return 2.0 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total


@lru_cache(maxsize=256)
def student_quantile(level: float, degrees: int) -> float:
    """
    The t for which `student_probability` is `level`, by bisection.

    Parameters
    ----------
    level
        0 to 1, both left out.
    degrees
        Degrees of freedom, 1 or more.
    """
    low, high = 0.0, 1.0
    while student_probability(high, degrees) < level:
        low, high = high, 2.0 * high
    while high - low > 1e-12 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if student_probability(middle, degrees) < level else (low, middle)
    return 0.5 * (low + high)


def mean_interval(values: Sequence[float], level: float = 0.95) -> MeanInterval:
    """
    Mean of independent values, with a two-sided interval by Student's t.

    Parameters
    ----------
    values
        NaN are left out.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    A named tuple: `mean`, `low`, `high`, `sd` (standard deviation of the values), `size` (their number). NaN where
    there are too few values: none for the mean, one for the others.
    """
    known = np.array([value for value in values if isfinite(value)])
    if not len(known):
        return MeanInterval(nan, nan, nan, nan, 0)
    mean = float(known.mean())
    if len(known) == 1:
        return MeanInterval(mean, nan, nan, nan, 1)
    sd = float(known.std(ddof=1))
    half = student_quantile(level, len(known) - 1) * sd / sqrt(len(known))
    return MeanInterval(mean, mean - half, mean + half, sd, len(known))


def sd_ratio_interval(first: Sequence[float], other: Sequence[float], level: float = 0.95) -> tuple[float, float]:
    """
    Interval of a ratio: the SD of paired differences over what it would be if the two were independent.

    With D the difference and S the sum of a pair, the ratio is sqrt(2 / (1 + var S / var D)). Two variances of the
    same pairs are compared by the exact interval of Morgan and Pitman, which takes the pairs to be normal; a bootstrap
    of ten pairs covers too seldom.

    Parameters
    ----------
    first, other
        Values of the two, pair by pair; all finite.
    level
        Of the interval.

    Returns
    -------
    Its ends; NaN for fewer than three pairs, or where nothing varies.

    References
    ----------
    Morgan WA 1939, A test for the significance of the difference between the two variances in a sample from a normal
    bivariate population, Biometrika 31:13-19. Pitman EJG 1939, A note on normal correlation, Biometrika 31:9-12.
    """
    one, two = np.asarray(first, dtype=float), np.asarray(other, dtype=float)
    size = len(one)
    if size < 3:
        return nan, nan
    gap, total = two - one, two + one
    of_gap, of_total = float(gap.var()), float(total.var())
    if of_gap == 0.0 or of_total == 0.0:  # always alike, always opposite, or nothing at all
        ratio = nan if of_gap == of_total else 0.0 if of_gap == 0.0 else sqrt(2.0)
        return ratio, ratio
    square = float(((gap - gap.mean()) * (total - total.mean())).mean()) ** 2 / (of_gap * of_total)
    t = student_quantile(level, size - 2)
    middle = 1.0 + 2.0 * max(0.0, 1.0 - square) * t**2 / (size - 2)
    factor = middle + sqrt(middle**2 - 1.0)
    quotient = of_total / of_gap
    return sqrt(2.0 / (1.0 + quotient * factor)), sqrt(2.0 / (1.0 + quotient / factor))


def enough_replicates(pilot: Sequence[float], half_width: float, level: float = 0.95) -> float:
    """
    Replicates that make the interval of a mean no wider than required, from a pilot.

    The second stage of a fixed-width procedure in two stages. The interval that belongs to it, `two_stage_interval`,
    covers with the level it promises however large the variance turns out to be, as long as values are normal; to look
    again after every replicate and stop at a narrow interval would not.

    Parameters
    ----------
    pilot
        Values of the first stage; two or more.
    half_width
        Wanted half-width, above 0.
    level
        Of the interval.

    Returns
    -------
    A whole number, the pilot's own at least; infinity when it is beyond all use.

    References
    ----------
    Stein C 1945, A two-sample test for a linear hypothesis whose power is independent of the variance, Ann Math Stat
    16:243-258.
    """
    first = mean_interval(pilot, level)
    needed = (student_quantile(level, first.size - 1) * first.sd / half_width) ** 2
    return max(first.size, ceil(needed)) if needed < _MOST else inf


def two_stage_interval(values: Sequence[float], pilot: int, level: float = 0.95) -> MeanInterval:
    """
    Mean of all values of a procedure in two stages, with the SD and the degrees of freedom of its pilot.

    Parameters
    ----------
    values
        Of both stages, those of the pilot first.
    pilot
        Values of the first stage.
    level
        Of the interval.
    """
    every, first = mean_interval(values, level), mean_interval(values[:pilot], level)
    if first.size < 2:
        return every
    half = student_quantile(level, first.size - 1) * first.sd / sqrt(every.size)
    return every._replace(low=every.mean - half, high=every.mean + half)
