"""
Lanes: parts that touch each other, and no others, between two ordinary events.

Such parts need no place in the event queue of the whole model. They are advanced together up to the next ordinary
event, in the order in which they are due; the (priority, counter) of SimPy decides where that is at equal times, so
that every part meets every ordinary event as it would have from the queue.
"""

from __future__ import annotations

from heapq import heapify, heappush
from math import inf
from typing import Any

import simpy
from simpy.events import NORMAL

from lactflow.pipeline.errors import StillClockError
from lactflow.pipeline.packet import Part


class Due:
    """
    When a part is due.

    Parameters
    ----------
    env
        The simulation.
    name
        Of the part, for messages.
    part
        What is due: its `fire` is called then.
    lane
        Where it is due; None for the event queue of an environment that has no lanes.

    Attributes
    ----------
    at
        When it is due, infinity for never.
    order
        SimPy's counter when that was arranged: of parts due at the same time, the lowest goes first.
    """

    __slots__ = ("_entry", "_env", "_in_lane", "at", "name", "order", "part")

    def __init__(self, env: simpy.Environment, name: str, part: Part, lane: Lane | None) -> None:
        self._env: Any = env
        self._entry: Any = None
        self._in_lane = lane is not None
        self.name = name
        self.part = part
        self.at = inf
        self.order = -1
        if lane is not None:
            lane.add(self)

    def arm(self, at: float) -> None:
        """Be due at `at`, and at no other time."""
        if at < inf:
            env = self._env
            if at < env._now:
                at = self.checked(at)
            self.order = next(env._eid)
        elif at != inf:
            self.checked(at)
        self.at = at
        if not self._in_lane:
            self._enter_queue()

    def _enter_queue(self) -> None:
        """Have one entry in SimPy's own event queue, or none: slow, and only for environments without lanes."""
        queue = self._env._queue
        if self._entry is not None:
            queue.remove(self._entry)
            heapify(queue)
            self._entry = None
        if self.at < inf:
            self._entry = (self.at, NORMAL, self.order, _Entry(self))
            heappush(queue, self._entry)

    def fire(self) -> None:
        """Let the part fire, and be due when it says: from SimPy's own event queue."""
        now, self.at, self._entry = self.at, inf, None
        at = self.part.fire(now)
        if at < inf:
            self.arm(at)

    def checked(self, at: float) -> float:
        """
        Now, for a time that only round-off has put before now.

        Raises
        ------
        ValueError
            If it lies further back, or is not a number: either would break the order of events in silence.
        """
        now: float = self._env._now
        if at >= now - 1e-9 * max(1.0, abs(now)):
            return now
        msg = f"{self.name} would be due at {at!r}, now is {now!r}: work is zero or more, and a number"
        raise ValueError(msg)

    def __repr__(self) -> str:
        """Name of the part that is due."""
        return f"<Due {self.name}>"


class _Entry:
    """What SimPy's own loop asks of an event."""

    __slots__ = ("_due", "_ok", "callbacks")

    def __init__(self, due: Due) -> None:
        self._due = due
        self._ok = True
        self.callbacks: Any = [self._fire]

    def _fire(self, _event: object) -> None:
        self._due.fire()


class Lane:
    """
    Parts that are advanced together.

    Parameters
    ----------
    env
        The simulation: a `pipeline.Environment`.
    """

    __slots__ = ("_dues", "_env")

    def __init__(self, env: simpy.Environment) -> None:
        self._env: Any = env
        self._dues: list[Due] = []

    def add(self, due: Due) -> None:
        """Advance this part too."""
        self._dues.append(due)

    def next_due(self) -> float:
        """When the next of its parts is due; infinity when none is."""
        at = inf
        for due in self._dues:
            at = min(at, due.at)
        return at

    def advance(self, until: float, priority: int, number: int, still_events: int) -> bool:
        """
        Let all parts fire that are due before an ordinary event, in order.

        Parameters
        ----------
        until, priority, number
            The event: its time, and what decides at equal times, as in SimPy's queue.
        still_events
            Times that parts may fire without any movement of the clock.

        Returns
        -------
        Whether one of them has scheduled an ordinary event; then others may still be due.

        Raises
        ------
        StillClockError
            If the clock has not moved for `still_events` times.
        """
        dues, env = self._dues, self._env
        if not dues:
            return False
        queue: list[Any] = env._queue
        scheduled, counter = len(queue), env._eid
        last, still = -inf, 0
        while True:
            due = dues[0]
            now = due.at
            for other in dues:  # a few: looking at all of them costs less than keeping them in order
                if other.at <= now and (other.at < now or other.order < due.order):
                    due = other
                    now = other.at
            if (now >= until and (now > until or priority < NORMAL or number < due.order)) or now == inf:
                return False
            if now != last:
                env._now = last = now
                still = 0
            else:
                still += 1
                if still >= still_events:
                    msg = f"the clock has stood at {now!r} for {still_events:,} events, the last one {due!r}"
                    raise StillClockError(msg)
            due.at = inf
            at = due.part.fire(now)
            if at < inf:
                due.at = at
                due.order = next(counter)
            if len(queue) != scheduled:
                return True
