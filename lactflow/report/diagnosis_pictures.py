"""Pictures and tables of a diagnosis, for its page."""

from __future__ import annotations

from functools import partial
from math import ceil, isfinite, log
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.drawing.diagnosis import (
    COURSES,
    MOST_PANELS,
    by_weight,
    draw_contributions,
    draw_courses_of,
    draw_probabilities,
    her_value,
    in_words,
    per_cent,
)
from lactflow.diagnosis.files import shipped, shipped_files
from lactflow.report.blocks import Block, Picture, Table
from lactflow.report.numbers import number, signed
from lactflow.report.picture import picture
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_ROW_PX, _FRAME_PX = 27.0, 92.0
_NARROW_ROW_PX, _NARROW_FRAME_PX = 42.0, 120.0
_PANEL_PX, _NARROW_PANEL_PX = 165.0, 175.0
_OF_MILK = ("test_weigh", "pump")


def probabilities_picture(diagnoses: pd.DataFrame) -> Picture:
    """
    Mechanisms with their probabilities and intervals.

    Parameters
    ----------
    diagnoses
        Of a diagnosis.
    """
    rows = [
        [
            str(row["title"]),
            *(per_cent(row[name]) for name in ("probability", "low", "high", "prior", "right")),
            f"{number(row['distance'])}{', outside' if row['distance'] > 1.0 else ''}",
        ]
        for row in diagnoses.to_dict("records")
    ]
    return picture(
        "probabilities",
        "Probability of each mechanism",
        "Lines are 95 % intervals: what other virtual mothers would have given. Dotted lines are what each had before "
        "the record. All of it holds if one of these mechanisms, and no other, is at work.",
        lambda figure: draw_probabilities(diagnoses, figure.add_subplot()),
        Table(
            "Probabilities; its own is what virtual mothers with it get on average, distance is over that within which "
            "99.5 % of them lie",
            ["mechanism", "probability", "from", "to", "before the record", "its own", "distance"],
            rows,
        ),
        height_px=_FRAME_PX + _ROW_PX * len(rows),
        narrow_px=_NARROW_FRAME_PX + _NARROW_ROW_PX * len(rows),
    )


def both_table(shown: pd.DataFrame, pairs: pd.DataFrame, pair: Mapping[str, Any]) -> Table:
    """
    Both mechanisms at once beside either alone, as one more rival.

    Parameters
    ----------
    shown
        Its rows, as `lactflow.diagnosis.together.side_by_side` gives them.
    pairs
        Of a diagnosis.
    pair
        What its manifest has about them.
    """
    own = pairs.set_index("mechanism").loc[pair["mechanism"]]
    rows = [
        [
            str(row["title"]),
            per_cent(row["probability"]),
            f"{per_cent(row['low'])} to {per_cent(row['high'])}" if isfinite(row["low"]) else "-",
            per_cent(row["of_both"]),
        ]
        for row in shown.to_dict("records")
    ]
    return Table(
        "Both as one more rival; before the record they had "
        f"{per_cent(own['prior'])}. The last column is what virtual mothers with both get on average",
        ["at work", "probability", "95 % interval", "if both"],
        rows,
    )


def meanings_table(diagnoses: pd.DataFrame) -> Table:
    """
    What the mechanisms are; of a user's own, that it is one.

    Parameters
    ----------
    diagnoses
        Of a diagnosis.
    """
    rows = [
        [str(title), _meaning(str(name), str(title))]
        for name, title in zip(diagnoses["mechanism"], diagnoses["title"], strict=True)
    ]
    return Table("What the mechanisms are", ["mechanism", "what it is"], rows, frozenset({1}), folded=True)


def _meaning(name: str, title: str) -> str:
    if name in shipped_files() and shipped(name).title == title:
        return shipped(name).meaning
    return "declared in a file of the user"


