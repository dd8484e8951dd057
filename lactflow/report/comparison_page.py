"""The page of a comparison: how scenarios differ, pair by pair, and what their days look like."""

from __future__ import annotations

import os
from collections.abc import Callable
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd

from lactflow.analysis.daily import daily
from lactflow.analysis.in_words import MEASURES, measure
from lactflow.analysis.paired import excludes_zero
from lactflow.config.resolution import in_words as in_words_of
from lactflow.errors import LactflowError
from lactflow.report import provenance
from lactflow.report.blocks import Block, Link, Links, Note, Page, Section, Table, Tile
from lactflow.report.courses import over_time
from lactflow.report.differences import as_row, coarse_in_words, forest, pairs
from lactflow.report.numbers import TimeAxis, in_words, signed
from lactflow.report.strip import day_strips
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from lactflow.analysis.run import Run
    from lactflow.experiments.comparison import Comparison

_TILES = ("removed_ml_per_day", "made_ml_per_day", "intake_ml_per_day", "fullness", "fat_g_per_l")
_FIRST = "removed_ml_per_day"
"""Measure whose pairs are shown first, and whose gain from common random numbers is shown."""
_MOST_DRAWN = 6
"""Scenarios in one chart: as many as there are colours."""


def comparison_page(comparison: Comparison, beside: Path) -> Page:
    """
    What a comparison found, as a page.

    Parameters
    ----------
    comparison
        Opened; where it was cut short, the page says so and shows the runs that there are.
    beside
        Folder of the page; links to the runs are relative to it.
    """
    names = comparison.scenarios
    begun = len(names) > 1
    notes = provenance.ended(comparison.status, comparison.manifest.get("error"))
    makers: list[tuple[str, str, Callable[[], list[Block]]]] = [
        ("differences", "Differences", lambda: _differences(comparison)),
        ("pairs", "Pairs", lambda: _pairs(comparison)),
        ("milk", "Milk a day", lambda: _milk(comparison)),
        ("schedules", "Schedules", lambda: _schedules(comparison)),
        ("runs", "Runs", lambda: _runs(comparison, beside)),
    ]
    runs = _opened(comparison)
    baseline = next(iter(runs.values()), None)
    title = (
        " and ".join(names) if len(names) == 2 else f"{names[0]} and {len(names) - 1} others" if names else "Comparison"
    )
    return Page(
        kind="comparison",
        title=title,
        subtitle=f"{comparison.path.resolve().name}{_size(comparison, baseline)}",
        status=comparison.status,
        sections=[
            *(Section(name, heading, provenance.tried(make)) for name, heading, make in makers if begun),
            provenance.provenance(comparison.manifest, comparison.status),
            provenance.citing(comparison.manifest, baseline),
        ],
        tiles=_tiles(comparison) if begun else (),
        notes=[*notes, *_crowded(comparison)]
        if begun
        else [*notes, Note("No two scenarios were begun: there is nothing to show.", "warning")],
    )


def _opened(comparison: Comparison) -> dict[str, Run]:
    try:
        return comparison.runs
    except (LactflowError, OSError):
        return {}


def _crowded(comparison: Comparison) -> list[Note]:
    """Charts have room for some scenarios only; tables have all."""
    left_out = len(comparison.scenarios) - _MOST_DRAWN
    text = f"Charts show the first {_MOST_DRAWN} scenarios; {left_out} more stand in the table of differences."
    return [Note(text)] if left_out > 0 else []


def _size(comparison: Comparison, baseline: Run | None) -> str:
    replicates = comparison.manifest.get("replicates")
    spans = list(baseline.spans_min.values()) if baseline is not None else []
    length = f", {in_words(max(end - start for start, end in spans))}" if spans else ""
    return length + (f", {replicates:,} replicates" if isinstance(replicates, int) else "")


def _tiles(comparison: Comparison) -> list[Tile]:
    """Differences of the first scenario from the baseline; none where there are none."""
    try:
        found = comparison.differences
    except (LactflowError, OSError):
        return []
    other = comparison.scenarios[1]
    rows = found[(found["scenario"] == other) & found["difference"].notna()].set_index("measure")
    return [
        Tile(measure(name).label, signed(rows.loc[name, "difference"]), f"{measure(name).unit} in {other}")  # type: ignore[arg-type]
        for name in _TILES
        if name in rows.index
    ]


def _differences(comparison: Comparison) -> list[Block]:
    found = comparison.differences
    baseline, *others = comparison.scenarios
    rows = _rows(found[found["difference"].notna()])
    out = sum(excludes_zero(row) for row in rows)
    note = Note(
        f"Differences from {baseline}, pair by pair: the same mothers on common random numbers. {out} of {len(rows)} "
        "intervals leave out 0; with so many measures, some do by chance."
    )
    tables = [
        Table(
            f"{other} against {baseline}",
            ["measure", baseline, other, "difference", _interval_head(found), "pairs", "SD ratio", "unit"],
            [as_row(row) for row in rows if row["scenario"] == other],
            frozenset({7}),
        )
        for other in others
    ]
    drawing = forest(found, others[: _MOST_DRAWN - 1], baseline)
    coarse = comparison.manifest.get("coarse")
    cut = in_words_of(coarse) if isinstance(coarse, dict) else ""
    return [
        note,
        *map(Note, coarse_in_words(found, cut)),
        *tables,
        *_gain(found),
        *([drawing] if drawing is not None else [Note("No measure has an interval: it takes two pairs.")]),
    ]


