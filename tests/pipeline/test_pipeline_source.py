"""Sources that are held, retimed and brought up, and visits still open, event for event."""

from __future__ import annotations

from math import inf, isnan

import pytest
from toy_lines import Line, do_at, feed

from lactflow.pipeline import Source


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


@pytest.mark.parametrize(
    ("room_at", "recovers_at", "second", "third"),
    [
        (7.0, 9.0, 7, 12),  # 1 leaves while the source stands: the third is begun when it recovers
        (9.0, 7.0, 9, 12),  # and here when 1 has left
        (8.0, 8.0, 8, 11),  # both at once
    ],
    ids=["room first", "rate first", "at once"],
)
def test_source_that_stops_while_it_holds_a_packet(env, room_at, recovers_at, second, third):
    """
    A packet that is held is ready: it has no work left, and the next is not begun before it is gone.

    Packet 0 is made by 1 and fills the place, packet 1 is ready at 3 and held; the source stands from 5. Packet 2 has
    work 3.
    """
    line = Line(env, {"service": 0, "room": 0}, intervals=[1.0, 2.0, 3.0], store_room=0)
    station = line.stations[0]
    plan = [
        (5.0, lambda: station.retime_source(0.0)),
        (room_at, lambda: line.make_room(9)),
        (recovers_at, lambda: station.retime_source(1.0)),
    ]
    do_at(env, sorted(plan, key=lambda step: step[0]))
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 1, room_at),
        (0, 1, 0, second, second, second, second),
        (0, 2, 0, third, third, third, third),
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


def test_source_begins_at_its_start_time_and_numbers_from_there(env):
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
    assert (len(source.done), source.made) == (1, 0)


def test_open_visits_have_nan_for_what_has_not_happened(env):
    """A packet that is blocked, one that is served and one that waits, as they stand at 4."""
    line = Line(env, {"service": [2.0, 9.0, 1.0], "places": 2}, store_room=0)
    feed(env, line.stations[0], [1.0, 2.0, 3.5])
    env.run(until=4)
    assert line.visits == []
    line.stations[0].write_open_visits(line.rows)
    blocked, served, waits = line.visits
    assert blocked[:6] == (0, 0, 0, 1, 1, 3)
    assert served[:5] == (0, 1, 0, 2, 2)
    assert waits[:4] == (0, 2, 0, 3.5)
    assert [sum(map(isnan, visit)) for visit in (blocked, served, waits)] == [1, 2, 3]


@pytest.mark.parametrize(("places", "room"), [(0, 0), (-1, 3), (1, -1), (1, float("nan"))])
def test_impossible_sizes_are_refused(env, places, room):
    """A station has at least one place and no negative room."""
    with pytest.raises(ValueError, match="at least one place"):
        Line(env, {"service": 1, "places": places, "room": room})


def test_a_packet_ready_before_a_place_is_free_enters_when_it_is(env):
    """Ready at 7.75 at a station whose two places are taken, and not touched before 9, it enters at 9."""
    line = Line(env, {"service": 3, "places": 2, "room": 0}, intervals=[1.0, 6.5, 0.25, 9.0], store_room=0)
    do_at(env, [(9.0, lambda: line.make_room(1)), (20.0, lambda: line.make_room(9))])
    env.run()
    assert line.visits == [
        (0, 0, 0, 1, 1, 4, 9),
        (0, 1, 0, 7.5, 7.5, 10.5, 20),
        (0, 2, 0, 9, 9, 12, 20),
        (0, 3, 0, 20, 20, 23, 23),
    ]
