"""
How much faster several workers are: 40 replicates of a scenario, by one and by several, in turn.

    python benchmarks/workers.py [--rounds 3] [--days 10] [--workers 2]

Prints one JSON object: seconds of one worker over seconds of several, median and range.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time

import lactflow

REPLICATES = 40


def seconds(workers: int, days: float) -> float:
    """Wall time of all replicates."""
    with tempfile.TemporaryDirectory() as folder:
        begun_s = time.perf_counter()
        lactflow.run(
            "every-three-hours", settings="record.visits=false", days=days, replicates=REPLICATES,
            workers=workers, out=folder,
        )  # fmt: skip
        return time.perf_counter() - begun_s


def main() -> None:
    """Time both in every round."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--days", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    ratios = [seconds(1, given.days) / seconds(given.workers, given.days) for _ in range(given.rounds)]
    print(json.dumps({"speed_up": statistics.median(ratios), "range": [min(ratios), max(ratios)]}))


if __name__ == "__main__":
    main()
