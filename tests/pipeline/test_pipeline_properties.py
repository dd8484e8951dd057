"""
What holds for every line: nothing lost, nothing passed, never too many, and the same on SimPy's own environment.

Times and works are multiples of 1/4 and rates 0 or powers of 2, so that every sum is exact and equality means equality.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_lines import Line, check_station, do_at, feed

from lactflow.pipeline import Environment, PackedVisit

END = 500.0
"""After all that is planned, everything runs at rate 1 into a sink with room for all."""

quarters = st.integers(0, 12).map(lambda count: count / 4)
moments = st.integers(0, 160).map(lambda count: count / 4)
rates = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0, 2.0, 4.0])


@dataclass(frozen=True)
class Case:
    """A line, what comes, and what happens to it."""

    stations: tuple[dict[str, Any], ...]
    intervals: list[float]
    store_room: float
    plan: list[tuple[float, str, int, float]]
    fed: str


@st.composite
def cases(draw, fed="outside", largest_places=3, changes=True):
    """Lines of 1 to 4 stations with changes of rate and room, in any order."""
    packets = draw(st.integers(1, 12))
    stations = []
    for number in range(draw(st.integers(1, 4))):
        service = draw(st.one_of(quarters, st.lists(quarters, min_size=packets, max_size=packets)))
        room = draw(st.sampled_from([0, 1, 2, 3, inf]))
        stations.append(
            {
                "service": service,
                "places": draw(st.integers(1, largest_places)),
                "room": inf if number == 0 and fed == "outside" else room,
            }
        )
    plan = []
    if changes:
        actions = st.one_of(
            st.tuples(moments, st.just("rate"), st.integers(0, len(stations) - 1), rates),
            st.tuples(moments, st.just("room"), st.just(0), st.integers(1, 4)),
            st.tuples(moments, st.just("source"), st.just(0), rates),
        )
        plan = sorted(draw(st.lists(actions, max_size=12)))
    return Case(
        stations=tuple(stations),
        intervals=draw(st.lists(quarters, min_size=packets, max_size=packets)),
        store_room=draw(st.sampled_from([0, 1, 3, inf])) if changes else inf,
        plan=plan,
        fed=fed,
    )


def line_of(case: Case, environment: type[simpy.Environment] = Environment) -> Line:
    """Run the case to its end, checked at every call."""
    env = environment()
    line = Line(
        env, *case.stations, intervals=case.intervals if case.fed == "source" else None, store_room=case.store_room
    )
    if case.fed == "outside":
        times, at = [], 0.0
        for interval in case.intervals:
            at += interval
            times.append(at)
        feed(env, line.stations[0], times)

    def act(kind: str, station: int, value: float) -> None:
        if kind == "rate":
            line.stations[station].retime(value)
        elif kind == "room":
            line.make_room(value)
        elif line.source is not None:
            line.stations[0].retime_source(value)
        for each in line.stations:
            check_station(each)

    def last() -> None:
        for number in range(len(line.stations)):
            act("rate", number, 1.0)
        act("source", 0, 1.0)
        act("room", 0, inf)

    do_at(env, [(time, lambda todo=todo: act(*todo)) for time, *todo in case.plan])
    do_at(env, [(END, last)])
    env.run()
    return line


def work_done(case: Case, station: int, start: float, end: float) -> float:
    """Integral of the station's rate from start to end."""
    steps = [(time, value) for time, kind, which, value in case.plan if kind == "rate" and which == station]
    edges = [(0.0, 1.0), *steps, (END, 1.0), (inf, 1.0)]
    done = 0.0
    for (since, rate), (until, _) in pairwise(edges):
        done += rate * max(0.0, min(end, until) - max(start, since))
    return done


def by_station(visits: list[PackedVisit]) -> dict[int, list[PackedVisit]]:
    """Visits of each station, in the order of leaving."""
    found: dict[int, list[PackedVisit]] = defaultdict(list)
    for visit in visits:
        found[visit.station].append(visit)
    return found


def most(spans: list[tuple[float, float]]) -> int:
    """Most spans that hold at one time; a span ends before another begins at that time."""
    edges = sorted(
        [(begin, 1) for begin, end in spans if end > begin] + [(end, -1) for begin, end in spans if end > begin]
    )
    count = highest = 0
    for _, step in edges:
        count += step
        highest = max(highest, count)
    return highest


