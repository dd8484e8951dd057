"""A feeding log beside the model, session by session: milk as recorded, and as simulated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lactflow.analysis.drawing.style import (
    BAND,
    FAINT,
    INK,
    LINES,
    MARKERS,
    legend,
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


def draw_log(runs: Analysed | Mapping[str, Analysed], axes: Axes | None = None, *, mother: int = 0) -> Axes:
    """
    Volumes of the feeding log over time, and those of the model at the same sessions.

    The band is one standard deviation of the differences around the simulated volumes.

    Parameters
    ----------
    runs
        A run that follows a log with volumes, or several by name: the same log with a change beside it.
    axes
        To draw on; a new figure when None.
    mother
        Whose log; replicates are averaged.

    Returns
    -------
    The axes, in days since birth.

    Raises
    ------
    ConfigError
        If no run has recorded volumes.
    """
    named = dict(runs) if isinstance(runs, Mapping) else {"model": runs}
    tables = {name: volumes_of(run, mother) for name, run in named.items()}
    first = next((table for table in tables.values() if len(table)), None)
    if first is None:
        raise ConfigError("the run has no recorded volumes (column volume_ml, left_ml or right_ml of its feeding log)")
    axes = new_axes(axes)
    axes.plot(
        first["day"], first["recorded_ml"], "x", color=INK, markersize=5 if len(first) <= _MANY else 3, label="recorded"
    )
    for number, (name, table) in enumerate(tables.items()):
        found = agreement(table)
        few = len(table) <= _MANY
        if not number and few and found.sd_ml == found.sd_ml:  # no NaN
            low, high = table["simulated_ml"] - found.sd_ml, table["simulated_ml"] + found.sd_ml
            axes.fill_between(table["day"], low.clip(lower=0.0), high, color=BAND, linewidth=0.0, zorder=0)
        axes.plot(
            table["day"],
            table["simulated_ml"],
            linestyle="-" if few else "",
            linewidth=0.9,
            marker=MARKERS[number % len(MARKERS)],
            markersize=4 if few else 2.5,
            color=LINES[number % len(LINES)],
            label=name,
        )
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("days since birth")
    axes.set_ylabel("milk a session [mL]")
    plain_frame(axes)
    legend(axes)
    return axes


def draw_agreement(run: Analysed, axes: Axes | None = None, *, mother: int = 0) -> Axes:
    """
    Simulated against recorded volumes, a point each, with the line on which they are the same.

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
    The axes; their title has the bias, the standard deviation of the differences and the correlation.

    Raises
    ------
    ConfigError
        If the run has no recorded volumes.
    """
    table = volumes_of(run, mother)
    if table.empty:
        raise ConfigError("the run has no recorded volumes (column volume_ml, left_ml or right_ml of its feeding log)")
    found = agreement(table)
    axes = new_axes(axes, height=4.5)
    top = 1.05 * float(max(table["recorded_ml"].max(), table["simulated_ml"].max()))
    axes.plot([0.0, top], [0.0, top], "--", color=FAINT, linewidth=1.0)
    for number, (kind, rows) in enumerate(table.groupby("kind", observed=True)):
        points = axes.scatter(
            rows["recorded_ml"], rows["simulated_ml"], s=22, alpha=0.7, color=LINES[number], marker=MARKERS[number]
        )
        points.set_label(str(kind))
    axes.set_xlim(0.0, top)
    axes.set_ylim(0.0, top)
    axes.set_xlabel("recorded [mL]")
    axes.set_ylabel("simulated [mL]")
    axes.set_title(
        f"{found.sessions} volumes: bias {found.bias_ml:+.0f} mL, SD {found.sd_ml:.0f}, r {found.correlation:.2f}",
        loc="left",
    )
    plain_frame(axes)
    legend(axes)
    return axes


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
