"""Drugs in the mother's blood."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import inf
from typing import Final

from lactflow.endocrine.course import Dose
from lactflow.endocrine.signal import Steps
from lactflow.kinetics import decayed, inhibition, plain_sum
from lactflow.parameters.drugs import CabergolineParameters, DomperidoneParameters
from lactflow.units import DAY_MIN

_GONE_HALF_LIVES: Final = 60.0
"""After so many half-lives less than a millionth of a millionth of a millionth of a dose is left."""


class Cabergoline:
    """
    Cabergoline: a dopamine agonist that leaves slowly.

    Its level is the factor on the release of prolactin, 1 without drug.

    Attributes
    ----------
    constant
        Whether there are no doses.
    """

    def __init__(self, parameters: CabergolineParameters, doses: tuple[Dose, ...]) -> None:
        self._parameters = parameters
        self._doses = sorted(doses)
        self._times = [dose.time_min for dose in self._doses]
        self._gone_min = _GONE_HALF_LIVES * parameters.half_life_days * DAY_MIN
        self.constant = not self._doses

    def level(self, time_min: float) -> float:
        """Factor on the release of prolactin."""
        parameters = self._parameters
        half_life_min = parameters.half_life_days * DAY_MIN
        absorption_min = parameters.absorption_h * 60.0
        first, end = bisect_left(self._times, time_min - self._gone_min), bisect_left(self._times, time_min)
        in_body_mg = plain_sum(
            [
                dose_in_body(dose.amount, time_min - dose.time_min, half_life_min, absorption_min)
                for dose in self._doses[first:end]
            ]
        )
        return agonist_factor(in_body_mg, parameters.half_effect_mg, parameters.steepness)

    def next_change(self, time_min: float) -> float:
        """When the next dose is taken."""
        next_index = bisect_right(self._times, time_min)
        return self._times[next_index] if next_index < len(self._times) else inf


class Domperidone:
    """
    Domperidone: a dopamine antagonist, taken day by day; its level is the factor on the release of prolactin.

    Attributes
    ----------
    constant
        Whether the daily dose never changes.
    """

    def __init__(self, parameters: DomperidoneParameters, daily_mg: Steps) -> None:
        self._parameters = parameters
        self._daily_mg = daily_mg
        self.constant = daily_mg.constant

    def level(self, time_min: float) -> float:
        """Factor on the release of prolactin."""
        parameters = self._parameters
        return antagonist_factor(
            self._daily_mg.level(time_min), parameters.largest_rise, parameters.half_effect_mg_per_day
        )

    def next_change(self, time_min: float) -> float:
        """When it is begun or left off."""
        return self._daily_mg.next_change(time_min)


def dose_in_body(amount_mg: float, since_min: float, half_life_min: float, absorption_min: float) -> float:
    """
    What is in the body of one dose [mg]: it comes with the half-life of absorption, and leaves with its own.

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


def agonist_factor(in_body_mg: float, half_effect_mg: float, steepness: float) -> float:
    """
    Factor of a dopamine agonist on the release of prolactin: 1 without drug.

    Equation
    --------
    agonist_factor = 1 / (1 + (in_body_mg / half_effect_mg)**steepness)

    Parameters
    ----------
    in_body_mg
        Drug in the body [mg].
    half_effect_mg
        Drug that halves the release [mg].
    steepness
        Hill exponent.

    References
    ----------
    The form is ours; the half effect of cabergoline is set on CabergolineCesarean1991.
    """
    return inhibition(in_body_mg, half_effect_mg, steepness)


def antagonist_factor(daily_mg: float, largest_rise: float, half_effect_mg: float) -> float:
    """
    Factor of a dopamine antagonist on the release of prolactin: 1 without drug.

    Equation
    --------
    antagonist_factor = 1 + largest_rise * daily_mg / (daily_mg + half_effect_mg)

    Parameters
    ----------
    daily_mg
        Daily dose [mg/d].
    largest_rise
        What no dose adds more than.
    half_effect_mg
        Daily dose of half that rise [mg/d].

    References
    ----------
    The form is ours; the half effect of domperidone is set on the dose of DaSilva2001.
    """
    return 1.0 + largest_rise * daily_mg / (daily_mg + half_effect_mg)
