"""
Stations event for event: the whole list of visits beside one worked by hand.

A row is (station, packet, queue length on entry, entered, started, finished, left); rows stand in the order in which
packets leave. All times are multiples of 1/4 and all rates powers of 2, so that equality is exact.
"""

from __future__ import annotations

from math import inf, isnan

import pytest
from toy_lines import Line, do_at, feed

from lactflow.pipeline import Source, unpack


def test_single_server(env):
    """One server, first come first served."""
    line = Line(env, {"service": [3.0, 1.0, 2.0]}, intervals=[1.0, 1.0, 1.0])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 4, 4),
        (0, 1, 0, 2, 4, 5, 5),  # comes at 2, nobody waits; served when 0 has left
        (0, 2, 1, 3, 5, 7, 7),  # comes at 3 behind packet 1
    ]


def test_two_places_with_equal_service(env):
    """Two places serve in parallel, and keep the order."""
    line = Line(env, {"service": 4, "places": 2}, intervals=[1.0] * 4)
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 5, 5),
        (0, 1, 0, 2, 2, 6, 6),
        (0, 2, 0, 3, 5, 9, 9),  # both places taken: waits for the first to be free, at 5
        (0, 3, 1, 4, 6, 10, 10),
    ]


UNEQUAL = [
    (0, 1, 0, 2, 2, 3, 3),  # on the second place, and gone before packet 0
    (0, 2, 0, 4, 4, 5, 5),  # on the second place again
    (0, 0, 0, 1, 1, 6, 6),
]


def test_two_places_with_unequal_service_fed_from_outside(env):
    """With several places and unequal work a short packet passes a long one."""
    line = Line(env, {"service": [5.0, 1.0, 1.0], "places": 2})
    feed(env, line.stations[0], [1.0, 2.0, 4.0])
    env.run()
    assert line.visits == UNEQUAL


def test_two_places_with_unequal_service_fed_by_a_source(env):
    """The same packets at the same times from a source give the same visits."""
    line = Line(env, {"service": [5.0, 1.0, 1.0], "places": 2}, intervals=[1.0, 1.0, 2.0])
    env.run()
    assert line.visits == UNEQUAL


def test_passing_where_several_places_serve_unequal_packets_only(env):
    """Packets pass each other at the station with two places, and stand in the new order at the next."""
    line = Line(env, {"service": 0.5}, {"service": [6.0, 1.0, 1.0], "places": 2}, {"service": 1}, intervals=[1.0] * 3)
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 1.5, 1.5),
        (0, 1, 0, 2, 2, 2.5, 2.5),
        (1, 1, 0, 2.5, 2.5, 3.5, 3.5),  # scheduled at 2.5, so it leaves before packet 2 comes at 3.5
        (0, 2, 0, 3, 3, 3.5, 3.5),
        (2, 1, 0, 3.5, 3.5, 4.5, 4.5),
        (1, 2, 0, 3.5, 3.5, 4.5, 4.5),
        (2, 2, 0, 4.5, 4.5, 5.5, 5.5),
        (1, 0, 0, 1.5, 1.5, 7.5, 7.5),  # passed by both
        (2, 0, 0, 7.5, 7.5, 8.5, 8.5),
    ]


def test_blocking_over_three_stations(env):
    """A slow last station holds packets on their places all the way up the line."""
    line = Line(env, {"service": 1}, {"service": 2}, {"service": 4}, intervals=[1.0] * 3)
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 2, 2),
        (1, 0, 0, 2, 2, 4, 4),
        (0, 1, 0, 2, 2, 3, 4),  # done at 3; station 1 serves packet 0 until 4
        (2, 0, 0, 4, 4, 8, 8),
        (1, 1, 0, 4, 4, 6, 8),  # done at 6; station 2 serves packet 0 until 8
        (0, 2, 0, 3, 4, 5, 8),  # done at 5; station 1 holds packet 1 until 8
        (2, 1, 0, 8, 8, 12, 12),
        (1, 2, 0, 8, 8, 10, 12),
        (2, 2, 0, 12, 12, 16, 16),
    ]


