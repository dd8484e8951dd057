"""
Oxytocin: pulses during suckling or pumping.

Each pulse raises the level at once; between pulses it decays towards its basal level. The train of pulses is
drawn once a session and reaches both breasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from lactflow.chance import Streams
from lactflow.kinetics import decayed
from lactflow.parameters.endocrine import Oxytocin as OxytocinParameters


class Oxytocin:
    """
    Oxytocin in plasma.

    Attributes
    ----------
    pulses
        Number of pulses so far.
    """

    def __init__(self, parameters: OxytocinParameters, streams: Streams, time_min: float) -> None:
        self._parameters = parameters
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
        """It changes by pulses only, and those are made by sessions."""
        del time_min
        return inf

    def pulse(self, time_min: float) -> float:
        """Release one pulse; returns the level at its peak [pg/mL]."""
        self._above_basal = self.level(time_min) - self._parameters.basal_pg_per_ml + self._parameters.pulse_pg_per_ml
        self._changed_min = time_min
        self.pulses += 1
        return self.level(time_min)

    def train(self, latch_min: float) -> Iterator[float]:
        """
        Times of the pulses of a session that begins at `latch_min`, without end.

        The first comes a gamma-distributed time after the latch, the others at gamma-distributed intervals.
        Draws are addressed by the hour of the latch and the session's number within it.
        """
        parameters = self._parameters
        hour = int(latch_min // 60.0)
        self._session_of_hour = self._session_of_hour + 1 if hour == self._hour else 0
        self._hour = hour
        rng = self._streams.at("oxytocin pulses", hour, self._session_of_hour)
        shape = parameters.first_pulse_shape
        time_min = latch_min + rng.gamma(shape, parameters.first_pulse_min / shape)
        shape = parameters.pulse_interval_cv**-2
        while True:
            yield time_min
            time_min += rng.gamma(shape, parameters.pulse_interval_min / shape)
