"""Measures over the days of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.daily import OF_RUN, measures_in
from lactflow.analysis.drawing.style import BAND, FAINT, LINES, day_axis, legend, new_axes, plain_frame
from lactflow.analysis.in_words import measure as in_words
from lactflow.config.text import nearest, quoted
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed

_LEAST_OBSERVED = 0.5
"""Share of a day that must have been simulated for a point."""
_FEW_DAYS = 40
"""Days that are also marked one by one."""


def draw_course(run: Analysed, name: str = "made_ml_per_day", axes: Axes | None = None) -> Axes:
    """
    One measure day by day: the mean of all mothers and replicates, and the band from the lowest to the highest.

    Parameters
    ----------
    run
        Finished or not.
    name
        One of `lactflow.analysis.daily.MEASURES`, or of a drug that the run has.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes, in days since birth: day 1 is from 0 to 1.

    Raises
    ------
    ConfigError
        If there is no such measure, if it is of no day.
    """
    days = run.daily()
    known = [each for each in measures_in(days) if each not in OF_RUN]
    if name not in known:
        raise ConfigError(f"there is no measure of days {quoted(name)} (nearest: {nearest(name, known, cutoff=0.0)})")
    days = days[days["observed_days"] >= _LEAST_OBSERVED]
    found = days.groupby("day")[name].agg(["mean", "min", "max", "count"])
    axes = new_axes(axes)
    middle = found.index.to_numpy() - 0.5
    if found["count"].max() > 1:
        axes.fill_between(middle, found["min"], found["max"], color=BAND, label="lowest to highest")
    marker = "o" if len(found) <= _FEW_DAYS else None
    axes.plot(middle, found["mean"], color=LINES[0], marker=marker, markersize=3, label="mean")
    label, unit = in_words(name)
    axes.set_ylabel(f"{label} [{unit}]")
    day_axis(axes, list(found.index))
    if axes.get_xlim()[0] < 0.0 < axes.get_xlim()[1]:
        axes.axvline(0.0, color=FAINT, linewidth=0.8)
    plain_frame(axes)
    if found["count"].max() > 1:
        legend(axes)
    return axes
