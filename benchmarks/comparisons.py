"""
Large comparisons: what is left to do when the last unit has ended, how many files there are, and who needs how much.

    python benchmarks/comparisons.py [--scenarios 12] [--mothers 200] [--days 0.5] [--write]

Units are real and tiny, so that everything beside their simulation has as little time as it can ever have. One JSON
object on stdout; seconds are of the wall and of the CPU of the process that was called.
"""

from __future__ import annotations

import json
import resource
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from circumstances import circumstances

from lactflow.experiments import comparing
from lactflow.experiments.compare import compare
from lactflow.experiments.compared import loaded
from lactflow.recording.verify import verify

RESULTS = Path(__file__).with_name("results") / "comparisons.json"
TINY = ["resolution={packet_ml: 0.5}", "gland.lobes_per_breast=1", "record.visits=false"]


class Clock:
    """Seconds of the wall and of CPU, by what they were spent on."""

    def __init__(self) -> None:
        self.spent: dict[str, dict[str, float]] = {}

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, whose time is added up."""

        def timing(*args: Any, **named: Any) -> Any:
            wall_s, cpu_s = time.perf_counter(), time.process_time()
            try:
                return function(*args, **named)
            finally:
                spent = self.spent.setdefault(name, {"wall_s": 0.0, "cpu_s": 0.0})
                spent["wall_s"] = round(spent["wall_s"] + time.perf_counter() - wall_s, 3)
                spent["cpu_s"] = round(spent["cpu_s"] + time.process_time() - cpu_s, 3)

        return timing


def measured(scenarios: int, mothers: int, days: float, out: Path) -> dict[str, Any]:
    """One comparison, and what its folder takes."""
    hours = ",".join(str(2.0 + number / 4.0) for number in range(scenarios))
    settings = [*TINY, f"mother.cohort={mothers}"]
    chosen = loaded(["every-three-hours"], settings, None, f"schedule.0.hours={hours}", None, days=days)
    clock, begun_s = Clock(), time.perf_counter()
    phases: list[tuple[str, float]] = []
    shown: list[tuple[float, float]] = []
    for name in ("_subjects", "_close_runs"):
        setattr(comparing.Comparing, name, clock.timed(name.strip("_"), getattr(comparing.Comparing, name)))
    comparing.differences = clock.timed("differences", comparing.differences)
    comparison = compare(
        chosen,
        out=out,
        progress=lambda share, _min: shown.append((time.perf_counter(), share)),
        phase=lambda name: phases.append((name, time.perf_counter())),
    )
    ended_s = time.perf_counter()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    last_s = next(when for when, share in shown if share >= 1.0)
    files = {run.name: sum(path.is_file() for path in run.rglob("*")) for run in (comparison.path / "runs").iterdir()}
    later = [last_s, *(when for when, _ in shown if when > last_s), ended_s]
    found: dict[str, Any] = {
        "scenarios": scenarios,
        "mothers": mothers,
        "days": days,
        "units": scenarios * mothers,
        "simulated_s": round(last_s - begun_s, 2),
        "after_the_last_unit_s": round(ended_s - last_s, 2),
        "of_which": clock.spent,
        "longest_without_progress_s": round(max(b - a for a, b in pairwise(later)), 2),
        "files_of_a_scenario": max(files.values()),
        "files_in_all": sum(path.is_file() for path in comparison.path.rglob("*")),
        "parent_peak_mb": round(peak_mb, 1),
        "parent_cpu_s": round(time.process_time(), 2),
    }
    draw = Clock()
    draw.timed("figure", comparison.write_figure)()
    found["verify"] = draw.timed("verify", verify)(comparison.path).problems
    return {**found, "later": draw.spent}


def main() -> None:
    """Measure, print, and keep."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", type=int, default=12)
    parser.add_argument("--mothers", type=int, default=200)
    parser.add_argument("--days", type=float, default=0.5)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(given.scenarios, given.mothers, given.days, Path(folder))
    found["circumstances"] = circumstances(f"benchmarks/results/{RESULTS.name}")
    text = json.dumps(found, indent=1)
    print(text)
    if given.write:
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
