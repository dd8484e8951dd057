"""
Whole commands, as users type them: what all their processes cost, with starting and importing.

    python benchmarks/commands.py --command lactation [--json] [--rounds 3] [--scale 1.0] [--against COMMIT]

`start` is a run of next to nothing; `lactation` 270 days of `pregnancy-to-weaning` without visits, on one core;
`compare` two schedules, 20 replicates of 30 days each, by two workers; `fit` a log of 94 volumes, 300 virtual mothers,
by two workers. `bare_events_m` is the CPU time of the command in millions of bare Timeouts of the same round.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import bare
from rounds import Benchmark, Figures, Runner, main

PUMPINGS = 47
GAPS_H = (4.0, 3.5, 4.5, 4.0, 3.0, 5.0)
"""Hours between pumpings, again and again: six a day."""


def start(scale: float, _folder: Path) -> list[str]:
    """One simulated hour: start, import, checks, folder, closing."""
    return ["run", "every-three-hours", "--days", f"{scale / 24.0:g}"]


def lactation(scale: float, _folder: Path) -> list[str]:
    """The longest shipped scenario."""
    return ["run", "pregnancy-to-weaning", "--no-visits", "--days", f"{270.0 * scale:g}", "--workers", "1"]


def compare(scale: float, _folder: Path) -> list[str]:
    """Two schedules."""
    size = ["--replicates", str(max(2, round(20 * scale))), "--days", f"{30.0 * scale:g}"]
    return ["compare", "every-two-hours", "every-four-hours", *size, "--workers", "2"]


def fit(scale: float, folder: Path) -> list[str]:
    """A log of pumpings with the volumes of both breasts, which follow the hours since the one before."""
    rows, at = ["start,kind,left_min,right_min,left_ml,right_ml"], datetime(2001, 5, 5)  # noqa: DTZ001
    for number in range(max(12, round(PUMPINGS * scale))):
        gap_h = GAPS_H[number % len(GAPS_H)]
        at += timedelta(hours=gap_h)
        rows.append(f"{at:%Y-%m-%d %H:%M},pump,15,15,{16.0 * gap_h:.0f},{14.0 * gap_h:.0f}")
    log = folder / "log.csv"
    log.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return ["fit", str(log), "--start-day", "40", "--mothers", str(max(40, round(300 * scale))), "--workers", "2"]


COMMANDS: dict[str, Callable[[float, Path], list[str]]] = {
    "start": start,
    "lactation": lactation,
    "compare": compare,
    "fit": fit,
}


def one_round(run: Runner, command: str, scale: float) -> Figures:
    """The command between bare events, all in fresh processes; the first says which build it is and makes bytecode."""
    run("nothing")
    with tempfile.TemporaryDirectory() as folder:
        arguments = COMMANDS[command](scale, Path(folder))
        typed = [sys.executable, "-m", "lactflow", *arguments, "--quiet", "--out", folder]
        before = _bare_us(run)
        _, spent = run.run(typed)
        bare_us = (before + _bare_us(run)) / 2.0
    return {**spent, "bare_events_m": spent["cpu_s"] / bare_us}


def _bare_us(run: Runner) -> float:
    found: float = json.loads(run.run([sys.executable, bare.__file__])[0])["bare_cpu_us"]
    return found


BENCHMARK = Benchmark(
    script=Path(__file__),
    about="Whole commands, as users type them.",
    children={"nothing": dict},
    one_round=one_round,
    sizes={"command": "lactation", "scale": 1.0},
    rounds=3,
    costs=("wall_s", "cpu_s", "bare_events_m", "peak_mb"),
)

if __name__ == "__main__":
    main(BENCHMARK)
