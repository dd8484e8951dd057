"""
The whole gland beside bare SimPy, everything logged.

Simulated days of `every-three-hours` at the default resolution, all tables written to Parquet, between bare Timeouts in
the same process. `visits_per_s_over_bare_simpy` is visits logged a second over bare Timeouts a second, by the clock;
`visits_over_bare_simpy_by_cpu` the same by the CPU time of the thread that simulates.

    python benchmarks/gland.py [--json] [--rounds 5] [--days 10] [--memory-days 200] [--instructions] [--against COMMIT]
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bare import bare_chains, beside_bare, resident_mb
from callgrind import Stretches, counted
from rounds import Benchmark, Figures, Runner, main

SCENARIO = "every-three-hours"
COUNTED_SCENARIO = "pumping"
"""Of instructions: its let-downs are in its schedule, so that a model in which infants drink more is no dearer."""
COUNTED_DAYS, COUNTED_HOURS = 0.75, (2, 17)
"""Instructions are counted from the end of the second hour to that of the seventeenth."""
COUNTED_EVENTS = 20_000


def simulated(days: float, progress: Callable[[float, float], None] | None = None) -> dict[str, Any]:
    """One logged run: its visits, and the bytes of its tables."""
    from lactflow.config.scenario import load_scenario
    from lactflow.experiments.run import run_scenario

    with tempfile.TemporaryDirectory() as folder:
        run = run_scenario(load_scenario(SCENARIO, days=days), Path(folder), ["benchmark"], progress)
        size = sum(part.stat().st_size for part in run.path.glob("*/part-*.parquet"))
        return {"visits": int(run.manifest["rows"]["visits"]), "bytes": size}


def one_run(days: float) -> dict[str, Any]:
    """A run between bare events, after a short one in which everything is loaded."""
    simulated(min(days, 0.5))
    beside = beside_bare(lambda: simulated(days))
    return {
        **beside.result,
        **beside.cost._asdict(),
        "bare_us": beside.bare_us,
        "bare_thread_us": beside.bare_thread_us,
    }


def memory(memory_days: float) -> dict[str, Any]:
    """
    How much more memory is resident in the last third of a run than in the second [MB].

    Medians over the hours: buffers fill and are flushed all the time, and allocators keep what was freed for a while,
    so that single readings differ by 20 MB. The first third fills the buffers.
    """
    readings: list[float] = []
    simulated(memory_days, lambda _fraction, _time_min: readings.append(resident_mb()))
    third = len(readings) // 3
    return {"growth_mb": median(readings[-third:]) - median(readings[third:-third])}


def one_round(run: Runner, days: float, memory_days: float) -> Figures:
    """Figures of a run in a fresh process, and the growth of memory in another one."""
    found = run("one_run", days=days)
    figures = {
        "visits_per_s_over_bare_simpy": found["visits"] / found["wall_s"] * found["bare_us"] / 1e6,
        "visits_over_bare_simpy_by_cpu": found["visits"] / found["thread_s"] * found["bare_thread_us"] / 1e6,
        "wall_s_per_simulated_day": found["wall_s"] / days,
        "cpu_s_per_simulated_day": found["cpu_s"] / days,
        "thread_s_per_simulated_day": found["thread_s"] / days,
        "bare_event_us": found["bare_us"],
        "visits_per_simulated_day": found["visits"] / days,
        "log_mb_per_simulated_day": found["bytes"] / days / 1e6,
    }
    if memory_days:
        figures["memory_growth_mb"] = run("memory", memory_days=memory_days)["growth_mb"]
    return figures


def count() -> dict[str, Any]:
    """Stretches of bare events, and of hours of the gland with its visits recorded and not: under callgrind."""
    from lactflow.config.scenario import load_scenario
    from lactflow.records import MemoryRecorder
    from lactflow.simulation import simulate

    config = load_scenario(COUNTED_SCENARIO, days=COUNTED_DAYS).config
    bare_chains(COUNTED_EVENTS // 10)
    stretches = Stretches()
    stretches.of("bare", lambda: bare_chains(COUNTED_EVENTS))
    for name, visits in (("logged", True), ("unlogged", False)):

        def progress(time_min: float, name: str = name) -> None:
            hour = round((time_min / 60.0) % 24.0)
            if hour == COUNTED_HOURS[0]:
                stretches.begin()
            elif hour == COUNTED_HOURS[1]:
                stretches.end(name)

        simulate(config, MemoryRecorder(visits=visits), progress=progress)
    return {}


def visits_counted() -> dict[str, Any]:
    """How many packets leave a station in the hours that are counted."""
    import lactflow

    with tempfile.TemporaryDirectory() as folder:
        run = lactflow.run(COUNTED_SCENARIO, days=COUNTED_DAYS, out=folder)
        left_h = run["visits"]["left_min"] / 60.0 % 24.0
    return {"visits": int(((left_h > COUNTED_HOURS[0]) & (left_h <= COUNTED_HOURS[1])).sum())}


def instructions(run: Runner, **_sizes: float) -> Figures:
    """Instructions of a visit, recorded in memory and not, of a bare event in the same run, and their ratios."""
    visits = run("visits_counted")["visits"]
    counts, _ = counted(run, Path(__file__), "count")
    bare = counts["bare"] / COUNTED_EVENTS
    logged, unlogged = counts["logged"] / visits, counts["unlogged"] / visits
    return {
        "instructions_per_visit_logged": logged,
        "instructions_per_visit": unlogged,
        "instructions_per_bare_event": bare,
        "instructions_over_bare_logged": logged / bare,
        "instructions_over_bare": unlogged / bare,
        "visits_counted": visits,
    }


BENCHMARK = Benchmark(
    script=Path(__file__),
    about="The whole gland beside bare SimPy, everything logged.",
    children={"one_run": one_run, "memory": memory, "count": count, "visits_counted": visits_counted},
    one_round=one_round,
    instructions=instructions,
    sizes={"days": 10.0, "memory_days": 200.0},
    rounds=5,
    speeds=("visits_per_s_over_bare_simpy", "visits_over_bare_simpy_by_cpu"),
    costs=(
        "wall_s_per_simulated_day",
        "cpu_s_per_simulated_day",
        "thread_s_per_simulated_day",
        "instructions_per_visit_logged",
        "instructions_per_visit",
    ),
)

if __name__ == "__main__":
    main(BENCHMARK)
