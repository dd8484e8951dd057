"""One session by the minute: let-downs, flow, and fat that rises as the breast is emptied."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from lactflow.analysis.drawing.style import (
    DASHES,
    MARKERS,
    SIDES,
    clock_text,
    config_of,
    legend,
    new_axes,
    one_unit,
    plain_frame,
)
from lactflow.errors import ConfigError
from lactflow.records import BREASTS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed

_LATEST = 24
"""Sessions among which a typical one is chosen."""
_ROOM = 1.25
"""Of the highest fat, up to the top of its axis."""


def let_downs_of(run: Analysed, session: int, *, mother: int = 0, replicate: int = 0) -> pd.DataFrame:
    """
    Let-downs of one session at the breasts where somebody was.

    Parameters
    ----------
    run
        Finished or not.
    session
        Its number in the table `sessions`.
    mother, replicate
        Whose session.

    Returns
    -------
    `breast`, `minute` since the session began, `length_min`, `removed_ml`, `flow_ml_per_min` while it lasted and
    `fat_g_per_l`; one row a let-down that gave milk.

    Raises
    ------
    ConfigError
        If the run has no such session, or is of a version that did not record milk by let-down.
    """
    sessions = one_unit(run["sessions"], mother, replicate)
    mine = sessions[sessions["session"] == session]
    if mine.empty:
        last = int(sessions["session"].max()) if len(sessions) else None
        raise ConfigError(
            f"there is no session {session} in the run (its sessions: {'none' if last is None else f'0 to {last}'})"
        )
    rows = one_unit(run["let_downs"], mother, replicate)
    if "removed_ml" not in rows:
        raise ConfigError("the run is of a version that did not record the milk of each let-down")
    length_min = float(config_of(run)["gland"]["ejection"]["contraction_min"])
    given = rows[(rows["session"] == session) & (rows["removed_ml"] > 0.0)]
    found: pd.DataFrame = given.assign(
        minute=given["time_min"] - float(mine["start_min"].iloc[0]),
        length_min=length_min,
        flow_ml_per_min=given["removed_ml"] / length_min,
    )
    return found[["breast", "minute", "length_min", "removed_ml", "flow_ml_per_min", "fat_g_per_l"]].reset_index(
        drop=True
    )


def draw_feed(
    run: Analysed, session: int | None = None, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0
) -> Axes:
    """
    A session by the minute.

    Bars are let-downs: as wide as a contraction lasts, as high as the mean flow, with the milk that each gave [mL].
    Points, on the axis at the right, are the fat of the milk of each. Where both breasts give at the same time, the bar
    of the left one has the first half of the contraction and that of the right one the second, so that both are seen.

    Parameters
    ----------
    run
        Finished or not.
    session
        Its number in the table `sessions`; `typical_session` when None.
    axes
        To draw on; a new figure when None.
    mother, replicate
        Whose session.

    Returns
    -------
    The axes of flow, in minutes since the session began.

    Raises
    ------
    ConfigError
        If the run has no such session, or none at a breast.
    """
    number = typical_session(run, mother=mother, replicate=replicate) if session is None else session
    shown = let_downs_of(run, number, mother=mother, replicate=replicate)
    sessions = one_unit(run["sessions"], mother, replicate)
    about = sessions[sessions["session"] == number].iloc[0]
    axes = new_axes(axes)
    fat = axes.twinx()
    together = is_together(shown)
    for place, side in enumerate(BREASTS):
        rows = shown[shown["breast"] == side]
        if len(rows):
            _draw_side(axes, fat, rows, place, together=together)
    _frame(axes, fat, float(about["end_min"] - about["start_min"]), shown)
    at = clock_text(float(about["start_min"]), run)
    of_bars = "; on the bars: mL" if together else ""
    axes.set_title(f"{str(about['kind']).capitalize()} at {at}, {about['intake_ml']:.0f} mL{of_bars}", loc="left")
    return axes


def is_together(let_downs: pd.DataFrame) -> bool:
    """
    Whether both breasts gave milk in the same let-down.

    Parameters
    ----------
    let_downs
        Of one session, as `let_downs_of` gives them.
    """
    left, right = (set(let_downs.loc[let_downs["breast"] == side, "minute"]) for side in BREASTS)
    return not left.isdisjoint(right)


def _draw_side(axes: Axes, fat: Axes, rows: pd.DataFrame, place: int, *, together: bool) -> None:
    """Let-downs of one breast as bars with their milk, and their fat as points in the middle of these."""
    side = BREASTS[place]
    share = 0.5 if together else 1.0
    begin = rows["minute"] + (share * place if together else 0.0) * rows["length_min"]
    middle = begin + 0.5 * share * rows["length_min"]
    axes.bar(
        begin,
        rows["flow_ml_per_min"],
        width=share * rows["length_min"],
        align="edge",
        facecolor=(SIDES[side], 0.35),
        edgecolor=SIDES[side],
        linestyle=DASHES[place],
        label=f"flow, {side}",
    )
    # Numbers of two bars that touch begin and end where these do.
    ends = ("right", "left")[place] if together else "center"
    at = rows["minute"] + 0.5 * rows["length_min"]
    unit = "" if together else " mL"
    for minute, flow, removed in zip(at, rows["flow_ml_per_min"], rows["removed_ml"], strict=True):
        axes.annotate(
            f"{removed:.0f}{unit}" if removed >= 0.5 else "",
            (minute, flow),
            xytext=((2 * place - 1) * 1.5 if together else 0, 2),
            textcoords="offset points",
            ha=ends,
            fontsize="small",
        )
    fat.plot(
        middle,
        rows["fat_g_per_l"],
        color=SIDES[side],
        linestyle=DASHES[place],
        marker=MARKERS[place],
        markersize=5,
        label=f"fat, {side}",
    )


def _frame(axes: Axes, fat: Axes, length_min: float, shown: pd.DataFrame) -> None:
    """Axes, their names, and one legend for both."""
    axes.set_xlim(0.0, max(length_min, 1.0))
    axes.set_ylim(0.0, _ROOM * float(shown["flow_ml_per_min"].max() if len(shown) else 1.0))
    fat.set_ylim(0.0, _ROOM * float(shown["fat_g_per_l"].max() if len(shown) else 1.0))
    axes.set_xlabel("minutes since the session began")
    axes.set_ylabel("flow [mL/min]")
    fat.set_ylabel("fat [g/L]")
    plain_frame(axes)
    fat.spines["top"].set_visible(False)
    legend(axes, fat)


def typical_session(run: Analysed, until_min: float = inf, *, mother: int = 0, replicate: int = 0) -> int:
    """
    The session whose number of let-downs is the median of the last ones at a breast.

    Parameters
    ----------
    run
        Finished or not.
    until_min
        Of those that began before [min since birth].
    mother, replicate
        Whose session.

    Raises
    ------
    ConfigError
        If nobody was at a breast.
    """
    names = ["mother", "replicate", "session", "start_min", "let_downs", "removed_ml"]
    removals = one_unit(run.read("removals", names), mother, replicate)
    given = removals[(removals["removed_ml"] > 0.0) & (removals["start_min"] < until_min)]
    taken = given.groupby("session")["let_downs"].sum().tail(_LATEST)
    if taken.empty:
        raise ConfigError("the run has no session at a breast that could be drawn")
    ranked = taken.sort_values(kind="stable")
    return int(ranked.index[len(ranked) // 2])
