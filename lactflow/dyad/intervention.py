"""
What interventions share: when they begin and end, doses at clock times, one breast or both.

An intervention is data; `act` says what it does to mother and infants. The kinds are in `lactflow.dyad.interventions`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from math import inf
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from lactflow.dyad.dosing import dose_times
from lactflow.dyad.schedule.times import ClockTime, Period, clock_text, day_begins, first_at
from lactflow.endocrine.course import Course, Dose, Part
from lactflow.endocrine.signal import LevelWindow
from lactflow.parameters.declaration import Declared, without_lists
from lactflow.records import InterventionChange

Day = Annotated[float, Field(ge=-400.0, le=4000.0)]


class Intervention(Declared):
    """What all interventions share."""

    also_written: ClassVar[Mapping[str, str]] = {"from_day": "start_day", "to_day": "end_day"}
    """Other names of keys, as schedules and drugs have them; `to_day` is the last day, `end_day` the one after it."""

    kind: str
    start_day: Day = Field(description="Day it begins, fractions allowed; day 1 is the first 24 h after birth")

    @model_validator(mode="before")
    @classmethod
    def _by_one_name(cls, given: Any) -> Any:
        """Keys that are written by their other names."""
        if not isinstance(given, Mapping):
            return given
        named = without_lists(dict(given))
        for other, name in cls.also_written.items():
            if other not in named or name not in cls.model_fields:
                continue
            if name in named:
                msg = f"{other} and {name} exclude each other"
                raise ValueError(msg)
            value = named.pop(other)
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            named[name] = value + 1.0 if other == "to_day" and is_number else value
        return named

    @abstractmethod
    def act(self, course: Course, run: Period) -> None:
        """Add what it does in a run to the course."""

    @abstractmethod
    def misplaced(self, run: Period) -> tuple[str, str] | None:
        """
        What is wrong with its times, which the clock time of birth decides.

        Parameters
        ----------
        run
            From when to when the run goes, and the clock time of birth.

        Returns
        -------
        The key to change, and one line; None if all is right.
        """


class Ending(Intervention):
    """An intervention that lasts from its day to another one."""

    end_day: Day | None = Field(default=None, description="Day it ends; the end of the run when left out")
    end_time: ClockTime | None = Field(
        default=None, description="Clock time it ends, the first one in end_day; its beginning when left out"
    )

    @model_validator(mode="after")
    def _ends_later(self) -> Ending:
        if self.end_day is None and self.end_time is not None:
            msg = "end_time needs end_day"
            raise ValueError(msg)
        if not self._has_clock_time() and self.end_day is not None and self.end_day <= self.start_day:
            msg = f"end_day {self.end_day:g} is not after start_day {self.start_day:g}"
            raise ValueError(msg)
        return self

    def _has_clock_time(self) -> bool:
        """Whether the clock time of birth decides when it begins or ends."""
        return self.end_time is not None

    def misplaced(self, run: Period) -> tuple[str, str] | None:
        """Where it ends before it begins."""
        from_min, to_min = self.span(run.birth_clock_min)
        if to_min > from_min:
            return None
        born = clock_text(run.birth_clock_min)
        return "end_time" if self.end_time is not None else "end_day", (
            f"its end is not after its start (a day begins at {born}, the time of birth)"
        )

    def span(self, birth_clock_min: float) -> tuple[float, float]:
        """Begin and end [min since birth], given the clock time of birth [min after midnight]."""
        end_min = inf if self.end_day is None else first_at(self.end_time, self.end_day, birth_clock_min)
        return day_begins(self.start_day), end_min

    def _report(self, course: Course, from_min: float, to_min: float) -> None:
        course.changes.append(InterventionChange(from_min, self.kind, "start"))
        if to_min < inf:
            course.changes.append(InterventionChange(to_min, self.kind, "end"))


class Lasting(Ending):
    """An intervention that lasts, and may begin at a clock time."""

    start_time: ClockTime | None = Field(
        default=None, description="Clock time it begins, the first one in start_day; its beginning when left out"
    )

    def _has_clock_time(self) -> bool:
        return self.start_time is not None or self.end_time is not None

    def span(self, birth_clock_min: float) -> tuple[float, float]:
        """Begin and end [min since birth], given the clock time of birth [min after midnight]."""
        from_min = first_at(self.start_time, self.start_day, birth_clock_min)
        return from_min, super().span(birth_clock_min)[1]

    def _hold(self, course: Course, run: Period, condition: str, level: float, of: Part = None) -> None:
        from_min, to_min = self.span(run.birth_clock_min)
        course.hold(condition, LevelWindow(from_min, to_min, level), of)
        self._report(course, from_min, to_min)


class Dosed(Intervention):
    """A drug in single doses: one, or at clock times every day."""

    drug: ClassVar[str]
    unit: ClassVar[str]

    times: tuple[ClockTime, ...] = Field(
        default=(),
        max_length=8,
        description="Clock times of doses, every day from start_day on; one dose, when start_day begins, when left out",
    )
    end_day: Day | None = Field(
        default=None, description="Day from which on no more doses are taken; the end of the run when left out"
    )
    every_days: int = Field(
        default=1, ge=1, le=400, description="Doses are taken every so many days, counted from start_day; 1 is daily"
    )
    doses: int | None = Field(default=None, ge=1, le=10_000, description="Number of doses in all")

    @model_validator(mode="after")
    def _is_a_plan(self) -> Dosed:
        twice = next((text for number, text in enumerate(self.times) if text in self.times[:number]), None)
        if not self.times and (self.end_day is not None or self.doses is not None or self.every_days != 1):
            msg = "end_day, every_days and doses need times (allowed without times: one dose, when start_day begins)"
        elif self.end_day is not None and self.doses is not None:
            msg = "end_day and doses exclude each other"
        elif self.end_day is not None and self.end_day <= self.start_day:
            msg = f"end_day {self.end_day:g} is not after start_day {self.start_day:g}"
        elif twice is not None:
            msg = f"{twice} comes twice in times"
        else:
            return self
        raise ValueError(msg)

    @property
    @abstractmethod
    def amount(self) -> float:
        """One dose, in the unit of the drug."""

    def misplaced(self, run: Period) -> tuple[str, str] | None:
        """Where there are days without a dose only."""
        if self.end_day is None or self.dose_times(run._replace(to_min=inf)):
            return None
        born = clock_text(run.birth_clock_min)
        return "times", (
            f"no dose is taken from day {self.start_day:g} to day {self.end_day:g} "
            f"(a day begins at {born}, the time of birth)"
        )

    def dose_times(self, run: Period) -> list[float]:
        """When each dose is taken [min since birth]."""
        return dose_times(
            self.times, self.start_day, run, end_day=self.end_day, every_days=self.every_days, doses=self.doses
        )

    def act(self, course: Course, run: Period) -> None:
        """Its doses, each at its time."""
        times_min = self.dose_times(run)
        course.give(self.drug, *(Dose(time_min, self.amount) for time_min in times_min))
        action = f"dose of {self.amount:g} {self.unit}"
        course.changes += [InterventionChange(time_min, self.kind, action) for time_min in times_min]


class TakenDaily(Lasting):
    """A drug that is taken day by day."""

    drug: ClassVar[str]

    @property
    @abstractmethod
    def mg_per_day(self) -> float:
        """Daily dose [mg/d]."""

    def act(self, course: Course, run: Period) -> None:
        """Its daily dose, for as long as it lasts."""
        from_min, to_min = self.span(run.birth_clock_min)
        course.give_daily(self.drug, LevelWindow(from_min, to_min, self.mg_per_day))
        self._report(course, from_min, to_min)


class OneSided(Lasting):
    """An intervention on one breast."""

    side: Literal["left", "right"] = Field(description="Which breast")
