"""
Stations event for event: the whole list of visits beside one worked by hand.

A row is (station, packet, queue length on entry, entered, started, finished, left); rows stand in the order in which
packets leave. All times are multiples of 1/4 and all rates powers of 2, so that equality is exact.
"""

from __future__ import annotations

from toy_lines import Line, do_at, feed


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
        "store takes 0",
        "1 starts",
        "1 takes 3",
        "0 starts",
        "store takes 1",
        "store refuses 2",
    ]


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
