"""
When copious milk begins.

Women feel it at 59 (SD 13) h after birth (Arthur 1989). Here it is the time from which both breasts together make
15 mL/h, averaged over 6 h: about half of what they make in the first weeks.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np

from lactflow.units import HOUR_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.recording.tables import RunTables

COPIOUS_ML_PER_H = 15.0
AVERAGED_H = 6.0
_HALF_MIN = AVERAGED_H * HOUR_MIN / 2.0
LATEST_START_H = 24.0
"""A run that begins later has missed what comes before."""


def onset_h(breasts: pd.DataFrame) -> float:
    """
    Hours from birth to copious milk.

    Parameters
    ----------
    breasts
        Samples of both breasts of one unit of work, as in the table `breasts`.

    Returns
    -------
    Hours; NaN where it did not begin within the run, or the run began after it.
    """
    times, values = (breasts[name].to_numpy(float) for name in ("time_min", "secretion_ml_per_h"))
    known = ~np.isnan(values)
    clock, places = np.unique(times[known], return_inverse=True)
    if not len(clock) or clock[0] >= LATEST_START_H * HOUR_MIN:
        return nan
    made = np.bincount(places, weights=values[known])[clock > 0.0]
    clock = clock[clock > 0.0]
    # Of each sample, those from after 3 h before it to 3 h after it.
    begin, end = (np.searchsorted(clock, clock + off, side="right") for off in (-_HALF_MIN, _HALF_MIN))
    up_to = np.concatenate([[0.0], np.cumsum(made)])
    reached = np.flatnonzero((up_to[end] - up_to[begin]) / (end - begin) >= COPIOUS_ML_PER_H)
    return float(clock[reached[0]] / HOUR_MIN) if len(reached) else nan


def onsets(run: RunTables) -> pd.DataFrame:
    """
    Hours from birth to copious milk, of each unit of work.

    Parameters
    ----------
    run
        A run that begins in pregnancy or on the first day.

    Returns
    -------
    `mother`, `replicate`, `onset_h` [h], as that function computes it; NaN where it did not begin within the
    run, or the run began after it. Of a mother who has not been pregnant, hours from the first day of the run.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    import pandas as pd

    unit = ["mother", "replicate"]
    samples = run.read("breasts", ["time_min", "secretion_ml_per_h", *unit])
    rows = [(*names, onset_h(of_unit)) for names, of_unit in samples.groupby(unit)]
    return pd.DataFrame(rows, columns=[*unit, "onset_h"])
