"""Where packets come from."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from math import inf
from operator import truediv
from typing import Protocol

from lactflow.pipeline.environment import Due
from lactflow.pipeline.packet import Packet
from lactflow.pipeline.rates import checked_rate


class Entrance(Protocol):
    """The first station of a line, as its source sees it."""

    def accept(self, packet: Packet, now: float) -> bool:
        """Take the packet, or refuse it for want of room; then call `unblock` when there is room."""


class Source:
    """
    Makes packets for the first station of a line.

    It needs no entry in the event queue: packets that were ready by now are brought, with the exact times at
    which they were, whenever the station is touched. (Where an arrival may pass others in service, it makes
    entries all the same: see `come_in_time`.) A packet that finds no room is held, and the next is not begun
    before it is gone: the source is a place of service with blocking after service.

    Parameters
    ----------
    work
        Work of each packet, in order; the source ends with it.
    rate
        Work per unit of time.
    now
        Clock time at which the first packet is begun.
    first_number
        Number of the first packet.
    cargo
        What every packet carries.

    Attributes
    ----------
    at
        When the next packet is, or was, ready; infinity when none will be, or one is held.
    done
        The packet that is held, if one is, as at a station.
    made
        Packets brought so far, when the first had number 0.
    rate
        Work per unit of time.
    """

    __slots__ = ("_accept", "_cargo", "_due", "_intervals", "_left", "_works", "at", "done", "made", "rate")

    def __init__(
        self,
        work: Iterable[float],
        *,
        rate: float = 1.0,
        now: float = 0.0,
        first_number: int = 0,
        cargo: object = None,
    ) -> None:
        self.rate = checked_rate(rate)
        self._works = iter(work)
        self._intervals = self._at_rate(rate)
        self._left: float | None = None
        self._cargo = cargo
        self._accept: Callable[[Packet, float], bool] = _refuse
        self._due: Due | None = None
        self.made = first_number
        self.done: deque[Packet] = deque()
        self.at = now + next(self._intervals, inf)

    def connect(self, entrance: Entrance) -> None:
        """Bring packets to this station from now on."""
        self._accept = entrance.accept

    def come_in_time(self, due: Due) -> None:
        """Enter the event queue for every packet from now on."""
        self._due = due
        due.resume = self._arrive
        due.arm(self.at)

    def supply(self, now: float) -> None:
        """Bring every packet that was ready by `now`."""
        at = self.at
        while at <= now:
            packet = Packet(self.made, self._cargo)
            if not self._accept(packet, at):
                self.done.append(packet)
                self.at = inf
                return
            self.made += 1
            self.at = at = at + next(self._intervals, inf)

    def unblock(self, now: float) -> None:
        """There is room at the station: bring what is held, and begin the next packet."""
        if self.done and self._accept(self.done[0], now):
            self.done.clear()
            self.made += 1
            self.at = now + next(self._intervals, inf)
            self.supply(now)
            if self._due is not None:
                self._due.arm(self.at)

    def change_rate(self, rate: float, now: float) -> None:
        """Run at another rate from `now` on; what was ready before must have been brought."""
        before = self.rate
        if before > 0.0 and 0.0 < rate < inf:
            self.at = now + (self.at - now) * (before / rate)
        elif checked_rate(rate) == before == 0.0:
            return
        elif self.done:
            self._left = None  # the next packet is not begun before this one is gone
        elif before > 0.0:
            self._left = (self.at - now) * before
            self.at = inf
        else:
            self.at = now + (next(self._works, inf) if self._left is None else self._left) / rate
            self._left = None
        self.rate = rate
        self._intervals = self._at_rate(rate)
        if self._due is not None:
            self._due.arm(self.at)

    def _arrive(self, now: float) -> float:
        self.supply(now)
        return self.at

    def _at_rate(self, rate: float) -> Iterator[float]:
        """Times that packets take at this rate, one after the other; while it stands they never end."""
        return map(truediv, self._works, repeat(rate)) if rate > 0.0 else repeat(inf)


def _refuse(packet: Packet, now: float) -> bool:
    """Stand in for a station until the line is connected."""
    del packet, now
    return False
