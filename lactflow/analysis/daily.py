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

from lactflow.analysis.activation import activations
from lactflow.analysis.days import UNIT
from lactflow.analysis.drug_names import drug_measures_in, is_of_drug
from lactflow.analysis.drug_tally import add_ratios
from lactflow.analysis.onset import onsets
from lactflow.analysis.tally import Tallied, Tallies, tally
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lactflow.recording.tables import RunTables

OF_RUN = ("activation_h", "onset_h")
"""Measures of a whole run, which belong to no day."""
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
    "na_k_ratio",
    "siga_g_per_day",
    "lactoferrin_g_per_day",
    *OF_RUN,
)
"""Names of the measures of every run, in the order of every table that has them; those of drugs follow."""


def measures_in(names: Iterable[object]) -> list[str]:
    """
    All measures of a table: those of every run, and those of drugs that it has.

    Parameters
    ----------
    names
        Its columns, or the names of its measures.
    """
    return [*MEASURES, *drug_measures_in(str(name) for name in names)]


def is_measure(name: str) -> bool:
    """
    Whether there is such a measure, of some run.

    Parameters
    ----------
    name
        As users write it, without days.
    """
    return name in MEASURES or is_of_drug(name)


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
    (the part of the day that was simulated, 0 to 1), then `MEASURES`, and those of drugs where some are taken. What
    is counted per day is divided by the part of the day that was observed: half a day with 300 mL reads 600 mL/day.
    NaN where there was nothing to compute it from. `onset_h` and `activation_h` belong to a run, not to a day, and are
    NaN here.

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
    `mother`, `replicate`, `observed_days` (length of the window [days]), then `MEASURES`, and those of drugs where some
    are taken.

    Raises
    ------
    ValueError
        If `warm_up_days` is negative.
    """
    after = tally(run, checked(warm_up_days) * DAY_MIN) if tallied is None else tallied.after
    tallies = after.added_up(UNIT)
    measures = divided(tallies)
    of_run = of_whole_runs(run).reindex(measures.index)
    for name in OF_RUN:
        measures[name] = of_run[name]
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
    A number for each of `MEASURES`, and for those of drugs where some are taken; NaN where there was nothing to compute
    it from.

    Raises
    ------
    ValueError
        If `warm_up_days` is negative.
    """
    tallies = tally(run, checked(warm_up_days) * DAY_MIN).added_up([])
    measures = divided(tallies)
    found = dict(zip(map(str, measures), measures.iloc[0].astype(float).tolist(), strict=True))
    of_run = of_whole_runs(run)
    return found | {name: float(of_run[name].mean()) for name in OF_RUN}


def of_whole_runs(run: RunTables) -> pd.DataFrame:
    """
    What belongs to a run and to none of its days.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    A column for each of `OF_RUN`, by mother and replicate; NaN where it did not come about within the run.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    tables = (found(run).set_index(UNIT).astype(float) for found in (activations, onsets))
    return pd.concat(tables, axis=1)


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
    A row for each group, a column for each of `MEASURES`, and for those of drugs that were tallied; NaN where the
    weight is 0.
    """
    sums, weights = tallies.sums.to_numpy(), tallies.weights.to_numpy()
    unknown = np.full_like(sums, nan)
    ratios = np.divide(sums, weights, out=unknown, where=weights > 0.0)
    found = dict(zip(tallies.sums.columns, ratios.T, strict=True))
    for total in ("made_ml_per_day", "removed_ml_per_day"):
        left, right = found[f"{total}_left"], found[f"{total}_right"]
        found[total] = np.where(np.isnan(left), right, left + np.where(np.isnan(right), 0.0, right))
    add_ratios(found)
    found |= {name: np.full(len(sums), nan) for name in OF_RUN}
    return pd.DataFrame({name: found[name] for name in measures_in(found)}, tallies.sums.index, copy=False)
