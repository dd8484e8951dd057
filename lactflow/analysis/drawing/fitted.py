"""Volumes of a log that a mother was fitted to: recorded, expected from the others, of the fitted mother, forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.drawing.style import (
    BAND,
    FAINT,
    INK,
    LINES,
    NIGHT,
    is_narrow,
    legend_above,
    new_axes,
    plain_frame,
)
from lactflow.errors import ConfigError
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_MANY = 120
"""Volumes from which on marks are small."""
_USES = (("used", "x", INK), ("held out", "+", INK), ("left out", "s", LINES[3]), ("cut", "v", FAINT))
"""What became of a volume, with its marker and its colour."""
_FORECASTS = (
    ("forecast_ml", "forecast", "o", LINES[0]),
    ("yesterday_ml", "as on the last day used", "^", LINES[1]),
    ("rate_ml", "constant rate", "s", LINES[2]),
)
"""Column, name, marker and colour of each."""


def breasts_of(volumes: pd.DataFrame) -> list[str]:
    """Breasts that volumes were written down for: `left`, `right`, `both`."""
    there = set(volumes["breast"])
    return [side for side in ("left", "right", "both") if side in there]


def draw_volumes(volumes: pd.DataFrame, axes: Axes | None = None, *, breast: str | None = None) -> Axes:
    """
    Volumes over time: as recorded, as expected from the others, and of the fitted mother.

    Bands are 95 % intervals of what is expected; a recorded volume has another marker where it was left out, held out
    or cut by the end of the run.

    Parameters
    ----------
    volumes
        Of a fit of one log: `lactflow.experiments.fitting.Fit.volumes`.
    axes
        To draw on; a new figure when None.
    breast
        `left`, `right` or `both`; all when None.

    Returns
    -------
    The axes, in days since birth.

    Raises
    ------
    ConfigError
        If there is no volume.
    """
    rows = of_breast(volumes, breast).sort_values("planned_min", kind="stable")
    axes = new_axes(axes)
    days = rows["planned_min"] / DAY_MIN
    small = 0.7 if len(rows) > _MANY or is_narrow(axes) else 1.0
    whole = rows["low_ml"].notna()
    axes.vlines(
        days[whole],
        rows.loc[whole, "low_ml"],
        rows.loc[whole, "high_ml"],
        color=BAND,
        linewidth=5.0 * small,
        label="95 % interval of what is expected",
        zorder=1,
    )
    axes.plot(
        days,
        rows["fitted_ml"],
        "o",
        markersize=4.5 * small,
        color=LINES[0],
        label="fitted mother",
        alpha=0.85,
        zorder=2,
    )
    _draw_recorded(axes, days, rows, 6.0 * small)
    held = days[(rows["use"] == "held out").to_numpy()]
    if len(held):
        axes.axvspan(held.min() - 0.05, held.max() + 0.05, color=NIGHT, zorder=0)
    _cap(axes, days, rows)
    _day_frame(axes, breast)
    return axes


def _draw_recorded(axes: Axes, days: pd.Series[float], rows: pd.DataFrame, size: float) -> None:
    """Recorded volumes, by what became of them."""
    for use, marker, colour in _USES:
        of_use = (rows["use"] == use).to_numpy()
        if of_use.any():
            axes.plot(
                days[of_use],
                rows.loc[of_use, "recorded_ml"],
                marker,
                markersize=size,
                markerfacecolor="none",
                color=colour,
                label="recorded" if use == "used" else f"recorded, {use}",
                zorder=3,
            )


def _cap(axes: Axes, days: pd.Series[float], rows: pd.DataFrame) -> None:
    """The axis ends above what is usual; volumes that were left out and lie beyond are written at its top."""
    usual = rows.loc[rows["use"] != "left out", ["recorded_ml", "fitted_ml", "high_ml"]]
    top = 1.12 * float((usual if len(usual) else rows[["recorded_ml"]]).max().max())
    axes.set_ylim(0.0, top)
    beyond = (rows["recorded_ml"] > top).to_numpy()
    for day, recorded in zip(days[beyond], rows.loc[beyond, "recorded_ml"], strict=True):
        axes.plot([day], [0.97 * top], "s", markersize=6.0, markerfacecolor="none", color=LINES[3], label=_once(axes))
        text = f"{recorded:.0f} mL, left out"
        axes.annotate(text, (day, 0.97 * top), xytext=(7, -4), textcoords="offset points", fontsize="small")


def _once(axes: Axes) -> str | None:
    """The label of volumes that are left out, where no other mark has it."""
    return None if "recorded, left out" in axes.get_legend_handles_labels()[1] else "recorded, left out"


def _day_frame(axes: Axes, breast: str | None) -> None:
    """Axes of volumes over days."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(4 if is_narrow(axes) else 9, integer=True))
    axes.set_xlabel("days since birth")
    axes.set_ylabel("milk [mL]" if breast in (None, "both") else f"{breast} breast [mL]")
    plain_frame(axes)
    legend_above(axes)


