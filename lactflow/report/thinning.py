"""Long series made short: means over equal stretches of time, so that a page stays small whatever the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lactflow.report.numbers import TimeAxis, in_words
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

MOST_POINTS = 700
"""Of one series: more than can be seen apart on a screen become a solid band."""
MOST_COLUMNS = 400
"""Of a heat map."""


def means(time_min: Floats, values: Floats, edges_min: Floats) -> Floats:
    """
    Mean of samples in each stretch; one without samples has what was sampled last, as a sample holds until the next.

    Parameters
    ----------
    time_min, values
        Samples by time; NaN counts as none.
    edges_min
        Of the stretches, rising.

    Returns
    -------
    One value a stretch; NaN before the first sample.
    """
    known = np.isfinite(values)
    stretch = np.clip(np.searchsorted(edges_min, time_min[known], side="right") - 1, 0, len(edges_min) - 2)
    counts = np.bincount(stretch, minlength=len(edges_min) - 1)
    sums = np.bincount(stretch, weights=values[known], minlength=len(edges_min) - 1)
    found = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    last = np.maximum.accumulate(np.where(counts > 0, np.arange(len(found)), -1))
    return np.where(last >= 0, found[last], np.nan)


def columns_for(time_min: pd.Series[float], axis: TimeAxis, most: int) -> Floats:
    """Edges of stretches [min since birth]: as many as there are instants, but no more than `most`."""
    return axis.edges(min(most, max(1, int(time_min.nunique()) - 1)))


class Thinned(NamedTuple):
    """
    Columns of samples, few enough to draw.

    Attributes
    ----------
    time_min
        Where they are [min since birth].
    columns
        Values by name.
    bands
        Lowest and highest of what each value is the mean of, by name; empty where each is a sample.
    caption
        A sentence that says what was done; empty where nothing was.
    """

    time_min: Floats
    columns: dict[str, Floats]
    bands: dict[str, tuple[Floats, Floats]]
    caption: str

    def named(self, column: str, label: str) -> Thinned:
        """One of the columns, under another name."""
        bands = {label: self.bands[column]} if column in self.bands else {}
        return self._replace(columns={label: self.columns[column]}, bands=bands)


def thinned(samples: pd.DataFrame, names: list[str], axis: TimeAxis) -> Thinned:
    """
    Columns of samples of one thing: as they are in a run of hours, else the mean of each day, with its range.

    A line through hourly samples of two months is a solid band, and one through means of some hours is the noise of
    feeding times.
    """
    time_min = samples["time_min"].to_numpy(float)
    if axis.in_hours and len(samples) <= MOST_POINTS:
        return Thinned(time_min, {name: samples[name].to_numpy(float) for name in names}, {}, "")
    midnights = np.arange(np.ceil(axis.from_min / DAY_MIN), np.floor(axis.to_min / DAY_MIN) + 1.0) * DAY_MIN
    edges = np.unique([axis.from_min, *midnights, axis.to_min])
    if len(edges) - 1 > MOST_POINTS or axis.in_hours:
        edges = columns_for(samples["time_min"], axis, MOST_POINTS)
    columns = {name: samples[name].to_numpy(float) for name in names}
    values = {name: means(time_min, column, edges) for name, column in columns.items()}
    bands = {
        name: (_extremes(time_min, column, edges, np.fmin), _extremes(time_min, column, edges, np.fmax))
        for name, column in columns.items()
    }
    length = in_words(float(np.median(np.diff(edges))))
    caption = f"Lines are means over {length}, bands from the lowest to the highest sample in it."
    return Thinned(0.5 * (edges[:-1] + edges[1:]), values, bands, caption)


def _extremes(time_min: Floats, values: Floats, edges_min: Floats, extreme: np.ufunc) -> Floats:
    """The lowest or highest sample of each stretch; NaN where there is none."""
    stretch = np.clip(np.searchsorted(edges_min, time_min, side="right") - 1, 0, len(edges_min) - 2)
    found = np.full(len(edges_min) - 1, np.nan)
    extreme.at(found, stretch, values)
    return found