def check(case: Case) -> None:
    """All that holds for every line."""
    line = line_of(case)
    visits = line.visits
    packets = range(len(case.intervals))
    depth = len(case.stations)

    # Nothing lost, nothing twice.
    assert sorted(number for number, _ in line.store.taken) == list(packets)
    assert sorted((visit.packet, visit.station) for visit in visits) == [(p, s) for p in packets for s in range(depth)]
    assert all(station.length == 0 and station.free == station.places for station in line.stations)
    for station in line.stations:
        station.write_open_visits(line.rows)
    assert len(line.rows) == len(visits)
    if line.source is not None:
        assert (line.source.made, len(line.source.done), line.source.at) == (len(packets), 0, inf)

    # Each visit in order, and each begins as the one before ends.
    where = {(visit.packet, visit.station): visit for visit in visits}
    for visit in visits:
        assert visit.entered <= visit.started <= visit.finished <= visit.left
        after = where.get((visit.packet, visit.station + 1))
        assert after is None or after.entered == visit.left
    assert all(where[number, depth - 1].left == time for number, time in line.store.taken)

    # Never more than the places and the room hold; rows in the order of time.
    assert [visit.left for visit in visits] == sorted(visit.left for visit in visits)
    for number, rows in by_station(visits).items():
        places, room = case.stations[number]["places"], case.stations[number]["room"]
        assert most([(row.started, row.left) for row in rows]) <= places
        assert most([(row.entered, row.started) for row in rows]) <= room
        assert most([(row.entered, row.left) for row in rows]) <= places + room

        # Every packet was served its work, no more and no less.
        service = case.stations[number]["service"]
        works = [service] * len(packets) if isinstance(service, float) else service
        assert sorted(work_done(case, number, row.started, row.finished) for row in rows) == sorted(works)

        # Nobody passes where all are served alike or one at a time.
        if places == 1 or isinstance(service, float):
            came = sorted(rows, key=lambda row: row.entered)
            for name in ("started", "finished", "left"):
                times = [getattr(row, name) for row in came]
                assert times == sorted(times)
    if all(spec["places"] == 1 or isinstance(spec["service"], float) for spec in case.stations):
        for rows in by_station(visits).values():
            assert [row.packet for row in rows] == list(packets)

    # The same bytes on SimPy's own loop.
    assert bytes(line_of(case, simpy.Environment).rows) == bytes(line.rows)


lenient = settings(max_examples=150, derandomize=True)
thorough = settings(lenient, max_examples=5000)


@lenient
@given(case=cases())
def test_lines_fed_from_outside(case):
    """Any line that is fed by a SimPy process keeps all its promises."""
    check(case)


@lenient
@given(case=cases(fed="source", largest_places=1))
def test_lines_fed_by_a_source(case):
    """Any line of single places keeps its promises when a source feeds a first station with any room."""
    check(case)


@lenient
@given(case=cases(fed="source"))
def test_lines_with_places_fed_by_a_source(case):
    """Any line of several places keeps its promises when a source feeds it."""
    check(case)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("fed", ["outside", "source"])
def test_many_lines(fed):
    """The same for many more lines."""
    thorough(given(case=cases(fed=fed))(check))()


def recursion(case: Case) -> list[tuple[float, float, float, float]]:
    """
    Visits of a line of single places at rate 1, without any simulation, in the order of packets and stations.

    A packet is served when it has come and the one before has left; it leaves when it is done and the packet that is
    1 + room before it has left the next station. The source is a place of its own.
    """
    left: list[list[float]] = [[] for _ in case.stations]
    gone = 0.0
    rows = []

    def has_room(station: int, packet: int) -> float:
        if station == len(case.stations):
            return 0.0
        before = packet - 1 - case.stations[station]["room"]
        return left[station][int(before)] if before >= 0 else 0.0

    for packet, interval in enumerate(case.intervals):
        entered = gone = max(gone + interval, has_room(0, packet))
        for station, spec in enumerate(case.stations):
            service = spec["service"]
            started = max(entered, left[station][-1] if packet else 0.0)
            finished = started + (service if isinstance(service, float) else service[packet])
            leaves = max(finished, has_room(station + 1, packet))
            rows.append((entered, started, finished, leaves))
            left[station].append(leaves)
            entered = leaves
    return rows


@lenient
@given(case=cases(fed="outside", largest_places=1, changes=False))
def test_lines_fed_from_outside_follow_the_recursion(case):
    """Lines of single places give the times of the recursion for blocking after service."""
    visits = sorted(line_of(case).visits, key=lambda visit: (visit.packet, visit.station))
    assert [visit[3:] for visit in visits] == recursion(case)


@lenient
@given(case=cases(fed="source", largest_places=1, changes=False))
def test_lines_fed_by_a_source_follow_the_recursion(case):
    """The same with a source that is held while the first station is full."""
    visits = sorted(line_of(case).visits, key=lambda visit: (visit.packet, visit.station))
    assert [visit[3:] for visit in visits] == recursion(case)
