"""
Lines with a known answer.

Random results are tested against theory by independent replications: a two-sided interval of 99.9 % confidence by
Student's t, which must hold the theoretical value and be narrow enough to exclude a wrong model. The seeds are fixed,
so a test either always passes or always fails; the chance that a right model fails was one in a thousand, once, when
the seeds were chosen.
"""

from __future__ import annotations

from itertools import pairwise
from math import factorial, fsum, inf, sqrt
from statistics import fmean, stdev

import numpy as np
import pytest
from toy_lines import Line, as_columns, do_at

from lactflow.pipeline import Environment, Packet, Source, Station, VisitLog, connect
from lactflow.pipeline.line import Outside

REPLICATIONS = 20
T_19 = 3.8834
"""Quantile 0.9995 of Student's t with 19 degrees of freedom."""


class Drain:
    """Takes everything."""

    def accept(self, packet, now):
        """Take it."""
        return True


def holds(samples, theory, *, within):
    """The 99.9 % interval of the mean holds the theoretical value, and is no wider than `within` of it."""
    assert len(samples) == REPLICATIONS
    half = T_19 * stdev(samples) / sqrt(REPLICATIONS)
    assert half <= within * theory, f"the interval says little: {half / theory:.3f} of the value"
    assert abs(fmean(samples) - theory) <= half, f"{fmean(samples)} ± {half} does not hold {theory}"


def visits_of(intervals, *stations):
    """Visits of one line; each station is (work, places, room)."""
    env, rows = Environment(), VisitLog()
    line = [
        Station(env, number, work, places=places, room=room, visits=rows)
        for number, (work, places, room) in enumerate(stations)
    ]
    connect(Source(intervals), *line, sink=Drain())
    env.run()
    return as_columns(rows)


def exponentials(seed, mean, count):
    """So many exponential variates."""
    return np.random.default_rng(seed).exponential(mean, count).tolist()


def waits(visits, warm_up):
    """Mean wait in queue of the packets after the first."""
    return float((visits["started"] - visits["entered"])[visits["packet"] >= warm_up].mean())


def mean_number(visits, since):
    """Time average of the number at the station from `since` until the last arrival."""
    until = visits["entered"].max()
    inside = np.clip(visits["left"], since, until) - np.clip(visits["entered"], since, until)
    return float(inside.sum() / (until - since))


@pytest.fixture(scope="module")
def single_servers():
    """Replications of M/M/1 at half load."""
    count = 15_000
    return [
        visits_of(exponentials([1, seed], 2.0, count), (exponentials([2, seed], 1.0, count), 1, inf))
        for seed in range(REPLICATIONS)
    ]


def test_single_server_waits(single_servers):
    """M/M/1 at load 1/2: the mean wait in queue is 1."""
    holds([waits(visits, 1000) for visits in single_servers], 1.0, within=0.1)


def test_single_server_mean_number(single_servers):
    """M/M/1 at load 1/2: 1 in the system on average."""
    holds([mean_number(visits, 2000.0) for visits in single_servers], 1.0, within=0.1)


def test_single_server_arrivals_see_time_averages(single_servers):
    """M/M/1 at load 1/2: an arrival sees 1/2 waiting, the time average."""
    seen = [float(visits["queue_length"][visits["packet"] >= 1000].mean()) for visits in single_servers]
    holds(seen, 0.5, within=0.1)


def test_single_server_utilisation(single_servers):
    """M/M/1 at load 1/2: the server is busy half the time."""
    busy = [float((visits["left"] - visits["started"]).sum() / visits["left"].max()) for visits in single_servers]
    holds(busy, 0.5, within=0.02)


def erlang_c_wait(load, servers):
    """Mean wait in queue of M/M/c with service of mean 1."""
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / factorial(k) for k in range(servers)) + top) / (servers - load)


@pytest.mark.parametrize(
    "doorway",
    [
        pytest.param(True, id="behind a station without work", marks=pytest.mark.slow),
        pytest.param(False, id="fed by the source"),
    ],
)
def test_several_servers_wait(doorway):
    """M/M/3 at load 0.7: the mean wait is Erlang's."""
    count, load = 12_000, 2.1
    samples = []
    for seed in range(REPLICATIONS):
        hall = (exponentials([4, seed], 1.0, count), 3, inf)
        stations = [([0.0] * count, 1, 0), hall] if doorway else [hall]
        visits = visits_of(exponentials([3, seed], 1.0 / load, count), *stations)
        samples.append(waits(visits[visits["station"] == len(stations) - 1], 1000))
    assert erlang_c_wait(0.5, 1) == pytest.approx(1.0, rel=1e-12, abs=0.0)
    holds(samples, erlang_c_wait(load, 3), within=0.15)


def test_constant_service_waits():
    """M/D/1 at load 0.6: half the wait of M/M/1 (Pollaczek and Khinchine)."""
    count, load = 15_000, 0.6
    samples = [
        waits(visits_of(exponentials([5, seed], 1.0 / load, count), ([1.0] * count, 1, inf)), 1000)
        for seed in range(REPLICATIONS)
    ]
    holds(samples, load / (2.0 * (1.0 - load)), within=0.1)


