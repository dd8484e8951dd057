"""Blocks of the measures of a sweep: over the values of one or two keys, against each of many keys, by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lactflow.analysis.drawing.key_axis import in_words
from lactflow.analysis.drawing.swept import (
    MOST_DOTS,
    MOST_SERIES,
    MOST_SPREAD,
    draw_against_keys,
    draw_over_keys,
    draw_spread,
    means_of_parts,
    of_points,
)
from lactflow.analysis.in_words import measure
from lactflow.report.blocks import Picture, Table
from lactflow.report.numbers import evenly, number
from lactflow.report.picture import picture
from lactflow.report.words import anchor

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from lactflow.analysis.drawing.key_axis import KeyAxis

_STRIP_PX = 96.0
_SHORT_ROWS = 14
CHOICE = "measures"
BAND = "The line is the mean of all mothers and replicates of a point, the band their 5th to 95th percentile."


def over_keys(name: str, results: pd.DataFrame, along: KeyAxis, beside: KeyAxis | None = None) -> Picture:
    """
    A measure over the values of a key: means with bands, a line for each value of a second key.

    Parameters
    ----------
    name
        The measure.
    results
        As a sweep has them; the measure is known in some rows.
    along
        The key along the picture.
    beside
        The other one.
    """
    words = measure(name)
    rows = of_points(results, name, along, beside)
    lines = 1 if beside is None else rows["beside"].nunique()
    some = f" {MOST_SERIES} of its {lines} lines are drawn." if lines > MOST_SERIES else ""
    low, high = (rows.loc[rows["mean"].agg(how)] for how in ("idxmin", "idxmax"))
    return picture(
        anchor("measure", name),
        words.label,
        f"{words.label.capitalize()} [{words.unit}] over {along.key}. {BAND}{some} The lowest mean is "
        f"{number(low['mean'], 4)} ({_point(low, along, beside)}), the highest {number(high['mean'], 4)} "
        f"({_point(high, along, beside)}).",
        lambda figure: draw_over_keys(results, name, along, beside, figure.add_subplot()),
        _points_table(words.label, rows, along, beside),
        height_px=280.0,
        narrow_px=290.0 + (15.0 * min(lines, MOST_SERIES) if beside is not None else 0.0),
        choice=CHOICE,
    )


def _point(row: pd.Series, along: KeyAxis, beside: KeyAxis | None) -> str:
    """A point by the values of its keys: `a = 1, b = 2`."""
    first = f"{along.key} = {in_words(row['along'])}"
    return first if beside is None else f"{first}, {beside.key} = {in_words(row['beside'])}"


def _points_table(label: str, rows: pd.DataFrame, along: KeyAxis, beside: KeyAxis | None) -> Table:
    chosen = rows.iloc[evenly(len(rows), 2 * _SHORT_ROWS)].to_dict("records")
    columns = [*([] if beside is None else [beside.key]), along.key, "mean", "5 %", "95 %", "runs"]
    cells = [
        [
            *([] if beside is None else [in_words(row["beside"])]),
            in_words(row["along"]),
            *(number(row[each], 4) for each in ("mean", "low", "high")),
            f"{row['count']:,}",
        ]
        for row in chosen
    ]
    some = "" if len(chosen) == len(rows) else f": {len(chosen)} of {len(rows):,} points"
    return Table(f"{label}{some}", columns, cells)


def against_keys(name: str, results: pd.DataFrame, axes: Sequence[KeyAxis], left_out: int = 0) -> Picture:
    """
    A measure against each of some keys: a strip of dots for each, with means of parts of its range.

    Parameters
    ----------
    name
        The measure.
    results
        As a sweep has them; the measure is known in some rows.
    axes
        The keys, the most important one first.
    left_out
        How many keys have no strip.
    """
    words = measure(name)
    known = results[results[name].notna()]
    values = known[name].to_numpy(np.float64)
    rows = []
    for axis in axes:
        at, mean = means_of_parts(axis.shares(known[axis.key]), values)
        means = zip(at.tolist(), mean.tolist(), strict=True)
        rows += [[axis.key, f"{share:.0%}", number(each, 4)] for share, each in means]
    low, high = number(float(values.min()), 4), number(float(values.max()), 4)
    some = f", at most {MOST_DOTS} of them drawn" if len(known) > MOST_DOTS else ""
    others = f" {left_out} more keys are less important and have no strip." if left_out else ""
    return picture(
        anchor("measure", name),
        words.label,
        f"Each dot is one of {len(known):,} runs{some}; the line has means of parts of the range. Each strip goes "
        f"from {low} below to {high} {words.unit} above, and from the lowest to the highest value of its key.{others}",
        lambda figure: draw_against_keys(results, name, axes, figure.add_subplot()),
        Table(f"{words.label}: means of parts of the ranges", ["key", "place", "mean"], rows),
        height_px=50.0 + _STRIP_PX * len(axes),
        choice=CHOICE,
    )


def spread(name: str, results: pd.DataFrame) -> Picture:
    """
    The values of a measure where no key varies: a dot for each unit.

    Parameters
    ----------
    name
        The measure.
    results
        As a sweep has them; the measure is known in some rows.
    """
    words = measure(name)
    values = np.sort(results[name].dropna().to_numpy(np.float64))
    some = f", {MOST_SPREAD} of them drawn" if len(values) > MOST_SPREAD else ""
    low, middle, high = (number(float(each), 4) for each in np.quantile(values, [0.05, 0.5, 0.95]))
    rows = [[f"{place + 1:,}", number(values[place], 4)] for place in evenly(len(values), _SHORT_ROWS)]
    return picture(
        anchor("measure", name),
        words.label,
        f"A dot for each of {len(values):,} runs{some}. Half of them are above {middle} {words.unit}, nine tenths "
        f"from {low} to {high}; the line is the mean, {number(float(values.mean()), 4)}.",
        lambda figure: draw_spread(results, name, figure.add_subplot()),
        Table(f"{words.label}: values by size, some of them", ["run by size", "value"], rows),
        height_px=170.0,
        choice=CHOICE,
    )