def test_cascade_when_the_sink_frees(env):
    """When the sink has room for one, each station hands on one packet within the instant, nearest first."""
    line = Line(env, *[{"service": [1.0] * 5}] * 3, intervals=[1.0] * 5, store_room=1)
    do_at(env, [(time, lambda: line.make_room(1)) for time in (10.0, 20.0, 30.0, 40.0)])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 2, 2),
        (1, 0, 0, 2, 2, 3, 3),
        (0, 1, 0, 2, 2, 3, 3),
        (2, 0, 0, 3, 3, 4, 4),  # fills the sink
        (1, 1, 0, 3, 3, 4, 4),
        (0, 2, 0, 3, 3, 4, 4),
        (2, 1, 0, 4, 4, 5, 10),  # 1, 2 and 3 are done at 5 and stand until 10
        (1, 2, 0, 4, 4, 5, 10),
        (0, 3, 0, 4, 4, 5, 10),
        (2, 2, 0, 10, 10, 11, 20),
        (1, 3, 0, 10, 10, 11, 20),
        (0, 4, 0, 5, 10, 11, 20),  # waited from 5, began when 3 left
        (2, 3, 0, 20, 20, 21, 30),
        (1, 4, 0, 20, 20, 21, 30),
        (2, 4, 0, 30, 30, 31, 40),
    ]
    assert line.calls_at(10.0) == ["store takes 1", "2 starts", "2 takes 2", "1 starts", "1 takes 3", "0 starts"]


def test_waiting_packet_starts_before_the_station_upstream_hands_on(env):
    """A place that becomes free goes to the packet that waits at the station, its room to the one blocked upstream."""
    line = Line(env, {"service": [1.0] * 4}, {"service": [4.0] * 4, "room": 1}, intervals=[1.0] * 4)
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 2, 2),
        (0, 1, 0, 2, 2, 3, 3),  # goes into the room of station 1
        (1, 0, 0, 2, 2, 6, 6),
        (0, 2, 0, 3, 3, 4, 6),  # no room until 6
        (1, 1, 0, 3, 6, 10, 10),
        (0, 3, 0, 4, 6, 7, 10),
        (1, 2, 0, 6, 10, 14, 14),
        (1, 3, 0, 10, 14, 18, 18),
    ]
    assert line.calls_at(6.0) == ["store takes 0", "1 starts", "1 takes 2", "0 starts"]


def test_several_packets_freed_at_once(env):
    """Room for two frees two blocked packets in the order they finished; each place is filled before the next goes."""
    works = [1.0] * 5
    line = Line(env, {"service": works}, {"service": works, "places": 3}, intervals=[1.0] * 5, store_room=0)
    do_at(env, [(10.0, lambda: line.make_room(2)), (20.0, lambda: line.make_room(9))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 2, 2),
        (0, 1, 0, 2, 2, 3, 3),
        (0, 2, 0, 3, 3, 4, 4),  # the three places of station 1 are taken now
        (1, 0, 0, 2, 2, 3, 10),
        (0, 3, 0, 4, 4, 5, 10),  # goes to the place of packet 0 before packet 1 leaves
        (1, 1, 0, 3, 3, 4, 10),
        (0, 4, 0, 5, 10, 11, 11),  # to the place of packet 1
        (1, 2, 0, 4, 4, 5, 20),
        (1, 3, 0, 10, 10, 11, 20),
        (1, 4, 0, 11, 11, 12, 20),
    ]
    assert line.calls_at(10.0) == [
        "store takes 0", "1 starts", "1 takes 3", "0 starts", "store takes 1", "store refuses 2",
    ]  # fmt: skip


# -- equal times ----------------------------------------------------------------------------------------


def test_source_brings_before_the_head_finishes(env):
    """A packet that is ready when the head finishes enters first: it sees the queue as it was."""
    line = Line(env, {"service": 2, "room": 2}, intervals=[1.0] * 3)
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 3, 3),
        (0, 1, 0, 2, 3, 5, 5),
        (0, 2, 1, 3, 5, 7, 7),  # ready at 3 as 0 finishes: packet 1 still waits then
    ]


