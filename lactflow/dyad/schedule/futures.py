"""
Several schedules that agree for some time: one past is simulated, and the futures part where they first differ.

A schedule is only ever asked questions: which session comes next, whether one is due, until when to wait. As long as
all of them give the same answers, a simulation is that of each of them. At the first question that they answer
differently the simulation is split, and each half goes on with those that gave its answer. So what is simulated is the
same to the bit as if every schedule had been simulated alone, whatever they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from lactflow.dyad.schedule.agenda import Agenda, Timetable
from lactflow.dyad.schedule.plan import Lane, Plan, Wait
from lactflow.dyad.schedule.times import PlannedSession
from lactflow.dyad.schedule.view import View

_Answer = TypeVar("_Answer", bound=Hashable)

Split = Callable[[Sequence[Sequence[int]]], int]
"""Given groups of numbers of schedules, splits the simulation; returns in each part which group it goes on with."""


class Futures:
    """
    The schedules of several futures, asked as if they were one.

    Parameters
    ----------
    plans
        The schedules, two or more.
    split
        Called when they part.

    Attributes
    ----------
    alive
        Numbers of the schedules that this simulation still stands for.
    lanes
        As those of a `Plan`: of all schedules, by their names.
    """

    def __init__(self, plans: Sequence[Plan], split: Split) -> None:
        self._plans = plans
        self._split = split
        self.alive: list[int] = list(range(len(plans)))
        by_name = [{lane.name: lane for lane in plan.lanes} for plan in plans]
        names = dict.fromkeys(name for lanes in by_name for name in lanes)
        if any(list(lanes) != [name for name in names if name in lanes] for lanes in by_name):
            names = dict.fromkeys(self.agreed(lambda number: tuple(by_name[number])))  # lanes are asked in their order
        self.lanes = [LaneOfAll(self, [lanes.get(name) for lanes in by_name]) for name in names]

    def agreed(self, answer: Callable[[int], _Answer]) -> _Answer:
        """
        The answer of all schedules; where they differ, the simulation is split first.

        Parameters
        ----------
        answer
            Gives that of one of them, by its number.
        """
        groups: dict[_Answer, list[int]] = {}
        for number in self.alive:
            groups.setdefault(answer(number), []).append(number)
        found = list(groups)
        mine = found[0] if len(found) == 1 else found[self._split(list(groups.values()))]
        self.alive = groups[mine]
        return mine

    def timetable(self) -> TimetableOfAll:
        """All sessions that are known in advance, one after the other."""
        return TimetableOfAll(self, {number: self._plans[number].timetable() for number in self.alive})

    @property
    def practised(self) -> bool:
        """Whether the mother has expressed milk for long when the run begins."""
        return self.agreed(lambda number: self._plans[number].practised)

    def discards(self, time_min: float) -> bool:
        """Whether milk whose expression is over at this time is thrown away."""
        return self.agreed(lambda number: self._plans[number].discards(time_min))

    def check_over(self) -> None:
        """Look back at a run that is over: see `Plan.check_over`."""
        for number in self.alive:
            self._plans[number].check_over()

    def after(self, view: View, session: PlannedSession) -> Iterator[PlannedSession]:
        """Sessions that follow one that is just over: see `Plan.after`."""
        return iter(self.agreed(lambda number: tuple(self._plans[number].after(view, session))))


class TimetableOfAll:
    """
    The timetables of all schedules, asked as if they were one.

    Parameters
    ----------
    futures
        The schedules.
    timetables
        Of each, by its number.
    """

    def __init__(self, futures: Futures, timetables: Mapping[int, Timetable]) -> None:
        self._futures = futures
        self._timetables = timetables

    def heads(self) -> Sequence[PlannedSession | None]:
        """The next session of each schedule, None after its last; those that are the same, once."""
        heads = (head for number in self._futures.alive for head in self._timetables[number].heads())
        return list(dict.fromkeys(heads))

    def take(self) -> PlannedSession | None:
        """The next session, once it is agreed on."""
        return self._futures.agreed(lambda number: self._timetables[number].take())


class LaneOfAll:
    """The lanes of one name of all schedules; a schedule may have none of that name."""

    def __init__(self, futures: Futures, lanes: Sequence[Lane | None]) -> None:
        self._futures = futures
        self._lanes = lanes

    def _alive(self) -> list[Lane]:
        lanes = (self._lanes[number] for number in self._futures.alive)
        return [lane for lane in lanes if lane is not None]

    def asked_for(self) -> list[int | None]:
        """For which infants some phase of some schedule is asked as things go."""
        found = {infant for lane in self._alive() for infant in lane.asked_for()}
        return sorted(found, key=lambda infant: -1 if infant is None else infant)

    def agendas(self, time_min: float) -> Mapping[int | None, Agenda]:
        """What is asked as things go at a time, by infant."""

        def kinds(number: int) -> tuple[tuple[int | None, bool, float], ...]:
            lane = self._lanes[number]
            found = {} if lane is None else lane.agendas(time_min)
            return tuple((infant, agenda.firm, agenda.look_again_min) for infant, agenda in found.items())

        return {infant: self._agenda(time_min, infant) for infant, _, _ in self._futures.agreed(kinds)}

    def _agenda(self, time_min: float, infant: int | None) -> Agenda:
        """What all schedules ask for one infant, or for the mother; each of them has it."""
        lanes = {number: self._lanes[number] for number in self._futures.alive}
        agendas = {number: lane.agendas(time_min)[infant] for number, lane in lanes.items() if lane is not None}
        return next(iter(agendas.values())) if len(agendas) == 1 else _AgendaOfAll(self._futures, agendas)

    def next_change(self, time_min: float) -> float:
        """When the next phase of any schedule begins: for who waits for nothing else."""
        return min((lane.next_change(time_min) for lane in self._alive()), default=float("inf"))

    def wait(self, time_min: float, until_min: float) -> Wait:
        """How long a wait goes on, which ends when the next phase begins: see `Lane.wait`."""

        def of(number: int) -> Wait:
            lane = self._lanes[number]
            assert lane is not None
            return lane.wait(time_min, until_min)

        return self._futures.agreed(of)


class _AgendaOfAll(Agenda):
    """The agendas of all schedules, asked as if they were one."""

    def __init__(self, futures: Futures, agendas: Mapping[int, Agenda]) -> None:
        self._futures = futures
        self._of = agendas
        one = agendas[futures.alive[0]]
        self.firm, self.look_again_min, self.infant = one.firm, one.look_again_min, one.infant  # type: ignore[misc]

    def when(self, view: View) -> float:
        return self._futures.agreed(lambda number: self._of[number].when(view))

    def then(self, view: View) -> Iterable[PlannedSession]:
        return self._futures.agreed(lambda number: tuple(self._of[number].then(view)))

    def waits_min(self, time_min: float) -> float:
        return self._futures.agreed(lambda number: self._of[number].waits_min(time_min))
