"""
A station: places of service, room to wait, blocking after service.

What happens at equal times, in this order:

1. Of stations that are due, the one goes first that was put on the clock first; beside ordinary events too.
2. At a station that is due, packets of its source that are ready by then enter before the head finishes.
3. The head is handed on. When it has left, a waiting packet of the same station starts; then the station
   upstream, if it was blocked, hands its packet on, and so on up the line. A place that becomes free is thus
   filled within the same instant, nearest first.
4. A packet that finds the next station full stays on its place, and is the first to go when there is room.
   Where two lines share a sink, each keeps its own order, and a small packet of one may pass a large one of the other.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import repeat
from math import inf, nan
from operator import attrgetter, truediv
from typing import Any, Final

import simpy

from lactflow.pipeline.lane import Timed
from lactflow.pipeline.packet import Packet, Part
from lactflow.pipeline.rates import checked_rate, checked_work
from lactflow.pipeline.source import Source
from lactflow.pipeline.visits import VisitLog

_by_due = attrgetter("due")
_LEAVING = Packet(-1)
_LEAVING.due = -inf
_MOST_LEFT: Final = 32
"""
Packets that have left, after which they are taken out of the list: to shift it for each is a twelfth of a visit.

With so few, the list of a usual station stays within the 512 bytes that CPython has its own blocks for: what a longer
one costs as it grows depends on how the heap lies, up to 0.2 % of a run.
"""


class Station(Timed):
    """
    Places of service in parallel, before them room for packets that wait.

    Its rate applies to all places; a change of rate keeps the work that is left, and a rate of zero stops
    them until it recovers. A station is idle, or is due when its head is.

    Parameters
    ----------
    env
        A `pipeline.Environment`, whose open lane it becomes a part of; or any SimPy environment.
    number
        Number of the station in its pipeline: what its visits are written under.
    service
        Work of every packet; or the work of each, in the order in which they start.
    places
        Places of service, at least 1.
    room
        Packets that may wait for a place; infinity for no limit.
    rate
        Work per unit of time.
    visits
        Where to write visits; None to write none.
    name
        For messages.

    Attributes
    ----------
    waiting, done
        Packets that wait, and that are done and blocked.
    downstream, upstream
        What it hands packets to, and what hands packets to it; None when it is fed from outside.
    free
        Places that are free; negative while a station that was made smaller empties.
    cargo
        What every packet that enters is loaded with; None leaves it what it carries.
    """

    __slots__ = (
        "_equal",
        "_head",
        "_left",
        "_passing",
        "_serving",
        "_source",
        "_stay",
        "_stays",
        "_visits",
        "_work",
        "_works",
        "cargo",
        "downstream",
        "free",
        "number",
        "places",
        "rate",
        "room",
        "upstream",
        "waiting",
    )

    def __init__(
        self,
        env: simpy.Environment,
        number: int,
        service: float | Iterable[float],
        *,
        places: int = 1,
        room: float = 0,
        rate: float = 1.0,
        visits: VisitLog | None = None,
        name: str = "station",
    ) -> None:
        if places < 1 or not room >= 0:
            msg = f"a station has at least one place and no negative room, not {places} and {room}"
            raise ValueError(msg)
        super().__init__(env, name)
        self.number = number
        self.places = places
        self.free = places
        self.room = float(room)
        self.waiting: deque[Packet] = deque()
        self._serving: list[Packet] = []  # from the head on, next to finish first; those before it have left
        self._head = 0
        self.downstream = Part()
        self.upstream: Part | None = None
        self.cargo: Any = None
        self._visits = visits
        self._source: Source | None = None
        self._equal = isinstance(service, float | int)
        self._work = checked_work(service) if isinstance(service, float | int) else 0.0
        self._works: Iterator[float] = repeat(self._work) if isinstance(service, float | int) else iter(service)
        self._stay = inf
        self._stays: Iterator[float] = repeat(inf)
        self._passing = not self._equal and places > 1
        self._left: list[float] = []
        self._set_rate(checked_rate(rate))

    @property
    def length(self) -> int:
        """Packets waiting, served or blocked here, as far as the source has been queried."""
        return len(self.waiting) + self.in_service + len(self.done)

    @property
    def in_service(self) -> int:
        """Packets that are served."""
        return len(self._serving) - self._head

    @property
    def serving(self) -> list[Packet]:
        """Packets that are served, next to finish first, in a list of its own."""
        return self._serving[self._head :]

    @property
    def occupied(self) -> float:
        """Share of the places that hold a packet; above 1 while a station that was made smaller empties."""
        return 1.0 - self.free / self.places

    def packets(self) -> Iterator[Packet]:
        """All packets here, oldest first."""
        yield from self.done
        yield from self.serving
        yield from self.waiting

    # -- what neighbours and the model call -------------------------------------------------------------

    def accept(self, packet: Packet, now: float) -> bool:
        """Take the packet at `now`, or refuse it when there is no room."""
        if self.free > 0:
            self.free -= 1
            packet.queue_length = 0
            packet.entered = packet.started = now  # `_begin`, spelled out: a call costs a twentieth of a visit
            packet.due = now + (self._stay if self._equal else next(self._stays))
            serving = self._serving
            if self._passing:
                insort(serving, packet, lo=self._head, key=_by_due)
            else:
                serving.append(packet)
            if serving[self._head] is packet:
                self._arm()
        elif len(self.waiting) < self.room:
            packet.entered = now
            packet.queue_length = len(self.waiting)
            self.waiting.append(packet)
        else:
            return False
        if self.cargo is not None:
            packet.cargo = self.cargo
        return True

    def unblock(self, now: float) -> None:
        """There is room downstream: hand on what is held, first come first."""
        if self._source is not None:
            self._source.supply(now)  # what was ready before found the places as they were
        done, visits = self.done, self._visits
        while done:
            packet = done[0]
            # Noted before the next station writes its times on the packet.
            queue_length, entered = packet.queue_length, packet.entered
            started, finished = packet.started, packet.finished
            if not self.downstream.accept(packet, now):
                break
            done.pop(0)
            if visits is not None:
                visits.add(self.number, packet.number, queue_length, entered, started, finished, now)
            if self.waiting and self.free >= 0:
                packet = self.waiting.popleft()
                self._begin(packet, now)
                if self._serving[self._head] is packet:
                    self._arm()
            else:
                self.free += 1
            if self.upstream is not None and self.upstream.done:
                self.upstream.unblock(now)
        if self._passing:
            self._arm()  # the source may have begun another packet

    def bring_up(self) -> None:
        """Take in what the source had ready by now."""
        if self._source is not None:
            self._source.supply(self._time())

    def retime(self, rate: float) -> None:
        """Serve at another rate from now on; packets in service keep the work that is left."""
        before = self.rate
        if rate == before:
            return
        now = self._time()
        if self._source is not None:
            self._source.supply(now)
        if before > 0.0 and 0.0 < rate < inf:
            stretch = before / rate
            for packet in self.serving:
                packet.due = now + (packet.due - now) * stretch
        else:
            self._stand_or_recover(checked_rate(rate), now)
        self._set_rate(rate)
        self._arm()

    def _stand_or_recover(self, rate: float, now: float) -> None:
        """Take note of the work left when the station stops; serve it when the station goes on."""
        serving, left = self.serving, self._work_left(now)
        if rate == 0.0:
            for packet in serving:
                packet.due = inf
            self._left = left
            return
        for packet, work in zip(serving, left, strict=True):
            packet.due = now + work / rate
        self._left = []
        if self._passing:  # packets that began while it stood may pass others now
            self._serving, self._head = sorted(serving, key=_by_due), 0

    def retime_source(self, rate: float) -> None:
        """Let the source of this station run at another rate from now on."""
        source = self._source
        assert source is not None
        if rate != source.rate:
            now = self._time()
            source.supply(now)
            source.change_rate(rate, now)
            if self._passing or not self.in_service:
                self._arm()

    def advance(self, work: float) -> None:
        """Bring every packet in service forward by so much work, at once."""
        self.bring_up()
        now = self._time()
        if self.rate == 0.0:
            self._left = [max(0.0, left - work) for left in self._work_left(now)]
            return
        earlier = work / self.rate
        for packet in self.serving:
            packet.due = max(now, packet.due - earlier)
        self._arm()

    def resize(self, places: int, room: float) -> None:
        """Change places and room; packets on a place that goes away finish there first."""
        self.bring_up()
        now = self._time()
        self.free += places - self.places
        self.places = places
        self.room = room
        self._passing = not self._equal and (self._passing or places > 1)
        while self.waiting and self.free > 0:
            self.free -= 1
            packet = self.waiting.popleft()
            self._begin(packet, now)
            if self._serving[self._head] is packet:
                self._arm()
        if self.upstream is not None:
            self.upstream.unblock(now)
        if self._passing:
            self._arm()

    def preload(self, packets: Iterable[Packet]) -> None:
        """Put packets into service that have a time at which they are `due`, before the line is connected."""
        self._serving.extend(packets)
        self.free = self.places - self.in_service

    def feed_from(self, source: Source) -> None:
        """Be fed by this source; called by `connect`."""
        self._source = source

    def start(self) -> None:
        """Begin to serve; called by `connect`."""
        self._arm()

    # -- the station itself -----------------------------------------------------------------------------

    def fire(self, now: float) -> float:
        """The life of the station, from one head to the next: it is done, goes on or is held, and another begins."""
        serving, done, source, visits, head = self._serving, self.done, self._source, self._visits, self._head
        # The head keeps its place to the end: what enters meanwhile is then never a head of its own.
        packet = serving[head] if head < len(serving) else None
        if source is not None and source.at <= now:
            source.supply(now)
        if packet is None or packet.due > now:
            at = self._next_due()
            return at if at > now else self.checked(at)
        # Noted before the next station writes its times on the packet.
        queue_length, entered, started = packet.queue_length, packet.entered, packet.started
        if done or not self.downstream.accept(packet, now):
            packet.finished = now
            done.append(packet)
        else:
            if visits is not None:
                visits.add(self.number, packet.number, queue_length, entered, started, now, now)
            if self._passing:
                serving[head] = _LEAVING  # the next station has written its own `due` on the packet
            if self.waiting and self.free >= 0:
                self._begin(self.waiting.popleft(), now)
            else:
                self.free += 1
            if self.upstream is not None and self.upstream.done:
                self.upstream.unblock(now)
        head += 1
        if head > _MOST_LEFT:
            del serving[:head]
            head = 0
        self._head = head
        at = self._next_due() if self._passing or head == len(serving) else serving[head].due
        return at if at > now else self.checked(at)

    def _begin(self, packet: Packet, now: float) -> None:
        """Serve the packet on a place that is already counted as taken."""
        packet.started = now
        packet.due = now + (self._stay if self._equal else next(self._stays))
        if self._passing:
            insort(self._serving, packet, lo=self._head, key=_by_due)
        else:
            self._serving.append(packet)

    def _set_rate(self, rate: float) -> None:
        """Times of service of the packets that begin at this rate; while it stands they never end."""
        self.rate = rate
        if self._equal:
            self._stay = self._work / rate if rate > 0.0 else inf
        else:
            self._stays = map(truediv, self._works, repeat(rate)) if rate > 0.0 else repeat(inf)

    def _work_left(self, now: float) -> list[float]:
        """Work left of each packet in service; those that began while it stood have all of theirs."""
        if self.rate > 0.0:
            return [(packet.due - now) * self.rate for packet in self.serving]
        begun = self.in_service - len(self._left)
        return self._left + [next(self._works) for _ in range(begun)]

    def _next_due(self) -> float:
        """When the head is done, or the source ready: where packets pass others, each must come in time."""
        source, serving, head = self._source, self._serving, self._head
        busy = head < len(serving)
        at = serving[head].due if busy else inf
        if source is None or (busy and not self._passing) or at < source.at:
            return at
        return source.at if source.at <= at else nan  # one of them is not a number, which `arm` refuses

    def _arm(self) -> None:
        self.arm(self._next_due())

    def write_open_visits(self, visits: VisitLog) -> None:
        """Write the visits of the packets that are still here, with NaN for what has not happened."""
        for p in self.done:
            visits.add(self.number, p.number, p.queue_length, p.entered, p.started, p.finished, nan)
        for p in self.serving:
            visits.add(self.number, p.number, p.queue_length, p.entered, p.started, nan, nan)
        for p in self.waiting:
            visits.add(self.number, p.number, p.queue_length, p.entered, nan, nan, nan)
