"""
What was published about a measure by day: ranges behind the courses of a page.

The values are rows of `targets.csv`, the same that `lactflow validate` judges by; here each has its days. The file is
read as data, since pages know nothing of validation.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import StringIO
from math import sqrt
from typing import NamedTuple

from lactflow.parameters.chemistry import LACTOSE_G_PER_MMOL
from lactflow.report.blocks import Range


class _Row(NamedTuple):
    """Days of a group of rows, and what makes its unit that of the measure."""

    group: str
    from_day: float
    to_day: float
    factor: float = 1.0


_MILK = (
    _Row("T01-001", 0.0, 1.0),
    _Row("T01-002", 2.0, 3.0),
    _Row("T01-003", 4.0, 5.0),
    _Row("T02-048", 25.0, 35.0),
    _Row("T02-065", 100.0, 110.0),
    _Row("T02-066", 170.0, 180.0),
    _Row("T02-067", 265.0, 280.0),
    _Row("T02-068", 355.0, 370.0),
)
PUBLISHED: Mapping[str, Sequence[_Row]] = {
    "made_ml_per_day": _MILK,
    "fat_g_per_l": (_Row("T02-018", 30.0, 180.0),),
    "lactose_g_per_l": (_Row("T01-062", 4.0, 5.0, LACTOSE_G_PER_MMOL),),
    "protein_g_per_l": (_Row("T01-066", 4.0, 5.0), _Row("T07-019", 5.0, 360.0)),
    "sodium_mmol_per_l": (
        _Row("T01-094", 0.0, 5.0),
        _Row("T01-088", 5.0, 10.0),
        _Row("T01-090", 10.0, 29.0),
        _Row("T01-092", 30.0, 450.0),
    ),
}
"""Groups of rows by measure; those of term mothers of one infant."""


def published(measure: str) -> list[Range]:
    """
    Ranges of a measure by days since birth.

    Parameters
    ----------
    measure
        One of `lactflow.analysis.daily.MEASURES`.

    Returns
    -------
    Mean less and plus one standard deviation, or lowest to highest where that was printed; none where nothing is.
    """
    return [each for row in PUBLISHED.get(measure, ()) if (each := _range(row)) is not None]


def _range(about: _Row) -> Range | None:
    """That of one group of rows."""
    rows = {row["statistic"]: row for row in _rows() if row["id"].rstrip("abcdef") == about.group}
    if not rows:
        return None
    first = next(iter(rows.values()))
    n = f", n {first['n']}" if first["n"] else ""
    if "mean" in rows and ("sd" in rows or "sem" in rows):
        mean = float(rows["mean"]["value"])
        spread = float(rows["sd"]["value"]) if "sd" in rows else float(rows["sem"]["value"]) * sqrt(float(first["n"]))
        low, high, what = mean - spread, mean + spread, "mean and SD"
    elif "range" in rows:
        low, high, what = float(rows["range"]["low"]), float(rows["range"]["high"]), "range"
    else:
        return None
    source = f"{first['source'].split(' (')[0]} ({what}{n})"
    return Range(about.from_day, about.to_day, low * about.factor, high * about.factor, source)


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    text = files("lactflow").joinpath("validation", "targets.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(StringIO(text)))
