"""All phases of a run, in order: what is planned, and what holds when an infant asks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from math import inf
from typing import NamedTuple

from lactflow.dyad.schedule.beside import Beside
from lactflow.dyad.schedule.phases import Demand, Log, Phase
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
        self._start_min = (start_day - 1.0) * DAY_MIN
        self._logs = logs
        self._infants = infants
        self._lanes: dict[str, list[_Stretch]] = {}
        for lane in dict.fromkeys(phase.lane for phase in phases):
            members = [phase for phase in phases if phase.lane == lane]
            begins = [(day - 1.0) * DAY_MIN for day in phase_starts(members, start_day)]
            if lane in ("feeding", "bottles"):  # nobody feeds before birth
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
        """A feed or a bottle of every infant; twins begin on different sides."""
        if session.child is not None:
            yield session._replace(infant=session.child)
            return
        # A log of twins that names no child does not say which of them had the bottle.
        if session.kind != "feed" and (session.kind != "bottle" or session.volume_ml is not None):
            yield session
            return
        for infant in range(self._infants):
            turn = infant % max(1, len(session.sides))
            yield session._replace(infant=infant, sides=session.sides[turn:] + session.sides[:turn])

    @property
    def practised(self) -> bool:
        """
        Whether the mother has expressed milk for long when the run begins.

        A run of established lactation takes it that what it begins with has been going on before.
        """
        return self._start_min > 0.0 and any(
            stretch.window.from_min == self._start_min and (lane != "feeding" or isinstance(stretch.phase, Log))
            for lane, stretches in self._lanes.items()
            for stretch in stretches
        )

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

    def after_feed(self, time_min: float, infant: int, number: int) -> Iterator[PlannedSession]:
        """
        What follows a feed.

        Parameters
        ----------
        time_min
            End of the feed.
        infant
            Who was fed.
        number
            Of the feed; sides alternate with it.
        """
        for lane in self._lanes:
            stretch = self._holding(lane, time_min)
            if stretch is None or not isinstance(stretch.phase, Beside) or not stretch.phase.after_feeds:
                continue
            phase = stretch.phase
            at_min = time_min + phase.delay_min
            clock_min = stretch.clock(at_min)
            gap = phase.night_gap is not None and phase.night_gap.holds(clock_min)
            if not gap and not phase.misses(at_min, clock_min):
                yield phase.session(at_min, number)._replace(infant=infant)