def test_packet_ready_as_a_place_becomes_free_is_taken_within_the_instant(env):
    """Refused because the head has not left yet, it enters when the head has, at the same time."""
    line = Line(env, {"service": 2, "room": 1}, intervals=[1.0] * 3)
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 3, 3),
        (0, 1, 0, 2, 3, 5, 5),
        (0, 2, 0, 3, 5, 7, 7),  # the room was full when it was ready; packet 1 has begun when it enters
    ]


def test_equal_times_downstream_scheduled_first(env):
    """Of two stations due at 5, the lower was scheduled first: it is free when the upper hands on."""
    line = Line(env, {"service": [1.0, 3.0]}, {"service": [3.0, 1.0]}, intervals=[1.0, 1.0])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 2, 2),
        (1, 0, 0, 2, 2, 5, 5),
        (0, 1, 0, 2, 2, 5, 5),
        (1, 1, 0, 5, 5, 6, 6),
    ]
    assert line.calls_at(5.0) == ["store takes 0", "1 starts", "1 takes 1"]


def test_equal_times_upstream_scheduled_first(env):
    """The lower station, rescheduled at 3, is due after the upper: one refusal, and the same times."""
    line = Line(env, {"service": [1.0, 3.0]}, {"service": [5.0, 2.0]}, intervals=[1.0, 1.0])
    do_at(env, [(3.0, lambda: line.stations[1].retime(2.0))])  # 4 of 5 left at rate 2: due at 5
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 2, 2),
        (1, 0, 0, 2, 2, 5, 5),
        (0, 1, 0, 2, 2, 5, 5),
        (1, 1, 0, 5, 5, 6, 6),
    ]
    assert line.calls_at(5.0) == ["1 refuses 1", "store takes 0", "1 starts", "1 takes 1"]


def test_packets_ready_at_once(env):
    """Three packets at one instant enter in order, and each counts those that wait."""
    line = Line(env, {"service": 0.5}, intervals=[1.0, 0.0, 0.0])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 1.5, 1.5),
        (0, 1, 0, 1, 1.5, 2, 2),
        (0, 2, 1, 1, 2, 2.5, 2.5),
    ]


def test_finishes_at_once_leave_in_the_order_of_their_start(env):
    """Two places that finish together hand on in the order in which they began."""
    line = Line(env, {"service": 0}, {"service": [3.0, 2.0, 1.0], "places": 3}, intervals=[1.0] * 3)
    env.run()
    assert [visit for visit in line.visits if visit.station == 1] == [
        (1, 0, 0, 1, 1, 4, 4),
        (1, 1, 0, 2, 2, 4, 4),
        (1, 2, 0, 3, 3, 4, 4),
    ]


def test_zero_service_passes_within_the_instant(env):
    """Stations without work take no time."""
    line = Line(env, {"service": 0}, {"service": 0}, {"service": 0}, intervals=[1.0, 1.0])
    env.run()
    assert line.visits == [(station, packet, 0, *[packet + 1] * 4) for packet in range(2) for station in range(3)]


# -- rates ----------------------------------------------------------------------------------------------


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


def test_standing_station_has_nothing_scheduled(env):
    """At rate zero nothing polls: from 3 to 1000 only the timeout of this test is scheduled."""
    line = Line(env, {"service": 4}, intervals=[1.0])
    station = line.stations[0]
    counts = []

    def stop():
        station.retime(0.0)
        counts.append(next(env._eid))

    def recover():
        assert env._queue == []  # the entry for 5 has passed
        counts.append(next(env._eid))
        station.retime(1.0)

    do_at(env, [(3.0, stop), (1000.0, recover)])
    env.run()
    assert counts[1] - counts[0] == 2
    assert line.visits == [(0, 0, 0, 1, 1, 1002, 1002)]


def test_one_entry_a_visit(env):
    """A line that never blocks or changes makes one entry in the event queue a visit, and one an arrival."""
    line = Line(env, {"service": 0.5}, {"service": 0.5}, {"service": 0.5}, intervals=[1.0] * 50)
    before = next(env._eid)  # the source's first packet is scheduled already
    env.run()
    assert len(line.visits) == 150
    assert next(env._eid) - before - 1 == 150 + 50 - 1


