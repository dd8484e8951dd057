"""What can be wrong with a clock."""

from __future__ import annotations


class StillClockError(RuntimeError):
    """The clock stands still while events go on."""


class LaneError(RuntimeError):
    """A part of one lane scheduled an ordinary event, when other lanes had been advanced beyond it."""
