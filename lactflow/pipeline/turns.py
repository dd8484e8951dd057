"""
Places in SimPy's order among events that are due at the same instant.

SimPy numbers events as they are scheduled, and of two that are due at the same instant the one with the lower number
goes first. Whoever decides later what shall happen takes a number now, and keeps the place of an event of now.
"""

from __future__ import annotations

from heapq import heappush
from typing import Any

import simpy
from simpy.events import NORMAL


def next_turn(env: simpy.Environment) -> int:
    """Take the number that an event would get that is scheduled now."""
    turn: Any = env._eid
    return int(next(turn))


def event_at(env: simpy.Environment, time: float, turn: int, priority: int = NORMAL) -> simpy.Event:
    """
    An event that takes place at a time, in a place of its own among others of that time.

    Parameters
    ----------
    env
        The simulation.
    time
        When it takes place; not before now.
    turn
        What `next_turn` gave. Several events may have the same one at different times.
    priority
        SimPy's: `URGENT` for before all others of that time.
    """
    event = env.event()
    event._ok, event._value = True, None
    queue: list[Any] = env._queue
    heappush(queue, (time, priority, turn, event))
    return event
