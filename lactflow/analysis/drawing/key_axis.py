"""The axis of a key of a config: numbers by their size or their logarithm, words in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.digits import number
from lactflow.analysis.drawing.style import is_narrow, literal

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    Floats = npt.NDArray[np.float64]

_ROOM = 0.03
"""Of the axis, left free at either end."""
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
    logarithmic
        Whether equal distances are equal factors.
    """

    def __init__(self, key: str, values: pd.Series[Any], unit: str = "") -> None:
        self.key, self.unit = key, unit
        self.is_number = values.dtype.kind in "fiu"
        distinct = values.drop_duplicates()
        self.distinct: list[Any] = sorted(distinct.tolist()) if self.is_number else distinct.tolist()
        last = len(self.distinct) - 1
        self._low: float = self.distinct[0] if self.is_number else 0
        self._high: float = self.distinct[-1] if self.is_number else last
        self.logarithmic = self.is_number and self._low > 0.0 and self._high >= _LOGARITHMIC * self._low

    def values(self, values: pd.Series[Any]) -> Floats:
        """
        Values as numbers.

        Parameters
        ----------
        values
            Of the key.

        Returns
        -------
        They themselves; of words their positions.
        """
        if not self.is_number:
            number_of = {value: at for at, value in enumerate(self.distinct)}
            return values.map(number_of).to_numpy(np.float64)
        return values.to_numpy(np.float64)

    def shares(self, values: pd.Series[Any]) -> Floats:
        """
        Where values are from the lowest to the highest.

        Parameters
        ----------
        values
            Of the key.

        Returns
        -------
        From 0 to 1; 0.5 where the key has one value only.
        """
        found, ends = self.values(values), np.array([self._low, self._high], dtype=np.float64)
        if not ends[0] < ends[1]:
            return np.full(len(found), 0.5)
        if self.logarithmic:
            found, ends = np.log10(found), np.log10(ends)
        shares: Floats = (found - ends[0]) / (ends[1] - ends[0])
        return shares

    def apply(self, axes: Axes) -> None:
        """
        Make the horizontal axis that of the key: its scale, limits, name, and words where they are few.

        Parameters
        ----------
        axes
            Horizontal places are those of `values`.
        """
        low, high = float(self._low), float(self._high)
        if self.logarithmic:
            from matplotlib.ticker import LogLocator, NullFormatter

            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1.0,) if is_narrow(axes) else (1.0, 2.0, 5.0)))
            axes.xaxis.set_major_formatter("{x:g}")
            axes.xaxis.set_minor_formatter(NullFormatter())
            room = (high / low) ** _ROOM
            axes.set_xlim(low / room, high * room)
        elif self.is_number:
            room = _ROOM * (high - low) or 0.5
            axes.set_xlim(low - room, high + room)
            axes.locator_params(axis="x", nbins=5 if is_narrow(axes) else 9)
        else:
            axes.set_xlim(low - 0.5, high + 0.5)
            shown = self.distinct if len(self.distinct) <= _FEW_WORDS else []
            longest = (44 if is_narrow(axes) else 110) // max(1, len(shown))
            axes.set_xticks(range(len(shown)), [literal(in_words(value), longest) for value in shown])
        axes.set_xlabel(literal(self.label, 44 if is_narrow(axes) else 90))

    @property
    def label(self) -> str:
        """What the axis says."""
        scale = ", logarithmic" if self.logarithmic else ""
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
    """
    The end of a dotted path, as many whole parts of it as a picture has room for.

    Parameters
    ----------
    key
        Its dotted path.
    """
    parts = key.split(".")
    tails = [".".join(parts[at:]) for at in range(len(parts))]
    return next((tail for tail in tails if len(tail) <= _LONGEST), tails[-1])
