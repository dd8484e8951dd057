"""Drawings of paired differences: their intervals side by side, and the pairs behind one of them."""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.in_words import measure
from lactflow.report.blocks import Drawing, Label, Shape, Table
from lactflow.report.dots import WIDTH, Scale, stack_px, stacked
from lactflow.report.numbers import evenly, number, signed, ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

_ROW_PX = 26.0
_MOST_DOTS = 400
"""Of one measure, all scenarios together; a share of the pairs beyond that."""
_LEFT_OUT = ("onset_h",)
"""Measures that a percentage says little about."""
_SHORT_ROWS = 14


def _tone(index: int) -> str:
    """Colour of a scenario; the first is that of the baseline."""
    return f"tone-{(index + 1) % 6 + 1}"


def forest(differences: pd.DataFrame, others: Sequence[str], baseline: str) -> Drawing | None:
    """
    Differences as percent of the baseline with their intervals, a row a measure.

    Parameters
    ----------
    differences
        As a comparison has them.
    others, baseline
        Names of the scenarios.

    Returns
    -------
    The drawing; None where no measure has an interval.
    """
    known = differences["low"].notna() & (differences["baseline_mean"] != 0.0)
    kept = differences[known & ~differences["measure"].isin(_LEFT_OUT)]
    if kept.empty:
        return None
    measures = list(dict.fromkeys(kept["measure"]))
    percent = 100.0 / kept["baseline_mean"].abs()
    ends = kept[["difference", "low", "high"]].mul(percent, axis=0)
    # One measure that is hardly known must not press all others together.
    reach = max(1.5 * float(np.quantile(ends.abs().to_numpy(), 0.85)), float(ends["difference"].abs().max()))
    drawn = ends.clip(-reach, reach)
    scale = Scale.around(drawn.to_numpy().ravel().tolist())
    row_px = _ROW_PX + 10.0 * (len(others) - 1)
    height = row_px * len(measures)
    shapes = [Shape(f"M{scale(0.0)} 0V{height:g}", "zero", "line")]
    for index, name in enumerate(others):
        rows = drawn[kept["scenario"] == name]
        shift = (index + 1.0) / (len(others) + 1.0)
        lines = dots = ""
        for key, (middle, low, high) in zip(rows.index, rows.to_numpy().tolist(), strict=True):
            at = round(row_px * (measures.index(kept.loc[key, "measure"]) + shift), 1)
            lines += f"M{scale(low)} {at}H{scale(high)}"
            dots += f"M{scale(middle)} {at}h0"
        tone = _tone(index)
        shapes += [Shape(lines, f"{tone} thick", "line"), Shape(dots, tone, "dots")]
    return Drawing(
        name="forest",
        title="Differences in percent",
        caption=f"Each measure less that of {baseline}, as percent of its mean there: a dot, and its interval. "
        "Where it leaves out the vertical line, chance alone is unlikely."
        + (" What is wider than the drawing is cut." if (drawn != ends).any(axis=None) else ""),
        width=WIDTH,
        height=height,
        shapes=shapes,
        labels=[Label(row_px * (index + 0.5), measure(name).label) for index, name in enumerate(measures)],
        ticks=ticks(scale.low, scale.high, unit=" %"),
        x_label=f"difference from {baseline}",
        legend=[(_tone(index), name) for index, name in enumerate(others)],
        table=_forest_table(ends.assign(measure=kept["measure"], scenario=kept["scenario"])),
        wide_labels=True,
    )


def _forest_table(percent: pd.DataFrame) -> Table:
    """The same as text."""
    rows = [
        [measure(row["measure"]).label, row["scenario"], *(signed(row[end]) for end in ("difference", "low", "high"))]
        for row in percent.to_dict("records")
    ]
    columns = ["measure", "scenario", "difference [%]", "low [%]", "high [%]"]
    return Table("Differences in percent", columns, rows, words=frozenset({1}))


