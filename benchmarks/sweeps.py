"""
The bookkeeping of large sweeps: plan, ledgers, files, one query, status, a cache; with units that cost nothing.

    python benchmarks/sweeps.py [--units 100000] [--write]

Units are made up, so that what is measured is what a sweep adds. `--real` simulates some tiny units as well, and says
what so many of them would take. One JSON object on stdout.
"""

from __future__ import annotations

import json
import resource
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path

from circumstances import circumstances

from lactflow.analysis.daily import MEASURES
from lactflow.experiments.sweep import work
from lactflow.experiments.sweep.close import close
from lactflow.experiments.sweep.estimate import estimate, written
from lactflow.experiments.sweep.plan import Plan
from lactflow.experiments.sweep.results import open_sweep
from lactflow.experiments.sweep.status import status
from lactflow.experiments.sweep.store import Ledgers
from lactflow.experiments.sweep.sweep import plan_sweep

RESULTS = Path(__file__).with_name("results") / "sweeps.json"
TINY = ["resolution={packet_ml: 0.5}", "gland.lobes_per_breast=1"]
KEYS = {"gland.lumen.capacity_ml": (100.0, 300.0), "endocrine.prolactin.term_ng_per_ml": (150.0, 250.0)}


class Clock:
    """Seconds of CPU and of the wall since it was made or read last."""

    def __init__(self) -> None:
        self._then = (time.process_time(), time.perf_counter())

    def read(self) -> dict[str, float]:
        """Both, and begin anew."""
        now = (time.process_time(), time.perf_counter())
        cpu_s, wall_s = (round(b - a, 3) for a, b in zip(self._then, now, strict=True))
        self._then = now
        return {"cpu_s": cpu_s, "wall_s": wall_s}


def peak_mb() -> float:
    """Most memory that this process has had [MB]."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0, 1)


def made_up(desk: work.Desk, units: range) -> None:
    """Results of units that nobody has simulated."""
    for unit in units:
        mother, replicate = desk.plan.address(unit)
        values = {"mother": mother, "replicate": replicate, "observed_days": 0.1}
        values |= {name: float(hash((unit, name)) % 1_000_003) / 1000.0 for name in MEASURES}
        desk._writer.add(desk.plan.keys[unit], values, {}, 0.0)
        if desk._writer.is_full:
            desk._writer.flush()
    desk._writer.flush()


def measured(units: int, folder: Path) -> dict[str, object]:
    """All of it, step by step."""
    found: dict[str, object] = {"units": units}
    clock = Clock()
    plan = plan_sweep("every-three-hours", sample=KEYS, n=units, design="random", settings=TINY, days=0.1)
    found["plan"] = clock.read() | {"peak_mb": peak_mb()}
    held = written(plan, folder, [], {})
    sweep = held.path
    del plan
    found["write_plan"] = clock.read()
    from lactflow.recording.folder import read_folder

    desk = work.Desk(sweep, folder / "cache", Plan(sweep, read_folder(sweep, "sweep")[0]))
    made_up(desk, range(units))
    held.finish("complete")
    found["results_written"] = clock.read() | {"peak_mb": peak_mb()}
    found["files"] = sum(path.is_file() for path in sweep.rglob("*"))
    clock.read()
    counts, _ = status(sweep)
    found["status"] = clock.read() | {"complete": counts.complete}
    opened = open_sweep(sweep)
    clock.read()
    mean = opened.dataset["rows"].to_table(columns=["made_ml_per_day"])["made_ml_per_day"].to_numpy().mean()
    found["query_dataset"] = clock.read() | {"mean": float(mean)}
    rows = len(opened.results)
    found["results_frame"] = clock.read() | {"rows": rows}
    counts_again = work.Desk(sweep, folder / "cache").work(range(units))
    found["asked_again"] = clock.read() | counts_again
    cached = Ledgers(folder / "cache")
    cached.refresh()
    found["cache_keys"] = len(cached.claimed())
    clock.read()
    found["close"] = close(sweep)._asdict() | clock.read()
    found["files_closed"] = sum(path.is_file() for path in sweep.rglob("*"))
    found["peak_mb"] = peak_mb()
    return found


def real(units: int) -> dict[str, object]:
    """What so many tiny units would take, by a few of them."""
    plan = plan_sweep("every-three-hours", vary=["seed=1,2,3,4,5,6,7,8"], settings=TINY, days=0.1)
    expected = estimate(plan, 2)
    each_s = expected.cpu_hours * 3600.0 / expected.units
    return {"cpu_s_each": round(each_s, 4), "cpu_hours": round(each_s * units / 3600.0, 2)}


def main() -> None:
    """Measure, print, and keep."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=100_000)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(given.units, Path(folder))
    if given.real:
        found["real_tiny_units"] = real(given.units)
    found["circumstances"] = circumstances()
    text = json.dumps(found, indent=1)
    print(text)
    if given.write:
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
