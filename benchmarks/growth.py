"""
Whether a visit costs the same in a long run: from 100,000 visits to ten million, and to a hundred million by `--long`.

Each run of `every-three-hours` is longer than the one before, everything logged, in a process of its own between bare
Timeouts. The longest has packets of 0.01 mL, because a run lasts no longer than 1000 days.

    python benchmarks/growth.py [--json] [--rounds 1] [--long] [--scale 1.0] [--against COMMIT]
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from bare import beside_bare, resident_mb
from rounds import Benchmark, Figures, Runner, main

SCENARIO = "every-three-hours"
STEPS = {"1e5": (3.4, 0.1), "1e6": (34.0, 0.1), "1e7": (340.0, 0.1)}
"""About so many visits: days, and millilitres of a packet."""
LONGEST = {"1e8": (340.0, 0.01)}


def one_run(days: float, packet_ml: float) -> dict[str, Any]:
    """Visits of one run, what one has cost, and what the process holds afterwards."""
    from lactflow.config.scenario import load_scenario
    from lactflow.experiments.run import run_scenario

    def simulated(length: float) -> tuple[int, int]:
        scenario = load_scenario(SCENARIO, [f"resolution.packet_ml={packet_ml}"], days=length)
        with tempfile.TemporaryDirectory() as folder:
            run = run_scenario(scenario, Path(folder), ["benchmark"])
            size = sum(part.stat().st_size for part in run.path.glob("visits/part-*.parquet"))
            return int(run.manifest["rows"]["visits"]), size

    simulated(min(days, 0.5))
    beside = beside_bare(lambda: simulated(days))
    visits, size = beside.result
    return {
        "visits": visits,
        "thread_us_per_visit": beside.cost.thread_s / visits * 1e6,
        "cpu_us_per_visit": beside.cost.cpu_s / visits * 1e6,
        "bare_events_per_visit": beside.cost.thread_s / visits * 1e6 / beside.bare_thread_us,
        "bytes_per_visit": size / visits,
        "resident_mb": resident_mb(),
    }


def one_round(run: Runner, long: bool, scale: float) -> Figures:
    """All lengths, each figure with its length behind its name."""
    figures: Figures = {}
    for name, (days, packet_ml) in (STEPS | (LONGEST if long else {})).items():
        found = run("one_run", days=days * scale, packet_ml=packet_ml)
        figures |= {f"{figure}_at_{name}": value for figure, value in found.items() if figure != "process"}
    first, last = min(STEPS), max(STEPS)
    of = "bare_events_per_visit_at_"
    return {"growth_of_cost": figures[f"{of}{last}"] / figures[f"{of}{first}"], **figures}


BENCHMARK = Benchmark(
    script=Path(__file__),
    about="Whether a visit costs the same in a long run.",
    children={"one_run": one_run},
    one_round=one_round,
    sizes={"long": False, "scale": 1.0},
    rounds=1,
    costs=[f"thread_us_per_visit_at_{name}" for name in STEPS | LONGEST],
)

if __name__ == "__main__":
    main(BENCHMARK)