def pairs(
    name: str, gaps: Mapping[str, Floats], found: Mapping[str, Mapping[str, Any]], baseline: str
) -> Drawing | None:
    """
    Paired differences in one measure, a dot a subject.

    Parameters
    ----------
    name
        The measure.
    gaps
        Differences from the baseline by the name of the scenario.
    found
        `difference`, `low`, `high` by the name of the scenario.
    baseline
        Name of the baseline.

    Returns
    -------
    The drawing; None where there is no pair.
    """
    known = {other: each[np.isfinite(each)] for other, each in gaps.items()}
    if not any(len(each) for each in known.values()):
        return None
    words = measure(name)
    ends = [found[other][end] for other in known for end in ("low", "high")]
    scale = Scale.around([*np.concatenate(list(known.values())).tolist(), *(end for end in ends if isfinite(end))])
    shapes: list[Shape] = []
    labels = []
    most = _MOST_DOTS // len(known)
    top = 6.0
    for index, (other, values) in enumerate(known.items()):
        tone = _tone(index)
        drawn = np.sort(values)[evenly(len(values), most)].tolist()
        floor = top + stack_px(drawn, scale)
        shapes.append(Shape(stacked(drawn, scale, floor), tone, "dots"))
        middle, low, high = (float(found[other][end]) for end in ("difference", "low", "high"))
        at = floor + 8.0
        if isfinite(low) and isfinite(high):
            shapes.append(Shape(f"M{scale(low)} {at:g}H{scale(high)}", "ink thick", "line"))
        shapes.append(Shape(f"M{scale(middle)} {at - 5.0:g}v10", "ink thick", "line"))
        labels.append(Label(0.5 * (top + at), other))
        top = at + 14.0
    shapes.insert(0, Shape(f"M{scale(0.0)} 0V{top:g}", "zero", "line"))
    count = max(len(each) for each in known.values())
    some = f", {most} of them drawn" if count > most else ""
    return Drawing(
        name=f"pairs-{name}",
        title=words.label,
        caption=f"Each dot is one of {count:,} pairs{some}: the value less that of {baseline} with common random "
        "numbers. Below the dots their mean and its interval.",
        width=WIDTH,
        height=top,
        shapes=shapes,
        labels=labels,
        ticks=ticks(scale.low, scale.high),
        x_label=f"{words.label}: difference from {baseline} [{words.unit}]",
        legend=(),
        table=_pairs_table(words.label, known),
        choice="pairs",
        wide_labels=True,
    )


def _pairs_table(label: str, known: Mapping[str, Floats]) -> Table:
    rows = []
    for other, values in known.items():
        ordered = np.sort(values)
        rows += [[other, signed(ordered[place])] for place in evenly(len(ordered), _SHORT_ROWS)]
    return Table(f"{label}: differences by size, some of them", ["scenario", "difference"], rows)


def ratio_in_words(row: Mapping[Any, Any]) -> str:
    """The ratio of two standard deviations with its interval: `0.54 (0.31 to 0.86)`."""
    low, high = row.get("sd_ratio_low", nan), row.get("sd_ratio_high", nan)  # older comparisons have none
    ratio = number(row["sd_ratio"], 2)
    return f"{ratio} ({number(low, 2)} to {number(high, 2)})" if isfinite(low) else ratio


def coarse_in_words(found: pd.DataFrame, cut: str) -> list[str]:
    """
    What of a comparison rests on coarse replicates, and how these follow the others.

    Parameters
    ----------
    found
        Differences, as a comparison has them.
    cut
        How finely the coarse replicates are cut, in words.

    Returns
    -------
    Sentences; none where nothing rests on them.
    """
    rows = found[found["coarse_replicates"] > 0] if "coarse_replicates" in found else found[:0]
    if rows.empty:
        return []
    names = " and ".join(measure(name).label for name in dict.fromkeys(rows["measure"]))
    pairs, coarse = int(rows["replicates"].max()), int(rows["coarse_replicates"].max())
    about = (
        f"{names.capitalize()} are estimated from {coarse:,} coarse pairs, {cut}, corrected by the {pairs:,} pairs "
        "that were simulated at both resolutions; all other measures from the latter alone."
    )
    each = [
        f"{row['scenario']}, {measure(row['measure']).label}: coarse differences were corrected by "
        f"{signed(row['correction'])} {measure(row['measure']).unit}; their correlation with the others is "
        f"{number(row['coarse_correlation'], 4)}."
        for row in rows.to_dict("records")
    ]
    return [about, *each]


def as_row(row: Mapping[str, Any]) -> list[str]:
    """One difference as a row of a table."""
    words = measure(row["measure"])
    interval = f"{signed(row['low'])} to {signed(row['high'])}" if isfinite(row["low"]) else "-"
    return [
        words.label,
        number(row["baseline_mean"]),
        number(row["mean"]),
        signed(row["difference"]),
        interval,
        f"{int(row['replicates'])}",
        ratio_in_words(row),
        words.unit,
    ]
