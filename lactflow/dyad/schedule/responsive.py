"""The kinds of phase that look at mother and infants: what takes place, and when, depends on how things are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from math import inf
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from lactflow.dyad.schedule.agenda import Agenda, Setting
from lactflow.dyad.schedule.checked import sessions_of, time_of
from lactflow.dyad.schedule.phase import Phase
from lactflow.dyad.schedule.times import INTO, STORED_HOW, BottleName, Period, PlannedSession
from lactflow.dyad.schedule.view import BreastView, View
from lactflow.errors import DeclarationError
from lactflow.gland.storage import Stored

EARLY_MIN = 0.1
"""A breast that is expected to pass within this time has passed: packets of milk are not waited for one by one."""
_LEG = 0.5
"""
Share of the expected time after which the expectation is renewed.

The flow into the alveoli moves by a fifth from hour to hour. A breast that fills up to twice as fast as expected is not
found too late; from hours ahead to `EARLY_MIN` it takes about ten looks.
"""


class WatchingPhase(Phase):
    """
    A phase that is asked again whenever a session ends or rates in the gland change.

    A night gap and missed hours put off what falls into them to their end.
    """

    @abstractmethod
    def when(self, view: View) -> float:
        """
        When the next session is due, as things are now [min since birth].

        Infinity for never; now or earlier for at once. A later time is asked about again when it has come.
        """

    @abstractmethod
    def then(self, view: View) -> Iterable[PlannedSession]:
        """Sessions that are due now, one after the other."""

    def agendas(self, setting: Setting) -> Sequence[Agenda]:
        """One, for the mother."""
        return (Watch(self, setting.period),)


_IN_VAIN_AT_FIRST, _IN_VAIN = 24, 168
"""
Times that a session may be due, and none planned, up to the end of a run: without any before, and after some.

It is asked anew when rates change, at least once an hour: this is a day, and a week.
"""


class Watch(Agenda):
    """
    The answers of a phase that looks at mother and infants, put off where the phase leaves something out.

    Parameters
    ----------
    phase
        Whose.
    period
        When it holds.
    """

    def __init__(self, phase: WatchingPhase, period: Period) -> None:
        self._phase = phase
        self._period = period
        self._in_vain = 0
        self._planned_min: float | None = None

    def when(self, view: View) -> float:
        """When the phase says, or when its night gap is over."""
        at_min = max(view.now_min, time_of(self._phase.when, view, self._phase))
        return self._phase.free_from(at_min, self._period) if at_min < inf else inf

    def then(self, view: View) -> Iterable[PlannedSession]:
        """What the phase says."""
        sessions = sessions_of(self._phase.then, view, self._phase)
        self._in_vain = 0 if sessions else self._in_vain + 1
        self._planned_min = view.now_min if sessions else self._planned_min
        return sessions

    def check_over(self) -> None:
        """
        Look back at a phase that plans nothing more, or never did, and does not say so.

        Raises
        ------
        DeclarationError
            If this is so.
        """
        if self._in_vain < (_IN_VAIN_AT_FIRST if self._planned_min is None else _IN_VAIN):
            return
        since = "in the whole run" if self._planned_min is None else f"after {self._planned_min:g} min"
        name = type(self._phase).__name__
        msg = (
            f"{name}.then planned no session {since}, though {name}.when said {self._in_vain:,} times that one was due "
            "(allowed: infinity from `when` while none is)"
        )
        raise DeclarationError(msg)


class ResponsivePhase(WatchingPhase):
    """Pumping when the fuller breast, or the one that is named, passes a fullness."""

    lane: ClassVar[str] = "responsive pumping"
    before_birth: ClassVar[bool] = True
    needs_infant: ClassVar[bool] = False
    practised: ClassVar[bool] = True

    kind: Literal["responsive"]
    fullness: float = Field(default=0.7, ge=0.05, le=1.0, description="Volume over storage capacity at which she pumps")
    min_interval_h: float = Field(
        default=2.0, ge=0.25, le=48.0, description="Least hours since somebody last came to that breast, whoever it was"
    )
    minutes: float = Field(default=15.0, ge=1.0, le=120.0, description="Length of a session")
    side: Literal["both", "left", "right", "fuller"] = Field(
        default="both",
        description="Breasts that are watched and pumped; `fuller` watches both and pumps the fuller one",
    )
    vacuum_mmhg: float | None = Field(
        default=None, ge=20.0, le=400.0, description="Vacuum; the usual one of `dyad.pump` when left out"
    )

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

    def when(self, view: View) -> float:
        """When the first of its breasts is full enough, open, and rested for long enough; not beside a session."""
        if view.busy:
            return inf
        return min(self._due_min(view, breast) for breast in self._watched(view))

    def then(self, view: View) -> Sequence[PlannedSession]:
        """One pumping: of the breasts that are open, or of the fuller one of those that are due."""
        breasts = [breast for breast in self._watched(view) if breast.open_min <= view.now_min]
        if self.side == "fuller":
            due = [breast for breast in breasts if self._due_min(view, breast) <= view.now_min]
            breasts = sorted(due, key=lambda breast: breast.fullness)[-1:]
        sides = tuple((breast.side, self.minutes) for breast in breasts)
        pumping = PlannedSession(view.now_min, "pump", sides, vacuum_mmhg=self.vacuum_mmhg)
        return (pumping._replace(bottle=self.into, stored=self.stored),)

    def _watched(self, view: View) -> list[BreastView]:
        return [
            breast for side, breast in view.breasts.items() if self.side not in ("left", "right") or side == self.side
        ]

    def _due_min(self, view: View, breast: BreastView) -> float:
        """When to look at a breast again; now where it is due."""
        now = view.now_min
        ahead_min = breast.passes_min(self.fullness) - now
        full_min = now if ahead_min <= EARLY_MIN else now + _LEG * ahead_min
        return max(full_min, breast.came_min + self.min_interval_h * 60.0, breast.open_min)

    @model_validator(mode="after")
    def _ends(self) -> ResponsivePhase:
        if self.minutes > self.min_interval_h * 60.0:
            msg = f"a session of {self.minutes:g} min does not end within min_interval_h = {self.min_interval_h:g} h"
            raise ValueError(msg)
        return self
