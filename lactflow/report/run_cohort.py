"""Women of a cohort in the page of a run: that they are one, fans by day, and how they are spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.daily import daily
from lactflow.analysis.drawing.cohort import (
    FEWEST,
    at_days,
    by_woman,
    draw_cohort,
    draw_women,
    grouped_by,
    spread_days,
    women_of,
)
from lactflow.analysis.in_words import measure
from lactflow.analysis.published_spreads import PublishedSpread, published_spreads
from lactflow.report.blocks import Block, Note, Table, filled
from lactflow.report.numbers import NOTHING, evenly, number
from lactflow.report.picture import picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from lactflow.analysis.at_days import AtDays
    from lactflow.analysis.run import Run
    from lactflow.analysis.tally import Tallied
    from lactflow.report.blocks import Picture

_FANS = ("removed_ml_per_day", "fat_g_per_l", "fullness", "infant_weight_kg")
_SPREADS = ("removed_ml_per_day", "fat_g_per_l", "sessions_per_day", "onset_h")
_MARKED = " Markers with bars are published spreads, each on its days."
_SHORT_ROWS = 14
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def cohort(run: Run, tallied: Callable[[], Tallied]) -> list[Block]:
    """
    The women of a cohort together, or the replicates of one mother; nothing for a run of one unit of work.

    Parameters
    ----------
    run
        The whole run.
    tallied
        Gives its tallies.
    """
    if len(run.spans_min) < 2:
        return []
    days = daily(run, tallied())
    column, words = grouped_by(days)
    fans = [_fan(run, days, name, words) for name in _FANS if by_woman(days, name).shape[1] > 1]
    wanted = [at_days(name, spread_days(run, name)) for name in _SPREADS]
    women = women_of(run, wanted, tallied())
    shown = [(each, values) for each in wanted if len(values := women[str(each)].dropna()) > 1]
    rows = [row for each, values in shown for row in _rows(each, values)]
    beside = any(_beside(each) for each, _ in shown)
    return [
        _about(days, column, beside=beside),
        *fans,
        *(_spread(run, each, values, words) for each, values in shown),
        *([_table(rows, words)] if rows else []),
    ]


def _about(days: pd.DataFrame, column: str, *, beside: bool) -> Note:
    """What differs between the units of work."""
    women, replicates = len(set(days["mother"])), len(set(days["replicate"]))
    if column == "replicate":
        return Note(
            f"One mother in {replicates} replicates: they differ by random numbers alone, and not as women do "
            "(mother.cohort)."
        )
    again = f", each in {replicates} replicates, over which she is averaged" if replicates > 1 else ""
    few = " So few are drawn one by one." if women < FEWEST else ""
    return Note(
        f"This is a cohort: {women} virtual women who differ as women do, drawn around the mother of the config{again}."
        f"{few}{' Published spreads are of mothers of one term infant who fed on demand.' if beside else ''}"
    )


def _fan(run: Run, days: pd.DataFrame, name: str, words: str) -> Picture:
    """One measure by day."""
    table = by_woman(days, name)
    label, unit = measure(name)
    last = table.iloc[-1].dropna()
    low, middle, high = (number(float(last.quantile(each))) for each in (0.05, 0.5, 0.95))
    quantiles = table.quantile(list(_QUANTILES), axis=1).T
    some = quantiles.iloc[evenly(len(quantiles), _SHORT_ROWS)]
    bands = (
        f"the median of {table.shape[1]} {words}, and bands of the middle 50 % and 90 % of them"
        if table.shape[1] >= FEWEST
        else f"each of {table.shape[1]} {words}, and their median"
    )
    return picture(
        f"cohort-{name.replace('_', '-')}",
        f"{label.capitalize()}, {words} together",
        f"By day: {bands}. On day {table.index[-1]}: {middle} {unit}, 90 % of them from {low} to {high}."
        f"{_MARKED if any(_within(each, table.index) for each in published_spreads(name)) else ''}",
        lambda figure: draw_cohort(run, name, figure.add_subplot(), days=days),
        Table(
            f"{label.capitalize()} [{unit}] by day",
            ["day", *(f"{100.0 * each:.0f} %" for each in _QUANTILES)],
            [[f"{day}", *map(number, row)] for day, row in zip(some.index, some.to_numpy(float).tolist(), strict=True)],
        ),
        narrow_px=380.0,
        choice="cohort",
    )


def _within(each: PublishedSpread, days: pd.Index[int]) -> bool:
    """Whether a published spread is of some of the days, so that it is drawn."""
    return (
        each.first_day is not None
        and each.last_day is not None
        and each.first_day <= days.max()
        and each.last_day >= days.min()
    )


def _spread(run: Run, wanted: AtDays, values: pd.Series[float], words: str) -> Picture:
    """How women are spread in one measure."""
    label, unit = measure(str(wanted))
    low, middle, high = (number(float(values.quantile(each))) for each in (0.05, 0.5, 0.95))
    texts = [
        f"{each.cited}: {number(each.mean)} ({number(each.low)} to {number(each.high)})" for each in _beside(wanted)
    ]
    return picture(
        f"women-{wanted.measure.replace('_', '-')}",
        f"{label.capitalize()}, how {words} differ{'' if _days(wanted) else ' over the whole run'}",
        f"{len(values)} {words}: median {middle} {unit}, 90 % of them from {low} to {high}, SD "
        f"{number(float(values.std()))}.{' Published: ' + '; '.join(texts) + '.' if texts else ''}",
        lambda figure: draw_women(run, wanted.measure, figure.add_subplot(), days=_days(wanted), values=values),
        Table("Lowest to highest", ["of them", f"{label} [{unit}]"], _ranked(values)),
        height_px=260.0,
        narrow_px=340.0,
        choice="women",
    )


def _days(wanted: AtDays) -> tuple[int, int] | None:
    """First and last day; None for a whole run."""
    return None if wanted.first_day is None or wanted.last_day is None else (wanted.first_day, wanted.last_day)


def _beside(wanted: AtDays) -> list[PublishedSpread]:
    """Published spreads of the same days."""
    return [each for each in published_spreads(wanted.measure) if each.is_of(_days(wanted))]


def _rows(wanted: AtDays, values: pd.Series[float]) -> list[list[str]]:
    """Rows of the table of spreads: one for each published spread, or one without."""
    label, unit = measure(str(wanted))
    ends = [float(values.quantile(each)) for each in (0.5, 0.05, 0.95)]
    own = [f"{label} [{unit}]", f"{len(values)}", *(number(each) for each in [*ends, float(values.std())])]
    return [[*own, *_published(each)] for each in _beside(wanted)] or [[*own, NOTHING, NOTHING, NOTHING, ""]]


def _published(each: PublishedSpread) -> list[str]:
    """Cells of a published spread."""
    kind = "range" if each.is_range else "mean less and plus SD"
    ends = f"{number(each.low)} to {number(each.high)} ({kind})"
    return [number(each.mean), ends, NOTHING if each.n is None else f"{each.n}", f"{each.source}: {each.condition}"]


def _ranked(values: pd.Series[float]) -> list[list[str]]:
    """Some of the values in their order."""
    ranked = sorted(float(value) for value in values)
    return [[f"{place + 1} of {len(ranked)}", number(ranked[place])] for place in evenly(len(ranked), _SHORT_ROWS)]


def _table(rows: Sequence[Sequence[str]], words: str) -> Table:
    """Spreads beside published ones."""
    columns = ["measure", words, "median", "5 %", "95 %", "SD", "published mean", "published spread", "n", "source"]
    beside = ", beside published spreads" if any(row[-1] for row in rows) else ""
    return filled(Table(f"How {words} differ{beside}", columns, rows, frozenset({9})))
