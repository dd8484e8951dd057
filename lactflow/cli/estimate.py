"""Rows, disk and time that a run will take: rules of thumb, good to a factor of two."""

from __future__ import annotations

from typing import NamedTuple

from lactflow.config.cohort import mothers
from lactflow.config.model import RunConfig
from lactflow.gland.history import active_cells_at
from lactflow.records import STATIONS_OF_LINE
from lactflow.units import DAY_MIN

_AQUEOUS_STATIONS = len(STATIONS_OF_LINE["aqueous"])
_LIPID_STATIONS = len(STATIONS_OF_LINE["lipid"])
_BYTES_PER_VISIT = 26
_BYTES_PER_ROW = 100
_SECONDS_PER_VISIT = 6e-6
_SECONDS_PER_DAY = 0.05
_SECONDS_PER_ROW = 2e-5
_START_S = 1.0
_QUIET_SHARE = 0.02
_QUIET_UNTIL_DAY = 2.0
_FULL_FROM_DAY = 5.0
_SESSIONS_PER_DAY = 10
_ROWS_PER_SESSION = 9
"""The session, its removals, and let-downs of both breasts."""


class Estimate(NamedTuple):
    """What a run is likely to take."""

    visit_rows: int
    other_rows: int
    disk_bytes: int
    wall_s: float


def estimate(config: RunConfig) -> Estimate:
    """
    What a run is likely to take.

    Every packet makes a visit at each station of its line; packets are counted from full translation of the active
    cells of both breasts.
    """
    units = config.replicates * len(mothers(config))
    days = config.days * units
    line = config.gland.protein_line
    active = active_cells_at(config.start_day, config.gland.plasticity)
    activated_days = _activated_days(config.start_day, config.start_day + config.days) * units
    made_ml = 2.0 * line.translation_ml_per_h * active * 24.0 * activated_days
    stations = _AQUEOUS_STATIONS + _LIPID_STATIONS / config.gland.lipid_line.packet_multiple
    passes = made_ml / config.resolution.packet_ml * stations
    samples = days * DAY_MIN / config.record.sample_min
    rows = samples * (2 * config.gland.lobes_per_breast + 2 + 1 + len(config.infants))
    rows += days * _SESSIONS_PER_DAY * _ROWS_PER_SESSION if config.schedule else 0.0
    visits = passes if config.record.visits else 0.0
    return Estimate(
        visit_rows=_rounded(visits),
        other_rows=_rounded(rows),
        disk_bytes=_rounded(visits * _BYTES_PER_VISIT + rows * _BYTES_PER_ROW),
        wall_s=round(_START_S + days * _SECONDS_PER_DAY + passes * _SECONDS_PER_VISIT + rows * _SECONDS_PER_ROW, 1),
    )


def _activated_days(from_day: float, to_day: float) -> float:
    """Days of full secretion that a stretch is worth: little before the second day, all from the fifth on."""
    quiet = max(0.0, min(to_day, _QUIET_UNTIL_DAY) - from_day)
    begin, end = (min(max(day, _QUIET_UNTIL_DAY), _FULL_FROM_DAY) for day in (from_day, to_day))
    mean_share = ((begin + end) / 2.0 - _QUIET_UNTIL_DAY) / (_FULL_FROM_DAY - _QUIET_UNTIL_DAY)
    full = max(0.0, to_day - max(from_day, _FULL_FROM_DAY))
    return _QUIET_SHARE * quiet + mean_share * (end - begin) + full


def _rounded(value: float) -> int:
    """Two digits: it is a rule of thumb."""
    return int(float(f"{value:.2g}"))
