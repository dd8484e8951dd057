"""
Prolactin: a baseline that suckling keeps up, and a surge at each bout.

The baseline is what is left of term and what frequent suckling sustains, each declining; the larger of the two
prevails (root of the sum of squares). A bout releases what the lactotrophs have refilled since the one before.
"""

from __future__ import annotations

from collections import deque
from math import exp, hypot, inf, isclose, log
from typing import Final, NamedTuple

from lactflow.endocrine.births import Births
from lactflow.endocrine.signal import Signal
from lactflow.kinetics import plain_sum, saturation
from lactflow.parameters.prolactin import ProlactinParameters
from lactflow.units import DAY_MIN

_FORGOTTEN_HALF_LIVES: Final = 40.0
"""A surge so old adds less than a millionth of a millionth, whatever the half-lives."""


class _Bout(NamedTuple):
    """One bout of suckling or pumping: when it began, and the height of its surge [ng/mL]."""

    time_min: float
    height_ng_per_ml: float


class Prolactin:
    """
    Prolactin in plasma.

    Parameters
    ----------
    parameters
        Declared quantities.
    release
        Factor of drugs on its release, 1 without any.
    time_min
        Start of the run; after birth, the mother has been suckled until then.
    births
        Her pregnancies and births; None for just the birth from which days are counted.

    Attributes
    ----------
    bouts_before
        Bouts before the run.
    births
        As given.
    """

    def __init__(
        self, parameters: ProlactinParameters, release: Signal, time_min: float, births: Births | None = None
    ) -> None:
        self._parameters = parameters
        self.births = births
        self._release = release
        self._fall_per_min = log(2.0) / parameters.half_life_min
        fall = self._fall_per_min
        # The difference of two exponentials has no peak where both are the same.
        self._rise_per_min = rise = parameters.rise_per_min * (1.0 + 1e-6 * isclose(parameters.rise_per_min, fall))
        self._peak = surge_peak(rise, fall)
        self._forgotten_min = _FORGOTTEN_HALF_LIVES * log(2.0) / min(rise, fall)
        self._bouts: deque[_Bout] = deque()
        self._bouts_per_day = parameters.established_bouts_per_day if time_min > 0.0 else 0.0
        self._counted_min = time_min
        self.bouts_before = parameters.established_bouts_per_day * max(0.0, time_min) / DAY_MIN

    def level(self, time_min: float) -> float:
        """Prolactin in plasma [ng/mL]; not before the last bout."""
        rise, fall, peak = self._rise_per_min, self._fall_per_min, self._peak
        surges = plain_sum(
            [bout.height_ng_per_ml * surge(time_min - bout.time_min, rise, fall, peak) for bout in self._bouts]
        )
        return released(self._baseline(time_min), surges, self._release.level(time_min))

    def next_change(self, time_min: float) -> float:
        """When a drug changes, or a later pregnancy begins or ends; bouts are made by sessions."""
        change_min = self._release.next_change(time_min)
        return change_min if self.births is None else min(change_min, self.births.next_change(time_min))

    def bouts_per_day(self, time_min: float) -> float:
        """Bouts a day as remembered: their recent frequency; before the run, the usual one."""
        memory_min = self._parameters.bout_memory_days * DAY_MIN
        return self._bouts_per_day * exp(min(0.0, self._counted_min - time_min) / memory_min)

    def left_of_term(self, time_min: float) -> float:
        """Share of what pregnancy adds to the baseline that is still there."""
        decay_days = self._parameters.term_decay_days
        if self.births is None:
            return declined(time_min, decay_days)
        return self.births.of_pregnancy(time_min, decay_days)

    def _left_of_lactotrophs(self, time_min: float, decay_days: float) -> float:
        """Share left of what the lactotrophs of a pregnancy release in answer to suckling."""
        births = self.births
        if births is None:
            return declined(time_min, decay_days)
        left = births.left(time_min, decay_days)
        return left if births.pregnant else max(left, self._parameters.never_pregnant_share)

    def begin_bout(self, time_min: float, share: float = 1.0) -> None:
        """
        Suckling or pumping begins: the lactotrophs release what they have.

        Parameters
        ----------
        time_min
            Now; not before the bout before.
        share
            What the bout is to them, relative to one at an infant: of the surge, and of a bout in the count.
        """
        parameters = self._parameters
        while self._bouts and time_min - self._bouts[0].time_min > self._forgotten_min:
            self._bouts.popleft()
        since_min = time_min - self._bouts[-1].time_min if self._bouts else inf
        height = parameters.surge_ng_per_ml * self._left_of_lactotrophs(time_min, parameters.surge_decay_days)
        self._bouts.append(_Bout(time_min, share * height * refilled(since_min, parameters.refill_min)))
        memory_min = parameters.bout_memory_days * DAY_MIN
        self._bouts_per_day = self.bouts_per_day(time_min) + share * DAY_MIN / memory_min
        self._counted_min = time_min

    def end_bout(self, time_min: float) -> None:
        """The bout is over: a short one has released less."""
        bout = self._bouts[-1]
        share = min(1.0, (time_min - bout.time_min) / self._parameters.full_bout_min)
        self._bouts[-1] = bout._replace(height_ng_per_ml=bout.height_ng_per_ml * share)

    def _baseline(self, time_min: float) -> float:
        parameters = self._parameters
        kept = saturation(self.bouts_per_day(time_min), parameters.half_effect_bouts_per_day, 2.0)
        of_term = parameters.term_ng_per_ml * self.left_of_term(time_min)
        lasting = parameters.suckled_lasting
        sustained = lasting + (1.0 - lasting) * self._left_of_lactotrophs(time_min, parameters.suckled_decay_days)
        of_suckling = parameters.suckled_ng_per_ml * sustained * kept
        return baseline_ng_per_ml(parameters.nonlactating_ng_per_ml, of_term, of_suckling)


