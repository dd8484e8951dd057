"""Traits of a fitted mother: each with its interval on the spread of women, and what her log leaves open."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from lactflow.analysis.drawing.style import (
    BAND,
    FAINT,
    INK,
    LINES,
    MARKERS,
    PALETTE,
    RULE,
    is_narrow,
    legend_above,
    literal,
    new_axes,
)
from lactflow.analysis.traits import IDENTIFIED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_NORMAL_95 = 1.96
_ROW_IN = 0.36
_TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
_NARROW_TICKS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
_GROUND = 0.62
"""Height of a band of women in its row."""


def trait_names(traits: pd.DataFrame) -> list[str]:
    """
    Traits in words, a name for each row: `storage capacity`, `birth weight of infant 2`.

    Parameters
    ----------
    traits
        With the columns `trait` and `key` of `lactflow.experiments.fitting.Fit.traits`.
    """
    parts = [str(key).split(".") for key in traits["key"]]
    infants = {each[1] for each in parts if _is_of_infant(each)}
    names = []
    for trait, part in zip(traits["trait"], parts, strict=True):
        words = str(trait).replace("_", " ").replace("let down", "let-down")
        names.append(f"{words} of infant {int(part[1]) + 1}" if _is_of_infant(part) and len(infants) > 1 else words)
    return names


def _is_of_infant(parts: list[str]) -> bool:
    """Whether the parts of a key are those of a quantity of one infant."""
    return len(parts) > 2 and parts[0] == "infants" and parts[1].isdecimal()


def draw_traits(traits: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """
    Each trait as a factor on that of the usual woman, with its 95 % interval, on the spread of women.

    Bands reach over 95 % of women. A trait that the log identifies has a filled marker and a solid line, another one an
    open marker and a dashed line; one that is held at the edge of what women have is a diamond. Of several logs each
    has a colour and a marker of its own.

    Parameters
    ----------
    traits
        Of a fit (`lactflow.experiments.fitting.Fit.traits`), with a column `spread`: the standard deviation of the
        logarithm of the trait between women.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes; across them the factor on the usual value, on a scale of logarithms.
    """
    logs = list(dict.fromkeys(traits["log"])) if "log" in traits else [None]
    first = traits.drop_duplicates("key")
    names = trait_names(first)
    places = {key: float(place) for place, key in enumerate(first["key"])}
    axes = new_axes(axes, height=0.9 + _ROW_IN * len(places))
    reach = [exp(_NORMAL_95 * spread) for spread in first["spread"].fillna(0.0)]
    axes.barh(
        list(places.values()),
        [each - 1.0 / each for each in reach],
        left=[1.0 / each for each in reach],
        height=_GROUND,
        color=BAND,
        edgecolor=FAINT,
        linewidth=0.5,
        label="95 % of women",
        zorder=1,
    )
    axes.axvline(1.0, color=FAINT, linewidth=1.0, zorder=1.5)
    for number, log in enumerate(logs):
        rows = traits if log is None else traits[traits["log"] == log]
        offset = 0.0 if log is None else _GROUND * ((number + 0.5) / len(logs) - 0.5)
        _draw_intervals(axes, rows, {key: place + offset for key, place in places.items()}, number, log)
    ends = [*reach, *(1.0 / each for each in reach), *(traits["low"] / traits["reference"])]
    ends += [*(traits["high"] / traits["reference"])]
    axes.set_xscale("log")
    axes.set_xlim(0.93 * max(0.05, min(ends)), 1.07 * min(20.0, max(ends)))
    axes.set_yticks(list(places.values()), list(map(literal, names)))
    axes.set_ylim(len(places) - 0.4, -0.6)
    _factor_ticks(axes)
    _plain_rows(axes)
    if len(logs) == 1 and not is_narrow(axes):
        _values_at_right(axes, traits, places)
    legend_above(axes)
    return axes


def _draw_intervals(axes: Axes, rows: pd.DataFrame, places: dict[str, float], number: int, log: str | None) -> None:
    """Values and intervals of one log."""
    named: set[bool] = set()
    colour = LINES[number % len(LINES)]
    marker = MARKERS[number % len(MARKERS)]
    for row in rows.to_dict("records"):
        known = bool(row["identified"])
        label = None
        if log is not None:
            label = None if named else literal(log)
        elif known not in named:
            label = "she, identified by the log" if known else "not identifiable"
        named.add(known)
        low, value, high = (row[name] / row["reference"] for name in ("low", "value", "high"))
        at = places[row["key"]]
        tone = colour if known or log is not None else PALETTE["tone-6"]
        axes.plot([low, high], [at, at], "-" if known else ":", color=tone, linewidth=2.2 if known else 1.4, zorder=3)
        axes.plot(
            [value],
            [at],
            linestyle="-" if known else ":",
            marker="D" if row["at_edge"] and log is None else marker,
            markersize=8 if known else 6,
            markerfacecolor=tone if known else "none",
            markeredgecolor=tone,
            color=tone,
            label=label,
            zorder=4,
        )


def _factor_ticks(axes: Axes) -> None:
    """Ticks at round factors that are in sight."""
    low, high = axes.get_xlim()
    shown = [each for each in (_NARROW_TICKS if is_narrow(axes) else _TICKS) if low <= each <= high]
    axes.set_xticks(shown, [f"{each:g}" for each in shown])
    axes.xaxis.minorticks_off()
    axes.set_xlabel("times the usual woman's value" if is_narrow(axes) else "times the value of the usual woman")


def _values_at_right(axes: Axes, traits: pd.DataFrame, places: dict[str, float]) -> None:
    """Numbers in the units of each trait, beside its row."""
    for row in traits.to_dict("records"):
        unit = f" {row['unit']}" if row["unit"] else ""
        edge = ", at the edge" if row["at_edge"] else ""
        known = bool(row["identified"])
        text = (
            f"{row['value']:.3g}{unit} ({row['low']:.3g} to {row['high']:.3g}), usual {row['reference']:.3g}{edge}"
            if known
            else "the log leaves it open"
        )
        axes.text(
            1.015,
            places[row["key"]],
            literal(text, 64),
            transform=axes.get_yaxis_transform(),
            va="center",
            color=INK if known else FAINT,
            fontsize=10.5,
        )


def draw_left(traits: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """
    What a log leaves open: the share of the spread between women that remains in each trait.

    Bars left of the line are of traits that the log identifies; the others are hatched. Of several logs it is the least
    that any of them leaves.

    Parameters
    ----------
    traits
        Of a fit: `lactflow.experiments.fitting.Fit.traits`.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes, in per cent of the spread.
    """
    least = traits.sort_values("left", kind="stable").drop_duplicates("key")
    names = trait_names(least)
    axes = new_axes(axes, height=0.9 + _ROW_IN * len(least))
    named: set[bool] = set()
    for place, (left, known) in enumerate(zip(least["left"], least["identified"], strict=True)):
        label = None if bool(known) in named else ("identified" if known else "not identifiable")
        named.add(bool(known))
        tone = LINES[0] if known else PALETTE["tone-6"]
        axes.barh(
            place,
            100.0 * left,
            height=_GROUND,
            color=tone if known else "none",
            edgecolor=tone,
            linewidth=1.0,
            label=label,
        )
        axes.text(100.0 * left + 1.0, place, f"{100.0 * left:.0f} %", va="center", fontsize="small", color=INK)
    axes.axvline(100.0 * IDENTIFIED, color=INK, linestyle="--", linewidth=1.0)
    axes.set_yticks(range(len(least)), list(map(literal, names)))
    axes.set_ylim(len(least) - 0.4, -0.6)
    axes.set_xlim(0.0, 112.0)
    axes.set_xlabel(
        "spread left [% of that of women]" if is_narrow(axes) else "left by the log [% of the spread of women]"
    )
    _plain_rows(axes)
    legend_above(axes)
    return axes


def _plain_rows(axes: Axes) -> None:
    """Rows without a frame, over a faint grid of one direction."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0.0)
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
