"""
The whole gland beside bare SimPy, everything logged.

Simulated days of `every-three-hours` at the default resolution, all tables written to Parquet, beside bare Timeouts in
the same round. `visits_per_s_over_bare_simpy` is visits logged a second over bare Timeouts a second.

    python benchmarks/gland.py [--json] [--rounds 5] [--days 10] [--memory-days 60]
"""

from __future__ import annotations

import json
import shutil
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bare import bare_chains, resident_mb

from lactflow import simulation
from lactflow.config.scenario import load_scenario
from lactflow.experiments.run import run_scenario
from lactflow.pipeline import VISIT, Environment
from lactflow.records import MemoryRecorder

BARE_EVENTS = 300_000


def play(days: float) -> tuple[float, int, int]:
    """Wall seconds, visits, and bytes of one logged run."""
    folder = Path(tempfile.mkdtemp())
    try:
        started = perf_counter()
        run = run_scenario(load_scenario("every-three-hours", days=days), folder, ["benchmark"])
        wall_s = perf_counter() - started
        size = sum(part.stat().st_size for part in run.path.glob("*/part-*.parquet"))
        return wall_s, int(run.manifest["rows"]["visits"]), size
    finally:
        shutil.rmtree(folder)


def events_per_visit(days: float) -> float:
    """Entries put into the event queue, all told, over visits."""
    made: list[Environment] = []

    class Kept(Environment):
        def __init__(self, start: float) -> None:
            super().__init__(start)
            made.append(self)

    recorder = MemoryRecorder()
    simulation.Environment = Kept  # type: ignore[misc]
    try:
        simulation.simulate(load_scenario("every-three-hours", days=days).config, recorder)
    finally:
        simulation.Environment = Environment  # type: ignore[misc]
    assert recorder.visits is not None
    return next(made[0]._eid) / (len(recorder.visits) // VISIT.size)


def measure(days: float, rounds: int, memory_days: float) -> dict[str, Any]:
    """Interleaved rounds of bare events and logged runs; then memory from a short to a long run."""
    play(1.0)
    ratios, walls, bares, visits, size = [], [], [], 0, 0
    for _ in range(rounds):
        bare_us = bare_chains(BARE_EVENTS) / BARE_EVENTS * 1e6
        wall_s, visits, size = play(days)
        ratios.append(visits / wall_s * bare_us / 1e6)
        walls.append(wall_s / days)
        bares.append(bare_us)
    short_mb = resident_mb()
    play(memory_days)
    return {
        "visits_per_s_over_bare_simpy": median(ratios),
        "range": [min(ratios), max(ratios)],
        "wall_s_per_simulated_day": median(walls),
        "bare_event_us": median(bares),
        "visits_per_simulated_day": visits / days,
        "events_per_visit": events_per_visit(min(days, 3.0)),
        "log_mb_per_simulated_day": size / days / 1e6,
        "memory_growth_mb": resident_mb() - short_mb,
        "rounds": rounds,
    }


def main() -> None:
    """Read the options, measure, print."""
    parser = ArgumentParser(description=__doc__.splitlines()[1])  # type: ignore[union-attr]
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--days", type=float, default=10.0)
    parser.add_argument("--memory-days", type=float, default=60.0)
    options = parser.parse_args()
    figures = measure(options.days, options.rounds, options.memory_days)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:30} {value}")


if __name__ == "__main__":
    main()
