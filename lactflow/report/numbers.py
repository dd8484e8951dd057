"""Numbers as people read them, marks on axes, and the axis of time of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, inf, isfinite, log10
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.digits import NOTHING, evenly, number, signed
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["NOTHING", "TimeAxis", "clock", "evenly", "in_words", "number", "plain", "round_steps", "signed"]

_FEW_HOURS = 3.0
_SHORT_DAYS = 4.0
"""Runs up to here are given in hours since their start."""


def plain(values: Iterable[float], digits: int = 4) -> list[float | None]:
    """Values for JSON: so many digits that count, None for what is no number."""
    return [float(f"{value:.{digits}g}") if isfinite(value) else None for value in map(float, values)]


def round_steps(low: float, high: float, most: int = 6) -> list[float]:
    """Round values between two ends, both of which may be among them; at most about `most`."""
    if not low < high:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1.0 - 1e-9))
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    # Adding 0 makes a zero of a negative one.
    return [float(count * step + 0.0) for count in np.arange(first, last + 1.0)]


@dataclass(frozen=True)
class TimeAxis:
    """
    The time of a run as its charts show it.

    Attributes
    ----------
    from_min, to_min
        What was recorded [min since birth].
    """

    from_min: float
    to_min: float

    @property
    def in_hours(self) -> bool:
        """Whether it is given in hours since the start."""
        return self.to_min - self.from_min <= _SHORT_DAYS * DAY_MIN

    @property
    def label(self) -> str:
        """What the axis says."""
        if not self.in_hours:
            return "days since birth"
        return "hours since birth" if self.from_min == 0.0 else "hours since the start"

    @property
    def word(self) -> str:
        """The unit by itself."""
        return "hour" if self.in_hours else "day"

    def of(self, time_min: Any) -> Floats:
        """Times [min since birth] as the axis shows them."""
        shown = np.asarray(time_min, dtype=float)
        return (shown - self.from_min) / HOUR_MIN if self.in_hours else shown / DAY_MIN

    @property
    def ends(self) -> tuple[float, float]:
        """First and last value of the axis."""
        low, high = self.of([self.from_min, self.to_min])
        return float(low), float(high)

    def middle_of(self, day: int) -> float:
        """The middle of what was recorded of a day [min since birth]."""
        start_min, end_min = np.clip([(day - 1) * DAY_MIN, day * DAY_MIN], self.from_min, self.to_min)
        return float(0.5 * (start_min + end_min))

    def marks(self, most: int = 9) -> list[float]:
        """Where its marks are: at hours that divide a day, or at round days."""
        low, high = self.ends
        if not self.in_hours or high < _FEW_HOURS:
            return round_steps(low, high, most)
        step = next(each for each in (1, 2, 3, 6, 12, 24) if (high - low) / each <= most or each == 24)
        return [float(each) for each in range(0, floor(high) + 1, step)]

    def edges(self, most: int) -> Floats:
        """Edges of equal stretches of time [min since birth], at most so many stretches and none below a minute."""
        stretches = int(np.clip(self.to_min - self.from_min, 1, most))
        return np.linspace(self.from_min, self.to_min, stretches + 1)


def in_words(minutes: float) -> str:
    """A length of time: `12 min`, `3.6 h`, `2 days`."""
    length, unit = next(
        (minutes / unit_min, unit)
        for unit_min, below_min, unit in (
            (1.0, HOUR_MIN, "min"),
            (HOUR_MIN, 2.0 * DAY_MIN, "h"),
            (DAY_MIN, inf, "days"),
        )
        if minutes < below_min
    )
    return f"{length:.0f} {unit}" if length >= 10.0 else f"{length:.2g} {unit}"


def clock(time_min: float) -> str:
    """Time of day: `06:30`."""
    minute = floor(time_min + 0.5) % int(DAY_MIN)
    return f"{minute // 60:02d}:{minute % 60:02d}"
