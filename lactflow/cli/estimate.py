"""Rows, disk and time that a run will take: rules of thumb, good to a factor of two."""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import NamedTuple

from lactflow.analysis.stages import staging
from lactflow.config.additions import kinds_of
from lactflow.config.cohort import mothers
from lactflow.config.model import RunConfig
from lactflow.gland.history import active_cells_at
from lactflow.records import STATIONS_OF_LINE
from lactflow.units import DAY_MIN

_AQUEOUS_STATIONS = len(STATIONS_OF_LINE["aqueous"])
_LIPID_STATIONS = len(STATIONS_OF_LINE["lipid"])
_BYTES_PER_VISIT = 26
_BYTES_PER_ROW = 100
_BYTES_PER_QUEUE = 3
_SECONDS_PER_VISIT = 6e-6
_SECONDS_PER_DAY = 0.05
_SECONDS_PER_ROW = 2e-5
_SECONDS_PER_QUEUE = 2e-6
_START_S = 1.0
_QUIET_SHARE = 0.015
_REMOVED_SHARE = 0.87
"""0.76 to 0.93 in the scenarios that come with lactflow: breasts are never as good as empty."""
_WEANED_SHARE = 0.4
"""From all of it to nothing."""
_LEFT_ALONE_SHARE = 0.05
"""Over two weeks or so after the last removal."""
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
    cells of both breasts, and the share of it that the stage and the schedule leave.

    Parameters
    ----------
    config
        Checked.
    """
    units = config.replicates * len(mothers(config))
    days = config.days * units
    made_ml = _made_ml(config) * units
    stations = _AQUEOUS_STATIONS + _LIPID_STATIONS / config.gland.lipid_line.packet_multiple
    passes = made_ml / config.resolution.packet_ml * stations
    samples = days * DAY_MIN / config.record.sample_min
    lobes = 2 * config.gland.lobes_per_breast
    rows = samples * (lobes + 2 + 1 + len(config.infants))
    queues = samples * lobes * (_AQUEOUS_STATIONS + _LIPID_STATIONS)
    rows += days * _SESSIONS_PER_DAY * _ROWS_PER_SESSION if config.schedule else 0.0
    visits = passes if config.record.visits else 0.0
    return Estimate(
        visit_rows=_rounded(visits),
        other_rows=_rounded(rows + queues),
        disk_bytes=_rounded(visits * _BYTES_PER_VISIT + rows * _BYTES_PER_ROW + queues * _BYTES_PER_QUEUE),
        wall_s=round(
            _START_S
            + days * _SECONDS_PER_DAY
            + passes * _SECONDS_PER_VISIT
            + rows * _SECONDS_PER_ROW
            + queues * _SECONDS_PER_QUEUE,
            1,
        ),
    )


def _made_ml(config: RunConfig) -> float:
    """Milk of one unit of work, both breasts, day by day."""
    full_ml = 2.0 * config.gland.protein_line.translation_ml_per_h * 24.0
    share_at = _shares(config)
    made_ml = 0.0
    day, end_day = config.start_day, config.start_day + config.days
    while day < end_day:
        until = min(floor(day) + 1.0, end_day)
        middle = 0.5 * (day + until)
        made_ml += (until - day) * full_ml * active_cells_at(middle, config.gland.plasticity) * share_at(middle)
        day = until
    return made_ml


def _shares(config: RunConfig) -> Callable[[float], float]:
    """The share of full secretion at a day with its fraction."""
    data = config.model_dump(by_alias=True)
    stage_at = staging(data, extra_kinds=kinds_of(data))
    removed = any(phase.takes_milk for phase in config.schedule)
    weaned = any(phase.weans for phase in config.schedule)

    def share(day: float) -> float:
        if day < _QUIET_UNTIL_DAY:
            return _QUIET_SHARE
        if not removed:
            return _LEFT_ALONE_SHARE
        if stage_at(day) == "weaning":
            return _WEANED_SHARE if weaned else _LEFT_ALONE_SHARE
        begun = (day - _QUIET_UNTIL_DAY) / (_FULL_FROM_DAY - _QUIET_UNTIL_DAY)
        return _REMOVED_SHARE * min(1.0, begun)

    return share


def _rounded(value: float) -> int:
    """Two digits: it is a rule of thumb."""
    return int(float(f"{value:.2g}"))
