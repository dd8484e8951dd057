"""What comparisons of a fitted mother have answered: what she would give with another schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lactflow.analysis.digits import apart
from lactflow.analysis.in_words import measure
from lactflow.errors import LactflowError
from lactflow.experiments.comparison import KIND, open_comparison
from lactflow.recording.folder import kind_of
from lactflow.report.blocks import Block, Listing, Note, Table
from lactflow.report.numbers import number
from lactflow.report.provenance import cut

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lactflow.experiments.comparison import Comparison

ANSWERS = "answers"
"""Folder in a fit for comparisons of its mother."""
_SHOWN = ("removed_ml_per_day", "sessions_per_day", "fullness", "hours_above_80_percent_full_per_day", "fat_g_per_l")
_FIRST = "removed_ml_per_day"
_MOST = 10


def answered(folder: Path) -> list[Block]:
    """
    Each comparison in a folder: a sentence on the milk of each scenario, and a table of its main measures.

    Parameters
    ----------
    folder
        Maybe not there.
    """
    try:
        found = sorted(each for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []
    except OSError as error:
        return [Note(f"{ANSWERS} cannot be read: {error.strerror}", "warning")]
    blocks: list[Block] = []
    for each in found[:_MOST]:
        try:
            if kind_of(each) == KIND:
                blocks += _answer(open_comparison(each))
        except LactflowError as error:
            blocks.append(Note(f"{each.name} cannot be shown: {cut(error)}", "warning"))
    return blocks


def _answer(comparison: Comparison) -> list[Block]:
    """One comparison."""
    rows = comparison.differences.to_dict("records")
    by_name = {(str(row["scenario"]), row["measure"]): row for row in rows}
    others = [name for name in comparison.scenarios[1:] if (name, _FIRST) in by_name]
    if not others:
        return []
    titles = comparison.manifest.get("titles")
    called = {str(name): str(title) for name, title in titles.items()} if isinstance(titles, dict) else {}
    baseline = comparison.scenarios[0]
    first = called.get(baseline, baseline)
    notes: list[Block] = [Note(_in_words(first, called.get(name, name), by_name[name, _FIRST])) for name in others]
    if isinstance(varied := comparison.manifest.get("vary"), str):
        notes.insert(0, Listing(f"Asked in {comparison.path.name}", cut(varied)))
    cells = [_cells(row, name) for name in others for each in _SHOWN if (row := by_name.get((name, each))) is not None]
    columns = ["measure", "scenario", f"with {cut(baseline, 60)}", "difference", "95 % interval", "unit", "replicates"]
    return [*notes, Table(f"Differences of {comparison.path.name}", columns, cells, frozenset({1, 5}))]


def _in_words(baseline: str, name: str, row: Mapping[Any, Any]) -> str:
    """The milk of one scenario in a sentence."""
    gap, low, high = apart(row["difference"], row["low"], row["high"], row["baseline_mean"])
    size = f"{gap.lstrip('+-')} mL/day {'less' if row['difference'] < 0.0 else 'more'}"
    return (
        f"{cut(name, 200)}: {size} milk removed than with {cut(baseline, 200)}, {number(row['baseline_mean'])} mL/day "
        f"(95 % interval of the difference: {low} to {high})."
    )


def _cells(row: Mapping[Any, Any], name: str) -> list[str]:
    """A row of the table."""
    label, unit = measure(row["measure"])
    gap, low, high = apart(row["difference"], row["low"], row["high"], row["baseline_mean"])
    values = [number(row["baseline_mean"]), gap, f"{low} to {high}"]
    return [label, cut(name, 200), *values, unit, f"{row['replicates']}"]
