"""
A mother's day: she keeps the schedule, answers calls, and takes one session at a time.

Planned sessions, calls of infants and pumping after feeds all wait in one queue, first come first served. Only where a
log says that two went on at once, the second one joins the first at the other breast.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from math import exp, inf
from typing import Any

import simpy

from lactflow.chance import Streams
from lactflow.dyad.infant import Infant
from lactflow.dyad.schedule import Plan, PlannedSession
from lactflow.dyad.session import Sessions
from lactflow.endocrine.course import Dose
from lactflow.parameters.drugs import NasalOxytocin
from lactflow.parameters.oxytocin import OxytocinParameters

_LOOK_AGAIN_MIN = 360.0
"""An infant's need changes with age: when it does not ask within this time, it is asked anew."""

Process = Generator[simpy.Event, Any, None]


class _Request:
    """A session that waits for its turn."""

    def __init__(self, planned: PlannedSession, over: simpy.Event) -> None:
        self.planned = planned
        self.over = over
        self.begun = over.env.event()
        self.under_way = False


class Care:
    """
    Who is fed when.

    Parameters
    ----------
    env
        The simulation.
    sessions
        Plays them.
    plan
        The schedule.
    infants
        Who may ask for milk.
    oxytocin
        Declared quantities of the conditioned reflex.
    streams
        Where chance comes from.
    feeds_before
        Feeds before the run, from which the reflex has been learned.
    """

    def __init__(
        self,
        env: simpy.Environment,
        sessions: Sessions,
        plan: Plan,
        infants: Sequence[Infant],
        *,
        oxytocin: OxytocinParameters,
        streams: Streams,
        feeds_before: float,
    ) -> None:
        self._env = env
        self._sessions = sessions
        self._plan = plan
        self._oxytocin = oxytocin
        self._streams = streams
        self._feeds_before = feeds_before
        self._after_feeds = 0
        self._waiting = simpy.Store(env)
        env.process(self._serve())
        env.process(self._keep_schedule())
        for infant in infants:
            env.process(self._answer(infant))

    def give_doses(self, doses: Sequence[Dose], parameters: NasalOxytocin) -> Process:
        """Oxytocin by spray, at its times."""
        for dose in sorted(doses):
            if dose.time_min >= self._env.now:
                yield self._env.timeout(dose.time_min - self._env.now)
                self._sessions.let_down_alone("dose", parameters.rise_pg_per_ml_per_iu * dose.amount)

    def _serve(self) -> Process:
        """Simulate what waits, first come first served."""
        while True:
            request = yield self._waiting.get()
            yield from self._take(request)
            yield from self._sessions.over()

    def _take(self, request: _Request) -> Process:
        """One session; a pumping or a bottle may follow a feed."""
        request.under_way = True
        if request.begun.callbacks:  # somebody waits to join it
            request.begun.succeed()
        took_place = yield from self._sessions.play(request.planned)
        request.over.succeed()
        if took_place and request.planned.kind == "feed":
            for follows in self._plan.after_feed(self._env.now, request.planned.infant, self._after_feeds):
                self._env.process(self._later(follows))
            self._after_feeds += 1

    def _join(self, planned: PlannedSession, partner: _Request) -> Process:
        """A session beside another one at the other breast; in the queue where that is over."""
        if not partner.under_way:
            yield partner.begun
        if self._sessions.busy and self._sessions.room_for(planned):
            yield from self._take(_Request(planned, self._env.event()))
        else:
            self._ask(planned)

    def _give(self, planned: PlannedSession) -> Process:
        """A bottle of a log takes no time of the breast; an infant that is at one gets it after the feed."""
        if self._sessions.feeds_now(planned.infant):
            self._ask(planned)
        else:
            yield from self._take(_Request(planned, self._env.event()))

    def _later(self, planned: PlannedSession) -> Process:
        yield self._env.timeout(planned.planned_min - self._env.now)
        self._ask(planned)

    def _ask(self, planned: PlannedSession) -> _Request:
        """Put a session into the queue."""
        request = _Request(planned, self._env.event())
        self._waiting.put(request)
        return request

    def _keep_schedule(self) -> Process:
        """Ask for every planned session at its time; getting ready for a feed may let milk down."""
        env = self._env
        last: _Request | None = None
        for planned in self._plan.sessions():
            if planned.kind == "feed":
                lead_min, conditioned = self._cue(planned.planned_min)
                if conditioned and planned.planned_min - lead_min > env.now:
                    yield env.timeout(planned.planned_min - lead_min - env.now)
                    self._let_down()
            if planned.planned_min > env.now:
                yield env.timeout(planned.planned_min - env.now)
            if planned.kind == "bottle" and planned.source != "schedule":
                env.process(self._give(planned))
                continue
            if planned.beside and last is not None:
                env.process(self._join(planned, last))
                continue
            asked = self._ask(planned)
            last = last if planned.kind == "bottle" else asked

    def _answer(self, infant: Infant) -> Process:
        """Answer the calls of an infant, where the schedule leaves it to ask."""
        env, plan = self._env, self._plan
        share = 0.0
        if env.now < 0.0:
            yield env.timeout(-env.now)
        while True:
            held = plan.demand(env.now)
            change_min = plan.next_change(env.now)
            if held is None:
                if change_min == inf:
                    return
                yield env.timeout(change_min - env.now)
                continue
            phase, window = held
            hungry_min = infant.hungry_at(env.now)
            hungry_min += phase.waits_min(hungry_min, window) if hungry_min < inf else 0.0
            again_min = min(change_min, env.now + _LOOK_AGAIN_MIN)
            if hungry_min >= again_min:
                yield env.timeout(again_min - env.now)
                continue
            yield env.timeout(hungry_min - env.now)
            share += phase.at_breast(env.now, window)
            if share >= 1.0 - 1e-9:
                share -= 1.0
                lead_min, conditioned = self._cue(env.now)
                if conditioned:
                    self._let_down()
                yield env.timeout(lead_min + phase.waits_min(env.now + lead_min, window))
                feed = PlannedSession(env.now, "feed", infant=infant.number, rule=phase.side)
                if self._sessions.possible(feed):
                    yield self._ask(feed).over
                    continue
            yield self._ask(PlannedSession(env.now, "bottle", infant=infant.number, content=phase.content)).over

    def _cue(self, time_min: float) -> tuple[float, bool]:
        """Time from the cue of a feed to the latch, and whether the cue lets milk down."""
        parameters = self._oxytocin
        rng = self._streams.at("cue", int(time_min // 60.0))
        feeds = self._feeds_before + self._sessions.feeds
        learned = 1.0 - exp(-feeds / parameters.conditioning_feeds) if parameters.conditioning_feeds > 0.0 else 1.0
        lead_min = parameters.cue_lead_min + parameters.cue_lead_spread_min * rng.random()
        return lead_min, bool(rng.random() < parameters.conditioned_chance * learned)

    def _let_down(self) -> None:
        if not self._sessions.busy:
            self._sessions.let_down_alone("conditioned")
