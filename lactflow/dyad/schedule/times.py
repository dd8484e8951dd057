"""Clock times, planned sessions, and what modifies when they take place."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from itertools import count
from math import inf
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

from lactflow.gland.storage import Stored
from lactflow.kinetics import plain_sum
from lactflow.parameters.declaration import Declared
from lactflow.units import DAY_MIN

ROUND_OFF_MIN = 1e-6
"""So much earlier than the start of a period belongs to it: days in minutes are rounded."""
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


def clock_text(minutes: float) -> str:
    """Clock time, HH:MM, of minutes after midnight."""
    return f"{int(minutes // 60.0):02d}:{int(minutes % 60.0):02d}"


def _is_clock_time(text: str) -> str:
    clock_minutes(text)
    return text


ClockTime = Annotated[
    str, AfterValidator(_is_clock_time), WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK_TIME.pattern}$"})
]
Side = Literal["left", "right", "both", "alternate", "preferred"]
BottleContent = Literal["formula", "own_milk"]
Source = Literal["schedule", "log", "filled"]
PumpSide = Literal["left", "right", "both", "alternate"]
BottleName = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
BY_ALIAS = ConfigDict(validate_by_alias=True, validate_by_name=True, serialize_by_alias=True)
"""Of groups with a key that is a word of Python."""
INTO: Any = Field(default=None, description="Name of the bottles that the milk goes into")
STORED_HOW: Any = Field(
    default=None,
    description="How the milk is stored; `kept` of what it carries says what that leaves. As fresh when left out",
)
FROM: Any = Field(default=None, alias="from", description="Name of the bottles that own milk comes from")


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
        Breasts in the order they are taken, each with its time limit [min] or None for none; empty for a bottle, and
        where `rule` says how they are chosen when the session begins. A pump takes all its breasts at once.
    volume_ml
        What an infant drank from a bottle; None for what it wants.
    offered_ml
        Most that a bottle holds; None for no limit.
    content
        What is in a bottle; None for other kinds.
    infant
        Who feeds.
    rule
        How breasts are chosen when the session begins; None where `sides` names them.
    vacuum_mmhg
        Of a pump; None for the usual one.
    recorded_ml
        Milk that a log says was taken, both breasts together; None where it does not.
    recorded_sides_ml
        Likewise of each breast, by its side; empty where the log does not tell them apart.
    bottle
        Name of the bottles that expressed milk goes into, or that own milk comes from; None for those without a name.
    child
        Infant that a log names; None where the schedule decides.
    kept
        Whether it lasts as it was logged, milk or no milk.
    in_turn
        Whether a pump takes one breast after the other.
    beside
        Whether it begins while the session before goes on at the other breast.
    instead
        What is in the bottle that an infant gets where the breasts of a feed are sealed; None where it gets none.
    source
        Who asks for it: `schedule`; `log` for a row of one; `filled` where the log says nothing of that time, and her
        sessions of the days around stand in for it.
    stored
        How milk that is expressed is stored; None for milk that is given as it is.
    """

    planned_min: float
    kind: str
    sides: tuple[tuple[str, float | None], ...] = ()
    volume_ml: float | None = None
    offered_ml: float | None = None
    content: BottleContent | None = None
    infant: int = 0
    rule: Side | None = None
    vacuum_mmhg: float | None = None
    recorded_ml: float | None = None
    recorded_sides_ml: tuple[tuple[str, float], ...] = ()
    bottle: str | None = None
    child: int | None = None
    kept: bool = False
    in_turn: bool = False
    beside: bool = False
    instead: BottleContent | None = None
    source: Source = "schedule"
    stored: Stored | None = None

    @property
    def length_min(self) -> float | None:
        """Time at the breast that is planned; None where nobody says, and for a bottle."""
        minutes = [limit for _, limit in self.sides if limit is not None]
        if not minutes:
            return None
        return max(minutes) if self.kind == "pump" and not self.in_turn else plain_sum(minutes)


class Period(NamedTuple):
    """Part of a run in which a phase applies: from, up to (minutes since birth), and the clock at birth [min]."""

    from_min: float
    to_min: float
    birth_clock_min: float

    def clock(self, time_min: float) -> float:
        """Minutes after midnight at a time."""
        return (time_min + self.birth_clock_min) % DAY_MIN

    def begun(self, time_min: float) -> bool:
        """Whether it has begun; round-off in days makes no session early."""
        return time_min >= self.from_min - ROUND_OFF_MIN

    def over(self, time_min: float) -> bool:
        """Whether it is over; what is at its very end belongs to the next."""
        return time_min >= self.to_min - ROUND_OFF_MIN


