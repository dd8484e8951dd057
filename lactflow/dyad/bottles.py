"""
The store of expressed milk: one bottle for each breast of each pumping, with what is in its milk.

Own milk in a bottle is the oldest in the store, first in, first out. Where the store is short, an infant gets the rest
all the same, such as the mean of all milk expressed so far: the store of the model begins empty, and that of a mother
does not. Before anything was expressed, nobody knows what is in her milk.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from lactflow.gland.analytes import Milk


class Bottle(NamedTuple):
    """Milk expressed from one breast: when that ended [min since birth], the breast, the milk that is left of it."""

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
        All milk expressed so far; that of a pumping counts when it is over.
    stored
        Bottles, oldest first.
    """

    def __init__(self, nothing: Milk) -> None:
        self.expressed = nothing
        self.stored: deque[Bottle] = deque()

    def store(self, bottle: Bottle) -> None:
        """Put a bottle into the store; an empty one is left out."""
        if bottle.milk.volume_ml > 0.0:
            self.expressed.add(bottle.milk)
            self.stored.append(bottle)

    def take(self, volume_ml: float) -> Milk | None:
        """
        Take out a volume, the oldest milk first.

        Returns
        -------
        The milk, of which the store may have had less; None as long as nothing was expressed.
        """
        if not self.expressed.volume_ml > 0.0:
            return None
        taken = self.expressed.scaled(0.0)
        while self.stored and taken.volume_ml < volume_ml:
            oldest = self.stored[0].milk
            taken.add(oldest.take(volume_ml - taken.volume_ml))
            if not oldest.volume_ml > 0.0:
                self.stored.popleft()
        missing_ml = volume_ml - taken.volume_ml
        if missing_ml > 0.0:
            taken.add(self.expressed.scaled(missing_ml / self.expressed.volume_ml))
        return taken
