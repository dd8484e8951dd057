"""Line charts of values over the time of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.report.blocks import LineChart, Mark, Range, Series, Table
from lactflow.report.numbers import TimeAxis, evenly, number, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from lactflow.report.moments import Moment

    Values = Sequence[float] | npt.NDArray[np.float64] | pd.Series[Any]

_SHORT_ROWS = 14
_FEW = 60
"""Points that are also marked one by one."""


def over_time(
    axis: TimeAxis,
    time_min: Values,
    columns: Mapping[str, Values],
    unit: str,
    *,
    name: str,
    title: str,
    caption: str,
    from_zero: bool = True,
    bands: Mapping[str, tuple[Values, Values]] | None = None,
    marks: Sequence[Moment] = (),
    published: Sequence[Range] = (),
    joined: bool = False,
) -> LineChart:
    """
    A chart of some columns against time.

    Parameters
    ----------
    time_min
        Where the values are [min since birth], rising.
    columns
        Values by what they are; NaN for none.
    unit
        Of the values.
    name, title, caption
        As in `LineChart`.
    from_zero
        Whether the axis of values begins at 0.
    bands
        Lowest and highest values around some of the columns, by the same names; none when None.
    marks
        Moments of the run that are on the axis.
    published
        Ranges by day since birth; shown on an axis of days.
    joined
        Whether lines go on over times without a value.
    """
    x = axis.of(time_min)
    around = bands or {}
    low, high = axis.ends
    behind = [] if axis.in_hours else [each for each in published if each.from_x < high and each.to_x > low]
    return LineChart(
        name=name,
        title=title,
        caption=f"{caption} {_sources(behind)}".strip(),
        x=[value for value in plain(x, 7) if value is not None],
        x_label=axis.label,
        y_label=unit,
        series=[
            Series(
                label,
                plain(values),
                points=len(x) <= _FEW,
                lows=plain(around[label][0]) if label in around else (),
                highs=plain(around[label][1]) if label in around else (),
                joined=joined,
            )
            for label, values in columns.items()
        ],
        table=short_table(f"{title}: some of the values", axis, time_min, columns),
        shared="time",
        from_zero=from_zero,
        x_range=axis.ends,
        x_ticks=axis.marks(),
        marks=[Mark(at, each.text) for each in marks if low <= (at := float(axis.of(each.time_min))) <= high],
        published=behind,
    )


def _sources(published: Sequence[Range]) -> str:
    """Whose ranges are shaded."""
    sources = dict.fromkeys(each.source for each in published)
    return f"Shaded: {'; '.join(sources)}." if sources else ""


def short_table(
    title: str,
    axis: TimeAxis,
    time_min: Values,
    columns: Mapping[str, Values],
) -> Table:
    """A few evenly chosen rows of some columns."""
    values = [np.asarray(column, dtype=float) for column in columns.values()]
    shown = axis.of(time_min)
    rows = [
        [number(shown[row]), *(number(column[row]) for column in values)] for row in evenly(len(shown), _SHORT_ROWS)
    ]
    return Table(title, [axis.label, *columns], rows)