def sides_in_turn(side: Side, number: int) -> tuple[str, ...]:
    """Breasts of the `number`-th session of a phase: the side begun last comes second."""
    if side in ("left", "right"):
        return (side,)
    order = ("left", "right") if number % 2 == 0 else ("right", "left")
    return order if side == "both" else order[:1]


def at_clock_times(period: Period, times_min: Sequence[float]) -> Iterator[float]:
    """Minutes since birth at which the clock shows one of `times_min` [min after midnight], within the period."""
    if not times_min:
        return
    minutes = sorted(times_min)
    first_day = int((period.from_min + period.birth_clock_min) // DAY_MIN)
    for day in count(first_day):
        for minute in minutes:
            time_min = day * DAY_MIN + minute - period.birth_clock_min
            if period.over(time_min):
                return
            if period.begun(time_min):
                yield time_min


def day_begins(day: float) -> float:
    """Beginning of a day [min since birth]; fractions are allowed."""
    return (day - 1.0) * DAY_MIN


def first_at(clock_time: str | None, day: float, birth_clock_min: float) -> float:
    """
    The first time in a day at which the clock shows a time.

    Parameters
    ----------
    clock_time
        `HH:MM`; None for the beginning of the day.
    day
        From whose beginning on.
    birth_clock_min
        Clock time of birth [min after midnight].

    Returns
    -------
    Minutes since birth.
    """
    if clock_time is None:
        return day_begins(day)
    return next(at_clock_times(Period(day_begins(day), inf, birth_clock_min), [clock_minutes(clock_time)]))


class _Span(Declared):
    """Hours of the day from one clock time to another, over midnight where the second is earlier."""

    model_config = BY_ALIAS

    @abstractmethod
    def minutes(self) -> tuple[float, float]:
        """Begin and end [min after midnight]."""

    def holds(self, clock_min: float) -> bool:
        """Whether a time of day lies in it."""
        begin, end = self.minutes()
        return begin <= clock_min < end if begin < end else clock_min >= begin or clock_min < end


class NightGap(_Span):
    """Hours without feeds, every night."""

    from_: ClockTime = Field(alias="from", description="Clock time it begins")
    to: ClockTime = Field(description="Clock time it ends")

    def minutes(self) -> tuple[float, float]:
        """Begin and end [min after midnight]."""
        return clock_minutes(self.from_), clock_minutes(self.to)

    @model_validator(mode="after")
    def _lasts(self) -> NightGap:
        if self.from_ == self.to:
            msg = f"a night gap from {self.from_} to {self.to} has no length"
            raise ValueError(msg)
        return self

    def over_in(self, clock_min: float) -> float:
        """Minutes until it ends."""
        return (clock_minutes(self.to) - clock_min) % DAY_MIN


class Miss(_Span):
    """Sessions that do not take place: on some days, all day or within some hours."""

    days: tuple[Annotated[int, Field(ge=-400, le=4000)], ...] = Field(
        min_length=1, max_length=1000, description="Days since birth; day 1 is the first 24 h"
    )
    from_: ClockTime = Field(default="00:00", alias="from", description="Clock time from which")
    to: ClockTime | None = Field(default=None, description="Clock time up to which; the end of the day when left out")

    def minutes(self) -> tuple[float, float]:
        """Begin and end [min after midnight]."""
        return clock_minutes(self.from_), DAY_MIN if self.to is None else clock_minutes(self.to)

    @model_validator(mode="after")
    def _lasts(self) -> Miss:
        begin, end = self.minutes()
        if begin >= end:
            msg = (
                f"hours from {self.from_} to {self.to} end before they begin "
                "(allowed: within one day; a night takes two entries)"
            )
            raise ValueError(msg)
        return self

    def misses(self, time_min: float, clock_min: float) -> bool:
        """Whether a session at this time does not take place."""
        return int(time_min // DAY_MIN) + 1 in self.days and self.holds(clock_min)

    def over_in(self, time_min: float, clock_min: float) -> float:
        """Minutes until the day or its hours are over, for a time at which a session is missed."""
        return min(DAY_MIN - time_min % DAY_MIN, (self.minutes()[1] - clock_min) % DAY_MIN or DAY_MIN)
