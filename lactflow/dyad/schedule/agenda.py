"""
The two questions that every schedule answers: when next, and what then.

A phase of the config is a declaration. When a run is built it gives its agendas, which are asked while it holds. One
kind of agenda knows its sessions in advance (`Timetable`); the others look at mother and infants (`View`) each time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import ClassVar, NamedTuple

from lactflow.dyad.schedule.times import Period, PlannedSession
from lactflow.dyad.schedule.view import View

Logs = Mapping[str, Sequence[PlannedSession]]
"""Sessions of each log file, times counted from 00:00 of its first date."""

_WHOLE = 1.0 - 1e-9


class Agenda(ABC):
    """
    What one phase wants while it holds, for the mother or for one infant.

    Attributes
    ----------
    firm
        Whether an answer holds until its time has come, or until `look_again_min` is over. Otherwise it is asked again
        whenever a session ends or rates in the gland change, and at the time itself, which it may then put off.
    look_again_min
        A firm answer that lies further ahead than this is renewed after this time [min].
    infant
        Number of the infant that it is about; None for the mother.
    """

    firm: ClassVar[bool] = False
    look_again_min: ClassVar[float] = inf
    infant: int | None = None

    @abstractmethod
    def when(self, view: View) -> float:
        """When the next session is due, as things are now [min since birth]; infinity for never."""

    @abstractmethod
    def then(self, view: View) -> Iterable[PlannedSession]:
        """Sessions that are due now, one after the other."""

    def check_over(self) -> None:  # noqa: B027 - most agendas have nothing to look back at
        """
        Look back at its answers when the run is over; there is nothing to find in most.

        Raises
        ------
        DeclarationError
            If they make no sense, seen together.
        """

    def waits_min(self, time_min: float) -> float:
        """How long a feed that could begin at `time_min` waits."""
        del time_min
        return 0.0

    def follows(self, view: View, session: PlannedSession) -> Iterable[PlannedSession]:
        """Sessions that follow one that is just over, each at its planned time; none by default."""
        del view, session
        return ()


class Share:
    """Which of several calls are answered with the breast, where only a share of them is: evenly spread."""

    def __init__(self) -> None:
        self._owed = 0.0

    def take(self, share: float) -> bool:
        """Whether the next one is, when this share of them is."""
        self._owed += share
        if self._owed < _WHOLE:
            return False
        self._owed -= 1.0
        return True


class Setting(NamedTuple):
    """
    What a phase is given when a run is built.

    Attributes
    ----------
    period
        When it holds.
    logs
        Sessions of each log file.
    shares
        One for each infant; phases that follow one another go on with them.
    infants
        Numbers of the infants that the phase is about: those that other phases name are left out. All when None.
    shared
        Whether sessions that are not an infant's belong here too; another lane has them otherwise.
    """

    period: Period
    logs: Logs
    shares: Sequence[Share]
    infants: Sequence[int] | None = None
    shared: bool = True

    @property
    def whose(self) -> Sequence[int]:
        """Numbers of the infants that the phase is about."""
        return range(len(self.shares)) if self.infants is None else self.infants


class Timetable(Agenda):
    """
    Sessions that follow from the config alone.

    The timetables of all phases are merged into one, which is asked ahead of time: so the mother can get ready for a
    feed.

    Parameters
    ----------
    sessions
        In order of time.
    """

    def __init__(self, sessions: Iterable[PlannedSession]) -> None:
        self._sessions = iter(sessions)
        self._next = next(self._sessions, None)

    def when(self, view: View | None = None) -> float:
        """Time of the next one; it does not look at anything."""
        del view
        return inf if self._next is None else self._next.planned_min

    def then(self, view: View | None = None) -> Sequence[PlannedSession]:
        """The next one, once."""
        del view
        session, self._next = self._next, next(self._sessions, None)
        return () if session is None else (session,)

    def heads(self) -> Sequence[PlannedSession | None]:
        """The next one, None after the last: of several schedules, each that differs from the others."""
        return (self._next,)

    def take(self) -> PlannedSession | None:
        """The next one, once; None after the last."""
        taken = self._next
        self.then()
        return taken

    def __iter__(self) -> Iterator[PlannedSession]:
        """All that are left."""
        while self._next is not None:
            yield from self.then()


def for_each_infant(
    sessions: Iterable[PlannedSession], infants: Sequence[int], shared: bool = True
) -> Iterator[PlannedSession]:
    """
    Every feed, and every bottle of which nobody says how much was drunk, for each infant.

    Parameters
    ----------
    sessions
        As planned, for one infant.
    infants
        Their numbers; twins begin on different sides.
    shared
        Whether to go on with sessions that are not an infant's, or that a log says whose they are.
    """
    for session in sessions:
        if session.child is not None:
            if shared:
                yield session._replace(infant=session.child)
        # A log of twins that names no child does not say which of them had the bottle.
        elif session.kind != "feed" and (session.kind != "bottle" or session.volume_ml is not None):
            if shared:
                yield session
        else:
            for infant in infants:
                turn = infant % max(1, len(session.sides))
                yield session._replace(infant=infant, sides=session.sides[turn:] + session.sides[:turn])
