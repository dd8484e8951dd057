"""The kinds of phase beside the feeds: pumping, expression by hand, power pumping, bottles."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from math import inf
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from lactflow.dyad.schedule.agenda import Agenda, Logs, Setting
from lactflow.dyad.schedule.checked import sessions_of
from lactflow.dyad.schedule.phase import INFANT, ClockTimes, TimedPhase, check_times
from lactflow.dyad.schedule.times import (
    BY_ALIAS,
    FROM,
    INTO,
    STORED_HOW,
    BottleContent,
    BottleName,
    ClockTime,
    Period,
    PlannedSession,
    PumpSide,
    at_clock_times,
    clock_minutes,
    sides_in_turn,
)
from lactflow.dyad.schedule.view import View
from lactflow.gland.storage import Stored
from lactflow.units import DAY_MIN

VACUUM: Any = Field(default=None, ge=20.0, le=400.0, description="Vacuum; the usual one of `dyad.pump` when left out")
OFFERED: Any = Field(default=None, gt=0.0, le=1000.0, description="Most that is offered; no limit when left out")


def by_pump(
    time_min: float, breasts: Sequence[str], minutes: float, *, vacuum_mmhg: float | None, bottle: str | None
) -> PlannedSession:
    """
    A pumping, all breasts at once.

    Parameters
    ----------
    time_min
        When [min since birth].
    breasts
        Which.
    minutes
        How long.
    vacuum_mmhg, bottle
        As a planned session has them.
    """
    sides = tuple((breast, minutes) for breast in breasts)
    return PlannedSession(time_min, "pump", sides, vacuum_mmhg=vacuum_mmhg, bottle=bottle)


def by_hand(time_min: float, breasts: Sequence[str], minutes: float, *, bottle: str | None) -> PlannedSession:
    """
    An expression by hand, one breast after the other.

    Parameters
    ----------
    time_min
        When [min since birth].
    breasts
        Which, in order.
    minutes
        How long in all; each breast has its share.
    bottle
        As a planned session has it.
    """
    sides = tuple((breast, minutes / len(breasts)) for breast in breasts)
    return PlannedSession(time_min, "hand", sides, bottle=bottle)


class BesidePhase(TimedPhase):
    """What takes place beside the feeds."""

    before_birth: ClassVar[bool] = True
    needs_infant: ClassVar[bool] = False
    practised: ClassVar[bool] = True


class RepeatedPhase(BesidePhase):
    """What takes place beside the feeds: at clock times, so many times a day, after feeds, or all of it."""

    times: tuple[ClockTime, ...] = Field(default=(), max_length=96, description="Clock times, HH:MM")
    per_day: int | None = Field(
        default=None, ge=1, le=48, description="So many a day instead, evenly spread over the hours without night gap"
    )
    after_feeds: bool = Field(default=False, description="Also after every feed")
    delay_min: float = Field(default=5.0, ge=0.0, le=240.0, description="Minutes from the end of a feed")

    @property
    @abstractmethod
    def apart_min(self) -> float:
        """Least time from the start of one to the start of the next."""

    @abstractmethod
    def session(self, time_min: float, number: int) -> PlannedSession:
        """The `number`-th one."""

    def planned(self, period: Period, logs: Logs) -> Iterator[PlannedSession]:
        """Those at clock times in the period, in order of time."""
        del logs
        for number, time_min in enumerate(at_clock_times(period, self._clock_min())):
            yield self.session(time_min, number)

    def agendas(self, setting: Setting) -> Sequence[Agenda]:
        """Its timetable, and what follows feeds."""
        return [*super().agendas(setting), *([AfterFeeds(self, setting)] if self.after_feeds else [])]

    def goes_with(self, infant: int, setting: Setting) -> bool:
        """Whether it also follows the feeds of an infant."""
        del infant, setting
        return True

    def _clock_min(self) -> Sequence[float]:
        """Times of the day [min after midnight]."""
        if self.per_day is None:
            return [clock_minutes(text) for text in self.times]
        from_min, hours_min = 0.0, DAY_MIN
        if self.night_gap is not None:
            from_min = clock_minutes(self.night_gap.to)
            hours_min = (clock_minutes(self.night_gap.from_) - from_min) % DAY_MIN
        each_min = hours_min / self.per_day
        return [(from_min + (number + 0.5) * each_min) % DAY_MIN for number in range(self.per_day)]

    @model_validator(mode="after")
    def _takes_place(self) -> RepeatedPhase:
        if self.times and self.per_day is not None:
            msg = "times and per_day exclude each other"
            raise ValueError(msg)
        if not self.times and self.per_day is None and not self.after_feeds:
            msg = "this needs clock times, per_day or after_feeds: true"
            raise ValueError(msg)
        check_times(self._clock_min(), self.night_gap, self.apart_min)
        return self


class AfterFeeds(Agenda):
    """
    A session after every feed.

    Parameters
    ----------
    phase
        Which one, how long after the end of the feed, and when none.
    setting
        When the phase holds, and for whom.
    """

    def __init__(self, phase: RepeatedPhase, setting: Setting) -> None:
        self._phase = phase
        self._setting = setting
        self._period = setting.period

    def when(self, view: View) -> float:
        """Never: not until a feed is over."""
        del view
        return inf

    def then(self, view: View) -> Sequence[PlannedSession]:
        """Nothing."""
        del view
        return ()

    def follows(self, view: View, session: PlannedSession) -> Iterator[PlannedSession]:
        """One session after a feed; sides alternate with the number of feeds since the start of the run."""
        if session.kind != "feed" or not self._phase.goes_with(session.infant, self._setting):
            return
        at_min = view.now_min + self._phase.delay_min
        if not self._phase.left_out(at_min, self._period.clock(at_min)):

            def one(view: View) -> Sequence[PlannedSession]:
                return (self._phase.session(at_min, view.feeds - 1)._replace(infant=session.infant),)

            yield from sessions_of(one, view, self._phase, due=False, name="session")


class ExpressionPhase(RepeatedPhase):
    """Milk is expressed by the mother."""

    minutes: float = Field(default=15.0, ge=1.0, le=120.0, description="Length of a session")
    side: PumpSide = Field(default="both", description="Breasts it is expressed from")
    into: BottleName | None = INTO
    stored: Stored | None = STORED_HOW

    @property
    def apart_min(self) -> float:
        """One must be over."""
        return self.minutes

    @property
    def into_bottles(self) -> str | None:
        """Name of the bottles that it fills."""
        return self.into

    @property
    def stored_how(self) -> Stored | None:
        """How its milk is stored."""
        return self.stored


class PumpingPhase(ExpressionPhase):
    """Pumping; both breasts at once."""

    lane: ClassVar[str] = "pumping"

    kind: Literal["pump"]
    vacuum_mmhg: float | None = VACUUM

    def session(self, time_min: float, number: int) -> PlannedSession:
        """One pumping."""
        breasts = sides_in_turn(self.side, number)
        pumping = by_pump(time_min, breasts, self.minutes, vacuum_mmhg=self.vacuum_mmhg, bottle=self.into)
        return pumping._replace(stored=self.stored)


class HandPhase(ExpressionPhase):
    """Expression by hand; one breast after the other, half of the time each."""

    lane: ClassVar[str] = "hand expression"

    kind: Literal["hand"]
    minutes: float = Field(default=20.0, ge=1.0, le=120.0, description="Length of a session, both breasts together")

    def session(self, time_min: float, number: int) -> PlannedSession:
        """One expression."""
        expression = by_hand(time_min, sides_in_turn(self.side, number), self.minutes, bottle=self.into)
        return expression._replace(stored=self.stored)


class BottlePhase(RepeatedPhase):
    """Bottles beside the feeds: infants take of them what they want."""

    lane: ClassVar[str] = "bottles"
    before_birth: ClassVar[bool] = False
    takes_milk: ClassVar[bool] = False

    model_config = BY_ALIAS

    kind: Literal["bottle"]
    volume_ml: float | None = OFFERED
    content: BottleContent = Field(
        default="formula", description="What is in the bottle; own milk where it comes from bottles with a name"
    )
    from_: BottleName | None = FROM
    infant: int | None = INFANT
    apart_min: ClassVar[float] = 1.0

    @model_validator(mode="after")
    def _holds_own_milk(self) -> BottlePhase:
        """Bottles with a name hold own milk, whether that is said or not."""
        if self.from_ is not None and self.content != "own_milk":
            if "content" in self.model_fields_set:
                msg = f"bottles with a name hold own milk (`from: {self.from_}` and `content: {self.content}`)"
                raise ValueError(msg)
            object.__setattr__(self, "content", "own_milk")  # a phase refuses to be changed later on
        return self

    @property
    def from_bottles(self) -> str | None:
        """Name of the bottles that it gives."""
        return self.from_

    def goes_with(self, infant: int, setting: Setting) -> bool:
        """Only of those that it is about."""
        return infant in setting.whose

    def session(self, time_min: float, number: int) -> PlannedSession:
        """One bottle."""
        del number
        return PlannedSession(time_min, "bottle", offered_ml=self.volume_ml, content=self.content, bottle=self.from_)


class PowerPumpingPhase(BesidePhase):
    """Power pumping at clock times: 20 min, then twice 10 min, with pauses of 10 min."""

    lane: ClassVar[str] = "power pumping"

    kind: Literal["power_pump"]
    times: ClockTimes
    vacuum_mmhg: float | None = VACUUM
    side: PumpSide = Field(default="both", description="Breasts that are pumped, both at once")
    into: BottleName | None = INTO
    stored: Stored | None = STORED_HOW

    @property
    def into_bottles(self) -> str | None:
        """Name of the bottles that it fills."""
        return self.into

    @property
    def stored_how(self) -> Stored | None:
        """How its milk is stored."""
        return self.stored

    def planned(self, period: Period, logs: Logs) -> Iterator[PlannedSession]:
        """Pumpings in the period, in order of time."""
        del logs
        for number, time_min in enumerate(at_clock_times(period, [clock_minutes(text) for text in self.times])):
            for begin_min, minutes in ((0.0, 20.0), (30.0, 10.0), (50.0, 10.0)):
                breasts, start_min = sides_in_turn(self.side, number), time_min + begin_min
                pumping = by_pump(start_min, breasts, minutes, vacuum_mmhg=self.vacuum_mmhg, bottle=self.into)
                yield pumping._replace(stored=self.stored)

    @model_validator(mode="after")
    def _apart(self) -> PowerPumpingPhase:
        check_times([clock_minutes(text) for text in self.times], self.night_gap, 60.0)
        return self