def draw_predicted(volumes: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """
    Volumes of the fitted mother against those of her log; on the dashed line the two are the same.

    Parameters
    ----------
    volumes
        Of a fit of one log: `lactflow.experiments.fitting.Fit.volumes`.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes.

    Raises
    ------
    ConfigError
        If there is no volume.
    """
    rows = of_breast(volumes, None)
    axes = new_axes(axes, height=4.5)
    usual = rows[rows["use"] != "left out"]
    shown = usual if len(usual) else rows
    top = 1.08 * float(max(shown["recorded_ml"].max(), rows["fitted_ml"].max()))
    axes.plot([0.0, top], [0.0, top], "--", color=FAINT, linewidth=1.0, label="the same")
    for use, marker, colour in _USES:
        of_use = rows[rows["use"] == use]
        if of_use.empty:
            continue
        beyond = of_use["recorded_ml"] > top
        axes.plot(
            of_use["recorded_ml"].clip(upper=0.985 * top),
            of_use["fitted_ml"],
            marker,
            markersize=6.0,
            markerfacecolor="none",
            color=LINES[0] if use == "used" else colour,
            label=f"{use} ({len(of_use)})",
        )
        for recorded, fitted in of_use.loc[beyond, ["recorded_ml", "fitted_ml"]].to_numpy(dtype=float):
            axes.annotate(
                f"{recorded:.0f} mL \N{RIGHTWARDS ARROW}",
                (0.985 * top, fitted),
                xytext=(-7, 5),
                textcoords="offset points",
                ha="right",
                fontsize="small",
            )
    axes.set_xlim(0.0, top)
    axes.set_ylim(0.0, top)
    axes.set_xlabel("recorded [mL]")
    axes.set_ylabel("fitted mother [mL]")
    plain_frame(axes)
    legend_above(axes)
    return axes


def draw_forecast(forecast: pd.DataFrame, axes: Axes | None = None, *, breast: str | None = None) -> Axes:
    """
    Volumes that were held out, beside their forecast and two that need no model.

    Parameters
    ----------
    forecast
        Of a fit of one log: `lactflow.experiments.fitting.Fit.forecast`.
    axes
        To draw on; a new figure when None.
    breast
        `left`, `right` or `both`; all when None.

    Returns
    -------
    The axes, in days since birth; bands are 95 % intervals of the forecast.

    Raises
    ------
    ConfigError
        If there is no volume.
    """
    rows = of_breast(forecast, breast).sort_values("planned_min", kind="stable")
    axes = new_axes(axes)
    days = rows["planned_min"] / DAY_MIN
    wide = 5.0 if is_narrow(axes) else 8.0
    label = "95 % interval of the forecast"
    axes.vlines(days, rows["low_ml"], rows["high_ml"], color=BAND, linewidth=wide, label=label, zorder=1)
    for column, label, marker, colour in _FORECASTS:
        axes.plot(
            days, rows[column], marker, markersize=4.5, markerfacecolor="none", color=colour, label=label, zorder=2
        )
    axes.plot(days, rows["recorded_ml"], "x", color=INK, markersize=6, label="recorded", zorder=3)
    axes.set_ylim(bottom=0.0)
    _day_frame(axes, breast)
    return axes


def of_breast(volumes: pd.DataFrame, breast: str | None) -> pd.DataFrame:
    """
    Rows of one breast, or all.

    Parameters
    ----------
    volumes
        With the column `breast`.
    breast
        `left`, `right` or `both`; all when None.

    Raises
    ------
    ConfigError
        If there are none.
    """
    rows = volumes if breast is None else volumes[volumes["breast"] == breast]
    if rows.empty:
        there = ", ".join(breasts_of(volumes)) or "none"
        raise ConfigError(f"there are no volumes of breast {breast!r} (those of the log: {there})")
    return rows
