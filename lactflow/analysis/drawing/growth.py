"""Growth of the infants of a run on the curves of the WHO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.drawing.style import DASHES, FAINT, LINES, config_of, new_axes, one_unit, plain_frame
from lactflow.errors import ConfigError
from lactflow.parameters.growth_standard import standard_at
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed
    from lactflow.parameters.growth_standard import Sex

_Z = {"-2 z": -2.0, "-1 z": -1.0, "median": 0.0, "+1 z": 1.0, "+2 z": 2.0}


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
        If the run has no infants.

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
    axes.legend(loc="upper left")
    return axes


def _draw_standard(axes: Axes, from_days: float, to_days: float, sex: Sex | None) -> None:
    """The curves behind, each with its name at the end."""
    import numpy as np

    ages = np.linspace(max(0.0, from_days), to_days, 80)
    for name, z in _Z.items():
        weights = [standard_at(float(age), sex).weight_kg(z) for age in ages]
        axes.plot(ages, weights, color=FAINT, linewidth=1.2 if z == 0.0 else 0.7, zorder=1)
        axes.annotate(
            name,
            (ages[-1], weights[-1]),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize="small",
            color=FAINT,
            annotation_clip=False,
        )
