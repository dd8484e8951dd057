"""Rates and sizes that change under packets, event for event, as in `test_pipeline_logs`."""

from __future__ import annotations

import tracemalloc
from itertools import chain, repeat
from math import inf

import pytest
from toy_lines import Line, do_at, feed

from lactflow.pipeline import Packet, Source, Station, connect


@pytest.mark.parametrize(
    ("plan", "finished"),
    [
        ([(3.0, 0.5)], 7),  # 2 of 4 left at 3, at half the rate: 4 more
        ([(3.0, 2.0)], 4),  # 2 left at twice the rate: 1 more
        ([(3.0, 0.0), (10.0, 1.0)], 12),  # 2 left, untouched from 3 to 10
        ([(3.0, 0.5), (5.0, 1.0)], 6),  # 2 left, 1 done from 3 to 5, 1 more
        ([(2.0, 0.0), (4.0, 2.0), (4.5, 0.0), (8.0, 1.0)], 10),  # 1 done by 2, 1 from 4 to 4.5, 2 left at 8
        ([(1.0, 0.5)], 9),  # at the instant of its start
    ],
    ids=["halved", "doubled", "zero and back", "halved and back", "zero twice", "at the start"],
)
def test_rate_changed_in_mid_service(env, plan, finished):
    """A packet of work 4 that began at 1 keeps the work that is left, and the next one is served at the new rate."""
    line = Line(env, {"service": [4.0, 4.0]}, intervals=[1.0, 1.0])
    do_at(env, [(time, lambda rate=rate: line.stations[0].retime(rate)) for time, rate in plan])
    env.run()
    after = finished + 4 / plan[-1][1]
    assert line.visits == [(0, 0, 0, 1, 1, finished, finished), (0, 1, 0, 2, finished, after, after)]


@pytest.mark.timeout(60)  # a station that polls never lets the run end
def test_standing_station_has_nothing_to_do(env):
    """At rate zero nothing polls: the run ends where the packet would have been done, and goes on when it recovers."""
    line = Line(env, {"service": 4}, intervals=[1.0])
    do_at(env, [(3.0, lambda: line.stations[0].retime(0.0))])
    env.run()
    assert env.now <= 5  # when the packet was due before the station stopped
    assert line.visits == []
    do_at(env, [(1000.0, lambda: line.stations[0].retime(1.0))])
    env.run()
    assert line.visits == [(0, 0, 0, 1, 1, 1002, 1002)]


def test_overtaking_leaves_no_trail(env):
    """What is kept in memory for packets that pass a long one does not grow with their number."""

    class Away:
        def accept(self, packet: Packet, now: float) -> bool:
            return True

    station = Station(env, 0, chain([1e6], repeat(0.5)), places=2)
    connect(Source(repeat(1.0)), station, sink=Away())
    env.run(until=100)
    tracemalloc.start()
    try:
        env.run(until=2100)
        grown_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert station.length == 1  # the long one
    assert grown_bytes < 2000 * 8


def test_station_that_starts_at_rate_zero_keeps_its_packets(env):
    """What enters a standing station begins, and is served from the recovery on."""
    line = Line(env, {"service": 2, "rate": 0.0}, intervals=[1.0, 1.0])
    do_at(env, [(5.0, lambda: line.stations[0].retime(1.0))])
    env.run()
    assert line.visits == [(0, 0, 0, 1, 1, 7, 7), (0, 1, 0, 2, 7, 9, 9)]


def test_same_rate_again_changes_nothing(env):
    """Not even by round-off: in floating point 0.3 and the 0.6 that are left of 0.9 are not quite 0.9."""
    assert 0.3 + (0.9 - 0.3) != 0.9
    line = Line(env, {"service": 0.9}, intervals=[0.0])
    do_at(env, [(0.3, lambda: line.stations[0].retime(1.0))])
    env.run()
    assert line.visits == [(0, 0, 0, 0, 0, 0.9, 0.9)]


def test_retime_while_blocked(env):
    """A blocked packet has no work left; the new rate is for the next."""
    line = Line(env, {"service": 2}, intervals=[1.0, 1.0], store_room=0)
    do_at(env, [(5.0, lambda: line.stations[0].retime(0.5)), (10.0, lambda: line.make_room(9))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 3, 10),
        (0, 1, 0, 2, 10, 14, 14),  # 2 at half the rate
    ]


def test_retime_with_one_place_blocked_and_one_serving(env):
    """Only the packet in service is slowed."""
    line = Line(env, {"service": [2.0, 4.0], "places": 2}, store_room=0)
    feed(env, line.stations[0], [1.0, 2.0])
    do_at(env, [(4.0, lambda: line.stations[0].retime(0.5)), (10.0, lambda: line.make_room(9))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 3, 10),
        (0, 1, 0, 2, 2, 8, 10),  # 2 of 4 left at 4, at half the rate
    ]


@pytest.mark.parametrize(("work", "finished"), [(2.0, 4), (3.0, 3), (10.0, 3)])
def test_advance_brings_a_packet_forward(env, work, finished):
    """Three of five left at 3: brought forward by so much, and never to before now."""
    line = Line(env, {"service": 5}, intervals=[1.0, 1.0])
    do_at(env, [(3.0, lambda: line.stations[0].advance(work))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, finished, finished),
        (0, 1, 0, 2, finished, finished + 5, finished + 5),  # what waits is not brought forward
    ]


