"""
What a sweep adds to its units, and what Dask adds to that.

    python benchmarks/engines.py [--json] [--rounds 5] [--units 24] [--days 30] [--against COMMIT]

`overhead` is CPU time of a chunk of units with `--record measures` over that of the same units simulated in memory,
each with its config and its set-up, less one. `dask_over_crew` is seconds of a local cluster of Dask over those of the
crew, both of two workers and by the clock, over the whole sweep; `..._of_units` is the same without the time that a
sweep of one unit takes, which is mostly the start of the workers.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from rounds import Benchmark, Figures, Runner, main

SCENARIO = "every-three-hours"
SAMPLE = ("gland.lumen.capacity_ml=150:250",)


def simulated(units: int, days: float) -> dict[str, Any]:
    """CPU time of the units themselves, and of the same units as a chunk of a sweep."""
    from bare import cost_of

    from lactflow.analysis.tally import TALLIED
    from lactflow.config.additions import additions_of
    from lactflow.experiments.memory import simulated_in_memory
    from lactflow.experiments.sweep.plan import Plan
    from lactflow.experiments.sweep.sweep import plan_sweep
    from lactflow.experiments.sweep.work import Desk
    from lactflow.recording.folder import read_folder

    with tempfile.TemporaryDirectory() as folder:
        held = _planned(plan_sweep(SCENARIO, sample=SAMPLE, n=units + 1, days=days), Path(folder))
        plan = Plan(held.path, read_folder(held.path, "sweep")[0])

        def alone(numbers: range) -> None:
            for unit in numbers:
                config, base = plan.config(unit)
                record = config.record.model_copy(update={"visits": False})
                cohort = config.model_copy(update={"record": record})
                simulated_in_memory(
                    cohort, base.scenario.logs, *plan.address(unit), tables=set(TALLIED), additions=additions_of(config)
                )

        alone(range(units, units + 1))
        Desk(held.path, None, plan).work(range(units, units + 1))
        both: dict[str, list[float]] = {"alone": [], "chunk": []}
        half = units // 2
        for numbers in (range(half), range(half, units)):
            desk = Desk(held.path, None, plan)
            chunk = cost_of(lambda numbers=numbers, desk=desk: desk.work(numbers))[0]
            both["alone"].append(cost_of(lambda numbers=numbers: alone(numbers))[0].cpu_s)
            both["chunk"].append(chunk.cpu_s)
        held.finish("complete")
    return {name: sum(each) for name, each in both.items()}


def _planned(plan: Any, out: Path) -> Any:
    from lactflow.experiments.sweep.estimate import written

    return written(plan, out, [], {})


def swept(units: int, days: float, executor: str) -> dict[str, Any]:
    """Seconds of a whole sweep by the clock, once lactflow is imported."""
    from bare import cost_of

    import lactflow

    sweep = lactflow.sweep
    with tempfile.TemporaryDirectory() as folder:
        cost, found = cost_of(
            lambda: sweep(SCENARIO, sample=SAMPLE, n=units, days=days, executor=executor, workers=2, out=folder)
        )
        assert found.counts.complete == units
    return {"wall_s": cost.wall_s}


def one_round(run: Runner, units: int, days: float) -> Figures:
    """Units alone and as a chunk; then a sweep by the crew and by Dask, of all units and of one."""
    own = run("simulated", units=units, days=days)
    sweeps = {
        (executor, number): run("swept", units=number, days=days, executor=executor)["wall_s"]
        for executor in ("local", "dask")
        for number in (1, units)
    }
    crew, dask = (sweeps[executor, units] - sweeps[executor, 1] for executor in ("local", "dask"))
    return {
        "overhead": own["chunk"] / own["alone"] - 1.0,
        "dask_over_crew": sweeps["dask", units] / sweeps["local", units],
        "dask_over_crew_of_units": dask / crew,
        "crew_s": sweeps["local", units],
        "dask_s": sweeps["dask", units],
        "crew_one_unit_s": sweeps["local", 1],
        "dask_one_unit_s": sweeps["dask", 1],
        "cpu_s_of_a_unit": own["alone"] / units,
    }


BENCHMARK = Benchmark(
    script=Path(__file__),
    about="What a sweep adds to its units, and what Dask adds to that.",
    children={"simulated": simulated, "swept": swept},
    one_round=one_round,
    sizes={"units": 24, "days": 30.0},
    rounds=5,
    costs=("overhead", "dask_over_crew"),
)

if __name__ == "__main__":
    main(BENCHMARK)
