"""Measures over the days of a run, and growth of an infant on the curves of the WHO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.daily import MEASURES
from lactflow.analysis.drawing.style import BAND, DASHES, LINES, config_of, new_axes, one_unit, plain_frame
from lactflow.analysis.in_words import measure as in_words
from lactflow.config.text import nearest, quoted
from lactflow.errors import ConfigError
from lactflow.parameters.growth_standard import standard_at
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed
    from lactflow.parameters.growth_standard import Sex

_LEAST_OBSERVED = 0.5
"""Share of a day that must have been simulated for a point."""
_FEW_DAYS = 40
"""Days that are also marked one by one."""
_Z = {"-2 z": -2.0, "-1 z": -1.0, "median": 0.0, "+1 z": 1.0, "+2 z": 2.0}


def draw_course(run: Analysed, name: str = "made_ml_per_day", axes: Axes | None = None) -> Axes:
    """
    One measure day by day: the mean of all mothers and replicates, and the band from the lowest to the highest.

    Parameters
    ----------
    run
        Finished or not.
    name
        One of `lactflow.analysis.daily.MEASURES`.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes, in days since birth: day 1 is from 0 to 1.

    Raises
    ------
    ConfigError
        If there is no such measure, if it is of no day, or if matplotlib is not installed.
    """
    if name not in MEASURES or name == "onset_h":
        hint = nearest(name, [each for each in MEASURES if each != "onset_h"], cutoff=0.0)
        raise ConfigError(f"there is no measure of days {quoted(name)} (nearest: {hint})")
    days = run.daily()
    days = days[days["observed_days"] >= _LEAST_OBSERVED]
    found = days.groupby("day")[name].agg(["mean", "min", "max", "count"])
    axes = new_axes(axes)
    middle = found.index.to_numpy() - 0.5
    if found["count"].max() > 1:
        axes.fill_between(middle, found["min"], found["max"], color=BAND, alpha=0.3, label="lowest to highest")
    axes.plot(
        middle, found["mean"], color=LINES[0], marker="o" if len(found) <= 40 else None, markersize=3, label="mean"
    )
    label, unit = in_words(name)
    axes.set_ylabel(f"{label} [{unit}]")
    axes.set_xlabel("days since birth")
    if axes.get_xlim()[0] < 0.0 < axes.get_xlim()[1]:
        axes.axvline(0.0, color="0.4", linewidth=0.8)
    plain_frame(axes)
    if found["count"].max() > 1:
        axes.legend(frameon=False)
    return axes


def draw_growth(run: Analysed, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0) -> Axes:
    """
    Weight of every infant on the curves of the WHO: median, and one and two z-scores to both sides.

    Parameters
    ----------
    run
        Finished or not.
    axes
        To draw on; a new figure when None.
    mother, replicate
        Whose infants.

    Returns
    -------
    The axes, in days since the birth of each infant.

    Raises
    ------
    ConfigError
        If the run has no infants, or matplotlib is not installed.

    References
    ----------
    WHO Multicentre Growth Reference Study Group 2006, weight for age: `lactflow.parameters.growth_standard`.
    """
    samples = one_unit(run["infants"], mother, replicate)
    if not len(samples):
        raise ConfigError("the run has no infants whose weight could be drawn")
    traits = config_of(run)["infants"]
    axes = new_axes(axes, height=4.5)
    ages = []
    for number, rows in samples.groupby("infant"):
        age_days = rows["time_min"] / DAY_MIN - (traits[number]["born_day"] - 1.0)
        ages += [float(age_days.min()), float(age_days.max())]
        axes.plot(
            age_days,
            rows["weight_kg"],
            color=LINES[number % len(LINES)],
            linestyle=DASHES[number % len(DASHES)],
            linewidth=1.8,
            label=f"infant {number}",
        )
    _draw_standard(axes, min(ages), max(ages), traits[int(samples["infant"].min())]["sex"])
    axes.set_xlabel("age [days]")
    axes.set_ylabel("weight [kg]")
    plain_frame(axes)
    axes.legend(frameon=False, loc="upper left")
    return axes


def _draw_standard(axes: Axes, from_days: float, to_days: float, sex: Sex | None) -> None:
    """The curves behind, each with its name at the end."""
    import numpy as np

    ages = np.linspace(max(0.0, from_days), to_days, 80)
    for name, z in _Z.items():
        weights = [standard_at(float(age), sex).weight_kg(z) for age in ages]
        axes.plot(ages, weights, color="0.6", linewidth=1.2 if z == 0.0 else 0.7, zorder=1)
        axes.annotate(
            name,
            (ages[-1], weights[-1]),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize="small",
            color="0.4",
            annotation_clip=False,
        )
