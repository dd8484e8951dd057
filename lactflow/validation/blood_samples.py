"""
Oxytocin pulses as a study sees them: blood drawn every two minutes, assayed, and pulses counted in what was found.

The model's own level in plasma is worked out from the peaks of its let-downs and the declared half-life. Pulses that
come within minutes of one another run together in samples: fewer are counted than there were. Feeds of the model end
before 20 min are over; a pump that is used to stands in for the infant, and lets milk down as often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lactflow.parameters.oxytocin import OxytocinParameters
from lactflow.validation.claim import Runs
from lactflow.validation.simulated import Simulated

if TYPE_CHECKING:
    import pandas as pd

EVERY_MIN = 2.0
"""Time from one sample to the next [min] (Ueda 1994)."""
MINUTES = 20.0
"""Length of the sampling, from the start of suckling [min] (Ueda 1994)."""
ASSAY_CV = 0.1
"""Coefficient of variation of a sample: assumed, as of a radioimmunoassay; none is printed where we could read it."""
RISE_CVS = 3.0
"""Least rise above the sample before, in SD of the assay, that counts as a pulse: assumed; no rule could be read."""

Levels = NDArray[np.float64]

_SEED = 1994


def level_at(times_min: Levels, pulses: pd.DataFrame, parameters: OxytocinParameters) -> Levels:
    """
    Oxytocin in plasma [pg/mL]: from the last peak before a time, with the declared half-life.

    Parameters
    ----------
    times_min
        When [min since birth].
    pulses
        Time and peak level of each, in their order.
    parameters
        Basal level and half-life.
    """
    when = pulses["time_min"].to_numpy()
    peaks = pulses["oxytocin_pg_per_ml"].to_numpy()
    last = np.searchsorted(when, times_min, side="right") - 1
    since_min = np.maximum(0.0, np.asarray(times_min) - when[last])
    above = (peaks[last] - parameters.basal_pg_per_ml) * 0.5 ** (since_min / parameters.half_life_min)
    return np.asarray(parameters.basal_pg_per_ml + np.where(last >= 0, above, 0.0))


def pulses_counted(levels: Sequence[float], cv: float = ASSAY_CV) -> int:
    """
    Pulses in samples of one suckling: rises from a lowest sample to a highest, by more than the assay may err.

    Parameters
    ----------
    levels
        Of samples in their order.
    cv
        Of the assay.
    """
    count, lowest, rising = 0, levels[0], False
    highest = levels[0]
    for level in levels[1:]:
        if rising:
            highest = max(highest, level)
            if highest - level > RISE_CVS * cv * highest:
                rising, lowest = False, level
        else:
            lowest = min(lowest, level)
            if level - lowest > RISE_CVS * cv * lowest:
                count, rising, highest = count + 1, True, level
    return count


def counts_of(run: Simulated, cv: float = ASSAY_CV) -> list[int]:
    """Pulses counted in each session of a run that is long enough, with the errors of the assay."""
    parameters = OxytocinParameters()
    let_downs = run["let_downs"].drop_duplicates("let_down").sort_values("time_min")
    rng = np.random.default_rng(_SEED)
    counts = []
    for start_min, end_min in zip(run.sessions["start_min"], run.sessions["end_min"], strict=True):
        if end_min - start_min >= MINUTES - 1e-6:
            times = start_min + np.arange(0.0, MINUTES + EVERY_MIN / 2.0, EVERY_MIN)
            levels = level_at(times, let_downs, parameters) * (1.0 + cv * rng.standard_normal(len(times)))
            counts.append(pulses_counted(np.maximum(levels, 0.0).tolist(), cv))
    return counts


def sampled_pulses(run_name: str) -> Callable[[Runs], float]:
    """Mean of the pulses counted in 20 min of suckling."""
    return lambda runs: float(np.mean(counts_of(runs[run_name])))
