"""Paired differences: intervals of all measures side by side, and the pairs behind one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.digits import apart, evenly
from lactflow.analysis.drawing.style import (
    FAINT,
    INK,
    LINES,
    MARKERS,
    NIGHT,
    is_narrow,
    legend_above,
    literal,
    new_axes,
    plain_frame,
    round_dots,
)
from lactflow.analysis.in_words import measure as in_words
from lactflow.analysis.paired import excludes_zero
from lactflow.config.text import nearest, quoted
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    Floats = npt.NDArray[np.float64]

_LEFT_OUT = ("activation_h", "onset_h")
"""Measures that a percentage says little about."""
_ROOM = 0.7
"""Of a row, taken by its scenarios."""
_CUT_AT, _BEYOND = 0.85, 1.25
"""Share of the measures whose intervals are never cut, and how far the axis goes beyond them."""
_MOST_DOTS = 400
"""Of one measure, all scenarios together; a share of the pairs beyond that."""
_CELLS, _NARROW_CELLS = 90, 30
"""Dots of one cell of the axis stand on one another."""
_STEP, _STACK = 0.11, 0.6
"""Height of a dot, and most of a stack, where a scenario is 1 high."""


def look_of(index: int) -> tuple[str, str]:
    """
    Colour and marker of a scenario.

    Parameters
    ----------
    index
        0 for the baseline.
    """
    return LINES[index % len(LINES)], MARKERS[index % len(MARKERS)]


def forest_rows(
    differences: pd.DataFrame,
    scenarios: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
    *,
    percent: bool = True,
) -> pd.DataFrame:
    """
    What a forest shows.

    Parameters
    ----------
    differences
        As `lactflow.analysis.paired.differences` gives them.
    scenarios, measures
        Those that are shown; all when None.
    percent
        As percent of the mean of the baseline, and then without measures whose mean is 0; else in units.

    Returns
    -------
    `measure`, `scenario`, `middle`, `low`, `high`, `sure` (whether the interval leaves out 0), then the columns of
    `differences` as `difference`, `unit_low`, `unit_high`, `baseline_mean` in units; only where there is an interval.
    """
    known = differences["low"].notna()
    if percent:
        known &= (differences["baseline_mean"] != 0.0) & ~differences["measure"].isin(_LEFT_OUT)
    if scenarios is not None:
        known &= differences["scenario"].isin(list(scenarios))
    if measures is not None:
        known &= differences["measure"].isin(list(measures))
    kept = differences[known]
    factor = 100.0 / kept["baseline_mean"].abs() if percent else 1.0
    return kept[["measure", "scenario"]].assign(
        middle=kept["difference"] * factor,
        low=kept["low"] * factor,
        high=kept["high"] * factor,
        sure=[excludes_zero({"low": low, "high": high}) for low, high in kept[["low", "high"]].to_numpy(np.float64)],
        difference=kept["difference"],
        unit_low=kept["low"],
        unit_high=kept["high"],
        baseline_mean=kept["baseline_mean"],
    )


def reach_of(rows: pd.DataFrame) -> float:
    """
    How far the axis of a forest goes to both sides: what differs most by far must not press all others together.

    Parameters
    ----------
    rows
        As `forest_rows` gives them.
    """
    widest = rows[["middle", "low", "high"]].abs().max(axis=1).groupby(rows["measure"]).max()
    reach = _BEYOND * float(np.quantile(widest, _CUT_AT))
    return reach if reach > 1e-9 else 1.0  # where nothing differs, the axis would show rounding


def forest_height(rows: pd.DataFrame) -> float:
    """
    Height of a forest.

    Parameters
    ----------
    rows
        As `forest_rows` gives them.

    Returns
    -------
    In inches.
    """
    return 1.2 + (0.16 + 0.16 * rows["scenario"].nunique()) * rows["measure"].nunique()


def draw_forest(
    differences: pd.DataFrame,
    axes: Axes | None = None,
    *,
    scenarios: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
    percent: bool = True,
) -> Axes:
    """
    Differences from the baseline with their intervals, a row a measure.

    A marker is filled where its interval leaves out 0. What leaves the axis ends in an arrow. At the right are the
    differences in their units, with their intervals where there is room.

    Parameters
    ----------
    differences
        As `lactflow.analysis.paired.differences` gives them.
    axes
        To draw on; a new figure when None.
    scenarios, measures
        Those that are shown; all when None.
    percent
        As percent of the mean of the baseline; else in units, which all measures must have in common.

    Returns
    -------
    The axes; the first measure is at the top.

    Raises
    ------
    ConfigError
        If no measure has an interval, or their units differ where they are drawn in units.
    """
    rows = forest_rows(differences, scenarios, measures, percent=percent)
    if rows.empty:
        raise ConfigError("no difference has an interval: it takes two pairs")
    shown = list(dict.fromkeys(rows["measure"]))
    units = list(dict.fromkeys(in_words(name).unit for name in shown))
    if not percent and len(units) > 1:
        raise ConfigError(
            f"measures of different units share no axis in units (found: {', '.join(map(quoted, units))})"
        )
    names = list(dict.fromkeys(differences["scenario"]))
    drawn = [name for name in names if name in set(rows["scenario"])]
    axes = new_axes(axes, height=forest_height(rows))
    reach = reach_of(rows)
    axes.set_xlim(-reach, reach)
    axes.axvline(0.0, color=FAINT, linewidth=1.0)
    step = _ROOM / len(drawn)
    for place, name in enumerate(drawn):
        mine = rows[rows["scenario"] == name]
        y = np.array([shown.index(each) for each in mine["measure"]]) + (place - 0.5 * (len(drawn) - 1)) * step
        colour, marker = look_of(names.index(name) + 1)
        _draw_intervals(axes, mine, y, (colour, marker))
        axes.plot([], [], marker, color=colour, linestyle="-", label=literal(name))
    _forest_frame(axes, shown, str(differences["baseline"].iloc[0]), units[0] if not percent else None)
    legend_above(axes)
    return axes


def _draw_intervals(axes: Axes, rows: pd.DataFrame, y: Floats, look: tuple[str, str]) -> None:
    """Whiskers, arrows where they are cut, markers, and the values at the end."""
    colour, marker = look
    reach = axes.get_xlim()[1]
    low, high = (rows[end].to_numpy(np.float64) for end in ("low", "high"))
    axes.hlines(y, low.clip(-reach, reach), high.clip(-reach, reach), color=colour, linewidth=1.8)
    for cut, end, arrow in ((low < -reach, -reach, "<"), (high > reach, reach, ">")):
        if cut.any():
            axes.plot(np.full(cut.sum(), end), y[cut], arrow, color=colour, markersize=6, clip_on=False)
    middle, sure = rows["middle"].to_numpy(np.float64), rows["sure"].to_numpy(bool)
    inside = np.abs(middle) <= reach
    for some, face in ((sure & inside, colour), (~sure & inside, NIGHT)):
        axes.plot(middle[some], y[some], marker, color=colour, markerfacecolor=face, markersize=6)
    narrow = is_narrow(axes)
    in_units = rows[["difference", "unit_low", "unit_high", "baseline_mean"]].to_numpy(np.float64)
    for at, values in zip(y, in_units.tolist(), strict=True):
        gap, first, last = apart(*values)
        text = gap if narrow else f"{gap} ({first} to {last})"
        axes.text(1.025, at, text, transform=axes.get_yaxis_transform(), va="center", fontsize="small")


def _forest_frame(axes: Axes, shown: Sequence[str], baseline: str, unit: str | None) -> None:
    """Measures by name, with the unit of the values at the right; the first at the top."""
    words = [in_words(name) for name in shown]
    labels = [f"{each.label} [{each.unit}]" if each.unit else each.label for each in words]
    axes.set_ylim(len(shown) - 0.4, -0.7 if is_narrow(axes) else -0.6)
    plain_frame(axes)
    axes.grid(visible=False, axis="y")
    if is_narrow(axes):
        # Above the rows, as there is no room beside them.
        axes.set_yticks([])
        for at, label in enumerate(labels):
            axes.text(0.0, at - 0.5 * _ROOM, label, transform=axes.get_yaxis_transform(), va="bottom", fontsize="small")
    else:
        axes.set_yticks(range(len(shown)), labels)
        axes.tick_params(axis="y", length=0.0, pad=9.0)
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=5 if is_narrow(axes) else 9)
    axes.xaxis.set_major_formatter("{x:g} %" if unit is None else "{x:g}")
    axes.set_xlabel(f"difference from {literal(baseline)}{'' if unit is None else f' [{unit}]'}")


def gaps_of(subjects: pd.DataFrame, differences: pd.DataFrame, measure: str) -> dict[str, Floats]:
    """
    Paired differences of one measure.

    Parameters
    ----------
    subjects
        Every measure by `scenario` and `subject`.
    differences
        As `lactflow.analysis.paired.differences` gives them: it says which is the baseline.
    measure
        Its name.

    Returns
    -------
    One value a pair that is known, by the name of the scenario; none of scenarios without pairs.

    Raises
    ------
    ConfigError
        If there is no such measure.
    """
    known = list(dict.fromkeys(differences["measure"]))
    if measure not in known or measure not in subjects:
        raise ConfigError(
            f"there is no measure {quoted(measure)} in the comparison (nearest: {nearest(measure, known, cutoff=0.0)})"
        )
    by_name = {
        str(name): rows.set_index("subject")[measure]
        for name, rows in subjects.groupby("scenario", sort=False, observed=True)
    }
    baseline = by_name.get(str(differences["baseline"].iloc[0]))
    found = {}
    for name in dict.fromkeys(differences["scenario"]):
        if baseline is not None and name in by_name:
            gaps = (by_name[name] - baseline).dropna().to_numpy(np.float64)
            if len(gaps):
                found[str(name)] = gaps
    return found


def draw_pairs(
    differences: pd.DataFrame,
    subjects: pd.DataFrame,
    measure: str,
    axes: Axes | None = None,
    *,
    scenarios: Sequence[str] | None = None,
) -> Axes:
    """
    Paired differences in one measure: a dot a pair, their mean and its interval below.

    Parameters
    ----------
    differences
        As `lactflow.analysis.paired.differences` gives them.
    subjects
        Every measure by `scenario` and `subject`.
    measure
        Its name.
    axes
        To draw on; a new figure when None.
    scenarios
        Those that are shown; all when None.

    Returns
    -------
    The axes; the first scenario is at the top.

    Raises
    ------
    ConfigError
        If there is no such measure, or no pair has it.
    """
    gaps = gaps_of(subjects, differences, measure)
    every = list(dict.fromkeys(differences["scenario"]))
    shown = [name for name in (every if scenarios is None else scenarios) if name in gaps]
    if not shown:
        raise ConfigError(f"no pair has the measure {quoted(measure)}")
    found = differences[differences["measure"] == measure].set_index("scenario")
    axes = new_axes(axes, height=1.2 + 0.9 * len(shown))
    ends = found.loc[shown, ["difference", "low", "high"]].to_numpy(np.float64)
    values = np.concatenate([[0.0], ends[np.isfinite(ends)], *(gaps[name] for name in shown)])
    room = 0.06 * (float(np.ptp(values)) or 1.0)
    axes.set_xlim(float(values.min()) - room, float(values.max()) + room)
    axes.axvline(0.0, color=FAINT, linewidth=1.0)
    for place, name in enumerate(shown):
        some = np.sort(gaps[name])
        colour, _ = look_of(every.index(name) + 1)
        _draw_stack(axes, some[evenly(len(some), _MOST_DOTS // len(shown))], place, colour)
        _draw_mean(axes, {str(end): value for end, value in found.loc[name].items()}, place, len(some))
    _pairs_frame(axes, shown, str(differences["baseline"].iloc[0]), measure)
    return axes


def stacked(values: Floats, low: float, high: float, cells: int) -> Floats:
    """
    Levels of dots, so that those of one cell of the axis stand on one another.

    Parameters
    ----------
    values
        Where the dots are.
    low, high
        Ends of the axis.
    cells
        Of the axis.

    Returns
    -------
    0 for the lowest.
    """
    seen: Counter[int] = Counter()
    levels = []
    for cell in np.floor((values - low) / (high - low) * cells).astype(int).tolist():
        levels.append(seen[cell])
        seen[cell] += 1
    return np.array(levels, dtype=np.float64)


def _draw_stack(axes: Axes, values: Floats, place: int, colour: str) -> None:
    """Dots above the middle of a row; a high stack is pressed together."""
    levels = stacked(values, *axes.get_xlim(), _NARROW_CELLS if is_narrow(axes) else _CELLS)
    step = min(_STEP, _STACK / max(1.0, float(levels.max(initial=0.0))))
    round_dots(axes, values, place + 0.1 - step * levels, 8.0, colour)


def _draw_mean(axes: Axes, row: Mapping[str, Any], place: int, pairs: int) -> None:
    """Below the dots; its numbers at the right."""
    at = place + 0.28
    middle, low, high = row["difference"], row["low"], row["high"]
    text, first, last = apart(middle, low, high, row["baseline_mean"])
    if isfinite(low):
        axes.plot([low, high], [at, at], color=INK, linewidth=2.0)
        text += f"\n{first}\nto {last}" if is_narrow(axes) else f" ({first} to {last})"
    axes.plot([middle], [at], "|", color=INK, markersize=10, markeredgewidth=2.0)
    count = f"{pairs:,} pair{'s' * (pairs != 1)}"
    axes.text(1.01, place, f"{text}\n{count}", transform=axes.get_yaxis_transform(), va="center", fontsize="small")


def _pairs_frame(axes: Axes, shown: Sequence[str], baseline: str, measure: str) -> None:
    """Scenarios by name: at the left, or above their dots where it is narrow."""
    plain_frame(axes)
    axes.grid(visible=False, axis="y")
    axes.set_ylim(len(shown) - 0.5, -0.75)
    if is_narrow(axes):
        axes.set_yticks([])
        for place, name in enumerate(shown):
            axes.text(0.0, place - 0.52, literal(name, 34), transform=axes.get_yaxis_transform(), fontsize="small")
    else:
        axes.set_yticks(range(len(shown)), list(map(literal, shown)))
        axes.tick_params(axis="y", length=0.0)
    axes.spines["left"].set_visible(False)
    words = in_words(measure)
    unit, than = f" [{words.unit}]" if words.unit else "", f"from {literal(baseline)}"
    parts = (f"{unit}\n", than) if is_narrow(axes) else (" ", f"{than}{unit}")
    axes.set_xlabel(f"{words.label}: difference{''.join(parts)}")
