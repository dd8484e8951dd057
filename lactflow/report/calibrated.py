"""Drawings of a calibration: intervals within their ranges, distances of targets, profiles, losses by trial."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.calibration.axes import Axis
from lactflow.analysis.calibration.profiles import CHI2_95
from lactflow.report.blocks import Drawing, Label, Shape, Table, Tick
from lactflow.report.dots import WIDTH, Scale
from lactflow.report.key_axis import KeyAxis, short
from lactflow.report.numbers import evenly, number, signed, ticks
from lactflow.report.swept import Levels
from lactflow.report.words import anchor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

MOST_ROWS = 40
"""Quantities or targets of one drawing."""
CHOICE = "profiles"
_ROW_PX, _BAR_PX, _MARK_PX = 26.0, 12.0, 20.0
_PLOT_PX = 250.0
_SHORT_ROWS = 21
_HIGHEST = 4.0 * CHI2_95
"""Of a profile that is drawn."""
_FAR_PX = 4000.0
"""Above or below a drawing, where a line that leaves it ends."""
_FARTHEST = 6.0
"""SDs from a target that are drawn."""
_LEAST_LOSS = 1e-3
_DECIDED, _HALF, _OPEN = "tone-3", "tone-1", "tone-2"
_VERDICTS = {"decided": _DECIDED, "at least": _HALF, "at most": _HALF, "not decided": _OPEN}
_STAGES = {"start": "tone-4", "search": "tone-1", "surface": "tone-3"}


def intervals(quantities: pd.DataFrame) -> Drawing:
    """
    What the targets leave of the range of each quantity.

    Parameters
    ----------
    quantities
        As a calibration writes them.
    """
    rows = quantities.head(MOST_ROWS).to_dict("records")
    bars: dict[str, str] = dict.fromkeys((_DECIDED, _HALF, _OPEN), "")
    found = started = ""
    for place, row in enumerate(rows):
        axis = Axis(row["key"], row["range_low"], row["range_high"], bool(row["logarithmic"]))
        low, high, value, start = (_SHARES(axis.share(row[name])) for name in ("low", "high", "value", "start"))
        middle = _ROW_PX * (place + 0.5)
        bars[_VERDICTS.get(row["verdict"], _OPEN)] += _box(low, high, middle)
        found += f"M{value} {middle:g}h0"
        started += f"M{start} {middle - 0.5 * _MARK_PX:g}V{middle + 0.5 * _MARK_PX:g}" if isfinite(start) else ""
    words = {_DECIDED: "decided", _HALF: "at least, at most: open at one end", _OPEN: "not decided"}
    cells = [
        [row["key"], *(number(row[name], 4) for name in ("range_low", "low", "value", "high", "range_high"))]
        for row in rows
    ]
    rest = f" {len(quantities) - len(rows)} more stand in the table." if len(quantities) > len(rows) else ""
    return Drawing(
        name="intervals",
        title="Intervals within their ranges",
        caption="A bar is the 95 % interval within the range in which a quantity was looked for, from its low end at "
        "the left to its high end at the right, by factors where the range is logarithmic. The dot is the value that "
        f"was found, the thin line the value of the config.{rest}",
        width=WIDTH,
        height=_ROW_PX * len(rows),
        shapes=[
            *(Shape(path, tone) for tone, path in bars.items() if path),
            *([Shape(started, "zero", "line")] if started else []),
            Shape(found, "ink", "dots"),
        ],
        labels=[Label(_ROW_PX * (place + 0.5), short(row["key"])) for place, row in enumerate(rows)],
        ticks=[Tick(100.0 * _SHARES(share) / WIDTH, f"{share:.0%}") for share in (0.0, 0.5, 1.0)],
        x_label="share of the range",
        legend=[(tone, words[tone]) for tone, path in bars.items() if path],
        table=Table("Intervals", ["quantity", "range from", "95 % from", "value", "95 % to", "range to"], cells),
        wide_labels=True,
    )


_SHARES = Scale(-0.03, 1.03)
"""Of shares of a range, with room for a dot at either end."""


def _box(low: float, high: float, middle: float) -> str:
    top, bottom = middle - 0.5 * _BAR_PX, middle + 0.5 * _BAR_PX
    return f"M{low} {top:g}H{high}V{bottom:g}H{low}z"


def distances(targets: pd.DataFrame) -> Drawing | None:
    """
    How far the model is from each target, in SDs.

    Parameters
    ----------
    targets
        As a calibration writes them.

    Returns
    -------
    The drawing; None where the model gives nothing for any of them.
    """
    known = targets[np.isfinite(targets["z"].to_numpy(np.float64))]
    if known.empty:
        return None
    without, many = len(targets) - len(known), len(known)
    if many > MOST_ROWS:
        farthest = known["z"].abs().sort_values(ascending=False, kind="stable").index[:MOST_ROWS]
        known = known.loc[sorted(farthest)]
    rows = known.to_dict("records")
    reach = min(_FARTHEST, max(2.0, *(abs(row["z"]) for row in rows))) + 0.3
    scale = Scale(-reach, reach)
    dots = {"fitted": "", "held out": ""}
    errors = ""
    for place, row in enumerate(rows):
        middle = _ROW_PX * (place + 0.5)
        at = max(-_FARTHEST, min(_FARTHEST, row["z"]))
        dots["fitted" if row["use"] == "fitted" else "held out"] += f"M{scale(at)} {middle:g}h0"
        if isfinite(row["model_error"]) and at == row["z"]:
            wide = row["model_error"] / row["sd"]
            errors += f"M{scale(at - wide)} {middle:g}H{scale(at + wide)}"
    height = _ROW_PX * len(rows)
    band = f"M{scale(-1.0)} 0H{scale(1.0)}V{height:g}H{scale(-1.0)}z"
    tones = {"fitted": ("tone-1", "fitted to"), "held out": ("tone-2", "not fitted to")}
    beyond = f" What lies beyond {_FARTHEST:g} SDs is drawn there." if known["z"].abs().max() > _FARTHEST else ""
    some = f" The {len(known)} of {many} that are farthest are drawn." if len(known) < many else ""
    some += f" The model gives no value for {without} more." if without else ""
    return Drawing(
        name="distances",
        title="Model and targets",
        caption="A dot for each target: the model less the target, in SDs of the target; the shaded band is within one "
        f"SD. A line is the standard error of the model by chance.{beyond}{some}",
        width=WIDTH,
        height=height,
        shapes=[
            Shape(band, "band"),
            Shape(f"M{scale(0.0)} 0V{height:g}", "zero", "line"),
            *([Shape(errors, "ink", "line")] if errors else []),
            *(Shape(path, tones[use][0], "dots") for use, path in dots.items() if path),
        ],
        labels=[Label(_ROW_PX * (place + 0.5), row["id"]) for place, row in enumerate(rows)],
        ticks=ticks(scale.low, scale.high),
        x_label="SDs from the target",
        legend=[tones[use] for use, path in dots.items() if path],
        table=Table("Distances", ["target", "SDs"], [[row["id"], signed(row["z"])] for row in rows]),
        wide_labels=True,
    )


def profile(key: str, rows: pd.DataFrame, quantity: Mapping[Any, Any]) -> Drawing:
    """
    The smallest loss that each value of a quantity allows.

    Parameters
    ----------
    key
        The quantity.
    rows
        Of it, in the table of profiles.
    quantity
        Its row in the table of quantities.
    """
    rows = rows.sort_values("value", kind="stable")
    axis = KeyAxis(key, rows["value"], quantity["unit"] or "")
    above = rows["above_least"].to_numpy(np.float64)
    levels = Levels(-0.02 * _HIGHEST, _HIGHEST, 0.0, _PLOT_PX)
    marks = {0.0: "0", CHI2_95: "3.84", 8.0: "8", 12.0: "12"}
    heights = levels(np.array(list(marks))).tolist()
    y = np.maximum(levels(above), -_FAR_PX).tolist()
    grid = "".join(f"M0 {at}H{WIDTH:g}" for at in (heights[0], *heights[2:]))
    ends = rows["value"].iloc[[0, 0, 0]].set_axis(["low", "high", "value"])
    ends.update({name: quantity[name] for name in ends.index})
    low, high, value = axis.places(ends).tolist()
    chosen = rows.iloc[evenly(len(rows), _SHORT_ROWS)]
    cells = [[number(row["value"], 4), number(row["above_least"])] for row in chosen.to_dict("records")]
    some = "" if len(chosen) == len(rows) else f", {len(chosen)} of {len(rows)} values"
    return Drawing(
        name=anchor("profile", key),
        title=key,
        caption="The smallest loss that a value allows, whatever the other quantities are, above the smallest of all. "
        "Values where it is above the line at 3.84 are excluded (95 %). The shaded band is the interval, the "
        f"upright line the value that was found. Verdict: {quantity['verdict']}. The drawing ends at {_HIGHEST:.0f}.",
        width=WIDTH,
        height=_PLOT_PX,
        shapes=[
            Shape(f"M{low} 0H{high}V{_PLOT_PX:g}H{low}z", "band"),
            Shape(grid, "grid", "line"),
            Shape(f"M{value} 0V{_PLOT_PX:g}", "zero", "line"),
            Shape(f"M0 {heights[1]}H{WIDTH:g}", "tone-2", "line"),
            Shape(_path(zip(axis.places(rows["value"]).tolist(), y, strict=True)), "tone-1 thick", "line"),
        ],
        labels=[Label(at, text) for at, text in zip(heights, marks.values(), strict=True)],
        ticks=axis.ticks(),
        x_label=axis.label,
        legend=(("tone-1", "loss above the smallest"), ("tone-2", "3.84"), ("band", "95 % interval")),
        table=Table(f"Profile of {key}{some}", ["value", "loss above the smallest"], cells),
        choice=CHOICE,
    )


def losses(trials: pd.DataFrame) -> Drawing | None:
    """
    The loss of each trial, and the smallest so far.

    Parameters
    ----------
    trials
        As a calibration writes them.

    Returns
    -------
    The drawing; None where no trial has a loss.
    """
    known = trials[np.isfinite(trials["loss"].to_numpy(np.float64))].sort_values("trial")
    if known.empty:
        return None
    axis = KeyAxis("trial", trials["trial"].sort_values())
    logs = np.log10(np.maximum(known["loss"].to_numpy(np.float64), _LEAST_LOSS))
    levels = Levels.around(logs, 0.0, _PLOT_PX - 14.0)
    x, y = axis.places(known["trial"]).tolist(), levels(logs).tolist()
    best = np.minimum.accumulate(logs)
    steps = "".join(f"H{at}V{height}" for at, height in zip(x, levels(best).tolist(), strict=True))
    shapes, legend = [], []
    for stage, tone in _STAGES.items():
        of_stage = known["stage"].to_numpy() == stage
        path = "".join(f"M{at} {height}h0" for at, height, is_one in zip(x, y, of_stage, strict=True) if is_one)
        if path:
            shapes.append(Shape(path, f"{tone} small", "dots"))
            legend.append((tone, stage))
    failed = trials.loc[trials["status"] == "failed", "trial"]
    if len(failed):
        marks = "".join(f"M{at} {_PLOT_PX - 12.0:g}V{_PLOT_PX:g}" for at in axis.places(failed).tolist())
        shapes.append(Shape(marks, "tone-2 thick", "line"))
        legend.append(("tone-2", "failed, at the bottom"))
    decades = _decades(levels)
    heights = levels(np.array([log10(each) for each in decades])).tolist()
    chosen = known.iloc[evenly(len(known), _SHORT_ROWS)].to_dict("records")
    least = f" Losses below {_LEAST_LOSS:g} are drawn there." if float(known["loss"].min()) < _LEAST_LOSS else ""
    return Drawing(
        name="losses",
        title="Loss by trial",
        caption=f"A dot for each trial that has a loss; the line is the smallest so far. The axis is logarithmic."
        f"{least}",
        width=WIDTH,
        height=_PLOT_PX,
        shapes=[
            Shape("".join(f"M0 {at}H{WIDTH:g}" for at in heights), "grid", "line"),
            Shape(f"M{x[0]} {y[0]}{steps}", "ink", "line"),
            *shapes,
        ],
        labels=[Label(at, f"{each:,g}") for at, each in zip(heights, decades, strict=True)],
        ticks=axis.ticks(),
        x_label="trial",
        legend=legend,
        table=Table(
            f"Losses, {len(chosen)} of {len(known)} trials" if len(chosen) < len(known) else "Losses",
            ["trial", "stage", "loss"],
            [[f"{row['trial']:,}", row["stage"], number(row["loss"], 4)] for row in chosen],
            frozenset({1}),
        ),
    )


def _decades(levels: Levels) -> Sequence[float]:
    """Round losses on a logarithmic axis: at most about six."""
    powers = range(floor(levels.low), floor(levels.high) + 1)
    span = levels.high - levels.low
    factors = (1.0, 2.0, 5.0) if span < 1.2 else (1.0, 3.0) if span < 2.5 else (1.0,)
    found = [factor * 10.0**power for power in powers for factor in factors]
    inside = [each for each in found if levels.low <= log10(each) <= levels.high]
    if not inside:
        return [float(f"{10.0 ** (0.5 * (levels.low + levels.high)):.3g}")]
    return [inside[place] for place in evenly(len(inside), 6)]


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)
