"""Several runs in one picture: a measure day by day, and a day of each schedule."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from lactflow.analysis.drawing.comparison import look_of
from lactflow.analysis.drawing.schedule import Rectangle, at_breasts, bottles, fill, write_milk
from lactflow.analysis.drawing.style import (
    DASHES,
    KINDS,
    NIGHT,
    NIGHT_H,
    RULE,
    config_of,
    day_axis,
    is_narrow,
    legend,
    literal,
    new_axes,
    plain_frame,
)
from lactflow.analysis.in_words import measure as in_words
from lactflow.dyad.schedule.times import clock_minutes
from lactflow.errors import ConfigError, LactflowError
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Run

_LEAST_OBSERVED = 0.5
"""Share of a day that must have been simulated for a point."""
MOST_POINTS = 150
"""Of one line: a page stays small."""
_NAME = 0.34
"""Share of a row that its name takes where it is narrow."""
_FEW_DAYS = 40
"""Days that are also marked one by one."""


def by_day(days: pd.DataFrame, measure: str) -> pd.DataFrame:
    """
    A measure of one run day by day, over all mothers and replicates; of a long run by stretches of equally many days.

    Parameters
    ----------
    days
        As `lactflow.analysis.daily.daily` gives them.
    measure
        Its name.

    Returns
    -------
    `mean`, `min`, `max` by `day`, the middle one of a stretch; of days half of which was simulated, or more, as far as
    there are any. At most `MOST_POINTS` rows.
    """
    whole = days[days["observed_days"] >= _LEAST_OBSERVED]
    found: pd.DataFrame = (whole if len(whole) else days).groupby("day")[measure].agg(["mean", "min", "max"])
    if len(found) <= MOST_POINTS:
        return found
    stretch = (found.index - found.index[0]) // ceil((found.index[-1] - found.index[0] + 1) / MOST_POINTS)
    return (
        found.reset_index()
        .groupby(stretch)
        .agg({"day": "mean", "mean": "mean", "min": "min", "max": "max"})
        .set_index("day")
    )


def draw_courses(days: Mapping[str, pd.DataFrame], measure: str, axes: Axes | None = None) -> Axes:
    """
    One measure day by day, a line for each scenario: means, and bands from the lowest to the highest replicate.

    Parameters
    ----------
    days
        Measures of days by the name of the scenario, as `lactflow.analysis.daily.daily` gives them.
    measure
        Its name.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes, in days since birth: day 1 is from 0 to 1.
    """
    axes = new_axes(axes)
    for index, (name, frame) in enumerate(days.items()):
        colour, marker = look_of(index)
        found = by_day(frame, measure)
        middle = found.index.to_numpy() - 0.5
        if len(found) > 1:
            axes.fill_between(middle, found["min"], found["max"], color=colour, alpha=0.15, linewidth=0.0)
        else:
            axes.vlines(middle + 0.02 * index, found["min"], found["max"], color=colour, linewidth=1.2)
        axes.plot(
            middle + (0.02 * index if len(found) == 1 else 0.0),
            found["mean"],
            linestyle=DASHES[index % len(DASHES)],
            marker=marker if len(found) <= _FEW_DAYS else "",
            markersize=4.5,
            color=colour,
            label=literal(name),
        )
    words = in_words(measure)
    axes.set_ylabel(f"{words.label} [{words.unit}]")
    day_axis(axes, sorted({day for frame in days.values() for day in by_day(frame, measure).index}))
    plain_frame(axes)
    legend(axes)
    return axes


class DayOf(NamedTuple):
    """
    One day of a run, in minutes of its calendar day.

    Attributes
    ----------
    number
        Of the day on the calendar; the day of birth is day 1.
    sessions, removals
        What began on it: `kind`, `start_min`, `end_min` and `intake_ml`, or `breast`.
    """

    number: int
    sessions: pd.DataFrame
    removals: pd.DataFrame


def last_day(run: Run) -> DayOf:
    """
    The last day of a run's first unit of work that was simulated from midnight to midnight, or its first day.

    Parameters
    ----------
    run
        One that recorded something.

    Raises
    ------
    ConfigError
        If nothing was recorded.
    """
    if not run.spans_min:
        raise ConfigError("nothing was recorded: there is no day that could be drawn")
    unit, (from_min, to_min) = next(iter(run.spans_min.items()))
    try:
        clock_min = clock_minutes(config_of(run)["birth_clock"])
    except (LactflowError, KeyError, TypeError, ValueError):
        clock_min = 0.0  # the config cannot be read, which costs the clock and not the picture
    day = max(floor((to_min + clock_min) / DAY_MIN) - 1, floor((from_min + clock_min) / DAY_MIN))
    shown = run.only(*unit)
    begin_min = day * DAY_MIN - clock_min
    parts = []
    for table, column in (("sessions", "intake_ml"), ("removals", "breast")):
        rows = shown.read(table, ["kind", "start_min", "end_min", column])
        rows = rows.assign(start_min=rows["start_min"] - begin_min, end_min=rows["end_min"] - begin_min)
        parts.append(rows[(rows["start_min"] < DAY_MIN) & (rows["end_min"] >= 0.0)].reset_index(drop=True))
    return DayOf(day + 1, *parts)


def draw_days(days: Mapping[str, DayOf], axes: Axes | None = None) -> Axes:
    """
    A day of each schedule, a row each.

    In a row the upper half is the left breast and the lower the right one, and a bottle fills both. Hours of the night
    are shaded. Where there is room, the milk of each session [mL] stands beside it.

    Parameters
    ----------
    days
        As `last_day` gives them, by the name of the scenario.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes, in hours of the clock; the first schedule is at the top.
    """
    import pandas as pd

    axes = new_axes(axes, height=1.2 + 0.5 * len(days))
    sessions, removals = (
        pd.concat([_in_row(table, row) for row, table in enumerate(tables)], ignore_index=True)
        for tables in ([day.sessions for day in days.values()], [day.removals for day in days.values()])
    )
    narrow = is_narrow(axes)
    for begin, end in ((0.0, NIGHT_H[1]), (NIGHT_H[0], 24.0)):
        axes.axvspan(begin, end, color=NIGHT, zorder=0)
    for kind, colour in KINDS.items():
        found = [*at_breasts(removals, kind, 0.0), *(bottles(sessions, 0.0) if kind == "bottle" else ())]
        if found:
            fill(axes, map(_below_name, found) if narrow else found, colour, kind)
    if not narrow:
        write_milk(axes, sessions, 0.0)
    hours = range(0, 25, 6 if narrow else 3)
    axes.set_xticks(list(hours), [f"{hour:02d}:00" for hour in hours])
    axes.set_xlim(0.0, 24.0)
    axes.set_ylim(len(days), 0.0)
    axes.set_xlabel("time of day")
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.8)
    axes.tick_params(axis="y", length=0.0)
    if narrow:
        axes.set_yticks([])
        for row, name in enumerate(days):
            axes.text(0.1, row + 0.5 * _NAME, literal(name, 34), fontsize="small", va="center")
    else:
        axes.set_yticks([row + 0.5 for row in range(len(days))], list(map(literal, days)))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    legend(axes)
    return axes


def _below_name(place: Rectangle) -> Rectangle:
    """A rectangle in what its name leaves of its row."""
    left, right, *ends = place
    row = floor(ends[0])
    top, bottom = (row + _NAME + (1.0 - _NAME) * (end - row) for end in ends)
    return left, right, top, bottom


def _in_row(table: pd.DataFrame, row: int) -> pd.DataFrame:
    """Times of a day as those of the day of its row; what goes over midnight is cut."""
    times = table[["start_min", "end_min"]].clip(0.0, DAY_MIN - 1e-6) + row * DAY_MIN
    return table.assign(start_min=times["start_min"], end_min=times["end_min"])
