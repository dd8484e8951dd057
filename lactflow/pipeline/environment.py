"""
SimPy's environment, with lanes.

Everything that is no part of a line (processes, timeouts, stop events, failures) goes to SimPy's own `step`. A model
gives the same visits on a plain `simpy.Environment`, only slower; tests hold that.
"""

from __future__ import annotations

from math import inf
from operator import attrgetter
from typing import Any

import simpy

from lactflow.pipeline.clock import Clock
from lactflow.pipeline.errors import LaneError, StillClockError
from lactflow.pipeline.lane import Lane, advance_lanes

STILL_EVENTS = 100_000
"""Events without any movement of the clock after which a run is stopped, by default."""

_NEVER = (inf, 0, 0)


class Environment(simpy.Environment):
    """
    A SimPy environment that advances parts of lines lane by lane.

    Stations that are built for it share one lane until `open_lane` is called. In an environment with several lanes, no
    part may schedule an ordinary event: lanes would have passed it.

    Parameters
    ----------
    initial_time
        Of the clock.
    still_events
        Events without any movement of the clock after which a run is stopped.

    Attributes
    ----------
    clock
        The time, as parts read it; SimPy's own `_now` and counter are those of the clock.
    lane
        Lane of the stations that are built now.
    """

    def __init__(self, initial_time: float = 0.0, *, still_events: int = STILL_EVENTS) -> None:
        self.clock = Clock(initial_time)
        super().__init__(initial_time)
        self._eid = self.clock  # type: ignore[assignment]  # all that SimPy needs of it is the next number
        self._still_events = still_events
        self._last, self._still = -inf, 0
        self.lane = Lane(self.clock, self._queue)
        self._lanes = [self.lane]

    def _set_now(self, time: float) -> None:
        self.clock.now = time

    # Read for nearly everything that happens; without a function of Python, a fifth cheaper.
    now = property(attrgetter("clock.now"), doc="The time.")
    _now = property(attrgetter("clock.now"), _set_now)

    def open_lane(self) -> None:
        """Stations that are built from now on touch none of those before, other than from ordinary events."""
        self.lane = Lane(self.clock, self._queue)
        self._lanes.append(self.lane)

    def peek(self) -> float:
        """Time of the next event, or at which the next part is due; infinity when there is neither."""
        return min(super().peek(), *(lane.next_due() for lane in self._lanes))

    def step(self) -> None:
        """
        Advance all lanes up to the next ordinary event, then let SimPy process that one.

        Raises
        ------
        simpy.core.EmptySchedule
            If nothing is scheduled.
        StillClockError
            If the clock has not moved for so many events.
        LaneError
            If a part has scheduled an ordinary event, and there are several lanes.
        """
        queue: list[Any] = self._queue
        advancing = True
        while advancing:
            until, priority, number = queue[0][:3] if queue else _NEVER
            advancing = advance_lanes(self._lanes, until, priority, number, self._still_events)
            if advancing and len(self._lanes) > 1:
                msg = f"a part of a lane scheduled {queue[0][3]!r} at {queue[0][0]!r}, which other lanes have passed"
                raise LaneError(msg)
        if queue:
            self._still = self._still + 1 if queue[0][0] == self._last else 0
            self._last = queue[0][0]
            if self._still >= self._still_events:
                raise StillClockError(self._still_events, self._last, queue[0][3])
        super().step()