@pytest.mark.parametrize(
    ("stations", "throughput"),
    [
        pytest.param(2, 2.0 / 3.0, id="two stations"),
        pytest.param(3, 22.0 / 39.0, id="three stations", marks=pytest.mark.slow),
    ],
)
def test_saturated_line_without_room(stations, throughput):
    """Exponential servers of rate 1 in a line, never short of packets, nothing between: 2/3 and 22/39 (Hunt 1956)."""
    count, warm_up = 6000, 500
    samples = []
    for seed in range(REPLICATIONS):
        line = [(exponentials([6, stations, seed, number], 1.0, count), 1, 0) for number in range(stations)]
        line[0] = (line[0][0], 1, inf)  # all packets wait there from the start
        visits = visits_of([0.0] * count, *line)
        left = visits["left"][visits["station"] == stations - 1]
        samples.append(float((count - warm_up) / (left[-1] - left[warm_up - 1])))
    holds(samples, throughput, within=0.02)


def test_room_between_two_stations_adds_throughput():
    """Two stations with room for b between them: (b + 2) / (b + 3)."""
    count, warm_up, room = 6000, 500, 2
    samples = []
    for seed in range(REPLICATIONS):
        first, second = (exponentials([7, seed, number], 1.0, count) for number in range(2))
        visits = visits_of([0.0] * count, (first, 1, inf), (second, 1, room))
        left = visits["left"][visits["station"] == 1]
        samples.append(float((count - warm_up) / (left[-1] - left[warm_up - 1])))
    holds(samples, (room + 2.0) / (room + 3.0), within=0.02)


class Counting:
    """
    Stands before a station and keeps the area under its number of packets, from calls alone.

    It knows nothing of visits.
    """

    def __init__(self, station, before):
        self.station = station
        self.before = before
        self.number_here = 0
        self.touched = 0.0
        self.pieces = []

    def step(self, change, now):
        """Add the rectangle since the last change."""
        self.pieces.append(self.number_here * (now - self.touched))
        self.touched = now
        self.number_here += change

    def accept(self, packet, now):
        """Count the packet in here, and out of the station before."""
        taken = self.station.accept(packet, now)
        if taken:
            self.step(1, now)
            if self.before is not None:
                self.before.step(-1, now)
        return taken


def test_littles_law_of_every_station():
    """
    L = lambda W at each station of a line that blocks, with changing rates and a sink that is emptied.

    The area under N(t), kept while the line runs, is the sum of the stays that the visits give. Over a run that begins
    and ends empty that is Little's law: area over time is L, packets over time lambda, stays over packets W.
    """
    env, rows, count = Environment(), VisitLog(), 2000
    specs = [(1, inf), (2, 3), (1, 0), (3, 2)]
    line = [
        Station(env, number, exponentials([8, number], 0.8 * places, count), places=places, room=room, visits=rows)
        for number, (places, room) in enumerate(specs)
    ]

    class Tank:
        room = 40

        def accept(self, packet: Packet, now: float) -> bool:
            if self.room == 0:
                return False
            self.room -= 1
            counted[-1].step(-1, now)
            return True

    tank = Tank()

    def empty():
        tank.room = 40
        line[-1].unblock(env.now)

    do_at(env, [(45.0 * turn, empty) for turn in range(1, 120)])
    do_at(env, [(30.0 * turn, lambda turn=turn: line[2].retime([0.0, 1.0, 2.5][turn % 3])) for turn in range(1, 150)])
    source = Source(exponentials([9], 1.0, count))
    connect(source, *line, sink=tank)
    counted = []
    for station in line:
        counted.append(Counting(station, counted[-1] if counted else None))
    source.connect(Outside(counted[0]))
    for before, after in zip(line, counted[1:], strict=False):
        before.downstream = Outside(after)
    env.run()
    visits = as_columns(rows)
    end = visits["left"].max()
    assert len(visits) == 4 * count
    for number, each in enumerate(counted):
        here = visits[visits["station"] == number]
        area = fsum(each.pieces)
        assert area == pytest.approx(fsum(here["left"] - here["entered"]), rel=1e-12, abs=0.0)
        flow, stay = len(here) / end, fsum(here["left"] - here["entered"]) / len(here)
        assert area / end == pytest.approx(flow * stay, rel=1e-12, abs=0.0)
    blocked = visits["left"] > visits["finished"]
    assert all(blocked[visits["station"] == number].sum() > 50 for number in range(4))


def test_utilisation_law_of_every_station():
    """Utilisation is throughput times work: places serve exactly the work that was brought, at any rate."""
    env, count, rate = Environment(), 1500, 1.7
    works = [exponentials([10, number], 1.0, count) for number in range(3)]
    line = Line(
        env,
        {"service": works[0], "rate": rate},
        {"service": works[1], "rate": rate, "room": 2},
        {"service": works[2], "rate": rate, "places": 2},
        intervals=[0.5] * count,
    )
    env.run()
    visits = as_columns(line.rows)
    for number, work in enumerate(works):
        here = visits[visits["station"] == number]
        assert fsum(here["finished"] - here["started"]) == pytest.approx(fsum(work) / rate, rel=1e-12, abs=0.0)
        assert all(a <= b for a, b in pairwise(np.sort(here["left"])))
