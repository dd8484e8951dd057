"""
Pregnancies and births of the mother, where they are not just the one birth from which days are counted.

A pregnancy that begins while the run goes on ends with a birth, or earlier. What a birth sets going declines from the
last one on; a pregnancy that has ended early has set going as much of it as it had reached.
"""

from __future__ import annotations

from math import exp, inf
from typing import NamedTuple

from lactflow.parameters.pregnancy import TERM_DAYS
from lactflow.units import DAY_MIN


class Pregnancy(NamedTuple):
    """
    A pregnancy that begins while the run goes on.

    Attributes
    ----------
    begin_min
        First day of the last menstruation, from which its days are counted [min since the first birth].
    end_min
        When it ends; the placenta is out then.
    """

    begin_min: float
    end_min: float

    def reached(self, time_min: float, power: float) -> float:
        """Share of the level of term that a hormone of this pregnancy has reached; as at its end afterwards."""
        return gestation_share((min(time_min, self.end_min) - self.begin_min) / DAY_MIN, power)


def gestation_share(days: float, power: float) -> float:
    """
    Level of a hormone of pregnancy, relative to that at term.

    Equation
    --------
    gestation_share = min(1, max(0, days) / 280)**power

    Parameters
    ----------
    days
        Since the first day of the last menstruation [d].
    power
        How late in a pregnancy it rises.

    References
    ----------
    The form is ours; powers of progesterone and estradiol are set on AbbassiGhanavati2009.
    """
    if days <= 0.0:
        return 0.0
    return float(min(1.0, days / TERM_DAYS) ** power)


def left_since(since_min: float, decay_days: float) -> float:
    """
    Share left of what declines from a birth on; all of it before.

    Equation
    --------
    left_since = exp(-max(0, since_min) / (decay_days * 1440))

    Parameters
    ----------
    since_min
        Time since that birth [min].
    decay_days
        Time constant [d].

    References
    ----------
    The form is ours.
    """
    return exp(-max(0.0, since_min) / (decay_days * DAY_MIN))


class Births:
    """
    All pregnancies of the mother, for what declines from a birth on.

    Parameters
    ----------
    pregnant
        Whether there was the birth from which days are counted.
    later
        Pregnancies that begin while the run goes on.
    power
        How late in a pregnancy prolactin rises.

    Attributes
    ----------
    pregnant
        As given.
    """

    def __init__(self, pregnant: bool, later: tuple[Pregnancy, ...], power: float) -> None:
        self.pregnant = pregnant
        self._later = later
        self._power = power

    def left(self, time_min: float, decay_days: float) -> float:
        """Share left of what declines from a birth on; of several the largest."""
        left = left_since(time_min, decay_days) if self.pregnant else 0.0
        for pregnancy in self._later:
            if time_min >= pregnancy.end_min:
                reached = pregnancy.reached(time_min, self._power)
                left = max(left, reached * left_since(time_min - pregnancy.end_min, decay_days))
        return left

    def of_pregnancy(self, time_min: float, decay_days: float) -> float:
        """Share there is of what a pregnancy builds up, and what declines from its end on."""
        left = self.left(time_min, decay_days)
        for pregnancy in self._later:
            if pregnancy.begin_min <= time_min < pregnancy.end_min:
                left = max(left, pregnancy.reached(time_min, self._power))
        return left

    def next_change(self, time_min: float) -> float:
        """When the next pregnancy begins or ends."""
        return next_of(self._later, time_min)


def next_of(pregnancies: tuple[Pregnancy, ...], time_min: float) -> float:
    """When one of some pregnancies next begins or ends; infinity when none does."""
    first_min = inf
    for begin_min, end_min in pregnancies:
        if time_min < begin_min < first_min:
            first_min = begin_min
        if time_min < end_min < first_min:
            first_min = end_min
    return first_min
