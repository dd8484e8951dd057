"""
The queue of sessions: the schedule is asked when and what, and a mother takes one session at a time.

Sessions that were planned, calls of infants and pumping after feeds all wait in one queue, first come first served.
Only where a log says that two went on at once, the second one joins the first at the other breast.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from math import exp, inf
from typing import Any, NamedTuple

import simpy

from lactflow.chance import Streams
from lactflow.dyad.infant import Infant
from lactflow.dyad.schedule import (
    Agenda,
    Futures,
    Lane,
    LaneOfAll,
    Plan,
    PlannedSession,
    Timetable,
    TimetableOfAll,
    View,
)
from lactflow.dyad.schedule.checked import sessions_of, time_of
from lactflow.dyad.session import Sessions
from lactflow.endocrine.course import Dose
from lactflow.gland.breast import Breast
from lactflow.parameters.oxytocin import OxytocinParameters
from lactflow.pipeline import event_at, next_turn

Process = Generator[simpy.Event, Any, None]


class _Request:
    """A session that waits for its turn; `over` says whether it took place."""

    def __init__(self, planned: PlannedSession, over: simpy.Event) -> None:
        self.planned = planned
        self.over = over
        self.begun = over.env.event()
        self.under_way = False


class _Coming(NamedTuple):
    """
    A session that is known in advance.

    Attributes
    ----------
    planned
        The session.
    cue_min
        When getting ready for it lets milk down; None for never.
    begun
        Whether the time of the first of both has come.
    """

    planned: PlannedSession
    cue_min: float | None
    begun: bool = False

    def first_min(self, now_min: float) -> float:
        """When something happens first, to the bit as a wait that begins now ends."""
        time_min = self.planned.planned_min if self.cue_min is None else self.cue_min
        return now_min + (time_min - now_min) if time_min > now_min else now_min


class _Doings:
    """What the schedule can see of sessions: those of the mother so far, and whether one waits."""

    def __init__(self, env: simpy.Environment, sessions: Sessions) -> None:
        self._env = env
        self._sessions = sessions
        self.waiting = 0
        self.sealed = sessions.sealed
        self.came_min, self.left_min = sessions.came_min, sessions.left_min

    @property
    def now_min(self) -> float:
        return float(self._env.now)

    @property
    def busy(self) -> bool:
        return self.waiting > 0 or self._sessions.busy

    @property
    def began(self) -> int:
        return self._sessions.began

    @property
    def feeds(self) -> int:
        return self._sessions.feeds


class SessionQueue:
    """
    Asks the schedule, and simulates its sessions one after the other.

    Parameters
    ----------
    env
        The simulation.
    sessions
        Simulates them.
    plan
        The schedule.
    infants, breasts
        Whom the schedule can see.
    birth_clock_min
        Time of day at birth [min].
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
        plan: Plan | Futures,
        infants: Sequence[Infant],
        breasts: Sequence[Breast],
        *,
        birth_clock_min: float,
        oxytocin: OxytocinParameters,
        streams: Streams,
        feeds_before: float,
    ) -> None:
        self._env = env
        self._sessions = sessions
        self._plan = plan
        self._infants = infants
        self._oxytocin = oxytocin
        self._streams = streams
        self._feeds_before = feeds_before
        self._doings = _Doings(env, sessions)
        self._view = View(breasts, infants, self._doings, birth_clock_min)
        self._requests = simpy.Store(env)
        self._changed = env.event()
        self._news = 0
        env.process(self._serve())
        env.process(self._keep_timetable())
        for lane in plan.lanes:
            for infant in lane.asked_for():
                env.process(self._ask_as_things_go(lane, infant))

    def give_pulses(self, pulses: Sequence[Dose]) -> Process:
        """Oxytocin that is given, each time with the rise of its level [pg/mL]."""
        for dose in sorted(pulses):
            if dose.time_min >= self._env.now:
                yield self._env.timeout(dose.time_min - self._env.now)
                self._sessions.let_down_alone("dose", dose.amount)

    def look_again(self) -> None:
        """Rates have changed, or milk was taken: agendas whose answers are not firm are asked again."""
        self._news += 1
        self._wake()

    def _wake(self) -> None:
        if self._changed.callbacks:
            self._changed.succeed()
            self._changed = self._env.event()

    def _serve(self) -> Process:
        """Simulate what waits, first come first served."""
        while True:
            request = yield self._requests.get()
            yield from self._take(request)
            yield from self._sessions.over()

    def _take(self, request: _Request) -> Process:
        """One session; others may follow it."""
        request.under_way = True
        if request.begun.callbacks:  # somebody waits to join it
            request.begun.succeed()
        took_place = yield from self._sessions.simulate(request.planned)
        self._doings.waiting -= 1
        request.over.succeed(took_place)
        if not took_place:
            self._wake()  # nothing has changed but that she is free
            return
        for follows in self._plan.after(self._view, request.planned):
            self._env.process(self._later(follows))
        self.look_again()

    def _join(self, planned: PlannedSession, partner: _Request) -> Process:
        """A session beside another one at the other breast; in the queue where that is over."""
        if not partner.under_way:
            yield partner.begun
        if self._sessions.busy and self._sessions.room_for(planned):
            yield from self._take(self._request(planned))
        else:
            self._ask(planned)

    def _give(self, planned: PlannedSession) -> Process:
        """A bottle of a log takes no time of the breast; an infant that is at one gets it after the feed."""
        if self._sessions.feeds_now(planned.infant):
            self._ask(planned)
        else:
            yield from self._take(self._request(planned))

    def _later(self, planned: PlannedSession) -> Process:
        yield self._env.timeout(max(0.0, planned.planned_min - self._env.now))
        self._ask(planned)

    def _request(self, planned: PlannedSession) -> _Request:
        self._doings.waiting += 1
        return _Request(planned, self._env.event())

    def _ask(self, planned: PlannedSession) -> _Request:
        """Put a session into the queue."""
        request = self._request(planned)
        self._requests.put(request)
        return request

    # -- what is known in advance -----------------------------------------------------------------------

    def _keep_timetable(self) -> Process:
        """Ask for every session at its planned time; getting ready for a feed may let milk down."""
        env, timetable = self._env, self._plan.timetable()
        last: _Request | None = None
        while (coming := (yield from self._coming(timetable))) is not None:
            planned = coming.planned
            if coming.cue_min is not None:
                if not coming.begun:
                    yield env.timeout(coming.cue_min - env.now)
                self._let_down()
            if planned.planned_min > env.now and (coming.cue_min is not None or not coming.begun):
                yield env.timeout(planned.planned_min - env.now)
            if planned.kind == "bottle" and planned.source != "schedule":
                env.process(self._give(planned))
            elif planned.beside and last is not None:
                env.process(self._join(planned, last))
            else:
                asked = self._ask(planned)
                last = last if planned.kind == "bottle" else asked

    def _coming(self, timetable: Timetable | TimetableOfAll) -> Generator[simpy.Event, Any, _Coming | None]:
        """
        The next session that is known in advance, None after the last.

        Where several schedules have different ones, nothing happens until the first of them would begin. Its place in
        SimPy's order among what is due at the same instant is that of a wait that begins now, in every one of them.
        """
        env, heads = self._env, timetable.heads()
        found = {head: self._with_cue(head) for head in heads}
        if len(heads) > 1:
            first_min = {head: inf if coming is None else coming.first_min(env.now) for head, coming in found.items()}
            turn, earliest_min = next_turn(env), min(first_min.values())
            if earliest_min > env.now:
                yield event_at(env, earliest_min, turn)
                head = timetable.take()
                if earliest_min < first_min[head] < inf:
                    yield event_at(env, first_min[head], turn)
                coming = found[head]
                return None if coming is None else coming._replace(begun=True)
        return found[timetable.take()]

    def _with_cue(self, planned: PlannedSession | None) -> _Coming | None:
        """A planned session, with the time at which getting ready for it lets milk down."""
        if planned is None:
            return None
        if planned.kind == "feed":
            lead_min, conditioned = self._cue(planned.planned_min)
            if conditioned and planned.planned_min - lead_min > self._env.now:
                return _Coming(planned, planned.planned_min - lead_min)
        return _Coming(planned, None)

    # -- what depends on how things go ------------------------------------------------------------------

    def _ask_as_things_go(self, lane: Lane | LaneOfAll, infant: int | None) -> Process:
        """Ask the phases of a lane, one after the other, for one infant or for the mother."""
        env = self._env
        while True:
            asked_min = float(env.now)
            agenda = lane.agendas(asked_min).get(infant)
            if agenda is None:
                change_min = lane.next_change(asked_min)
                if change_min == inf:
                    return
                yield env.timeout(change_min - asked_min)
                continue
            due = yield from (self._firmly_due if agenda.firm else self._due)(agenda, lane)
            if due:
                took_place = False
                for planned in sessions_of(agenda.then, self._view, agenda):
                    took_place |= yield from self._have(planned, agenda)
                if not (took_place or agenda.firm):
                    yield from self._wait_for_news(lane, asked_min)

    def _firmly_due(self, agenda: Agenda, lane: Lane | LaneOfAll) -> Generator[simpy.Event, Any, bool]:
        """Wait for what an agenda says once; whether that comes before the next phase, and before it is asked anew."""
        env = self._env
        if agenda.infant is not None:
            self._infants[agenda.infant].bring_up(env.now)
        at_min = time_of(agenda.when, self._view, agenda)
        again_min = env.now + agenda.look_again_min
        wait = lane.wait(env.now, min(at_min, again_min))
        if wait.cut_short or at_min >= again_min:
            yield env.timeout(wait.until_min - env.now)
            return False
        yield env.timeout(max(0.0, at_min - env.now))
        return True

    def _due(self, agenda: Agenda, lane: Lane | LaneOfAll) -> Generator[simpy.Event, Any, bool]:
        """Whether a session is due now; else wait until it may be, or something has changed."""
        at_min = time_of(agenda.when, self._view, agenda)
        if at_min <= self._env.now:
            return True
        yield self._until(lane.wait(self._env.now, at_min).until_min)
        return False

    def _until(self, time_min: float) -> simpy.Event:
        """A time, or the next change before it."""
        if time_min == inf:
            return self._changed
        return self._env.timeout(time_min - self._env.now) | self._changed

    def _wait_for_news(self, lane: Lane | LaneOfAll, asked_min: float) -> Process:
        """
        Wait until milk was taken or rates have changed: an agenda that is asked before would answer the same.

        The phase that held when it was asked may be over by now; then the next one is asked at once.
        """
        news = self._news
        wait = lane.wait(asked_min, inf)
        while self._news == news and self._env.now < wait.until_min:
            yield self._until(wait.until_min)

    def _have(self, planned: PlannedSession, agenda: Agenda) -> Generator[simpy.Event, Any, bool]:
        """One session, from getting ready for a feed to its end; returns whether it took place."""
        env = self._env
        if planned.kind == "feed":
            lead_min, conditioned = self._cue(env.now)
            if conditioned:
                self._let_down()
            yield env.timeout(lead_min + agenda.waits_min(env.now + lead_min))
            planned = planned._replace(planned_min=env.now)
            if planned.instead is not None and not self._sessions.possible(planned):
                planned = PlannedSession(env.now, "bottle", infant=planned.infant, content=planned.instead)
        return bool((yield self._ask(planned).over))

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
