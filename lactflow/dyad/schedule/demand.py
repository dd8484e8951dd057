"""The kinds of phase in which infants ask for milk themselves."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from math import inf
from typing import ClassVar, Literal

from pydantic import Field

from lactflow.dyad.schedule.agenda import Agenda, Setting, Share
from lactflow.dyad.schedule.phase import FeedingPhase
from lactflow.dyad.schedule.times import BottleContent, Period, PlannedSession
from lactflow.dyad.schedule.view import View
from lactflow.units import DAY_MIN


class DemandPhase(FeedingPhase):
    """A phase in which infants ask for milk themselves."""

    content: BottleContent = Field(default="formula", description="What is in bottles that infants get instead")

    @abstractmethod
    def at_breast(self, time_min: float, period: Period) -> float:
        """Share of their calls that are answered with the breast and not with a bottle."""

    def waits_min(self, time_min: float, period: Period) -> float:
        """How long a call waits: until the night gap is over."""
        return self.night_over_in(period.clock(time_min))

    def agendas(self, setting: Setting) -> Sequence[Agenda]:
        """The calls of each infant."""
        return [Calls(self, setting.period, infant, setting.shares[infant]) for infant in setting.whose]


class Calls(Agenda):
    """
    The calls of one infant: it is put to the breast when it is hungry, or gets a bottle.

    Parameters
    ----------
    phase
        Which calls are answered with the breast.
    period
        When it holds.
    infant
        Number of the infant.
    share
        How its calls are divided.
    """

    firm = True
    look_again_min = 360.0  # its need changes with age

    def __init__(self, phase: DemandPhase, period: Period, infant: int, share: Share) -> None:
        self._phase = phase
        self._period = period
        self._share = share
        self.infant: int = infant

    def when(self, view: View) -> float:
        """When it is hungry, and the night gap is over."""
        hungry_min = view.infants[self.infant].hungry_min
        return hungry_min + self.waits_min(hungry_min) if hungry_min < inf else inf

    def then(self, view: View) -> Sequence[PlannedSession]:
        """A feed, or a bottle."""
        phase, now = self._phase, view.now_min
        if self._share.take(phase.at_breast(now, self._period)):
            return (
                PlannedSession(
                    now, "feed", infant=self.infant, rule=phase.side_at(now, self._period), instead=phase.content
                ),
            )
        return (PlannedSession(now, "bottle", infant=self.infant, content=phase.content),)

    def waits_min(self, time_min: float) -> float:
        """Until the night gap is over."""
        return self._phase.waits_min(time_min, self._period)


class OnDemandPhase(DemandPhase):
    """Infants are put to the breast when they ask."""

    kind: Literal["on_demand"]

    def at_breast(self, time_min: float, period: Period) -> float:
        """All calls, but for those that are missed."""
        return 0.0 if self.misses(time_min, period.clock(time_min)) else 1.0


class WeanPhase(DemandPhase):
    """Feeds on demand are replaced by bottles, evenly more from day to day, until none is left."""

    weans: ClassVar[bool] = True

    kind: Literal["wean"]
    days: float = Field(gt=0.0, le=1000.0, description="Days after which no feed is left")

    def at_breast(self, time_min: float, period: Period) -> float:
        """Falls evenly to nothing; none of those that are missed."""
        if self.misses(time_min, period.clock(time_min)):
            return 0.0
        return max(0.0, 1.0 - (time_min - period.from_min) / (self.days * DAY_MIN))


class NoFeedsPhase(DemandPhase):
    """Nobody is at the breast; infants get bottles when they ask."""

    needs_infant: ClassVar[bool] = False
    takes_milk: ClassVar[bool] = False

    kind: Literal["none"]

    def at_breast(self, time_min: float, period: Period) -> float:
        """None."""
        del time_min, period
        return 0.0
