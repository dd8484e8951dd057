"""
How much faster several workers are: 40 replicates of a scenario, by one and by several, in turn.

    python benchmarks/workers.py [--json] [--rounds 3] [--days 10] [--workers 2] [--replicates 40] [--against COMMIT]

`speed_up` is seconds of one worker over seconds of several, by the clock; `cpu_over_one` is what all processes of
several workers need over what one needs, in CPU seconds: it says the same on a machine that does other work.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from rounds import Benchmark, Figures, Runner, main

SCENARIO = "every-three-hours"
WARM_DAYS = 0.05
"""Of a run before the clock starts, which imports what the other one needs."""


def replicated(workers: int, days: float, replicates: int) -> dict[str, Any]:
    """Time of all replicates by the clock, once everything is imported: by workers, if there are several, too."""
    from bare import cost_of

    import lactflow

    with tempfile.TemporaryDirectory() as folder:

        def work(days: float, replicates: int) -> object:
            return lactflow.run(
                SCENARIO,
                settings="record.visits=false",
                days=days,
                replicates=replicates,
                workers=workers,
                out=folder,
            )

        work(WARM_DAYS, workers)
        return {"wall_s": cost_of(lambda: work(days, replicates))[0].wall_s}


def one_round(run: Runner, days: float, replicates: int, workers: int) -> Figures:
    """One worker, then several."""
    one, several = (run("replicated", workers=number, days=days, replicates=replicates) for number in (1, workers))
    return {
        "speed_up": one["wall_s"] / several["wall_s"],
        "cpu_over_one": several["process"]["cpu_s"] / one["process"]["cpu_s"],
        "wall_s": several["wall_s"],
        "cpu_s": several["process"]["cpu_s"],
    }


BENCHMARK = Benchmark(
    script=Path(__file__),
    about="How much faster several workers are than one.",
    children={"replicated": replicated},
    one_round=one_round,
    sizes={"days": 10.0, "replicates": 40, "workers": 2},
    rounds=3,
    speeds=("speed_up",),
    costs=("cpu_over_one", "wall_s", "cpu_s"),
)

if __name__ == "__main__":
    main(BENCHMARK)
