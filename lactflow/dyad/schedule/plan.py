"""All phases of a run, in order: what is planned, and what holds when an infant asks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from math import inf
from typing import NamedTuple

from lactflow.dyad.schedule.phases import Demand, Phase, Pumping
from lactflow.dyad.schedule.times import PlannedSession, Window, clock_minutes
from lactflow.units import DAY_MIN


def phase_starts(phases: Sequence[Phase], start_day: float) -> list[float]:
    """Day on which each phase begins."""
    return [start_day if phase.from_day is None else phase.from_day for phase in phases]


class _Stretch(NamedTuple):
    """A phase, and where it applies."""

    phase: Phase
    window: Window

    def clock(self, time_min: float) -> float:
        """Minutes after midnight at a time."""
        return self.window.clock(time_min)


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
    """

    def __init__(
        self,
        phases: Sequence[Phase],
        start_day: float,
        days: float,
        birth_clock: str,
        *,
        logs: Mapping[str, Sequence[PlannedSession]],
        infants: int = 1,
    ) -> None:
        end_min = (start_day - 1.0 + days) * DAY_MIN
        self._logs = logs
        self._infants = infants
        self._lanes: dict[str, list[_Stretch]] = {}
        for lane in dict.fromkeys(phase.lane for phase in phases):
            members = [phase for phase in phases if phase.lane == lane]
            begins = [(day - 1.0) * DAY_MIN for day in phase_starts(members, start_day)]
            if lane == "feeding":  # nobody feeds before birth
                begins = [max(0.0, begin) for begin in begins]
            ends = [*begins[1:], end_min]
            clock_min = clock_minutes(birth_clock)
            self._lanes[lane] = [
                _Stretch(phase, Window(begin, min(end, end_min), clock_min))
                for phase, begin, end in zip(members, begins, ends, strict=True)
            ]

    def sessions(self) -> Iterator[PlannedSession]:
        """All planned sessions, in order of time."""
        lanes = [self._of_lane(stretches) for stretches in self._lanes.values()]
        return merge(*lanes, key=lambda session: session.planned_min)

    def _of_lane(self, stretches: list[_Stretch]) -> Iterator[PlannedSession]:
        for phase, window in stretches:
            for session in phase.sessions(window, self._logs):
                yield from self._of_each_infant(session)

    def _of_each_infant(self, session: PlannedSession) -> Iterator[PlannedSession]:
        """A feed of every infant; twins begin on different sides."""
        if session.kind != "feed":
            yield session
            return
        for infant in range(self._infants):
            turn = infant % max(1, len(session.sides))
            yield session._replace(infant=infant, sides=session.sides[turn:] + session.sides[:turn])

    def _holding(self, lane: str, time_min: float) -> _Stretch | None:
        stretches = self._lanes.get(lane, [])
        index = bisect_right([stretch.window.from_min for stretch in stretches], time_min) - 1
        return stretches[index] if index >= 0 else None

    def demand(self, time_min: float) -> tuple[Demand, Window] | None:
        """The phase in which infants ask for milk, if one holds at this time."""
        stretch = self._holding("feeding", time_min)
        if stretch is None or not isinstance(stretch.phase, Demand):
            return None
        return stretch.phase, stretch.window

    def next_change(self, time_min: float) -> float:
        """When the next feeding phase begins."""
        begins = (stretch.window.from_min for stretch in self._lanes.get("feeding", []))
        return min((begin for begin in begins if begin > time_min), default=inf)

    def after_feed(self, time_min: float, number: int) -> PlannedSession | None:
        """The pumping that follows a feed that ends at this time; None for none."""
        stretch = self._holding("pumping", time_min)
        if stretch is None or not isinstance(stretch.phase, Pumping) or not stretch.phase.after_feeds:
            return None
        phase = stretch.phase
        at_min = time_min + phase.delay_min
        clock_min = stretch.clock(at_min)
        gap = phase.night_gap is not None and phase.night_gap.holds(clock_min)
        return None if gap or phase.misses(at_min, clock_min) else phase.session(at_min, number)
