"""What a hormone or a drug is to the rest of the model."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import inf
from typing import NamedTuple, Protocol


class Signal(Protocol):
    """
    A concentration in the mother's blood, or another influence that varies with time.

    Before birth it should stand still, but for what interventions do: a run that starts in pregnancy starts from the
    fixed point of the gland (`gland.history`). Time is minutes since birth; a signal with a rhythm of day and night
    needs the clock at birth besides.
    """

    def level(self, time_min: float) -> float:
        """Its level at `time_min`, in the unit of its declaration; not before the last change."""

    def next_change(self, time_min: float) -> float:
        """Next time [min] at which it leaves its closed form by itself; infinity when it never does."""


class Window(NamedTuple):
    """A level that holds from one time to another [min]."""

    from_min: float
    to_min: float
    level: float


class Steps:
    """
    A signal that is constant but for windows; where they overlap, the last one counts.

    Parameters
    ----------
    usual
        Its level outside all windows.
    windows
        In any order.
    """

    def __init__(self, usual: float, windows: Iterable[Window] = ()) -> None:
        windows = tuple(windows)
        self._times = sorted({time for window in windows for time in window[:2]})
        self._levels = [usual]
        for time in self._times:
            holding = [window.level for window in windows if window.from_min <= time < window.to_min]
            self._levels.append(holding[-1] if holding else usual)

    def level(self, time_min: float) -> float:
        """Its level at `time_min`."""
        return self._levels[bisect_right(self._times, time_min)]

    def next_change(self, time_min: float) -> float:
        """When the next window begins or ends."""
        next_index = bisect_right(self._times, time_min)
        return self._times[next_index] if next_index < len(self._times) else inf
