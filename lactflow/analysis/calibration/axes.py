"""The quantities that a calibration moves, each with its range: as values, and as shares of the range from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple


class Axis(NamedTuple):
    """
    One quantity and the range in which it is looked for.

    Attributes
    ----------
    key
        Dotted path, as `--set` takes it.
    low, high
        Ends of the range; low is below high.
    logarithmic
        Whether equal shares of the range are equal factors.
    unit
        Of both; empty for a fraction or a count.
    start
        Value in the config that is calibrated.
    """

    key: str
    low: float
    high: float
    logarithmic: bool = False
    unit: str = ""
    start: float = float("nan")

    def value(self, share: float) -> float:
        """
        The value at a share of the range.

        Parameters
        ----------
        share
            0 for the low end, 1 for the high one.
        """
        if self.logarithmic:
            found = exp(log(self.low) + share * (log(self.high) - log(self.low)))
        else:
            found = self.low + share * (self.high - self.low)
        return min(max(found, self.low), self.high)

    def share(self, value: float) -> float:
        """
        The share of the range at a value; that of the nearer end for one outside.

        Parameters
        ----------
        value
            Of the quantity.
        """
        held = min(max(value, self.low), self.high)
        if self.logarithmic:
            return (log(held) - log(self.low)) / (log(self.high) - log(self.low))
        return (held - self.low) / (self.high - self.low)


def values_at(axes: Sequence[Axis], shares: Sequence[float]) -> dict[str, float]:
    """
    Values by key.

    Parameters
    ----------
    axes
        The quantities.
    shares
        Of the range of each.
    """
    return {axis.key: axis.value(share) for axis, share in zip(axes, shares, strict=True)}
