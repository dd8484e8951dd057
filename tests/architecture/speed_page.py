"""The generated part of `docs/background/speed.md`: what `benchmarks/all.py` has measured, in words and tables."""

from __future__ import annotations

import json
from pathlib import Path

RESULT = Path(__file__).parents[2] / "benchmarks" / "results" / "speed.json"
BUSY_CORES = 0.1
"""Cores that other processes used above which a page says so."""

GLAND = {
    "visits_per_s_over_bare_simpy": "visits a second over bare events a second, by the clock",
    "visits_over_bare_simpy_by_cpu": "the same, by CPU time of the thread that simulates",
    "wall_s_per_simulated_day": "a simulated day, by the clock [s]",
    "cpu_s_per_simulated_day": "CPU time of all threads for a simulated day [s]",
    "thread_s_per_simulated_day": "CPU time of the thread that simulates for a simulated day [s]",
    "visits_per_simulated_day": "visits in a simulated day",
    "log_mb_per_simulated_day": "all tables of a simulated day [MB]",
    "memory_growth_mb": "growth of memory within 200 days, from the second third to the last [MB]",
    "instructions_per_visit_logged": "instructions of a visit that is recorded",
    "instructions_per_visit": "instructions of a visit that is not recorded",
    "instructions_per_bare_event": "instructions of a bare event",
    "instructions_over_bare_logged": "instructions of a recorded visit over those of a bare event",
    "instructions_over_bare": "instructions of a visit that is not recorded over those of a bare event",
}
COMMAND = {
    "wall_s": "time by the clock [s]",
    "cpu_s": "CPU time of all its processes [s]",
    "bare_events_m": "the same in bare events [millions]",
    "peak_mb": "largest resident memory of one of its processes [MB]",
}
SECTIONS = {
    "gland": (
        "The whole gland",
        "{days:g} days of `every-three-hours`, all tables written; {memory_days:g} days for the growth of memory.",
        GLAND,
    ),
    "gland-40": ("The whole gland for longer", "{days:g} days of `every-three-hours`, all tables written.", GLAND),
    "pipeline": (
        "The kernel alone",
        "{packets:,} packets through four stations.",
        {
            "ratio_unlogged": "time of bare events over time, without a log, by the clock",
            "ratio_unlogged_by_cpu": "the same, by CPU time of the thread that simulates",
            "ratio_logged": "time of bare events over time, with a Parquet row a visit, by the clock",
            "ratio_logged_by_cpu": "the same, by CPU time of the thread that simulates",
            "instructions_ratio_unlogged": "instructions of bare events over instructions, without a log",
            "instructions_ratio_logged": "instructions of bare events over instructions, with a Parquet row a visit",
            "instructions_per_visit": "instructions of a visit that is not recorded",
            "memory_growth_mb": "memory that the log adds [MB]",
        },
    ),
    "workers": (
        "Several workers",
        "{replicates} replicates of {days:g} days of `every-three-hours` without visits, {workers} workers.",
        {
            "speed_up": "time of one worker over time, by the clock",
            "cpu_over_one": "CPU time of all processes over that of one worker",
            "wall_s": COMMAND["wall_s"],
            "cpu_s": COMMAND["cpu_s"],
        },
    ),
    "growth": (
        "Longer and longer runs",
        "`every-three-hours`, all tables written, each length in a process of its own.",
        {
            "growth_of_cost": "a visit of the run of 10⁷ over one of that of 10⁵, in bare events",
            **{
                f"{name}_at_{size}": words.format(visits)
                for size, visits in (("1e5", "10⁵"), ("1e6", "10⁶"), ("1e7", "10⁷"), ("1e8", "10⁸, packets of 0.01 mL"))
                for name, words in (
                    ("thread_us_per_visit", "CPU time of the simulating thread for a visit of about {} [us]"),
                    ("bare_events_per_visit", "the same in bare events"),
                    ("bytes_per_visit", "bytes of a visit in its table"),
                    ("resident_mb", "resident memory at the end [MB]"),
                )
            },
        },
    ),
    "start": ("The start of a run", "`lactflow run every-three-hours --days 0.0417`: one simulated hour.", COMMAND),
    "lactation": ("A whole lactation", "`lactflow run pregnancy-to-weaning --no-visits`: 270 days, one core.", COMMAND),
    "compare": (
        "A comparison",
        "`lactflow compare every-two-hours every-four-hours --replicates 20 --days 30`, two workers.",
        COMMAND,
    ),
    "fit": ("A fit", "`lactflow fit` of a log of 94 volumes, 300 virtual mothers, two workers.", COMMAND),
}


def speed_part(rows=None):
    """Every row that has been measured, and what has not."""
    if rows is None:
        rows = json.loads(RESULT.read_text(encoding="utf-8"))["rows"]
    parts = [""]
    for name, (title, about, words) in SECTIONS.items():
        if name in rows:
            parts += [f"### {title}", "", about.format(**rows[name]), "", *_table(rows[name], words), ""]
            parts += [_measured_with(rows[name]), ""]
    missing = [title[0].lower() + title[1:] for name, (title, _, _) in SECTIONS.items() if name not in rows]
    if missing:
        parts += [f"Not measured yet: {'; '.join(missing)}.", ""]
    return "\n".join([*parts, ""])


def _table(row, words):
    other = row.get("against")
    heading = ["figure", f"here ({row['build']})"]
    heading += [f"commit {other['commit']} ({other['build']})", "times better"] if other else []
    lines = ["| " + " | ".join(heading) + " |", "|---" * len(heading) + "|"]
    for name, text in words.items():
        if name in row:
            found = [_shown(row, name)]
            found += [_shown(other, name), _shown(other["gain"], name)] if other else []
            lines.append("| " + " | ".join([text, *found]) + " |")
    return lines


def _shown(row, name):
    """A figure with its range, if it has one that is not a point."""
    if name not in row:
        return ""
    low, high = (_number(value) for value in row.get(f"{name}_range", (row[name], row[name])))
    return _number(row[name]) + (f" ({low} to {high})" if low != high else "")


def _number(value):
    """Three digits; four and more before the point are grouped."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _measured_with(row):
    versions = ", ".join(f"{library} {version}" for library, version in row["versions"].items())
    rounds = f"{row['rounds']} rounds" if row["rounds"] > 1 else "One round"
    text = f"{rounds} at commit {row['commit'] or 'unknown'}, {row['date']}, {row['machine']}; {versions}."
    if row["others_cores"] is not None and row["others_cores"] > BUSY_CORES:
        text += (
            f" **The machine did other work meanwhile** ({row['others_cores']:.1f} cores of it on average): times by "
            "the clock say little, and CPU times not much."
        )
    return text
