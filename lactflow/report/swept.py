"""Drawings of the measures of a sweep: over the values of one or two keys, or against each of many keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lactflow.analysis.in_words import measure
from lactflow.report.blocks import Drawing, Label, Shape, Table
from lactflow.report.dots import WIDTH, Scale, stack_px, stacked
from lactflow.report.key_axis import KeyAxis, in_words, short
from lactflow.report.numbers import evenly, number, round_steps, ticks
from lactflow.report.words import anchor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

MOST_SERIES = 6
"""Values of a second key that are drawn: as many as there are colours."""
_PLOT_PX = 250.0
_STRIP_PX, _GAP_PX = 84.0, 12.0
_MOST_DOTS = 200
"""Of one strip; a share of the units beyond that."""
_FEW_DISTINCT = 12
_GROUPS = 8
_SHORT_ROWS = 14
_LOW, _HIGH = 0.05, 0.95
CHOICE = "measures"
BAND = "The line is the mean of all mothers and replicates of a point, the band their 5th to 95th percentile."


class Levels(NamedTuple):
    """
    From values of a measure to heights of a drawing.

    Attributes
    ----------
    low, high
        Ends of the axis.
    top, bottom
        Where they are [px].
    """

    low: float
    high: float
    top: float
    bottom: float

    @classmethod
    def around(cls, values: Floats, top: float, bottom: float) -> Levels:
        """With all values on it, and some room at both ends."""
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        room = 0.06 * (high - low or abs(high) or 1.0)
        return cls(low - room, high + room, top, bottom)

    def __call__(self, values: Floats) -> Floats:
        """Heights from the top [px]."""
        share = (values - self.low) / (self.high - self.low)
        found: Floats = self.bottom - share * (self.bottom - self.top)
        return found.round(1)


def over_keys(name: str, results: pd.DataFrame, along: KeyAxis, beside: KeyAxis | None = None) -> Drawing:
    """
    A measure over the values of a key: means with bands, a line for each value of a second key.

    Parameters
    ----------
    name
        The measure.
    results
        As a sweep has them; the measure is known in some rows.
    along
        The key along the drawing.
    beside
        The other one.
    """
    words = measure(name)
    rows = _of_points(results, name, along, beside)
    levels = Levels.around(rows[["low", "high"]].to_numpy(np.float64), 0.0, _PLOT_PX)
    steps = round_steps(levels.low, levels.high, 5)
    heights = levels(np.array(steps)).tolist()
    grid = "".join(f"M0 {at}H{WIDTH:g}" for at in heights)
    shapes = [Shape(grid, "grid", "line")]
    groups = list(rows.groupby("beside", sort=False)) if beside is not None else [("", rows)]
    drawn = [groups[place] for place in evenly(len(groups), MOST_SERIES)]
    for index, (_, of_series) in enumerate(drawn):
        shapes += _series(of_series, along, levels, f"tone-{index + 1}")
    short_key = "" if beside is None else f"{short(beside.key)} = "
    some = f" {len(drawn)} of its {len(groups)} lines are drawn." if len(drawn) < len(groups) else ""
    return Drawing(
        name=anchor("measure", name),
        title=words.label,
        caption=f"{words.label.capitalize()} [{words.unit}] over {along.key}. {BAND}{some}",
        width=WIDTH,
        height=_PLOT_PX,
        shapes=shapes,
        labels=[Label(at, number(step)) for at, step in zip(heights, steps, strict=True)],
        ticks=along.ticks(),
        x_label=along.label,
        legend=[(f"tone-{index + 1}", f"{short_key}{in_words(value)}") for index, (value, _) in enumerate(drawn)]
        if beside is not None
        else (),
        table=_points_table(words.label, rows, along, beside),
        choice=CHOICE,
    )


def _of_points(results: pd.DataFrame, name: str, along: KeyAxis, beside: KeyAxis | None) -> pd.DataFrame:
    """Mean, percentiles and number of units of each point."""
    keys = [along.key] if beside is None else [beside.key, along.key]
    known = results[results[name].notna()]
    grouped = known.groupby(keys, sort=along.is_number)[name]
    rows = grouped.agg(["mean", "count"]).assign(low=grouped.quantile(_LOW), high=grouped.quantile(_HIGH))
    return rows.reset_index().rename(columns={along.key: "along", **({} if beside is None else {beside.key: "beside"})})


def _series(rows: pd.DataFrame, along: KeyAxis, levels: Levels, tone: str) -> list[Shape]:
    """One line with its band; words have no values between them, so they have marks instead."""
    x = along.places(rows["along"]).tolist()
    middle, low, high = (levels(rows[name].to_numpy(np.float64)).tolist() for name in ("mean", "low", "high"))
    dots = Shape("".join(f"M{at} {y}h0" for at, y in zip(x, middle, strict=True)), f"{tone} small", "dots")
    if not along.is_number or len(x) == 1:
        marks = "".join(f"M{at} {top}V{bottom}" for at, top, bottom in zip(x, high, low, strict=True))
        return [Shape(marks, f"{tone} thick", "line"), dots]
    outline = [*zip(x, high, strict=True), *reversed(list(zip(x, low, strict=True)))]
    return [Shape(f"{_path(outline)}z", tone, "shade"), Shape(_path(zip(x, middle, strict=True)), tone, "line"), dots]


def _path(points: Any) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _points_table(label: str, rows: pd.DataFrame, along: KeyAxis, beside: KeyAxis | None) -> Table:
    chosen = rows.iloc[evenly(len(rows), 2 * _SHORT_ROWS)].to_dict("records")
    columns = [*([] if beside is None else [beside.key]), along.key, "mean", "5 %", "95 %", "units"]
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


def against_keys(name: str, results: pd.DataFrame, axes: Sequence[KeyAxis], left_out: int = 0) -> Drawing:
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
    chosen = evenly(len(known), _MOST_DOTS)
    shapes, labels, rows, top = [], [], [], 0.0
    for axis in axes:
        bottom = top + _STRIP_PX
        levels = Levels.around(values, top, bottom)
        x, y = axis.places(known[axis.key]), levels(values)
        dots = "".join(
            f"M{place} {height}h0" for place, height in zip(x[chosen].tolist(), y[chosen].tolist(), strict=True)
        )
        shapes.append(Shape(dots, "tone-1 fine", "dots"))
        at, means = _means(x, values)
        shapes.append(Shape(_path(zip(at.tolist(), levels(means).tolist(), strict=True)), "ink thick", "line"))
        labels += [Label(top + 30.0, short(axis.key)), Label(top + 48.0, axis.span)]
        shares = zip((at / WIDTH).tolist(), means.tolist(), strict=True)
        rows += [[axis.key, f"{share:.0%}", number(mean, 4)] for share, mean in shares]
        top = bottom + _GAP_PX
        shapes.append(Shape(f"M0 {top - 0.5 * _GAP_PX}H{WIDTH:g}", "grid", "line"))
    height = top - _GAP_PX
    low, high = number(float(values.min()), 4), number(float(values.max()), 4)
    some = f", {len(chosen)} of them drawn" if len(chosen) < len(known) else ""
    others = f" {left_out} more keys are less important and have no strip." if left_out else ""
    return Drawing(
        name=anchor("measure", name),
        title=words.label,
        caption=f"Each dot is one of {len(known):,} units{some}; the line has means of parts of the range. Each strip "
        f"goes from {low} below to {high} {words.unit} above, and from the lowest to the highest value of its key."
        f"{others}",
        width=WIDTH,
        height=height,
        shapes=[shape for shape in shapes if shape.path],
        labels=labels,
        ticks=[],
        x_label="from the lowest to the highest value of each key",
        legend=(),
        table=Table(f"{words.label}: means of parts of the ranges", ["key", "place", "mean"], rows),
        choice=CHOICE,
        wide_labels=True,
    )


def _means(x: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Means at each of few places, or of parts with as many units each."""
    order = np.argsort(x, kind="stable")
    places, first = np.unique(x[order], return_index=True)
    parts = np.split(order, first[1:]) if len(places) <= _FEW_DISTINCT else np.array_split(order, min(_GROUPS, len(x)))
    at, mean = (np.array([float(of[part].mean()) for part in parts]) for of in (x, values))
    return at.round(1), mean


