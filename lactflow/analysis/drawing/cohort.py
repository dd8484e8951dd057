"""Women of a cohort together: measures by day as fans, and how women are spread, beside published spreads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.at_days import AtDays, by_replicate_at
from lactflow.analysis.daily import MEASURES, OF_RUN, is_measure
from lactflow.analysis.drawing.style import (
    FAINT,
    INK,
    LINES,
    config_of,
    is_narrow,
    legend_above,
    new_axes,
    plain_frame,
)
from lactflow.analysis.drug_names import DRUG_MEASURES
from lactflow.analysis.in_words import measure as in_words
from lactflow.analysis.published_spreads import PublishedSpread, published_spreads
from lactflow.config.text import nearest, quoted
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed
    from lactflow.analysis.tally import Tallied

FEWEST = 8
"""Women from whom on quantiles mean something; fewer are drawn one by one."""
_LEAST_OBSERVED = 0.5
"""Share of a day that must have been simulated for a point."""
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_FEWEST_BINS, _MOST_BINS = 8, 16
_ABOVE = 0.09
"""Room above a histogram for each published spread [of the highest bar]."""


def grouped_by(table: pd.DataFrame) -> tuple[str, str]:
    """
    What a table of several units of work is a spread of.

    Parameters
    ----------
    table
        With the columns `mother` and `replicate`.

    Returns
    -------
    Name of the column, and the word for several of it: `mother` and `women`, or else `replicate` and `replicates`.
    """
    return ("mother", "women") if len(set(table["mother"])) > 1 else ("replicate", "replicates")


def by_woman(days: pd.DataFrame, name: str) -> pd.DataFrame:
    """
    One measure by day and woman: a mean over her replicates.

    Parameters
    ----------
    days
        Of `lactflow.analysis.daily.daily`.
    name
        A measure of days.

    Returns
    -------
    A row a day, a column a woman (a replicate, where there is one woman); days that were simulated in part are left
    out.
    """
    column, _ = grouped_by(days)
    whole = days[days["observed_days"] >= _LEAST_OBSERVED]
    return whole.pivot_table(index="day", columns=column, values=name, aggfunc="mean").dropna(how="all")


def draw_cohort(
    run: Analysed, name: str = "removed_ml_per_day", axes: Axes | None = None, *, days: pd.DataFrame | None = None
) -> Axes:
    """
    A measure by day over the women of a cohort: the median, and bands of the middle 50 % and 90 % of them.

    Fewer than eight are drawn one by one. Published spreads stand beside, each on its days.

    Parameters
    ----------
    run
        Of several mothers, or of several replicates of one.
    name
        One of `lactflow.analysis.daily.MEASURES`.
    axes
        To draw on; a new figure when None.
    days
        `run.daily()`, where it is there already.

    Returns
    -------
    The axes, in days since birth: day 1 is from 0 to 1.

    Raises
    ------
    ConfigError
        If there is no such measure, if it is of no day, or of a run of one mother and one replicate.
    """
    _check(name)
    daily = run.daily() if days is None else days
    table = by_woman(daily, name)
    if table.shape[1] < 2:
        raise ConfigError("the run has one mother and one replicate: there is nothing to spread (mother.cohort)")
    _, words = grouped_by(daily)
    axes = new_axes(axes)
    middle = table.index.to_numpy() - 0.5
    marker = "o" if len(table) < 3 else None
    if table.shape[1] < FEWEST:
        for place, column in enumerate(table):
            label = f"each of {table.shape[1]} {words}" if not place else None
            axes.plot(middle, table[column], color=LINES[0], linewidth=0.8, alpha=0.6, marker=marker, label=label)
    else:
        low, lower, _, upper, high = (table.quantile(each, axis=1) for each in _QUANTILES)
        axes.fill_between(middle, low, high, color=LINES[0], alpha=0.16, linewidth=0.0, label=f"90 % of the {words}")
        axes.fill_between(middle, lower, upper, color=LINES[0], alpha=0.32, linewidth=0.0, label="the middle 50 %")
        for edge in (low, high):
            axes.plot(middle, edge, color=LINES[0], linewidth=0.8, linestyle=":")
    axes.plot(middle, table.median(axis=1), color=LINES[0], linewidth=2.0, marker=marker, label="median")
    for place, each in enumerate(published_spreads(name)):
        _draw_published(axes, each, float(table.index.min()), float(table.index.max()), place)
    label, unit = in_words(name)
    axes.set_ylabel(f"{label} [{unit}]")
    axes.set_xlabel("days since birth")
    axes.locator_params(axis="x", nbins=6 if is_narrow(axes) else 10, integer=True)
    plain_frame(axes)
    legend_above(axes)
    return axes


def _draw_published(axes: Axes, each: PublishedSpread, first: float, last: float, place: int) -> None:
    """One published spread at the middle of its days, as far as they are shown; nothing where none is."""
    if each.first_day is None or each.last_day is None:
        return
    low_day, high_day = max(first, each.first_day), min(last, each.last_day)
    if low_day > high_day:
        return
    colour, marker = LINES[1 + place % 3], "Ds^"[place % 3]
    at = 0.5 * (low_day + high_day) - 0.5
    off = [[each.mean - each.low], [each.high - each.mean]]
    axes.errorbar([at], [each.mean], yerr=off, fmt=marker, color=colour, capsize=5, markersize=6, label=each.cited)
    if high_day > low_day:
        ends = [low_day - 1.0, high_day]
        for level in (each.low, each.high):
            axes.plot(ends, [level, level], color=colour, linewidth=0.8, linestyle="--")


def spread_days(run: Analysed, name: str) -> tuple[int, int] | None:
    """
    The days that women of a run are best compared on in one measure: those of a published spread that the run has.

    Parameters
    ----------
    run
        Finished or not.
    name
        A measure.

    Returns
    -------
    First and last day, both included; None for the whole run.
    """
    from lactflow.units import DAY_MIN

    spans = list(run.spans_min.values())
    first, last = (round(max(start for start, _ in spans) / DAY_MIN) + 1, int(min(end for _, end in spans) / DAY_MIN))
    found = [
        (max(first, each.first_day), min(last, each.last_day))
        for each in published_spreads(name)
        if each.first_day is not None and each.last_day is not None
    ]
    there = [each for each in found if each[0] <= each[1]]
    return there[-1] if there else None


def women_of(run: Analysed, wanted: Sequence[AtDays], tallied: Tallied | None = None) -> pd.DataFrame:
    """
    Measures of each woman: means over her replicates.

    Parameters
    ----------
    run
        Finished or not.
    wanted
        Measures, maybe of some days; one without days is of the whole run after its warm-up.
    tallied
        Tallies of the run with its own warm-up, where they are at hand.

    Returns
    -------
    A row for each mother (each replicate, where there is one mother), a column for each of `wanted`, by its text.
    """
    warm_up_days = float(config_of(run)["record"]["warm_up_days"])
    table = by_replicate_at(run, [each for each in wanted if each.first_day is not None], warm_up_days, tallied)
    column, _ = grouped_by(table)
    return table.groupby(column)[[str(each) for each in wanted]].mean()


def draw_women(
    run: Analysed,
    name: str = "removed_ml_per_day",
    axes: Axes | None = None,
    *,
    days: tuple[int, int] | None = None,
    values: pd.Series[float] | None = None,
) -> Axes:
    """
    How the women of a cohort are spread in one measure, beside what was published of the same days.

    Parameters
    ----------
    run
        Of several mothers, or of several replicates of one.
    name
        One of `lactflow.analysis.daily.MEASURES`.
    axes
        To draw on; a new figure when None.
    days
        First and last day, both included; the whole run after its warm-up when None.
    values
        A column of `women_of`, where it is there already.

    Returns
    -------
    The axes: bars are women, ticks below them each woman, the line their median.

    Raises
    ------
    ConfigError
        If there is no such measure, or fewer than two have a value.
    """
    import numpy as np

    _check(name, whole=True)
    wanted = at_days(name, days)
    values = (women_of(run, [wanted])[str(wanted)] if values is None else values).dropna()
    if len(values) < 2:
        raise ConfigError(f"fewer than two women have {quoted(name)} there: there is nothing to spread")
    words = "women" if values.index.name == "mother" else "replicates"
    axes = new_axes(axes)
    count = min(_MOST_BINS, max(_FEWEST_BINS, len(np.histogram_bin_edges(values, "auto")) - 1))
    counts, _, _ = axes.hist(
        values, bins=count, color=LINES[0], alpha=0.5, edgecolor=LINES[0], label=f"{len(values)} {words}"
    )
    top = float(np.max(counts))
    axes.plot(values, [-0.03 * top] * len(values), "|", color=INK, markersize=6, clip_on=False)
    axes.axvline(float(values.median()), color=INK, linewidth=1.4, linestyle="--", label="their median")
    beside = [each for each in published_spreads(name) if each.is_of(days)]
    for place, each in enumerate(beside):
        colour, marker = LINES[1 + place % 3], "Ds^"[place % 3]
        height = top * (1.0 + _ABOVE * (place + 1))
        off = [[each.mean - each.low], [each.high - each.mean]]
        axes.errorbar([each.mean], [height], xerr=off, fmt=marker, color=colour, capsize=5, label=each.cited)
    axes.set_ylim(-0.06 * top, top * (1.08 + _ABOVE * len(beside)))
    label, unit = in_words(str(wanted))
    axes.set_xlabel(f"{label} [{unit}]")
    axes.set_ylabel(words)
    axes.locator_params(axis="y", integer=True)
    plain_frame(axes)
    axes.grid(visible=False, axis="x")
    axes.spines["left"].set_color(FAINT)
    if is_narrow(axes):
        axes.locator_params(axis="x", nbins=5)
    legend_above(axes)
    return axes


def at_days(name: str, days: tuple[int, int] | None) -> AtDays:
    """
    A measure of some days.

    Parameters
    ----------
    name
        Of the measure; one of a whole run has no days.
    days
        First and last day, both included; None for the whole run.
    """
    return AtDays(name) if days is None or name in OF_RUN else AtDays(name, *days)


def _check(name: str, *, whole: bool = False) -> None:
    """
    Refuse what is no measure; one of a whole run too, unless it is asked for.

    Raises
    ------
    ConfigError
        With the nearest.
    """
    if not is_measure(name) or (name in OF_RUN and not whole):
        known = [each for each in (*MEASURES, *DRUG_MEASURES) if whole or each not in OF_RUN]
        of = "measure" if whole else "measure of days"
        raise ConfigError(f"there is no {of} {quoted(name)} (nearest: {nearest(name, known, cutoff=0.0)})")
