"""Small things that nothing else would notice: what a log keeps, how events are counted, what is due when."""

from __future__ import annotations

from math import inf

import pytest
import simpy

from lactflow.pipeline import Environment, Packet, Station, StillClockError, VisitLog, event_at, next_turn, unpack
from lactflow.pipeline.clock import Clock
from lactflow.pipeline.lane import Timed
from lactflow.pipeline.visits import COMPILED

pure_only = pytest.mark.skipif(COMPILED, reason="a compiled class has no subclasses that are interpreted")


class Alarm(Timed):
    """Notes when it goes off, and does something then."""

    __slots__ = ("_does", "_notes")

    def __init__(self, env, at, notes, name="alarm", does=None):
        super().__init__(env, name)
        self._notes, self._does = notes, does
        self.arm(at)

    def fire(self, now):
        self._notes.append((self.name, now))
        return inf if self._does is None else self._does(now)


# -- the log of visits --------------------------------------------------------------------------------------


def test_rows_that_are_put_back_come_first():
    """Rows that were taken are no longer there; put back, they stand before those that were written since."""
    log = VisitLog()
    for packet in (1, 2):
        log.add(0, packet, 0, 1.0, 2.0, 3.0, 4.0)
    rows = log.take()
    assert len(log) == 0
    log.add(0, 3, 5, 1.5, 2.5, 3.5, 4.5)
    assert [visit.packet for visit in unpack(log)] == [3]
    log.put_back(rows)
    assert len(log) == 3
    assert [visit.packet for visit in unpack(log)] == [1, 2, 3]
    assert unpack(log)[2] == (0, 3, 5, 1.5, 2.5, 3.5, 4.5)


# -- clock and lanes ----------------------------------------------------------------------------------------


def test_a_clock_begins_at_its_time_and_counts_from_nought():
    """As SimPy's counter does."""
    clock = Clock(5.0)
    assert clock.now == 5.0
    assert [next(clock) for _ in range(3)] == [0, 1, 2]


@pure_only
def test_the_next_event_is_the_first_of_all_lanes():
    """Parts of several lanes, and ordinary events; infinity where nothing is due."""
    env = Environment()
    Station(env, 0, 1.0)
    assert env.peek() == inf
    notes = []
    first = env.lane
    for at in (4.0, 3.0):
        Alarm(env, at, notes)
    env.open_lane()
    assert env.lane is not first
    Alarm(env, 2.0, notes)
    assert (first.next_due(), env.lane.next_due(), env.peek()) == (3.0, 2.0, 2.0)
    env.timeout(1.0)
    assert env.peek() == 1.0


@pure_only
def test_the_clock_ends_at_the_latest_part_of_all_lanes():
    """Whichever lane is advanced last."""
    env, notes = Environment(), []
    Alarm(env, 3.0, notes)
    env.open_lane()
    Alarm(env, 2.0, notes)
    env.run()
    assert sorted(at for _, at in notes) == [2.0, 3.0]
    assert env.now == 3.0


@pure_only
def test_an_event_that_a_part_schedules_waits_for_what_is_due_before_it():
    """A part arranges an event at 2 while another one is due at 1.5."""
    env, notes = Environment(), []

    def schedule(now):
        env.timeout(1.0).callbacks.append(lambda _: notes.append(("event", env.now)))
        return inf

    Alarm(env, 1.0, notes, "first", schedule)
    Alarm(env, 1.5, notes, "second")
    env.run(until=10.0)
    assert notes == [("first", 1.0), ("second", 1.5), ("event", 2.0)]


@pure_only
def test_a_part_that_stands_is_stopped_after_so_many_times():
    """It fires as often as is allowed, and not once more."""
    env, notes = Environment(still_events=5), []
    Alarm(env, 1.0, notes, does=lambda now: now)
    with pytest.raises(StillClockError):
        env.run(until=2.0)
    assert len(notes) == 5


