"""
A station: places of service, room to wait, blocking after service.

What happens at equal times, in this order:

1. Entries of the event queue go first scheduled, first resumed.
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
from collections.abc import Generator, Iterable, Iterator
from heapq import heappush
from math import inf, nan
from operator import attrgetter
from typing import Any, Protocol

import simpy
from simpy.events import NORMAL

from lactflow.pipeline.clock import WorkClock
from lactflow.pipeline.environment import Due
from lactflow.pipeline.packet import Packet
from lactflow.pipeline.source import Source
from lactflow.pipeline.visits import VISIT

_by_due = attrgetter("due")


class Sink(Protocol):
    """Whatever takes packets at the end of a line."""

    def accept(self, packet: Packet, now: float) -> bool:
        """Take the packet, or refuse it for want of room; then call the station's `unblock` when there is room."""


class Station(WorkClock):
    """
    Places of service in parallel, before them room for packets that wait.

    Its rate applies to all places; a change of rate keeps the work that is left, and a rate of zero stops
    them until it recovers. A station is idle, or has one live entry in the event queue, for its head.

    Parameters
    ----------
    env
        A `pipeline.Environment`, or any SimPy environment.
    number
        Number of the station in its pipeline: what its visits are written under.
    service
        Work of each packet, in the order in which they start.
    places
        Places of service, at least 1.
    room
        Packets that may wait for a place; infinity for no limit.
    rate
        Work per unit of time.
    visits
        Where to append packed visits (`VISIT`); None to write none.
    name
        For messages.

    Attributes
    ----------
    waiting, serving, done
        Packets that wait, that are served (next to finish first), that are done and blocked.
    free
        Places that are free; negative while a station that was made smaller empties.
    """

    __slots__ = (
        "_eid", "_env", "_queue", "_resume", "_service", "_source", "_visits", "_wake",
        "done", "downstream", "due_at", "free", "name", "number", "places", "room", "serving", "upstream", "waiting",
    )  # fmt: skip

    def __init__(
        self,
        env: simpy.Environment,
        number: int,
        service: Iterable[float],
        *,
        places: int = 1,
        room: float = 0,
        rate: float = 1.0,
        visits: bytearray | None = None,
        name: str = "station",
    ) -> None:
        if places < 1 or not room >= 0:
            msg = f"a station has at least one place and no negative room, not {places} and {room}"
            raise ValueError(msg)
        super().__init__(rate)
        self.number = number
        self.name = name
        self.places = places
        self.free = places
        self.room = room
        self.waiting: deque[Packet] = deque()
        self.serving: deque[Packet] = deque()
        self.done: deque[Packet] = deque()
        self.due_at = inf
        self.downstream: Sink | None = None
        self.upstream: Station | Source | None = None
        self._env = env
        self._queue = env._queue  # noqa: SLF001  the short way of `environment`
        self._eid = env._eid  # noqa: SLF001
        self._service = iter(service)
        self._visits = visits
        self._source: Source | None = None
        self._resume: Any = None
        self._wake: Any = None

    @property
    def length(self) -> int:
        """Packets waiting, served or blocked here, as far as the source has been asked."""
        return len(self.waiting) + len(self.serving) + len(self.done)

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
            packet.entered = now
            packet.queue_length = 0
            self._start(packet, now)
            return True
        waiting = self.waiting
        if len(waiting) < self.room:
            packet.entered = now
            packet.queue_length = len(waiting)
            waiting.append(packet)
            return True
        return False

    def unblock(self) -> None:
        """There is room downstream: hand on what is held."""
        if self.done:
            self._resume(None)

    def bring_up(self) -> None:
        """Take in what the source had ready by now."""
        if self._source is not None:
            self._source.supply(self._env.now)

    def retime(self, rate: float) -> None:
        """Serve at another rate from now on; packets in service keep the work that is left."""
        if rate != self.rate:
            self.bring_up()
            self.change_rate(rate, self._env.now)
            self._arm()

    def retime_source(self, rate: float) -> None:
        """Let the source of this station run at another rate from now on."""
        source = self._source
        assert source is not None
        if rate != source.rate:
            source.supply(self._env.now)
            source.change_rate(rate, self._env.now)
            if not self.serving:
                self._arm()

    def advance(self, work: float) -> None:
        """Bring every packet in service forward by so much work, at once."""
        self.bring_up()
        self.offset += work
        self._arm()

    def resize(self, places: int, room: float) -> None:
        """Change places and room; packets on a place that goes away finish there first."""
        self.bring_up()
        self.free += places - self.places
        self.places = places
        self.room = room
        now = self._env.now
        while self.waiting and self.free > 0:
            self.free -= 1
            self._start(self.waiting.popleft(), now)
        if self.upstream is not None and self.upstream.done:
            self.upstream.unblock()

    def preload(self, packets: Iterable[Packet]) -> None:
        """Put packets into service whose `due` stands on this station's clock, before the line is connected."""
        self.serving.extend(packets)
        self.free = self.places - len(self.serving)

    # -- the station itself -----------------------------------------------------------------------------

    def _start(self, packet: Packet, now: float) -> None:
        """Begin to serve the packet on a place that is already counted as taken."""
        packet.started = now
        rate, serving, work = self.rate, self.serving, next(self._service)
        packet.due = due = rate * now + self.offset + work
        if serving:
            if due >= serving[-1].due:
                serving.append(packet)
            else:
                insort(serving, packet, key=_by_due)
                if serving[0] is packet:
                    self._arm()
        elif rate > 0.0 and work >= 0.0:
            # `_arm` for the commonest case, spelled out: a call costs a tenth of a visit.
            serving.append(packet)
            self.due_at = at = now + work / rate
            heappush(self._queue, (at, NORMAL, next(self._eid), self._wake))
        else:
            serving.append(packet)
            self._arm()

    def _arm(self) -> None:
        """Enter the event queue for the head; an earlier entry is stale from now on."""
        if self.serving:
            at = self.time_of(self.serving[0].due)
        elif self._source is not None and not self._source.done:
            at = self._source.at  # a held packet needs no entry: it comes when a place is free
        else:
            at = inf
        if at != at:  # noqa: PLR0124  NaN would break the order of the event queue without a sound
            msg = f"{self.name}: the time of the next packet is not a number"
            raise ValueError(msg)
        if at < inf:
            # Round-off, or work brought forward, may set the head's time before now.
            at = max(at, self._env.now)
            heappush(self._queue, (at, NORMAL, next(self._eid), self._wake))
        self.due_at = at

    def serve(self) -> Generator[None, Any, None]:
        """The life of the station: resumed with its entry when due, or with None when there is room downstream."""
        env, serving, waiting, done = self._env, self.serving, self.waiting, self.done
        upstream, source = self.upstream, self._source
        number, visits, pack = self.number, self._visits, VISIT.pack
        start, arm = self._start, self._arm
        assert self.downstream is not None
        hand_on = self.downstream.accept
        queue, eid, push = self._queue, self._eid, heappush
        fired = yield
        wake = self._wake
        while True:
            now: float = env._now  # type: ignore[attr-defined]  # noqa: SLF001
            packet = None
            if fired:
                if now != self.due_at:
                    fired = yield  # an entry from before the last change of rate
                    continue
                self.due_at = inf
                if serving:
                    packet = serving[0]
            if source is not None and source.at <= now:
                source.supply(now)
            if packet is not None:
                del serving[0]
                packet.finished = now
                if done:
                    done.append(packet)  # others wait before it
                    packet = None
            elif done:
                packet = done.popleft()
            while packet is not None:
                if visits is not None:  # packed before the next station writes its own times on the packet
                    row = pack(
                        number, packet.number, packet.queue_length, packet.entered, packet.started, packet.finished, now
                    )
                if not hand_on(packet, now):
                    done.appendleft(packet)
                    break
                if visits is not None:
                    visits += row
                if not waiting:
                    self.free += 1
                elif self.free >= 0:
                    start(waiting.popleft(), now)  # on the place that has become free
                else:
                    self.free += 1
                if upstream is not None and upstream.done:
                    upstream.unblock()
                packet = done.popleft() if done else None
            if self.due_at == inf:
                rate = self.rate
                if serving and rate > 0.0 and (at := (serving[0].due - self.offset) / rate) >= now:
                    self.due_at = at
                    push(queue, (at, NORMAL, next(eid), wake))
                elif serving or source is not None:
                    arm()
            fired = yield

    def open_visits(self) -> bytes:
        """Packed visits of the packets that are still here, with NaN for what has not happened."""
        number, pack = self.number, VISIT.pack
        rows = [pack(number, p.number, p.queue_length, p.entered, p.started, p.finished, nan) for p in self.done]
        rows += [pack(number, p.number, p.queue_length, p.entered, p.started, nan, nan) for p in self.serving]
        rows += [pack(number, p.number, p.queue_length, p.entered, nan, nan, nan) for p in self.waiting]
        return b"".join(rows)


def connect(source: Source | None, *stations: Station, sink: Sink) -> None:
    """
    Join a line and start its stations' processes.

    Parameters
    ----------
    source
        Feeds the first station; None for stations that are fed from outside by `accept`.
    stations
        In the order in which packets pass.
    sink
        Takes what leaves the last.
    """
    upstream: Station | Source | None = source
    for station, downstream in zip(stations, [*stations[1:], sink], strict=True):
        station.upstream, station.downstream = upstream, downstream
        upstream = station
    if source is not None:
        source.connect(stations[0])
        stations[0]._source = source  # noqa: SLF001
    for station in stations:
        process = station.serve()
        next(process)
        station._resume = process.send  # noqa: SLF001
        station._wake = Due(station._env, station.name, process.send)  # noqa: SLF001
    for station in stations:
        station._arm()  # noqa: SLF001
