"""Schedules: every session by time of day, a day a row, left breast above right, as actograms show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import floor, inf
from typing import TYPE_CHECKING, Any

from lactflow.analysis.drawing.style import (
    KINDS,
    NIGHT,
    NIGHT_H,
    RULE,
    config_of,
    is_narrow,
    legend,
    new_axes,
    one_unit,
)
from lactflow.dyad.schedule.times import clock_minutes
from lactflow.errors import ConfigError
from lactflow.records import BREASTS
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed

_SHORTEST_MIN = 6.0
"""A bottle takes no time, and a short session must be seen."""
_DIGIT_H = 0.26
"""What a digit of such a number takes of the day in a wide picture."""
_FEW_DAYS = 7
"""Up to here the milk of each session is written beside it."""
LANES = dict(zip(BREASTS, ((0.06, 0.47), (0.53, 0.94)), strict=True))
"""Top and bottom of the part of a row that is a breast's, where a day is 1 high."""
_LANED_DAYS = 60
"""From so many days on a row is too low for two parts, and both breasts have all of it."""

Rectangle = tuple[float, float, float, float]
"""Left [h], right [h], top and bottom [days]."""


def draw_schedule(run: Analysed, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0) -> Axes:
    """
    Every session by time of day.

    Each row is a day, the first at the top; in a row the upper half is the left breast and the lower the right one, up
    to 60 days, and a bottle fills both. Hours of the night are shaded. With few days, the milk of each session [mL]
    stands beside it where there is room.

    Parameters
    ----------
    run
        Finished or not.
    axes
        To draw on; a new figure when None.
    mother, replicate
        Whose sessions.

    Returns
    -------
    The axes: hours of the clock, and number of the day on the calendar, the day of birth being day 1.

    Raises
    ------
    ConfigError
        If there were no sessions.
    """
    columns = ["mother", "replicate", "kind", "start_min", "end_min"]
    removals = one_unit(run.read("removals", [*columns, "breast"]), mother, replicate)
    sessions = one_unit(run.read("sessions", [*columns, "intake_ml"]), mother, replicate)
    if sessions.empty:
        raise ConfigError("the run has no sessions that could be drawn")
    clock_min = clock_minutes(config_of(run)["birth_clock"])
    axes = new_axes(axes, height=4.5)
    # A session over the last midnight is no day more.
    first, last = (floor((sessions["start_min"].agg(how) + clock_min) / DAY_MIN) for how in ("min", "max"))
    for begin, end in ((0.0, NIGHT_H[1]), (NIGHT_H[0], 24.0)):
        axes.axvspan(begin, end, color=NIGHT, zorder=0)
    lanes = LANES if last - first < _LANED_DAYS else dict.fromkeys(LANES, (0.05, 0.95))
    for kind, colour in KINDS.items():
        found = [
            *at_breasts(removals, kind, clock_min, lanes),
            *(bottles(sessions, clock_min) if kind == "bottle" else ()),
        ]
        if found:
            fill(axes, found, colour, kind)
    days = last - first + 1
    if days <= _FEW_DAYS and not is_narrow(axes):
        write_milk(axes, sessions, clock_min)
    _frame(axes, first, days)
    return axes


def at_breasts(
    removals: pd.DataFrame, kind: str, clock_min: float, lanes: Mapping[str, tuple[float, float]] = LANES
) -> Iterable[Rectangle]:
    """
    Sessions of a kind in the lanes of their breasts.

    Parameters
    ----------
    removals
        With `kind`, `breast`, `start_min`, `end_min`.
    kind
        Of session.
    clock_min
        Added to the times: the time of day at birth [min].
    lanes
        Top and bottom of each breast in the row of a day.
    """
    rows = removals[removals["kind"] == kind]
    for side, start, end in zip(
        rows["breast"], rows["start_min"] + clock_min, rows["end_min"] + clock_min, strict=True
    ):
        yield from _split(start, end, *lanes[side])


def bottles(sessions: pd.DataFrame, clock_min: float) -> Iterable[Rectangle]:
    """
    Bottles over both lanes.

    Parameters
    ----------
    sessions
        With `kind` and `start_min`.
    clock_min
        As in `at_breasts`.
    """
    for start in sessions[sessions["kind"] == "bottle"]["start_min"] + clock_min:
        yield from _split(start, start, 0.08, 0.92)


def _split(start: float, end: float, top: float, bottom: float) -> Iterable[Rectangle]:
    """One rectangle, or two for a session over midnight."""
    until = max(end, start + _SHORTEST_MIN)
    while start < until:
        day = floor(start / DAY_MIN)
        stop = min(until, (day + 1) * DAY_MIN)
        left, right = (start - day * DAY_MIN) / HOUR_MIN, (stop - day * DAY_MIN) / HOUR_MIN
        yield left, right, day + top, day + bottom
        start = stop


def fill(axes: Axes, rectangles: Iterable[Rectangle], colour: str, label: str) -> None:
    """
    All of a kind as one path: a page of a year stays small.

    Parameters
    ----------
    axes
        To draw on.
    rectangles
        As `at_breasts` and `bottles` give them.
    colour, label
        Of the kind.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners: list[tuple[float, float]] = []
    codes: list[Any] = []
    for left, right, top, bottom in rectangles:
        corners += [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        codes += [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(corners, codes), facecolor=colour, edgecolor="none", label=label))


def write_milk(axes: Axes, sessions: pd.DataFrame, clock_min: float) -> None:
    """
    Write the milk of each session at its right, where there is room before the next one and the end of the day.

    Parameters
    ----------
    axes
        Hours across, days down.
    sessions
        With `start_min`, `end_min` and `intake_ml`.
    clock_min
        As in `at_breasts`.
    """
    columns = sessions.sort_values("start_min", kind="stable")[["start_min", "end_min", "intake_ml"]]
    rows = columns.to_numpy(dtype=float)
    following = [*rows[1:, 0], inf]
    for (start, end, milk), next_start in zip(rows, following, strict=True):
        day = floor((start + clock_min) / DAY_MIN)
        from_h, next_h = (
            (minute + clock_min) / HOUR_MIN - 24.0 * day for minute in (max(end, start + _SHORTEST_MIN), next_start)
        )
        text = f"{milk:.0f}"
        if milk >= 0.5 and from_h + 0.06 + _DIGIT_H * len(text) <= min(next_h, 24.0):
            axes.text(from_h + 0.06, day + 0.5, text, va="center", fontsize="small", clip_on=True)


def _frame(axes: Axes, first: int, days: int) -> None:
    """Hours across, days down."""
    every = next(step for step in (1, 2, 5, 7, 14, 28, 56, days) if days / step <= 14 or step == days)
    axes.set_yticks(
        [first + row + 0.5 for row in range(0, days, every)],
        [f"day {first + row + 1}" for row in range(0, days, every)],
    )
    hours = range(0, 25, 6 if is_narrow(axes) else 3)
    axes.set_xticks(list(hours), [f"{hour:02d}:00" for hour in hours])
    axes.set_xlim(0.0, 24.0)
    axes.set_ylim(first + days, first)
    axes.set_xlabel("time of day")
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.8)
    axes.tick_params(axis="y", length=0.0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    legend(axes)
