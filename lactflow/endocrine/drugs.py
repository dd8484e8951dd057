"""Drugs in the mother's blood."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from math import inf

from lactflow.endocrine.course import Dose
from lactflow.endocrine.signal import Steps
from lactflow.kinetics import decayed
from lactflow.parameters.drugs import CabergolineParameters, DomperidoneParameters
from lactflow.units import DAY_MIN

_GONE_HALF_LIVES = 60.0
"""After so many half-lives less than a millionth of a millionth of a millionth of a dose is left."""


class Cabergoline:
    """
    Cabergoline: a dopamine agonist that leaves slowly.

    Its level is the factor on the release of prolactin, 1 without drug.
    """

    def __init__(self, parameters: CabergolineParameters, doses: tuple[Dose, ...]) -> None:
        self._parameters = parameters
        self._doses = sorted(doses)
        self._times = [dose.time_min for dose in self._doses]
        self._gone_min = _GONE_HALF_LIVES * parameters.half_life_days * DAY_MIN

    def level(self, time_min: float) -> float:
        """Factor on the release of prolactin."""
        parameters = self._parameters
        half_life_min = parameters.half_life_days * DAY_MIN
        absorption_min = parameters.absorption_h * 60.0
        first, end = bisect_left(self._times, time_min - self._gone_min), bisect_left(self._times, time_min)
        in_body_mg = sum(
            decayed(dose.amount, since_min, half_life_min) * (1.0 - decayed(1.0, since_min, absorption_min))
            for dose in self._doses[first:end]
            for since_min in (time_min - dose.time_min,)
        )
        return 1.0 / (1.0 + math.pow(in_body_mg / parameters.half_effect_mg, parameters.steepness))

    def next_change(self, time_min: float) -> float:
        """When the next dose is taken."""
        next_index = bisect_right(self._times, time_min)
        return self._times[next_index] if next_index < len(self._times) else inf


class Domperidone:
    """Domperidone: a dopamine antagonist, taken day by day; its level is the factor on the release of prolactin."""

    def __init__(self, parameters: DomperidoneParameters, daily_mg: Steps) -> None:
        self._parameters = parameters
        self._daily_mg = daily_mg

    def level(self, time_min: float) -> float:
        """Factor on the release of prolactin."""
        daily_mg = self._daily_mg.level(time_min)
        return 1.0 + self._parameters.largest_rise * daily_mg / (daily_mg + self._parameters.half_effect_mg_per_day)

    def next_change(self, time_min: float) -> float:
        """When it is begun or left off."""
        return self._daily_mg.next_change(time_min)
