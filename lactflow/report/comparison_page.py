"""The page of a comparison: how scenarios differ, pair by pair, and what their days look like."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lactflow.analysis.digits import apart
from lactflow.analysis.in_words import measure
from lactflow.analysis.notebook import SHOWN
from lactflow.analysis.paired import excludes_zero, says_something
from lactflow.config.resolution import in_words as in_words_of
from lactflow.config.text import counted
from lactflow.errors import LactflowError
from lactflow.report import provenance
from lactflow.report.blocks import Block, Facts, Link, Links, Note, Page, Section, Tile
from lactflow.report.compared import courses, log, schedules
from lactflow.report.differences import coarse_in_words, forest, pairs, table_of
from lactflow.report.numbers import in_words
from lactflow.report.run_drugs import compared_drugs

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.run import Run
    from lactflow.experiments.comparison import Comparison

REPORT = "report.html"
_TILES = ("removed_ml_per_day", "intake_ml_per_day", "hours_above_80_percent_full_per_day", "fullness", "fat_g_per_l")
_MOST_TILES = 6
_FIRST, _INTAKE = _TILES[:2]
"""Measure whose pairs are shown first, and whose gain from common random numbers is shown."""
_MOST_DRAWN = 6
"""Scenarios in one chart: as many as there are colours."""
_MOST_MEASURES = 8
"""Measures whose pairs are drawn."""


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
        ("milk", "Milk a day", lambda: courses(_drawn(comparison))),
        ("schedules", "Schedules", lambda: schedules(_drawn(comparison))),
        ("recorded", "The log beside the scenarios", lambda: log(_drawn(comparison))),
        ("pairs", "Pairs", lambda: _pairs(comparison)),
        ("drugs", "Drugs in milk", lambda: compared_drugs(comparison.runs)),
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
            *(
                Section(name, heading, blocks)
                for name, heading, make in makers
                if begun and (blocks := provenance.tried(make))
            ),
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


def _drawn(comparison: Comparison) -> dict[str, Run]:
    """Runs of the scenarios that there is room for."""
    return dict(list(comparison.runs.items())[:_MOST_DRAWN])


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
    """Differences of every scenario from the baseline, with their intervals; fewer measures where they are many."""
    try:
        found = comparison.differences
    except (LactflowError, OSError):
        return []
    others = comparison.scenarios[1:]
    rows = {(row["scenario"], row["measure"]): row for row in _rows(found[found["difference"].notna()])}
    measures: Sequence[str] = _TILES
    if all(_ends(rows.get((other, _FIRST))) == _ends(rows.get((other, _INTAKE))) for other in others):
        measures = tuple(name for name in _TILES if name != _INTAKE)  # the infant took all of it
    measures = measures[: max(1, _MOST_TILES // len(others))]
    return [
        _tile(rows[other, name], f"{measure(name).label}, {other}" if len(others) > 1 else measure(name).label)
        for name in measures
        for other in others[:_MOST_TILES]
        if (other, name) in rows
    ]


def _ends(row: Mapping[str, Any] | None) -> tuple[str, ...]:
    """A difference and its interval as text; nothing where there is none."""
    return () if row is None else apart(row["difference"], row["low"], row["high"], row["baseline_mean"])


def _tile(row: Mapping[str, Any], label: str) -> Tile:
    gap, low, high = _ends(row)
    interval = f", {low} to {high}" if isfinite(row["low"]) else ""
    return Tile(label, gap, f"{measure(row['measure']).unit}{interval}")


def _differences(comparison: Comparison) -> list[Block]:
    found = comparison.differences
    baseline, *others = comparison.scenarios
    rows = _rows(found[found["difference"].notna()])
    out = sum(excludes_zero(row) for row in rows)
    said = "\n".join(f"{name}: {sentence}" for name, sentence in comparison.in_words().items())
    note = Note(
        f"Differences from {baseline}, pair by pair: the same mothers on common random numbers, "
        f"{_interval_head(found)}s of {_pairs_in_words(rows)}. {out} of {len(rows)} intervals leave out 0; with so "
        "many measures, some do by chance."
    )
    shown = _rows(found[says_something(found)])
    tables = [table_of([row for row in shown if row["scenario"] == other], baseline, other) for other in others]
    drawing = forest(found, others[: _MOST_DRAWN - 1], baseline)
    coarse = comparison.manifest.get("coarse")
    cut = in_words_of(coarse) if isinstance(coarse, dict) else ""
    return [
        *([Note(said)] if said else []),
        note,
        *([drawing] if drawing is not None else [Note("No measure has an interval: it takes two pairs.")]),
        *map(Note, coarse_in_words(found, cut)),
        *tables,
        *_gain(found),
    ]


def _pairs_in_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many pairs the differences rest on: `6 pairs`, `4 to 6 pairs`."""
    counts = [int(row["replicates"]) for row in rows] or [0]
    few, many = min(counts), max(counts)
    return f"{many:,} pair{'s' * (many != 1)}" if few == many else f"{few:,} to {many:,} pairs"


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
    """Pictures of some measures, those first that leave out 0; the page shows one at a time."""
    found, subjects = comparison.differences, comparison.subjects
    others = comparison.scenarios[1:_MOST_DRAWN]
    sure = {row["measure"] for row in _rows(found) if excludes_zero(row)}
    known = [name for name in dict.fromkeys(found["measure"]) if name in subjects]
    order = {name: (name != _FIRST, name not in SHOWN, name not in sure) for name in known}
    chosen = sorted(known, key=order.__getitem__)
    pictures = (pairs(found, subjects, name, others) for name in chosen)
    shown: list[Block] = list(islice((each for each in pictures if each is not None), _MOST_MEASURES))
    return shown or [Note("There is no pair: no replicate was simulated for both.")]


def _runs(comparison: Comparison, beside: Path) -> list[Block]:
    """Links to the pages of runs, where there are pages; how to make them else."""
    runs = comparison.runs
    pages = {name: run.path / REPORT for name, run in runs.items()}
    there = [name for name, page in pages.items() if page.is_file()]
    links = [Link(name, _href(pages[name], beside), _size_of(runs[name])) for name in there]
    rest = [(name, f"{_size_of(run)}; {run.path.name}") for name, run in runs.items() if name not in there]
    blocks: list[Block] = [Links(links)] if links else []
    if (coarse := comparison.coarse_sweep) is not None:
        counts = coarse.counts
        about = f"{coarse.status}, measures of {counts.complete:,} of {counted(counts.units, 'run')}"
        blocks.append(Facts([("coarse replicates", about)]))
    if rest:
        blocks += [
            Facts(rest),
            Note("`lactflow report FOLDER` makes the page of a run, which is then linked here."),
        ]
    return blocks


def _size_of(run: Run) -> str:
    women, replicates = ({unit[part] for unit in run.spans_min} for part in range(2))
    counts = [f"{len(women):,} women"] if len(women) > 1 else []
    return ", ".join([run.status, *counts, counted(len(replicates), "replicate")])


def _href(target: Path, beside: Path) -> str:
    """A relative address; quoted, no name in it is taken for a scheme."""
    return quote(os.path.relpath(target.resolve(), beside.resolve()).encode(errors="surrogateescape"))
