"""The clock of a simulation, as its parts read it."""

from __future__ import annotations

from typing import Any


class Clock:
    """
    The time, and the numbers that decide which of two events at the same time goes first.

    Parts read and set it for every packet, so it is an object of its own: an attribute of SimPy's environment would
    take an eighth of the time of a run.

    Parameters
    ----------
    now
        Time at the start.

    Attributes
    ----------
    now
        The time.
    count
        Number of whatever was put on the clock last.
    """

    __slots__ = ("count", "now")

    def __init__(self, now: float) -> None:
        self.now = now
        self.count = -1

    def __next__(self) -> Any:  # an int; mypyc 2.4.1 makes C of `int` here that no compiler takes
        """Give the next number: what SimPy calls when it schedules an event."""
        self.count += 1
        return self.count
