"""A feeding log beside the model, session by session: milk as recorded, and as simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from lactflow.analysis.drawing.fitted import breasts_of, of_breast
from lactflow.analysis.drawing.style import (
    BAND,
    FAINT,
    INK,
    LINES,
    SIDE_COLOURS,
    SIDE_MARKERS,
    is_narrow,
    legend,
    legend_above,
    new_axes,
    plain_frame,
)
from lactflow.analysis.recorded import agreement, recorded
from lactflow.errors import ConfigError
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed

_MANY = 90
"""Volumes from which on points have no lines between them."""
_NONE = "the run has no recorded volumes (column volume_ml, left_ml or right_ml of its feeding log)"
_PAIR = ["recorded_ml", "simulated_ml"]
_FAR = 1.6
"""A recorded volume this many times above nearly all others would press them together, and is marked at the edge."""


def draw_log(
    runs: Analysed | Mapping[str, Analysed], axes: Axes | None = None, *, mother: int = 0, breast: str | None = None
) -> Axes:
    """
    Volumes of the feeding log over time, and those of the model at the same sessions.

    Markers point to the breast, left or right; a diamond is one volume for both. Open ones are recorded, filled ones
    simulated. A light bar reaches one standard deviation of the differences of that breast to both sides of what was
    simulated.

    Parameters
    ----------
    runs
        A run that follows a log with volumes, or several by name: the same log with a change beside it.
    axes
        To draw on; a new figure when None.
    mother
        Whose log; replicates are averaged.
    breast
        `left`, `right` or `both`; all when None.

    Returns
    -------
    The axes, in days since birth.

    Raises
    ------
    ConfigError
        If no run has recorded volumes, or none of that breast.
    """
    named = dict(runs) if isinstance(runs, Mapping) else {"model": runs}
    tables = {name: volumes_of(run, mother) for name, run in named.items()}
    first = next((table for table in tables.values() if len(table)), None)
    if first is None:
        raise ConfigError(_NONE)
    axes = new_axes(axes)
    top = top_ml(list(tables.values()))
    sides = breasts_of(first) if breast is None else [breast]
    for side in sides:
        _draw_recorded(axes, of_breast(first, side), top, side if len(sides) > 1 else "")
    for number, (name, table) in enumerate(tables.items()):
        for side in sides:
            rows = table[table["breast"] == side]
            colour = SIDE_COLOURS[side] if len(tables) == 1 else LINES[number % len(LINES)]
            if not number:
                _draw_spread(axes, rows)
            _draw_simulated(axes, rows, colour, f"{name}, {side}" if len(sides) > 1 else name)
    axes.set_ylim(0.0, top)
    axes.set_xlabel("days since birth")
    axes.set_ylabel("milk a session [mL]" if breast in (None, "both") else f"{breast} breast [mL]")
    if is_narrow(axes):
        axes.locator_params(axis="x", nbins=5)
    plain_frame(axes)
    legend_above(axes)
    return axes


def _draw_recorded(axes: Axes, rows: pd.DataFrame, top: float, side: str) -> None:
    """Open markers; what lies above the axis is written at its edge."""
    marker = SIDE_MARKERS[rows["breast"].iloc[0]]
    near = rows[rows["recorded_ml"] <= top]
    style: dict[str, Any] = {"color": INK, "fillstyle": "none", "linestyle": "", "zorder": 3}
    label = f"recorded, {side}" if side else "recorded"
    axes.plot(near["day"], near["recorded_ml"], marker=marker, markersize=5, label=label, **style)
    for day, recorded_ml in rows.loc[rows["recorded_ml"] > top, ["day", "recorded_ml"]].to_numpy(dtype=float):
        axes.plot([day], [0.97 * top], marker="^", markersize=7, **style)
        axes.annotate(f" {recorded_ml:.0f} mL", (day, 0.97 * top), va="center", fontsize="small")


def _draw_spread(axes: Axes, rows: pd.DataFrame) -> None:
    """One standard deviation of the differences to both sides of each simulated volume."""
    found = agreement(rows)
    if isfinite(found.sd_ml):
        low, high = rows["simulated_ml"] - found.sd_ml, rows["simulated_ml"] + found.sd_ml
        wide = 3.0 if is_narrow(axes) or len(rows) > _MANY else 5.0
        axes.vlines(rows["day"], low.clip(lower=0.0), high, color=BAND, linewidth=wide, zorder=0)


def _draw_simulated(axes: Axes, rows: pd.DataFrame, colour: str, label: str) -> None:
    """Filled markers, with lines between them while they are few."""
    few = len(rows) <= _MANY
    axes.plot(
        rows["day"],
        rows["simulated_ml"],
        linestyle="-" if few else "",
        linewidth=0.6,
        marker=SIDE_MARKERS[rows["breast"].iloc[0]] if len(rows) else None,
        markersize=4.5 if few else 3.5,
        color=colour,
        label=label,
    )


def draw_agreement(run: Analysed, axes: Axes | None = None, *, mother: int = 0) -> Axes:
    """
    Simulated against recorded volumes, a point each, with the line on which they are the same.

    Markers point to the breast, left or right; a diamond is one volume for both. Those of the first kind of session are
    filled, those of another one open.

    Parameters
    ----------
    run
        One that follows a log with volumes.
    axes
        To draw on; a new figure when None.
    mother
        Whose log; replicates are averaged.

    Returns
    -------
    The axes; their title has the mean difference, the standard deviation of the differences and the correlation.

    Raises
    ------
    ConfigError
        If the run has no recorded volumes.
    """
    table = volumes_of(run, mother)
    if table.empty:
        raise ConfigError(_NONE)
    found = agreement(table)
    axes = new_axes(axes, height=4.5)
    top = top_ml([table])
    axes.plot([0.0, top], [0.0, top], "--", color=FAINT, linewidth=1.0)
    kinds = sorted(set(table["kind"]))
    for names, rows in table.groupby(["kind", "breast"], observed=True):
        kind, side = (str(each) for each in names)
        colour = SIDE_COLOURS[side]
        style: dict[str, Any] = {"s": 26, "edgecolors": colour, "facecolors": colour if kind == kinds[0] else "none"}
        near = rows[rows["recorded_ml"] <= top]
        points = axes.scatter(near["recorded_ml"], near["simulated_ml"], alpha=0.7, marker=SIDE_MARKERS[side], **style)
        points.set_label(f"{kind}, {side}")
        for recorded_ml, simulated_ml in rows.loc[rows["recorded_ml"] > top, _PAIR].to_numpy(dtype=float):
            axes.scatter([0.97 * top], [simulated_ml], marker="^", s=26, edgecolors=colour, facecolors="none")
            axes.annotate(
                f"{recorded_ml:.0f} mL ", (0.96 * top, simulated_ml), ha="right", va="center", fontsize="small"
            )
    axes.set_xlim(0.0, top)
    axes.set_ylim(0.0, top)
    axes.set_xlabel("recorded [mL]")
    axes.set_ylabel("simulated [mL]")
    axes.set_title(
        f"{found.sessions} volumes: mean difference {found.bias_ml:+.0f} mL, SD {found.sd_ml:.0f}, r "
        f"{found.correlation:.2f}",
        loc="left",
        fontsize="small" if is_narrow(axes) else "medium",
    )
    plain_frame(axes)
    legend(axes)
    return axes


def top_ml(tables: Sequence[pd.DataFrame]) -> float:
    """
    Where the axis of volumes ends: above all of the model's, and above all recorded ones but slips of the pen.

    Parameters
    ----------
    tables
        As `volumes_of` gives them; at least one has a row.
    """
    import pandas as pd

    recorded = pd.concat([table["recorded_ml"] for table in tables])
    simulated = max(float(table["simulated_ml"].max()) for table in tables if len(table))
    usual = max(simulated, float(recorded.quantile(0.95)))
    return 1.05 * max(simulated, min(float(recorded.max()), _FAR * usual))


def volumes_of(run: Analysed, mother: int = 0) -> pd.DataFrame:
    """
    Recorded and simulated volumes of one mother, averaged over replicates, in order of time.

    Parameters
    ----------
    run
        Finished or not.
    mother
        Whose log.

    Returns
    -------
    `day` (days since birth), `kind`, `breast`, `recorded_ml`, `simulated_ml`; what the end of the run cut is left out.
    """
    table = recorded(run)
    mine = table[(table["mother"] == mother) & ~table["cut"].astype(bool)]
    columns = ["planned_min", "recorded_ml", "simulated_ml"]
    mean = mine.groupby(["planned_min", "kind", "breast"], observed=True, as_index=False)[columns[1:]].mean()
    return mean.assign(day=mean["planned_min"] / DAY_MIN).sort_values("day", kind="stable", ignore_index=True)
