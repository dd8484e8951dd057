"""Units of a sweep that were simulated, and are measured many at once: for one it takes as long as for a hundred."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import NamedTuple

from lactflow.analysis.at_days import AtDays
from lactflow.analysis.run import MemoryRun
from lactflow.analysis.units import by_unit
from lactflow.errors import ConfigError


class Simulated(NamedTuple):
    """
    A unit that was simulated, and is not measured yet.

    Attributes
    ----------
    unit, key
        Its number, and its key.
    run
        Its tables.
    warm_up_days
        Time left out at its start [days].
    seconds
        CPU time that it took [s].
    """

    unit: int
    key: str
    run: MemoryRun
    warm_up_days: float
    seconds: float


Measures = dict[str, float]
"""Of one unit, by name."""


def measured(group: Sequence[Simulated], wanted: Sequence[AtDays]) -> list[Measures | Exception]:
    """
    Measures of each of some units, or why it has none.

    Parameters
    ----------
    group
        With the same warm-up.
    wanted
        Measures of days, beside those of the whole run.
    """
    try:
        return _measures(group, wanted)
    except Exception as error:  # noqa: BLE001 - a bug ends the unit and is its reason
        if len(group) == 1:
            return [error]
        return [found for each in group for found in measured([each], wanted)]


def _measures(group: Sequence[Simulated], wanted: Sequence[AtDays]) -> list[Measures | Exception]:
    warm_up_days = group[0].warm_up_days
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        measures = by_unit([unit for each in group for unit in each.run.units], warm_up_days, wanted)
    nothing = ConfigError(f"record.warm_up_days = {warm_up_days:g} leaves nothing of it")
    return [nothing if found is None else found for found in measures]
