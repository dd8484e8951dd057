"""Figures, drawn with matplotlib, which is an extra: `pip install 'lactflow[plots]'`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from lactflow.experiments.comparison import Comparison

FIGURE = "differences.svg"
_LEFT_OUT = ("onset_h",)
"""Measures that a percentage says little about."""


def draw_differences(comparison: Comparison) -> Path:
    """
    Paired differences of every scenario as percent of the baseline, with their intervals.

    Parameters
    ----------
    comparison
        A comparison that has ended.

    Returns
    -------
    The SVG file, in the folder of the comparison.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    found = comparison.differences
    kept = found[found["low"].notna() & (found["baseline_mean"] != 0.0) & ~found["measure"].isin(_LEFT_OUT)]
    measures = list(dict.fromkeys(kept["measure"]))
    baseline, *others = comparison.scenarios
    figure = Figure(figsize=(8.0, 1.2 + 0.32 * max(1, len(measures))), layout="constrained")
    axes = figure.add_subplot()
    for number, name in enumerate(others):
        rows = kept[kept["scenario"] == name]
        percent = 100.0 / rows["baseline_mean"].abs()
        shift = (number - 0.5 * (len(others) - 1)) * 0.6 / len(others)
        heights = [measures.index(measure) + shift for measure in rows["measure"]]
        middle = rows["difference"] * percent
        reach = [(rows["difference"] - rows["low"]) * percent, (rows["high"] - rows["difference"]) * percent]
        axes.errorbar(middle, heights, xerr=reach, fmt="o", markersize=4, capsize=3, linewidth=1.2, label=name)
    axes.axvline(0.0, color="0.4", linewidth=0.8)
    axes.set_yticks(range(len(measures)), measures)
    axes.invert_yaxis()
    axes.set_xlabel(f"difference from {baseline}, % of its mean (95 % intervals)")
    axes.grid(visible=True, axis="x", color="0.9")
    axes.legend(loc="best", frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    content = io.BytesIO()
    # The same figure is the same file; letters are drawn, as room for labels is made for matplotlib's font.
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "lactflow"}):
        figure.savefig(content, format="svg", metadata={"Date": None})
    return comparison.write(FIGURE, content.getvalue())
