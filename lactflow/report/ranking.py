"""Blocks of rankings: how much each quantity decides of a measure."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from lactflow.analysis.drawing.key_axis import short
from lactflow.analysis.drawing.ranking import draw_ranking, ranked
from lactflow.analysis.in_words import measure
from lactflow.report.blocks import Picture, Table
from lactflow.report.numbers import number, signed
from lactflow.report.picture import picture
from lactflow.report.words import anchor

if TYPE_CHECKING:
    import pandas as pd

_ROW_PX, _NARROW_PX = 25.0, 36.0
CHOICE = "ranking"


def bars(name: str, ranking: pd.DataFrame, what: str) -> Picture | None:
    """
    The quantities that decide a measure most.

    Parameters
    ----------
    name
        The measure.
    ranking
        As `lactflow.experiments.sensitivity` writes it.
    what
        What the size of a bar is, in words.

    Returns
    -------
    The block; None where no quantity has a size.
    """
    shown = ranked(ranking, name)
    if shown.empty:
        return None
    words, effects = measure(name), "mu_star" in shown
    first = shown.iloc[0]
    hidden = int((ranking["measure"] == name).sum()) - len(shown)
    rest = f" {hidden} more quantities stand in sensitivity.parquet." if hidden else ""
    by_chance = effects and bool(shown["chance_share"].notna().any())  # it takes two replicates
    chance = " The thin bar inside is the share of chance." if by_chance else ""
    return picture(
        anchor("ranking", name),
        words.label,
        f"{what}{f' In {words.unit}.' if effects and words.unit else ''} The line is the 95 % interval.{chance} First: "
        f"{short(str(first['key']))}, {number(first['size'])} ({number(first['low'])} to {number(first['high'])})."
        f"{rest}",
        lambda figure: draw_ranking(ranking, name, figure.add_subplot()),
        _table(words.label, shown),
        height_px=80.0 + _ROW_PX * len(shown),
        narrow_px=110.0 + _NARROW_PX * len(shown),
        choice=CHOICE,
    )


def ranking_table(name: str, ranking: pd.DataFrame) -> Table:
    """
    The same as a table that opens by its title.

    Parameters
    ----------
    name, ranking
        As `bars` takes them.
    """
    return replace(_table(measure(name).label, ranked(ranking, name)), folded=True)


def _table(label: str, rows: pd.DataFrame) -> Table:
    """All of it as text, with whole keys."""
    effects = "mu_star" in rows
    cells = []
    for row in rows.to_dict("records"):
        interval = f"{number(row['low'])} to {number(row['high'])}"
        ranks = f"{number(row['rank_low'], 2)} to {number(row['rank_high'], 2)}"
        used, dropped = (row["effects"], row["dropped"]) if effects else (row["rows"], row["dropped"])
        more = [signed(row["mu"]), _percent(row["chance_share"])] if effects else []
        cells.append(
            [
                str(row["key"]),
                number(row["rank"]),
                ranks,
                number(row["size"]),
                interval,
                *more,
                f"{used:,}",
                f"{dropped:,}",
            ]
        )
    middle = ["mean effect", "chance"] if effects else []
    used_name = "effects" if effects else "rows"
    columns = ["quantity", "rank", "95 %", "size", "95 %", *middle, used_name, "left out"]
    return Table(f"{label}: ranking", columns, cells)


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %" if isfinite(share) else "-"
