"""Which days a feeding log stands for, and how long a run with a log lasts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from lactflow.config.logs.feeding_log import FeedingLog
from lactflow.config.model import MOST_DAYS, RunConfig
from lactflow.dyad.schedule import Gap, Log, clock_minutes, last_min, phase_starts
from lactflow.units import DAY_MIN

Key = tuple[str | int, ...]
_DIGITS = 9
"""Days are rounded to this: a tenth of a millisecond."""


def settled(
    config: RunConfig, given: Collection[str], logs: Mapping[str, FeedingLog]
) -> tuple[RunConfig, list[tuple[Key, str]]]:
    """
    A config with the days that follow from its logs: day of the first date, start and duration.

    Parameters
    ----------
    config
        Valid key by key, logs named as in `logs`.
    given
        Top-level keys that the user gave; the others follow from the log.
    logs
        Logs that have been read.

    Returns
    -------
    The config, and what is wrong: the key to change, and one line.
    """
    numbers = [n for n, phase in enumerate(config.schedule) if isinstance(phase, Log) and phase.file in logs]
    if not numbers:
        return config, []
    config, problems = _placed(config, given, logs, numbers)
    if problems:
        return config, problems
    if "days" not in given and _last_of_its_lane(config, numbers[-1]):
        end_day = max(_end_day(config, number, logs) for number in numbers)
        config, problems = _lasting(config, end_day - config.start_day, numbers[-1])
    for number in numbers:
        stops = _stop_day(config, number, logs)
        if stops is not None and not problems:
            config, problems = _lasting(config, stops - config.start_day, number)
    return config, problems


def _placed(
    config: RunConfig, given: Collection[str], logs: Mapping[str, FeedingLog], numbers: list[int]
) -> tuple[RunConfig, list[tuple[Key, str]]]:
    """Each log on the days that the date of birth gives it; the run begins with the first of them."""
    if config.birth_date is None:
        return config, []
    born = date.fromisoformat(config.birth_date)
    clock = clock_minutes(config.birth_clock) / DAY_MIN
    phases = list(config.schedule)
    for number in numbers:
        phase = phases[number]
        assert isinstance(phase, Log)
        first = logs[phase.file].first_date
        if first < born:
            message = f"{phase.file} begins on {first}, before the date of birth"
            return config, [(("birth_date",), message)]
        if phase.first_day is None:
            first_day = round((first - born).days + 1.0 - clock, _DIGITS)
            phases[number] = phase.model_copy(update={"first_day": first_day})
    config = config.model_copy(update={"schedule": tuple(phases)})
    phase = phases[numbers[0]]
    assert isinstance(phase, Log)
    assert phase.first_day is not None
    if "start_day" in given or phase.from_day is not None:
        return config, []
    start_day = max(phase.first_day, 1.0)
    if start_day > MOST_DAYS:
        first = logs[phase.file].first_date
        message = (
            f"{phase.file} begins on {first}, day {start_day:g} by the date of birth (allowed: {MOST_DAYS:g} or less)"
        )
        return config, [(("birth_date",), message)]
    return config.model_copy(update={"start_day": start_day}), []


def _last_of_its_lane(config: RunConfig, number: int) -> bool:
    """Whether no other kind of feeding takes over from a log."""
    lane = config.schedule[number].lane
    return all(phase.lane != lane for phase in config.schedule[number + 1 :])


def _span(config: RunConfig, number: int) -> tuple[Log, float, float]:
    """A phase with a log; when it begins, and 00:00 of the log's first date [min since birth]."""
    phase = config.schedule[number]
    assert isinstance(phase, Log)
    from_min = (phase_starts(config.schedule, config.start_day)[number] - 1.0) * DAY_MIN
    return phase, from_min, phase.origin_min(from_min)


def _end_day(config: RunConfig, number: int, logs: Mapping[str, FeedingLog]) -> float:
    phase, _, origin = _span(config, number)
    end_min = origin + last_min(logs[phase.file].sessions, config.dyad.pump.longest_min)
    return end_min / DAY_MIN + 1.0


