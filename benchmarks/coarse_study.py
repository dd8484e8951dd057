"""
Whether `compare`, `fit` and cohorts may choose a coarse resolution by themselves: until this says so, none does.

Paired replicates, with the same random numbers at a coarse level and at the default: every published target that is
judged, every claim, and every measure of shipped scenarios, times of onset and of involution and hours of unfolded
protein response among them. For each, the mean difference with its 95 % interval is compared with the tolerance of
`coarse_criteria.py`: "within" when the interval lies in it, "beyond" when it lies outside, else "open", which takes
more replicates. A target whose verdict moves is "beyond" whatever its difference.

    python benchmarks/coarse_study.py [--replicates 10] [--level coarse] [--only targets|claims|measures]
                                      [--cache outputs] [--json benchmarks/results/coarse-study.json]

What is done is kept in the cache folder, replicate by replicate, so that a second call goes on where the first was
stopped, or with more replicates. Ten replicates of all take about two hours of one idle core.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from math import isfinite, nan
from pathlib import Path
from typing import Any

from coarse_criteria import TARGET_BAND_SHARE, TARGET_SHARE, TOLERANCES
from coarse_runs import Wanted, all_of, commit

from lactflow.analysis.intervals import mean_interval
from lactflow.parameters.resolution import LEVELS
from lactflow.validation.claim import Claim
from lactflow.validation.judge import CLAIMS
from lactflow.validation.observables import OBSERVABLES
from lactflow.validation.runs import RUNS
from lactflow.validation.simulated import Config, Simulated, key_of, merged, simulated_all
from lactflow.validation.targets import load_targets

SCENARIOS = (
    "every-three-hours",
    "on-demand",
    "pumping",
    "clustered",
    "first-week",
    "one-breast-sealed",
    "abrupt-weaning",
    "gradual-weaning",
    "pregnancy-to-weaning",
)
"""Whose measures are compared: onset in the first week, involution in the sealed breast and after weaning."""
OTHER_SEEDS = 1000
"""Added to the seeds of a validation for each replicate after the first."""
RESULTS = Path(__file__).with_name("results") / "coarse-study.json"

Row = dict[str, Any]


def at(config: Config, level: str, replicate: int) -> Config:
    """A configuration of the validation at a level and with the seed of a replicate; its own resolution comes first."""
    cut = {
        "gland": {"lobes_per_breast": LEVELS[level].lobes},
        "resolution": {"packet_ml": LEVELS[level].packet_ml},
    }
    return merged(cut, config, {"seed": int(config.get("seed", 1)) + OTHER_SEEDS * replicate})


def kept(cache: Path, replicates: int, level: str, find: Callable[[str, int], dict[str, float]]) -> list[list[Row]]:
    """
    What is found at the level and at the default, replicate by replicate; a line of the cache for each.

    Parameters
    ----------
    cache
        File; made or added to.
    replicates, level
        How many, and which beside the default.
    find
        Values by name, at a level and for a replicate.
    """
    cache.parent.mkdir(parents=True, exist_ok=True)
    lines = cache.read_text(encoding="utf-8").splitlines() if cache.exists() else []
    known = {(row["level"], row["replicate"]): row["found"] for row in map(_row, lines) if row}
    with cache.open("a", encoding="utf-8") as stream:
        for replicate in range(replicates):
            for each in (level, "default"):
                if (each, replicate) in known:
                    continue
                known[each, replicate] = find(each, replicate)
                row = {"level": each, "replicate": replicate, "found": known[each, replicate]}
                stream.write(json.dumps(row) + "\n")
                stream.flush()
                print(f"{cache.name}: {each}, replicate {replicate}", flush=True)
    return [[known[each, replicate] for replicate in range(replicates)] for each in (level, "default")]


def _row(line: str) -> Row:
    """A line of a cache; nothing where the call before was stopped within it."""
    try:
        found: Row = json.loads(line)
    except ValueError:
        return {}
    return found


def targets_of(workers: int, names: Iterable[str] = RUNS) -> Callable[[str, int], dict[str, float]]:
    """What every target finds, from runs of its own at a level and for a replicate."""
    wanted = list(names)

    def find(level: str, replicate: int) -> dict[str, float]:
        configs = {name: at(RUNS[name], level, replicate) for name in wanted}
        simulated = simulated_all(list(configs.values()), workers)
        runs = {name: simulated[key_of(config)] for name, config in configs.items()}
        return {id_: _value(observe, runs) for id_, observe in OBSERVABLES.items()}

    return find


def _value(observe: Callable[[dict[str, Simulated]], float], runs: dict[str, Simulated]) -> float:
    """NaN where a run is missing, as in a trial of few runs, or there is nothing to compute it from."""
    try:
        return float(observe(runs))
    except (ArithmeticError, IndexError, KeyError, ValueError):
        return nan


def _holds(claim: Claim, runs: dict[str, Simulated]) -> bool:
    """Nothing to judge is not to hold, as in a validation."""
    return _value(lambda runs: float(claim.judge(runs).holds), runs) == 1.0


def claims_of(workers: int, ids: Iterable[str] = ()) -> Callable[[str, int], dict[str, float]]:
    """Whether every claim is met, which is to hold, and to fail without its mechanism: 1 or 0."""
    wanted = [claim for claim in CLAIMS if not ids or claim.id in ids]

    def find(level: str, replicate: int) -> dict[str, float]:
        def cut(configs: Mapping[str, Config]) -> dict[str, Config]:
            return {name: at(each, level, replicate) for name, each in configs.items()}

        configs = {claim.id: (cut(claim.runs), cut(claim.adverse())) for claim in wanted}
        every = [config for groups in configs.values() for group in groups for config in group.values()]
        simulated = simulated_all(every, workers)
        found = {}
        for claim in wanted:
            usual, adverse = (
                {name: simulated[key_of(config)] for name, config in group.items()} for group in configs[claim.id]
            )
            without = _holds(claim, adverse) if adverse else False
            found[claim.id] = float(_holds(claim, usual) and not without)
        return found

    return find


def compared(coarse: list[float], default: list[float], tolerance: float) -> Row:
    """A mean difference against its tolerance."""
    pairs = [(one, other) for one, other in zip(coarse, default, strict=True) if isfinite(one) and isfinite(other)]
    gap = mean_interval([one - other for one, other in pairs])
    if isfinite(gap.low) and max(abs(gap.low), abs(gap.high)) <= tolerance:
        verdict = "within"
    elif isfinite(gap.low) and (gap.low > tolerance or gap.high < -tolerance):
        verdict = "beyond"
    else:
        verdict = "open" if pairs else "not found"
    mean = sum(other for _, other in pairs) / len(pairs) if pairs else nan
    numbers = {"default": mean, "difference": gap.mean, "low": gap.low, "high": gap.high, "tolerance": tolerance}
    return {"verdict": verdict, "pairs": len(pairs), **{name: _plain(value) for name, value in numbers.items()}}


def _plain(value: float) -> float | None:
    return value if isfinite(value) else None


def _mean(values: list[float]) -> float:
    known = [value for value in values if isfinite(value)]
    return sum(known) / len(known) if known else nan


def target_rows(found: list[list[Row]]) -> dict[str, Row]:
    """Every judged target: its difference, and whether its verdict moves."""
    rows = {}
    for target in load_targets():
        if target.id not in OBSERVABLES or target.low is None or target.high is None:
            continue
        low, high = target.low, target.high
        coarse, default = ([row.get(target.id, nan) for row in rows_of] for rows_of in found)
        room = max(TARGET_SHARE * abs(_mean(default)), TARGET_BAND_SHARE * (high - low) / 2.0)
        row = compared(coarse, default, room)
        met = [low <= _mean(values) <= high for values in (coarse, default)]
        moved = row["pairs"] > 0 and met[0] != met[1]
        rows[target.id] = {**row, "met": {"coarse": met[0], "default": met[1]}, "verdict_moves": moved}
        if moved:
            rows[target.id]["verdict"] = "beyond"
    return rows


def claim_rows(found: list[list[Row]]) -> dict[str, Row]:
    """In how many replicates every claim is met; one that is met in fewer at the coarse level is beyond."""
    rows = {}
    for id_ in found[0][0]:
        held = [sum(row[id_] == 1.0 for row in rows_of) for rows_of in found]
        verdict = "within" if held[0] >= held[1] else "beyond"
        rows[id_] = {"verdict": verdict, "met": {"coarse": held[0], "default": held[1]}, "of": len(found[0])}
    return rows


def measure_rows(
    cache: Path, replicates: int, level: str, *, workers: int, scenarios: Iterable[str], days: float | None = None
) -> dict[str, dict[str, Row]]:
    """Every measure of every scenario."""

    def wanted(scenario: str, each: str, replicate: int) -> Wanted:
        return Wanted(scenario, (), days, each, replicate)

    names = list(scenarios)
    every = [wanted(name, each, n) for n in range(replicates) for name in names for each in (level, "default")]
    found = all_of(every, cache, workers)
    rows: dict[str, dict[str, Row]] = {}
    for name in names:
        rows[name] = {}
        for measure, tolerance in TOLERANCES.items():
            coarse, default = (
                [found[wanted(name, each, n)].get(measure, nan) for n in range(replicates)]
                for each in (level, "default")
            )
            row = compared(coarse, default, tolerance.of(_mean(default)))
            if row["pairs"]:
                rows[name][measure] = row
    return rows


def verdicts(result: Row) -> list[str]:
    """Every verdict of a result."""
    flat = [*result.get("targets", {}).values(), *result.get("claims", {}).values()]
    flat += [row for rows in result.get("measures", {}).values() for row in rows.values()]
    return [row["verdict"] for row in flat if row["verdict"] != "not found"]


def main() -> None:
    """Simulate what is missing, judge, and write the result."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=10)
    parser.add_argument("--level", choices=[name for name in LEVELS if name != "default"], default="coarse")
    parser.add_argument("--only", choices=("targets", "claims", "measures"))
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=Path("outputs"))
    parser.add_argument("--json", type=Path, default=RESULTS)
    given = parser.parse_args()
    number, level = given.replicates, given.level

    def file(name: str) -> Path:
        return given.cache / f"coarse-study-{name}-{level}.jsonl"

    result: Row = {"commit": commit(), "date": f"{datetime.now(UTC):%Y-%m-%d}", "level": level, "replicates": number}
    if given.only in (None, "measures"):
        result["measures"] = measure_rows(file("measures"), number, level, workers=given.workers, scenarios=SCENARIOS)
    if given.only in (None, "targets"):
        result["targets"] = target_rows(kept(file("targets"), number, level, targets_of(given.workers)))
    if given.only in (None, "claims"):
        result["claims"] = claim_rows(kept(file("claims"), number, level, claims_of(given.workers)))
    found = verdicts(result)
    # A part alone decides nothing.
    result["may_choose_coarse"] = given.only is None and bool(found) and set(found) == {"within"}
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    counts = {each: found.count(each) for each in ("within", "open", "beyond")}
    print(f"{counts}; {level} may be chosen by itself: {result['may_choose_coarse']}")


if __name__ == "__main__":
    main()
