"""What the tests of the kernel share: sinks, feeds, actions at a time, and lines that note every call."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.pipeline import PackedVisit, Packet, Source, Station, VisitLog, connect, unpack
from lactflow.pipeline.line import Outside

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    import simpy

VISIT_DTYPE = np.dtype(
    [("station", "<i4"), ("packet", "<i4"), ("queue_length", "<i4")]
    + [(name, "<f8") for name in ("entered", "started", "finished", "left")]
)


def feed(env: simpy.Environment, station: Station, times: Iterable[float]) -> None:
    """Bring packet after packet to the station at these clock times, by an ordinary SimPy process."""

    def bring() -> Generator[simpy.Event, Any, None]:
        for number, time in enumerate(times):
            yield env.timeout(time - env.now)
            assert station.accept(Packet(number), env.now)

    env.process(bring())


def do_at(env: simpy.Environment, plan: Iterable[tuple[float, Callable[[], object]]]) -> None:
    """Call each action at its clock time."""

    def act() -> Generator[simpy.Event, Any, None]:
        for time, action in plan:
            yield env.timeout(time - env.now)
            action()

    env.process(act())


class Store:
    """A sink that takes as many packets as it was given room for, and keeps them with their times."""

    def __init__(self, calls: list[tuple[float, str]], room: float = inf) -> None:
        self.room = room
        self.taken: list[tuple[int, float]] = []
        self.calls = calls

    def accept(self, packet: Packet, now: float) -> bool:
        """Store the packet if there is room."""
        takes = self.room > 0
        self.calls.append((now, f"store {'takes' if takes else 'refuses'} {packet.number}"))
        if takes:
            self.room -= 1
            self.taken.append((packet.number, now))
        return takes


class Noting:
    """Stands before a station, notes what that is offered, and checks that it holds no more than it may."""

    def __init__(self, station: Station, calls: list[tuple[float, str]]) -> None:
        self.station = station
        self.calls = calls

    def accept(self, packet: Packet, now: float) -> bool:
        """Note the offer and the answer."""
        takes = self.station.accept(packet, now)
        self.calls.append((now, f"{self.station.number} {'takes' if takes else 'refuses'} {packet.number}"))
        check_station(self.station)
        return takes


def check_station(station: Station) -> None:
    """No more packets than places and room."""
    assert station.free >= 0  # the head that is being handed on still stands in `serving`
    assert len(station.waiting) <= station.room


class Line:
    """
    A line under test, every call noted.

    Parameters
    ----------
    env
        Either environment.
    stations
        Of each station: its list of service times, whose starts are noted, or one number for all; and keywords of
        `Station`. The first has room for all by default.
    intervals
        Of the source; none for a line fed from outside.
    store_room
        Packets that the sink takes before it must be given more room.
    """

    def __init__(
        self,
        env: simpy.Environment,
        *stations: dict[str, Any],
        intervals: Iterable[float] | None = None,
        store_room: float = inf,
        source_rate: float = 1.0,
    ) -> None:
        self.env = env
        self.calls: list[tuple[float, str]] = []
        self.rows = VisitLog()
        self.stations: list[Station] = []
        for number, keywords in enumerate(stations):
            service = keywords["service"]
            works = float(service) if isinstance(service, int | float) else self._noted(number, service)
            rest = {"room": inf} if number == 0 else {}
            rest |= {key: value for key, value in keywords.items() if key != "service"}
            self.stations.append(Station(env, number, works, visits=self.rows, name=f"station {number}", **rest))
        self.store = Store(self.calls, store_room)
        self.source = None if intervals is None else Source(intervals, rate=source_rate)
        connect(self.source, *self.stations, sink=self.store)
        for before, station in pairwise(self.stations):
            before.downstream = Outside(Noting(station, self.calls))
        if self.source is not None:
            self.source.connect(Outside(Noting(self.stations[0], self.calls)))

    def _noted(self, number: int, works: Iterable[float]) -> Iterator[float]:
        for work in works:
            self.calls.append((self.env.now, f"{number} starts"))
            yield work

    def make_room(self, packets: float) -> None:
        """Let the sink take so many more packets."""
        self.store.room += packets
        self.stations[-1].unblock(self.env.now)

    def calls_at(self, time: float) -> list[str]:
        """What was called at this instant, in order."""
        return [call for at, call in self.calls if at == time]

    @property
    def visits(self) -> list[PackedVisit]:
        """All visits that are over, in the order in which packets left."""
        return unpack(self.rows)


def as_columns(rows: VisitLog) -> np.ndarray:
    """Packed visits as a structured array."""
    return np.frombuffer(bytes(rows), VISIT_DTYPE)
