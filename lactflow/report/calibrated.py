"""Blocks of a calibration: intervals within their ranges, distances of targets, profiles, losses by trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.drawing.calibrated import (
    FARTHEST,
    HIGHEST,
    LEAST_LOSS,
    MOST_ROWS,
    draw_distances,
    draw_intervals,
    draw_losses,
    draw_profile,
    farthest,
)
from lactflow.config.text import counted
from lactflow.report.blocks import Picture, Table
from lactflow.report.numbers import evenly, number, signed
from lactflow.report.picture import picture
from lactflow.report.words import anchor

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

CHOICE = "profiles"
_ROW_PX, _NARROW_PX = 25.0, 36.0
_SHORT_ROWS = 21


def intervals(quantities: pd.DataFrame) -> Picture:
    """
    What the targets leave of the range of each quantity.

    Parameters
    ----------
    quantities
        As a calibration writes them.
    """
    rows = quantities.head(MOST_ROWS)
    cells = [
        [row["key"], *(number(row[name], 4) for name in ("range_low", "low", "value", "high", "range_high"))]
        for row in rows.to_dict("records")
    ]
    decided = int((quantities["verdict"] == "decided").sum())
    rest = f" {len(quantities) - len(rows)} more stand in the table." if len(quantities) > len(rows) else ""
    return picture(
        "intervals",
        "Intervals within their ranges",
        "A bar is the 95 % interval within the range in which a quantity was looked for, from its low end at the left "
        "to its high end at the right, by factors where the range is logarithmic. The dot is the value that was found, "
        f"the thin line the value of the config. {decided} of {len(quantities)} are decided.{rest}",
        lambda figure: draw_intervals(quantities, figure.add_subplot()),
        Table("Intervals", ["quantity", "range from", "95 % from", "value", "95 % to", "range to"], cells),
        height_px=80.0 + _ROW_PX * len(rows),
        narrow_px=130.0 + _NARROW_PX * len(rows),
    )


def distances(targets: pd.DataFrame) -> Picture | None:
    """
    How far the model is from each target, in SDs.

    Parameters
    ----------
    targets
        As a calibration writes them.

    Returns
    -------
    The block; None where the model gives nothing for any of them.
    """
    known = targets[np.isfinite(targets["z"].to_numpy(np.float64))]
    if known.empty:
        return None
    rows = farthest(targets)
    beyond = f" What lies beyond {FARTHEST:g} SDs is an arrow there." if known["z"].abs().max() > FARTHEST else ""
    some = f" The {len(rows)} of {len(known)} that are farthest are drawn." if len(rows) < len(known) else ""
    if len(known) < len(targets):
        some += f" The model gives no value for {len(targets) - len(known)} more."
    within = int((known["z"].abs() <= 1.0).sum())
    return picture(
        "distances",
        "Model and targets",
        "A mark for each target: the model less the target, in SDs of the target; the shaded band is within one SD, "
        f"where {within} of {len(known)} are. A line is the standard error of the model by chance.{beyond}{some}",
        lambda figure: draw_distances(targets, figure.add_subplot()),
        Table("Distances", ["target", "SDs"], [[row["id"], signed(row["z"])] for row in rows.to_dict("records")]),
        height_px=80.0 + _ROW_PX * len(rows),
        narrow_px=110.0 + _NARROW_PX * len(rows),
    )


def profile(key: str, rows: pd.DataFrame, quantity: Mapping[Any, Any]) -> Picture:
    """
    The smallest loss that each value of a quantity allows.

    Parameters
    ----------
    key
        The quantity.
    rows
        Of it, in the table of profiles.
    quantity
        Its row in the table of quantities.
    """
    rows = rows.sort_values("value", kind="stable")
    ends = f"{number(quantity['low'], 4)} to {number(quantity['high'], 4)} {quantity['unit'] or ''}".rstrip()
    return picture(
        anchor("profile", key),
        key,
        "The smallest loss that a value allows, whatever the other quantities are, above the smallest of all. Values "
        f"where it is above the line at 3.84 are excluded (95 %). The shaded band is the interval, {ends}, the upright "
        f"line the value that was found, {number(quantity['value'], 4)}. Verdict: {quantity['verdict']}. The picture "
        f"ends at {HIGHEST:.0f}.",
        lambda figure: draw_profile(rows, quantity, figure.add_subplot()),
        profile_table(key, rows),
        height_px=280.0,
        narrow_px=320.0,
        choice=CHOICE,
    )


def profile_table(key: str, rows: pd.DataFrame, *, folded: bool = False) -> Table:
    """
    Some of the values of a profile.

    Parameters
    ----------
    key, rows
        As `profile` takes them.
    folded
        Whether it opens by its title.
    """
    rows = rows.sort_values("value", kind="stable")
    chosen = rows.iloc[evenly(len(rows), _SHORT_ROWS)]
    cells = [[number(row["value"], 4), number(row["above_least"])] for row in chosen.to_dict("records")]
    some = "" if len(chosen) == len(rows) else f", {len(chosen)} of {len(rows)} values"
    return Table(f"Profile of {key}{some}", ["value", "loss above the smallest"], cells, folded=folded)


def losses(trials: pd.DataFrame) -> Picture | None:
    """
    The loss of each trial, and the smallest so far.

    Parameters
    ----------
    trials
        As a calibration writes them.

    Returns
    -------
    The block; None where no trial has a loss.
    """
    known = trials[np.isfinite(trials["loss"].to_numpy(np.float64))].sort_values("trial")
    if known.empty:
        return None
    chosen = known.iloc[evenly(len(known), _SHORT_ROWS)].to_dict("records")
    best = known.loc[known["loss"].idxmin()]
    failed = int((trials["status"] == "failed").sum())
    without = f" {counted(failed, 'trial')} failed: crosses at the bottom." if failed else ""
    least = f" Losses below {LEAST_LOSS:g} are drawn there." if float(best["loss"]) < LEAST_LOSS else ""
    return picture(
        "losses",
        "Loss by trial",
        "A mark for each trial that has a loss; the line is the smallest so far, in the end "
        f"{number(float(best['loss']))}, of trial {best['trial']:,}. The axis is logarithmic.{without}{least}",
        lambda figure: draw_losses(trials, figure.add_subplot()),
        Table(
            f"Losses, {len(chosen)} of {len(known)} trials" if len(chosen) < len(known) else "Losses",
            ["trial", "stage", "loss"],
            [[f"{row['trial']:,}", row["stage"], number(row["loss"], 4)] for row in chosen],
            frozenset({1}),
        ),
        height_px=280.0,
        narrow_px=320.0,
    )
