"""What is unusual about a scenario but not wrong: one warning each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lactflow.config.bottles import stored_for_nothing
from lactflow.config.cohort import seen_in_women
from lactflow.config.conditions import condition_oddities
from lactflow.config.drugs.checked import odd_drugs
from lactflow.config.logs.feeding_log import FeedingLog
from lactflow.config.logs.notes import rows_in_words
from lactflow.config.logs.oddities import log_oddities
from lactflow.config.model import RunConfig, implausible, run_window
from lactflow.config.single_sessions import sessions_not_simulated
from lactflow.dyad.interventions import Fast, Seal
from lactflow.dyad.schedule import LogPhase, OncePhase, Period, clock_minutes, phase_starts
from lactflow.dyad.schedule.plan import taken_over, tracks_of
from lactflow.units import DAY_MIN

LONGEST_MEASURED_FAST_H = 42.0
"""Mohammad 2009."""


def oddities(config: RunConfig, logs: Mapping[str, FeedingLog]) -> list[str]:
    """
    Everything that a user may not have meant.

    Parameters
    ----------
    config
        Valid, its logs under the names of `logs`.
    logs
        Feeding logs that the schedule names.
    """
    return [
        *implausible(config, seen_in_women(config) if config.mother.fitted else {}),
        *condition_oddities(config),
        *dict.fromkeys(_phases(config, logs)),
        *_misses_of_nothing(config),
        *_interventions_not_simulated(config),
        *odd_drugs(config),
        *stored_for_nothing(config),
        *_nothing_to_report(config),
    ]


def _phases(config: RunConfig, logs: Mapping[str, FeedingLog]) -> Iterator[str]:
    """Phases that the run does not reach, and what is unusual about logs."""
    end_day = config.start_day + config.days
    for number, (start, until) in enumerate(spans(config)):
        phase = config.schedule[number]
        if isinstance(phase, OncePhase):
            yield from sessions_not_simulated(phase, number, run_window(config))
        elif start >= end_day:
            yield f"schedule.{number}: begins on day {start:g}, the run is over on day {end_day:g}"
        elif isinstance(phase, LogPhase):
            window = Period(
                max(0.0, (start - 1.0) * DAY_MIN), (until - 1.0) * DAY_MIN, clock_minutes(config.birth_clock)
            )
            yield from log_oddities(
                phase,
                logs[phase.file],
                window,
                only_milk=any(each.solids_from_day is None for each in config.infants),
                number=number,
            )
            yield from _at_sealed_breasts(config, logs[phase.file], window, phase.origin_min(window.from_min))


def _at_sealed_breasts(config: RunConfig, log: FeedingLog, window: Period, origin_min: float) -> Iterator[str]:
    """Rows of a log at breasts that an intervention shuts off then."""
    seals = [(each.side, *each.span(window.birth_clock_min)) for each in config.interventions if isinstance(each, Seal)]
    lost = []
    for session, line in zip(log.sessions, log.lines, strict=True):
        time_min = origin_min + session.planned_min
        shut = {side for side, from_min, to_min in seals if from_min <= time_min < to_min}
        taken = {side for side, _ in session.sides}
        if taken & shut and window.from_min <= time_min < window.to_min:
            lost.append((line, taken <= shut))
    for whole, what in ((True, "are not simulated"), (False, "are simulated at the other breast alone")):
        lines = [line for line, all_of_it in lost if all_of_it == whole]
        if lines:
            yield f"{log.file}: sessions at a breast that is sealed then {what}: {rows_in_words(lines)}"


def spans(config: RunConfig) -> list[tuple[float, float]]:
    """
    First day of each phase, and the day on which the run or a later phase ends it.

    Parameters
    ----------
    config
        Valid.
    """
    end_day = config.start_day + config.days
    starts = phase_starts(config.schedule, config.start_day)
    return [
        (start, min([end_day, *(starts[n] for n in taken_over(config.schedule, number))]))
        for number, start in enumerate(starts)
    ]


def _misses_of_nothing(config: RunConfig) -> Iterator[str]:
    """Days on which a session is missed although the phase does not hold on them."""
    for number, (start, until) in enumerate(spans(config)):
        for entry, miss in enumerate(config.schedule[number].miss):
            outside = [day for day in miss.days if not start - 1.0 < day < until]
            if outside:
                days = ", ".join(map(str, outside[:8]))
                yield (
                    f"schedule.{number}.miss.{entry}: nothing is missed on day {days}, outside the phase "
                    f"(day {start:g} to {until:g})"
                )


def _interventions_not_simulated(config: RunConfig) -> Iterator[str]:
    """Interventions that begin after the run, or are over before it."""
    end_day = config.start_day + config.days
    for number, intervention in enumerate(config.interventions):
        where = f"interventions.{number} ({intervention.kind})"
        over_day = getattr(intervention, "end_day", None)
        if intervention.start_day >= end_day:
            yield f"{where}: begins on day {intervention.start_day:g}, the run is over on day {end_day:g}"
        elif isinstance(intervention, Fast) and intervention.hours > LONGEST_MEASURED_FAST_H:
            yield (
                f"{where}: {intervention.hours:g} h are beyond what has been measured in women who breastfeed "
                f"({LONGEST_MEASURED_FAST_H:g} h)"
            )
        elif over_day is not None and over_day <= config.start_day:
            yield f"{where}: is over on day {over_day:g}, the run begins on day {config.start_day:g}"


def _nothing_to_report(config: RunConfig) -> Iterator[str]:
    """Runs without milk, infants without food, windows without time."""
    warm_up_days = config.record.warm_up_days
    if warm_up_days >= config.days:
        yield f"record.warm_up_days = {warm_up_days:g} leaves nothing of {config.days:g} days to summarise"
    if not any(phase.takes_milk or phase.lane != "feeding" for phase in config.schedule):
        yield "there is no schedule: nobody takes milk"
    elif config.infants and not any(phase.lane == "feeding" for phase in config.schedule):
        yield "nobody feeds the infant: the schedule has no feeds (allowed: `infants: []` for a mother who only pumps)"
    else:
        tracks = tracks_of(config.schedule, config.start_day, len(config.infants))
        fed = {infant for track in tracks for infant in track.infants if track.phases[0][1].lane == "feeding"}
        for infant in range(len(config.infants)):
            if infant not in fed:
                yield f"nobody feeds infant {infant}: every phase of feeding names another one"
