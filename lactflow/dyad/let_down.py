"""
Let-downs: oxytocin pulses that make both breasts contract, with and without somebody at a breast.

Pulses come in a train that is drawn when suckling or pumping begins. Everybody at the breasts shares it: an infant at
one breast lets milk down for the pump at the other one too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

import simpy

from lactflow.endocrine.blood import Blood
from lactflow.gland.breast import Breast
from lactflow.kinetics import plain_sum
from lactflow.records import LetDown, Recorder


class Pulse(NamedTuple):
    """One oxytocin pulse: its number, its time, and the level at its peak."""

    number: int
    time_min: float
    oxytocin_pg_per_ml: float


class Taken(NamedTuple):
    """Milk that was taken of one breast in one let-down: its volume [mL] and its fat [g]."""

    volume_ml: float
    fat_g: float

    def fat_g_per_l(self) -> float | None:
        """Fat of all of it; None where nothing was taken."""
        return self.fat_g / self.volume_ml * 1000.0 if self.volume_ml > 0.0 else None


class LetDowns:
    """
    The oxytocin pulses of one mother.

    Parameters
    ----------
    env
        The simulation.
    breasts
        Left and right, by side.
    blood
        Where oxytocin is released.
    recorder
        Takes the facts.

    Attributes
    ----------
    sessions_at
        Session of whoever is at a breast, by side.
    """

    def __init__(self, env: simpy.Environment, breasts: Mapping[str, Breast], blood: Blood, recorder: Recorder) -> None:
        self._env = env
        self._breasts = breasts
        self._blood = blood
        self._recorder = recorder
        self._share = self._nerves = 1.0
        self._times_min: Iterator[float] = iter(())
        self._drawn: list[float] = []
        self._released: dict[int, Pulse] = {}
        self.sessions_at: dict[str, int] = {}

    def begin_bout(self, share: float, breasts: Sequence[Breast]) -> None:
        """
        Suckling or pumping begins: draw a new train.

        Whoever joins later shares it: an infant that joins a pump does not hasten the pulses. That is a simplification.

        Parameters
        ----------
        share
            Rate of pulses relative to a usual feed.
        breasts
            Those that are taken first: the rate goes with the mean of what their nerves report.
        """
        self._share = share
        self._draw(plain_sum([breast.nerve_share for breast in breasts]) / len(breasts))

    def go_on_at(self, breast: Breast, pulses: Iterator[tuple[int, float]]) -> Iterator[tuple[int, float]]:
        """Pulses at a breast where nobody is at the other one: a new train where its nerves report something else."""
        if breast.nerve_share == self._nerves or self.sessions_at:
            return pulses
        self._draw(breast.nerve_share)
        return self.listen()

    def _draw(self, nerves: float) -> None:
        self._nerves = nerves
        self._times_min = self._blood.oxytocin.train(self._env.now, self._share * nerves)
        self._drawn, self._released = [], {}

    def listen(self) -> Iterator[tuple[int, float]]:
        """Numbers and times of the pulses of this bout from now on, without end."""
        times_min, drawn, now = self._times_min, self._drawn, self._env.now
        for number in count():
            if number == len(drawn):
                drawn.append(next(times_min))
            if drawn[number] >= now:
                yield number, drawn[number]

    def release(self, number: int, attached: Sequence[Breast]) -> tuple[Pulse, dict[str, float]]:
        """
        Release a pulse of the bout, or feel the one that somebody at the other breast has felt first.

        Parameters
        ----------
        number
            Of the pulse, as `listen` gives it.
        attached
            Breasts that the caller is at: they contract, and the caller moves their milk.

        Returns
        -------
        The pulse, and what it ejected [mL] by side: 0 in the breasts of the caller; breasts of others are left out.
        """
        first = number not in self._released
        if first:
            self._released[number] = self._pulse()
        pulse = self._released[number]
        ejected_ml: dict[str, float] = {}
        for side, breast in self._breasts.items():
            if breast in attached:
                breast.begin_contraction()
                ejected_ml[side] = 0.0
            elif first and side not in self.sessions_at:
                breast.begin_contraction()
                ejected_ml[side] = breast.squeeze(breast.moved_fraction(pulse.oxytocin_pg_per_ml))
        return pulse, ejected_ml

    def alone(self, trigger: str, session: int | None, rise_pg_per_ml: float | None = None) -> None:
        """
        A pulse that no remover has set off: milk comes into the ducts where nobody is, and flows back.

        Parameters
        ----------
        trigger
            `conditioned` or `dose`.
        session
            Under way meanwhile, if one is.
        rise_pg_per_ml
            Of a dose; None for a pulse of her own.
        """
        pulse = self._pulse(rise_pg_per_ml)
        ejected_ml = dict.fromkeys(self._breasts, 0.0)
        for side, breast in self._breasts.items():
            breast.begin_contraction()
            if side not in self.sessions_at:
                ejected_ml[side] = breast.squeeze(breast.moved_fraction(pulse.oxytocin_pg_per_ml))
        self.report(pulse, trigger, ejected_ml, session)

    def report(
        self,
        pulse: Pulse,
        trigger: str,
        ejected_ml: Mapping[str, float],
        session: int | None,
        taken: Mapping[str, Taken] | None = None,
    ) -> None:
        """
        Record a pulse: a row for each breast of `ejected_ml`.

        Parameters
        ----------
        pulse, trigger, ejected_ml
            As in the table.
        session
            Of breasts that nobody is at.
        taken
            What was taken of the breasts where somebody is.
        """
        for side, moved_ml in ejected_ml.items():
            removed = None if taken is None else taken.get(side)
            self._recorder.record(
                LetDown(
                    let_down=pulse.number,
                    time_min=pulse.time_min,
                    breast=side,
                    session=self.sessions_at.get(side, session),
                    trigger=trigger,
                    oxytocin_pg_per_ml=pulse.oxytocin_pg_per_ml,
                    ejected_ml=moved_ml,
                    removed_ml=0.0 if removed is None else removed.volume_ml,
                    fat_g_per_l=None if removed is None else removed.fat_g_per_l(),
                )
            )

    def _pulse(self, rise_pg_per_ml: float | None = None) -> Pulse:
        oxytocin = self._blood.oxytocin
        return Pulse(oxytocin.pulses, self._env.now, oxytocin.pulse(self._env.now, rise_pg_per_ml))
