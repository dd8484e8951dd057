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

from lactflow.dyad.infant import Infant
from lactflow.dyad.remover import Pump, Remover
from lactflow.dyad.schedule import PlannedSession
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.signal import Steps
from lactflow.gland.analytes import CHLORIDE, CITRATE, FAT, LACTOSE, POTASSIUM, PROTEIN, SODIUM, Milk
from lactflow.gland.breast import SLICES, Breast
from lactflow.parameters.chemistry import LACTOSE_G_PER_MMOL
from lactflow.parameters.dyad import Pump as PumpParameters
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
    recorded_ml: float | None = None

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
            citrate_mmol_per_l=self.milk.per_litre(CITRATE),
            osmolality_mosm_per_kg=self.milk.osmolality(),
            energy_kcal_per_l=self.milk.energy_kcal() / self.milk.volume_ml * 1000.0 if lactose is not None else None,
            recorded_ml=self.recorded_ml,
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
    Plays the sessions of one mother, one at a time.

    Parameters
    ----------
    env
        The simulation.
    breasts
        Left and right.
    blood
        Hormones, shared by both; sessions release prolactin and oxytocin.
    infants
        Who feeds.
    pump
        Declared quantities of pump and hand.
    sealed
        Whether each breast is shut off, over time.
    recorder
        Takes the facts.

    Attributes
    ----------
    removed
        All milk that left the breasts.
    feeds
        Number of feeds so far.
    """

    def __init__(
        self,
        env: simpy.Environment,
        breasts: Sequence[Breast],
        blood: Blood,
        *,
        infants: Sequence[Infant],
        pump: PumpParameters,
        sealed: Mapping[str, Steps],
        recorder: Recorder,
    ) -> None:
        self._env = env
        self._breasts = {breast.side: breast for breast in breasts}
        self._blood = blood
        self._infants = infants
        self._pump = pump
        self._sealed = sealed
        self._recorder = recorder
        self._session = 0
        self._begun_with = "right"
        self._under_way: _UnderWay | None = None
        self.removed = Milk()
        self.feeds = 0

    def close(self) -> None:
        """The run is over: a session under way ends with it."""
        if self._under_way is not None:
            self._leave_breasts(self._under_way)
            self._end("time")

    def possible(self, planned: PlannedSession) -> bool:
        """Whether a session could take place now: not at breasts that are sealed."""
        return planned.kind == "bottle" or bool(self._open_sides(planned))

    def play(self, planned: PlannedSession) -> Process:
        """Play one session, if it is possible."""
        sides = self._open_sides(planned)
        if planned.kind != "bottle" and not sides:
            return
        self._under_way = _UnderWay(planned, self._env.now)
        if planned.kind == "bottle":
            reason = self._give_bottle(self._under_way)
        else:
            pulses = self._blood.oxytocin.train(self._env.now)
            self._blood.prolactin.begin_bout(self._env.now)
            if planned.kind == "feed":
                reason = yield from self._feed(self._under_way, self._infants[planned.infant], sides, pulses)
            else:
                pump = Pump(planned.kind, self._pump, planned.vacuum_mmhg)
                minutes = max((limit for _, limit in sides if limit is not None), default=pump.longest_min)
                breasts = [breast for breast, _ in sides]
                reason = yield from self._at(self._under_way, pump, breasts, minutes, pulses)
        self._end(reason)

    def _open_sides(self, planned: PlannedSession) -> list[tuple[Breast, float | None]]:
        """Breasts of a session in the order they are taken, less those that are sealed."""
        now = self._env.now
        sides = planned.sides
        if planned.rule is not None:
            other = {"left": "right", "right": "left"}
            if planned.rule in other:
                sides = ((planned.rule, None),)
            else:
                preferred = planned.rule == "preferred"
                first = self._infants[planned.infant].first_side() if preferred else other[self._begun_with]
                sides = ((first, None), (other[first], None))[: 1 if planned.rule == "alternate" else 2]
        return [(self._breasts[side], minutes) for side, minutes in sides if not self._sealed[side].level(now)]

    def _end(self, reason: str) -> None:
        under_way = self._under_way
        assert under_way is not None
        planned = under_way.planned
        if planned.kind != "bottle":
            self._blood.prolactin.end_bout(self._env.now)
        infant = self._infants[planned.infant] if planned.kind in ("feed", "bottle") and self._infants else None
        if infant is not None:
            infant.end_meal(self._env.now)
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
                recorded_ml=planned.recorded_ml,
            )
        )
        self._session += 1
        self.feeds += planned.kind == "feed"
        self._under_way = None

    def _give_bottle(self, under_way: _UnderWay) -> str:
        """An infant gets a bottle; its volume is planned, or what the infant wants."""
        planned = under_way.planned
        under_way.taken_ml = planned.volume_ml or 0.0
        if self._infants:
            infant = self._infants[planned.infant]
            infant.begin_meal(self._env.now, 0.0)
            if planned.volume_ml is None:
                under_way.taken_ml = infant.wants_ml()
            infant.take_bottle(under_way.taken_ml)
        return "schedule" if planned.volume_ml is not None else "satiety"

    def _feed(
        self,
        under_way: _UnderWay,
        infant: Infant,
        sides: Sequence[tuple[Breast, float | None]],
        pulses: Iterator[float],
    ) -> Generator[simpy.Event, Any, str]:
        """An infant takes one breast, and then, if it wants more, the other; returns why it ended."""
        infant.begin_meal(self._env.now, sides[0][0].fullness)
        self._begun_with = sides[0][0].side
        reason = "time"
        for number, (breast, minutes) in enumerate(sides):
            if number:
                if minutes is None and not infant.wants_second_breast():
                    break
                yield self._env.timeout(infant.side_change_min)
            limit_min = infant.patience_min(number) if minutes is None else minutes
            comfort_min = infant.comfort_min(number) if minutes is None else 0.0
            reason = yield from self._at(under_way, infant, [breast], limit_min, pulses, comfort_min=comfort_min)
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
        *,
        comfort_min: float = 0.0,
    ) -> Generator[simpy.Event, Any, str]:
        """A remover at one breast, or a pump at both; returns why it ended."""
        env = self._env
        end_min = env.now + limit_min
        for breast in breasts:
            breast.feel_fullness()
        recorded = dict(under_way.planned.recorded_sides_ml)
        visits = [
            _AtBreast(
                breast, remover.kind, env.now, breast.volume_ml, breast.fullness, recorded_ml=recorded.get(breast.side)
            )
            for breast in breasts
        ]
        under_way.visits = visits
        reason, little, asleep = "time", 0, False
        dozes = remover.dozes()
        for pulse_min in pulses:
            if max(pulse_min, env.now) >= end_min:
                break
            if pulse_min > env.now:
                yield env.timeout(pulse_min - env.now)
            gained_ml = yield from self._let_down(under_way, remover)
            little = little + 1 if gained_ml < remover.empty_below_ml else 0
            asleep = next(dozes)
            if remover.wants_ml() <= _LITTLE_ML:
                reason = "satiety"
            elif little == _LITTLE_TWICE:
                reason = "empty"
            if reason != "time" or asleep:
                break
        if reason == "time" and not asleep and env.now < end_min:
            yield env.timeout(end_min - env.now)
        elif comfort_min > 0.0:
            yield env.timeout(comfort_min)
        self._leave_breasts(under_way)
        return reason

    def _leave_breasts(self, under_way: _UnderWay) -> None:
        for visit in under_way.visits:
            self._recorder.record(visit.removal(self._session, self._env.now))
        under_way.visits = []

    def let_down_alone(self, trigger: str, rise_pg_per_ml: float | None = None) -> None:
        """
        A pulse of oxytocin while nobody is at the breast: milk comes into the ducts, and flows back.

        Parameters
        ----------
        trigger
            `conditioned` or `dose`.
        rise_pg_per_ml
            Of a dose; None for a pulse of her own.
        """
        pulse = self._pulse(rise_pg_per_ml)
        ejected_ml = dict.fromkeys(self._breasts, 0.0)
        attached = [] if self._under_way is None else [visit.breast for visit in self._under_way.visits]
        for side, breast in self._breasts.items():
            breast.begin_contraction()
            if breast not in attached:
                ejected_ml[side] = breast.squeeze(breast.moved_fraction(pulse.oxytocin_pg_per_ml))
        self._report(pulse, trigger, ejected_ml)

    @property
    def busy(self) -> bool:
        """Whether a session is under way."""
        return self._under_way is not None

    def _pulse(self, rise_pg_per_ml: float | None = None) -> _Pulse:
        oxytocin = self._blood.oxytocin
        return _Pulse(oxytocin.pulses, self._env.now, oxytocin.pulse(self._env.now, rise_pg_per_ml))

    def _let_down(self, under_way: _UnderWay, remover: Remover) -> Generator[simpy.Event, Any, float]:
        """One oxytocin pulse: both breasts contract, the remover takes milk where it is; returns how much [mL]."""
        env = self._env
        pulse = self._pulse()
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
                remover.take(taken)
                under_way.taken_ml += taken.volume_ml
                gained_ml += taken.volume_ml
            if remover.wants_ml() <= _LITTLE_ML:
                break
        for visit in under_way.visits:
            visit.breast.relax()
            visit.breast.feel_fullness(emptied=True)
        self._report(pulse, remover.trigger, ejected_ml)
        return gained_ml

    def _report(self, pulse: _Pulse, trigger: str, ejected_ml: dict[str, float]) -> None:
        session = self._session if self.busy else None
        for side in self._breasts:
            self._recorder.record(
                LetDown(
                    let_down=pulse.number,
                    time_min=pulse.time_min,
                    breast=side,
                    session=session,
                    trigger=trigger,
                    oxytocin_pg_per_ml=pulse.oxytocin_pg_per_ml,
                    ejected_ml=ejected_ml[side],
                )
            )
