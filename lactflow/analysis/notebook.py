"""What notebooks show of a result that stands alone in a cell: its name and status, and a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.run import Analysed

SHOWN = (
    "removed_ml_per_day",
    "intake_ml_per_day",
    "sessions_per_day",
    "let_downs_per_feed",
    "fullness",
    "emptied_fraction",
    "active_cells_fraction",
    "infant_weight_kg",
    "fat_g_per_l",
    "sodium_mmol_per_l",
    "onset_h",
)
"""Measures that the view of a run has."""
MOST_ROWS = 12
"""Rows of a table that are shown; how many more there are is stated below it."""


def as_html(
    heading: str,
    facts: Mapping[str, object],
    table: pd.DataFrame | None = None,
    note: str = "",
    lines: Iterable[str] = (),
) -> str:
    """
    A view: a heading, a line of facts, sentences, and the first rows of a table. All text is escaped.

    Parameters
    ----------
    heading
        What it is of.
    facts
        Shown in one line, each after its name.
    table
        Numbers are rounded to three digits.
    note
        Below it.
    lines
        Sentences above it, each in a line of its own.
    """
    line = " · ".join(f"{escape(name)}: {escape(str(value))}" for name, value in facts.items())
    parts = [f"<p><strong>{escape(heading)}</strong><br>{line}</p>"]
    if said := "<br>".join(map(escape, lines)):
        parts.append(f"<p>{said}</p>")
    if table is not None and len(table):
        parts.append(table.head(MOST_ROWS).to_html(index=False, border=0, na_rep="", float_format=_number))
        if len(table) > MOST_ROWS:
            note = f"{len(table) - MOST_ROWS:,} more rows. {note}".rstrip()
    if note:
        parts.append(f"<p>{escape(note)}</p>")
    return f"<div>{''.join(parts)}</div>"


def _number(value: float) -> str:
    """Three digits, and no exponent where people would write none."""
    return f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:.3g}"


def measures_of(run: Analysed) -> pd.DataFrame:
    """The measures of a run in words, each with its unit; those that it has no value for are left out."""
    import pandas as pd

    from lactflow.analysis.in_words import measure

    found = run.summary()
    rows = [
        (measure(name).label, found[name], measure(name).unit)
        for name in SHOWN
        if found[name] == found[name]  # no NaN
    ]
    return pd.DataFrame(rows, columns=["measure", "value", "unit"])
