"""Where values of a key of a config are along a drawing: numbers by their size or their logarithm, words in a row."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.report.blocks import Tick
from lactflow.report.dots import WIDTH
from lactflow.report.numbers import number, ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

_ROOM = 0.03
"""Of the width, left free at either end."""
_LOGARITHMIC = 30.0
"""Highest over lowest value, from which on a key has a logarithmic axis."""
_FEW_WORDS = 6
_LONGEST = 28


class KeyAxis:
    """
    The axis of one key.

    Parameters
    ----------
    key
        Its dotted path.
    values
        All that it has in a sweep.
    unit
        Of them; empty for none.

    Attributes
    ----------
    distinct
        Its values, each once: numbers by size, words as they come.
    is_number
        Whether they are numbers, which have places between them.
    """

    def __init__(self, key: str, values: pd.Series[Any], unit: str = "") -> None:
        self.key, self.unit = key, unit
        self.is_number = values.dtype.kind in "fiu"
        distinct = values.drop_duplicates()
        self.distinct: list[Any] = sorted(distinct.tolist()) if self.is_number else distinct.tolist()
        last = len(self.distinct) - 1
        self._low: float = self.distinct[0] if self.is_number else 0
        self._high: float = self.distinct[-1] if self.is_number else last
        self._logarithmic = self.is_number and self._low > 0.0 and self._high >= _LOGARITHMIC * self._low

    def places(self, values: pd.Series[Any]) -> Floats:
        """Where values are, from the left, in the coordinates of a drawing."""
        if not self.is_number:
            number_of = {value: at for at, value in enumerate(self.distinct)}
            return self._place(values.map(number_of).to_numpy(np.float64))
        return self._place(values.to_numpy(np.float64))

    def _place(self, values: Floats) -> Floats:
        low, high = float(self._low), float(self._high)
        if not low < high:
            return np.full(len(values), 0.5 * WIDTH)
        if self._logarithmic:
            low, high, values = log10(low), log10(high), np.log10(values)
        shares = (values - low) / (high - low)
        found: Floats = WIDTH * (_ROOM + (1.0 - 2.0 * _ROOM) * shares)
        return found.round(1)

    def ticks(self) -> list[Tick]:
        """Marks of the axis: round numbers, or words where there are few."""
        if not self.is_number:
            shown = self.distinct if len(self.distinct) <= _FEW_WORDS else []
            return self._ticks_at(list(range(len(shown))), [in_words(value, 16) for value in shown])
        if self._logarithmic:
            powers = range(floor(log10(self._low)), floor(log10(self._high)) + 1)
            steps = [factor * 10.0**power for power in powers for factor in (1.0, 2.0, 5.0)]
            marks = [step for step in steps if self._low <= step <= self._high]
            return self._ticks_at(marks, [f"{mark:g}" for mark in marks])
        if len(self.distinct) == 1:
            return [Tick(50.0, number(self._low))]
        at = ticks(float(self._low), float(self._high))
        return [Tick(100.0 * (_ROOM + (1.0 - 2.0 * _ROOM) * each.at / 100.0), each.text) for each in at]

    def _ticks_at(self, values: Sequence[float], texts: Sequence[str]) -> list[Tick]:
        places = self._place(np.array(values, dtype=np.float64))
        return [Tick(100.0 * at / WIDTH, text) for at, text in zip(places.tolist(), texts, strict=True)]

    @property
    def label(self) -> str:
        """What the axis says."""
        scale = ", logarithmic" if self._logarithmic else ""
        return f"{self.key}{f' [{self.unit}]' if self.unit else ''}{scale}"

    @property
    def span(self) -> str:
        """From where to where, with the unit."""
        if not self.is_number:
            return f"{len(self.distinct)} values"
        ends = f"{number(self._low)} to {number(self._high)}" if self._low < self._high else number(self._low)
        return f"{ends} {self.unit}".rstrip()


def in_words(value: object, longest: int = 60) -> str:
    """
    A value of a key as a text.

    Parameters
    ----------
    value
        A number, a word, or JSON.
    longest
        Characters; what is longer is cut.
    """
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def short(key: str) -> str:
    """The end of a dotted path, as many whole parts of it as a drawing has room for."""
    parts = key.split(".")
    tails = [".".join(parts[at:]) for at in range(len(parts))]
    return next((tail for tail in tails if len(tail) <= _LONGEST), tails[-1])
