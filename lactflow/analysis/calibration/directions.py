"""
What targets cannot distinguish: directions in which quantities change together and nothing that was measured does.

Around the best point the loss is a parabola in all quantities at once, `J'J` with the slopes `J` of the targets in
their own standard deviations (the expected Hessian of half the loss, after Gauss and Newton). Its eigenvectors are the
directions, and an eigenvalue says how fast the loss rises along one of them: the targets leave the 95 % half-width
`sqrt(3.84 / eigenvalue)`. A direction of more than half a range is undecided.

Two quantities cannot be distinguished where each alone would be known, and both together are not: what is known of one
once the other is known is at least three times as narrow as what is known of it without.
"""

from __future__ import annotations

from math import inf, isfinite, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lactflow.analysis.calibration.profiles import CHI2_95, GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lactflow.analysis.calibration.axes import Axis
    from lactflow.analysis.calibration.surface import Floats, Surface

UNDECIDED = 0.5
"""95 % half-width, in ranges, from which on a direction is undecided."""
INFLATED = 3.0
"""Times as wide without the other quantity, from which on two cannot be distinguished."""
_NEAR_ONE = 0.25
"""By how much an exponent or a factor may differ from 1 to be called that."""
_NO_POINTS = 4
_TIE = 1e-3
"""Share of the variance by which a line must be better than a curve."""


class Direction(NamedTuple):
    """
    An eigenvector of the loss around the best point.

    Attributes
    ----------
    eigenvalue
        Rise of the loss over a whole range.
    ratio
        Of the eigenvalue to the largest one.
    half_width
        95 % half-width that the targets leave, in ranges.
    parts
        How much each quantity has of it: its length is 1.
    """

    eigenvalue: float
    ratio: float
    half_width: float
    parts: Floats

    @property
    def decided(self) -> bool:
        """Whether the targets show anything about it."""
        return self.half_width <= UNDECIDED


class Pair(NamedTuple):
    """
    Two quantities that the targets cannot distinguish.

    Attributes
    ----------
    first, second
        Their numbers.
    inflation
        How many times as wide the interval of one is without the other being known.
    relation
        `product`, `ratio`, `sum`, `difference`, `power`, `weighted sum` or `combination`.
    factor
        Exponent of the second one in a power, factor of it in a weighted sum; else 1.
    holds
        What the targets hold, in words.
    """

    first: int
    second: int
    inflation: float
    relation: str
    factor: float
    holds: str


def directions_of(slopes: Floats) -> list[Direction]:
    """
    Eigenvectors of the loss, the best known first.

    Parameters
    ----------
    slopes
        As `Surface.slopes` gives them.
    """
    values, vectors = np.linalg.eigh(slopes.T @ slopes)
    largest = max(float(values[-1]), 0.0)
    found = []
    for number in range(len(values) - 1, -1, -1):
        value, parts = max(float(values[number]), 0.0), vectors[:, number]
        parts = parts * (-1.0 if parts[np.abs(parts).argmax()] < 0.0 else 1.0)
        ratio = value / largest if largest > 0.0 else 0.0
        found.append(Direction(value, ratio, _half_width(value), parts))
    return found


def _half_width(information: float) -> float:
    return sqrt(CHI2_95 / information) if information > 0.0 else inf


def flat(slopes: Floats) -> list[bool]:
    """
    Whether each quantity alone moves the targets too little to be known, all others being known.

    Parameters
    ----------
    slopes
        As `Surface.slopes` gives them.
    """
    return [_half_width(float(column @ column)) > UNDECIDED for column in slopes.T]


def pairs_of(surface: Surface, axes: Sequence[Axis], best: Floats, decided: Sequence[bool]) -> list[Pair]:
    """
    Quantities that cannot be distinguished, two at a time.

    Parameters
    ----------
    surface
        Of the trials.
    axes
        The quantities.
    best
        Shares of the best point.
    decided
        Whether the profile of each excludes both ends of its range: two such are no pair.
    """
    slopes = surface.slopes(best)
    alone = flat(slopes)
    information = slopes.T @ slopes
    found = []
    for first in range(len(axes)):
        for second in range(first + 1, len(axes)):
            if alone[first] or alone[second] or (decided[first] and decided[second]):
                continue
            inflation = _inflation(information, first, second)
            if inflation >= INFLATED:
                relation, factor = _relation(surface, axes, best, first, second)
                words = _in_words(axes[first].key, axes[second].key, relation, factor)
                found.append(Pair(first, second, inflation, relation, factor, words))
    return found


