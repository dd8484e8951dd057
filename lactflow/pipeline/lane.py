"""
Lanes: parts that touch each other, and no others, between two ordinary events.

Such parts need no place in the event queue of the whole model. They are advanced together up to the next ordinary
event, in the order in which they are due. At equal times SimPy's (priority, counter) decides, so that every part meets
every ordinary event as it would have from the queue.
"""

from __future__ import annotations

from heapq import heapify, heappush
from math import inf
from typing import Any

import simpy
from simpy.events import NORMAL

from lactflow.pipeline.clock import Clock
from lactflow.pipeline.errors import StillClockError
from lactflow.pipeline.packet import Part


class Timed(Part):
    """
    A part that is due at times.

    Parameters
    ----------
    env
        The simulation; where it has lanes, the part joins the one that is open.
    name
        For messages.

    Attributes
    ----------
    at
        When it is due, infinity for never.
    order
        SimPy's counter when that was arranged: of parts due at the same time, the lowest goes first.
    following
        The part of its lane that was built after it; None for the last one, and without a lane.
    """

    __slots__ = ("_clock", "_entry", "_env", "_ok", "at", "callbacks", "following", "lane", "name", "order")

    def __init__(self, env: simpy.Environment, name: str) -> None:
        super().__init__()
        self._env: Any = env
        self.name = name
        self.at = inf
        self.order = -1
        self.following: Timed | None = None
        self.lane: Lane | None = getattr(env, "lane", None)
        if self.lane is None:
            self._clock = Clock(env.now)
        else:
            self._clock = self.lane.clock
            self.lane.join(self)
        self._entry: Any = None
        self._ok = True  # this, and the callbacks, is what SimPy's own loop needs of an event
        self.callbacks: Any = None

    def fire(self, now: float) -> float:
        """Its time has come; the answer is when it is due next, infinity for never or when that is arranged."""
        raise NotImplementedError

    def arm(self, at: float) -> None:
        """Be due at `at`, and at no other time."""
        clock = self._clock
        if self.lane is None:
            clock.now = self._env._now
            clock.count = next(self._env._eid) - 1
        if at < inf:
            if at < clock.now:
                at = self.checked(at)
            clock.count = self.order = clock.count + 1
        elif at != inf:
            self.checked(at)
        self.at = at
        if self.lane is None:
            self._enter_queue()

    def checked(self, at: float) -> float:
        """
        Now, for a time that only round-off has put before now.

        Raises
        ------
        ValueError
            If it lies further back, or is not a number: either would break the order of events in silence.
        """
        now = self._time()
        if at >= now - 1e-9 * max(1.0, abs(now)):
            return now
        msg = f"{self.name} would be due at {at!r}, now is {now!r}: work is zero or more, and a number"
        raise ValueError(msg)

    def _time(self) -> float:
        """The time, of SimPy's own environment too."""
        if self.lane is None:
            self._clock.now = self._env._now
        return self._clock.now

    def __repr__(self) -> str:
        """Its class and its name."""
        return f"<{type(self).__name__} {self.name}>"

    def _enter_queue(self) -> None:
        """Have one entry in SimPy's own event queue, or none: slow, and only for environments without lanes."""
        queue = self._env._queue
        if self._entry is not None:
            queue.remove(self._entry)
            heapify(queue)
        self._entry = (self.at, NORMAL, self.order, self) if self.at < inf else None
        if self._entry is not None:
            self.callbacks = [self._fire_from_queue]
            heappush(queue, self._entry)

    def _fire_from_queue(self, _event: object) -> None:
        now, self.at, self._entry = self.at, inf, None
        at = self.fire(now)
        if at < inf:
            self.arm(at)


class Lane:
    """
    Parts that are advanced together.

    Parameters
    ----------
    clock, queue
        Of the environment: its time, and the ordinary events.

    Attributes
    ----------
    clock
        As given.
    """

    # Parts form a chain: compiled, each that comes from a list is asked for its class, which costs as much as its time.
    __slots__ = ("_first", "_last", "_queue", "clock")

    def __init__(self, clock: Clock, queue: list[Any]) -> None:
        self.clock = clock
        self._queue = queue
        self._first: Timed | None = None
        self._last: Timed | None = None

    def join(self, part: Timed) -> None:
        """Take a part that is due at times."""
        if self._last is None:
            self._first = part
        else:
            self._last.following = part
        self._last = part

    def next_due(self) -> float:
        """When the next of its parts is due; infinity when none is."""
        at, part = inf, self._first
        while part is not None:
            at = min(at, part.at)
            part = part.following
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
        oldest, clock, queue = self._first, self.clock, self._queue
        if oldest is None:
            return False
        scheduled = len(queue)
        last, still = -inf, 0
        while True:
            first = oldest
            now = first.at
            part = first.following
            while part is not None:  # a few: looking at all of them costs less than keeping them in order
                at = part.at
                if at <= now and (at < now or part.order < first.order):
                    first = part
                    now = at
                part = part.following
            if (now >= until and (now > until or priority < NORMAL or number < first.order)) or now == inf:
                return False
            if now != last:
                clock.now = last = now
                still = 0
            else:
                still += 1
                if still >= still_events:
                    raise StillClockError(still_events, now, first)
            first.at = inf
            at = first.fire(now)
            if at < inf:
                first.at = at
                clock.count = first.order = clock.count + 1
            if len(queue) != scheduled:
                return True


def advance_lanes(lanes: list[Lane], until: float, priority: int, number: int, still_events: int) -> bool:
    """
    Advance several lanes, one after the other, up to the same ordinary event; see `Lane.advance`.

    The clock then stands at the latest time at which a part of any of them has fired.

    Returns
    -------
    Whether a part has scheduled an ordinary event.
    """
    clock = lanes[0].clock
    latest = clock.now
    scheduled = False
    for lane in lanes:
        if lane.advance(until, priority, number, still_events):
            scheduled = True
        latest = max(latest, clock.now)
    clock.now = latest
    return scheduled
