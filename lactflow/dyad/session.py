"""
How a session goes: latch, let-downs, flow, the other breast, the end.

One mother has one session at a time. Oxytocin pulses come in a train drawn for the session; each makes both
breasts contract. The remover takes what reaches the ducts of the breast it is at. A session ends by satiety,
with an empty breast, or when its time is over.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

from lactflow.dyad.remover import Infant, Pump, Remover
from lactflow.dyad.schedule import PlannedSession
from lactflow.endocrine.oxytocin import Oxytocin
from lactflow.gland.analytes import CHLORIDE, FAT, LACTOSE, POTASSIUM, PROTEIN, SODIUM, Milk
from lactflow.gland.breast import SLICES, Breast
from lactflow.parameters.chemistry import LACTOSE_G_PER_MMOL
from lactflow.parameters.gland import Ejection
from lactflow.records import LetDown, Recorder, Removal, Session

Process = Generator[simpy.Event, Any, Any]

_LITTLE_ML = 1e-6
"""Less than this is nothing."""


@dataclass
class _AtBreast:
    """What happened at one breast in one session."""

    breast: Breast
    start_min: float
    available_ml: float
    fullness_start: float
    milk: Milk = field(default_factory=Milk)
    let_downs: int = 0
    fat_start: float | None = None
    fat_end: float | None = None
    last_ml: list[float] = field(default_factory=list)

    def receive(self, taken: Milk) -> None:
        """Milk of one slice of a let-down."""
        if taken.volume_ml > _LITTLE_ML:
            self.fat_end = taken.per_litre(FAT)
            if self.fat_start is None:
                self.fat_start = self.fat_end
        self.milk.add(taken)

    def removal(self, session: int, kind: str, end_min: float) -> Removal:
        """The row of the table."""
        lactose = self.milk.per_litre(LACTOSE)
        return Removal(
            session=session,
            kind=kind,
            breast=self.breast.side,
            start_min=self.start_min,
            end_min=end_min,
            available_ml=self.available_ml,
            removed_ml=self.milk.volume_ml,
            fullness_start=self.fullness_start,
            fullness_end=self.breast.fullness,
            let_downs=self.let_downs,
            lactose_g_per_l=None if lactose is None else lactose * LACTOSE_G_PER_MMOL,
            protein_g_per_l=self.milk.per_litre(PROTEIN),
            fat_g_per_l=self.milk.per_litre(FAT),
            fat_start_g_per_l=self.fat_start,
            fat_end_g_per_l=self.fat_end,
            sodium_mmol_per_l=self.milk.per_litre(SODIUM),
            potassium_mmol_per_l=self.milk.per_litre(POTASSIUM),
            chloride_mmol_per_l=self.milk.per_litre(CHLORIDE),
        )


class Sessions:
    """
    Plays the sessions of one mother, one after the other.

    Parameters
    ----------
    env
        The simulation.
    breasts
        Left and right.
    oxytocin
        Shared by both.
    ejection
        Declared quantities of a contraction.
    infant
        Who feeds; None for nobody.
    pumps
        Pump and hand, by the kind of session.
    recorder
        Takes the facts.

    Attributes
    ----------
    removed
        All milk that left the breasts.
    """

    def __init__(
        self,
        env: simpy.Environment,
        breasts: Sequence[Breast],
        oxytocin: Oxytocin,
        ejection: Ejection,
        infant: Infant | None,
        pumps: dict[str, Pump],
        recorder: Recorder,
    ) -> None:
        self._env = env
        self._breasts = {breast.side: breast for breast in breasts}
        self._oxytocin = oxytocin
        self._ejection = ejection
        self._infant = infant
        self._pumps = pumps
        self._recorder = recorder
        self._session = 0
        self.removed = Milk()

    def keep_schedule(self, plan: Iterator[PlannedSession]) -> Process:
        """Play every planned session at its time, or when the one before is over."""
        for planned in plan:
            if planned.planned_min > self._env.now:
                yield self._env.timeout(planned.planned_min - self._env.now)
            start_min = self._env.now
            intake_ml, reason = yield from self._play(planned)
            infant = self._infant if planned.kind in ("feed", "bottle") else None
            self._recorder.record(
                Session(
                    session=self._session,
                    kind=planned.kind,
                    infant=None if infant is None else infant.number,
                    planned_min=planned.planned_min,
                    start_min=start_min,
                    end_min=self._env.now,
                    end_reason=reason,
                    intake_ml=intake_ml,
                )
            )
            self._session += 1

    def _play(self, planned: PlannedSession) -> Generator[simpy.Event, Any, tuple[float, str]]:
        """One session: milk taken [mL] and why it ended."""
        if planned.kind == "bottle":
            volume_ml = planned.volume_ml or 0.0
            if self._infant is not None:
                self._infant.take(volume_ml)
            return volume_ml, "schedule"
        pulses = self._oxytocin.train(self._env.now)
        sides = [(self._breasts[side], minutes) for side, minutes in planned.sides]
        if planned.kind == "feed":
            assert self._infant is not None
            self._infant.get_hungry()
            return (yield from self._one_after_the_other(self._infant, sides, pulses))
        pump = self._pumps[planned.kind]
        minutes = max((limit for _, limit in sides if limit is not None), default=pump.longest_min)
        return (yield from self._at(pump, [breast for breast, _ in sides], minutes, pulses))

    def _one_after_the_other(
        self, remover: Remover, sides: Sequence[tuple[Breast, float | None]], pulses: Iterator[float]
    ) -> Generator[simpy.Event, Any, tuple[float, str]]:
        """An infant takes one breast, and then, if it wants more, the other."""
        taken_ml, reason = 0.0, "time"
        for number, (breast, minutes) in enumerate(sides):
            if number:
                yield self._env.timeout(remover.side_change_min)
            limit_min = remover.longest_min if minutes is None else minutes
            part_ml, reason = yield from self._at(remover, [breast], limit_min, pulses)
            taken_ml += part_ml
            if reason == "satiety":
                break
        return taken_ml, reason

    def _at(
        self, remover: Remover, breasts: list[Breast], limit_min: float, pulses: Iterator[float]
    ) -> Generator[simpy.Event, Any, tuple[float, str]]:
        """A remover at one breast, or a pump at both: milk taken [mL] and why it ended."""
        env = self._env
        end_min = env.now + limit_min
        for breast in breasts:
            breast.bring_up()
        visits = [_AtBreast(breast, env.now, breast.volume_ml, breast.fullness) for breast in breasts]
        reason = "time"
        for pulse_min in pulses:
            if max(pulse_min, env.now) >= end_min:
                break
            if pulse_min > env.now:
                yield env.timeout(pulse_min - env.now)
            gained_ml = yield from self._let_down(remover, visits)
            for visit in visits:
                visit.let_downs += 1
                visit.last_ml = [*visit.last_ml[-1:], gained_ml]
            if remover.wants_ml() <= _LITTLE_ML:
                reason = "satiety"
                break
            if len(visits[0].last_ml) == 2 and max(visits[0].last_ml) < remover.empty_below_ml:  # noqa: PLR2004
                reason = "empty"
                break
        if reason == "time" and env.now < end_min:
            yield env.timeout(end_min - env.now)
        for visit in visits:
            visit.breast.bring_up()
            self._recorder.record(visit.removal(self._session, remover.kind, env.now))
        return sum(visit.milk.volume_ml for visit in visits), reason

    def _let_down(self, remover: Remover, visits: list[_AtBreast]) -> Generator[simpy.Event, Any, float]:
        """One oxytocin pulse: both breasts contract, and the remover takes milk from those it is at; returns how much [mL]."""
        env, recorder = self._env, self._recorder
        number, start_min = self._oxytocin.pulses, env.now
        level = self._oxytocin.pulse(start_min)
        attached = {visit.breast.side: visit for visit in visits}
        ejected_ml = dict.fromkeys(self._breasts, 0.0)
        gained_ml = 0.0
        slice_min = self._ejection.contraction_min / SLICES
        for side, breast in self._breasts.items():
            breast.begin_contraction()
            if side not in attached:
                ejected_ml[side] = breast.squeeze(breast.moved_fraction(level))
        for _ in range(SLICES):
            yield env.timeout(slice_min)
            for side, visit in attached.items():
                drawn_ml = min(remover.suction_ml_per_min * slice_min, remover.wants_ml())
                fraction = visit.breast.moved_fraction(level) * remover.efficiency
                moved_ml, taken = visit.breast.contract(fraction, drawn_ml)
                ejected_ml[side] += moved_ml
                visit.receive(taken)
                self.removed.add(taken)
                remover.take(taken.volume_ml)
                gained_ml += taken.volume_ml
            if remover.wants_ml() <= _LITTLE_ML:
                break
        for visit in visits:
            visit.breast.relax()
            visit.breast.feel_fullness()
        for side in self._breasts:
            recorder.record(
                LetDown(
                    let_down=number,
                    time_min=start_min,
                    breast=side,
                    session=self._session,
                    trigger=remover.trigger,
                    oxytocin_pg_per_ml=level,
                    ejected_ml=ejected_ml[side],
                )
            )
        return gained_ml