def spread(name: str, results: pd.DataFrame) -> Drawing:
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
    drawn = values[evenly(len(values), 2 * _MOST_DOTS)].tolist()
    room = 0.06 * (float(values[-1] - values[0]) or 1.0)
    scale = Scale(float(values[0]) - room, float(values[-1]) + room)
    floor = 6.0 + stack_px(drawn, scale)
    some = f", {len(drawn)} of them drawn" if len(drawn) < len(values) else ""
    rows = [[f"{place + 1:,}", number(values[place], 4)] for place in evenly(len(values), _SHORT_ROWS)]
    return Drawing(
        name=anchor("measure", name),
        title=words.label,
        caption=f"A dot for each of {len(values):,} units{some}.",
        width=WIDTH,
        height=floor + 6.0,
        shapes=[Shape(stacked(drawn, scale, floor), "tone-1", "dots")],
        labels=[],
        ticks=ticks(scale.low, scale.high),
        x_label=f"{words.label} [{words.unit}]",
        legend=(),
        table=Table(f"{words.label}: values by size, some of them", ["unit by size", "value"], rows),
        choice=CHOICE,
    )


def by_importance(results: pd.DataFrame, axes: Mapping[str, KeyAxis], names: Sequence[str]) -> dict[str, list[str]]:
    """
    Keys by how much each measure goes with them, by their rank correlation; words last.

    Parameters
    ----------
    results
        As a sweep has them.
    axes
        Of the keys.
    names
        The measures.
    """
    numbers = [key for key, axis in axes.items() if axis.is_number and len(axis.distinct) > 1]
    words = [key for key in axes if key not in numbers]
    ranks = results[numbers].rank().to_numpy(np.float64)
    found = {}
    for name in names:
        known = results[name].notna().to_numpy()
        of_keys, of_measure = ranks[known], results.loc[known, name].rank().to_numpy(np.float64)
        off, off_measure = of_keys - of_keys.mean(axis=0), of_measure - of_measure.mean()
        # A key that does not differ where the measure is known goes with nothing.
        spreads = np.sqrt((off**2).sum(axis=0))
        strength = np.abs(off_measure @ off) / np.where(spreads > 0.0, spreads, np.inf)
        found[name] = [*(numbers[place] for place in np.argsort(-strength, kind="stable")), *words]
    return found
