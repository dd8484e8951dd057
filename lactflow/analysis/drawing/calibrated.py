"""Calibrations: intervals within their ranges, distances of targets, profiles, losses by trial."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.calibration.axes import Axis
from lactflow.analysis.calibration.profiles import CHI2_95
from lactflow.analysis.digits import number, signed
from lactflow.analysis.drawing.key_axis import KeyAxis, short
from lactflow.analysis.drawing.style import (
    BAND,
    FAINT,
    INK,
    LINES,
    NIGHT,
    is_narrow,
    legend,
    legend_above,
    literal,
    new_axes,
    plain_frame,
)
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

MOST_ROWS = 40
"""Quantities or targets of one picture."""
HIGHEST = 4.0 * CHI2_95
"""Of a profile that is drawn."""
FARTHEST = 6.0
"""SDs from a target that are drawn."""
LEAST_LOSS = 1e-3
"""Losses below it are drawn there."""
_DECIDED, _HALF, _OPEN = LINES[2], LINES[0], LINES[1]
_VERDICTS = {"decided": _DECIDED, "at least": _HALF, "at most": _HALF, "not decided": _OPEN}
_WORDS = {_DECIDED: "decided", _HALF: "at least, at most: open at one end", _OPEN: "not decided"}
_STAGES = {"start": (LINES[3], "s"), "search": (LINES[0], "o"), "surface": (LINES[2], "^")}
_USES = {"fitted": (LINES[0], "o", "fitted to"), "held out": (LINES[1], "s", "not fitted to")}
_BAR = 0.46
_LINE_PX = 5.0


def draw_intervals(quantities: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """
    What the targets leave of the range of each quantity.

    A bar is the 95 % interval, a dot the value that was found, an upright line the value of the config. At the right
    stand the value and the verdict.

    Parameters
    ----------
    quantities
        As a calibration writes them; at most `MOST_ROWS` are drawn.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes: across, the share of the range of each quantity; the first quantity is at the top.
    """
    rows = quantities.head(MOST_ROWS)
    axes = new_axes(axes, height=1.2 + 0.36 * len(rows))
    places = [_shares(row) for row in rows.to_dict("records")]
    named: set[str] = set()
    for y, (row, share) in enumerate(zip(rows.to_dict("records"), places, strict=True)):
        colour = _VERDICTS.get(row["verdict"], _OPEN)
        label = None if colour in named else _WORDS[colour]
        named.add(colour)
        axes.barh([y], [share["high"] - share["low"]], _BAR, left=[share["low"]], color=colour, label=label)
    every = range(len(places))
    started, found = ([each[name] for each in places] for name in ("start", "value"))
    axes.plot(started, every, "|", color=FAINT, markersize=16, markeredgewidth=1.5, label="in the config")
    axes.plot(found, every, "o", color=INK, markerfacecolor=NIGHT, markersize=7, label="found")
    texts = [(number(row["value"], 4), str(row["verdict"])) for row in rows.to_dict("records")]
    narrow = is_narrow(axes)
    _rows(
        axes,
        [short(str(key)) for key in rows["key"]],
        [first if narrow else f"{first}, {literal(last)}" for first, last in texts],
    )
    axes.set_xlim(-0.03, 1.03)
    axes.set_xticks([0.0, 0.5, 1.0], ["0 %", "50 %", "100 %"])
    axes.set_xlabel("share of the range")
    legend_above(axes)
    return axes


def _shares(row: Mapping[Any, Any]) -> dict[str, float]:
    """Places within the range; NaN where there is no value."""
    axis = Axis(row["key"], row["range_low"], row["range_high"], bool(row["logarithmic"]))
    return {
        name: axis.share(row[name]) if isfinite(row[name]) else np.nan for name in ("low", "high", "value", "start")
    }


def _rows(axes: Axes, names: Sequence[str], values: Sequence[str]) -> None:
    """Names at the left, or above the rows where it is narrow; values at the right; the first row at the top."""
    plain_frame(axes)
    axes.grid(visible=False, axis="y")
    narrow = is_narrow(axes)
    for y, text in enumerate(values):
        axes.text(1.01, y, text, transform=axes.get_yaxis_transform(), va="center", fontsize="small")
    if narrow:
        axes.set_yticks([])
        for y, name in enumerate(names):
            text = literal(name, 44)
            axes.text(0.0, y - 0.27, text, transform=axes.get_yaxis_transform(), va="bottom", fontsize="small")
    else:
        axes.set_yticks(range(len(names)), [literal(name, 36) for name in names])
        axes.tick_params(axis="y", length=0.0, pad=6.0)
    axes.set_ylim(len(names) - 0.5, -0.85 if narrow else -0.6)
    axes.spines["left"].set_visible(False)


def farthest(targets: pd.DataFrame) -> pd.DataFrame:
    """
    Targets that are drawn: those for which the model gives a value, and of many those that are farthest from it.

    Parameters
    ----------
    targets
        As a calibration writes them.

    Returns
    -------
    At most `MOST_ROWS`, in their order.
    """
    known: pd.DataFrame = targets[np.isfinite(targets["z"].to_numpy(np.float64))]
    chosen = known["z"].abs().sort_values(ascending=False, kind="stable").index[:MOST_ROWS]
    found: pd.DataFrame = known.loc[sorted(chosen)]
    return found


def draw_distances(targets: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """
    How far the model is from each target, in SDs of the target.

    The band is within one SD, a line the standard error of the model by chance. What is farther than `FARTHEST` is an
    arrow there. At the right stand the distances.

    Parameters
    ----------
    targets
        As a calibration writes them.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes; the first target is at the top.

    Raises
    ------
    ConfigError
        If the model gives nothing for any of them.
    """
    rows = farthest(targets)
    if rows.empty:
        raise ConfigError("the model gives no value for any target")
    axes = new_axes(axes, height=1.2 + 0.36 * len(rows))
    z = rows["z"].to_numpy(np.float64)
    reach = min(FARTHEST, max(2.0, float(np.abs(z).max()))) + 0.3
    axes.set_xlim(-reach, reach)
    axes.axvspan(-1.0, 1.0, color=BAND, zorder=0)
    axes.axvline(0.0, color=FAINT, linewidth=1.0)
    y, wide = np.arange(len(rows)), (rows["model_error"] / rows["sd"]).to_numpy(np.float64)
    inside = np.abs(z) <= FARTHEST
    erring = inside & np.isfinite(wide)
    low, high = (end[erring].clip(-reach, reach) for end in (z - wide, z + wide))
    axes.hlines(y[erring], low, high, color=INK, linewidth=1.5)
    for cut, end, arrow in ((low == -reach, -reach, "<"), (high == reach, reach, ">")):
        if cut.any():
            axes.plot(np.full(cut.sum(), end), y[erring][cut], arrow, color=INK, markersize=6, clip_on=False)
    fitted = (rows["use"] == "fitted").to_numpy(bool)
    for use, some in (("fitted", fitted), ("held out", ~fitted)):
        colour, marker, label = _USES[use]
        if some.any():
            axes.plot(z[some & inside], y[some & inside], marker, color=colour, markersize=7, label=label)
        for arrow, beyond in (("<", z < -FARTHEST), (">", z > FARTHEST)):
            if (some & beyond).any():
                axes.plot(np.clip(z, -FARTHEST, FARTHEST)[some & beyond], y[some & beyond], arrow, color=colour)
    _rows(axes, list(map(str, rows["id"])), [signed(each) for each in z])
    axes.set_xlabel("SDs from the target")
    legend_above(axes)
    return axes


def draw_profile(profile: pd.DataFrame, quantity: Mapping[Any, Any], axes: Axes | None = None) -> Axes:
    """
    The smallest loss that each value of a quantity allows, above the smallest of all.

    Parameters
    ----------
    profile
        Rows of the quantity, in the table of profiles.
    quantity
        Its row in the table of quantities.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes, up to `HIGHEST`; the band is the 95 % interval.
    """
    rows = profile.sort_values("value", kind="stable")
    key = KeyAxis(str(quantity["key"]), rows["value"], quantity["unit"] or "")
    axes = new_axes(axes)
    axes.axvspan(quantity["low"], quantity["high"], color=BAND, zorder=0, label="95 % interval")
    axes.axvline(quantity["value"], color=INK, linewidth=1.2, label="value found")
    axes.axhline(CHI2_95, color=LINES[1], linestyle="--", linewidth=1.5, label="3.84")
    above = rows["above_least"].clip(upper=1e3 * HIGHEST)
    axes.plot(rows["value"], above, color=LINES[0], linewidth=2.2, label="loss")
    axes.set_ylim(-0.02 * HIGHEST, HIGHEST)
    axes.set_ylabel("loss above the smallest")
    key.apply(axes)
    plain_frame(axes)
    legend(axes)
    return axes


def draw_losses(trials: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """
    The loss of each trial by its stage, and the smallest so far.

    Parameters
    ----------
    trials
        As a calibration writes them.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes, with a logarithmic axis of losses; failed trials are marked at the bottom.

    Raises
    ------
    ConfigError
        If no trial has a loss.
    """
    from matplotlib.ticker import MaxNLocator

    known = trials[np.isfinite(trials["loss"].to_numpy(np.float64))].sort_values("trial")
    if known.empty:
        raise ConfigError("no trial has a loss")
    axes = new_axes(axes)
    loss = known["loss"].clip(lower=LEAST_LOSS)
    axes.set_yscale("log")
    axes.step(known["trial"], loss.cummin(), where="post", color=INK, linewidth=1.5, label="smallest so far")
    for stage, (colour, marker) in _STAGES.items():
        some = (known["stage"] == stage).to_numpy(bool)
        if some.any():
            axes.plot(known["trial"][some], loss[some], marker, color=colour, markersize=_LINE_PX, label=stage)
    failed = trials.loc[trials["status"] == "failed", "trial"]
    if len(failed):
        axes.plot(
            failed,
            np.full(len(failed), 0.03),
            "x",
            color=LINES[1],
            transform=axes.get_xaxis_transform(),
            label="failed",
        )
    _loss_ticks(axes)
    KeyAxis("trial", trials["trial"].sort_values()).apply(axes)
    axes.xaxis.set_major_locator(MaxNLocator(6 if is_narrow(axes) else 10, integer=True))
    axes.set_ylabel("loss")
    plain_frame(axes)
    legend(axes)
    return axes


def _loss_ticks(axes: Axes) -> None:
    """Round losses without exponents."""
    from matplotlib.ticker import LogLocator, NullFormatter

    low, high = axes.get_ylim()
    subs = (1.0, 2.0, 5.0) if high < 30.0 * low else (1.0, 3.0) if high < 1000.0 * low else (1.0,)
    axes.yaxis.set_major_locator(LogLocator(subs=subs))
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.yaxis.set_minor_formatter(NullFormatter())
