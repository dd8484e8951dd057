"""All phases of a run, in order: the timetable of what is known in advance, and who is asked for the rest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from heapq import merge
from math import inf
from typing import NamedTuple

from lactflow.dyad.schedule.agenda import Agenda, Logs, Setting, Share, Timetable
from lactflow.dyad.schedule.checked import sessions_of
from lactflow.dyad.schedule.discard import Discards
from lactflow.dyad.schedule.kinds import check_kind
from lactflow.dyad.schedule.phase import Phase
from lactflow.dyad.schedule.times import Period, PlannedSession, clock_minutes
from lactflow.dyad.schedule.view import View
from lactflow.units import DAY_MIN


def phase_starts(phases: Sequence[Phase], start_day: float) -> list[float]:
    """Day on which each phase begins."""
    return [start_day if phase.begins_day is None else phase.begins_day for phase in phases]


def taken_over(phases: Sequence[Phase], number: int) -> list[int]:
    """
    Which later phases take over from one, each from its day on.

    Parameters
    ----------
    phases
        Of the schedule, in order.
    number
        Of the one.
    """
    later = range(number + 1, 0 if phases[number].single else len(phases))
    return [n for n in later if phases[n].track == phases[number].track and not phases[n].single]


class Wait(NamedTuple):
    """
    A wait for a session that may be due.

    Attributes
    ----------
    until_min
        When it ends.
    cut_short
        Whether the next phase begins then.
    """

    until_min: float
    cut_short: bool


class Lane:
    """
    Phases that take over from one another.

    Parameters
    ----------
    name
        What its phases call it.
    phases
        In order, each with what it is given.

    Raises
    ------
    TypeError
        If a phase has two agendas for the mother or for one infant.
    """

    def __init__(self, name: str, phases: Sequence[tuple[Phase, Setting]]) -> None:
        self.name = name
        self._phases = phases
        self._begins = [setting.period.from_min for _, setting in phases]
        self._agendas = [_agendas_by_infant(phase, setting) for phase, setting in phases]

    def timetable(self) -> Iterator[PlannedSession]:
        """All sessions that are known in advance, phase by phase."""
        for phase, setting in self._phases:
            for agenda in phase.agendas(setting):
                if isinstance(agenda, Timetable):
                    yield from agenda

    def asked_for(self) -> list[int | None]:
        """For which infants some phase is asked as things go; None stands for the mother."""
        return sorted({key for agendas in self._agendas for key in agendas}, key=lambda key: -1 if key is None else key)

    def agendas(self, time_min: float) -> Mapping[int | None, Agenda]:
        """What is asked as things go in the phase that holds at a time, by infant."""
        index = bisect_right(self._begins, time_min) - 1
        return self._agendas[index] if index >= 0 else {}

    def check_over(self) -> None:
        """Look back at the answers of each phase; see `Plan.check_over`."""
        for agendas in self._agendas:
            for agenda in agendas.values():
                agenda.check_over()

    def next_change(self, time_min: float) -> float:
        """When the next phase begins; infinity when none does."""
        return min((begin for begin in self._begins if begin > time_min), default=inf)

    def wait(self, time_min: float, until_min: float) -> Wait:
        """
        How long a wait goes on, which ends when the next phase begins.

        Parameters
        ----------
        time_min
            Now.
        until_min
            When it would end.
        """
        change_min = self.next_change(time_min)
        return Wait(min(change_min, until_min), change_min <= until_min)

    def practised_at(self, time_min: float) -> bool:
        """Whether a phase that begins at this time makes the mother used to pump and hand."""
        return any(
            phase.practised and begin == time_min for (phase, _), begin in zip(self._phases, self._begins, strict=True)
        )


def _agendas_by_infant(phase: Phase, setting: Setting) -> dict[int | None, Agenda]:
    """What is asked as things go in one phase."""
    found: dict[int | None, Agenda] = {}
    for agenda in phase.agendas(setting):
        if isinstance(agenda, Timetable) or not (agenda.infant is None or agenda.infant in setting.whose):
            continue
        if agenda.infant in found:
            whom = "the mother" if agenda.infant is None else f"infant {agenda.infant}"
            msg = f"{type(phase).__name__} has two agendas for {whom}: {_names(found[agenda.infant], agenda)}"
            raise TypeError(msg)
        found[agenda.infant] = agenda
    return found


def _names(*agendas: Agenda) -> str:
    return " and ".join(type(agenda).__name__ for agenda in agendas)


class Track(NamedTuple):
    """
    Phases that take over from one another, for some infants.

    Attributes
    ----------
    name
        Of their lane, and of the infant where some name one.
    infants
        Numbers of those that they are about.
    phases
        With the day on which each begins, in order.
    shared
        Whether sessions that are not an infant's belong to it.
    """

    name: str
    infants: Sequence[int]
    phases: Sequence[tuple[float, Phase]]
    shared: bool = True


def tracks_of(phases: Sequence[Phase], start_day: float, infants: int) -> list[Track]:
    """
    The tracks of a schedule.

    Phases that name no infant hold for each until the first one of their lane that names it begins. Each phase of
    single sessions has a track of its own.

    Parameters
    ----------
    phases
        Of the schedule, in order.
    start_day
        Day the run begins.
    infants
        How many there are.
    """
    begun = list(zip(phase_starts(phases, start_day), phases, strict=True))
    found = []
    for name in dict.fromkeys(phase.track for phase in phases if not phase.single):
        own = [(day, phase) for day, phase in begun if phase.track == name and not phase.single]
        lane, infant = own[0][1].in_lane, getattr(own[0][1], "infant", None)
        if infant is None:
            named = {getattr(phase, "infant", None) for phase in phases if phase.in_lane == lane}
            found.append(Track(name, [each for each in range(infants) if each not in named], own))
        else:
            before = [(day, phase) for day, phase in begun if phase.track == lane and day < own[0][0]]
            found.append(Track(name, [infant] if infant < infants else [], [*before, *own], not before))
    found += [Track(phase.track, range(infants), [(day, phase)]) for day, phase in begun if phase.single]
    return found


class Plan:
    """
    The schedule of a run.

    Parameters
    ----------
    phases
        In order; within a lane a later phase takes over from its day on.
    start_day, days
        Day the run begins, and its duration.
    birth_clock
        Time of day at birth, HH:MM.
    logs
        Sessions of each log file, times counted from 00:00 of its first date.
    infants
        Number of infants: each feed that is planned is a feed of every one.
    first_feed_min
        Time since birth before which nobody is fed at the breast.
    taken_min
        Times of the doses of each drug, in order [min since birth], for phases that go by them; none when None.

    Attributes
    ----------
    lanes
        In the order in which the config names them, those of single sessions last.

    Raises
    ------
    TypeError
        If a phase is of a class that is no kind of schedule: see `kinds.check_kind`.
    """

    def __init__(
        self,
        phases: Sequence[Phase],
        start_day: float,
        days: float,
        birth_clock: str,
        *,
        logs: Logs,
        infants: int = 1,
        first_feed_min: float = 0.0,
        taken_min: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        for kind in dict.fromkeys(map(type, phases)):
            check_kind(kind)
        end_min = (start_day - 1.0 + days) * DAY_MIN
        clock_min = clock_minutes(birth_clock)
        shares = [Share() for _ in range(infants)]
        self._start_min = (start_day - 1.0) * DAY_MIN
        self._discards = Discards(phases, self._start_min, taken_min or {})
        self.lanes: list[Lane] = []
        for lane, whose, members, shared in tracks_of(phases, start_day, infants):
            begins = [
                begin if phase.before_birth else max(first_feed_min if phase.lane == "feeding" else 0.0, begin)
                for phase, begin in ((phase, (day - 1.0) * DAY_MIN) for day, phase in members)
            ]
            ends = [*begins[1:], end_min]
            periods = [Period(begin, min(end, end_min), clock_min) for begin, end in zip(begins, ends, strict=True)]
            settings = [Setting(period, logs, shares, whose, shared) for period in periods]
            of_lane = [(phase, setting) for (_, phase), setting in zip(members, settings, strict=True)]
            self.lanes.append(Lane(lane, of_lane))

    def sessions(self) -> Iterator[PlannedSession]:
        """All sessions that are known in advance, in order of time."""
        return merge(*(lane.timetable() for lane in self.lanes), key=lambda session: session.planned_min)

    def timetable(self) -> Timetable:
        """All sessions that are known in advance, one after the other."""
        return Timetable(self.sessions())

    def discards(self, time_min: float) -> bool:
        """Whether milk whose expression is over at this time is thrown away."""
        return self._discards.at(time_min)

    @property
    def practised(self) -> bool:
        """
        Whether the mother has expressed milk for long when the run begins.

        In a run of established lactation, what it begins with is taken to have been going on before.
        """
        return self._start_min > 0.0 and any(lane.practised_at(self._start_min) for lane in self.lanes)

    def check_over(self) -> None:
        """
        Look back at a run that is over.

        Raises
        ------
        DeclarationError
            If a kind of schedule went on to say that a session was due, and planned none.
        """
        for lane in self.lanes:
            lane.check_over()

    def after(self, view: View, session: PlannedSession) -> Iterator[PlannedSession]:
        """
        Sessions that follow one that is just over, each at its planned time.

        Parameters
        ----------
        view
            Mother and infants.
        session
            The one that is over.
        """
        for lane in self.lanes:
            for agenda in lane.agendas(view.now_min).values():
                yield from sessions_of(partial(agenda.follows, session=session), view, agenda, due=False)
