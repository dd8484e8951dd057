"""Pictures of the app, each with what it shows in words, and the numbers beside them."""

from __future__ import annotations

import io
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from lactflow.analysis.drawing.course import draw_course
from lactflow.analysis.drawing.day import draw_day, stored_over
from lactflow.analysis.drawing.style import FAINT, LINES, legend
from lactflow.analysis.in_words import measure as in_words
from lactflow.config.text import counted
from lactflow.records import BREASTS
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.analysis.run import MemoryRun

COURSES = (
    "removed_ml_per_day",
    "made_ml_per_day",
    "intake_ml_per_day",
    "fullness",
    "inhibitor",
    "hours_above_80_percent_full_per_day",
    "active_cells_fraction",
    "fat_g_per_l",
    "infant_weight_kg",
)
"""Measures that can be drawn day by day."""
NUMBERS = (
    "made_ml_per_day",
    "removed_ml_per_day",
    "intake_ml_per_day",
    "sessions_per_day",
    "let_downs_per_feed",
    "fullness",
    "emptied_fraction",
    "hours_above_80_percent_full_per_day",
    "inhibitor",
    "active_cells_fraction",
    "fat_g_per_l",
)
"""Measures of the table of numbers."""
_WIDTH_IN, _HEIGHT_IN = 5.0, 4.2
"""Two of them stand beside each other on a wide page, and letters can be read on a phone."""
_BELOW_IN, _ABOVE_IN = 1.25, 0.75
"""Room for the axis with the legend, and for the numbers with the title."""


class Picture(NamedTuple):
    """
    A picture and its words.

    Attributes
    ----------
    svg
        The picture.
    title
        What it is of.
    words
        What it shows, for those who do not see it.
    """

    svg: str
    title: str
    words: str

    @property
    def html(self) -> str:
        """The picture with its words below it, on its own: no other file is needed."""
        source = f"data:image/svg+xml;base64,{b64encode(self.svg.encode()).decode()}"
        image = f'<img src="{source}" alt="{escape(self.title)}; in words below" style="width: 100%">'
        style = f"margin: 0; max-width: {_WIDTH_IN:g}in"
        return f'<figure style="{style}">{image}<figcaption>{escape(self.words)}</figcaption></figure>'


def day_picture(run: MemoryRun, day: int) -> Picture:
    """
    One day in two breasts.

    Parameters
    ----------
    run
        Of one mother.
    day
        Its number.

    Raises
    ------
    ConfigError
        If the run has nothing of that day.
    """
    axes = _new_axes()
    draw_day(run, day, axes)
    return Picture(_svg(axes), f"Day {day} in both breasts", day_in_words(run, day))


def course_picture(run: MemoryRun, other: MemoryRun, name: str) -> Picture:
    """
    One measure day by day, beside that of the config as it is.

    Parameters
    ----------
    run
        With what was chosen.
    other
        Of the config as it is, over the same days.
    name
        One of `COURSES`.

    Raises
    ------
    ConfigError
        If matplotlib is not installed.
    """
    axes = _new_axes()
    draw_course(other, name, axes)
    draw_course(run, name, axes)
    before, now = axes.get_lines()[:2]
    before.set(color=FAINT, linestyle="--", label="config as it is")
    now.set(color=LINES[0], label="as chosen")
    axes.set_ylim(bottom=min(0.0, *axes.get_ylim()))
    legend(axes)
    return Picture(_svg(axes), f"{in_words(name).label} day by day", course_in_words(run, other, name))


def _new_axes() -> Axes:
    """On a figure that pyplot does not keep: the app draws in threads, and for hours."""
    from matplotlib.figure import Figure

    # Margins are set: to work them out takes as long as the drawing itself.
    figure = Figure(figsize=(_WIDTH_IN, _HEIGHT_IN))
    figure.subplots_adjust(left=0.14, right=0.94, bottom=_BELOW_IN / _HEIGHT_IN, top=1.0 - _ABOVE_IN / _HEIGHT_IN)
    axes: Axes = figure.subplots()
    return axes