def _inflation(information: Floats, first: int, second: int) -> float:
    """How many times as wide one is without the other, when all others are known."""
    of_both = information[first, second] ** 2 / (information[first, first] * information[second, second])
    return 1.0 / sqrt(1.0 - of_both) if of_both < 1.0 - 1e-12 else 1e6


def _valley(surface: Surface, axes: Sequence[Axis], best: Floats, first: int, second: int) -> tuple[Floats, Floats]:
    """Values of two quantities that the targets allow together: the best second one at values of the first."""
    shares = np.linspace(0.0, 1.0, 2 * GRID - 1)
    points = np.tile(best, (len(shares) ** 2, 1))
    points[:, first] = np.repeat(shares, len(shares))
    points[:, second] = np.tile(shares, len(shares))
    losses = surface.loss(points, sure=True).reshape(len(shares), -1)
    at, lowest = losses.argmin(axis=1), losses.min(axis=1)
    # At the ends of the range of the second one its best value may lie beyond.
    allowed = (lowest - lowest.min() <= CHI2_95) & (at > 0) & (at < len(shares) - 1)
    rows, at = losses[allowed], at[allowed]
    below, here, above = (rows[np.arange(len(rows)), at + step] for step in (-1, 0, 1))
    curved = np.maximum(below - 2.0 * here + above, 1e-300)
    between = shares[at] + np.clip(0.5 * (below - above) / curved, -0.5, 0.5) * (shares[1] - shares[0])  # a parabola
    one = np.array([axes[first].value(float(share)) for share in shares[allowed]])
    other = np.array([axes[second].value(float(share)) for share in between])
    return one, other


def _relation(surface: Surface, axes: Sequence[Axis], best: Floats, first: int, second: int) -> tuple[str, float]:
    """What stays the same along the valley, and the exponent or the factor in it."""
    one, other = _valley(surface, axes, best, first, second)
    if len(one) < _NO_POINTS:
        return "combination", 1.0
    linear, by_line = _line(one, other)
    power, by_power = -inf, -inf
    if one.min() > 0.0 and other.min() > 0.0:
        power, by_power = _line(np.log(one), np.log(other))
    if not (isfinite(linear) and max(by_line, by_power) > 0.5):
        return "combination", 1.0
    if by_power >= by_line - _TIE:  # a line through the origin is a ratio
        return _named(power, "product", "ratio", "power")
    same = axes[first].unit == axes[second].unit
    return _named(linear, "sum", "difference", "weighted sum", plain=same)


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope of a line, and the share of the variance that it explains."""
    if x.std() == 0.0 or y.std() == 0.0:
        return 0.0, -inf
    slope = float(np.cov(x, y, bias=True)[0, 1] / x.var())
    left = y - y.mean() - slope * (x - x.mean())
    return slope, float(1.0 - left.var() / y.var())


def _named(slope: float, falling: str, rising: str, other: str, *, plain: bool = True) -> tuple[str, float]:
    """The name of a relation by its slope; an exponent or a factor of 1 has a name of its own."""
    if plain and abs(slope + 1.0) <= _NEAR_ONE:
        return falling, 1.0
    if plain and abs(slope - 1.0) <= _NEAR_ONE:
        return rising, 1.0
    return (other, -1.0 / slope) if slope else ("combination", 1.0)


def _in_words(first: str, second: str, relation: str, factor: float) -> str:
    """What the targets hold."""
    return {
        "product": f"{first} * {second}",
        "ratio": f"{first} / {second}",
        "power": f"{first} * {second}^{factor:.2g}",
        "sum": f"{first} + {second}",
        "difference": f"{first} - {second}",
        "weighted sum": f"{first} {'+' if factor > 0.0 else '-'} {abs(factor):.3g} * {second}",
        "combination": f"a combination of {first} and {second}",
    }[relation]