def _stop_day(config: RunConfig, number: int, logs: Mapping[str, FeedingLog]) -> float | None:
    """Day on which a log with `gaps: stop` first pauses or ends, None where it does not."""
    phase, from_min, origin = _span(config, number)
    end_min = (config.start_day - 1.0 + config.days) * DAY_MIN
    sessions = logs[phase.file].sessions
    if phase.gaps != "stop":
        return None
    for gap in phase.gaps_within(sessions, from_min, end_min):
        if gap.before is not None:
            before = sessions[gap.before]
            length_min = config.dyad.pump.longest_min if before.length_min is None else before.length_min
            stops = (origin + before.planned_min + length_min) / DAY_MIN + 1.0
            return stops if stops < config.start_day + config.days else None
    return None


def _lasting(config: RunConfig, days: float, number: int) -> tuple[RunConfig, list[tuple[Key, str]]]:
    """The config with that duration, where it is one."""
    days = round(days, _DIGITS)
    file = getattr(config.schedule[number], "file", "")
    if days <= 0.0:
        return config, [(("start_day",), f"{file} ends on day {config.start_day + days:g}, before the run begins")]
    if days > MOST_DAYS:
        return config, [(("days",), f"{file} lasts for {days:g} days (allowed: {MOST_DAYS:g}; give `days`)")]
    return config.model_copy(update={"days": days}), []


def log_oddities(
    phase: Log, log: FeedingLog, from_min: float, until_min: float, *, has_infants: bool, number: int
) -> Iterator[str]:
    """
    What the user may not have meant about a log in one phase: one line each.

    Parameters
    ----------
    phase, log
        The phase, and its log.
    from_min, until_min
        When the phase begins, and the run or a later phase ends it [min since birth].
    has_infants
        Whether somebody is fed.
    number
        Of the phase in the schedule.
    """
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
    yield from _gap_lines(phase, log, from_min, until_min)
    if log.looks_like_ounces and from_min / DAY_MIN >= _LACTATING_DAYS:
        yield f"{log.file}: the volumes look like ounces (write `3 oz` in a cell, or use `lactflow import --unit oz`)"
    if has_infants and until_min > _SOLIDS_DAY * DAY_MIN and max(times) > _SOLIDS_DAY * DAY_MIN:
        yield f"{log.file} passes day {_SOLIDS_DAY:g}: solid food is not modelled, the infant lives on milk alone"


_LACTATING_DAYS = 21.0
"""Later than this no woman who pumps has a median of less than `OUNCES_BELOW` mL."""
_SOLIDS_DAY = 180.0
"""Complementary food begins at about six months (WHO 2003, Global strategy for infant and young child feeding)."""
_MOST_GAPS = 5
"""Gaps in a warning."""


def _gap_lines(phase: Log, log: FeedingLog, from_min: float, until_min: float) -> Iterator[str]:
    """Hours and lines of what the log does not say, and what stands in."""
    gaps = phase.gaps_within(log.sessions, from_min, until_min)
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
    hours = sum(gap.hours for gap in gaps)
    in_all = f"{hours:,.0f} h in {len(gaps)} pauses: {places}" if len(gaps) > 1 else places
    what = f"{log.file}: no session was written down for {in_all}"
    if phase.gaps == "continue":
        added = sum(session.source == "filled" for session in phase.played(log.sessions, from_min, until_min))
        stand_in = f"{added:,} of her own sessions of the days around stand in" if added else "no day can stand in"
        yield f"{what}: {stand_in} (gaps: continue)"
    else:
        yield f"{what}: nobody removes milk then (gaps: {phase.gaps})"


_LATE_BIRTH_MIN = 360.0
"""A first feed later than this after the start of the day of birth is worth a word."""


def _place(gap: Gap, log: FeedingLog) -> str:
    """`28 h between lines 15 and 16`."""
    if gap.before is None:
        return f"{gap.hours:.0f} h before line {log.lines[0]}"
    if gap.after is None:
        return f"{gap.hours:.0f} h after line {log.lines[gap.before]}"
    return f"{gap.hours:.0f} h between lines {log.lines[gap.before]} and {log.lines[gap.after]}"