def courses_pictures(diagnoses: pd.DataFrame, courses: pd.DataFrame, observations: pd.DataFrame) -> list[Block]:
    """
    Her course in the fan of each mechanism: weight, and milk where any was measured.

    Parameters
    ----------
    diagnoses, courses, observations
        Of a diagnosis.
    """
    more = len(diagnoses) - MOST_PANELS
    which = f" Of {len(diagnoses)} mechanisms the {MOST_PANELS} most probable ones are shown." if more > 0 else ""
    how = (
        "A panel for each mechanism, the most probable first. Bands hold 90 of 100 of its virtual mothers, the line is "
        f"their median.{which}"
    )
    draw = partial(_courses_picture, diagnoses=diagnoses, courses=courses, observations=observations)
    shown: list[Block] = [
        draw(
            "weight_kg",
            title="Weight of the infant",
            caption=f"{how} {_weights_in_words(diagnoses, courses, observations)}",
        )
    ]
    if observations["kind"].isin(_OF_MILK).any():
        text = (
            f"{how} Hers is not known: a test weighing is of one feed, and what can be pumped is not what is taken. "
            "Both were held against the same feed or pumping of virtual mothers, below."
        )
        title = "Milk that the infant takes in a day"
        shown.append(draw("intake_ml_per_day", title=title, caption=text))
    return shown


def _courses_picture(
    what: str,
    diagnoses: pd.DataFrame,
    courses: pd.DataFrame,
    observations: pd.DataFrame,
    *,
    title: str,
    caption: str,
) -> Picture:
    panels = min(MOST_PANELS, len(diagnoses))
    return picture(
        f"course-{what}",
        title,
        caption,
        partial(draw_courses_of, diagnoses, courses, observations, what),
        _last_table(diagnoses, courses, what),
        height_px=60.0 + _PANEL_PX * ceil(panels / 2),
        narrow_px=90.0 + _NARROW_PANEL_PX * panels,
    )


def _last_table(diagnoses: pd.DataFrame, courses: pd.DataFrame, what: str) -> Table:
    """Bands of the last day."""
    of_it = courses[courses["what"] == what].sort_values("day").drop_duplicates("mechanism", keep="last")
    last = of_it.set_index("mechanism")
    rows = [
        [str(title), number(last.loc[name, "day"]), *(number(last.loc[name, end]) for end in ("low", "median", "high"))]
        for name, title in zip(diagnoses["mechanism"], diagnoses["title"], strict=True)
        if name in last.index
    ]
    return Table(f"{COURSES[what].label} on the last day", ["mechanism", "day", "5 %", "median", "95 %"], rows)


def _weights_in_words(diagnoses: pd.DataFrame, courses: pd.DataFrame, observations: pd.DataFrame) -> str:
    """In which bands her last weight lies."""
    own = observations[observations["kind"] == "weight"].sort_values("time_min")
    if own.empty:
        return "The record has no weights of the infant."
    at, value = own["time_min"].iloc[-1] / DAY_MIN, own["value"].iloc[-1]
    inside = []
    for name, title in zip(diagnoses["mechanism"], diagnoses["title"], strict=True):
        band = courses[(courses["mechanism"] == name) & (courses["what"] == "weight_kg")].sort_values("day")
        if len(band) and np.interp(at, band["day"], band["low"]) <= value <= np.interp(at, band["day"], band["high"]):
            inside.append(str(title))
    where = f"the band of {', '.join(inside)}" if inside else "no band"
    return f"Points are those of the record. The last one, {number(value)} kg, lies in {where}."


def contributions_picture(observations: pd.DataFrame, titles: Sequence[str]) -> Picture:
    """
    What each observation adds to the log odds of the two leaders.

    Parameters
    ----------
    observations
        Of a diagnosis.
    titles
        Of the leader, and of the next mechanism.
    """
    rows = [
        [in_words(row["observation"]), signed(row["log_odds"])] for row in by_weight(observations).to_dict("records")
    ]
    return picture(
        "contributions",
        f"For {titles[0]}, or for {titles[1]}",
        "How the odds would change if one observation were left out and all others kept: observations that show the "
        f"same share their weight. Bars to the right speak for {titles[0]}. A change of 0.7 doubles the odds, one of "
        "2.3 makes them tenfold. Beside a bar stands her value and, where there is room, 90 of 100 virtual mothers "
        f"with {titles[0]}.",
        lambda figure: draw_contributions(observations, titles, figure.add_subplot()),
        Table("Change of the log odds", ["observation", f"{titles[0]} over {titles[1]}"], rows),
        height_px=_FRAME_PX + _ROW_PX * len(rows),
        narrow_px=_NARROW_FRAME_PX + _NARROW_ROW_PX * len(rows),
    )


