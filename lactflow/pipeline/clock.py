"""A clock that runs at its station's rate: work done is what it shows."""

from __future__ import annotations

from math import inf


class WorkClock:
    """
    Reads `rate * now + offset`: the work done by a place of service that is never idle.

    A packet begun at reading r with work w is over at reading r + w, whatever the rate does meanwhile. At
    rate 1 from the start, readings are clock times, to the last bit.

    Attributes
    ----------
    rate
        Work per unit of time, zero or more.
    offset
        What keeps the reading when the rate changes.
    """

    __slots__ = ("offset", "rate")

    def __init__(self, rate: float = 1.0) -> None:
        self.rate = rate
        self.offset = 0.0

    def reading(self, now: float) -> float:
        """What the clock shows at `now`."""
        return self.rate * now + self.offset

    def time_of(self, reading: float) -> float:
        """When the clock shows, or showed, `reading` at its present rate; infinity at rate 0."""
        return (reading - self.offset) / self.rate if self.rate > 0.0 else inf

    def change_rate(self, rate: float, now: float) -> None:
        """
        Run at another rate from `now` on; the reading stays.

        Raises
        ------
        ValueError
            If the rate is negative or not finite.
        """
        if not 0.0 <= rate < inf:
            msg = f"a rate must be finite and not negative, not {rate!r}"
            raise ValueError(msg)
        reading = self.rate * now + self.offset
        self.rate = rate
        self.offset = reading - rate * now
