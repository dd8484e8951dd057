"""
The yardstick: SimPy's own event loop with nothing to do, and what work costs beside it.

    python benchmarks/bare.py          # one JSON object: microseconds of one bare event
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time, thread_time
from typing import Any, NamedTuple, TypeVar

import simpy

CHAINS = 5
EVENTS = 150_000
"""Bare events before a case, and as many after it."""

Result = TypeVar("Result")


class Cost(NamedTuple):
    """
    What some work has cost.

    Attributes
    ----------
    wall_s
        Time by the clock.
    cpu_s
        CPU time of all threads of the process.
    thread_s
        CPU time of the thread that did it: that of the simulation, without those that write tables.
    """

    wall_s: float
    cpu_s: float
    thread_s: float


def cost_of(work: Callable[[], Result]) -> tuple[Cost, Result]:
    """Do something; what it cost, and what it returned."""
    wall_s, cpu_s, thread_s = perf_counter(), process_time(), thread_time()
    result = work()
    return Cost(perf_counter() - wall_s, process_time() - cpu_s, thread_time() - thread_s), result


def bare_chains(events: int) -> Cost:
    """Cost of so many Timeouts in five chains, each rescheduled by its own callback."""
    env = simpy.Environment()

    def start(interval: float, count: int) -> None:
        left = count

        def again(_event: simpy.Event) -> None:
            nonlocal left
            left -= 1
            if left > 0:
                env.timeout(interval).callbacks.append(again)

        env.timeout(interval).callbacks.append(again)

    for chain in range(CHAINS):
        start(1.0 + 0.01 * chain, events // CHAINS)
    return cost_of(env.run)[0]


class Beside(NamedTuple):
    """
    Work between two rounds of bare events in the same process.

    Attributes
    ----------
    cost
        Of the work.
    result
        What it returned.
    bare_us
        One bare event by the clock [us].
    bare_thread_us
        One bare event by the CPU time of its thread [us].
    """

    cost: Cost
    result: Any
    bare_us: float
    bare_thread_us: float


def beside_bare(work: Callable[[], Any], events: int | None = None) -> Beside:
    """Do something between two rounds of `EVENTS` bare events, or so many; it is compared with their mean."""
    events = EVENTS if events is None else events
    before = bare_chains(events)
    cost, result = cost_of(work)
    after = bare_chains(events)
    wall_us = (before.wall_s + after.wall_s) / (2 * events) * 1e6
    return Beside(cost, result, wall_us, (before.thread_s + after.thread_s) / (2 * events) * 1e6)


def resident_mb() -> float:
    """Resident memory of this process [MB]; not a number where the system does not report it."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6
    except OSError:
        return float("nan")


if __name__ == "__main__":
    cost = bare_chains(2 * EVENTS)
    print(json.dumps({"bare_us": cost.wall_s / (2 * EVENTS) * 1e6, "bare_cpu_us": cost.cpu_s / (2 * EVENTS) * 1e6}))
