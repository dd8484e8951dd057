"""A drug over two days: its level in blood, in the milk of each breast and in the infant, with doses and sessions."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from lactflow.analysis.drawing.style import (
    INK,
    KINDS,
    LINES,
    SIDES,
    clock_ticks,
    config_of,
    is_narrow,
    legend,
    literal,
    new_axes,
    one_unit,
    plain_frame,
    shade_nights,
)
from lactflow.dyad.schedule.times import clock_minutes
from lactflow.errors import ConfigError
from lactflow.records import BREASTS
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed

DAYS_SHOWN = 2.0
_LEAST_MG_PER_L = 1.0
"""Highest level of an infant below which its scale is in micrograms: ticks of many digits reach into the legend."""
_NOTHING_LEFT = 0.01
"""Share of the highest level, below which days have nothing to show of a drug that was taken before them."""
NO_ADVICE = "A model of milk secretion, and no medical advice"
"""What stands wherever a dose is shown."""


def drugs_of(run: Analysed) -> list[str]:
    """Names of the drugs and metabolites of a run, in the order of its samples; empty for a run without any."""
    if "drug_levels" not in run.tables:
        return []
    return [str(name) for name in run["drug_levels"]["drug"].drop_duplicates()]


def draw_drug(
    run: Analysed,
    drug: str | None = None,
    axes: Axes | None = None,
    *,
    from_day: float | None = None,
    mother: int = 0,
    replicate: int = 0,
) -> Axes:
    """
    Two days of a drug: in plasma, in the milk of each breast, and in each infant (scale at the right).

    Sessions are shaded by their kind, doses are triangles at the bottom, open where one was missed; hours of the night
    are grey.

    Parameters
    ----------
    run
        Finished or not.
    drug
        Its name, or that of a metabolite; the first of the run when None.
    axes
        To draw on; a new figure when None.
    from_day
        First of the days shown. When None the last for which two whole days follow, or, where less than a hundredth of
        the highest level is left by then, the day of that level.
    mother, replicate
        Whose days.

    Returns
    -------
    The axes of plasma and milk, in hours from the start of the first day, the clock on the ticks.

    Raises
    ------
    ConfigError
        If the run has no drug of this name, or nothing of these days.
    """
    known = drugs_of(run)
    drug = drug if drug is not None or not known else known[0]
    if drug not in known:
        there = ", ".join(known) or "none: its config has no drugs"
        raise ConfigError(f"the run has no drug {drug!r} (there are {there})")
    levels = one_unit(run["drug_levels"], mother, replicate)
    levels = levels[levels["drug"] == drug]
    from_min = _first_min(levels, from_day)
    to_min = from_min + DAYS_SHOWN * DAY_MIN
    levels = levels[(levels["time_min"] >= from_min) & (levels["time_min"] <= to_min)]
    axes = new_axes(axes)
    birth_clock_min = clock_minutes(config_of(run)["birth_clock"])
    shade_nights(axes, from_min, to_min, birth_clock_min, HOUR_MIN)
    _draw_levels(axes, levels, from_min)
    _draw_sessions(axes, one_unit(run["sessions"], mother, replicate), from_min, to_min)
    doses = one_unit(run["doses"], mother, replicate)
    _draw_doses(axes, doses[doses["drug"] == drug], from_min, to_min)
    clock_ticks(axes, from_min, to_min, birth_clock_min)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("plasma and milk [mg/L]")
    day = from_min / DAY_MIN + 1.0
    line = "\n" if is_narrow(axes) else " "
    title = f"{literal(drug)}, days {day:g} and {day + 1.0:g}.{line}{NO_ADVICE}"
    axes.set_title(title, loc="left", fontsize="small" if is_narrow(axes) else "medium")
    plain_frame(axes)
    legend(axes, *_draw_infants(axes, _of_infants(run, drug, mother, replicate), from_min, to_min))
    return axes


def _first_min(levels: pd.DataFrame, from_day: float | None) -> float:
    """
    When the days that are shown begin [min since birth].

    Raises
    ------
    ConfigError
        If there is nothing of them.
    """
    seen = levels["time_min"]
    if from_day is None:
        first = floor(seen.min() / DAY_MIN)
        last_min = float(max(first, floor(seen.max() / DAY_MIN - DAYS_SHOWN)) * DAY_MIN)
        most, most_then = (each["mg_per_l"].max() for each in (levels, levels[seen >= last_min]))
        if not most_then < _NOTHING_LEFT * most:
            return last_min
        peaks = seen[levels["mg_per_l"] == most]
        return float(floor(peaks.iloc[-1] / DAY_MIN) * DAY_MIN)
    from_min = (from_day - 1.0) * DAY_MIN
    if not ((seen >= from_min) & (seen <= from_min + DAYS_SHOWN * DAY_MIN)).any():
        days = f"{floor(seen.min() / DAY_MIN) + 1} to {ceil(seen.max() / DAY_MIN)}"
        raise ConfigError(f"day {from_day:g} is not in the run (its days: {days})")
    return from_min


def _draw_levels(axes: Axes, levels: pd.DataFrame, from_min: float) -> None:
    """Plasma, and both breasts where it gets into milk."""
    looks = {"plasma": (INK, "-")} | {
        f"milk {side}": (SIDES[side], style) for side, style in zip(BREASTS, ("--", "-."), strict=True)
    }
    for where, (colour, style) in looks.items():
        sampled = levels[levels["where"] == where]
        if sampled.empty:
            continue
        rows = sampled.dropna(subset=["mg_per_l"])
        hours = (rows["time_min"] - from_min) / HOUR_MIN
        axes.plot(hours, rows["mg_per_l"], linestyle=style, color=colour, linewidth=1.7, label=where)


def _draw_sessions(axes: Axes, sessions: pd.DataFrame, from_min: float, to_min: float) -> None:
    """Shaded by kind."""
    shown = sessions[(sessions["start_min"] >= from_min) & (sessions["start_min"] < to_min)]
    for kind, rows in shown.groupby("kind", observed=True):
        spans = ((rows[["start_min", "end_min"]] - from_min) / HOUR_MIN).to_numpy(dtype=float)
        for number, (start_h, end_h) in enumerate(spans):
            label = None if number else str(kind)
            axes.axvspan(start_h, max(end_h, start_h + 0.05), color=KINDS[str(kind)], alpha=0.25, lw=0.0, label=label)


def _draw_doses(axes: Axes, doses: pd.DataFrame, from_min: float, to_min: float) -> None:
    """Triangles at the bottom: full where a dose was taken, open where it was missed."""
    doses = doses[(doses["time_min"] >= from_min) & (doses["time_min"] < to_min)]
    for taken, label in ((True, "dose"), (False, "missed dose")):
        hours = (doses.loc[doses["taken"] == taken, "time_min"] - from_min) / HOUR_MIN
        if len(hours):
            axes.plot(
                hours,
                [0.03] * len(hours),
                "^",
                color=INK,
                markersize=8,
                fillstyle="full" if taken else "none",
                transform=axes.get_xaxis_transform(),
                label=label,
                clip_on=False,
            )


def _of_infants(run: Analysed, drug: str, mother: int, replicate: int) -> pd.DataFrame | None:
    """Levels of a drug in infants; None for a run that has no such table."""
    if "infant_levels" not in run.tables:
        return None
    rows = one_unit(run["infant_levels"], mother, replicate)
    found: pd.DataFrame = rows[rows["drug"] == drug]
    return found


def _draw_infants(axes: Axes, rows: pd.DataFrame | None, from_min: float, to_min: float) -> list[Axes]:
    """Levels of infants on a scale of their own; nothing where there are none."""
    if rows is None:
        return []
    rows = rows[(rows["time_min"] >= from_min) & (rows["time_min"] <= to_min)]
    if rows.empty:
        return []
    right = axes.twinx()
    infants = rows["infant"].unique()
    unit, per_mg = (
        ("mg/L", 1.0) if rows["mg_per_l"].max() >= _LEAST_MG_PER_L else ("\N{GREEK SMALL LETTER MU}g/L", 1000.0)
    )
    for infant in infants:
        of_one = rows[rows["infant"] == infant]
        label = "infant" if len(infants) == 1 else f"infant {infant}"
        hours = (of_one["time_min"] - from_min) / HOUR_MIN
        right.plot(hours, of_one["mg_per_l"] * per_mg, ":", color=LINES[2], linewidth=2.2, label=f"{label} (right)")
    right.set_ylim(bottom=0.0)
    right.set_ylabel(f"infant's plasma [{unit}]")
    right.spines["top"].set_visible(False)
    return [right]
