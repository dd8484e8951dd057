"""Milk that is expressed and thrown away: all of it, or that of some hours after a dose."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import inf
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from lactflow.dyad.schedule.agenda import Agenda, Setting
from lactflow.dyad.schedule.phase import Phase
from lactflow.units import DAY_MIN, HOUR_MIN

_Hours = Annotated[float, Field(ge=0.0, le=1000.0)]


class DiscardPhase(Phase):
    """Expressed milk is thrown away in place of being kept; what infants take at the breast is theirs."""

    lane: ClassVar[str] = "discarding"
    before_birth: ClassVar[bool] = True
    needs_infant: ClassVar[bool] = False
    takes_milk: ClassVar[bool] = False

    kind: Literal["discard"]
    drug: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="After doses of this drug only; always when left out",
    )
    after_dose_h: tuple[_Hours, _Hours] | None = Field(
        default=None, description="From how many hours after a dose of the drug to how many; needs `drug`"
    )
    to_day: float | None = Field(default=None, ge=-400.0, le=4000.0, description="Last day; no end when left out")

    @model_validator(mode="after")
    def _after_something(self) -> DiscardPhase:
        if (self.drug is None) != (self.after_dose_h is None):
            missing, there = ("drug", "after_dose_h") if self.drug is None else ("after_dose_h", "drug")
            msg = f"{missing} is missing (needed with {there})"
            raise ValueError(msg)
        if self.after_dose_h is not None and self.after_dose_h[0] >= self.after_dose_h[1]:
            msg = f"after_dose_h: {self.after_dose_h[0]:g} h is not before {self.after_dose_h[1]:g} h"
            raise ValueError(msg)
        if self.to_day is not None and self.from_day is not None and self.to_day < self.from_day:
            msg = f"to_day {self.to_day:g} is before from_day {self.from_day:g}"
            raise ValueError(msg)
        return self

    def agendas(self, setting: Setting) -> Sequence[Agenda]:
        """None: it plans no sessions."""
        del setting
        return ()


class _Rule(NamedTuple):
    """From when to when milk is thrown away: all the time, or from and to some minutes after each of some doses."""

    from_min: float
    to_min: float
    doses_min: Sequence[float] | None
    after_min: tuple[float, float]

    def holds(self, time_min: float) -> bool:
        if not self.from_min <= time_min < self.to_min:
            return False
        if self.doses_min is None:
            return True
        begin, end = self.after_min
        latest = bisect_right(self.doses_min, time_min - begin)
        return latest > 0 and time_min - self.doses_min[latest - 1] < end


class Discards:
    """
    When expressed milk is thrown away.

    Parameters
    ----------
    phases
        Of a schedule, in order; those of other kinds are left out. A later one ends an earlier one.
    start_min
        Start of the run.
    taken_min
        Times of the doses of each drug, in order [min since birth].
    """

    def __init__(self, phases: Sequence[Phase], start_min: float, taken_min: Mapping[str, Sequence[float]]) -> None:
        mine = [phase for phase in phases if isinstance(phase, DiscardPhase)]
        begins = [start_min if each.from_day is None else (each.from_day - 1.0) * DAY_MIN for each in mine]
        self._rules = [
            _Rule(
                begin,
                min(then, inf if phase.to_day is None else phase.to_day * DAY_MIN),
                None if phase.drug is None else taken_min.get(phase.drug, ()),
                (0.0, inf)
                if phase.after_dose_h is None
                else (phase.after_dose_h[0] * HOUR_MIN, phase.after_dose_h[1] * HOUR_MIN),
            )
            for phase, begin, then in zip(mine, begins, [*begins, inf][1:], strict=True)
        ]

    def at(self, time_min: float) -> bool:
        """Whether milk whose expression is over at this time is thrown away."""
        return any(rule.holds(time_min) for rule in self._rules)
