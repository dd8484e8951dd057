"""
The kernel beside bare SimPy, on one line.

100,000 packets through four single-server stations with room for 10 packets before the second, third and fourth,
blocking after service, into a storage that holds 183 packets and is emptied every 180 units of time. Each case is
timed in the same round as 500,555 bare Timeouts; ratios are bare time over the time of the case, medians over the
rounds.

    python benchmarks/pipeline.py [--json] [--rounds 7] [--packets 100000] [--instructions]
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Generator
from itertools import repeat
from pathlib import Path
from re import search
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import simpy
from bare import bare_chains, resident_mb

from lactflow.pipeline import Environment, Packet, Source, Station, connect
from lactflow.recording.archive import Archive, RunRecorder
from lactflow.records import StationKey

PACKETS = 100_000
HOLDS, EMPTIED_EVERY = 183, 180.0
BARE_PER_PACKET = 5.00555
"""Bare events beside one packet: an arrival and four services, and the emptyings."""


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


def line(packets: int, recorder: RunRecorder | None) -> tuple[float, float]:
    """Seconds and makespan of one run, logged when there is a recorder."""
    work = np.random.default_rng(20240607).exponential(1.0, (PACKETS, 4)) * (0.9, 0.8, 0.85, 0.7)
    columns = [work[:packets, station].tolist() for station in range(4)]
    started = perf_counter()
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
    return perf_counter() - started, storage.makespan


def logged(packets: int) -> tuple[float, float]:
    """One run with a Parquet row a visit, in a directory that is removed afterwards."""
    folder = Path(tempfile.mkdtemp())
    try:
        archive = Archive.create(folder, "line", "format: 1\n", {}, {"command": ["benchmark"], "seed": 0})
        recorder = archive.writer(0, 0, visits=True)
        names = ("rer", "golgi", "vesicle_fusion", "droplet_growth")
        recorder.stations([StationKey("left", 0, "aqueous", name) for name in names])
        figures = line(packets, recorder)
        archive.finish("complete")
        return figures
    finally:
        shutil.rmtree(folder)


def measure(packets: int, rounds: int) -> dict[str, Any]:
    """Interleaved rounds: bare, unlogged, logged."""
    bare_events = round(BARE_PER_PACKET * packets)
    unlogged_ratios, logged_ratios, memory = [], [], []
    logged(min(packets, 10_000))  # libraries loaded, code specialised
    makespan = 0.0
    for _ in range(rounds):
        bare_s = bare_chains(bare_events)
        unlogged_s, makespan = line(packets, None)
        before_mb = resident_mb()
        logged_s, _ = logged(packets)
        memory.append(resident_mb() - before_mb)
        unlogged_ratios.append(bare_s / unlogged_s)
        logged_ratios.append(bare_s / logged_s)
    return {
        "ratio_unlogged": median(unlogged_ratios),
        "ratio_logged": median(logged_ratios),
        "ratio_unlogged_range": [min(unlogged_ratios), max(unlogged_ratios)],
        "ratio_logged_range": [min(logged_ratios), max(logged_ratios)],
        "memory_growth_mb": max(memory),
        "makespan": makespan,
        "rounds": rounds,
        "packets": packets,
    }


def instructions(packets: int) -> dict[str, float]:
    """The same ratios as instructions counted by callgrind, the start of the interpreter taken off."""

    def count(case: str, size: int) -> int:
        command = [
            "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
            sys.executable, __file__, "--case", case, "--packets", str(size),
        ]  # fmt: skip
        told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
        found = search(r"Collected : (\d+)", told)
        assert found is not None, told
        return int(found[1])

    small = packets // 10
    costs = {case: count(case, packets) - count(case, small) for case in ("bare", "unlogged", "logged")}
    return {
        "instructions_ratio_unlogged": costs["bare"] / costs["unlogged"],
        "instructions_ratio_logged": costs["bare"] / costs["logged"],
        "instructions_per_visit": costs["unlogged"] / (4 * (packets - small)),
    }


def main() -> None:
    """Read the options, measure, print."""
    parser = ArgumentParser(description=__doc__.splitlines()[1])  # type: ignore[union-attr]
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--packets", type=int, default=PACKETS)
    parser.add_argument("--instructions", action="store_true", help="count instructions with valgrind too")
    parser.add_argument("--case", choices=("bare", "unlogged", "logged"), help="play one case once, for a profiler")
    options = parser.parse_args()
    if options.case:
        cases = {
            "bare": lambda: bare_chains(round(BARE_PER_PACKET * options.packets)),
            "unlogged": lambda: line(options.packets, None),
            "logged": lambda: logged(options.packets),
        }
        cases[options.case]()
        return
    figures = measure(options.packets, options.rounds)
    if options.instructions:
        figures |= instructions(min(options.packets, 10_000)) if shutil.which("valgrind") else {}
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:28} {value}")


if __name__ == "__main__":
    main()
