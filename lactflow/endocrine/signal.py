"""What a hormone or a drug is to the rest of the model."""

from __future__ import annotations

from typing import Protocol


class Signal(Protocol):
    """A concentration in the mother's blood."""

    def level(self, time_min: float) -> float:
        """Concentration at `time_min`, in the unit of its declaration; not before the last change."""

    def next_change(self, time_min: float) -> float:
        """Next time [min] at which it leaves its closed form by itself; infinity when it never does."""
