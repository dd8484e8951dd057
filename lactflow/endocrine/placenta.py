"""
Hormones of the placenta: high until it is delivered, then cleared.

Each part of the placenta adds its share until it is out. A retained fragment is a part that leaves later; what
it adds falls only then. Clearance is linear, so parts add up.
"""

from __future__ import annotations

from math import inf, nan
from typing import NamedTuple

from lactflow.kinetics import decayed, plain_sum
from lactflow.parameters.placenta import Decline


class PlacentaPart(NamedTuple):
    """
    A part of the placenta.

    Attributes
    ----------
    share
        Share of the hormones that it makes; all parts add up to 1.
    out_min
        Time at which it leaves the uterus.
    """

    share: float
    out_min: float


WHOLE_AT_BIRTH = (PlacentaPart(share=1.0, out_min=0.0),)
"""The placenta follows the infant at once."""


class PlacentalHormone:
    """
    A hormone that the placenta makes.

    Parameters
    ----------
    decline
        Its levels and half-lives.
    parts
        Of the placenta.
    """

    def __init__(self, decline: Decline, parts: tuple[PlacentaPart, ...] = WHOLE_AT_BIRTH) -> None:
        self._decline = decline
        self._parts = parts
        self._read_min = nan
        self._level = nan

    def level(self, time_min: float) -> float:
        """Concentration in plasma, in the unit of its declaration; what reads it does so at the same times."""
        if time_min == self._read_min:
            return self._level
        term, floor, *phases = self._decline
        left = plain_sum([part.share * share_left(time_min - part.out_min, *phases) for part in self._parts])
        self._read_min, self._level = time_min, floor + (term - floor) * left
        return self._level

    def next_change(self, time_min: float) -> float:
        """When the next part of the placenta is out."""
        return min((part.out_min for part in self._parts if part.out_min > time_min), default=inf)


def share_left(since_out_min: float, fast_share: float, fast_half_life_min: float, slow_half_life_min: float) -> float:
    """
    Share of a hormone that is left after the part of the placenta that made it is out; all of it before.

    Equation
    --------
    fast = fast_share * 2**(-since_out_min / fast_half_life_min)
    slow = (1 - fast_share) * 2**(-since_out_min / slow_half_life_min)
    share_left = fast + slow if since_out_min > 0 else 1

    Parameters
    ----------
    since_out_min
        Time since then [min].
    fast_share
        Share that goes with the fast half-life.
    fast_half_life_min, slow_half_life_min
        Half-lives [min].

    References
    ----------
    First-order kinetics of two phases; the half-lives are declared with their sources.
    """
    if since_out_min <= 0.0:
        return 1.0
    fast = decayed(fast_share, since_out_min, fast_half_life_min)
    return fast + decayed(1.0 - fast_share, since_out_min, slow_half_life_min)
