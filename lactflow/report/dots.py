"""Dots over an axis, stacked where they would hide one another: a dot plot."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 1000.0
"""Of the coordinates of a drawing with dots."""
DOT_PX = 11.0
_CELLS = 90
_CELL = WIDTH / _CELLS
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


def stack_px(values: Iterable[float], scale: Scale) -> float:
    """Room that `stacked` takes [px]."""
    return min(_TALLEST, max(Counter(_cells(values, scale)).values(), default=0)) * DOT_PX


def stacked(values: Iterable[float], scale: Scale, floor: float) -> str:
    """
    Dots as an SVG path of lines without length.

    Parameters
    ----------
    values
        Where they are.
    scale
        Of the axis.
    floor
        What they stand on [px from the top]. A stack of more than a dozen is pressed together.
    """
    cells = _cells(values, scale)
    tallest = max(Counter(cells).values(), default=0)
    step = DOT_PX if tallest <= _TALLEST else (_TALLEST - 1.0) * DOT_PX / (tallest - 1.0)
    levels: Counter[int] = Counter()
    path = ""
    for cell in sorted(cells):
        path += f"M{(cell + 0.5) * _CELL:.4g} {floor - 0.5 * DOT_PX - levels[cell] * step:.4g}h0"
        levels[cell] += 1
    return path


def _cells(values: Iterable[float], scale: Scale) -> list[int]:
    return [min(_CELLS - 1, max(0, int(scale(value) // _CELL))) for value in values]
