"""How much of a feeding log the model's sessions are: minutes that somebody wrote down against minutes simulated."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lactflow.recording.reader import StoredRun


def logged_minutes_simulated(run: StoredRun) -> float:
    """
    Share of the minutes of a feeding log that the model's sessions lasted.

    Parameters
    ----------
    run
        A run that follows a log.

    Returns
    -------
    0 to 1; a session that lasted longer than it was logged counts as logged. NaN where the run has no session whose
    length was logged.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    sessions = run["sessions"]
    if "planned_duration_min" not in sessions.columns:
        return nan
    logged = sessions[sessions["planned_duration_min"] > 0.0]
    planned_min = logged["planned_duration_min"].astype(float)
    lasted_min = (logged["end_min"] - logged["start_min"]).clip(upper=planned_min)
    return float(lasted_min.sum() / planned_min.sum()) if len(logged) else nan
