"""A feeding log beside the model, session by session: milk as recorded, and as simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

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
_PAIR = ["recorded_ml", "simulated_ml"]
_FAR = 1.6
"""A recorded volume this many times above nearly all others would press them together, and is marked at the edge."""


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
    top = top_ml(list(tables.values()))
    near = first[first["recorded_ml"] <= top]
    axes.plot(near["day"], near["recorded_ml"], "x", color=INK, markersize=5, label="recorded")
    for day, recorded_ml in first.loc[first["recorded_ml"] > top, ["day", "recorded_ml"]].to_numpy(dtype=float):
        axes.plot([day], [0.97 * top], "^", color=INK, fillstyle="none", markersize=7)
        axes.annotate(f" {recorded_ml:.0f} mL", (day, 0.97 * top), va="center", fontsize="small")
    for number, (name, table) in enumerate(tables.items()):
        found = agreement(table)
        few = len(table) <= _MANY
        if not number and isfinite(found.sd_ml):
            low, high = table["simulated_ml"] - found.sd_ml, table["simulated_ml"] + found.sd_ml
            axes.fill_between(table["day"], low.clip(lower=0.0), high, color=BAND, linewidth=0.0, zorder=0)
        axes.plot(
            table["day"],
            table["simulated_ml"],
            linestyle="-" if few else "",
            linewidth=0.9,
            marker=MARKERS[number % len(MARKERS)],
            markersize=4 if few else 3,
            color=LINES[number % len(LINES)],
            label=name,
        )
    axes.set_ylim(0.0, top)
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
    top = top_ml([table])
    axes.plot([0.0, top], [0.0, top], "--", color=FAINT, linewidth=1.0)
    for number, (kind, rows) in enumerate(table.groupby("kind", observed=True)):
        near = rows[rows["recorded_ml"] <= top]
        style: dict[str, Any] = {"s": 22, "color": LINES[number]}
        points = axes.scatter(near["recorded_ml"], near["simulated_ml"], alpha=0.7, marker=MARKERS[number], **style)
        points.set_label(str(kind))
        for recorded_ml, simulated_ml in rows.loc[rows["recorded_ml"] > top, _PAIR].to_numpy(dtype=float):
            axes.scatter([0.97 * top], [simulated_ml], marker=">", facecolors="none", **style)
            axes.annotate(
                f"{recorded_ml:.0f} mL ", (0.96 * top, simulated_ml), ha="right", va="center", fontsize="small"
            )
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