@pytest.mark.parametrize(("rate", "finished"), [(0.5, 13), (2.0, 4)])
def test_advance_is_in_units_of_work(env, rate, finished):
    """Eight begun at 1: work of 2 saves 4 at half the rate (17 becomes 13) and 1 at twice the rate (5 becomes 4)."""
    line = Line(env, {"service": 8, "rate": rate}, intervals=[1.0])
    do_at(env, [(3.0, lambda: line.stations[0].advance(2.0))])
    env.run()
    assert line.visits == [(0, 0, 0, 1, 1, finished, finished)]


def test_advance_while_the_station_stands(env):
    """Eight at twice the rate from 1, four left when it stops at 3: brought forward by 3 they take 1 at rate 1."""
    line = Line(env, {"service": 8, "rate": 2.0}, intervals=[1.0])
    station = line.stations[0]
    do_at(
        env,
        [(3.0, lambda: station.retime(0.0)), (4.0, lambda: station.advance(3.0)), (10.0, lambda: station.retime(1.0))],
    )
    env.run()
    assert line.visits == [(0, 0, 0, 1, 1, 11, 11)]


def test_advance_brings_all_places_forward(env):
    """All packets in service come forward by the same work, in the station's units of work."""
    line = Line(env, {"service": 5, "places": 3}, intervals=[1.0] * 3)
    do_at(env, [(3.5, lambda: line.stations[0].advance(3.0))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 3.5, 3.5),  # due 6, brought forward to 3: over at once
        (0, 1, 0, 2, 2, 4, 4),
        (0, 2, 0, 3, 3, 5, 5),
    ]


def test_advance_over_several_heads_at_once(env):
    """Packets that are all over by the advance leave within the instant, in order."""
    line = Line(env, {"service": 8, "places": 3}, intervals=[1.0] * 4)
    do_at(env, [(5.0, lambda: line.stations[0].advance(100.0))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 5, 5),
        (0, 1, 0, 2, 2, 5, 5),
        (0, 2, 0, 3, 3, 5, 5),
        (0, 3, 0, 4, 5, 13, 13),
    ]


def test_resize_up(env):
    """New places go to those that wait, then to the one blocked upstream, within the instant."""
    line = Line(env, {"service": [1.0] * 4}, {"service": [10.0] * 4, "room": 1}, intervals=[1.0] * 4)
    do_at(env, [(6.0, lambda: line.stations[1].resize(3, 1))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 2, 2),
        (0, 1, 0, 2, 2, 3, 3),  # into the room of station 1
        (0, 2, 0, 3, 3, 4, 6),  # no room until 6
        (0, 3, 0, 4, 6, 7, 7),  # into the room
        (1, 0, 0, 2, 2, 12, 12),
        (1, 1, 0, 3, 6, 16, 16),
        (1, 2, 0, 6, 6, 16, 16),
        (1, 3, 0, 7, 12, 22, 22),
    ]
    assert line.calls_at(6.0) == ["1 starts", "1 starts", "1 takes 2", "0 starts"]


def test_more_room_alone_frees_the_station_upstream(env):
    """Room without a new place takes the blocked packet in to wait."""
    line = Line(env, {"service": 1}, {"service": 10}, intervals=[1.0] * 2)
    do_at(env, [(6.0, lambda: line.stations[1].resize(1, 1))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 2, 2),
        (0, 1, 0, 2, 2, 3, 6),
        (1, 0, 0, 2, 2, 12, 12),
        (1, 1, 0, 6, 12, 22, 22),
    ]


def test_resize_down(env):
    """Packets on places that go away finish there; nobody starts until the station has shrunk."""
    line = Line(env, {"service": 10, "places": 3}, intervals=[1.0] * 5)
    station = line.stations[0]
    occupied = []

    def shrink():
        station.resize(1, inf)
        occupied.append(station.occupied)

    do_at(env, [(6.0, shrink)])
    env.run()
    assert occupied == [3.0]
    assert line.visits == [
        (0, 0, 0, 1, 1, 11, 11),
        (0, 1, 0, 2, 2, 12, 12),
        (0, 2, 0, 3, 3, 13, 13),  # the last of three: its place is the one that stays
        (0, 3, 0, 4, 13, 23, 23),
        (0, 4, 1, 5, 23, 33, 33),
    ]


def test_the_time_of_a_packet_that_was_passed_is_forgotten_after_a_change(env):
    """
    After a change of rate, what was due at 100 before means nothing to those that are due at 100 now.

    Packet 0 begins at 1 and is due at 100; packet 1 passes it. At 3 the rate is doubled: packet 1 has 2 of 3 left and
    packet 0 has 97 of 99. At 100 two packets without work enter at once, and both leave within the instant.
    """
    line = Line(env, {"service": [99.0, 3.0, 0.0, 0.0], "places": 2})
    station = line.stations[0]

    def bring_two():
        assert station.accept(Packet(2), env.now)
        assert station.accept(Packet(3), env.now)

    feed(env, station, [1.0, 2.0])
    do_at(env, [(3.0, lambda: station.retime(2.0)), (100.0, bring_two)])
    env.run()
    assert line.visits == [
        (0, 1, 0, 2, 2, 4, 4),
        (0, 0, 0, 1, 1, 51.5, 51.5),
        (0, 2, 0, 100, 100, 100, 100),
        (0, 3, 0, 100, 100, 100, 100),
    ]
