"""What a config says of single sessions, where it cannot be so, or the run does not reach it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lactflow.dyad.schedule import OncePhase, Period, PlannedSession
from lactflow.dyad.schedule.times import ROUND_OFF_MIN
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from lactflow.config.model import RunConfig

Key = tuple[str | int, ...]

_BOTTLES_APART_MIN = 1.0
"""As those of the kind `bottle`."""
_IN_WORDS = {"pump": "a pumping", "hand": "an expression by hand", "bottle": "a bottle"}


def misplaced_sessions(config: RunConfig, run: Period) -> Iterator[tuple[Key, str]]:
    """
    Single sessions before the run, bottles for nobody, and sessions that overlap others of their phase.

    Parameters
    ----------
    config
        Valid key by key.
    run
        From when to when its run goes.
    """
    for number, phase in enumerate(config.schedule):
        if not isinstance(phase, OncePhase):
            continue
        latest: dict[str, tuple[float, int]] = {}
        for single, session in phase.placed(run.birth_clock_min):
            key = ("schedule", number, "sessions", single)
            if not run.begun(session.planned_min):
                allowed = f"start_day {config.start_day:g} or later"
                yield (*key, "day"), f"day {_day(session):.8g} is before the run begins (allowed: {allowed})"
            if session.kind == "bottle":
                yield from _for_nobody(config, session, key)
            yield from _overlapping(config, session, key, latest)


def _for_nobody(config: RunConfig, session: PlannedSession, key: Key) -> Iterator[tuple[Key, str]]:
    """A bottle for an infant that does not exist, or is not born by then."""
    there = len(config.infants)
    if not there:
        yield key, "there is no infant for the bottle (allowed: one infant or more, or what: pump or hand)"
    elif session.child is not None and session.child >= there:
        message = f"there is no infant {session.child} (infants are numbered from 0; {there} here)"
        yield (*key, "infant"), message
    else:
        for infant in _whose(config, session):
            born_day = config.infants[infant].born_day
            if session.planned_min < (born_day - 1.0) * DAY_MIN - ROUND_OFF_MIN:
                message = (
                    f"would feed infant {infant} on day {_day(session):.8g}, and it is born on day {born_day:g} "
                    f"(allowed: day {born_day:g} or later, or `infant` for another one)"
                )
                yield (*key, "day"), message


def _overlapping(
    config: RunConfig, session: PlannedSession, key: Key, latest: dict[str, tuple[float, int]]
) -> Iterator[tuple[Key, str]]:
    """
    Whether a session begins before an earlier one is over, at whichever breast: a mother has one at a time.

    Parameters
    ----------
    config, session, key
        The session, and where it stands.
    latest
        By what it would overlap: when the last of those that came before is over, and its number. Its own is added.
    """
    number = int(key[-1])
    bottle = session.kind == "bottle"
    over_min = session.planned_min + (_BOTTLES_APART_MIN if bottle else session.length_min or 0.0)
    for whom in [f"infant {infant}" for infant in _whose(config, session)] if bottle else ["mother"]:
        before_min, before = latest.get(whom, (session.planned_min, number))
        if session.planned_min < before_min - ROUND_OFF_MIN:
            rule = f"bottles of one infant are {_BOTTLES_APART_MIN:g} min apart" if bottle else "she has one at a time"
            message = (
                f"{_IN_WORDS[session.kind]} on day {_day(session):.8g} begins before sessions.{before} is over, on day "
                f"{before_min / DAY_MIN + 1.0:.8g} (allowed: after it; {rule})"
            )
            yield key, message
        latest[whom] = max(latest.get(whom, (over_min, number)), (over_min, number))


def sessions_not_simulated(phase: OncePhase, number: int, run: Period) -> Iterator[str]:
    """
    Single sessions after the end of the run: one warning each.

    Parameters
    ----------
    phase, number
        Their phase, and its place in the schedule.
    run
        From when to when the run goes.
    """
    for single, session in phase.placed(run.birth_clock_min):
        if run.over(session.planned_min):
            where = f"schedule.{number}.sessions.{single} ({session.kind})"
            yield f"{where}: is on day {_day(session):.8g}, the run is over on day {run.to_min / DAY_MIN + 1.0:g}"


def _whose(config: RunConfig, session: PlannedSession) -> range | tuple[int]:
    """Numbers of the infants that a bottle is for."""
    return range(len(config.infants)) if session.child is None else (session.child,)


def _day(session: PlannedSession) -> float:
    """Day on which a session begins, with its fraction."""
    return session.planned_min / DAY_MIN + 1.0
