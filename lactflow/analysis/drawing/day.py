"""One day in two breasts: milk stored, sessions and what they took, let-downs, storage capacity, the night."""

from __future__ import annotations

from math import ceil, floor, inf
from typing import TYPE_CHECKING

from lactflow.analysis.drawing.style import (
    INK,
    KINDS,
    SIDES,
    clock_ticks,
    config_of,
    is_narrow,
    legend,
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

_NUMBER_H = {False: 0.8, True: 2.2}
"""Room that a number above the day takes on a wide figure and on a phone [h]."""
_NUMBER_ROWS = 3
"""Rows of numbers above the day."""
_LEAST_ML = 0.5
"""Milk taken that is written beside a session."""


def stored_over(breasts: pd.DataFrame, removals: pd.DataFrame) -> pd.DataFrame:
    """
    Milk in one breast over time, with the corner at the beginning and the end of each session.

    Parameters
    ----------
    breasts, removals
        Rows of one breast, of the tables of these names.

    Returns
    -------
    `time_min` and `volume_ml`, in order of time; samples that fall into a session are left out.
    """
    import numpy as np
    import pandas as pd

    times = breasts["time_min"].to_numpy()
    inside = np.zeros(len(times), dtype=bool)
    corners = []
    columns = ["start_min", "end_min", "fullness_start", "fullness_end"]
    for start_min, end_min, before, after in removals[columns].to_numpy(dtype=float):
        inside |= (times >= start_min) & (times <= end_min)
        capacity_ml = float(np.interp(start_min, times, breasts["capacity_ml"]))
        corners += [(start_min, before * capacity_ml), (end_min, after * capacity_ml)]
    samples = breasts.loc[~inside, ["time_min", "volume_ml"]]
    both = pd.concat([samples, pd.DataFrame(corners, columns=["time_min", "volume_ml"])])
    return both.sort_values("time_min", kind="stable", ignore_index=True)


def draw_day(
    run: Analysed, day: float | None = None, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0
) -> Axes:
    """
    The day of a run: milk stored in each breast as saw-teeth.

    Sessions are shaded by their kind, with the milk that each took from both breasts [mL]; ticks below are let-downs,
    dotted lines the storage capacity of each breast; hours of the night are grey.

    Parameters
    ----------
    run
        Finished or not.
    day
        Its number: day 1 is the first 24 h after birth. The last whole one of the run when None.
    axes
        To draw on; a new figure when None.
    mother, replicate
        Whose day.

    Returns
    -------
    The axes, in hours from the start of the day, the clock on the ticks.

    Raises
    ------
    ConfigError
        If the run has nothing of that day.
    """
    tables = {name: one_unit(run[name], mother, replicate) for name in ("breasts", "removals", "sessions", "let_downs")}
    seen = tables["breasts"]["time_min"]
    first, last = (floor(seen.min() / DAY_MIN) + 1, ceil(seen.max() / DAY_MIN)) if len(seen) else (0, 0)
    if day is None:
        day = max(first, floor(seen.max() / DAY_MIN)) if len(seen) else 1.0
    from_min, to_min = (day - 1.0) * DAY_MIN, day * DAY_MIN
    if not ((seen >= from_min) & (seen <= to_min)).any():
        days = f"{first} to {last}" if len(seen) else "none"
        raise ConfigError(f"day {day:g} is not in the run (its days: {days})")
    axes = new_axes(axes)
    birth_clock_min = clock_minutes(config_of(run)["birth_clock"])
    shade_nights(axes, from_min, to_min, birth_clock_min, HOUR_MIN)
    for side in BREASTS:
        _draw_breast(axes, side, tables, from_min, to_min)
    _draw_let_downs(axes, tables["let_downs"], from_min, to_min)
    _draw_sessions(axes, tables["sessions"], from_min, to_min)
    clock_ticks(axes, from_min, to_min, birth_clock_min)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("milk in the breast [mL]")
    axes.set_title(f"Day {day:g}; above: milk taken [mL]", loc="left", pad=36.0, fontsize="medium")
    plain_frame(axes)
    legend(axes)
    return axes


def _draw_breast(axes: Axes, side: str, tables: dict[str, pd.DataFrame], from_min: float, to_min: float) -> None:
    """The saw-teeth of one breast, and its capacity."""
    breasts, removals = (table[table["breast"] == side] for table in (tables["breasts"], tables["removals"]))
    stored = stored_over(breasts, removals)
    hours = (stored["time_min"] - from_min) / HOUR_MIN
    style = "-" if side == "left" else "--"
    axes.plot(hours, stored["volume_ml"], style, color=SIDES[side], linewidth=1.8, label=f"{side} breast")
    held = breasts[(breasts["time_min"] >= from_min) & (breasts["time_min"] <= to_min)]
    axes.plot(
        (held["time_min"] - from_min) / HOUR_MIN,
        held["capacity_ml"],
        ":",
        color=SIDES[side],
        linewidth=1.2,
        label="capacity" if side == BREASTS[0] else None,
    )


def _draw_let_downs(axes: Axes, let_downs: pd.DataFrame, from_min: float, to_min: float) -> None:
    """Ticks at the bottom; a pulse of oxytocin contracts both breasts, and is one tick."""
    pulses = let_downs.drop_duplicates("let_down")
    shown = pulses[(pulses["time_min"] >= from_min) & (pulses["time_min"] < to_min)]
    if shown.empty:
        return
    axes.plot(
        (shown["time_min"] - from_min) / HOUR_MIN,
        [0.02] * len(shown),
        "|",
        color=INK,
        markersize=7,
        transform=axes.get_xaxis_transform(),
        label="let-downs",
        clip_on=False,
    )


def _draw_sessions(axes: Axes, sessions: pd.DataFrame, from_min: float, to_min: float) -> None:
    """Shaded, with the milk that was taken above; a number that would touch one before it is a row higher."""
    room_h, last_h = _NUMBER_H[is_narrow(axes)], [-inf] * _NUMBER_ROWS
    begun = sessions[(sessions["start_min"] >= from_min) & (sessions["start_min"] < to_min)]
    named: set[str] = set()
    spans = ((begun[["start_min", "end_min"]] - from_min) / HOUR_MIN).to_numpy(dtype=float)
    for kind, taken_ml, (start_h, end_h) in zip(begun["kind"], begun["intake_ml"], spans, strict=True):
        label = None if kind in named else kind
        named.add(kind)
        axes.axvspan(start_h, max(end_h, start_h + 0.05), color=KINDS[kind], alpha=0.25, linewidth=0.0, label=label)
        if taken_ml >= _LEAST_ML:
            middle_h = 0.5 * (start_h + end_h)
            free = (row for row, last in enumerate(last_h) if middle_h - last >= room_h)
            row = next(free, min(range(_NUMBER_ROWS), key=last_h.__getitem__))
            last_h[row] = middle_h
            axes.text(
                middle_h,
                1.01 + 0.04 * row,
                f"{taken_ml:.0f}",
                transform=axes.get_xaxis_transform(),
                ha="center",
                va="bottom",
                fontsize="small",
            )
