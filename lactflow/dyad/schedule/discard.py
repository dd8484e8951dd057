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
    """
    Expressed milk is thrown away in place of being kept; what infants take at the breast is theirs.

    Phases about different drugs hold side by side; of those about one, or about none, a later one ends an earlier one.
    """

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

    @property
    def in_lane(self) -> str:
        """One for each drug: milk is thrown away where any of them says so."""
        return self.lane if self.drug is None else f"{self.lane} after {self.drug}"

    @model_validator(mode="after")
    def _after_something(self) -> DiscardPhase:
        if self.night_gap is not None or self.miss:
            unused = "miss" if self.night_gap is None else "night_gap"
            msg = f"{unused} does not go with discard, which has no sessions (allowed: from_day, to_day)"
            raise ValueError(msg)
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
        Of a schedule, in order; those of other kinds are left out. A later one ends an earlier one of its lane.
    start_min
        Start of the run.
    taken_min
        Times of the doses of each drug, in order [min since birth].
    """

    def __init__(self, phases: Sequence[Phase], start_min: float, taken_min: Mapping[str, Sequence[float]]) -> None:
        self._rules: list[_Rule] = []
        ends: dict[str, float] = {}
        for phase in reversed(phases):
            if isinstance(phase, DiscardPhase):
                begin = start_min if phase.from_day is None else (phase.from_day - 1.0) * DAY_MIN
                end = inf if phase.to_day is None else phase.to_day * DAY_MIN
                begin_h, end_h = phase.after_dose_h or (0.0, inf)
                doses_min = None if phase.drug is None else taken_min.get(phase.drug, ())
                end = min(end, ends.get(phase.in_lane, inf))
                self._rules.append(_Rule(begin, end, doses_min, (begin_h * HOUR_MIN, end_h * HOUR_MIN)))
                ends[phase.in_lane] = begin

    def at(self, time_min: float) -> bool:
        """Whether milk whose expression is over at this time is thrown away."""
        return any(rule.holds(time_min) for rule in self._rules)