def test_events_that_stand_are_stopped_after_so_many():
    """The first event of an instant does not count: five more of them are one too many."""
    env, resumed = Environment(still_events=5), []

    def spin():
        while True:
            resumed.append(env.now)
            yield env.timeout(0.0)

    env.process(spin())
    with pytest.raises(StillClockError):
        env.run(until=1.0)
    assert len(resumed) == 5


@pure_only
@pytest.mark.parametrize("now", [1e6, 1e-3])
def test_round_off_is_relative_for_late_times_and_absolute_for_early_ones(now):
    """A thousandth of a minute after two years, a billionth in the first."""
    env = Environment(now)
    part = Alarm(env, now + 1.0, [])
    allowed = 1e-9 * max(1.0, now)
    assert part.checked(now - 0.5 * allowed) == now
    with pytest.raises(ValueError, match="would be due at"):
        part.checked(now - 2.0 * allowed)


@pure_only
def test_a_part_in_an_environment_of_simpy_knows_the_time():
    """A time that has passed is refused there too."""
    env = simpy.Environment()
    part = Alarm(env, 7.0, [])
    env.run(until=5.0)
    with pytest.raises(ValueError, match=r"due at 3\.0, now is 5\.0"):
        part.arm(3.0)


# -- places in SimPy's order --------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [simpy.Environment, Environment])
def test_an_event_keeps_the_place_that_was_taken_for_it(make):
    """Of two at the same instant the one whose number was taken first goes first, though it was made later."""
    env, notes = make(), []
    turn = next_turn(env)
    env.timeout(2.0).callbacks.append(lambda _: notes.append("made first"))

    def later():
        yield env.timeout(1.0)
        yield event_at(env, 2.0, turn)
        notes.append("taken first")

    env.process(later())
    env.run()
    assert notes == ["taken first", "made first"]


# -- stations -----------------------------------------------------------------------------------------------


def test_a_station_without_anything_behind_it_keeps_what_is_done():
    """It takes nothing in place of what is not connected."""
    env = Environment()
    station = Station(env, 0, 1.0)
    packet = Packet(0)
    assert station.accept(packet, 0.0)
    env.run(until=2.0)
    assert station.done == [packet]
    assert packet.finished == 1.0


def test_the_share_of_places_that_hold_a_packet():
    """One of two, and both; three packets in a station that has been made smaller."""
    station = Station(Environment(), 0, 1.0, places=3)
    assert station.occupied == 0.0
    for number in range(3):
        station.accept(Packet(number), 0.0)
        assert station.occupied == pytest.approx((number + 1) / 3)
    station.resize(2, 0)
    assert station.occupied == 1.5


def test_a_packet_may_pass_another_one_when_there_is_a_second_place():
    """The second packet takes a unit of work where the first takes five, and begins when the place is there."""
    env = Environment()
    station = Station(env, 0, [5.0, 1.0], room=1)
    first, second = Packet(0), Packet(1)
    assert station.accept(first, 0.0)
    assert station.accept(second, 0.0)
    station.resize(2, 1)
    assert not station.waiting
    env.run(until=10.0)
    assert (second.finished, first.finished) == (1.0, 5.0)
    assert station.done == [second, first]


def test_a_station_of_the_same_size_keeps_its_queue():
    """Whoever waits goes on waiting: there is no more room than before."""
    env = Environment()
    station = Station(env, 0, 2.0, room=1)
    first, second = Packet(0), Packet(1)
    assert station.accept(first, 0.0)
    assert station.accept(second, 0.0)
    station.resize(1, 1)
    assert [*station.waiting] == [second]
    assert station.in_service == 1
    env.run(until=10.0)
    assert first.finished == 2.0


def test_a_packet_that_began_while_the_station_stood_may_pass_another_one():
    """Two places, five and one units of work: the second packet is done first once the station runs again."""
    env = Environment()
    station = Station(env, 0, [5.0, 1.0], places=2, rate=0.0)
    first, second = Packet(0), Packet(1)
    assert station.accept(first, 0.0)
    assert station.accept(second, 0.0)
    env.run(until=3.0)
    station.retime(1.0)
    env.run(until=10.0)
    assert (second.finished, first.finished) == (4.0, 8.0)
    assert station.done == [second, first]
