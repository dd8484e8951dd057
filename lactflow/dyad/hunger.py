"""
Hunger of an infant by the clock: it grows more slowly at night, and more is needed to wake for a feed.

Day and night come to differ over the first weeks. The need of a day is the same with them: what is not felt at night
is felt by day.
"""

from __future__ import annotations

from math import exp, floor, inf, log
from typing import NamedTuple

from lactflow.parameters.infant import InfantPhysiology
from lactflow.units import DAY_MIN, HOUR_MIN

_DAY_H = DAY_MIN / HOUR_MIN


def rhythm_maturity(age_days: float, from_day: float, rise_days: float) -> float:
    """
    How far day and night differ for an infant, from 0 for a newborn to 1.

    Equation
    --------
    rhythm_maturity = 1 - exp(-max(0, age_days - from_day) / rise_days)

    Parameters
    ----------
    age_days
        Age [d].
    from_day
        Age from which they differ [d].
    rise_days
        Time constant with which the difference grows [d].

    References
    ----------
    The form is ours: sleep consolidates between one month and four (Henderson2010).
    """
    return 1.0 - exp(-max(0.0, age_days - from_day) / rise_days)


def hunger_by_day(at_night: float, night_h: float) -> float:
    """
    Factor on the growth of hunger by day that leaves the need of 24 h as it is.

    Equation
    --------
    hunger_by_day = (24 - at_night * night_h) / (24 - night_h)

    Parameters
    ----------
    at_night
        Factor at night.
    night_h
        Length of the night [h], less than 24.

    References
    ----------
    The form is ours: breast-fed infants who sleep through take as much milk in 24 h as others, more of it in the early
    morning (Pinilla and Birch 1993, Pediatrics 91:436-444).
    """
    return (_DAY_H - at_night * night_h) / (_DAY_H - night_h)


class Stretch(NamedTuple):
    """
    A day or a night.

    Attributes
    ----------
    growth
        Factor on the growth of hunger.
    threshold
        Factor on the hunger at which the infant asks.
    until_min
        Its end [min since the birth that days are counted from].
    """

    growth: float
    threshold: float
    until_min: float


class Nights:
    """
    Days and nights of one infant.

    Parameters
    ----------
    physiology
        When night is, and how it differs.
    born_min
        When the infant was born [min since the birth that days are counted from].
    birth_clock_min
        Time of day at that birth [min].
    """

    def __init__(self, physiology: InfantPhysiology, born_min: float, birth_clock_min: float) -> None:
        self._physiology = physiology
        self._born_min = born_min
        self._shift_min = birth_clock_min - HOUR_MIN * physiology.night_from_h
        night_h = (physiology.night_until_h - physiology.night_from_h) % _DAY_H
        self._night_h = night_h if night_h < _DAY_H else 0.0  # a remainder may be rounded up to what it is divided by

    def at(self, time_min: float) -> Stretch:
        """The day or night that a time is in; it ends later than that time."""
        number = floor((time_min + self._shift_min) / DAY_MIN)
        # A sum may be rounded to the wrong side of an evening, and a stretch would end within itself.
        if self._evening_min(number + 1) <= time_min:
            number += 1
        physiology, evening_min = self._physiology, self._evening_min(number)
        age_days = (evening_min - self._born_min) / DAY_MIN
        mature = rhythm_maturity(age_days, physiology.night_from_day, physiology.night_days)
        at_night = 1.0 + mature * (physiology.night_hunger - 1.0)
        morning_min = evening_min + HOUR_MIN * self._night_h
        if time_min < morning_min:
            return Stretch(at_night, 1.0 + mature * (physiology.night_threshold - 1.0), morning_min)
        return Stretch(hunger_by_day(at_night, self._night_h), 1.0, self._evening_min(number + 1))

    def _evening_min(self, number: int) -> float:
        """Where a night begins: a multiple of days, the same to the last bit at every time before and after it."""
        return DAY_MIN * number - self._shift_min


def to_zero_min(hunger_ml: float, need_per_min: float, memory_min: float) -> float:
    """
    Time until a surplus is gone.

    Parameters
    ----------
    hunger_ml
        Hunger, below 0.
    need_per_min
        Milk that is needed [mL/min].
    memory_min
        Time constant with which a surplus is forgotten.
    """
    settled = need_per_min * memory_min
    return memory_min * log((settled - hunger_ml) / settled) if settled > 0.0 else inf


def hunger_after(hunger_ml: float, elapsed_min: float, need_per_min: float, memory_min: float) -> float:
    """
    Hunger [mL] after a while: it grows with need; a surplus is forgotten as well.

    Parameters
    ----------
    hunger_ml
        Now; below 0 for a surplus.
    elapsed_min
        How long.
    need_per_min
        Milk that is needed meanwhile [mL/min].
    memory_min
        Time constant with which a surplus is forgotten.
    """
    if hunger_ml >= 0.0:
        return hunger_ml + need_per_min * elapsed_min
    satisfied_min = to_zero_min(hunger_ml, need_per_min, memory_min)
    if elapsed_min >= satisfied_min:
        return need_per_min * (elapsed_min - satisfied_min)
    settled = need_per_min * memory_min
    return settled + (hunger_ml - settled) * exp(-elapsed_min / memory_min)


def reaches_min(hunger_ml: float, level_ml: float, need_per_min: float, memory_min: float) -> float:
    """
    Time until hunger reaches a level above 0; infinity where nothing is needed.

    Parameters
    ----------
    hunger_ml, level_ml
        Hunger now, and the level.
    need_per_min
        Milk that is needed meanwhile [mL/min].
    memory_min
        Time constant with which a surplus is forgotten.
    """
    if hunger_ml >= level_ml:
        return 0.0
    if need_per_min <= 0.0:
        return inf
    if hunger_ml >= 0.0:
        return (level_ml - hunger_ml) / need_per_min
    return to_zero_min(hunger_ml, need_per_min, memory_min) + level_ml / need_per_min
