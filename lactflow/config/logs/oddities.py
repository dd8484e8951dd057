"""What a user may not have meant about a log: repairs of rows that are simulated, gaps, ounces, the age of solids."""

from __future__ import annotations

from collections.abc import Iterator

from lactflow.config.logs.feeding_log import FeedingLog
from lactflow.config.logs.ounces import bottles_ml, copious_ml, in_words, look_like_ounces
from lactflow.dyad.schedule import Gap, LogPhase, Period, stand_ins
from lactflow.kinetics import plain_sum
from lactflow.units import DAY_MIN

_SOLIDS_DAY = 180.0
"""Complementary food begins at about six months (WHO 2003, Global strategy for infant and young child feeding)."""
_MOST_GAPS = 5
"""Gaps in a warning."""
_SHORT_MIN = 60.0
"""Less of a gap than this that no day covers is not worth a word."""
_LATE_BIRTH_MIN = 360.0
"""A first feed later than this after the start of the day of birth is worth a word."""


def log_oddities(phase: LogPhase, log: FeedingLog, period: Period, *, only_milk: bool, number: int) -> Iterator[str]:
    """
    What the user may not have meant about a log in one phase: one line each.

    Parameters
    ----------
    phase, log
        The phase, and its log.
    period
        When the phase begins, and the run or a later phase ends it.
    only_milk
        Whether some infant is never offered other food than milk.
    number
        Of the phase in the schedule.
    """
    from_min, until_min, _ = period
    origin = phase.origin_min(from_min)
    yield from log.warnings_within(from_min - origin, until_min - origin)
    times = [session.planned_min + origin for session in log.sessions]
    early, late = sum(time < from_min for time in times), sum(time >= until_min for time in times)
    where, of_all = f"schedule.{number}.file", f"of {len(times):,} sessions of {log.file}"
    if early:
        yield f"{where}: {early:,} {of_all} come before day {from_min / DAY_MIN + 1.0:g} and are not simulated"
    if late:
        yield (
            f"{where}: {late:,} {of_all} come after the phase ends (day {until_min / DAY_MIN + 1.0:g}) "
            "and are not simulated"
        )
    yield from _gap_lines(phase, log, period)
    first_day = origin / DAY_MIN + 1.0
    for what, volumes in (
        ("volumes", copious_ml(log.sessions, first_day)),
        ("bottles", bottles_ml(log.sessions, first_day)),
    ):
        if look_like_ounces(volumes):
            mend = "write `3 oz` in a cell, or import the tracker's file again with `--unit oz`"
            yield f"{log.file}: the {what} look like ounces: {in_words(volumes)} ({mend})"
    if only_milk and until_min > _SOLIDS_DAY * DAY_MIN and max(times) > _SOLIDS_DAY * DAY_MIN:
        yield f"{log.file} passes day {_SOLIDS_DAY:g}: an infant is offered nothing but milk (`solids_from_day: null`)"


def _gap_lines(phase: LogPhase, log: FeedingLog, period: Period) -> Iterator[str]:
    """Hours and lines of what the log does not say, and what stands in."""
    from_min, until_min, _ = period
    gaps = phase.gaps_within(log.sessions, from_min, until_min)
    if phase.gaps == "stop":
        gaps = [gap for gap in gaps if gap.before is None]
        yield from _stop_line(phase, log, from_min, until_min)
    origin = phase.origin_min(from_min)
    first_min = log.sessions[0].planned_min
    if from_min <= 0.0 and origin + first_min > _LATE_BIRTH_MIN and not any(gap.before is None for gap in gaps):
        yield (
            f"{log.file}: it begins {(origin + first_min) / 60.0:.0f} h after the start of the day of birth; nobody "
            "removes milk before (`birth_clock` sets the hour of birth)"
        )
    if not gaps:
        return
    places = ", ".join(_place(gap, log) for gap in gaps[:_MOST_GAPS]) + (", ..." if len(gaps) > _MOST_GAPS else "")
    hours = plain_sum(gap.hours for gap in gaps)
    in_all = f"{hours:,.0f} h in {len(gaps)} pauses: {places}" if len(gaps) > 1 else places
    what = f"{log.file}: no session was written down for {in_all}"
    if phase.gaps == "continue":
        _, open_min = stand_ins(log.sessions, gaps)
        added = sum(session.source == "filled" for session in phase.sessions(period, {phase.file: log.sessions}))
        stand_in = f"{added:,} of her own sessions of the days around stand in" if added else "no day can stand in"
        lacking = ""
        if open_min >= _SHORT_MIN:
            lacking = f"; for {open_min / 60.0:,.0f} h of it no day says what she does, and nobody removes milk"
        yield f"{what}: {stand_in}{lacking} (gaps: continue)"
    else:
        yield f"{what}: nobody removes milk then (gaps: {phase.gaps})"


def _stop_line(phase: LogPhase, log: FeedingLog, from_min: float, until_min: float) -> Iterator[str]:
    """Why a run with `gaps: stop` ends where it does."""
    origin = phase.origin_min(from_min)
    later = phase.gaps_within(log.sessions, from_min, origin + log.sessions[-1].planned_min + DAY_MIN)
    gap = next((gap for gap in later if gap.before is not None and origin + gap.from_min < until_min), None)
    if gap is not None:
        yield f"{log.file}: the run ends where it pauses, {_place(gap, log)} (gaps: stop)"


def _place(gap: Gap, log: FeedingLog) -> str:
    """`28 h between lines 15 and 16`."""
    if gap.before is None:
        return f"{gap.hours:.0f} h before line {log.lines[0]}"
    if gap.after is None:
        return f"{gap.hours:.0f} h after line {log.lines[gap.before]}"
    return f"{gap.hours:.0f} h between lines {log.lines[gap.before]} and {log.lines[gap.after]}"
