"""
What drugs, immune proteins and sugars cost: instructions of a run that has them, over those of the run that has none.

    python benchmarks/exposure_cost.py [--days 1] [--whole-days 2] [--rounds 5] [--cases none,drug]
        [--parts gland,run] [--write]

`every-three-hours` without visits, counted by callgrind in one process after another of the same build: a day of the
gland in memory, without its set-up (`gland`), and a whole run with its set-up and all its tables (`run`). Each case
adds something that changes nothing else: feeds, let-downs and packets are those of the run without, so that what is
counted beside is what the addition costs, with its rows. Most of a whole run of two days is the same however long it
is: its config is written and read as text, and each table is a file. One JSON object on stdout; the bars, for `gland`,
are those of claim A23, in `docs/background/criteria-applications.md`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from callgrind import Stretches, counted, why_not
from circumstances import circumstances
from rounds import Benchmark, Runner, Variant, main

RESULTS = Path(__file__).with_name("results") / "exposure_cost.json"
SCENARIO = "every-three-hours"
BEGUN_H = 2
"""Counting begins so many hours after the run does: the infant has fed, and all code has been loaded."""


def _taken(*names: str) -> dict[str, Any]:
    return {"drugs": [{"drug": name, "dose_mg": 100, "times": ["08:00", "20:00"]} for name in names]}


ADDED: Mapping[str, Mapping[str, Any]] = {
    "none": {"drugs": [], "analytes": []},
    "drug": _taken("paracetamol"),
    "five drugs": _taken("paracetamol", "ibuprofen", "caffeine", "sertraline", "lamotrigine"),
    "flux": {"analytes": ["siga"]},
    "five fluxes": {"analytes": ["siga", "lactoferrin", "lysozyme", "igm", "albumin"]},
    "hmo": {"analytes": ["hmo"]},
    "glucose": {"analytes": ["glucose"]},
}
BARS = {"none": 0.001, "drug": 0.04, "five drugs": 0.2, "flux": 0.005, "five fluxes": 0.025}
"""Largest share that each may cost; five may cost five times as much as one."""


def _settings(case: str) -> list[str]:
    return ["record.visits=false", *(f"{key}={json.dumps(value)}" for key, value in ADDED.get(case, {}).items())]


def whole(days: float, case: str) -> dict[str, Any]:
    """A run with a case and its tables, after a short one in which everything is loaded: under callgrind."""
    from lactflow.config.scenario import load_scenario
    from lactflow.experiments.run import run_scenario

    with tempfile.TemporaryDirectory() as folder:
        run_scenario(load_scenario(SCENARIO, _settings(case), days=BEGUN_H / 24.0), Path(folder), ["benchmark"])
        scenario = load_scenario(SCENARIO, _settings(case), days=days)
        Stretches().of("run", lambda: run_scenario(scenario, Path(folder), ["benchmark"]))
    return {}


def count(days: float, case: str) -> dict[str, Any]:
    """Some days of the gland with a case, after the first hours of the same: under callgrind."""
    from lactflow.config.scenario import load_scenario
    from lactflow.records import MemoryRecorder, Removal
    from lactflow.simulation import simulate

    settings = _settings(case)
    config = load_scenario(SCENARIO, settings, days=days + (BEGUN_H + 1) / 24.0).config
    simulate(load_scenario(SCENARIO, settings, days=BEGUN_H / 24.0).config, MemoryRecorder(visits=False))
    stretches, hours = Stretches(), [0]

    def progress(_time_min: float) -> None:
        hours[0] += 1
        if hours[0] == BEGUN_H:
            stretches.begin()
        elif hours[0] == BEGUN_H + round(24.0 * days):
            stretches.end("run")

    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder, progress=progress)
    removals = [fact for fact in recorder.facts if type(fact) is Removal]
    return {"facts": len(recorder.facts), "removals": repr(removals)}


def shares(run: Runner, child: str, days: float, cases: Sequence[str], rounds: int = 1) -> dict[str, Any]:
    """What each case costs over the run without, as a share of that: medians of counts with different hash seeds."""

    def count_of(case: str) -> float:
        counts = [counted(run, Path(__file__), child, hash_seed=seed, days=days, case=case) for seed in range(rounds)]
        return median(instructions["run"] for instructions, _ in counts)

    without = count_of("")
    found = {case: round(count_of(case) / without - 1.0, 5) for case in cases}
    return {"days": days, "rounds": rounds, "instructions_without": without, "cost": found}


def measured() -> None:
    """Measure, print, and keep."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=1.0, help="of the gland; the default is 1")
    parser.add_argument("--whole-days", type=float, default=2.0, help="of the whole run; the default is 2")
    parser.add_argument("--rounds", type=int, default=5, help="counts of each, of which the median is taken")
    parser.add_argument("--cases", default=",".join(ADDED))
    parser.add_argument("--parts", default="gland,run", help="what to count; with --write, the other part stays")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if reason := why_not():
        raise SystemExit(f"instructions cannot be counted: {reason}")
    runner, cases = Runner(Variant(None, None), Path(__file__)), given.cases.split(",")
    record = json.loads(RESULTS.read_text(encoding="utf-8")) if given.write and RESULTS.exists() else {}
    for part, child, days in (("gland", "count", given.days), ("run", "whole", given.whole_days)):
        if part in given.parts.split(","):
            record[part] = shares(runner, child, days, cases, given.rounds)
            record[part]["circumstances"] = circumstances(f"benchmarks/results/{RESULTS.name}")
            record[part]["build"] = runner.build
    record["bars"] = {case: bar for case, bar in BARS.items() if case in cases}
    text = json.dumps(record, indent=1)
    print(text)
    if given.write:
        RESULTS.write_text(text + "\n", encoding="utf-8")


BENCHMARK = Benchmark(
    script=Path(__file__),
    about="What drugs, immune proteins and sugars cost.",
    children={"count": count, "whole": whole},
    one_round=shares,
    sizes={},
    rounds=1,
)

if __name__ == "__main__":
    main(BENCHMARK) if sys.argv[1:2] == ["--child"] else measured()
