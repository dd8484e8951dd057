"""What is left of doses where a drug acts: a course of its own, for an effect that outlasts the level in plasma."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from math import inf
from typing import Final

from lactflow.kinetics import decayed, plain_sum
from lactflow.units import DAY_MIN, HOUR_MIN

GONE_HALF_LIVES: Final = 60.0
"""After so many half-lives less than a millionth of a millionth of a millionth of a dose is left."""


class AtSite:
    """
    Amount of a drug where it acts [mg], as a signal.

    Parameters
    ----------
    doses
        When each was taken [min since birth], and how much [mg].
    half_life_days
        With which it leaves [d].
    absorption_h
        Half-time with which it comes [h].

    Attributes
    ----------
    constant
        Whether there are no doses.
    """

    def __init__(self, doses: Iterable[tuple[float, float]], half_life_days: float, absorption_h: float) -> None:
        self._doses = sorted(doses)
        self._times = [time_min for time_min, _ in self._doses]
        self._half_life_min, self._absorption_min = half_life_days * DAY_MIN, absorption_h * HOUR_MIN
        self.constant = not self._doses

    def level(self, time_min: float) -> float:
        """Amount there [mg]."""
        gone_min = GONE_HALF_LIVES * self._half_life_min
        first, end = bisect_left(self._times, time_min - gone_min), bisect_left(self._times, time_min)
        return plain_sum(
            [
                dose_in_body(amount_mg, time_min - taken_min, self._half_life_min, self._absorption_min)
                for taken_min, amount_mg in self._doses[first:end]
            ]
        )

    def next_change(self, time_min: float) -> float:
        """When the next dose is taken."""
        next_index = bisect_right(self._times, time_min)
        return self._times[next_index] if next_index < len(self._times) else inf


def dose_in_body(amount_mg: float, since_min: float, half_life_min: float, absorption_min: float) -> float:
    """
    What is where it acts of one dose [mg]: it comes with the half-life of absorption, and leaves with its own.

    Equation
    --------
    dose_in_body = amount_mg * 2**(-since_min / half_life_min) * (1 - 2**(-since_min / absorption_min))

    Parameters
    ----------
    amount_mg
        The dose [mg].
    since_min
        Time since it was taken [min].
    half_life_min, absorption_min
        Half-lives of elimination and of absorption [min].

    References
    ----------
    The form is ours: the effect of the drug, not its plasma level, has this course.
    """
    return decayed(amount_mg, since_min, half_life_min) * (1.0 - decayed(1.0, since_min, absorption_min))