def observations_table(observations: pd.DataFrame, leader: str) -> Table:
    """
    Every observation beside the virtual mothers of the leader.

    Parameters
    ----------
    observations
        Of a diagnosis.
    leader
        Title of the most probable mechanism.
    """
    rows = [
        [
            in_words(row["observation"]),
            her_value(row),
            number(row["leader_median"]),
            f"{number(row['leader_low'])} to {number(row['leader_high'])}",
            per_cent(row["gone"]),
        ]
        for row in observations.to_dict("records")
    ]
    columns = ["observation", "hers", "their median", "90 % of them", "have no value"]
    return Table(f"Her values, and those of virtual mothers with {leader} without errors of instruments", columns, rows)


def next_table(helps: pd.DataFrame, diagnoses: pd.DataFrame) -> Table:
    """
    What is worth measuring, the most useful first.

    Parameters
    ----------
    helps
        Rows of `next` that help.
    diagnoses
        Of a diagnosis: their probabilities are the doubt that there is.
    """
    doubt = sum(-each * log(each) for each in diagnoses["probability"] if each > 0.0)
    rows = [
        [
            in_words(row["measurement"]),
            per_cent(row["fall_nats"] / doubt) if doubt > 0.0 else "-",
            str(row["effort"]),
        ]
        for row in helps.to_dict("records")
    ]
    return Table(
        "How much of the doubt each is expected to take away, a day after the last fact (entropy, now "
        f"{number(doubt)} nats)",
        ["measure", "of the doubt", "effort"],
        rows,
        frozenset({2}),
    )


def leaders_table(confusion: pd.DataFrame, diagnoses: pd.DataFrame) -> Table:
    """
    What mothers with either of the two leaders get, from these observations.

    Parameters
    ----------
    confusion, diagnoses
        Of a diagnosis.
    """
    matrix = _matrix(confusion)
    names = [str(each) for each in diagnoses["mechanism"]]
    title = dict(zip(names, map(str, diagnoses["title"]), strict=True))
    leaders = names[:2]
    rows = [[title[name], *(_cell(matrix, truth, name) for truth in leaders)] for name in names]
    return Table(
        f"Mean probability that is given to virtual mothers with {title[leaders[0]]} (a), and to those with "
        f"{title[leaders[1]]} (b)",
        ["mechanism", "a", "b"],
        rows,
    )


def matrix_table(confusion: pd.DataFrame, diagnoses: pd.DataFrame) -> Table:
    """
    The same of all mechanisms, folded.

    Parameters
    ----------
    confusion, diagnoses
        Of a diagnosis.
    """
    matrix = _matrix(confusion)
    names = [str(each) for each in diagnoses["mechanism"]]
    titles = [str(each) for each in diagnoses["title"]]
    rows = [
        [title, *(_cell(matrix, truth, name) for name in names)] for truth, title in zip(names, titles, strict=True)
    ]
    return Table(
        "All mechanisms: in a row virtual mothers with a mechanism, in a column the mean probability that each gets",
        ["has", *titles],
        rows,
        folded=True,
    )


def _matrix(confusion: pd.DataFrame) -> dict[tuple[str, str], float]:
    rows: list[dict[Any, Any]] = confusion.to_dict("records")
    return {(str(row["truth"]), str(row["mechanism"])): float(row["probability"]) for row in rows}


def _cell(matrix: dict[tuple[str, str], float], truth: str, name: str) -> str:
    return per_cent(matrix[truth, name]) if (truth, name) in matrix else "-"
