"""
SimPy's environment, with a short way for stations.

A station that is due is resumed straight from the event queue, without making or processing an event; the time
at which it is due next takes the place of its old entry. Everything else (processes, timeouts, stop events,
failures) goes to SimPy's own `step`. A model gives the same visits on a plain `simpy.Environment`, only slower;
a test holds that.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush, heapreplace
from math import inf
from typing import Any

import simpy
from simpy.core import EmptySchedule
from simpy.events import NORMAL, Event

STILL_EVENTS = 100_000
"""Events without any movement of the clock after which a run is stopped."""


class StillClockError(Exception):
    """The clock stands still while events go on."""


class Due(Event):
    """
    A station's entry in the event queue: one object for all its entries.

    Attributes
    ----------
    at
        Time of the live entry, infinity when there is none; entries for other times are stale.
    kept
        Times of entries that come to life again when what has passed them is over.
    resume
        The station's process: told the time, it answers when it is due next.
    """

    resume: Callable[[float], float]
    __slots__ = ("at", "kept", "name", "resume")

    def __init__(self, env: simpy.Environment, name: str) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        self.name = name
        self.at = inf
        self.kept: list[float] = []

    def arm(self, at: float) -> None:
        """Be due at `at`; an earlier entry is stale from now on."""
        if at < inf:
            env: Any = self.env
            if at < env._now:
                at = self.checked(at)
            heappush(env._queue, (at, NORMAL, next(env._eid), self))
        elif at != inf:
            self.checked(at)
        self.at = at

    def checked(self, at: float) -> float:
        """
        Now, for a time that only round-off has put before now.

        Raises
        ------
        ValueError
            If it lies further back, or is not a number: either would break the order of the event queue in silence.
        """
        now = self.env.now
        if at >= now - 1e-9 * max(1.0, abs(now)):
            return now
        msg = f"{self.name} would be due at {at!r}, now is {now!r}: work is zero or more, and a number"
        raise ValueError(msg)

    @property
    def callbacks(self) -> Any:
        """What SimPy's own loop calls: it clears the callbacks of an event, these stay."""
        return [self._fire]

    @callbacks.setter
    def callbacks(self, callbacks: object) -> None:
        pass

    def _fire(self, _event: Event) -> None:
        now = self.env.now
        if now == self.at:
            at = self.resume(now)
            if at < inf:
                self.arm(at)

    def __repr__(self) -> str:
        """Name of the station that is due."""
        return f"<Due {self.name}>"


class Environment(simpy.Environment):
    """A SimPy environment that resumes stations directly."""

    _still = 0

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
        queue: Any = self._queue
        eid = self._eid
        last, still, limit = self._now, self._still, STILL_EVENTS
        while queue:
            entry = queue[0]
            now, due = entry[0], entry[3]
            if now != last:
                last, still = now, 0
            else:
                still += 1
                if still >= limit:
                    msg = f"the clock has stood at {now!r} for {limit:,} events, the last one {due!r}"
                    raise StillClockError(msg)
            if type(due) is not Due:
                self._still = still
                super().step()
                return
            if due.at != now:
                heappop(queue)
                continue
            self._now = now
            at = due.resume(now)
            if queue[0] is not entry:  # something urgent was scheduled meanwhile
                queue.remove(entry)
                heapify(queue)
                if at < inf:
                    due.arm(at)
            elif at < inf:
                due.at = at
                heapreplace(queue, (at, NORMAL, next(eid), due))
            else:
                heappop(queue)
        raise EmptySchedule
