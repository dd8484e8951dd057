"""Drugs in milk: for each two days of its levels, and what infants got; the same of several scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lactflow.analysis.drawing.drug import NO_ADVICE, draw_drug, drugs_of
from lactflow.analysis.drugs import called, compared
from lactflow.report.blocks import Block, Note, Table
from lactflow.report.numbers import evenly, number
from lactflow.report.picture import picture
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from lactflow.analysis.run import Run

MOST_DRUGS = 12
_SHORT_ROWS = 14
_COLUMNS = {
    "dose_mg_per_day": "dose [mg/day]",
    "plasma_mg_per_l": "plasma [mg/L]",
    "milk_mg_per_l": "milk [mg/L]",
    "milk_plasma_ratio": "milk / plasma",
    "infant_mg_per_kg_day": "infant [mg/kg/day]",
    "rid_percent": "RID [%]",
    "rid_conventional_percent": "conventional [%]",
    "worst_feed_share": "largest feed [share]",
}
"""What a table of drugs has, by the names of `Run.drugs`."""
_MEANING = (
    "RID is the relative infant dose: what the infant swallows of a drug over what the mother takes, both for each kg "
    "of body weight; the conventional one is of 150 mL/kg/day of the mean milk. Doses that are several days apart are "
    "each spread over the days that they are for. With metabolites: what is in milk of a drug and of what the body "
    "makes of it, added up as milligrams of the drug. Largest feed: its share of what the infant gets in a day."
)
_WHERE = ("plasma", "milk left", "milk right")


def drugs(shown: Run) -> list[Block]:
    """
    The section of one unit of work.

    Parameters
    ----------
    shown
        With drugs; a run without any has nothing to show.
    """
    names = drugs_of(shown)
    if not names:
        return []
    whose = dict(zip(("mother", "replicate"), next(iter(shown.spans_min)), strict=True))
    levels = shown["drug_levels"]
    blocks: list[Block] = [
        Note(f"{NO_ADVICE}: what a mother takes is for her and for those who treat her to decide."),
        *_overview(shown.drugs()),
    ]
    for place, name in enumerate(names[:MOST_DRUGS]):
        rows = levels[levels["drug"] == name]
        blocks.append(
            picture(
                f"drug-{place}",
                name,
                f"{_in_words(rows)} {NO_ADVICE}. Sessions are shaded; triangles are doses.",
                lambda figure, name=name: draw_drug(shown, name, figure.add_subplot(), **whose),  # type: ignore[misc]
                _levels_table(rows),
                height_px=330.0,
                narrow_px=420.0,
            )
        )
    if len(names) > MOST_DRUGS:
        blocks.append(Note(f"Not drawn, and in the table drug_levels: {', '.join(names[MOST_DRUGS:])}."))
    return blocks


def _overview(found: pd.DataFrame) -> list[Block]:
    """What she takes, what is in milk, what infants get; conventional marks below."""
    named = [called(row["drug"], row["infant"], found) for row in found.to_dict("records")]
    rows = [[name, *_cells(row)] for name, row in zip(named, found.to_dict("records"), strict=True)]
    marks = [(name, mark) for name, mark in zip(named, found["mark"], strict=True) if mark]
    return [Table(f"Over the whole run. {NO_ADVICE}", ["drug", *_COLUMNS.values()], rows), *_below(marks)]


def compared_drugs(runs: Mapping[str, Run]) -> list[Block]:
    """
    The section of a comparison: the same of each scenario, means over its units of work.

    Parameters
    ----------
    runs
        Of the scenarios, by their names.

    Returns
    -------
    The blocks; nothing where no scenario has drugs.
    """
    found = compared(runs)
    rows, marks = [], []
    for row in found.to_dict("records"):
        named = called(row["drug"], row["infant"], found)
        rows.append([named, row["scenario"], *_cells(row)])
        marks += [(f"{named}, {row['scenario']}", mark) for mark in row["marks"]]
    if not rows:
        return []
    title = f"Over the whole run, means over replicates and mothers. {NO_ADVICE}"
    return [Table(title, ["drug", "scenario", *_COLUMNS.values()], rows, words=frozenset({1})), *_below(marks)]


def _cells(row: Mapping[Any, Any]) -> list[str]:
    """Values of the columns, as text."""
    return [number(row[name]) for name in _COLUMNS]


def _below(marks: Sequence[tuple[str, str]]) -> list[Block]:
    """What the columns mean, and whose relative dose is above a convention."""
    text = "; ".join(f"{name}: {mark}" for name, mark in marks)
    return [Note(_MEANING), *([Note(f"Relative infant doses with a mark: {text}.", "warning")] if marks else [])]


def _in_words(rows: pd.DataFrame) -> str:
    """Mean and highest level in plasma and milk."""
    by_place = {where: rows.loc[rows["where"] == where, "mg_per_l"].dropna() for where in _WHERE}
    parts = [
        f"{where} {number(float(values.mean()))} (up to {number(float(values.max()))})"
        for where, values in by_place.items()
        if len(values)
    ]
    return f"Mean level at samples: {', '.join(parts)} mg/L."


def _levels_table(rows: pd.DataFrame) -> Table:
    """Some of the samples."""
    wide = rows.pivot_table(index="time_min", columns="where", values="mg_per_l", observed=True)
    some = wide.iloc[evenly(len(wide), _SHORT_ROWS)]
    there = [where for where in _WHERE if where in wide]
    return Table(
        "Some of the samples",
        ["day", *(f"{where} [mg/L]" for where in there)],
        [
            [f"{float(time_min) / DAY_MIN + 1.0:.2f}", *map(number, values)]
            for time_min, values in zip(some.index, some[there].to_numpy(dtype=float), strict=True)
        ],
    )
