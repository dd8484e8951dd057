"""
SimPy's environment, with a short way for stations.

A station that is due is resumed straight from the event queue, without making or processing an event.
Everything else (processes, timeouts, stop events, failures) goes to SimPy's own `step`. A model gives the
same visits on a plain `simpy.Environment`, only slower; a test holds that.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop
from typing import Any

import simpy
from simpy.core import EmptySchedule
from simpy.events import Event

STILL_EVENTS = 100_000
"""Events without any movement of the clock after which a run is stopped."""


class StillClockError(RuntimeError):
    """The clock stands still while events go on."""


class Due(Event):
    """
    A station's entry in the event queue: one object for all its entries.

    SimPy clears the callbacks of an event when it processes it; these stay, so that the entry can be
    scheduled again.
    """

    def __init__(self, env: simpy.Environment, name: str, resume: Callable[[Any], object]) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        self.name = name
        self.resume = resume

    @property
    def callbacks(self) -> list[Callable[[Any], object]]:  # type: ignore[override]
        """The station's process, always."""
        return [self.resume]

    @callbacks.setter
    def callbacks(self, callbacks: object) -> None:
        pass

    def __repr__(self) -> str:
        """Name of the station that is due."""
        return f"<Due {self.name}>"


class Environment(simpy.Environment):
    """A SimPy environment that resumes stations directly."""

    _seen_at = float("-inf")
    _ordinary = 0

    def step(self) -> None:
        """
        Resume all stations that are due before the next ordinary event, then let SimPy process that one.

        Raises
        ------
        simpy.core.EmptySchedule
            If nothing is scheduled.
        StillClockError
            If the clock has not moved for `STILL_EVENTS` events.
        """
        queue = self._queue
        event: Any = None
        for _ in range(STILL_EVENTS):
            if not queue:
                raise EmptySchedule
            event = queue[0][3]
            if type(event) is not Due:
                break
            self._now = heappop(queue)[0]
            event.resume(event)
        else:
            self._moved(event)
            return
        self._ordinary += 1
        if self._ordinary % STILL_EVENTS == 0:
            self._moved(event)
        super().step()

    def _moved(self, event: Event) -> None:
        if self._now == self._seen_at:
            msg = f"the clock has stood at {self._now!r} for {STILL_EVENTS:,} events, the last one {event!r}"
            raise StillClockError(msg)
        self._seen_at = self._now
