"""Dots over an axis, stacked where they would hide one another: a dot plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 1000.0
"""Of the coordinates of a drawing with dots."""
DOT_PX = 11.0
_CELLS = 90
_TALLEST = 12


class Scale:
    """
    From values to the coordinates of a drawing.

    Parameters
    ----------
    low, high
        Ends of the axis.
    """

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    @classmethod
    def around(cls, values: Iterable[float]) -> Scale:
        """With 0 and all values on it, and some room at both ends."""
        known = [0.0, *values]
        low, high = min(known), max(known)
        room = 0.06 * (high - low or 1.0)
        return cls(low - room, high + room)

    def __call__(self, value: float) -> float:
        """Where a value is, from the left."""
        return round(WIDTH * (value - self.low) / (self.high - self.low), 1)


def stacked(values: Iterable[float], scale: Scale, top: float) -> tuple[str, float]:
    """
    Dots as an SVG path of lines without length.

    Parameters
    ----------
    values
        Where they are.
    scale
        Of the axis.
    top
        Where there is room from [px].

    Returns
    -------
    The path, and where it ends [px]. A stack that would be taller than a dozen is pressed together.
    """
    cell = WIDTH / _CELLS
    cells = [min(_CELLS - 1, max(0, int(scale(value) // cell))) for value in values]
    tallest = max(np.bincount(cells), default=0) if cells else 0
    height = min(int(tallest), _TALLEST) * DOT_PX
    step = DOT_PX if tallest <= _TALLEST else (height - DOT_PX) / (float(tallest) - 1.0)
    levels: dict[int, int] = {}
    path = ""
    for place in sorted(cells):
        level = levels[place] = levels.get(place, -1) + 1
        path += f"M{(place + 0.5) * cell:.4g} {top + height - 0.5 * DOT_PX - level * step:.4g}h0"
    return path, top + height
