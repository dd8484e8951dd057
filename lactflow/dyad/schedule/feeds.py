"""The kinds of phase that plan feeds in advance: at equal intervals, by the clock, in clusters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Literal

from pydantic import Field, model_validator

from lactflow.dyad.schedule.agenda import Logs
from lactflow.dyad.schedule.phase import ClockTimes, FeedingPhase, TimedPhase, check_times, feed
from lactflow.dyad.schedule.times import ClockTime, Period, PlannedSession, at_clock_times, clock_minutes
from lactflow.units import DAY_MIN


class EveryPhase(FeedingPhase, TimedPhase):
    """A feed every so many hours, day and night, the first when the phase begins."""

    kind: Literal["every"]
    hours: float = Field(ge=0.25, le=240.0, description="Hours from the start of one feed to the start of the next")

    def planned(self, period: Period, logs: Logs) -> Iterator[PlannedSession]:
        """Feeds in the period, in order of time."""
        del logs
        for number in count():
            time_min = period.from_min + number * self.hours * 60.0
            if period.over(time_min):
                return
            yield feed(time_min, self.side_at(time_min, period), number)


class ClockPhase(FeedingPhase, TimedPhase):
    """Feeds at the same clock times every day."""

    kind: Literal["clock"]
    times: ClockTimes

    def planned(self, period: Period, logs: Logs) -> Iterator[PlannedSession]:
        """Feeds in the period, in order of time."""
        del logs
        for number, time_min in enumerate(at_clock_times(period, self._clock_min())):
            yield feed(time_min, self.side_at(time_min, period), number)

    def _clock_min(self) -> list[float]:
        return [clock_minutes(text) for text in self.times]

    @model_validator(mode="after")
    def _apart(self) -> ClockPhase:
        check_times(self._clock_min(), self.night_gap, 1.0)
        return self


class ClusterPhase(FeedingPhase, TimedPhase):
    """Feeds in clusters: several close together, then a long pause."""

    kind: Literal["cluster"]
    feeds: int = Field(ge=1, le=48, description="Feeds a day")
    clusters: int = Field(default=2, ge=1, le=12, description="Clusters a day, evenly spread from the first")
    gap_min: float = Field(default=60.0, ge=15.0, le=480.0, description="Minutes from feed to feed in a cluster")
    first: ClockTime = Field(default="06:00", description="Clock time of the first cluster")

    def planned(self, period: Period, logs: Logs) -> Iterator[PlannedSession]:
        """Feeds in the period, in order of time."""
        del logs
        offsets = [
            cluster * DAY_MIN / self.clusters + feed * self.gap_min
            for cluster in range(self.clusters)
            for feed in range(self._feeds_of(cluster))
        ]
        first_min = clock_minutes(self.first) - period.birth_clock_min
        day, number = int((period.from_min - first_min) // DAY_MIN) - 1, 0
        while day * DAY_MIN + first_min < period.to_min:
            for offset in offsets:
                time_min = day * DAY_MIN + first_min + offset
                if period.begun(time_min) and not period.over(time_min):
                    yield feed(time_min, self.side_at(time_min, period), number)
                    number += 1
            day += 1

    def _feeds_of(self, cluster: int) -> int:
        """Feeds of one cluster: as even as whole numbers allow."""
        return (self.feeds * (cluster + 1)) // self.clusters - (self.feeds * cluster) // self.clusters

    @model_validator(mode="after")
    def _fits(self) -> ClusterPhase:
        longest = max(self._feeds_of(cluster) for cluster in range(self.clusters))
        if longest * self.gap_min > DAY_MIN / self.clusters:
            msg = (
                f"clusters overlap: {longest} feeds {self.gap_min:g} min apart do not fit into "
                f"{DAY_MIN / self.clusters:g} min"
            )
            raise ValueError(msg)
        return self
