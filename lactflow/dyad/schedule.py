"""
The plan of removals, as data.

A schedule is a list of phases. Feeding phases (`every`, `clock`, `log`, `none`) follow one another: a later one
takes over from its day on. Pumping phases (`pump`) run beside the feeds, and a later one takes over from an
earlier one in the same way. Sessions that would overlap do not: a mother has one session at a time, and the
later one waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import count
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, Field

from lactflow.parameters.declaration import Declared

DAY_MIN = 1440.0
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def clock_minutes(text: str) -> float:
    """
    Minutes after midnight of a clock time.

    Parameters
    ----------
    text
        `HH:MM`, 00:00 to 23:59.

    Raises
    ------
    ValueError
        If it is no such time.
    """
    match = _CLOCK_TIME.fullmatch(text)
    if match is None:
        msg = f"{text!r} is not a clock time (allowed: 00:00 to 23:59, two digits each)"
        raise ValueError(msg)
    return int(match[1]) * 60.0 + int(match[2])


def _is_clock_time(text: str) -> str:
    clock_minutes(text)
    return text


ClockTime = Annotated[str, AfterValidator(_is_clock_time)]
Side = Literal["left", "right", "both", "alternate"]


class PlannedSession(NamedTuple):
    """
    One session that a schedule asks for.

    Attributes
    ----------
    planned_min
        Minutes since birth.
    kind
        `feed`, `pump`, `hand` or `bottle`.
    sides
        Breasts in the order they are taken, each with its time limit [min] or None for none; empty for a bottle.
        A pump takes all its breasts at once.
    volume_ml
        Content of a bottle; None otherwise.
    """

    planned_min: float
    kind: str
    sides: tuple[tuple[str, float | None], ...]
    volume_ml: float | None = None


class Window(NamedTuple):
    """Part of a run in which a phase applies: from, up to (minutes since birth), and the clock at birth [min]."""

    from_min: float
    to_min: float
    birth_clock_min: float


def _sides(side: Side, number: int) -> tuple[str, ...]:
    """Breasts of the `number`-th session of a phase: the side begun last comes second."""
    if side in ("left", "right"):
        return (side,)
    order = ("left", "right") if number % 2 == 0 else ("right", "left")
    return order if side == "both" else order[:1]


def _at_clock_times(window: Window, times: Sequence[str]) -> Iterator[float]:
    """Minutes since birth at which the clock shows one of `times`, within the window."""
    minutes = sorted(clock_minutes(text) for text in times)
    first_day = int((window.from_min + window.birth_clock_min) // DAY_MIN)
    for day in count(first_day):
        for minute in minutes:
            time_min = day * DAY_MIN + minute - window.birth_clock_min
            if time_min >= window.to_min:
                return
            if time_min >= window.from_min:
                yield time_min


class Phase(Declared):
    """What all phases share; `lane` says which phases take over from one another."""

    lane: ClassVar[str] = "feeding"

    from_day: float | None = Field(
        default=None,
        ge=-400.0,
        le=4000.0,
        description="Day it begins, fractions allowed; the start of the run when left out",
    )


class Every(Phase):
    """A feed every so many hours, day and night, the first when the phase begins."""

    kind: Literal["every"]
    hours: float = Field(ge=0.25, le=240.0, description="Hours from the start of one feed to the start of the next")
    side: Side = "both"

    def sessions(self, window: Window, logs: Mapping[str, Sequence[PlannedSession]]) -> Iterator[PlannedSession]:
        """Feeds in the window, in order of time."""
        del logs
        for number in count():
            time_min = window.from_min + number * self.hours * 60.0
            if time_min >= window.to_min:
                return
            yield PlannedSession(time_min, "feed", tuple((breast, None) for breast in _sides(self.side, number)))


class Clock(Phase):
    """Feeds at the same clock times every day."""

    kind: Literal["clock"]
    times: tuple[ClockTime, ...] = Field(min_length=1, max_length=96, description="Clock times, HH:MM")
    side: Side = "both"

    def sessions(self, window: Window, logs: Mapping[str, Sequence[PlannedSession]]) -> Iterator[PlannedSession]:
        """Feeds in the window, in order of time."""
        del logs
        for number, time_min in enumerate(_at_clock_times(window, self.times)):
            yield PlannedSession(time_min, "feed", tuple((breast, None) for breast in _sides(self.side, number)))


class Log(Phase):
    """A feeding log, played as it was kept; 00:00 of its first date is the start of the phase's day."""

    kind: Literal["log"]
    file: str = Field(min_length=1, max_length=255, description="CSV file, relative to the config")

    def sessions(self, window: Window, logs: Mapping[str, Sequence[PlannedSession]]) -> Iterator[PlannedSession]:
        """Sessions of the log in the window; its times count from the start of the window."""
        for session in logs[self.file]:
            time_min = window.from_min + session.planned_min
            if time_min >= window.to_min:
                return
            yield session._replace(planned_min=time_min)


class Nothing(Phase):
    """No feeds."""

    kind: Literal["none"]

    def sessions(self, window: Window, logs: Mapping[str, Sequence[PlannedSession]]) -> Iterator[PlannedSession]:
        """None."""
        del window, logs
        yield from ()


class Pumping(Phase):
    """Pumping at clock times, beside the feeds."""

    lane: ClassVar[str] = "pumping"

    kind: Literal["pump"]
    times: tuple[ClockTime, ...] = Field(min_length=1, max_length=96, description="Clock times, HH:MM")
    minutes: float = Field(default=15.0, ge=1.0, le=120.0, description="Length of a pumping")
    side: Side = "both"

    def sessions(self, window: Window, logs: Mapping[str, Sequence[PlannedSession]]) -> Iterator[PlannedSession]:
        """Pumpings in the window, in order of time."""
        del logs
        for number, time_min in enumerate(_at_clock_times(window, self.times)):
            yield PlannedSession(
                time_min, "pump", tuple((breast, self.minutes) for breast in _sides(self.side, number))
            )


SchedulePhase = Annotated[Every | Clock | Log | Nothing | Pumping, Field(discriminator="kind")]


def phase_starts(phases: Sequence[Phase], start_day: float) -> list[float]:
    """Day on which each phase begins."""
    return [start_day if phase.from_day is None else phase.from_day for phase in phases]


def plan(
    phases: Sequence[SchedulePhase],
    start_day: float,
    days: float,
    birth_clock: str,
    logs: Mapping[str, Sequence[PlannedSession]],
) -> Iterator[PlannedSession]:
    """
    All sessions of a run, in order of time.

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
    """
    end_min = (start_day - 1.0 + days) * DAY_MIN
    lanes = []
    for lane in ("feeding", "pumping"):
        members = [phase for phase in phases if phase.lane == lane]
        starts = [(day - 1.0) * DAY_MIN for day in phase_starts(members, start_day)]
        ends = [*starts[1:], end_min]
        windows = (
            [
                Window(start, min(end, end_min), clock_minutes(birth_clock))
                for start, end in zip(starts, ends, strict=True)
            ]
            if members
            else []
        )
        lanes.append(
            session for phase, window in zip(members, windows, strict=True) for session in phase.sessions(window, logs)
        )
    return merge(*lanes, key=lambda session: session.planned_min)
