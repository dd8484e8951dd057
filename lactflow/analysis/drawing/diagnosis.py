"""A diagnosis: probabilities of mechanisms, her course in the fan of each, and what each observation contributes."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from lactflow.analysis.digits import number
from lactflow.analysis.drawing.style import (
    FAINT,
    INK,
    LINES,
    RULE,
    is_narrow,
    legend,
    legend_above,
    literal,
    new_axes,
    plain_frame,
)
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEADER, NEXT, OTHER = LINES[0], LINES[1], LINES[5]
"""Colours of the two most probable mechanisms and of the others; the two also lie at the top of every picture."""
MOST_PANELS = 12
"""Mechanisms whose courses are drawn, the most probable ones."""
_ROW_IN = 0.42
_BAR = 0.5
_NARROW_BAR, _LOWER = 0.3, 0.2
"""Where names stand above bars: height of a bar, and how far below the middle of its row it lies."""
_MOST_DAYS = 60
"""Days of a fan; of a longer one every second or third is drawn."""
_LONGEST_NAME = 44


class Course(NamedTuple):
    """
    What is drawn by day.

    Attributes
    ----------
    label
        On the axis.
    kind
        Of the observations that are of the same; empty for none.
    within
        Where in its day a value lies, which counts from 1: 0 at its end.
    """

    label: str
    kind: str
    within: float


COURSES = {
    "weight_kg": Course("weight [kg]", "weight", 0.0),
    "intake_ml_per_day": Course("milk taken [mL/day]", "", 0.5),
}
"""By the word in `what` of the courses of a diagnosis."""


def draw_probabilities(diagnoses: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """
    How probable each mechanism is, with its interval, and how probable it was before the record.

    Parameters
    ----------
    diagnoses
        Of a diagnosis (`lactflow.diagnosis.diagnosis.Diagnosis.diagnoses`).
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes, in per cent.
    """
    axes = new_axes(axes, height=0.9 + _ROW_IN * len(diagnoses))
    at, height = _rows(axes, [str(each) for each in diagnoses["title"]])
    for place, row in zip(at, diagnoses.to_dict("records"), strict=True):
        first = place == at[0]
        colour = LEADER if first else NEXT if place == at[1] else OTHER
        value, low, high, prior = (100.0 * row[name] for name in ("probability", "low", "high", "prior"))
        axes.barh(place, value, height=height, color=colour, alpha=0.75, zorder=2)
        axes.plot(
            [low, high],
            [place, place],
            color=INK,
            linewidth=1.4,
            marker="|",
            markersize=9,
            zorder=4,
            label="95 % interval" if first else None,
        )
        axes.plot(
            [prior, prior],
            [place - 0.5 * height, place + 0.5 * height],
            color=FAINT,
            linewidth=1.4,
            linestyle=":",
            zorder=3,
            label="before the record" if first else None,
        )
        end = max(value, high, prior)
        axes.text(end + 1.5, place, per_cent(row["probability"]), va="center", fontsize="small", color=INK)
    axes.set_xlim(0.0, 110.0)
    axes.set_xticks(range(0, 101, 25 if is_narrow(axes) else 10))
    axes.set_xlabel("probability [%]")
    legend_above(axes)
    return axes


def per_cent(share: float) -> str:
    """`43 %`; what is more than nothing is not 0."""
    return "under 1 %" if 0.0 < share < 0.005 else f"{100.0 * share:.0f} %"


def draw_contributions(observations: pd.DataFrame, titles: Sequence[str], axes: Axes | None = None) -> Axes:
    """
    What each observation adds to the log odds of the leader over the next mechanism, the most first.

    Beside a bar stand her value and, in brackets, 5 to 95 % of the virtual mothers of the leader; on a phone her value.

    Parameters
    ----------
    observations
        Of a diagnosis (`lactflow.diagnosis.diagnosis.Diagnosis.observations`).
    titles
        Of the leader and of the next mechanism.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes: to the right is for the leader.
    """
    rows = by_weight(observations).to_dict("records")
    axes = new_axes(axes, height=1.2 + _ROW_IN * len(rows))
    narrow = is_narrow(axes)
    at, height = _rows(
        axes,
        [
            f"{in_words(row['observation'])}: {her_value(row)}" if narrow else in_words(row["observation"])
            for row in rows
        ],
    )
    odds = [float(row["log_odds"]) for row in rows]
    reach = 1.1 * max([0.5, *map(abs, odds)])
    axes.set_xlim(-reach, reach)
    for place, each, row in zip(at, odds, rows, strict=True):
        axes.barh(place, each, height=height, color=LEADER if each >= 0.0 else NEXT, zorder=2)
        if not narrow:
            beside = literal(f"{her_value(row)} ({number(row['leader_low'])} to {number(row['leader_high'])})", 60)
            axes.text(1.015, place, beside, transform=axes.get_yaxis_transform(), va="center", fontsize=10.5)
    for colour, title in zip((LEADER, NEXT), titles, strict=True):
        axes.barh(0.0, 0.0, color=colour, label=f"for {literal(title, _LONGEST_NAME)}")
    axes.axvline(0.0, color=INK, linewidth=1.0, zorder=3)
    axes.set_xlabel("change of log odds")
    legend_above(axes)
    return axes


def by_weight(observations: pd.DataFrame) -> pd.DataFrame:
    """Observations by the size of what they contribute, the most first."""
    order = observations["log_odds"].abs().sort_values(ascending=False, kind="stable").index
    return observations.loc[order]


_KINDS = {"test_weigh": "test weighing", "pump": "pumping"}
"""Kinds of observations whose names in a record are no nouns."""


def in_words(name: object) -> str:
    """Name of an observation or a measurement, without the underscores of kinds: `feeds per day, day 8`."""
    kind, mark, rest = str(name).partition(",")
    return f"{_KINDS.get(kind, kind.replace('_', ' '))}{mark}{rest}"


def her_value(row: Mapping[Any, Any]) -> str:
    """What was observed: `24.0 mmol/L`, `<10.0 mmol/L`, `12.0 a day`."""
    sign = {"below": "<", "above": ">"}.get(str(row["limit"]), "")
    unit = "a day" if row["unit"] == "1/d" else str(row["unit"])
    return f"{sign}{number(float(row['value']))} {unit}".rstrip()


def draw_course(
    courses: pd.DataFrame,
    observations: pd.DataFrame,
    mechanism: str,
    axes: Axes | None = None,
    *,
    what: str = "weight_kg",
    colour: str = OTHER,
) -> Axes:
    """
    A course in the virtual mothers of one mechanism: the median and the band of 90 % of them, and hers as points.

    Parameters
    ----------
    courses, observations
        Of a diagnosis (`lactflow.diagnosis.diagnosis.Diagnosis`).
    mechanism
        Its name.
    axes
        To draw on; a new figure when None.
    what
        `weight_kg` or `intake_ml_per_day`.
    colour
        Of the band.

    Returns
    -------
    The axes, in days since birth: day 1 is from 0 to 1.
    """
    axes = new_axes(axes)
    course = COURSES[what]
    band = courses[(courses["mechanism"] == mechanism) & (courses["what"] == what)].sort_values("day")
    if len(band) > _MOST_DAYS:
        band = band.iloc[:: ceil(len(band) / _MOST_DAYS)]
    at = band["day"].to_numpy(float) - course.within
    axes.fill_between(at, band["low"], band["high"], color=colour, alpha=0.22, linewidth=0.0, label="90 % of them")
    axes.plot(at, band["median"], color=colour, linewidth=1.8, label="their median")
    own = observations[observations["kind"] == course.kind]
    if len(own):
        axes.plot(
            own["time_min"] / DAY_MIN,
            own["value"],
            linestyle="",
            marker="D",
            markersize=6.0,
            markerfacecolor=INK,
            markeredgecolor=INK,
            label="hers",
            zorder=4,
        )
    plain_frame(axes)
    axes.set_xlabel("days since birth")
    axes.set_ylabel(course.label)
    axes.locator_params(axis="x", nbins=6 if is_narrow(axes) else 8, integer=True)
    return axes


def draw_courses_of(
    diagnoses: pd.DataFrame, courses: pd.DataFrame, observations: pd.DataFrame, what: str, figure: Figure
) -> list[Axes]:
    """
    A panel for each mechanism, the most probable first: two side by side, on a phone one below the other.

    Parameters
    ----------
    diagnoses, courses, observations
        Of a diagnosis (`lactflow.diagnosis.diagnosis.Diagnosis`).
    what
        `weight_kg` or `intake_ml_per_day`.
    figure
        Without axes.

    Returns
    -------
    The axes of the panels; all have the same ends.
    """
    shown = diagnoses.head(MOST_PANELS).to_dict("records")
    columns = panel_columns(figure.get_figwidth())
    grid = figure.subplots(ceil(len(shown) / columns), columns, squeeze=False, sharex=True, sharey=True)
    panels: list[Axes] = list(grid.flat)
    for place, (axes, row) in enumerate(zip(panels, shown, strict=False)):
        colour = (LEADER, NEXT)[place] if place < 2 else OTHER
        draw_course(courses, observations, str(row["mechanism"]), axes, what=what, colour=colour)
        axes.set_title(f"{literal(row['title'], _LONGEST_NAME)}, {per_cent(row['probability'])}", loc="left")
        axes.label_outer()
    for axes in panels[len(shown) :]:
        axes.remove()
    for axes in panels[max(0, len(shown) - columns) : len(shown)]:
        axes.tick_params(labelbottom=True)
        axes.set_xlabel("days since birth")
    if is_narrow(panels[0]):
        legend(panels[0])
    else:
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=len(labels))
    return panels[: len(shown)]


def panel_columns(width_in: float) -> int:
    """Panels side by side in a figure of such a width."""
    return 2 if width_in >= 6.0 else 1


def _rows(axes: Axes, names: Sequence[str]) -> tuple[list[float], float]:
    """
    Rows of bars under one another, without a frame: where they lie, and how high they are.

    Names stand at the left, and on a phone above the bars.
    """
    shown = [literal(name, _LONGEST_NAME) for name in names]
    narrow = is_narrow(axes)
    axes.set_ylim(len(names) - 0.5, -0.5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0.0)
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    if not narrow:
        axes.set_yticks(range(len(names)), shown)
        return [float(place) for place in range(len(names))], _BAR
    axes.set_yticks([])
    for place, name in enumerate(shown):
        axes.text(0.0, place - 0.22, name, transform=axes.get_yaxis_transform(), va="center", fontsize="small")
    return [place + _LOWER for place in range(len(names))], _NARROW_BAR
