"""Signals that follow the clock, the same every day, before birth too; and those that follow the days since birth."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import cos, inf, pi

from lactflow.units import DAY_MIN, HOUR_MIN

_DAY_H = DAY_MIN / HOUR_MIN


class ByClock:
    """
    A level that depends on the time of day alone.

    Parameters
    ----------
    birth_clock_min
        Time of day at birth [min since midnight].
    law
        Takes the time of day [h since midnight, 0 to 24], gives the level; without jumps, over midnight too.
    """

    def __init__(self, birth_clock_min: float, law: Callable[[float], float]) -> None:
        self._birth_clock_min = birth_clock_min
        self._law = lru_cache(maxsize=1)(law)  # milk and tables ask for the level of one instant

    def level(self, time_min: float) -> float:
        """Its level at `time_min`."""
        return self._law((time_min + self._birth_clock_min) % DAY_MIN / HOUR_MIN)

    def next_change(self, time_min: float) -> float:
        """Never: it has no jumps."""
        del time_min
        return inf


class ByAge:
    """
    A level that depends on the time since birth alone; before it, as at birth.

    Parameters
    ----------
    law
        Takes the days since birth, 0 or more, gives the level; without jumps.
    """

    def __init__(self, law: Callable[[float], float]) -> None:
        self._law = lru_cache(maxsize=1)(law)  # as `ByClock` does

    def level(self, time_min: float) -> float:
        """Its level at `time_min`."""
        return self._law(max(0.0, time_min) / DAY_MIN)

    def next_change(self, time_min: float) -> float:
        """Never: it has no jumps."""
        del time_min
        return inf


def night_peak(clock_h: float, low: float, high: float, peak_h: float, width_h: float) -> float:
    """
    A level that is low by day and rises to a peak, the same on both sides of it.

    Equation
    --------
    far = (1 - cos(2 * pi * (clock_h - peak_h) / 24)) / (1 - cos(pi * width_h / 24))
    night_peak = low + (high - low) * 0.5**far

    Parameters
    ----------
    clock_h
        Time of day [h].
    low, high
        Level far from the peak, and at it.
    peak_h, width_h
        Time of the peak, and hours for which the level is above half of its rise.

    References
    ----------
    The form is ours.
    """
    far = (1.0 - cos(2.0 * pi * (clock_h - peak_h) / _DAY_H)) / (1.0 - cos(pi * width_h / _DAY_H))
    return float(low + (high - low) * 0.5**far)


def morning_peak(clock_h: float, peak_h: float, rise_per_h: float, fall_per_h: float) -> float:
    """
    Share of its peak of a level that rises by one factor an hour to the peak and falls by another after it.

    Equation
    --------
    since_h = (clock_h - peak_h) % 24
    morning_peak = max(fall_per_h**since_h, rise_per_h**(since_h - 24))

    Parameters
    ----------
    clock_h
        Time of day [h].
    peak_h
        Time of the peak [h].
    rise_per_h, fall_per_h
        Factor of an hour before the peak, at least 1, and after it, at most 1.

    References
    ----------
    VanDerVoorn2016: cortisol of milk and saliva rises by one factor an hour until 07:00 and falls by another after it.
    """
    since_h = (clock_h - peak_h) % _DAY_H
    return float(max(fall_per_h**since_h, rise_per_h ** (since_h - _DAY_H)))


def daily_wave(clock_h: float, mean: float, amplitude: float, peak_h: float) -> float:
    """
    A cosine about a mean.

    Equation
    --------
    daily_wave = mean * (1 + amplitude * cos(2 * pi * (clock_h - peak_h) / 24))

    Parameters
    ----------
    clock_h
        Time of day [h].
    mean
        Of the day.
    amplitude
        Of the wave, as a share of the mean.
    peak_h
        Time of the peak [h].

    References
    ----------
    The form is ours.
    """
    return mean * (1.0 + amplitude * cos(2.0 * pi * (clock_h - peak_h) / _DAY_H))
