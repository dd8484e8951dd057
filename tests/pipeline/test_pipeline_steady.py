"""A line that is filled as a constant flow would have filled it."""

from __future__ import annotations

from itertools import chain, pairwise, repeat

from hypothesis import given, settings
from hypothesis import strategies as st
from toy_lines import as_columns

from lactflow.pipeline import Environment, Source, Station, VisitLog, connect, unpack
from lactflow.pipeline.steady import fill_steadily


class Out:
    """Notes when each packet comes."""

    def __init__(self):
        self.came = []

    def accept(self, packet, now):
        """Take it."""
        self.came.append((packet.number, now))
        return True


def filled(dwell, flow, phase, *, now=0.0, packets=200, rates=None, rows=None):
    """A line that has been running at this flow, its sink, and the number of packets put in."""
    env = Environment(initial_time=now)
    rates = [1.0] * len(dwell) if rates is None else rates
    stations = [
        Station(env, number, repeat(work), places=int(flow * work / rate) + 2, rate=rate, visits=rows)
        for number, (work, rate) in enumerate(zip(dwell, rates, strict=True))
    ]
    put_in = fill_steadily(stations, dwell, flow, phase, now)
    source = Source(chain((1.0 - phase,), repeat(1.0, packets - 1)), rate=flow, now=now, first_number=put_in)
    out = Out()
    connect(source, *stations, sink=out)
    return env, stations, out, put_in


def test_by_hand():
    """Flow 1, dwells of 2.5 and 1.5, half an interval after the last entry: two packets in one, two in the other."""
    rows = VisitLog()
    env, stations, out, put_in = filled((2.5, 1.5), 1.0, 0.5, now=10.0, packets=2, rows=rows)
    # Entered the line 0.5, 1.5 (in the first still), 2.5 and 3.5 ago (in the second since 0 and 1).
    assert put_in == 4
    assert [[packet.entered for packet in station.packets()] for station in stations] == [[8.5, 9.5], [9.0, 10.0]]
    assert [[packet.number for packet in station.packets()] for station in stations] == [[2, 3], [0, 1]]
    env.run()
    assert out.came == [(0, 10.5), (1, 11.5), (2, 12.5), (3, 13.5), (4, 14.5), (5, 15.5)]
    assert (0, 2, 0, 8.5, 8.5, 11, 11) in unpack(rows)
    assert (1, 0, 0, 9, 9, 10.5, 10.5) in unpack(rows)


@settings(max_examples=60, derandomize=True)
@given(
    dwell=st.lists(st.floats(0.1, 40.0), min_size=1, max_size=4),
    rates=st.lists(st.floats(0.3, 3.0), min_size=4, max_size=4),
    flow=st.floats(0.2, 5.0),
    phase=st.floats(0.0, 0.99),
    now=st.sampled_from([0.0, 1234.5]),
)
def test_no_transient(dwell, rates, flow, phase, now):
    """From the first instant packets leave at the intervals of the flow, each as long after its entry as all others."""
    rates = rates[: len(dwell)]
    rows = VisitLog()
    env, _, out, put_in = filled(dwell, flow, phase, now=now, rates=rates, rows=rows)
    env.run()
    assert [number for number, _ in out.came] == list(range(put_in + 200))
    times = [now, *(time for _, time in out.came)]
    intervals = [after - before for before, after in pairwise(times)]
    assert max(abs(interval - 1.0 / flow) for interval in intervals[1:]) <= 1e-9
    assert -1e-9 <= intervals[0] <= 1.0 / flow + 1e-9
    visits = as_columns(rows)
    for number, (work, rate) in enumerate(zip(dwell, rates, strict=True)):
        here = visits[visits["station"] == number]
        assert abs(here["left"] - here["entered"] - work / rate).max() <= 1e-9


def test_takes_no_more_than_the_places():
    """A station too small for the flow is filled to its places, and the line still runs."""
    env = Environment()
    stations = [Station(env, 0, repeat(10.0), places=3), Station(env, 1, repeat(1.0), places=5)]
    put_in = fill_steadily(stations, (10.0, 1.0), 1.0, 0.25, 0.0)
    assert (stations[0].length, stations[0].free, stations[0].occupied) == (3, 0, 1.0)
    assert put_in == sum(station.length for station in stations)
    out = Out()
    connect(None, *stations, sink=out)
    env.run()
    assert [number for number, _ in out.came] == list(range(put_in))


def test_no_flow_leaves_the_line_empty():
    """Without flow there is nothing to put in."""
    env = Environment()
    stations = [Station(env, 0, repeat(1.0), places=3)]
    assert fill_steadily(stations, (1.0,), 0.0, 0.5, 0.0) == 0
    assert (stations[0].length, stations[0].free) == (0, 3)
