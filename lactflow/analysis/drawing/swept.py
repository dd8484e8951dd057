"""Measures of a sweep: over the values of one or two keys, against each of many keys, or by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lactflow.analysis.daily import is_measure
from lactflow.analysis.digits import evenly, number
from lactflow.analysis.drawing.comparison import look_of, stacked
from lactflow.analysis.drawing.key_axis import KeyAxis, in_words, short
from lactflow.analysis.drawing.style import (
    DASHES,
    INK,
    LINES,
    RULE,
    is_narrow,
    legend,
    literal,
    new_axes,
    plain_frame,
    round_dots,
)
from lactflow.analysis.in_words import measure
from lactflow.config.text import nearest, quoted
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    Floats = npt.NDArray[np.float64]

MOST_SERIES = 6
"""Values of a second key that are drawn: as many as there are colours."""
_MOST_LINES = 40
"""Values of a key, up to which units are grouped by it; with more, each unit is a dot."""
MOST_STRIPS = 6
MOST_DOTS, _NARROW_DOTS = 120, 60
"""Of one strip; a share of the units beyond that."""
MOST_SPREAD = 400
_FEW_DISTINCT = 12
_GROUPS = 8
_LOW, _HIGH = 0.05, 0.95
_DODGE = 0.09
"""Between the marks of two series over one word."""
_TOP, _BOTTOM = 0.3, 0.94
"""Of a strip, between which its dots are; above them stands its key."""
_FEW_POINTS = 60
_STACK = 0.9


def along_and_beside(keys: Sequence[KeyAxis]) -> tuple[KeyAxis, KeyAxis | None] | None:
    """
    Which keys a measure is drawn over as lines, and which of them goes along the picture.

    Parameters
    ----------
    keys
        Those that vary.

    Returns
    -------
    A number before words, then the one with more values; None where there are more than two keys, or so many values
    that each unit is a dot instead.
    """
    if not 0 < len(keys) <= 2 or any(len(key.distinct) > _MOST_LINES for key in keys):
        return None
    if len(keys) == 1:
        return keys[0], None
    along, beside = sorted(keys, key=lambda key: (not key.is_number, -len(key.distinct)))
    if len(beside.distinct) > MOST_SERIES >= len(along.distinct) and beside.is_number:
        along, beside = beside, along
    return along, beside


def draw_swept(results: pd.DataFrame, name: str, keys: Mapping[str, KeyAxis], axes: Axes | None = None) -> Axes:
    """
    A measure over the keys of a sweep: lines over one or two keys, strips of dots over more, dots over none.

    Parameters
    ----------
    results
        As a sweep has them.
    name
        The measure.
    keys
        By their names; those with one value only are left out.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes.

    Raises
    ------
    ConfigError
        If there is no such measure, or no unit has it.
    """
    measures = [str(each) for each in results if is_measure(str(each)) or "@" in str(each)]
    if name not in measures:
        hint = nearest(name, measures, cutoff=0.0)
        raise ConfigError(f"there is no measure {quoted(name)} in the sweep (nearest: {hint or 'none'})")
    if not results[name].notna().any():
        raise ConfigError(f"no unit has the measure {quoted(name)}")
    varying = {key: axis for key, axis in keys.items() if len(axis.distinct) > 1}
    if not varying:
        return draw_spread(results, name, axes)
    if (lines := along_and_beside(list(varying.values()))) is not None:
        return draw_over_keys(results, name, *lines, axes)
    order = by_importance(results, varying, [name])[name]
    return draw_against_keys(results, name, [varying[key] for key in order[:MOST_STRIPS]], axes)


def of_points(results: pd.DataFrame, name: str, along: KeyAxis, beside: KeyAxis | None = None) -> pd.DataFrame:
    """
    Mean, percentiles and number of units of each point of a sweep.

    Parameters
    ----------
    results
        As a sweep has them; the measure is known in some rows.
    name
        The measure.
    along, beside
        The keys.

    Returns
    -------
    `along`, `beside` with a second key, `mean`, `low` and `high` (5th and 95th percentile), `count`.
    """
    keys = [along.key] if beside is None else [beside.key, along.key]
    known = results[results[name].notna()]
    grouped = known.groupby(keys, sort=along.is_number)[name]
    rows = grouped.agg(["mean", "count"]).assign(low=grouped.quantile(_LOW), high=grouped.quantile(_HIGH))
    return rows.reset_index().rename(columns={along.key: "along", **({} if beside is None else {beside.key: "beside"})})


def draw_over_keys(
    results: pd.DataFrame, name: str, along: KeyAxis, beside: KeyAxis | None = None, axes: Axes | None = None
) -> Axes:
    """
    A measure over the values of a key: means with bands, a line for each value of a second key.

    Parameters
    ----------
    results
        As a sweep has them; the measure is known in some rows.
    name
        The measure.
    along
        The key along the picture.
    beside
        The other one; at most `MOST_SERIES` of its values are drawn.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes.
    """
    rows = of_points(results, name, along, beside)
    groups = list(rows.groupby("beside", sort=False)) if beside is not None else [("", rows)]
    drawn = [groups[place] for place in evenly(len(groups), MOST_SERIES)]
    axes = new_axes(axes)
    for index, (value, of_series) in enumerate(drawn):
        label = "" if beside is None else f"{short(beside.key)} = {in_words(value)}"
        shift = 0.0 if along.is_number else (index - 0.5 * (len(drawn) - 1)) * _DODGE
        _draw_series(axes, of_series, along, index, shift)
        axes.lines[-1].set_label(literal(label, 36) if label else "_")
    words = measure(name)
    axes.set_ylabel(f"{words.label} [{words.unit}]" if words.unit else words.label)
    along.apply(axes)
    plain_frame(axes)
    legend(axes)
    return axes


def _draw_series(axes: Axes, rows: pd.DataFrame, along: KeyAxis, index: int, shift: float) -> None:
    """One line with its band; words have no values between them, so they have marks instead."""
    x = along.values(rows["along"]) + shift
    colour, marker = look_of(index)
    few = len(x) <= _FEW_POINTS
    if along.is_number and len(x) > 1:
        axes.fill_between(x, rows["low"], rows["high"], color=colour, alpha=0.18, linewidth=0.0)
        dashes, mark = DASHES[index % len(DASHES)], marker if few else ""
        axes.plot(x, rows["mean"], linestyle=dashes, color=colour, marker=mark, markersize=4.5)
    else:
        axes.vlines(x, rows["low"], rows["high"], color=colour, linewidth=2.0)
        axes.plot(x, rows["mean"], marker, color=colour, markersize=6)


def draw_against_keys(results: pd.DataFrame, name: str, keys: Sequence[KeyAxis], axes: Axes | None = None) -> Axes:
    """
    A measure against each of some keys: a strip of dots for each, with means of parts of its range.

    Parameters
    ----------
    results
        As a sweep has them; the measure is known in some rows.
    name
        The measure.
    keys
        The most important one first.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes: across, the share of the range of each key; down, a strip 1 high for each, within which the measure goes
    from its lowest value below to its highest above.
    """
    known = results[results[name].notna()]
    values = known[name].to_numpy(np.float64)
    axes = new_axes(axes, height=1.0 + 1.1 * len(keys))
    axes.set_xlim(-0.03, 1.03)
    chosen = evenly(len(known), _NARROW_DOTS if is_narrow(axes) else MOST_DOTS)
    low, high = float(values.min()), float(values.max())

    def heights(of: Floats, place: int) -> Floats:
        share = (of - low) / (high - low) if high > low else np.full(len(of), 0.5)
        return place + _BOTTOM - (_BOTTOM - _TOP) * share

    for place, key in enumerate(keys):
        x = key.shares(known[key.key])
        round_dots(axes, x[chosen], heights(values[chosen], place), 4.0, LINES[0])
        at, mean = means_of_parts(x, values)
        axes.plot(at, heights(mean, place), color=INK, linewidth=2.0)
        title = literal(f"{short(key.key)}: {key.span}", 44 if is_narrow(axes) else 90)
        axes.text(0.01, place + 0.04, title, transform=axes.get_yaxis_transform(), va="top", fontsize="small")
        axes.axhline(place + 1.0, color=RULE, linewidth=0.8)
    words = measure(name)
    axes.set_yticks(
        [place + at for place in range(len(keys)) for at in (_TOP, _BOTTOM)], [number(high), number(low)] * len(keys)
    )
    axes.set_xticks([0.0, 0.5, 1.0], ["lowest value", "", "highest value"])
    axes.set_ylim(len(keys), 0.0)
    axes.set_ylabel(f"{words.label} [{words.unit}]" if words.unit else words.label)
    plain_frame(axes)
    axes.grid(visible=False, axis="y")
    return axes


def means_of_parts(x: Floats, values: Floats) -> tuple[Floats, Floats]:
    """
    Means at each of few places, or of parts with as many units each.

    Parameters
    ----------
    x, values
        Places and values of units.

    Returns
    -------
    Places and means, from the left.
    """
    order = np.argsort(x, kind="stable")
    places, first = np.unique(x[order], return_index=True)
    parts = np.split(order, first[1:]) if len(places) <= _FEW_DISTINCT else np.array_split(order, min(_GROUPS, len(x)))
    at, mean = (np.array([float(of[part].mean()) for part in parts]) for of in (x, values))
    return at, mean


def draw_spread(results: pd.DataFrame, name: str, axes: Axes | None = None) -> Axes:
    """
    The values of a measure where no key varies: a dot for each unit.

    Parameters
    ----------
    results
        As a sweep has them; the measure is known in some rows.
    name
        The measure.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes; dots that would hide one another stand on one another.
    """
    values = np.sort(results[name].dropna().to_numpy(np.float64))
    drawn = values[evenly(len(values), MOST_SPREAD)]
    axes = new_axes(axes, height=2.4)
    room = 0.06 * (float(values[-1] - values[0]) or 1.0)
    axes.set_xlim(float(values[0]) - room, float(values[-1]) + room)
    levels = stacked(drawn, *axes.get_xlim(), 30 if is_narrow(axes) else 90)
    step = min(0.1, _STACK / max(1.0, float(levels.max())))
    round_dots(axes, drawn, 0.06 + step * levels, 8.0, LINES[0])
    axes.axvline(float(values.mean()), color=INK, linewidth=1.5, label="mean")
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([])
    words = measure(name)
    axes.set_xlabel(f"{words.label} [{words.unit}]" if words.unit else words.label)
    plain_frame(axes)
    axes.spines["left"].set_visible(False)
    legend(axes)
    return axes


def by_importance(results: pd.DataFrame, keys: Mapping[str, KeyAxis], names: Sequence[str]) -> dict[str, list[str]]:
    """
    Keys by how much each measure goes with them, by their rank correlation; words last.

    Parameters
    ----------
    results
        As a sweep has them.
    keys
        By their names.
    names
        The measures.
    """
    numbers = [key for key, axis in keys.items() if axis.is_number and len(axis.distinct) > 1]
    words = [key for key in keys if key not in numbers]
    ranks = results[numbers].rank().to_numpy(np.float64)
    found = {}
    for name in names:
        known = results[name].notna().to_numpy()
        of_keys, of_measure = ranks[known], results.loc[known, name].rank().to_numpy(np.float64)
        off, off_measure = of_keys - of_keys.mean(axis=0), of_measure - of_measure.mean()
        # A key that does not differ where the measure is known goes with nothing.
        spreads = np.sqrt((off**2).sum(axis=0))
        strength = np.abs(off_measure @ off) / np.where(spreads > 0.0, spreads, np.inf)
        found[name] = [*(numbers[place] for place in np.argsort(-strength, kind="stable")), *words]
    return found
