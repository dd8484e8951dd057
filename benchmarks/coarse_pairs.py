"""
How well paired differences at a coarse resolution follow those at the default one, with common random numbers.

Fixed schedules, twenty replicates each at three levels, the same replicate numbers at all of them. For every measure
and every pair of schedules: the standard deviation of the difference at either level, their correlation, the mean of
what the coarse one is off, and the CPU time of a replicate. `compare --coarse` rests on the measures that meet the
criteria of `coarse_criteria.py`; a test holds its table against the result file.

    python benchmarks/coarse_pairs.py [--replicates 20] [--cache outputs/coarse-pairs.jsonl] [--json FILE]

About five minutes of one core; replicates are kept in the cache file, so that a second call goes on where the first
was stopped.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from coarse_criteria import LEAST_CORRELATION, MOST_BIAS_SHARE
from coarse_runs import Wanted, all_of, commit

from lactflow.analysis.daily import MEASURES

GROUPS = (
    ("every-two-hours", "every-three-hours", "every-four-hours"),
    ("pumping", "pumping-no-nights"),
    ("every-three-hours", "clustered"),
)
"""Schedules that are compared with one another."""
DAYS = 15.0
LEVELS = ("coarsest", "coarse", "default")
RESULTS = Path(__file__).with_name("results") / "coarse-pairs.json"

Found = dict[Wanted, dict[str, float]]


def wanted_of(scenario: str, level: str, replicate: int) -> Wanted:
    """One replicate, as this study simulates it."""
    return Wanted(scenario, (), DAYS, level, replicate)


def pair_of(found: Found, names: tuple[str, str], level: str, measure: str, replicates: int) -> dict[str, float] | None:
    """How the difference of one measure between two schedules at a level goes with that at the default."""

    def values(scenario: str, at: str) -> np.ndarray:
        return np.array([found[wanted_of(scenario, at, number)][measure] for number in range(replicates)])

    first, other = names
    coarse = values(other, level) - values(first, level)
    default = values(other, "default") - values(first, "default")
    known = np.isfinite(coarse) & np.isfinite(default)
    if known.sum() < 3 or not default[known].std() > 0.0 or not coarse[known].std() > 0.0:
        return None
    off = (coarse - default)[known]
    return {
        "correlation": float(np.corrcoef(coarse[known], default[known])[0, 1]),
        "sd_default": float(default[known].std(ddof=1)),
        "sd_coarse": float(coarse[known].std(ddof=1)),
        "sd_off": float(off.std(ddof=1)),
        "mean_off": float(off.mean()),
        "baseline": float(values(first, "default")[known].mean()),
    }


def follows(pairs: list[dict[str, float] | None]) -> bool:
    """Whether a measure may be taken from coarse replicates, corrected by few at the default."""
    return bool(pairs) and all(
        pair is not None
        and pair["correlation"] >= LEAST_CORRELATION
        and abs(pair["mean_off"]) <= MOST_BIAS_SHARE * abs(pair["baseline"])
        for pair in pairs
    )


def main() -> None:
    """Simulate what is missing, and write the result."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=Path("outputs") / "coarse-pairs.jsonl")
    parser.add_argument("--json", type=Path, default=RESULTS)
    given = parser.parse_args()
    scenarios = dict.fromkeys(name for group in GROUPS for name in group)
    numbers = range(given.replicates)
    wanted = [wanted_of(name, level, number) for number in numbers for name in scenarios for level in LEVELS]
    found = all_of(wanted, given.cache, given.workers)
    couples = list(dict.fromkeys(couple for group in GROUPS for couple in combinations(group, 2)))
    result: dict[str, Any] = {
        "commit": commit(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "replicates": given.replicates,
        "days": DAYS,
        "cpu_s_per_day": {
            level: {
                name: float(np.median([found[wanted_of(name, level, number)]["cpu_s"] for number in numbers]) / DAYS)
                for name in scenarios
            }
            for level in LEVELS
        },
        "levels": {},
    }
    for level in LEVELS[:-1]:
        rows = {}
        for measure in MEASURES:
            pairs = {" : ".join(each): pair_of(found, each, level, measure, given.replicates) for each in couples}
            rows[measure] = {"follows": follows(list(pairs.values())), "pairs": pairs}
        result["levels"][level] = rows
        print(level, "follows:", ", ".join(name for name, row in rows.items() if row["follows"]) or "nothing")
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
