"""What all phases share, and the kinds of phase that say when infants are at the breast."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from lactflow.dyad.schedule.gaps import Gap, filled, gaps_of
from lactflow.dyad.schedule.times import (
    BottleContent,
    ClockTime,
    Miss,
    NightGap,
    PlannedSession,
    Side,
    Window,
    at_clock_times,
    clock_minutes,
    clock_text,
    sides_in_turn,
)
from lactflow.parameters.declaration import Declared
from lactflow.units import DAY_MIN

Logs = Mapping[str, Sequence[PlannedSession]]
ClockTimes = Annotated[tuple[ClockTime, ...], Field(min_length=1, max_length=96, description="Clock times, HH:MM")]


_BREASTS: Any = Field(default="both", description="Breasts that infants are put to, one after the other")


class Phase(Declared):
    """
    What all phases share.

    Attributes
    ----------
    lane
        Which phases take over from one another.
    """

    lane: ClassVar[str] = "feeding"

    from_day: float | None = Field(
        default=None,
        ge=-400.0,
        le=4000.0,
        description="Day it begins, fractions allowed; the start of the run when left out",
    )
    night_gap: NightGap | None = Field(default=None, description="Hours without sessions, every night")
    miss: tuple[Miss, ...] = Field(default=(), max_length=100, description="Sessions that do not take place")

    def planned(self, window: Window, logs: Logs) -> Iterator[PlannedSession]:
        """Sessions in the window, in order of time, missed ones too."""
        del window, logs
        yield from ()

    def sessions(self, window: Window, logs: Logs) -> Iterator[PlannedSession]:
        """Sessions that take place in the window, in order of time."""
        for session in self.planned(window, logs):
            clock_min = window.clock(session.planned_min)
            gap = self.night_gap is not None and self.night_gap.holds(clock_min)
            if not gap and not self.misses(session.planned_min, clock_min):
                yield session

    def misses(self, time_min: float, clock_min: float) -> bool:
        """Whether what would be at this time does not take place."""
        return any(miss.misses(time_min, clock_min) for miss in self.miss)


def _feed(time_min: float, side: Side, number: int) -> PlannedSession:
    if side == "preferred":
        return PlannedSession(time_min, "feed", rule=side)
    return PlannedSession(time_min, "feed", tuple((breast, None) for breast in sides_in_turn(side, number)))


class Demand(Phase):
    """A phase in which infants ask for milk themselves."""

    side: Side = _BREASTS
    content: BottleContent = Field(default="formula", description="What is in bottles that infants get instead")

    @abstractmethod
    def at_breast(self, time_min: float, window: Window) -> float:
        """Share of their calls that are answered with the breast and not with a bottle."""

    def waits_min(self, time_min: float, window: Window) -> float:
        """How long a call waits: until the night gap is over."""
        clock_min = window.clock(time_min)
        gap = self.night_gap
        return gap.over_in(clock_min) if gap is not None and gap.holds(clock_min) else 0.0


class OnDemand(Demand):
    """Infants are put to the breast when they ask."""

    kind: Literal["on_demand"]

    def at_breast(self, time_min: float, window: Window) -> float:
        """All calls, but for those that are missed."""
        return 0.0 if self.misses(time_min, window.clock(time_min)) else 1.0


class Wean(Demand):
    """Feeds on demand are replaced by bottles, evenly more from day to day, until none is left."""

    kind: Literal["wean"]
    days: float = Field(gt=0.0, le=1000.0, description="Days after which no feed is left")

    def at_breast(self, time_min: float, window: Window) -> float:
        """Falls evenly to nothing; none of those that are missed."""
        if self.misses(time_min, window.clock(time_min)):
            return 0.0
        return max(0.0, 1.0 - (time_min - window.from_min) / (self.days * DAY_MIN))


class Nothing(Demand):
    """Nobody is at the breast; infants get bottles when they ask."""

    kind: Literal["none"]

    def at_breast(self, time_min: float, window: Window) -> float:
        """None."""
        del time_min, window
        return 0.0


class Every(Phase):
    """A feed every so many hours, day and night, the first when the phase begins."""

    kind: Literal["every"]
    hours: float = Field(ge=0.25, le=240.0, description="Hours from the start of one feed to the start of the next")
    side: Side = _BREASTS

    def planned(self, window: Window, logs: Logs) -> Iterator[PlannedSession]:
        """Feeds in the window, in order of time."""
        del logs
        for number in count():
            time_min = window.from_min + number * self.hours * 60.0
            if window.over(time_min):
                return
            yield _feed(time_min, self.side, number)


class Clock(Phase):
    """Feeds at the same clock times every day."""

    kind: Literal["clock"]
    times: ClockTimes
    side: Side = _BREASTS

    def planned(self, window: Window, logs: Logs) -> Iterator[PlannedSession]:
        """Feeds in the window, in order of time."""
        del logs
        for number, time_min in enumerate(at_clock_times(window, self._clock_min())):
            yield _feed(time_min, self.side, number)

    def _clock_min(self) -> list[float]:
        return [clock_minutes(text) for text in self.times]

    @model_validator(mode="after")
    def _apart(self) -> Clock:
        check_times(self._clock_min(), self.night_gap, 1.0)
        return self


class Cluster(Phase):
    """Feeds in clusters: several close together, then a long pause."""

    kind: Literal["cluster"]
    feeds: int = Field(ge=1, le=48, description="Feeds a day")
    clusters: int = Field(default=2, ge=1, le=12, description="Clusters a day, evenly spread from the first")
    gap_min: float = Field(default=60.0, ge=15.0, le=480.0, description="Minutes from feed to feed in a cluster")
    first: ClockTime = Field(default="06:00", description="Clock time of the first cluster")
    side: Side = _BREASTS

    def planned(self, window: Window, logs: Logs) -> Iterator[PlannedSession]:
        """Feeds in the window, in order of time."""
        del logs
        offsets = [
            cluster * DAY_MIN / self.clusters + feed * self.gap_min
            for cluster in range(self.clusters)
            for feed in range(self._feeds_of(cluster))
        ]
        first_min = clock_minutes(self.first) - window.birth_clock_min
        day, number = int((window.from_min - first_min) // DAY_MIN) - 1, 0
        while day * DAY_MIN + first_min < window.to_min:
            for offset in offsets:
                time_min = day * DAY_MIN + first_min + offset
                if window.begun(time_min) and not window.over(time_min):
                    yield _feed(time_min, self.side, number)
                    number += 1
            day += 1

    def _feeds_of(self, cluster: int) -> int:
        """Feeds of one cluster: as even as whole numbers allow."""
        return (self.feeds * (cluster + 1)) // self.clusters - (self.feeds * cluster) // self.clusters

    @model_validator(mode="after")
    def _fits(self) -> Cluster:
        longest = max(self._feeds_of(cluster) for cluster in range(self.clusters))
        if longest * self.gap_min > DAY_MIN / self.clusters:
            msg = (
                f"clusters overlap: {longest} feeds {self.gap_min:g} min apart do not fit into "
                f"{DAY_MIN / self.clusters:g} min"
            )
            raise ValueError(msg)
        return self


class Log(Phase):
    """A feeding log, simulated as it was kept; 00:00 of its first date is the start of the phase's day."""

    kind: Literal["log"]
    file: str = Field(min_length=1, max_length=255, description="CSV file, relative to the config")
    gaps: Literal["continue", "nobody", "stop"] = Field(
        default="continue",
        description="Where nothing was written down: her sessions of the days around, no session, or the run ends",
    )
    first_day: float | None = Field(
        default=None,
        ge=-400.0,
        le=4000.0,
        description="Day on which 00:00 of its first date lies; follows from birth_date, else the start of the phase",
    )

    def origin_min(self, from_min: float) -> float:
        """00:00 of its first date [min since birth], for a phase that begins at `from_min`."""
        return from_min if self.first_day is None else (self.first_day - 1.0) * DAY_MIN

    def gaps_within(self, sessions: Sequence[PlannedSession], from_min: float, to_min: float) -> list[Gap]:
        """Times between two instants [min since birth] of which the log says nothing, on its own time scale."""
        origin = self.origin_min(from_min)
        begin = max(from_min - origin, -origin)  # nobody feeds before birth
        born = begin == -origin and from_min <= 0.0
        return [gap for gap in gaps_of(sessions, begin, to_min - origin) if not (born and gap.before is None)]

    def continued(self, sessions: Sequence[PlannedSession], from_min: float, to_min: float) -> Sequence[PlannedSession]:
        """Sessions of the log with those that stand in between two instants, on its own time scale."""
        if self.gaps != "continue":
            return sessions
        return filled(sessions, self.gaps_within(sessions, from_min, to_min))

    def planned(self, window: Window, logs: Logs) -> Iterator[PlannedSession]:
        """Sessions of the log in the window, and those that stand in for what it does not say."""
        origin = self.origin_min(window.from_min)
        for session in self.continued(logs[self.file], window.from_min, window.to_min):
            time_min = origin + session.planned_min
            if window.over(time_min):
                return
            if window.begun(time_min):
                yield session._replace(planned_min=time_min)


def check_times(times_min: Sequence[float], night_gap: NightGap | None, length_min: float) -> None:
    """
    Times of a day must be apart by the length of a session, and not lie in the night gap.

    Raises
    ------
    ValueError
        If they are not, or do.
    """
    ordered = sorted(times_min)
    for one, other in zip(ordered, [*ordered[1:], *ordered[:1]], strict=True):
        apart = (other - one) % DAY_MIN
        if len(ordered) > 1 and apart < length_min:
            msg = f"sessions at {clock_text(one)} and {clock_text(other)} overlap: one takes {length_min:g} min"
            raise ValueError(msg)
    if night_gap is not None:
        lost = [time for time in ordered if night_gap.holds(time)]
        if lost:
            msg = f"the session at {clock_text(lost[0])} never takes place: it lies in the night gap"
            raise ValueError(msg)
