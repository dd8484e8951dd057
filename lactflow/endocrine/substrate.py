"""Raw material in the mother's blood over time: what an intervention says of it, and what a fast leaves."""

from __future__ import annotations

from math import exp

from lactflow.endocrine.course import Course
from lactflow.endocrine.signal import Signal, Steps
from lactflow.parameters.fasting import FastingParameters


def fasted_supply(hours: float, reserve_h: float, decline_h: float, least: float) -> float:
    """
    Supply with raw material in a fast, 1 for a fed mother.

    Equation
    --------
    fasted_supply = least + (1 - least) * exp(-max(0, hours - reserve_h) / decline_h)

    Parameters
    ----------
    hours
        Since she last ate [h].
    reserve_h
        Hours in which stores keep it up [h].
    decline_h
        Time constant with which it falls afterwards [h].
    least
        Share that is left in a long fast.

    References
    ----------
    The form is ours; the time is set on Mohammad2009.
    """
    return least + (1.0 - least) * exp(-max(0.0, hours - reserve_h) / decline_h)


class Fasting:
    """
    Raw material in the blood of a mother who fasts at times.

    Parameters
    ----------
    substrate
        What interventions say of it.
    began
        When the fast that she is in began [min since birth]; infinity for none.
    parameters
        Declared quantities.
    """

    def __init__(self, substrate: Steps, began: Steps, parameters: FastingParameters) -> None:
        self._substrate, self._began, self._parameters = substrate, began, parameters

    def level(self, time_min: float) -> float:
        """Supply with raw material, 1 for a fed mother."""
        parameters = self._parameters
        hours = (time_min - self._began.level(time_min)) / 60.0
        left = fasted_supply(hours, parameters.reserve_h, parameters.decline_h, parameters.least_share)
        return self._substrate.level(time_min) * left

    def next_change(self, time_min: float) -> float:
        """When a fast begins or ends, or an intervention."""
        return min(self._substrate.next_change(time_min), self._began.next_change(time_min))


def substrate_in(course: Course, parameters: FastingParameters) -> Signal:
    """
    Supply with raw material over time.

    Parameters
    ----------
    course
        What interventions do.
    parameters
        What a fast leaves.
    """
    substrate, began = course.steps("substrate"), course.steps("fasting")
    return substrate if began.constant else Fasting(substrate, began, parameters)
