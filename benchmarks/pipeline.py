"""
The kernel beside bare SimPy, on one line.

100,000 packets through four single-server stations with room for 10 packets before the second, third and fourth,
blocking after service, into a storage that holds 183 packets and is emptied every 180 units of time. Each case runs
between bare Timeouts in a process of its own; ratios are the time of 500,555 bare Timeouts over that of the case, by
the clock and, as `..._by_cpu`, by the CPU time of the thread that simulates.

    python benchmarks/pipeline.py [--json] [--rounds 7] [--packets 100000] [--instructions] [--against COMMIT]
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator
from contextlib import nullcontext
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bare import bare_chains, beside_bare, resident_mb
from callgrind import Stretches, counted
from rounds import Benchmark, Figures, Runner, main

if TYPE_CHECKING:
    import simpy

    from lactflow.pipeline import Packet
    from lactflow.recording.archive import RunRecorder

PACKETS = 100_000
HOLDS, EMPTIED_EVERY = 183, 180.0
BARE_PER_PACKET = 5.00555
"""Bare events beside one packet: an arrival and four services, and the emptyings."""
COUNTED_PACKETS = 10_000
"""Most packets whose instructions are counted."""


class Storage:
    """Takes packets until it is full; emptied by a process of its own."""

    def __init__(self, env: simpy.Environment, expected: int) -> None:
        self.last = env.event()
        self.makespan = 0.0
        self._content = self._stored = 0
        self._expected = expected

    def accept(self, packet: Packet, now: float) -> bool:
        """Store the packet if there is room."""
        del packet
        if self._content >= HOLDS:
            return False
        self._content += 1
        self._stored += 1
        if self._stored == self._expected:
            self.makespan = now
            self.last.succeed()
        return True

    def empty(self) -> None:
        """Take everything out."""
        self._content = 0


def line(packets: int, recorder: RunRecorder | None = None) -> float:
    """Makespan of one run, logged when there is a recorder."""
    import numpy as np

    from lactflow.pipeline import Environment, Source, Station, connect

    work = np.random.default_rng(20240607).exponential(1.0, (PACKETS, 4)) * (0.9, 0.8, 0.85, 0.7)
    columns = [work[:packets, station].tolist() for station in range(4)]
    env = Environment()
    visits = None if recorder is None else recorder.visits
    stations = [
        Station(env, number, column, room=10 if number else float("inf"), visits=visits)
        for number, column in enumerate(columns)
    ]
    storage = Storage(env, packets)
    connect(Source(repeat(1.0, packets)), *stations, sink=storage)

    def keep_emptying() -> Generator[simpy.Event, Any, None]:
        while True:
            yield env.timeout(EMPTIED_EVERY)
            storage.empty()
            stations[-1].unblock(env.now)
            if recorder is not None:
                recorder.instant_over(env.now)

    env.process(keep_emptying())
    env.run(until=storage.last)
    if recorder is not None:
        recorder.close(env.now)
    return storage.makespan


def logged(packets: int) -> float:
    """Makespan of one run with a Parquet row a visit, in a directory that is removed afterwards."""
    from lactflow.recording.archive import Archive
    from lactflow.records import StationKey

    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.create(Path(folder), "line", "format: 1\n", {}, {"command": ["benchmark"], "seed": 0})
        names = ("rer", "golgi", "vesicle_fusion", "droplet_growth")
        recorder = archive.writer(0, 0, visits=True)
        with recorder if hasattr(recorder, "__enter__") else nullcontext():  # that of an older commit is none
            recorder.stations([StationKey("left", 0, "aqueous", name) for name in names])
            makespan = line(packets, recorder)
        archive.finish("complete")
        return makespan


CASES: dict[str, Callable[[int], float]] = {"unlogged": line, "logged": logged}


def one_case(case: str, packets: int) -> dict[str, Any]:
    """One case between bare events, after a small one that loads libraries."""
    CASES[case](min(packets, COUNTED_PACKETS))
    before_mb = resident_mb()
    beside = beside_bare(lambda: CASES[case](packets), max(1, round(BARE_PER_PACKET * packets / 2)))
    bare_events = BARE_PER_PACKET * packets / 1e6
    return {
        "ratio": bare_events * beside.bare_us / beside.cost.wall_s,
        "ratio_by_cpu": bare_events * beside.bare_thread_us / beside.cost.thread_s,
        "memory_growth_mb": resident_mb() - before_mb,
        "makespan": beside.result,
    }


def one_round(run: Runner, packets: int) -> Figures:
    """Both cases, each in a fresh process."""
    found = {case: run("one_case", case=case, packets=packets) for case in CASES}
    return {
        **{f"ratio_{case}": found[case]["ratio"] for case in CASES},
        **{f"ratio_{case}_by_cpu": found[case]["ratio_by_cpu"] for case in CASES},
        "memory_growth_mb": found["logged"]["memory_growth_mb"],
        "makespan": found["unlogged"]["makespan"],
    }


def count(packets: int) -> dict[str, Any]:
    """Stretches of bare events and of both cases, each after a small one that is not counted: under callgrind."""

    def bare(packets: int) -> object:
        return bare_chains(round(BARE_PER_PACKET * packets))

    cases: dict[str, Callable[[int], object]] = {"bare": bare, **CASES}
    for case in cases.values():
        case(max(1, packets // 10))
    stretches = Stretches()
    for name, case in cases.items():
        stretches.of(name, partial(case, packets))
    return {}


def instructions(run: Runner, packets: int) -> Figures:
    """The same ratios as instructions, and instructions of a visit."""
    packets = min(packets, COUNTED_PACKETS)
    counts, _ = counted(run, Path(__file__), "count", packets=packets)
    return {
        "instructions_ratio_unlogged": counts["bare"] / counts["unlogged"],
        "instructions_ratio_logged": counts["bare"] / counts["logged"],
        "instructions_per_visit": counts["unlogged"] / (4 * packets),
    }


BENCHMARK = Benchmark(
    script=Path(__file__),
    about="The kernel beside bare SimPy, on one line.",
    children={"one_case": one_case, "count": count},
    one_round=one_round,
    instructions=instructions,
    sizes={"packets": PACKETS},
    rounds=7,
    speeds=(
        "ratio_unlogged",
        "ratio_logged",
        "ratio_unlogged_by_cpu",
        "ratio_logged_by_cpu",
        "instructions_ratio_unlogged",
        "instructions_ratio_logged",
    ),
    costs=("instructions_per_visit",),
)

if __name__ == "__main__":
    main(BENCHMARK)
