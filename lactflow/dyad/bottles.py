"""
The store of expressed milk: one bottle for each breast of each pumping, with what was in the milk.

An infant that gets own milk drinks such as all that was expressed so far, whatever its volume; before anything was
expressed, the store does not know what is in own milk.
"""

from __future__ import annotations

from typing import NamedTuple

from lactflow.gland.analytes import Milk


class Bottle(NamedTuple):
    """Milk expressed from one breast: when that ended [min since birth], the breast, the milk."""

    time_min: float
    breast: str
    milk: Milk


class Bottles:
    """
    The bottles of one mother.

    Parameters
    ----------
    nothing
        An empty vessel for milk of the run.

    Attributes
    ----------
    expressed
        All milk expressed so far.
    stored
        Bottles, oldest first.
    """

    def __init__(self, nothing: Milk) -> None:
        self.expressed = nothing
        self.stored: list[Bottle] = []

    def store(self, bottle: Bottle) -> None:
        """Put a bottle into the store; an empty one is left out."""
        if bottle.milk.volume_ml > 0.0:
            self.stored.append(bottle)
