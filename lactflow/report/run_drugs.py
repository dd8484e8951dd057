"""Drugs in milk: for each two days of its levels, and what infants got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.drawing.drug import NO_ADVICE, draw_drug, drugs_of
from lactflow.report.blocks import Block, Note, Table
from lactflow.report.numbers import NOTHING, evenly, number
from lactflow.report.picture import picture
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.run import Run

MOST_DRUGS = 12
_SHORT_ROWS = 14
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
        _overview(shown),
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


def _overview(shown: Run) -> Table:
    """What she takes, what is in milk, what infants get."""
    found = shown.drugs()
    columns = {
        "dose_mg_per_day": "dose [mg/day]",
        "plasma_mg_per_l": "plasma [mg/L]",
        "milk_mg_per_l": "milk [mg/L]",
        "milk_plasma_ratio": "milk over plasma",
        "infant_mg_per_kg_day": "infant [mg/kg/day]",
        "rid_percent": "relative infant dose, as swallowed [%]",
        "rid_conventional_percent": "the same by 150 mL/kg/day [%]",
        "worst_feed_share": "largest feed of the day's dose",
    }
    rows = [
        [_named(row["drug"], row["infant"], found), *(number(row[name]) for name in columns), row["mark"] or NOTHING]
        for row in found.to_dict("records")
    ]
    return Table(
        f"Over the whole run. {NO_ADVICE}",
        ["drug", *columns.values(), "mark"],
        rows,
        words=frozenset({len(columns) + 1}),
    )


def _named(drug: str, infant: object, found: pd.DataFrame) -> str:
    """A drug, and the infant where there are several."""
    return drug if found["infant"].nunique() < 2 else f"{drug}, infant {infant}"


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
