"""Clocks: one that stands is stopped, and what is no time or no rate is refused."""

from __future__ import annotations

from itertools import repeat
from math import inf, isnan, nan
from random import Random

import pytest
import simpy
from toy_lines import Line, Store, do_at, feed

from lactflow.pipeline import Environment, Packet, Source, Station, StillClockError, connect

LIMIT = 1000
"""A hundredth of the events that may pass, by default, while the clock stands."""


def test_packet_that_goes_round_without_work_is_stopped():
    """A sink that gives packets back to a station without work would go on for ever; the error names the station."""
    env = Environment()
    wheel = Station(env, 0, repeat(0.0), room=inf, name="wheel")

    class Round:
        def accept(self, packet: Packet, now: float) -> bool:
            return wheel.accept(packet, now)

    connect(None, wheel, sink=Round())
    feed(env, wheel, [2.5])
    with pytest.raises(StillClockError, match=r"stood at 2\.5 for 100,000 events, the last one <Station wheel>"):
        env.run(until=10)


def test_process_that_waits_no_time_is_stopped():
    """A SimPy process that yields timeouts of zero for ever is stopped, naming the timeout."""
    env = Environment(still_events=LIMIT)

    def spin():
        yield env.timeout(1.5)
        while True:
            yield env.timeout(0)

    env.process(spin())
    with pytest.raises(StillClockError, match=r"stood at 1\.5 .* the last one <Timeout\(0\)"):
        env.run(until=10)


def test_station_and_process_that_stand_together_are_stopped():
    """A station without work that goes round beside a process that waits no time is stopped too."""
    env = Environment(still_events=LIMIT)
    wheel = Station(env, 0, repeat(0.0), room=inf, name="wheel")

    class Round:
        def accept(self, packet: Packet, now: float) -> bool:
            return wheel.accept(packet, now)

    connect(None, wheel, sink=Round())
    feed(env, wheel, [2.5])

    def spin():
        while True:
            yield env.timeout(0 if env.now >= 2.5 else 0.5)

    env.process(spin())
    with pytest.raises(StillClockError, match=r"stood at 2\.5"):
        env.run(until=10)


def test_many_events_with_a_moving_clock_are_no_fault():
    """Far more events than the limit pass when the clock moves, many of them at equal times."""
    env = Environment(still_events=LIMIT)
    line = Line(env, {"service": 0}, intervals=[0.0, 0.0, 0.0, 0.0, 1.0] * 120)
    ticks = []

    def tick():
        while True:
            yield env.timeout(0.125)
            ticks.append(env.now)

    env.process(tick())
    env.run(until=125)
    assert len(line.visits) == 600
    assert len(ticks) == 999  # the one at 125 is left out
    assert len(line.visits) + len(ticks) > 1.5 * LIMIT


