"""Substances that a run adds to milk: their concentrations, by removal or by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.plugins import SHIPPED
from lactflow.report.blocks import Block, Note
from lactflow.report.courses import over_time
from lactflow.report.provenance import cut
from lactflow.report.run_days import by_breast
from lactflow.report.thinning import MOST_POINTS
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from lactflow.analysis.run import Run
    from lactflow.report.moments import Moment
    from lactflow.report.numbers import TimeAxis

_UNIT_OF_WORK = ["mother", "replicate"]
_CALLED = {
    "siga": "Secretory IgA",
    "igm": "IgM",
    "igg": "IgG",
    "albumin": "Serum albumin",
    "hmo": "Oligosaccharides",
    "other_protein": "Other protein",
}
"""Headings of shipped substances whose name in tables says less."""
_MOST_DRAWN = 24
"""Substances; a page has to stay small."""
_ML_PER_L = 1000.0


def contents(run: Run, shown: Run, axis: TimeAxis, marks: Sequence[Moment], drugs: Sequence[str] = ()) -> list[Block]:
    """
    What each added substance amounts to in a litre of the milk that was taken.

    Parameters
    ----------
    run
        The whole run, whose units of work days take together.
    shown
        The unit of work whose removals are shown where days are few.
    axis, marks
        Of the page.
    drugs
        Names that have a section of their own.

    Returns
    -------
    A chart for each substance; nothing for a run that adds none, or whose table is not there.
    """
    if "removal_contents" not in run.tables:
        return []
    rows = _rows(shown if axis.in_hours else run, drugs)
    found = rows if axis.in_hours else _by_day(rows, axis)
    names = list(dict.fromkeys(rows["analyte"]))
    caption = "of the milk that each session took from a breast" if axis.in_hours else "of the milk taken on each day"
    blocks: list[Block] = []
    for place, name in enumerate(names[:_MOST_DRAWN]):
        of_one = found[found["analyte"] == name].sort_values("time_min", kind="stable")
        if len(of_one) > MOST_POINTS:
            blocks.append(Note(f"{name}: there are too many removals to draw."))
            continue
        title = _title(name)
        blocks.append(
            over_time(
                axis,
                of_one["time_min"],
                by_breast(of_one, "per_l") if axis.in_hours else {title: of_one["per_l"]},
                f"{of_one['unit'].iloc[0]}/L",
                name=f"content-{place}",
                title=title,
                caption=f"Concentration {caption}.",
                marks=marks,
                joined=axis.in_hours,
            )
        )
    if len(names) > _MOST_DRAWN:
        left_out = cut(", ".join(names[_MOST_DRAWN:]))
        blocks.append(Note(f"Not drawn, and in the table removal_contents: {left_out}."))
    return blocks


def _title(name: str) -> str:
    """Heading of a substance: of what others declare, the name that they gave it."""
    return _CALLED.get(name, name.capitalize() if name in SHIPPED["analytes"] else name)


def _rows(run: Run, drugs: Sequence[str]) -> pd.DataFrame:
    """
    Substances of each removal.

    Returns
    -------
    `analyte`, `unit`, `amount`, `removed_ml`, `per_l`, `time_min`; without removals of nothing.
    """
    added = run.read("removal_contents", [*_UNIT_OF_WORK, "session", "breast", "analyte", "unit", "amount"])
    removals = run.read("removals", [*_UNIT_OF_WORK, "session", "breast", "start_min", "removed_ml"])
    removals = removals[removals["removed_ml"] > 0.0]
    rows = added[~added["analyte"].isin(list(drugs))].merge(removals, on=[*_UNIT_OF_WORK, "session", "breast"])
    rows[["analyte", "unit"]] = rows[["analyte", "unit"]].astype(str)
    return rows.assign(time_min=rows["start_min"], per_l=rows["amount"] / rows["removed_ml"] * _ML_PER_L)


def _by_day(rows: pd.DataFrame, axis: TimeAxis) -> pd.DataFrame:
    """The same of all the milk of each day."""
    day = (rows["time_min"] // DAY_MIN).astype(int) + 1
    sums = rows.groupby([rows["analyte"], rows["unit"], day.rename("day")])[["amount", "removed_ml"]].sum()
    found = sums.reset_index()
    return found.assign(
        time_min=[axis.middle_of(int(each)) for each in found["day"]],
        per_l=found["amount"] / found["removed_ml"] * _ML_PER_L,
    )