def test_overtaking_does_not_fill_the_event_queue(env):
    """Packets that pass a long one leave no trail of entries: no more than one a place."""
    count = 50
    line = Line(env, {"service": [1000.0, *[0.5] * count], "places": 2})
    feed(env, line.stations[0], [1.0 + number for number in range(count + 1)])
    env.run(until=100)
    assert len(line.visits) == count
    assert sum(entry[3] is line.stations[0]._due for entry in env._queue) <= 2


def test_station_that_starts_at_rate_zero_keeps_its_packets(env):
    """What enters a standing station begins, and is served from the recovery on."""
    line = Line(env, {"service": 2, "rate": 0.0}, intervals=[1.0, 1.0])
    do_at(env, [(5.0, lambda: line.stations[0].retime(1.0))])
    env.run()
    assert line.visits == [(0, 0, 0, 1, 1, 7, 7), (0, 1, 0, 2, 7, 9, 9)]


def test_same_rate_again_schedules_nothing(env):
    """A retime that changes nothing costs nothing."""
    line = Line(env, {"service": 4}, intervals=[1.0])
    env.run(until=2)
    scheduled = next(env._eid)
    line.stations[0].retime(1.0)
    assert next(env._eid) == scheduled + 1


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


# -- size -----------------------------------------------------------------------------------------------


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


# -- source ---------------------------------------------------------------------------------------------


def test_source_is_held_while_the_station_is_full(env):
    """A packet without room is held, enters when the place is free, and only then is the next begun."""
    line = Line(env, {"service": 3, "room": 0}, intervals=[2.0, 1.0, 5.0])
    env.run()
    assert line.visits == [
        (0, 0, 0, 2, 2, 5, 5),
        (0, 1, 0, 5, 5, 8, 8),  # ready at 3, held until 5
        (0, 2, 0, 10, 10, 13, 13),  # begun at 5, when 1 was gone: ready at 10
    ]


def test_source_is_held_while_the_room_is_full(env):
    """The same with room for one to wait."""
    line = Line(env, {"service": 4, "room": 1}, intervals=[1.0] * 4)
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 5, 5),
        (0, 1, 0, 2, 5, 9, 9),
        (0, 2, 0, 5, 9, 13, 13),  # ready at 3, held until 1 began
        (0, 3, 0, 9, 13, 17, 17),  # begun at 5, ready at 6, held until 2 began
    ]


def test_source_is_held_at_two_places(env):
    """With two places, each that becomes free takes the held packet in the same instant."""
    line = Line(env, {"service": 1, "places": 2, "room": 0}, intervals=[0.25] * 6)
    env.run()
    assert line.visits == [
        (0, 0, 0, 0.25, 0.25, 1.25, 1.25),
        (0, 1, 0, 0.5, 0.5, 1.5, 1.5),
        (0, 2, 0, 1.25, 1.25, 2.25, 2.25),  # ready at 0.75
        (0, 3, 0, 1.5, 1.5, 2.5, 2.5),  # begun at 1.25, ready at 1.5 as packet 1 finishes
        (0, 4, 0, 2.25, 2.25, 3.25, 3.25),
        (0, 5, 0, 2.5, 2.5, 3.5, 3.5),
    ]


def test_source_goes_on_when_the_sink_frees_the_line(env):
    """The cascade from the sink reaches the source in the same instant."""
    line = Line(env, {"service": 1, "room": 0}, {"service": 1}, intervals=[1.0] * 4, store_room=0)
    do_at(env, [(10.0, lambda: line.make_room(9))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 2, 2),
        (1, 0, 0, 2, 2, 3, 10),
        (0, 1, 0, 2, 2, 3, 10),  # ready at 2 as packet 0 left
        (1, 1, 0, 10, 10, 11, 11),
        (0, 2, 0, 10, 10, 11, 11),  # ready at 3, held until 10
        (1, 2, 0, 11, 11, 12, 12),
        (0, 3, 0, 11, 11, 12, 12),  # begun at 10, ready at 11 as packet 2 finishes
        (1, 3, 0, 12, 12, 13, 13),
    ]


