"""Where packets come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from math import inf
from operator import truediv

from lactflow.pipeline.packet import Packet, Part
from lactflow.pipeline.rates import checked_rate


class Source(Part):
    """
    Makes packets for the first station of a line.

    It is never due itself: packets that were ready by now are brought, with the exact times at which they were,
    whenever the station is touched. A packet that finds no room is held, and the next is not begun before it is gone:
    the source is a place of service with blocking after service.

    Parameters
    ----------
    work
        Work of every packet, without end; or the work of each, in order: the source ends with it.
    rate
        Work per unit of time.
    now
        Clock time at which the first packet is begun.
    first_work
        Work of the first packet, when it is another one than that of all others.
    first_number
        Number of the first packet.
    cargo
        What every packet carries.

    Attributes
    ----------
    at
        When the next packet is, or was, ready; infinity when none will be, or one is held.
    made
        Packets brought so far, when the first had number 0.
    rate
        Work per unit of time.
    """

    __slots__ = (
        "_cargo",
        "_entrance",
        "_equal",
        "_interval",
        "_intervals",
        "_left",
        "_work",
        "_works",
        "at",
        "made",
        "rate",
    )

    def __init__(
        self,
        work: float | Iterable[float],
        *,
        rate: float = 1.0,
        now: float = 0.0,
        first_work: float | None = None,
        first_number: int = 0,
        cargo: object = None,
    ) -> None:
        super().__init__()
        self._equal = isinstance(work, float | int)
        self._work = work if isinstance(work, float | int) else 0.0
        self._works: Iterator[float] = repeat(work) if isinstance(work, float | int) else iter(work)
        self._interval = inf
        self._intervals: Iterator[float] = repeat(inf)
        self._left: float | None = next(self._works, inf) if first_work is None else first_work
        self._cargo = cargo
        self._entrance = Part()
        self.made = first_number
        self._set_rate(checked_rate(rate))
        self.at = inf
        if rate > 0.0:
            self._go_on(now)

    def connect(self, entrance: Part) -> None:
        """Bring packets to this part from now on."""
        self._entrance = entrance

    def supply(self, now: float) -> None:
        """Bring every packet that was ready by `now`."""
        at = self.at
        while at <= now:
            packet = Packet(self.made, self._cargo)
            if not self._entrance.accept(packet, at):
                self.done.append(packet)
                self.at = inf
                return
            self.made += 1
            self.at = at = at + (self._interval if self._equal else next(self._intervals, inf))

    def unblock(self, now: float) -> None:
        """There is room at the station: bring what is held, and begin the next packet."""
        if self.done and self._entrance.accept(self.done[0], now):
            self.done.clear()
            self.made += 1
            self.at = now + (self._interval if self._equal else next(self._intervals, inf))
            self.supply(now)

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
        self._set_rate(rate)
        if before == 0.0 and not self.done:
            self._go_on(now)

    def _go_on(self, now: float) -> None:
        """Make what is left of a packet that was begun, or a whole one."""
        self.at = now + (next(self._works, inf) if self._left is None else self._left) / self.rate
        self._left = None

    def _set_rate(self, rate: float) -> None:
        """Times that packets take at this rate, one after the other; while it stands they never end."""
        self.rate = rate
        if self._equal:
            self._interval = self._work / rate if rate > 0.0 else inf
        else:
            self._intervals = map(truediv, self._works, repeat(rate)) if rate > 0.0 else repeat(inf)