def surge_peak(rise_per_min: float, fall_per_min: float) -> float:
    """
    Highest difference of the two exponentials of a surge.

    Equation
    --------
    peak_min = log(rise_per_min / fall_per_min) / (rise_per_min - fall_per_min)
    surge_peak = exp(-fall_per_min * peak_min) - exp(-rise_per_min * peak_min)

    Parameters
    ----------
    rise_per_min, fall_per_min
        Rates of release and of clearance [1/min], not equal.

    References
    ----------
    First-order release and clearance.
    """
    peak_min = log(rise_per_min / fall_per_min) / (rise_per_min - fall_per_min)
    return exp(-fall_per_min * peak_min) - exp(-rise_per_min * peak_min)


def surge(since_min: float, rise_per_min: float, fall_per_min: float, peak: float) -> float:
    """
    Course of a surge of prolactin, 1 at its peak.

    Equation
    --------
    surge = (exp(-fall_per_min * since_min) - exp(-rise_per_min * since_min)) / peak

    Parameters
    ----------
    since_min
        Time since the bout began [min].
    rise_per_min, fall_per_min
        Rates of release and of clearance [1/min].
    peak
        Highest difference of the two exponentials.

    References
    ----------
    First-order release and clearance; the half-life is from Sievertsen1980, the height from Cox1996.
    """
    return (exp(-fall_per_min * since_min) - exp(-rise_per_min * since_min)) / peak


def refilled(since_min: float, refill_min: float) -> float:
    """
    Share of the prolactin that lactotrophs release in a bout, by the time since the one before.

    Equation
    --------
    refilled = 1 - exp(-since_min / refill_min)

    Parameters
    ----------
    since_min
        Time since the bout before began [min]; infinity for none.
    refill_min
        Time constant with which lactotrophs refill [min].

    References
    ----------
    The form is ours.
    """
    return 1.0 - exp(-since_min / refill_min)


def baseline_ng_per_ml(nonlactating: float, of_term: float, of_suckling: float) -> float:
    """
    Prolactin between surges, without drugs [ng/mL]: what is left of term or what suckling keeps, the larger prevails.

    Equation
    --------
    baseline_ng_per_ml = nonlactating + sqrt(of_term**2 + of_suckling**2)

    Parameters
    ----------
    nonlactating
        Level without either [ng/mL].
    of_term, of_suckling
        What is left of term, and what suckling sustains [ng/mL].

    References
    ----------
    The form is ours; that frequent suckling sustains the level is from Delvoye1977, the fall without it from
    Bonnar1975.
    """
    return nonlactating + hypot(of_term, of_suckling)


def released(baseline: float, surges: float, release: float) -> float:
    """
    Prolactin in plasma under drugs that act on its release [ng/mL].

    A dopamine agonist takes more of the surges than of the baseline; an antagonist raises both alike.

    Equation
    --------
    released = release * (baseline + min(1, release) * surges)

    Parameters
    ----------
    baseline, surges
        Without drugs [ng/mL].
    release
        Factor of all drugs on the release, 1 for none.

    References
    ----------
    The form is ours.
    """
    return release * (baseline + min(1.0, release) * surges)


def declined(time_min: float, decay_days: float) -> float:
    """
    Share left of what declines from birth on; all of it before.

    Equation
    --------
    declined = exp(-max(0, time_min) / (decay_days * 1440))

    Parameters
    ----------
    time_min
        Time since birth [min].
    decay_days
        Time constant [d].

    References
    ----------
    The form is ours; the time constants are set on Bonnar1975 and Cox1996.
    """
    return exp(-max(0.0, time_min) / (decay_days * DAY_MIN))
