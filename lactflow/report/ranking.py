"""Drawings of rankings: how much each quantity decides of a measure, a bar for each with its interval."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from lactflow.analysis.in_words import measure
from lactflow.report.blocks import Drawing, Label, Shape, Table
from lactflow.report.dots import WIDTH, Scale
from lactflow.report.key_axis import short
from lactflow.report.numbers import number, signed, ticks
from lactflow.report.words import anchor

if TYPE_CHECKING:
    import pandas as pd

MOST_BARS = 20
_ROW_PX, _BAR_PX, _CHANCE_PX = 26.0, 14.0, 6.0
_UP, _DOWN, _EITHER, _CHANCE = "tone-1", "tone-2", "tone-1", "ink"
CHOICE = "ranking"


def bars(name: str, ranking: pd.DataFrame, what: str) -> Drawing | None:
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
    The drawing; None where no quantity has a size.
    """
    rows = ranking[ranking["measure"] == name].sort_values("rank")
    effects = "mu_star" in rows
    size = "mu_star" if effects else "index"
    shown = rows[rows[size].notna()].head(MOST_BARS)
    if shown.empty:
        return None
    words = measure(name)
    ends = shown[[size, "low", "high"]].to_numpy(float).ravel()
    scale = Scale.around([value for value in ends.tolist() if isfinite(value)])
    paths: dict[str, str] = dict.fromkeys((_UP, _DOWN, _CHANCE), "")
    intervals = ""
    for place, row in enumerate(shown.to_dict("records")):
        middle = _ROW_PX * (place + 0.5)
        tone = _EITHER if not effects or row["mu"] >= 0.0 else _DOWN
        paths[tone] += _bar(scale, row[size], middle, _BAR_PX)
        if effects and isfinite(row["chance_share"]):
            paths[_CHANCE] += _bar(scale, row[size] * row["chance_share"], middle, _CHANCE_PX)
        if isfinite(row["low"]) and isfinite(row["high"]):
            intervals += f"M{scale(row['low'])} {middle}H{scale(row['high'])}"
    height = _ROW_PX * len(shown)
    shapes = [
        *(Shape(path, tone) for tone, path in paths.items() if path),
        Shape(f"M{scale(0.0)} 0V{height:g}", "zero", "line"),
        *([Shape(intervals, "ink thick", "line")] if intervals else []),
    ]
    hidden = len(rows) - len(shown)
    rest = f" {hidden} more quantities stand in sensitivity.parquet." if hidden else ""
    return Drawing(
        name=anchor("ranking", name),
        title=words.label,
        caption=f"{what}{f' In {words.unit}.' if effects and words.unit else ''} The line is its 95 % interval.{rest}",
        width=WIDTH,
        height=height,
        shapes=shapes,
        labels=[Label(_ROW_PX * (place + 0.5), short(str(key))) for place, key in enumerate(shown["key"].tolist())],
        ticks=ticks(scale.low, scale.high),
        x_label=f"effect on {words.label} [{words.unit}]" if effects else f"index of {words.label}",
        legend=_legend(paths) if effects else (),
        table=_table(words.label, shown, size),
        choice=CHOICE,
        wide_labels=True,
    )


def _bar(scale: Scale, value: float, middle: float, height: float) -> str:
    top, bottom = middle - 0.5 * height, middle + 0.5 * height
    return f"M{scale(0.0)} {top:g}H{scale(value)}V{bottom:g}H{scale(0.0)}z"


def _legend(paths: dict[str, str]) -> list[tuple[str, str]]:
    words = {
        _UP: "raises it, on the whole",
        _DOWN: "lowers it, on the whole",
        _CHANCE: "inside a bar: the share that chance takes of it",
    }
    return [(tone, words[tone]) for tone, path in paths.items() if path]


def _table(label: str, rows: pd.DataFrame, size: str) -> Table:
    """All of it as text, with whole keys."""
    effects = size == "mu_star"
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
                number(row[size]),
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
