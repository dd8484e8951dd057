"""
The app: how long a change of a control takes, from the choice to pictures and numbers.

    python benchmarks/explore.py [--rounds 3] [--write]

Each kind of schedule, over a week, two weeks and 30 days; the fastest of the rounds counts, each with other choices, so
that nothing is remembered. One JSON object on stdout.
"""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

from circumstances import circumstances

from lactflow.explore import pictures
from lactflow.explore.choices import WHO, days_of, unchanged
from lactflow.explore.explorer import SOURCE, Explorer
from lactflow.explore.stations import stations_html, stations_of
from lactflow.version import build

RESULTS = Path(__file__).with_name("results") / "explore.json"
DAYS = (7, 14, 30)


def seconds(explorer: Explorer, who: str, days: int, rounds: int) -> dict[str, float]:
    """Wall and CPU time of one change."""
    own = explorer.run(unchanged(explorer.config, days))
    pictures.numbers(own, own)
    spent = []
    for number in range(rounds):
        chosen = replace(unchanged(explorer.config, days), who=who, appetite=1.05 + 0.01 * number)
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        run = explorer.run(chosen)
        pictures.day_picture(run, days_of(explorer.config, days)[1])
        pictures.course_picture(run, own, pictures.COURSES[0])
        of_day = stations_of(run, days_of(explorer.config, days)[1])
        stations_html(of_day, of_day.fullest)
        pictures.numbers(run, own)
        spent.append((time.perf_counter() - wall_s, time.process_time() - cpu_s))
    return {
        "wall_s": round(min(wall_s for wall_s, _ in spent), 3),
        "cpu_s": round(min(cpu_s for _, cpu_s in spent), 3),
    }


def main() -> None:
    """Measure, print, write where that is wanted."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"Keep the figures in {RESULTS.name}.")
    given = parser.parse_args()
    explorer = Explorer(SOURCE)
    seconds(explorer, next(iter(WHO.values())), DAYS[0], 1)  # what is imported and remembered once
    found = {
        "circumstances": circumstances(),
        "build": build(),
        "changes": {
            words: {str(days): seconds(explorer, who, days, given.rounds) for days in DAYS}
            for words, who in WHO.items()
        },
    }
    text = json.dumps(found, indent=2)
    print(text)
    if given.write:
        RESULTS.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
