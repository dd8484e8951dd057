"""Which days a feeding log stands for, and how long a run with a log lasts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from lactflow.config.logs.feeding_log import FeedingLog
from lactflow.config.model import MOST_DAYS, RunConfig
from lactflow.config.oddities import spans
from lactflow.dyad.schedule import LogPhase, clock_minutes, last_min, phase_starts
from lactflow.dyad.schedule.gaps import LATE_MIN
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
    numbers = [n for n, phase in enumerate(config.schedule) if isinstance(phase, LogPhase) and phase.file in logs]
    if not numbers:
        return config, []
    config, problems = _placed(config, given, logs, numbers)
    if problems:
        return config, problems
    if "days" not in given and _last_of_its_lane(config, numbers[-1]):
        config, problems = _lasting(config, _end_day(config, numbers[-1], logs) - config.start_day, numbers[-1])
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
        assert isinstance(phase, LogPhase)
        first = logs[phase.file].first_date
        if first < born:
            message = f"{phase.file} begins on {first}, before the date of birth"
            return config, [(("birth_date",), message)]
        if phase.first_day is None:
            first_day = round((first - born).days + 1.0 - clock, _DIGITS)
            phases[number] = phase.model_copy(update={"first_day": first_day})
    config = config.model_copy(update={"schedule": tuple(phases)})
    phase = phases[numbers[0]]
    assert isinstance(phase, LogPhase)
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
    lane = config.schedule[number].in_lane
    return all(phase.in_lane != lane for phase in config.schedule[number + 1 :])


def _span(config: RunConfig, number: int) -> tuple[LogPhase, float, float]:
    """A phase with a log; when it begins, and 00:00 of the log's first date [min since birth]."""
    phase = config.schedule[number]
    assert isinstance(phase, LogPhase)
    from_min = max(0.0, (phase_starts(config.schedule, config.start_day)[number] - 1.0) * DAY_MIN)
    return phase, from_min, phase.origin_min(from_min)


def _end_day(config: RunConfig, number: int, logs: Mapping[str, FeedingLog]) -> float:
    phase, _, origin = _span(config, number)
    end_min = origin + last_min(logs[phase.file].sessions, config.dyad.pump.longest_min)
    return end_min / DAY_MIN + 1.0


def _stop_day(config: RunConfig, number: int, logs: Mapping[str, FeedingLog]) -> float | None:
    """Day on which a log with `gaps: stop` first pauses or ends, None where it does not."""
    phase, from_min, origin = _span(config, number)
    end_min = (spans(config)[number][1] - 1.0) * DAY_MIN
    sessions = logs[phase.file].sessions
    if phase.gaps != "stop":
        return None
    for gap in phase.gaps_within(sessions, from_min, end_min):
        if gap.before is not None:
            before = sessions[gap.before]
            length_min = config.dyad.pump.longest_min if before.length_min is None else before.length_min
            stops = (origin + before.planned_min + length_min + LATE_MIN) / DAY_MIN + 1.0
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
