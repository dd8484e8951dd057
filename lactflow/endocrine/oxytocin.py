"""
Oxytocin: pulses during suckling or pumping.

Each pulse raises the level at once; between pulses it decays towards its basal level. The train of pulses is
drawn once a session and reaches both breasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp

from lactflow.chance import Streams
from lactflow.endocrine.signal import Steps
from lactflow.kinetics import decayed
from lactflow.parameters.drugs import StressParameters
from lactflow.parameters.oxytocin import OxytocinParameters
from lactflow.units import DAY_MIN


class Oxytocin:
    """
    Oxytocin in plasma.

    Attributes
    ----------
    pulses
        Number of pulses so far.
    """

    def __init__(
        self,
        parameters: OxytocinParameters,
        stress_parameters: StressParameters,
        stress: Steps,
        streams: Streams,
        time_min: float,
    ) -> None:
        self._parameters = parameters
        self._pulse_share = stress_parameters.pulse_share
        self._stress = stress
        self._streams = streams
        self._above_basal = 0.0
        self._changed_min = time_min
        self._hour = -1
        self._session_of_hour = 0
        self.pulses = 0

    def level(self, time_min: float) -> float:
        """Oxytocin in plasma [pg/mL]."""
        above = decayed(self._above_basal, time_min - self._changed_min, self._parameters.half_life_min)
        return self._parameters.basal_pg_per_ml + above

    def next_change(self, time_min: float) -> float:
        """When stress begins or ends; pulses are made by sessions."""
        return self._stress.next_change(time_min)

    def pulse(self, time_min: float, rise_pg_per_ml: float | None = None) -> float:
        """Release one pulse, or take in a dose with the given rise; returns the level at its peak [pg/mL]."""
        rise = self._parameters.pulse_pg_per_ml if rise_pg_per_ml is None else rise_pg_per_ml
        self._above_basal = self.level(time_min) - self._parameters.basal_pg_per_ml + rise
        self._changed_min = time_min
        self.pulses += 1
        return self.level(time_min)

    def train(self, latch_min: float, share: float = 1.0) -> Iterator[float]:
        """
        Times of the pulses of a session that begins at `latch_min`, without end.

        The first comes a gamma-distributed time after the latch, the others at gamma-distributed intervals.
        Draws are addressed by the hour of the latch and the session's number within it.

        Parameters
        ----------
        latch_min
            When it begins [min since birth].
        share
            Rate of pulses relative to a usual feed, above 0.
        """
        parameters = self._parameters
        hour = int(latch_min // 60.0)
        self._session_of_hour = self._session_of_hour + 1 if hour == self._hour else 0
        self._hour = hour
        rng = self._streams.at("oxytocin pulses", hour, self._session_of_hour)
        shape = parameters.first_pulse_shape
        time_min = latch_min + rng.gamma(shape, parameters.first_pulse_min / shape / share)
        shape = parameters.pulse_interval_cv**-2
        while True:
            yield time_min
            time_min += rng.gamma(shape, self._interval_min(time_min) / shape / share)

    def _interval_min(self, time_min: float) -> float:
        """Mean time to the next pulse: short in the first days, long under stress."""
        parameters = self._parameters
        usual_min = pulse_interval_min(
            time_min, parameters.pulse_interval_min, parameters.first_interval_min, parameters.early_days * DAY_MIN
        )
        return usual_min / pulses_under_stress(self._stress.level(time_min), self._pulse_share)


def pulse_interval_min(time_min: float, late_min: float, first_min: float, early_min: float) -> float:
    """
    Mean time between two pulses of oxytocin in a feed without stress [min].

    Equation
    --------
    early = exp(-max(0, time_min) / early_min)
    pulse_interval_min = late_min - early * (late_min - first_min)

    Parameters
    ----------
    time_min
        Time since birth [min].
    late_min, first_min
        Interval of established lactation, and right after birth [min].
    early_min
        Time constant with which the one becomes the other [min].

    References
    ----------
    The form is ours, between the intervals of UvnasMoberg2020 and Idei2024.
    """
    early = exp(-max(0.0, time_min) / early_min)
    return late_min - early * (late_min - first_min)


def pulses_under_stress(stress: float, pulse_share: float) -> float:
    """
    Rate of pulses, relative to a feed without stress.

    Equation
    --------
    pulses_under_stress = 1 - stress * (1 - pulse_share)

    Parameters
    ----------
    stress
        0 to 1.
    pulse_share
        Rate of pulses under full stress, relative to none.

    References
    ----------
    Ueda1994: mothers under stress have fewer pulses. That the rate is linear in stress is ours.
    """
    return 1.0 - stress * (1.0 - pulse_share)