def _interval_head(found: pd.DataFrame) -> str:
    return f"{100.0 * found['level'].iloc[0]:.4g} % interval"


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _gain(found: pd.DataFrame) -> list[Block]:
    """What common random numbers gained."""
    rows = _rows(found[(found["measure"] == _FIRST) & (found["sd_ratio"] > 0.0)])
    gains = " ".join(
        f"In {measure(_FIRST).label} of {row['scenario']} it is {row['sd_paired']:.1f} mL/day instead of "
        f"{row['sd_independent']:.1f}."
        for row in rows
    )
    about = (
        "SD ratio: the standard deviation of a difference over what it would be with independent random numbers, and "
        "its interval."
    )
    return [Note(f"{about} {gains} Below 1, common random numbers make intervals narrower.".replace("  ", " "))]


def _pairs(comparison: Comparison) -> list[Block]:
    """Drawings of all measures; the page shows one at a time."""
    found, subjects = comparison.differences, comparison.subjects
    baseline, *others = comparison.scenarios
    by_name = {name: rows.set_index("subject") for name, rows in subjects.groupby("scenario", observed=True)}
    measures = [name for name in dict.fromkeys(found["measure"]) if name in subjects]
    drawings: list[Block] = []
    for name in sorted(measures, key=lambda each: each != _FIRST):
        rows = found[found["measure"] == name].set_index("scenario")[["difference", "low", "high"]].to_dict("index")
        gaps = {
            other: (by_name[other][name] - by_name[baseline][name]).to_numpy(float)
            for other in others[: _MOST_DRAWN - 1]
            if other in by_name and baseline in by_name and other in rows
        }
        drawing = pairs(name, gaps, rows, baseline) if gaps else None
        drawings += [drawing] if drawing is not None else []
    return drawings or [Note("There is no pair: no replicate was simulated for both.")]


def _milk(comparison: Comparison) -> list[Block]:
    """Days of each scenario, averaged over its units of work."""
    runs = dict(list(comparison.runs.items())[:_MOST_DRAWN])
    days = {name: daily(run).groupby("day").mean(numeric_only=True) for name, run in runs.items()}
    spans = [span for run in runs.values() for span in run.spans_min.values()]
    if not spans:
        return [Note("Nothing was recorded.")]
    axis = TimeAxis(min(start for start, _ in spans), max(end for _, end in spans))
    every = sorted(set().union(*(frame.index for frame in days.values())))
    middles_min = [axis.middle_of(day) for day in every]
    return [
        over_time(
            axis,
            middles_min,
            {name: frame[column].reindex(every) for name, frame in days.items()},
            "mL/day",
            name=column.replace("_", "-"),
            title=MEASURES[column].label.capitalize(),
            caption="Both breasts, day by day, averaged over replicates and mothers.",
        )
        for column in ("removed_ml_per_day", "made_ml_per_day")
    ]


def _schedules(comparison: Comparison) -> list[Block]:
    """The last whole day of each scenario."""
    strips, numbers = {}, set()
    for name, run in list(comparison.runs.items())[:_MOST_DRAWN]:
        if run.spans_min:
            day, strips[name] = _last_day(run)
            numbers.add(f"day {day}")
    if not strips:
        return [Note("Nothing was recorded.")]
    caption = f"Sessions of the first replicate by time of day, on {' and '.join(sorted(numbers))}."
    return [day_strips(strips, caption)]


def _last_day(run: Run) -> tuple[int, pd.DataFrame]:
    """The last day that was recorded from midnight to midnight, or the first; its sessions by its clock."""
    unit, (from_min, to_min) = next(iter(run.spans_min.items()))
    clock_min = provenance.configured(run).birth_clock_min
    last = floor((to_min + clock_min) / DAY_MIN) - 1
    day = max(last, floor((from_min + clock_min) / DAY_MIN))
    sessions = run.only(*unit).read("sessions", ["kind", "start_min", "end_min"])
    times = sessions[["start_min", "end_min"]] + clock_min - day * DAY_MIN
    there = (times["start_min"] < DAY_MIN) & (times["end_min"] >= 0.0)
    return day + 1, sessions[["kind"]].join(times.clip(0.0, DAY_MIN))[there]


def _runs(comparison: Comparison, beside: Path) -> list[Block]:
    links = []
    coarse = {f"{name}, coarse": run for name, run in comparison.coarse_runs.items()}
    for name, run in {**comparison.runs, **coarse}.items():
        report = run.path / "report.html"
        target = report if report.is_file() else run.path
        links.append(Link(name, _href(target, beside), f"{run.status}, {len(run.spans_min):,} units of work"))
    return [Links(links), Note("lactflow report on one of these folders makes its own page; links then lead there.")]


def _href(target: Path, beside: Path) -> str:
    """A relative address; quoted, no name in it is taken for a scheme."""
    return quote(os.path.relpath(target.resolve(), beside.resolve()).encode(errors="surrogateescape"))
