"""What a hormone or a drug is to the rest of the model."""

from __future__ import annotations

from math import inf
from typing import Protocol


class Signal(Protocol):
    """A concentration in the mother's blood."""

    def level(self, time_min: float) -> float:
        """Concentration at `time_min`, in the unit of its declaration; not before the last change."""

    def next_change(self, time_min: float) -> float:
        """Next time [min] at which it leaves its closed form by itself; infinity when it never does."""


class ConstantSignal:
    """A concentration that stays."""

    def __init__(self, concentration: float) -> None:
        self._concentration = concentration

    def level(self, time_min: float) -> float:
        """The same at any time."""
        del time_min
        return self._concentration

    def next_change(self, time_min: float) -> float:
        """Never."""
        del time_min
        return inf
