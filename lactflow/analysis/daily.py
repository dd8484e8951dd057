"""
The measures of a run, by day and over a window.

Every measure is a sum over a weight: millilitres over days observed, fullness times hours over hours, removed
shares over removals. Sums and weights are tallied by mother, replicate and day (`lactflow.analysis.tally`);
a day divides its own, a window adds up its days first. So a window weighs by time and by occasion, not by day.

Simplifications: a sample holds until the next one, and the last one to the end of the run; secretion is known
from sample to sample only, and the time after the last sample does not count for it. A session belongs to the
day on which it starts.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lactflow.analysis.days import UNIT
from lactflow.analysis.onset import onsets
from lactflow.analysis.tally import Tallied, Tallies, tally
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from lactflow.recording.tables import RunTables

MEASURES = (
    "made_ml_per_day",
    "made_ml_per_day_left",
    "made_ml_per_day_right",
    "removed_ml_per_day",
    "removed_ml_per_day_left",
    "removed_ml_per_day_right",
    "intake_ml_per_day",
    "stored_ml",
    "sessions_per_day",
    "fullness",
    "emptied_fraction",
    "let_downs_per_feed",
    "hours_above_80_percent_full_per_day",
    "upr_exposure_h_per_day",
    "inhibitor",
    "active_cells_fraction",
    "infant_weight_kg",
    "fat_g_per_l",
    "fat_g_per_day",
    "lactose_g_per_l",
    "protein_g_per_l",
    "sodium_mmol_per_l",
    "siga_g_per_day",
    "lactoferrin_g_per_day",
    "onset_h",
)
"""Names of all measures, in the order of every table that has them."""


def daily(run: RunTables, tallied: Tallied | None = None) -> pd.DataFrame:
    """
    Measures of every day that was simulated, whole or in part.

    Parameters
    ----------
    run
        The run.
    tallied
        Its tallies, where they are at hand.

    Returns
    -------
    `mother`, `replicate`, `day` (day d is the time from 24 (d - 1) h to 24 d h after birth), `observed_days`
    (the part of the day that was simulated, 0 to 1), then `MEASURES`. What is counted per day is divided by
    the part of the day that was observed: half a day with 300 mL reads 600 mL/day. NaN where there was nothing
    to compute it from. `onset_h` belongs to a run, not to a day, and is NaN here.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    tallies = tally(run) if tallied is None else tallied.whole
    measures = divided(tallies)
    measures.insert(0, "observed_days", tallies.observed_days)
    return measures.reset_index()


def by_replicate(run: RunTables, warm_up_days: float = 0.0, tallied: Tallied | None = None) -> pd.DataFrame:
    """
    Measures of every unit of work over the run after a warm-up.

    Parameters
    ----------
    warm_up_days
        Time left out at the start [days], from 0.
    tallied
        Tallies of the run with this warm-up, where they are at hand.

    Returns
    -------
    `mother`, `replicate`, `observed_days` (length of the window [days]), then `MEASURES`.

    Raises
    ------
    ValueError
        If `warm_up_days` is negative.
    """
    after = tally(run, checked(warm_up_days) * DAY_MIN) if tallied is None else tallied.after
    tallies = after.added_up(UNIT)
    measures = divided(tallies)
    measures["onset_h"] = onsets(run).set_index(UNIT)["onset_h"].reindex(measures.index)
    measures.insert(0, "observed_days", tallies.observed_days)
    return measures.reset_index()


def summary(run: RunTables, warm_up_days: float = 0.0) -> dict[str, float]:
    """
    Each measure over the run after a warm-up, all units of work together.

    Parameters
    ----------
    warm_up_days
        Time left out at the start [days], from 0.

    Returns
    -------
    A number for each of `MEASURES`; NaN where there was nothing to compute it from.

    Raises
    ------
    ValueError
        If `warm_up_days` is negative.
    """
    tallies = tally(run, checked(warm_up_days) * DAY_MIN).added_up([])
    measures = dict(zip(MEASURES, divided(tallies).iloc[0].astype(float).tolist(), strict=True))
    measures["onset_h"] = float(onsets(run)["onset_h"].astype(float).mean())
    return measures


def checked(warm_up_days: float) -> float:
    """
    A warm-up as it is.

    Parameters
    ----------
    warm_up_days
        Time left out at the start [days].

    Raises
    ------
    ValueError
        If it is negative.
    """
    if not warm_up_days >= 0.0:
        raise ValueError(f"warm_up_days = {warm_up_days} is not 0 or more")
    return warm_up_days


def divided(tallies: Tallies) -> pd.DataFrame:
    """
    Sum over weight for each measure; totals of both breasts from those of each.

    Parameters
    ----------
    tallies
        Of any groups.

    Returns
    -------
    A row for each group, a column for each of `MEASURES`; NaN where the weight is 0.
    """
    sums, weights = tallies.sums.to_numpy(), tallies.weights.to_numpy()
    unknown = np.full_like(sums, nan)
    ratios = np.divide(sums, weights, out=unknown, where=weights > 0.0)
    found = dict(zip(tallies.sums.columns, ratios.T, strict=True))
    for total in ("made_ml_per_day", "removed_ml_per_day"):
        left, right = found[f"{total}_left"], found[f"{total}_right"]
        found[total] = np.where(np.isnan(left), right, left + np.where(np.isnan(right), 0.0, right))
    found["onset_h"] = np.full(len(sums), nan)
    return pd.DataFrame({name: found[name] for name in MEASURES}, tallies.sums.index, copy=False)
