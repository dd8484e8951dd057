"""
Units of a sweep that may have a past in common: the same replicate of the same mother at points that differ in nothing
but their schedules, or that are scenarios of which this may hold.

They are handed out together, so that whoever has them can simulate their past once.
"""

from __future__ import annotations

from collections.abc import Sequence

from lactflow.experiments.branching import shared_pasts
from lactflow.experiments.forked import can_fork
from lactflow.experiments.sweep.design import path_of
from lactflow.experiments.sweep.plan import Plan

MOST = 16
"""Units of a family: their results are in memory at about the same time, and one worker has all of them."""
_SCHEDULE = "schedule"
SCENARIO = "scenario"
"""In place of a key, where each point is a scenario by itself: its name."""
_MOST_KNOWN = 1_000


def families(plan: Plan, units: Sequence[int]) -> list[list[int]]:
    """
    Put units together that may have a past in common.

    Parameters
    ----------
    plan
        Of the sweep.
    units
        Their numbers.

    Returns
    -------
    Each unit once, in the order of the first of each family; alone, where no schedule varies.
    """
    others = [key for key in plan.varied if path_of(key)[0] not in (_SCHEDULE, SCENARIO)]
    if len(others) == len(plan.varied) or not can_fork():
        return [[unit] for unit in units]
    columns = [plan.column(name) for name in ("mother", "replicate", *others)]
    gathered: dict[tuple[object, ...], list[int]] = {}
    for unit in units:
        gathered.setdefault(tuple(column[unit] for column in columns), []).append(unit)
    return [each[first : first + MOST] for each in gathered.values() for first in range(0, len(each), MOST)]


def families_for(plan: Plan, units: Sequence[int], workers: int) -> list[list[int]]:
    """
    Put units together, unless some workers had nothing to do because of it.

    Parameters
    ----------
    plan, units
        As `families` takes them.
    workers
        How many there are.
    """
    found = families(plan, units)
    return found if len(found) >= workers else [[unit] for unit in units]


class Pasts:
    """
    Which units of a family have a long past in common.

    Parameters
    ----------
    plan
        Of the sweep.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._known: dict[tuple[int, ...], dict[int, int]] = {}

    def together(self, units: Sequence[int]) -> list[list[int]]:
        """
        Units of a family, those together that have a long past in common.

        Raises
        ------
        ConfigError
            If something that they use is no longer there.
        """
        if len(units) == 1:
            return [list(units)]
        points = {unit: self._plan.point(unit) for unit in units}
        pasts = self._of(tuple(points.values()), units)
        gathered: dict[int | str, list[int]] = {}
        for unit, point in points.items():
            gathered.setdefault(pasts.get(point, f"alone: {unit}"), []).append(unit)
        return list(gathered.values())

    def _of(self, points: tuple[int, ...], units: Sequence[int]) -> dict[int, int]:
        """The number of the past of each point that shares one; looked up once for all mothers and replicates."""
        if points not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            configs = {point: self._plan.config(unit)[0] for point, unit in zip(points, units, strict=True)}
            self._known[points] = shared_pasts(configs)
        return self._known[points]