def test_held_packet_enters_when_the_station_grows(env):
    """A new place takes what the source holds, within the instant."""
    line = Line(env, {"service": 8, "room": 0}, intervals=[1.0, 1.0])
    do_at(env, [(4.0, lambda: line.stations[0].resize(2, 0))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 9, 9),
        (0, 1, 0, 4, 4, 12, 12),  # ready at 2
    ]


@pytest.mark.parametrize(
    ("plan", "first", "second"),
    [
        ([(2.0, 2.0)], 3, 5),  # 2 of 4 left at twice the rate, then 4 at twice the rate
        ([(2.0, 0.5)], 6, 14),
        ([(2.0, 0.0), (10.0, 1.0)], 12, 16),
    ],
    ids=["doubled", "halved", "zero and back"],
)
def test_source_rate_changes(env, plan, first, second):
    """A source keeps the work that is left on its packet, and makes the next at the new rate."""
    line = Line(env, {"service": 0.5}, intervals=[4.0, 4.0])
    do_at(env, [(time, lambda rate=rate: line.stations[0].retime_source(rate)) for time, rate in plan])
    env.run()
    assert line.visits == [
        (0, 0, 0, first, first, first + 0.5, first + 0.5),
        (0, 1, 0, second, second, second + 0.5, second + 0.5),
    ]


def test_source_rate_changes_while_the_station_serves(env):
    """Packets that come while the station serves have their exact times under both rates."""
    line = Line(env, {"service": 20}, intervals=[1.0, 1.0, 8.0, 8.0])
    do_at(env, [(4.0, lambda: line.stations[0].retime_source(2.0))])
    env.run()
    assert [visit[:4] for visit in line.visits] == [
        (0, 0, 0, 1),
        (0, 1, 0, 2),
        (0, 2, 1, 7),  # 6 of 8 left at 4
        (0, 3, 2, 11),
    ]


def test_bring_up_takes_in_what_is_ready(env):
    """Between events the station shows what came in the meantime only when it is asked to look."""
    line = Line(env, {"service": 20}, intervals=[1.0] * 9)
    station = line.stations[0]
    env.run(until=5.5)
    assert station.length == 1
    station.bring_up()
    assert station.length == 5
    assert [packet.number for packet in station.packets()] == [0, 1, 2, 3, 4]
    assert [packet.entered for packet in station.waiting] == [2, 3, 4, 5]


def test_source_begins_when_told_and_numbers_from_there(env):
    """Clock time of the start, first number and cargo are the source's own."""
    source = Source([2.0], now=3.0, first_number=7, cargo="milk")
    line = Line(env, {"service": 1})
    station = line.stations[0]
    source.connect(station)
    source.supply(4.75)
    assert station.length == 0
    source.supply(5.0)
    [packet] = station.packets()
    assert (packet.number, packet.cargo, packet.entered, source.made, source.at) == (7, "milk", 5.0, 8, inf)


def test_unconnected_source_holds_its_packet():
    """Before it is connected a source makes one packet and holds it."""
    source = Source([1.0, 1.0])
    source.supply(5.0)
    assert source.done is not None
    assert source.made == 0


# -- visits ---------------------------------------------------------------------------------------------


def test_open_visits_have_nan_for_what_has_not_happened(env):
    """A packet that is blocked, one that is served and one that waits, as they stand at 4."""
    line = Line(env, {"service": [2.0, 9.0, 1.0], "places": 2}, store_room=0)
    feed(env, line.stations[0], [1.0, 2.0, 3.5])
    env.run(until=4)
    blocked, served, waits = unpack(line.stations[0].open_visits())
    assert line.visits == []
    assert blocked[:6] == (0, 0, 0, 1, 1, 3)
    assert served[:5] == (0, 1, 0, 2, 2)
    assert waits[:4] == (0, 2, 0, 3.5)
    assert [sum(map(isnan, visit)) for visit in (blocked, served, waits)] == [1, 2, 3]


@pytest.mark.parametrize(("places", "room"), [(0, 0), (-1, 3), (1, -1), (1, float("nan"))])
def test_impossible_sizes_are_refused(env, places, room):
    """A station has at least one place and no negative room."""
    with pytest.raises(ValueError, match="at least one place"):
        Line(env, {"service": 1, "places": places, "room": room})
