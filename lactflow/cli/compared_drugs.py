"""Drugs of compared scenarios, as `lactflow compare` prints them: of a model, and no medical advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lactflow.cli.tables import Printed, sentences, table

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.experiments.comparison import Comparison


def drugs_as_objects(comparison: Comparison) -> list[dict[str, Any]]:
    """
    Rows of `lactflow.analysis.drugs.compared`, without what JSON cannot say.

    Parameters
    ----------
    comparison
        Its runs may be gone: then there are none.
    """
    found = _compared_drugs(comparison).astype(object)
    return [
        {str(name): value for name, value in row.items()} for row in found.where(found.notna(), None).to_dict("records")
    ]


def drug_lines(comparison: Comparison, width: int | None) -> list[str]:
    """
    What infants get of drugs, in each scenario that has any: a difference needs the drug in both scenarios.

    Parameters
    ----------
    comparison
        Its runs may be gone: then there are no lines.
    width
        Of the page, in columns; None where lines may be of any length.
    """
    from lactflow.analysis.drugs import called
    from lactflow.report.numbers import number

    found = _compared_drugs(comparison)
    if found.empty:
        return []
    rows = found.to_dict("records")
    columns = {"rid_percent": "relative infant\ndose [%]", "rid_conventional_percent": "by convention\n[%]"}
    columns["milk_plasma_ratio"] = "milk over\nplasma"
    printed = [Printed(title, [number(row[name]) for row in rows], number=True) for name, title in columns.items()]
    names = Printed("drug", [called(row["drug"], row["infant"], found) for row in rows])
    scenarios = Printed("scenario", [row["scenario"] for row in rows])
    marks = [f"{row['drug']}, {row['scenario']}: {mark}." for row in rows for mark in row["marks"]]
    return ["", *table([names, scenarios, *printed], width=width), *sentences(marks, width=width)]


def _compared_drugs(comparison: Comparison) -> pd.DataFrame:
    """Drugs of the scenarios; no rows where the runs are not there any more, of which the differences are kept."""
    from lactflow.analysis.drugs import compared
    from lactflow.errors import LactflowError

    try:
        return compared(comparison.runs)
    except (LactflowError, OSError):
        return compared({})
