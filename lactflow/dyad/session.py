"""
How a session goes: latch, let-downs, flow, the other breast, the end.

One mother has one session at a time. Oxytocin pulses come in a train drawn for the session; each makes both
breasts contract. The remover takes what reaches the ducts of the breast it is at. A session ends by satiety,
with an empty breast, or when its time is over.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import simpy

from lactflow.dyad.remover import Infant, Remover
from lactflow.dyad.schedule import PlannedSession
from lactflow.endocrine.blood import Blood
from lactflow.gland.analytes import CHLORIDE, FAT, LACTOSE, POTASSIUM, PROTEIN, SODIUM, Milk
from lactflow.gland.breast import SLICES, Breast
from lactflow.parameters.chemistry import LACTOSE_G_PER_MMOL
from lactflow.records import LetDown, Recorder, Removal, Session

Process = Generator[simpy.Event, Any, Any]

_LITTLE_ML = 1e-6
"""Less than this is nothing."""

_LITTLE_TWICE = 2
"""Let-downs in a row with little milk after which an infant calls a breast empty."""


@dataclass
class _AtBreast:
    """What happened at one breast in one session."""

    breast: Breast
    kind: str
    start_min: float
    available_ml: float
    fullness_start: float
    milk: Milk = field(default_factory=Milk)
    let_downs: int = 0
    fat_start: float | None = None
    fat_end: float | None = None

    def receive(self, taken: Milk) -> None:
        """Milk of one slice of a let-down."""
        if taken.volume_ml > _LITTLE_ML:
            self.fat_end = taken.per_litre(FAT)
            if self.fat_start is None:
                self.fat_start = self.fat_end
        self.milk.add(taken)

    def removal(self, session: int, end_min: float) -> Removal:
        """The row of the table."""
        lactose = self.milk.per_litre(LACTOSE)
        return Removal(
            session=session,
            kind=self.kind,
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


@dataclass
class _UnderWay:
    """The session that goes on: its plan, when it began, milk taken so far, and the breasts somebody is at."""

    planned: PlannedSession
    start_min: float
    taken_ml: float = 0.0
    visits: list[_AtBreast] = field(default_factory=list)


class _Pulse(NamedTuple):
    """One oxytocin pulse: its number, its time, and the level at its peak."""

    number: int
    time_min: float
    oxytocin_pg_per_ml: float


class Sessions:
    """
    Plays the sessions of one mother, one after the other.

    Parameters
    ----------
    env
        The simulation.
    breasts
        Left and right.
    blood
        Hormones, shared by both; sessions release prolactin and oxytocin.
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
        blood: Blood,
        *,
        infant: Infant | None,
        pumps: Mapping[str, Remover],
        recorder: Recorder,
    ) -> None:
        self._env = env
        self._breasts = {breast.side: breast for breast in breasts}
        self._blood = blood
        self._infant = infant
        self._pumps = pumps
        self._recorder = recorder
        self._session = 0
        self._under_way: _UnderWay | None = None
        self.removed = Milk()

    def keep_schedule(self, plan: Iterator[PlannedSession]) -> Process:
        """Play every planned session at its time, or when the one before is over."""
        for planned in plan:
            if planned.planned_min > self._env.now:
                yield self._env.timeout(planned.planned_min - self._env.now)
            self._under_way = _UnderWay(planned, self._env.now)
            reason = yield from self._play(self._under_way)
            self._end(reason)

    def close(self) -> None:
        """The run is over: a session under way ends with it."""
        if self._under_way is not None:
            self._leave_breasts(self._under_way)
            self._end("time")

    def _end(self, reason: str) -> None:
        under_way = self._under_way
        assert under_way is not None
        planned = under_way.planned
        if planned.kind != "bottle":
            self._blood.prolactin.end_bout(self._env.now)
        infant = self._infant if planned.kind in ("feed", "bottle") else None
        self._recorder.record(
            Session(
                session=self._session,
                kind=planned.kind,
                infant=None if infant is None else infant.number,
                planned_min=planned.planned_min,
                start_min=under_way.start_min,
                end_min=self._env.now,
                end_reason=reason,
                intake_ml=under_way.taken_ml,
            )
        )
        self._session += 1
        self._under_way = None

    def _play(self, under_way: _UnderWay) -> Generator[simpy.Event, Any, str]:
        """One session; returns why it ended."""
        planned = under_way.planned
        if planned.kind == "bottle":
            under_way.taken_ml = planned.volume_ml or 0.0
            if self._infant is not None:
                self._infant.take(under_way.taken_ml)
            return "schedule"
        pulses = self._blood.oxytocin.train(self._env.now)
        self._blood.prolactin.begin_bout(self._env.now)
        sides = [(self._breasts[side], minutes) for side, minutes in planned.sides]
        if planned.kind == "feed":
            assert self._infant is not None
            self._infant.get_hungry()
            return (yield from self._one_after_the_other(under_way, self._infant, sides, pulses))
        pump = self._pumps[planned.kind]
        minutes = max((limit for _, limit in sides if limit is not None), default=pump.longest_min)
        return (yield from self._at(under_way, pump, [breast for breast, _ in sides], minutes, pulses))

    def _one_after_the_other(
        self,
        under_way: _UnderWay,
        remover: Remover,
        sides: Sequence[tuple[Breast, float | None]],
        pulses: Iterator[float],
    ) -> Generator[simpy.Event, Any, str]:
        """An infant takes one breast, and then, if it wants more, the other; returns why it ended."""
        reason = "time"
        for number, (breast, minutes) in enumerate(sides):
            if number:
                yield self._env.timeout(remover.side_change_min)
            limit_min = remover.longest_min if minutes is None else minutes
            reason = yield from self._at(under_way, remover, [breast], limit_min, pulses)
            if reason == "satiety":
                break
        return reason

    def _at(
        self,
        under_way: _UnderWay,
        remover: Remover,
        breasts: list[Breast],
        limit_min: float,
        pulses: Iterator[float],
    ) -> Generator[simpy.Event, Any, str]:
        """A remover at one breast, or a pump at both; returns why it ended."""
        env = self._env
        end_min = env.now + limit_min
        for breast in breasts:
            breast.bring_up()
        visits = [_AtBreast(breast, remover.kind, env.now, breast.volume_ml, breast.fullness) for breast in breasts]
        under_way.visits = visits
        reason, little = "time", 0
        for pulse_min in pulses:
            if max(pulse_min, env.now) >= end_min:
                break
            if pulse_min > env.now:
                yield env.timeout(pulse_min - env.now)
            gained_ml = yield from self._let_down(under_way, remover)
            little = little + 1 if gained_ml < remover.empty_below_ml else 0
            if remover.wants_ml() <= _LITTLE_ML:
                reason = "satiety"
                break
            if little == _LITTLE_TWICE:
                reason = "empty"
                break
        if reason == "time" and env.now < end_min:
            yield env.timeout(end_min - env.now)
        self._leave_breasts(under_way)
        return reason

    def _leave_breasts(self, under_way: _UnderWay) -> None:
        for visit in under_way.visits:
            visit.breast.bring_up()
            self._recorder.record(visit.removal(self._session, self._env.now))
        under_way.visits = []

    def _let_down(self, under_way: _UnderWay, remover: Remover) -> Generator[simpy.Event, Any, float]:
        """One oxytocin pulse: both breasts contract, the remover takes milk where it is; returns how much [mL]."""
        env = self._env
        pulse = _Pulse(self._blood.oxytocin.pulses, env.now, self._blood.oxytocin.pulse(env.now))
        attached = {visit.breast.side: visit for visit in under_way.visits}
        ejected_ml = dict.fromkeys(self._breasts, 0.0)
        gained_ml = 0.0
        slice_min = next(iter(self._breasts.values())).contraction_min / SLICES
        for side, breast in self._breasts.items():
            breast.begin_contraction()
            if side in attached:
                attached[side].let_downs += 1
            else:
                ejected_ml[side] = breast.squeeze(breast.moved_fraction(pulse.oxytocin_pg_per_ml))
        for _ in range(SLICES):
            yield env.timeout(slice_min)
            for side, visit in attached.items():
                drawn_ml = min(remover.suction_ml_per_min * slice_min, remover.wants_ml())
                fraction = visit.breast.moved_fraction(pulse.oxytocin_pg_per_ml) * remover.efficiency
                moved_ml, taken = visit.breast.contract(fraction, drawn_ml)
                ejected_ml[side] += moved_ml
                visit.receive(taken)
                self.removed.add(taken)
                remover.take(taken.volume_ml)
                under_way.taken_ml += taken.volume_ml
                gained_ml += taken.volume_ml
            if remover.wants_ml() <= _LITTLE_ML:
                break
        for visit in under_way.visits:
            visit.breast.relax()
            visit.breast.feel_fullness()
        self._report(pulse, remover.trigger, ejected_ml)
        return gained_ml

    def _report(self, pulse: _Pulse, trigger: str, ejected_ml: dict[str, float]) -> None:
        for side in self._breasts:
            self._recorder.record(
                LetDown(
                    let_down=pulse.number,
                    time_min=pulse.time_min,
                    breast=side,
                    session=self._session,
                    trigger=trigger,
                    oxytocin_pg_per_ml=pulse.oxytocin_pg_per_ml,
                    ejected_ml=ejected_ml[side],
                )
            )
