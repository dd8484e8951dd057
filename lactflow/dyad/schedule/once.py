"""The kind of phase that has single sessions, each at a day of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from lactflow.dyad.schedule.agenda import Logs
from lactflow.dyad.schedule.beside import OFFERED, VACUUM, by_hand, by_pump
from lactflow.dyad.schedule.phase import TimedPhase
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
    first_at,
    sides_in_turn,
)
from lactflow.gland.storage import Stored
from lactflow.parameters.declaration import Declared

WHAT: Any = Field(description="What takes place; it decides the other keys")
OneSide = Literal["left", "right", "both"]


class Single(Declared):
    """What single sessions share: when each takes place."""

    what: str
    day: float = Field(
        ge=-400.0, le=4000.0, description="Day it begins, fractions allowed; day 1 is the first 24 h after birth"
    )
    time: ClockTime | None = Field(
        default=None, description="Clock time it begins, the first one in day; its beginning when left out"
    )

    def begins_min(self, birth_clock_min: float) -> float:
        """When it begins [min since birth], given the clock time of birth [min after midnight]."""
        return first_at(self.time, self.day, birth_clock_min)

    @abstractmethod
    def session(self, time_min: float, into: str | None, from_: str | None) -> PlannedSession:
        """
        It as a planned session.

        Parameters
        ----------
        time_min
            When [min since birth].
        into, from_
            Names of bottles that expressed milk goes into, and that own milk comes from.
        """


class SinglePumping(Single):
    """One pumping; both breasts at once."""

    what: Literal["pump"] = WHAT
    minutes: float = Field(default=15.0, ge=1.0, le=120.0, description="Length of the session")
    side: OneSide = Field(default="both", description="Breasts it is expressed from")
    vacuum_mmhg: float | None = VACUUM

    def session(self, time_min: float, into: str | None, from_: str | None) -> PlannedSession:
        """The pumping."""
        del from_
        return by_pump(time_min, sides_in_turn(self.side, 0), self.minutes, vacuum_mmhg=self.vacuum_mmhg, bottle=into)


class SingleHand(Single):
    """One expression by hand; the left breast, then the right one, half of the time each."""

    what: Literal["hand"] = WHAT
    minutes: float = Field(default=20.0, ge=1.0, le=120.0, description="Length of the session, both breasts together")
    side: OneSide = Field(default="both", description="Breasts it is expressed from")

    def session(self, time_min: float, into: str | None, from_: str | None) -> PlannedSession:
        """The expression."""
        del from_
        return by_hand(time_min, sides_in_turn(self.side, 0), self.minutes, bottle=into)


class SingleBottle(Single):
    """One bottle; an infant takes of it what it wants."""

    what: Literal["bottle"] = WHAT
    volume_ml: float | None = OFFERED
    content: BottleContent = Field(default="formula", description="What is in the bottle")
    infant: int | None = Field(
        default=None, ge=0, le=9, description="Number of the infant that gets it, from 0; one for each when left out"
    )

    def session(self, time_min: float, into: str | None, from_: str | None) -> PlannedSession:
        """The bottle."""
        del into
        own = from_ if self.content == "own_milk" else None
        return PlannedSession(
            time_min, "bottle", offered_ml=self.volume_ml, content=self.content, bottle=own, child=self.infant
        )


AnySingle = Annotated[SinglePumping | SingleHand | SingleBottle, Field(discriminator="what")]


class Placed(NamedTuple):
    """A single session in time: its number in the config, and what is planned."""

    number: int
    planned: PlannedSession


class OncePhase(TimedPhase):
    """
    Single sessions beside all phases: pumpings, expressions by hand, bottles.

    Each says when it takes place, so that `from_day`, `night_gap` and `miss` are refused.
    """

    lane: ClassVar[str] = "single sessions"
    before_birth: ClassVar[bool] = True
    needs_infant: ClassVar[bool] = False
    single: ClassVar[bool] = True

    model_config = BY_ALIAS

    kind: Literal["once"]
    singles: tuple[AnySingle, ...] = Field(
        alias="sessions", min_length=1, max_length=1000, description="Each with its day, in any order"
    )
    into: BottleName | None = INTO
    from_: BottleName | None = FROM
    stored: Stored | None = STORED_HOW

    @property
    def into_bottles(self) -> str | None:
        """Name of the bottles that it fills."""
        return self.into

    @property
    def from_bottles(self) -> str | None:
        """Name of the bottles that it gives."""
        return self.from_

    @property
    def stored_how(self) -> Stored | None:
        """How the milk that it expresses is stored."""
        return self.stored

    @property
    def begins_day(self) -> float:
        """Day of its first session."""
        return min(single.day for single in self.singles)

    def placed(self, birth_clock_min: float) -> list[Placed]:
        """All sessions in order of time, given the clock time of birth [min after midnight]."""
        found = [
            Placed(number, single.session(single.begins_min(birth_clock_min), self.into, self.from_))
            for number, single in enumerate(self.singles)
        ]
        return sorted(found, key=lambda placed: (placed.planned.planned_min, placed.number))

    def planned(self, period: Period, logs: Logs) -> Iterator[PlannedSession]:
        """Sessions in the period, in order of time."""
        del logs
        for _, session in self.placed(period.birth_clock_min):
            if period.begun(session.planned_min) and not period.over(session.planned_min):
                yield session if session.kind == "bottle" else session._replace(stored=self.stored)

    @model_validator(mode="after")
    def _says_each_once(self) -> OncePhase:
        """Refuse what sessions say themselves, and bottles that none of them is about."""
        for key in ("from_day", "night_gap", "miss"):
            if getattr(self, key) not in (None, ()):
                msg = f"{key} does not go with once: each session says when it takes place (allowed: day, time)"
                raise ValueError(msg)
        for key, value in (("into", self.into), ("stored", self.stored)):
            if value is not None and all(isinstance(single, SingleBottle) for single in self.singles):
                msg = f"no session expresses milk (`{key}: {value}`; needed: one with what: pump or hand)"
                raise ValueError(msg)
        own = any(isinstance(single, SingleBottle) and single.content == "own_milk" for single in self.singles)
        if self.from_ is not None and not own:
            msg = f"no session is a bottle of own milk (`from: {self.from_}`; needed: one with content: own_milk)"
            raise ValueError(msg)
        return self
