"""The kind of phase that keeps to a feeding log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from lactflow.dyad.schedule.agenda import Logs
from lactflow.dyad.schedule.gaps import Gap, filled, gaps_of
from lactflow.dyad.schedule.phase import TimedPhase
from lactflow.dyad.schedule.times import BY_ALIAS, FROM, INTO, STORED_HOW, BottleName, Period, PlannedSession
from lactflow.gland.storage import Stored
from lactflow.units import DAY_MIN

_EXPRESSED = ("pump", "hand")


class LogPhase(TimedPhase):
    """A feeding log, simulated as it was kept; 00:00 of its first date is the start of the phase's day."""

    needs_infant: ClassVar[bool] = False  # it may hold nothing but pumpings: that is known when it has been read
    practised: ClassVar[bool] = True

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

    model_config = BY_ALIAS
    into: BottleName | None = INTO
    stored: Stored | None = STORED_HOW
    from_: BottleName | None = FROM

    @property
    def into_bottles(self) -> str | None:
        """Name of the bottles that it fills."""
        return self.into

    @property
    def stored_how(self) -> Stored | None:
        """How milk that the log says was expressed is stored."""
        return self.stored

    @property
    def from_bottles(self) -> str | None:
        """Name of the bottles that it gives."""
        return self.from_

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

    def planned(self, period: Period, logs: Logs) -> Iterator[PlannedSession]:
        """Sessions of the log in the period, and those that stand in for what it does not say."""
        origin = self.origin_min(period.from_min)
        for session in self.continued(logs[self.file], period.from_min, period.to_min):
            time_min = origin + session.planned_min
            if period.over(time_min):
                return
            if period.begun(time_min):
                stored = self.stored if session.kind in _EXPRESSED else None
                yield session._replace(planned_min=time_min, bottle=self._bottle(session), stored=stored)

    def _bottle(self, session: PlannedSession) -> str | None:
        """Name of the bottles that a session of the log fills or is given from."""
        if session.kind in _EXPRESSED:
            return self.into
        return self.from_ if session.content == "own_milk" else None
