"""Growth of the infants of a run on the curves of the WHO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.drawing.style import (
    DASHES,
    FAINT,
    LINES,
    MARKERS,
    config_of,
    legend_above,
    new_axes,
    one_unit,
    plain_frame,
)
from lactflow.analysis.faltering import birth_weights
from lactflow.errors import ConfigError
from lactflow.parameters.growth_standard import standard_at
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed
    from lactflow.parameters.growth_standard import Sex

_NEWBORN_DAYS = 0.5
"""An infant that is followed from an age below has its birth in the picture."""
_Z = {"-2 z": -2.0, "-1 z": -1.0, "median": 0.0, "+1 z": 1.0, "+2 z": 2.0}


def draw_growth(run: Analysed, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0) -> Axes:
    """
    Weight of every infant on the curves of the WHO: median, and one and two z-scores to both sides.

    A dotted line across is the weight at birth, with a marker at age 0 where that is in the picture.

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
    traits, born_kg = config_of(run)["infants"], birth_weights(run)
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
            label=f"infant {number}" if len(traits) > 1 else "infant",
        )
        at_birth_kg = born_kg.get((mother, number), traits[number]["birth_weight_kg"])
        _draw_birth(axes, number, at_birth_kg, ages[-2], several=len(traits) > 1)
    _draw_standard(axes, min(ages), max(ages), traits[int(samples["infant"].min())]["sex"])
    axes.set_xlabel("age [days]")
    axes.set_ylabel("weight [kg]")
    plain_frame(axes)
    legend_above(axes)
    return axes


def _draw_birth(axes: Axes, number: int, at_birth_kg: float, from_days: float, *, several: bool) -> None:
    """The weight at birth of one infant: a line across, and a marker where birth is in the picture."""
    axes.axhline(
        at_birth_kg,
        color=LINES[number % len(LINES)],
        linestyle=":",
        linewidth=1.2,
        marker=MARKERS[number % len(MARKERS)] if from_days < _NEWBORN_DAYS else None,
        markevery=(0, 2),  # the left end alone
        clip_on=False,
        label=f"birth weight {at_birth_kg:.2f} kg{f', infant {number}' if several else ''}",
    )


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
