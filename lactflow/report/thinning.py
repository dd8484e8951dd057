"""Long series made short: means over equal stretches of time, so that a page stays small whatever the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lactflow.report.numbers import TimeAxis, in_words

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


def thinned(samples: pd.DataFrame, names: list[str], axis: TimeAxis) -> tuple[Floats, dict[str, Floats], str]:
    """
    Columns of samples of one thing, as they are where they are few, else as means over equal stretches.

    Returns
    -------
    Times [min since birth], values by name, and a sentence that says what was done; empty where nothing was.
    """
    time_min = samples["time_min"].to_numpy(float)
    if len(samples) <= MOST_POINTS:
        return time_min, {name: samples[name].to_numpy(float) for name in names}, ""
    edges = columns_for(samples["time_min"], axis, MOST_POINTS)
    values = {name: means(time_min, samples[name].to_numpy(float), edges) for name in names}
    return 0.5 * (edges[:-1] + edges[1:]), values, f"Each point is a mean over {in_words(edges[1] - edges[0])}."
