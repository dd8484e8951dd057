"""The line on which other engines were measured: the same last packet at the same time, to the last bit."""

from __future__ import annotations

from itertools import repeat
from math import inf

import numpy as np
import pytest
import simpy

from lactflow.pipeline import Environment, Source, Station, VisitLog, connect

SCALES = (0.9, 0.8, 0.85, 0.7)
HOLDS, EMPTIED_EVERY = 183, 180.0


@pytest.fixture(scope="module")
def works():
    """Service times of 100,000 packets at four stations."""
    return np.random.default_rng(20240607).exponential(1.0, (100_000, 4)) * SCALES


class Storage:
    """Holds 183 packets."""

    def __init__(self, env, expected):
        self.last = env.event()
        self.content = self.stored = 0
        self.expected = expected

    def accept(self, packet, now):
        """Store the packet if there is room."""
        if self.content >= HOLDS:
            return False
        self.content += 1
        self.stored += 1
        if self.stored == self.expected:
            self.last.succeed(now)
        return True


def last_stored(env, works, packets):
    """Time of the last packet, and the packed visits."""
    rows = VisitLog()
    stations = [
        Station(env, number, works[:packets, number].tolist(), room=10 if number else inf, visits=rows)
        for number in range(4)
    ]
    storage = Storage(env, packets)
    connect(Source(repeat(1.0, packets)), *stations, sink=storage)

    def keep_emptying():
        while True:
            yield env.timeout(EMPTIED_EVERY)
            storage.content = 0
            stations[-1].unblock(env.now)

    env.process(keep_emptying())
    return env.run(until=storage.last), rows


def test_ten_thousand_packets_on_both_environments(works):
    """The known time of the last packet, four visits a packet, and the same bytes on SimPy's own loop."""
    makespan, rows = last_stored(Environment(), works, 10_000)
    assert makespan == 10012.676708773815
    assert len(rows) == 4 * 10_000
    stock_makespan, stock_rows = last_stored(simpy.Environment(), works, 10_000)
    assert stock_makespan == makespan
    assert bytes(stock_rows) == bytes(rows)


@pytest.mark.slow
def test_hundred_thousand_packets(works):
    """The known time of the last of 100,000 packets."""
    makespan, rows = last_stored(Environment(), works, 100_000)
    assert makespan == 100011.66358106259
    assert len(rows) == 4 * 100_000
