"""Where packets come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from typing import Protocol

from lactflow.pipeline.clock import WorkClock
from lactflow.pipeline.packet import Packet


class Entrance(Protocol):
    """The first station of a line, as its source sees it."""

    def accept(self, packet: Packet, now: float) -> bool:
        """Take the packet, or refuse it for want of room."""


class Source(WorkClock):
    """
    Makes packets for the first station of a line.

    It has no entry in the event queue: packets that were ready by now are brought, with the exact times at
    which they were, whenever the station is touched. A packet that finds no room is held, and the next is
    not begun before it is gone: the source is a place of service with blocking after service.

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
        When the next packet is, or was, ready; infinity when none will be.
    done
        True while a finished packet is held.
    made
        Number of the next packet: packets brought so far, when the first had number 0.
    """

    __slots__ = ("_accept", "_cargo", "_due", "_work", "at", "done", "made")

    def __init__(
        self,
        work: Iterable[float],
        *,
        rate: float = 1.0,
        now: float = 0.0,
        first_number: int = 0,
        cargo: object = None,
    ) -> None:
        super().__init__(rate)
        self._work = iter(work)
        self._cargo = cargo
        self.made = first_number
        self.done = False
        self._accept: Callable[[Packet, float], bool] = _refuse
        self._due = self.reading(now) + next(self._work, inf)
        self.at = self.time_of(self._due)

    def connect(self, entrance: Entrance) -> None:
        """Bring packets to this station from now on."""
        self._accept = entrance.accept

    def supply(self, now: float) -> None:
        """Bring every packet that was ready by `now`."""
        at = self.at
        if at > now:
            return
        accept = self._accept
        while at <= now:
            time = now if self.done else at
            if not accept(Packet(self.made, self._cargo), time):
                self.done = True
                break
            self.done = False
            self.made += 1
            rate = self.rate
            self._due = due = rate * time + self.offset + next(self._work, inf)
            at = (due - self.offset) / rate if rate > 0.0 else inf
        self.at = at

    def change_rate(self, rate: float, now: float) -> None:
        """Run at another rate from `now` on; a held packet stays ready. Call `supply` first."""
        super().change_rate(rate, now)
        if not self.done:
            self.at = self.time_of(self._due)

    def unblock(self) -> None:
        """There is room: the station takes what is held when it is next brought up."""


def _refuse(packet: Packet, now: float) -> bool:
    """Stand in for a station until the line is connected."""
    del packet, now
    return False