def test_limit_counts_events_without_movement_only():
    """As many events as the limit, over moving time, and one more at the last instant: the clock has not stood."""
    env = Environment(still_events=LIMIT)

    def shuffle():
        for _ in range(LIMIT - 3):
            yield env.timeout(0.5)
        yield env.timeout(1e6)

    shuffling = env.process(shuffle())
    env.run(until=LIMIT)
    station = Station(env, 0, repeat(1.0), room=inf)
    connect(Source(repeat(1.0, LIMIT // 2 + 10), now=env.now), station, sink=Store([]))
    env.run(until=shuffling)
    assert env.now > 1e6


def test_ordinary_event_after_a_batch_of_stations_is_no_standing_clock():
    """Ten stations' events over moving time, then the tenth ordinary event at the last instant: nothing has stood."""
    env = Environment(still_events=10)

    class Ring:
        def accept(self, packet: Packet, now: float) -> bool:
            if packet.number == 4:
                env.event().succeed()
            return True

    def tick():
        for _ in range(7):  # with the process's own start and end, nine ordinary events
            yield env.timeout(0.125)

    env.process(tick())
    station = Station(env, 0, repeat(0.5))
    connect(Source(repeat(1.0, 8)), station, sink=Ring())
    env.run()
    assert env.now == 8.5


@pytest.mark.parametrize("first", [True, False], ids=["as the head", "behind another"])
def test_work_that_is_no_number_is_refused(env, first):
    """A service time of NaN raises when its turn comes, and no packet is served by it."""
    works = [nan, 1.0, 1.0] if first else [1.0, nan, 1.0]
    line = Line(env, {"service": works, "places": 2}, {"service": 1, "places": 9}, intervals=[1.0, 0.25, 0.25])
    with pytest.raises(ValueError, match=r"zero or more"):
        env.run()
    assert not any(isnan(time) for visit in line.visits for time in visit)


def test_interval_that_is_no_number_is_refused(env):
    """So is a NaN between packets of a source."""
    with pytest.raises(ValueError, match=r"zero or more"):
        Line(env, {"service": 1}, intervals=[nan, 1.0])


@pytest.mark.parametrize("rate", [-1.0, nan, inf, -inf])
def test_impossible_rates_are_refused(env, rate):
    """A rate is finite and not negative; a refused change leaves the line as it was."""
    line = Line(env, {"service": 4}, intervals=[1.0, 4.0])

    def try_both():
        with pytest.raises(ValueError, match="zero or more and finite"):
            line.stations[0].retime(rate)
        with pytest.raises(ValueError, match="zero or more and finite"):
            line.stations[0].retime_source(rate)

    do_at(env, [(3.0, try_both)])
    env.run()
    assert line.visits == [(0, 0, 0, 1, 1, 5, 5), (0, 1, 0, 5, 5, 9, 9)]


@pytest.mark.parametrize("rate", [-1.0, nan, inf])
def test_impossible_rates_are_refused_at_the_start(env, rate):
    """Nor can a station or a source be made with such a rate."""
    with pytest.raises(ValueError):
        Station(env, 0, repeat(1.0), rate=rate)
    with pytest.raises(ValueError):
        Source(repeat(1.0), rate=rate)


def test_endless_work_keeps_its_place(env):
    """A packet with infinite work is never finished: the run ends without it, at a finite time."""
    line = Line(env, {"service": [inf], "room": 0}, intervals=[1.0])
    env.run()
    assert env.now == 1
    assert line.stations[0].length == 1


def test_failure_of_a_process_stops_the_run(env):
    """What an ordinary process raises comes out of `run`, as on any SimPy environment."""

    def fail():
        yield env.timeout(1.0)
        msg = "as planned"
        raise LookupError(msg)

    env.process(fail())
    with pytest.raises(LookupError, match="as planned"):
        env.run()


def test_run_until_leaves_out_what_is_due_then():
    """`run(until=3)` stops before a station that is due at 3, as before any other event; the next run takes it up."""
    env = Environment()
    line = Line(env, {"service": 2}, intervals=[1.0])
    env.run(until=3)
    assert (env.now, line.visits) == (3, [])
    env.run(until=4)
    assert line.visits == [(0, 0, 0, 1, 1, 3, 3)]


def test_environment_is_simpys():
    """Processes, timeouts and stop events are SimPy's own, and an empty schedule ends a run."""
    env = Environment(initial_time=5.0)
    assert isinstance(env, simpy.Environment)
    assert env.run(until=env.timeout(2.0, value="done")) == "done"
    assert env.run() is None
    assert env.now == 7.0


@pytest.mark.parametrize("seed", range(5))
def test_clock_never_goes_back_when_a_sink_starts_a_process(env, seed):
    """
    A process that begins as a packet leaves goes ahead of everything else, and all other times keep their order.

    Packets leave at 5, 9, 13, ..., 41; forty processes wait for 6, 7, ..., 45, begun in a shuffled order.
    """
    happened = []

    class Starter:
        def accept(self, packet: Packet, now: float) -> bool:
            env.process(note("packet", 0.0))
            return True

    def note(what, after):
        if what == "packet":
            happened.append((env.now, what))
        yield env.timeout(after)
        if what == "process":
            happened.append((env.now, what))

    connect(Source([1.0, *repeat(4.0, 9)]), Station(env, 0, repeat(4.0)), sink=Starter())
    times = list(range(6, 46))
    Random(seed).shuffle(times)
    for time in times:
        env.process(note("process", float(time)))
    env.run()
    assert [time for time, what in happened if what == "packet"] == list(range(5, 42, 4))
    assert [time for time, what in happened if what == "process"] == list(range(6, 46))
    assert [time for time, _ in happened] == sorted(time for time, _ in happened)
