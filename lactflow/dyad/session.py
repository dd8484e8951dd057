"""
How a session goes: latch, let-downs, flow, the other breast, the end.

A mother has one session at a time, or two where a second remover comes to the other breast. Oxytocin pulses make both
breasts contract (`let_down`); a remover takes what reaches the ducts of the breast it is at. A session ends by satiety,
with an empty breast, or when its time is over; one that is simulated as it was logged lasts as long as it did.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from math import inf
from typing import Any, Final

import simpy

from lactflow.dyad.at_breast import LITTLE_ML, AtBreast, UnderWay
from lactflow.dyad.bottles import Bottle, Bottles
from lactflow.dyad.infant import Infant
from lactflow.dyad.infant_drugs import DosesOfInfants
from lactflow.dyad.let_down import LetDowns, Taken
from lactflow.dyad.remover import Expression, Practice, Remover
from lactflow.dyad.schedule import PlannedSession
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.signal import Steps
from lactflow.gland.analytes import FAT
from lactflow.gland.breast import SLICES, Breast
from lactflow.parameters.dyad import Dyad
from lactflow.records import Recorder, RemovalContent, Session

Process = Generator[simpy.Event, Any, Any]

_LITTLE_TWICE: Final = 2
"""Let-downs in a row with little milk after which an infant calls a breast empty."""


class Sessions:
    """
    Simulates the sessions of one mother, one at a time unless a log says that two went on at once.

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
    bottles, doses
        For milk that is expressed, and for what infants get of what the run adds to milk; None where it adds nothing.

    Attributes
    ----------
    removed
        All milk that left the breasts.
    feeds
        Number of feeds so far.
    came_min, left_min
        When somebody last came to each breast, and last left it; minus infinity for never.
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
        bottles: Bottles,
        doses: DosesOfInfants | None = None,
    ) -> None:
        self._env = env
        self._breasts = {breast.side: breast for breast in breasts}
        self._blood = blood
        self._infants, self._dyad = infants, dyad
        self._practice = Practice(dyad.expression, practised=practised)
        self._contents = breasts[0].contents
        self._slice_min = breasts[0].contraction_min / SLICES
        self.bottles, self._doses = bottles, doses
        self._sealed, self._recorder = sealed, recorder
        self._session = 0
        self._begun_with = "right"
        self._under_way: list[UnderWay] = []
        self._let_downs = LetDowns(env, self._breasts, blood, recorder)
        self._idle, self._freed = env.event(), env.event()
        self.came_min = dict.fromkeys(self._breasts, -inf)
        self.left_min = dict.fromkeys(self._breasts, -inf)
        self.removed = breasts[0].contents.no_milk()
        self.feeds = 0

    def close(self) -> None:
        """The run is over: sessions under way end with it."""
        for under_way in list(self._under_way):
            self._leave_breasts(under_way)
            self._end(under_way, "time")

    def possible(self, planned: PlannedSession) -> bool:
        """Whether a session could take place now: not at breasts that are sealed."""
        return planned.kind == "bottle" or bool(self._open_sides(planned))

    def room_for(self, planned: PlannedSession) -> bool:
        """Whether somebody could come now beside those who are at the breasts: at a breast where nobody is."""
        fed = {each.planned.infant for each in self._under_way if each.planned.kind == "feed"}
        first = planned.sides[:1] if planned.kind != "pump" or planned.in_turn else planned.sides
        free = self._let_downs.sessions_at.keys().isdisjoint(side for side, _ in first) and planned.rule is None
        return free and not (planned.kind == "feed" and planned.infant in fed)

    def feeds_now(self, infant: int) -> bool:
        """Whether this infant is at a breast."""
        return any(each.planned.kind == "feed" and each.planned.infant == infant for each in self._under_way)

    def over(self) -> Generator[simpy.Event, Any, None]:
        """Wait until nobody is at the breasts."""
        while self._under_way:
            yield self._idle

    def simulate(self, planned: PlannedSession) -> Generator[simpy.Event, Any, bool]:
        """Simulate one session, if it is possible; returns whether it took place."""
        sides = self._open_sides(planned)
        if planned.kind != "bottle" and not sides:
            return False
        under_way = self._begin(planned, sides)
        if planned.kind == "bottle":
            reason = self._give_bottle(under_way)
        elif planned.kind == "feed":
            reason = yield from self._feed(under_way, self._infants[planned.infant], sides)
        else:
            reason = yield from self._express(under_way, sides)
        self._end(under_way, reason)
        return True

    def _begin(self, planned: PlannedSession, sides: Sequence[tuple[Breast, float | None]]) -> UnderWay:
        """A session begins; the first one at the breasts sets off a train of oxytocin pulses."""
        now = self._env.now
        breasts = tuple(side for side, _ in planned.sides) or tuple(breast.side for breast, _ in sides)
        at_breast = [each for each in self._under_way if each.planned.kind != "bottle"]
        if planned.kind != "bottle" and not at_breast:
            by_infant = planned.kind == "feed"
            self._blood.prolactin.begin_bout(now, 1.0 if by_infant else self._dyad.expression.prolactin_share)
            share = 1.0 if by_infant else self._practice.pulse_share(planned.kind)
            at_once = sides if planned.kind == "pump" and not planned.in_turn else sides[:1]
            self._let_downs.begin_bout(share, [breast for breast, _ in at_once])
        if planned.kind in ("pump", "hand"):
            self._practice.add(planned.kind)
        under_way = UnderWay(planned, self._session, now, breasts)
        self._session += 1
        self._under_way.append(under_way)
        if self._doses is not None and planned.kind in ("feed", "bottle") and self._infants:
            self._doses.begin(self._infants[planned.infant])
        return under_way

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

    def _end(self, under_way: UnderWay, reason: str) -> None:
        planned = under_way.planned
        self._under_way.remove(under_way)
        if planned.kind != "bottle" and all(each.planned.kind == "bottle" for each in self._under_way):
            self._blood.prolactin.end_bout(self._env.now)
        infant = self._infants[planned.infant] if planned.kind in ("feed", "bottle") and self._infants else None
        if infant is not None:
            infant.end_meal(self._env.now)
            if self._doses is not None:
                self._doses.end(infant, under_way.number, planned.kind, under_way.start_min)
        self._recorder.record(
            Session(
                session=under_way.number,
                kind=planned.kind,
                infant=None if infant is None else infant.number,
                planned_min=planned.planned_min,
                start_min=under_way.start_min,
                end_min=self._env.now,
                end_reason=reason,
                intake_ml=under_way.taken_ml,
                content=planned.content,
                recorded_ml=planned.recorded_ml,
                planned_duration_min=planned.length_min,
                planned_sides=under_way.planned_sides,
                source=planned.source,
            )
        )
        self.feeds += planned.kind == "feed"
        if not self._under_way and self._idle.callbacks:
            self._idle.succeed()
            self._idle = self._env.event()

    def _give_bottle(self, under_way: UnderWay) -> str:
        """An infant gets a bottle; its volume is planned, or what the infant wants."""
        planned = under_way.planned
        under_way.taken_ml = planned.volume_ml or 0.0
        reason = "schedule"
        if self._infants:
            infant = self._infants[planned.infant]
            infant.begin_meal(self._env.now, 0.0)
            if planned.volume_ml is None:
                offered_ml = inf if planned.offered_ml is None else planned.offered_ml
                if planned.bottle is not None:
                    offered_ml = min(offered_ml, self.bottles.pot(planned.bottle).left_ml)
                reason = "satiety" if infant.wants_ml() <= offered_ml else "empty"
                under_way.taken_ml = min(infant.wants_ml(), offered_ml)
            if planned.content == "own_milk":
                milk, rows = self.bottles.give(
                    under_way.taken_ml, planned.bottle, self._contents, under_way.number, infant.number
                )
                for row in rows:
                    self._recorder.record(row)
                infant.take_own_milk(under_way.taken_ml, milk)
            else:
                infant.take_formula(under_way.taken_ml)
        return reason

    def _feed(
        self, under_way: UnderWay, infant: Infant, sides: Sequence[tuple[Breast, float | None]]
    ) -> Generator[simpy.Event, Any, str]:
        """An infant takes one breast, and then, if it wants more, the other; returns why it ended."""
        infant.begin_meal(self._env.now, sides[0][0].fullness)
        self._begun_with = sides[0][0].side
        pulses, reason = self._let_downs.listen(), "time"
        for number, (breast, minutes) in enumerate(sides):
            if number:
                if minutes is None and not infant.wants_second_breast():
                    break
                yield self._env.timeout(infant.side_change_min)
                pulses = self._let_downs.go_on_at(breast, pulses)
            limit_min = infant.patience_min(number) if minutes is None else minutes
            comfort_min = infant.comfort_min(number) if minutes is None else 0.0
            reason = yield from self._at(under_way, infant, [breast], limit_min, pulses, comfort_min=comfort_min)
            if reason == "satiety":  # never of a session that is kept as logged
                break
        return reason

    def _express(
        self, under_way: UnderWay, sides: Sequence[tuple[Breast, float | None]]
    ) -> Generator[simpy.Event, Any, str]:
        """A pump takes its breasts at once, a hand one after the other; let-down to them is learned."""
        planned, pulses = under_way.planned, self._let_downs.listen()
        if planned.kind == "pump":
            remover = Expression.by_pump(self._dyad.pump, planned.vacuum_mmhg)
        else:
            remover = Expression.by_hand(self._dyad.hand)
        if planned.kind == "pump" and not planned.in_turn:
            minutes = max((limit for _, limit in sides if limit is not None), default=remover.longest_min)
            return (yield from self._at(under_way, remover, [breast for breast, _ in sides], minutes, pulses))
        for breast, limit in sides:
            pulses = self._let_downs.go_on_at(breast, pulses)
            yield from self._at(under_way, remover, [breast], remover.longest_min if limit is None else limit, pulses)
        return "time"

    def _at(
        self,
        under_way: UnderWay,
        remover: Remover,
        breasts: list[Breast],
        limit_min: float,
        pulses: Iterator[tuple[int, float]],
        *,
        comfort_min: float = 0.0,
    ) -> Generator[simpy.Event, Any, str]:
        """A remover at one breast, or a pump at both; returns why it ended."""
        env = self._env
        while not self._let_downs.sessions_at.keys().isdisjoint(breast.side for breast in breasts):
            yield self._freed
        end_min = env.now + limit_min
        for breast in breasts:
            breast.feel_fullness()
        recorded = dict(under_way.planned.recorded_sides_ml)
        visits = [
            AtBreast.begin(breast, remover.kind, env.now, recorded_ml=recorded.get(breast.side)) for breast in breasts
        ]
        under_way.visits = visits
        self.came_min |= {breast.side: env.now for breast in breasts}
        self._let_downs.sessions_at |= {breast.side: under_way.number for breast in breasts}
        reason, little, asleep = "time", 0, False
        dozes, stops = remover.dozes(), not under_way.planned.kept  # as logged: milk or no milk
        for pulse, pulse_min in pulses:
            if max(pulse_min, env.now) >= end_min:
                break
            if pulse_min > env.now:
                yield env.timeout(pulse_min - env.now)
            gained_ml = yield from self._let_down(under_way, remover, pulse, inf if stops else end_min)
            little = little + 1 if gained_ml < remover.empty_below_ml else 0
            asleep = next(dozes) and stops
            reason = _why_it_stops(remover, little) if stops else "time"
            if reason != "time" or asleep:
                break
        if reason == "time" and not asleep and env.now < end_min:
            yield env.timeout(end_min - env.now)
        elif comfort_min > 0.0:
            yield env.timeout(comfort_min)
        self._leave_breasts(under_way)
        return reason

    def _leave_breasts(self, under_way: UnderWay) -> None:
        for visit in under_way.visits:
            self._recorder.record(visit.removal(under_way.number, self._env.now))
            if self._contents.extras:
                self._recorder.record_rows(RemovalContent, visit.contents(under_way.number))
            if visit.kind != "feed":
                self.bottles.put_away(Bottle(self._env.now, visit.breast.side, visit.milk), under_way.planned)
            del self._let_downs.sessions_at[visit.breast.side]
            self.left_min[visit.breast.side] = self._env.now
        under_way.visits = []
        if self._freed.callbacks:
            self._freed.succeed()
            self._freed = self._env.event()

    def let_down_alone(self, trigger: str, rise_pg_per_ml: float | None = None) -> None:
        """A pulse of oxytocin that no remover has set off; see `LetDowns.alone`."""
        number = self._under_way[0].number if self._under_way else None
        self._let_downs.alone(trigger, number, rise_pg_per_ml)

    @property
    def began(self) -> int:
        """Number of sessions that have begun so far, bottles too."""
        return self._session

    @property
    def sealed(self) -> Mapping[str, Steps]:
        """Whether each breast is shut off, over time."""
        return self._sealed

    @property
    def busy(self) -> bool:
        """Whether a session is under way."""
        return bool(self._under_way)

    def _let_down(
        self, under_way: UnderWay, remover: Remover, number: int, until_min: float
    ) -> Generator[simpy.Event, Any, float]:
        """
        One oxytocin pulse: both breasts contract, the remover takes milk where it is; returns how much [mL].

        A remover that leaves at `until_min` takes nothing of what would still come.
        """
        env = self._env
        visits = under_way.visits
        pulse, ejected_ml = self._let_downs.release(number, [visit.breast for visit in visits])
        moved: list[float] = []
        before: list[tuple[float, float]] = []
        for visit in visits:
            visit.let_downs += 1
            moved.append(visit.breast.moved_fraction(pulse.oxytocin_pg_per_ml) * remover.efficiency)
            before.append((visit.milk.volume_ml, visit.milk.amounts[FAT]))
        gained_ml = 0.0
        slice_min = self._slice_min
        for _ in range(SLICES):
            if env.now + slice_min > until_min:
                break
            yield env.timeout(slice_min)
            for visit, fraction in zip(visits, moved, strict=True):
                drawn_ml = min(remover.suction_ml_per_min * slice_min, remover.wants_ml())
                moved_ml, taken = visit.breast.contract(fraction, drawn_ml)
                ejected_ml[visit.breast.side] += moved_ml
                visit.receive(taken)
                self.removed.add(taken)
                remover.take(taken)
                under_way.taken_ml += taken.volume_ml
                gained_ml += taken.volume_ml
            if remover.wants_ml() <= LITTLE_ML:
                break
        got: dict[str, Taken] = {}
        for visit, (volume_ml, fat_g) in zip(visits, before, strict=True):
            visit.breast.relax()
            visit.breast.feel_fullness(emptied=True)
            got[visit.breast.side] = Taken(visit.milk.volume_ml - volume_ml, visit.milk.amounts[FAT] - fat_g)
        self._let_downs.report(pulse, remover.trigger, ejected_ml, under_way.number, got)
        return gained_ml


def _why_it_stops(remover: Remover, little: int) -> str:
    """Why a remover ends after a let-down, `little` in a row of which gave nearly nothing; `time` where it goes on."""
    if remover.wants_ml() <= LITTLE_ML:
        return "satiety"
    return "empty" if little == _LITTLE_TWICE else "time"
