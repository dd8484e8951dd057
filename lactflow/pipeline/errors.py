"""What can be wrong with a clock."""

from __future__ import annotations


class StillClockError(RuntimeError):
    """
    The clock stands still while events continue.

    Parameters
    ----------
    events, time, last
        How many, when, and the last of them.
    """

    def __init__(self, events: int, time: float, last: object) -> None:
        super().__init__(f"the clock has stood at {time!r} for {events:,} events, the last one {last}")


class LaneError(RuntimeError):
    """A part of one lane scheduled an ordinary event, when other lanes had been advanced beyond it."""