def _svg(axes: Axes) -> str:
    from matplotlib import rc_context

    page = io.StringIO()
    with rc_context({"svg.fonttype": "none", "font.family": "sans-serif"}):
        axes.get_figure(root=True).savefig(page, format="svg")  # type: ignore[union-attr]  # it has one
    return page.getvalue()


def day_in_words(run: MemoryRun, day: int) -> str:
    """
    What the picture of a day shows.

    Parameters
    ----------
    run
        Of one mother.
    day
        Its number.
    """
    from_min, to_min = (day - 1.0) * DAY_MIN, day * DAY_MIN
    sessions, removals, let_downs = (
        _between(run[table], column, from_min, to_min)
        for table, column in (("sessions", "start_min"), ("removals", "start_min"), ("let_downs", "time_min"))
    )
    bottles = sessions[sessions["kind"] == "bottle"]
    left_ml, right_ml = (removals.loc[removals["breast"] == side, "removed_ml"].sum() for side in BREASTS)
    number = len(sessions) - len(bottles)
    let_down = counted(let_downs["let_down"].nunique(), "let-down")
    taken = f"took {left_ml + right_ml:.0f} mL of milk"
    sides = f"{left_ml:.0f} mL from the left breast and {right_ml:.0f} mL from the right one"
    parts = [f"Day {day}: {counted(number, 'session')} {taken}, {sides}, in {let_down}."]
    if number > 1:
        starts = sessions.loc[sessions["kind"] != "bottle", "start_min"]
        parts.append(f"The longest time from one session to the next was {starts.diff().max() / HOUR_MIN:.1f} h.")
    if len(bottles):
        parts.append(f"{counted(len(bottles), 'bottle')} gave {bottles['intake_ml'].sum():.0f} mL.")
    parts += [_held_in_words(run, side, from_min, to_min) for side in BREASTS]
    return " ".join(parts)


def _held_in_words(run: MemoryRun, side: str, from_min: float, to_min: float) -> str:
    samples, removals = (rows[rows["breast"] == side] for rows in (run["breasts"], run["removals"]))
    held = _between(stored_over(samples, removals), "time_min", from_min, to_min)["volume_ml"]
    capacity_ml = _between(samples, "time_min", from_min, to_min)["capacity_ml"].mean()
    return f"The {side} breast held {held.min():.0f} to {held.max():.0f} mL, and its capacity was {capacity_ml:.0f} mL."


def _between(rows: pd.DataFrame, column: str, from_min: float, to_min: float) -> pd.DataFrame:
    return rows[(rows[column] >= from_min) & (rows[column] < to_min)]


def course_in_words(run: MemoryRun, other: MemoryRun, name: str) -> str:
    """
    What the picture of a course shows.

    Parameters
    ----------
    run, other, name
        As `course_picture` takes them.
    """
    label, unit = in_words(name)
    days = run.daily().set_index("day")[name].dropna()
    label = label[0].upper() + label[1:]
    if days.empty:
        return f"{label}: there is none."
    before = other.daily().set_index("day")[name].reindex(days.index)
    last = days.index[-1]
    return (
        f"{label} on days {days.index[0]} to {last}: {days.min():.3g} to {days.max():.3g} {unit}; on day {last} it was"
        f" {days.iloc[-1]:.3g}, and {before.iloc[-1]:.3g} with the config as it is."
    )


def numbers(run: MemoryRun, other: MemoryRun) -> pd.DataFrame:
    """
    Measures over all days that were simulated, beside those of the config as it is.

    Parameters
    ----------
    run, other
        As `course_picture` takes them.

    Returns
    -------
    `measure` in words, `as chosen`, `config as it is`, `difference`, `unit`; measures without a value are left out.
    """
    import pandas as pd

    now, before = run.summary(), other.summary()
    rows = [
        (in_words(name).label, now[name], before[name], now[name] - before[name], in_words(name).unit)
        for name in NUMBERS
        if now[name] == now[name]  # no NaN
    ]
    return pd.DataFrame(rows, columns=["measure", "as chosen", "config as it is", "difference", "unit"])
