"""Rankings: how much each quantity decides of a measure, a bar for each with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lactflow.analysis.digits import number
from lactflow.analysis.drawing.key_axis import short
from lactflow.analysis.drawing.style import (
    FAINT,
    INK,
    LINES,
    NIGHT,
    is_narrow,
    legend_above,
    literal,
    new_axes,
    plain_frame,
)
from lactflow.analysis.in_words import measure
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_BARS = 20
_BAR, _CHANCE = 0.54, 0.2
_UP, _DOWN = LINES[0], LINES[1]


def ranked(ranking: pd.DataFrame, name: str) -> pd.DataFrame:
    """
    The quantities that decide a measure most.

    Parameters
    ----------
    ranking
        As `lactflow.experiments.sensitivity` writes it.
    name
        The measure.

    Returns
    -------
    Rows of the ranking in its order, at most `MOST_BARS`, with `size`: the column that they are ranked by; none where
    no quantity has a size.
    """
    size = "mu_star" if "mu_star" in ranking else "index"
    rows = ranking[(ranking["measure"] == name) & ranking[size].notna()].sort_values("rank")
    return rows.head(MOST_BARS).assign(size=rows[size])


def draw_ranking(ranking: pd.DataFrame, name: str, axes: Axes | None = None) -> Axes:
    """
    How much each quantity decides of a measure.

    A bar is the size, with its interval as a line; colour and the word at its right say whether the quantity raises or
    lowers the measure, and a thin bar inside is the share that chance takes of it, where the ranking knows these.

    Parameters
    ----------
    ranking
        As `lactflow.experiments.sensitivity` writes it.
    name
        The measure.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes; the first quantity is at the top.

    Raises
    ------
    ConfigError
        If no quantity has a size.
    """
    rows = ranked(ranking, name)
    if rows.empty:
        raise ConfigError(f"no quantity has a size in the ranking of {name}")
    axes = new_axes(axes, height=1.2 + 0.36 * len(rows))
    effects = "mu_star" in rows
    y, size = np.arange(len(rows)), rows["size"].to_numpy(np.float64)
    raises = rows["mu"].to_numpy(np.float64) >= 0.0 if effects else np.full(len(rows), fill_value=True)
    for some, colour, label in ((raises, _UP, "raises it, on the whole"), (~raises, _DOWN, "lowers it, on the whole")):
        if some.any():
            axes.barh(y[some], size[some], _BAR, color=colour, label=label if effects else None)
    if effects and (known := np.isfinite(rows["chance_share"].to_numpy(np.float64))).any():
        share = rows["chance_share"].to_numpy(np.float64)[known]
        axes.barh(y[known], size[known] * share, _CHANCE, color=NIGHT, edgecolor=INK, label="share of chance in it")
    low, high = (rows[end].to_numpy(np.float64) for end in ("low", "high"))
    sure = np.isfinite(low) & np.isfinite(high)
    axes.hlines(y[sure], low[sure], high[sure], color=INK, linewidth=2.0)
    axes.axvline(0.0, color=FAINT, linewidth=1.0)
    _write(axes, rows, raises if effects else None)
    words = measure(name)
    unit = f" [{words.unit}]" if words.unit else ""
    axes.set_xlabel(f"effect on {words.label}{unit}" if effects else f"index of {words.label}")
    if effects:
        legend_above(axes)
    return axes


def _write(axes: Axes, rows: pd.DataFrame, raises: np.ndarray[tuple[int], np.dtype[np.bool_]] | None) -> None:
    """Names at the left, or above the bars where it is narrow; sizes at the right."""
    plain_frame(axes)
    axes.grid(visible=False, axis="y")
    narrow = is_narrow(axes)
    names = [literal(short(str(key)), 44 if narrow else 36) for key in rows["key"]]
    for place, size in enumerate(rows["size"]):
        text = number(size)
        if raises is not None and not narrow and size > 0.0:
            text = f"{text}, {'raises' if raises[place] else 'lowers'} it"
        axes.text(1.01, place, text, transform=axes.get_yaxis_transform(), va="center", fontsize="small")
    axes.set_ylim(len(rows) - 0.5, -0.85 if narrow else -0.6)
    if narrow:
        axes.set_yticks([])
        for place, each in enumerate(names):
            axes.text(0.0, place - 0.3, each, transform=axes.get_yaxis_transform(), va="bottom", fontsize="small")
    else:
        axes.set_yticks(range(len(rows)), names)
        axes.tick_params(axis="y", length=0.0, pad=6.0)
    axes.locator_params(axis="x", nbins=5 if narrow else 9)
    axes.spines["left"].set_visible(False)
