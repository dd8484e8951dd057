"""
What a shared past costs: k futures that part at three quarters of the run, against past + k x future.

    python benchmarks/branching.py [--days 8] [--rounds 5] [--write]

CPU seconds of this process and of those that it forks, in rounds that take turns; the cheapest of each counts. The
bound is what all futures cost from their beginning, less the past for each but the first. One JSON object on stdout.
"""

from __future__ import annotations

import gc
import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from circumstances import circumstances

from lactflow.config.scenario import Scenario, load_scenario
from lactflow.experiments.branching import BranchedUnits, do_branches
from lactflow.experiments.run import new_archive, units_of
from lactflow.experiments.sweep import work
from lactflow.experiments.sweep.estimate import written
from lactflow.experiments.sweep.sweep import plan_sweep
from lactflow.experiments.unit import UnitOfWork, run_unit

RESULTS = Path(__file__).with_name("results") / "branching.json"
HOURS = (2, 3, 4, 6)
START_DAY = 30.0


def settings(days: float, hours: float) -> list[str]:
    """Every three hours, and otherwise in the last quarter."""
    phases = [
        {"kind": "every", "hours": 3},
        {"kind": "every", "hours": hours, "from_day": START_DAY + 0.75 * days},
    ]
    return [f"schedule={json.dumps(phases)}", "record.visits=false", f"start_day={START_DAY}"]


def cost(function: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    gc.collect()
    before = work.cpu_s()
    function()
    return work.cpu_s() - before


def unit_in(scenario: Scenario, out: Path) -> UnitOfWork:
    """The unit of a scenario, in a run directory of its own."""
    return units_of(scenario, new_archive(scenario, out, "x").path)[0]


def in_directories(days: float, out: Path) -> dict[str, float]:
    """As `compare` and `branch` do it."""
    futures = [load_scenario("every-three-hours", settings(days, hours), days=days) for hours in HOURS]
    past = load_scenario("every-three-hours", settings(days, 3), days=0.75 * days)
    alone = [unit_in(each, out) for each in futures]
    together = BranchedUnits(tuple(unit_in(each, out) for each in futures))
    whole = cost(lambda: [run_unit(unit) for unit in alone])
    begun = unit_in(past, out)
    past_s = cost(lambda: run_unit(begun))
    order, shared = together.order(), together.shared
    return {"alone": whole, "past": past_s, "branched": cost(lambda: do_branches(order, shared, _no_progress))}


def in_a_sweep(days: float, out: Path) -> dict[str, float]:
    """As `sweep` does it, with `--record measures`."""
    vary = [f"schedule.1.hours={','.join(map(str, HOURS))}"]
    folders = []
    for length in (days, days, 0.75 * days):
        values = vary if length == days else ["schedule.1.hours=3"]
        plan = plan_sweep("every-three-hours", vary=values, settings=settings(days, 3), days=length)
        held = written(plan, out, [], {})
        held.finish("interrupted")
        folders.append(held.path)
    alone, together, begun = (work.Desk(folder) for folder in folders)
    units = range(len(HOURS))
    can_branch = work.can_branch
    work.can_branch = lambda: False
    whole = cost(lambda: alone.work(units))
    work.can_branch = can_branch
    past_s = cost(lambda: begun._simulate(0, begun.plan.keys[0], None))
    return {"alone": whole, "past": past_s, "branched": cost(lambda: together.work(units))}


def _no_progress(_share: float, _time_min: float) -> None:
    """Progress that is not shown."""


def judged(rounds: list[dict[str, float]]) -> dict[str, Any]:
    """The cheapest of each, and how they compare."""
    least = {name: min(each[name] for each in rounds) for name in rounds[0]}
    bound = least["alone"] - (len(HOURS) - 1) * least["past"]
    spent = {f"{name}_s": round(value, 3) for name, value in least.items()}
    return {**spent, "past_and_futures_s": round(bound, 3), "ratio": round(least["branched"] / bound, 4)}


def main() -> None:
    """Measure, print, and keep."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    kinds = {"compare": in_directories, "sweep": in_a_sweep}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in kinds}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.rounds + 1):
            for name, kind in kinds.items():
                spent = kind(given.days, Path(folder))
                if number:  # the first imports what the others only use
                    found[name].append(spent)
    record = {"futures": len(HOURS), "days": given.days, **{name: judged(each) for name, each in found.items()}}
    text = json.dumps({**record, "circumstances": circumstances(f"benchmarks/results/{RESULTS.name}")}, indent=1)
    print(text)
    if given.write:
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
