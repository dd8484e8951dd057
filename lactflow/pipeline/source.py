"""Where packets come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from typing import Protocol

from lactflow.pipeline.environment import Due
from lactflow.pipeline.packet import Packet
from lactflow.pipeline.rates import checked_rate, checked_work


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
        The packet that is held, if one is.
    made
        Packets brought so far, when the first had number 0.
    rate
        Work per unit of time.
    """

    __slots__ = ("_accept", "_cargo", "_due", "_left", "_work", "at", "done", "made", "rate")

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
        self._work = iter(work)
        self._cargo = cargo
        self._accept: Callable[[Packet, float], bool] = _refuse
        self._due: Due | None = None
        self._left = inf
        self.at = inf
        self.made = first_number
        self.done: Packet | None = None
        self._begin(now)

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
                self.done = packet
                self.at = inf
                return
            self.made += 1
            at = self._begin(at)

    def unblock(self, now: float) -> None:
        """There is room at the station: bring what is held, and begin the next packet."""
        packet = self.done
        if packet is not None and self._accept(packet, now):
            self.done = None
            self.made += 1
            self._begin(now)
            self.supply(now)
            if self._due is not None:
                self._due.arm(self.at)

    def change_rate(self, rate: float, now: float) -> None:
        """Run at another rate from `now` on; what was ready before must have been brought."""
        if self.done is None:
            left = (self.at - now) * self.rate if self.rate > 0.0 else self._left
            self._left = left
            self.at = now + left / rate if checked_rate(rate) > 0.0 else inf
        self.rate = rate
        if self._due is not None:
            self._due.arm(self.at)

    def _begin(self, now: float) -> float:
        """Begin the next packet; returns when it will be ready."""
        work = next(self._work, inf)
        rate = self.rate
        if rate > 0.0 and work >= 0.0:
            self.at = at = now + work / rate
            return at
        self._left = checked_work(work)
        self.at = inf
        return inf

    def _arrive(self, now: float) -> float:
        self.supply(now)
        return self.at


def _refuse(packet: Packet, now: float) -> bool:
    """Stand in for a station until the line is connected."""
    del packet, now
    return False
