"""
How a session goes: latch, let-downs, flow, the other breast, the end.

One mother has one session at a time. Oxytocin pulses come in a train drawn for the session; each makes both
breasts contract. The remover takes what reaches the ducts of the breast it is at. A session ends by satiety,
with an empty breast, or when its time is over.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple

import simpy

from lactflow.dyad.at_breast import LITTLE_ML, AtBreast
from lactflow.dyad.infant import Infant
from lactflow.dyad.remover import Expression, Practice, Remover
from lactflow.dyad.schedule import PlannedSession
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.signal import Steps
from lactflow.gland.analytes import Milk
from lactflow.gland.breast import SLICES, Breast
from lactflow.parameters.dyad import Dyad
from lactflow.records import LetDown, Recorder, Session

Process = Generator[simpy.Event, Any, Any]

_LITTLE_TWICE = 2
"""Let-downs in a row with little milk after which an infant calls a breast empty."""


@dataclass
class _UnderWay:
    """The session that goes on: its plan, when it began, milk taken so far, and the breasts somebody is at."""

    planned: PlannedSession
    start_min: float
    taken_ml: float = 0.0
    visits: list[AtBreast] = field(default_factory=list)


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
    dyad
        Declared quantities of pump and hand.
    practised
        Whether let-down to pump and hand has been learned before.
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
        dyad: Dyad,
        practised: bool,
        sealed: Mapping[str, Steps],
        recorder: Recorder,
    ) -> None:
        self._env = env
        self._breasts = {breast.side: breast for breast in breasts}
        self._blood = blood
        self._infants = infants
        self._dyad = dyad
        self._practice = Practice(dyad.expression, practised=practised)
        self._expressed = Milk()
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
            self._blood.prolactin.begin_bout(self._env.now)
            if planned.kind == "feed":
                pulses = self._blood.oxytocin.train(self._env.now)
                reason = yield from self._feed(self._under_way, self._infants[planned.infant], sides, pulses)
            else:
                reason = yield from self._express(self._under_way, sides)
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
                content=planned.content,
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
        reason = "schedule"
        if self._infants:
            infant = self._infants[planned.infant]
            infant.begin_meal(self._env.now, 0.0)
            if planned.volume_ml is None:
                offered_ml = inf if planned.offered_ml is None else planned.offered_ml
                reason = "satiety" if infant.wants_ml() <= offered_ml else "empty"
                under_way.taken_ml = min(infant.wants_ml(), offered_ml)
            if planned.content == "own_milk":
                infant.take_expressed(under_way.taken_ml, self._expressed)
            else:
                infant.take_formula(under_way.taken_ml)
        return reason

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

    def _express(
        self, under_way: _UnderWay, sides: Sequence[tuple[Breast, float | None]]
    ) -> Generator[simpy.Event, Any, str]:
        """A pump takes its breasts at once, a hand one after the other; let-down to them is learned."""
        planned = under_way.planned
        pulses = self._blood.oxytocin.train(self._env.now, self._practice.pulse_share(planned.kind))
        self._practice.add(planned.kind)
        if planned.kind == "pump":
            pump = Expression.by_pump(self._dyad.pump, planned.vacuum_mmhg)
            minutes = max((limit for _, limit in sides if limit is not None), default=pump.longest_min)
            return (yield from self._at(under_way, pump, [breast for breast, _ in sides], minutes, pulses))
        hand = Expression.by_hand(self._dyad.hand)
        for breast, limit in sides:
            yield from self._at(under_way, hand, [breast], hand.longest_min if limit is None else limit, pulses)
        return "time"

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
            AtBreast(
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
            if remover.wants_ml() <= LITTLE_ML:
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
                if remover.kind != "feed":
                    self._expressed.add(taken)
                remover.take(taken)
                under_way.taken_ml += taken.volume_ml
                gained_ml += taken.volume_ml
            if remover.wants_ml() <= LITTLE_ML:
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
