"""How much of a feeding log the model's sessions are: minutes in the log against minutes simulated."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from lactflow.config.additions import config_type_of
from lactflow.config.logs.collection import read_bounded
from lactflow.config.logs.feeding_log import LARGEST_BYTES, read_feeding_log
from lactflow.config.model import RunConfig
from lactflow.config.oddities import spans
from lactflow.config.yaml_source import parse_yaml
from lactflow.dyad.schedule import LogPhase
from lactflow.errors import ConfigError
from lactflow.kinetics import plain_sum
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from lactflow.recording.reader import StoredRun


def logged_minutes_simulated(run: StoredRun) -> float:
    """
    Share of the minutes of a feeding log that were simulated.

    Parameters
    ----------
    run
        A run that follows a log, with the log beside its config.

    Returns
    -------
    0 to 1, over all mothers and replicates. Minutes are those of the file before anything was cut or dropped; what
    lasted longer than it was logged counts as logged. NaN where the run has no log, or none that can be read.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    data = parse_yaml(run.config_text.encode()).data
    config = config_type_of(data).model_validate(data)
    logged_min = plain_sum(_logged_min(run, config, end_min) for _, end_min in run.spans_min.values())
    if not logged_min > 0.0:
        return nan
    sessions = run["sessions"]
    if "source" not in sessions.columns:  # of an older version
        return nan
    kept = sessions[(sessions["source"] == "log") & sessions["planned_duration_min"].notna()]
    lasted_min = (kept["end_min"] - kept["start_min"]).clip(upper=kept["planned_duration_min"].astype(float))
    return min(1.0, float(lasted_min.sum()) / logged_min)


def _logged_min(run: StoredRun, config: RunConfig, end_min: float) -> float:
    """Minutes of all logs within their phases, up to the end of one unit of work."""
    total = 0.0
    for phase, (from_day, to_day) in zip(config.schedule, spans(config), strict=True):
        if not isinstance(phase, LogPhase):
            continue
        try:
            raw = read_bounded(run.path / phase.file, LARGEST_BYTES, phase.file)
            log = read_feeding_log(raw, phase.file, len(config.infants), config.zone)
        except ConfigError:
            return nan
        from_min, to_min = max(0.0, (from_day - 1.0) * DAY_MIN), min((to_day - 1.0) * DAY_MIN, end_min)
        origin = phase.origin_min(from_min)
        total += plain_sum(minutes for time, minutes in log.logged if from_min <= origin + time < to_min)
    return total
