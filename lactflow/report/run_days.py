"""What a run gave day by day: milk, its composition, and what it made of the infants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lactflow.analysis.daily import daily
from lactflow.analysis.in_words import MEASURES
from lactflow.report.blocks import Block, Note
from lactflow.report.courses import over_time
from lactflow.report.published import published
from lactflow.report.thinning import MOST_POINTS, thinned
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from lactflow.analysis.run import Run
    from lactflow.analysis.tally import Tallied
    from lactflow.report.moments import Moment
    from lactflow.report.numbers import TimeAxis

_SIDES = ("left", "right")
_CONTENTS = ("fat_g_per_l", "lactose_g_per_l", "protein_g_per_l", "sodium_mmol_per_l")
_LEAST_OF_A_DAY = 0.25
"""Of which there is a point: the pace of an hour is no pace of a day."""
_REMARKS = {"sodium_mmol_per_l": " Sodium is high while the junctions between cells are open."}


def by_day(run: Run, axis: TimeAxis, tallied: Tallied) -> pd.DataFrame:
    """
    Measures by day, averaged over units of work; a last day of which little was simulated is left out.

    Parameters
    ----------
    run
        The whole run.
    axis
        Of the page.
    tallied
        Tallies of the run.

    Returns
    -------
    `day`, the measures, and `time_min`: the middle of what was recorded of the day [min since birth].
    """
    days = (
        daily(run, tallied).groupby("day").mean(numeric_only=True).drop(columns=["mother", "replicate"]).reset_index()
    )
    long = days["observed_days"] >= _LEAST_OF_A_DAY
    days = days[long].reset_index(drop=True) if long.sum() > 1 else days
    days["time_min"] = [axis.middle_of(day) for day in days["day"]]
    return days


def milk(days: pd.DataFrame, shown: Run, axis: TimeAxis, marks: Sequence[Moment]) -> list[Block]:
    """Milk by day, and the rate of secretion within days."""
    names = ("made_ml_per_day", "removed_ml_per_day", "intake_ml_per_day")
    partly = (
        " Of a day that was simulated in part, amounts are those of 24 h; less than a quarter of a day is left out."
    )
    return [
        over_time(
            axis,
            days["time_min"],
            {MEASURES[name].label: days[name] for name in names},
            "mL/day",
            name="milk",
            title="Both breasts",
            caption=f"Milk made, milk removed, and intake of the infant, bottles too.{partly}",
            marks=marks,
            published=published("made_ml_per_day"),
        ),
        *(
            over_time(
                axis,
                days["time_min"],
                {side: days[f"{name}_{side}"] for side in _SIDES},
                "mL/day",
                name=name.replace("_", "-"),
                title=f"{MEASURES[name].label.capitalize()}, left and right",
                caption="",
                marks=marks,
            )
            for name in names[:2]
        ),
        *_secretion(shown, axis, marks),
    ]


def _secretion(shown: Run, axis: TimeAxis, marks: Sequence[Moment]) -> list[Block]:
    """The rate of secretion of each breast."""
    samples = shown.read("breasts", ["time_min", "breast", "secretion_ml_per_h"])
    if samples.empty:
        return [Note("The table breasts has no rows.")]
    wide = samples.pivot_table(index="time_min", columns="breast", values="secretion_ml_per_h").reset_index()
    sides = [side for side in _SIDES if side in wide]
    thin = thinned(wide, sides, axis)
    return [
        over_time(
            axis,
            thin.time_min,
            thin.columns,
            "mL/h",
            name="secretion",
            title="Rate of secretion",
            caption=f"Milk that comes into the lumens of each breast. {thin.caption}".strip(),
            bands=thin.bands,
            marks=marks,
        )
    ]


def composition(days: pd.DataFrame, shown: Run, axis: TimeAxis, marks: Sequence[Moment]) -> list[Block]:
    """What is in the milk: by day, or by removal where days are few."""
    if axis.in_hours:
        removals = shown.read("removals", ["start_min", "breast", "removed_ml", *_CONTENTS])
        rows = removals[removals["removed_ml"] > 0.0].sort_values("start_min", kind="stable")
        time_min, caption = rows["start_min"], "of the milk that each session took from a breast"
    else:
        rows, time_min, caption = days, days["time_min"], "of the milk taken on each day"
    if rows.empty or len(rows) > MOST_POINTS:
        return [Note("No milk was taken." if rows.empty else "There are too many removals to draw.")]
    return [
        over_time(
            axis,
            time_min,
            by_breast(rows, name) if axis.in_hours else {MEASURES[name].label: rows[name]},
            MEASURES[name].unit,
            name=name.split("_")[0],
            title=MEASURES[name].label.capitalize(),
            caption=f"Concentration {caption}.{_REMARKS.get(name, '')}",
            marks=marks,
            published=published(name),
            joined=axis.in_hours,
        )
        for name in _CONTENTS
    ]


def by_breast(rows: pd.DataFrame, name: str) -> dict[str, pd.Series[float]]:
    """A column of removals, one for each breast that has any: the milk of two breasts is no course of one."""
    return {side: rows[name].where(rows["breast"] == side) for side in _SIDES if (rows["breast"] == side).any()}


def infants(shown: Run, axis: TimeAxis, marks: Sequence[Moment]) -> list[Block]:
    """What each infant took."""
    samples = shown.read("infants", ["time_min", "infant", "intake_ml"])
    if samples.empty:
        return [Note("There is no infant in this run.")]
    several = len(samples["infant"].unique()) > 1
    samples["name"] = [f"infant {number}" if several else "infant" for number in samples["infant"]]
    by_name = {str(name): rows for name, rows in samples.groupby("name")}
    midnights = np.arange(np.ceil(axis.from_min / DAY_MIN), np.floor(axis.to_min / DAY_MIN) + 1.0) * DAY_MIN
    edges_min = np.unique([axis.from_min, *midnights, axis.to_min])
    taken = {
        name: np.diff(np.interp(edges_min, rows["time_min"], rows["intake_ml"])) / np.diff(edges_min) * DAY_MIN
        for name, rows in by_name.items()
    }
    return [
        over_time(
            axis,
            0.5 * (edges_min[:-1] + edges_min[1:]),
            taken,
            "mL/day",
            name="intake",
            title="Intake",
            caption="What each infant took, bottles too, day by day, as an amount in 24 h.",
            marks=marks,
        ),
    ]
