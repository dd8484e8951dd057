"""On which day of lactation each log of a fit begins: by the user, or by the config that an import wrote beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from lactflow.config.overrides import Overrides
from lactflow.config.scenario import load_scenario
from lactflow.config.text import counted, shown_path
from lactflow.config.yaml_source import parse_yaml
from lactflow.dyad.schedule import LogPhase, phase_starts
from lactflow.errors import ConfigError, Problem

DAY_OF_BIRTH = 1.0
"""Day of a log's first date where nothing else is known."""
_MEND = "--start-day gives another"


class Beginning(NamedTuple):
    """Day of lactation of a log's first date, None where a setting says it; and one line where nobody gave it."""

    day: float | None
    notes: tuple[str, ...] = ()


def start_days(start_day: float | Sequence[float] | None, logs: int) -> list[float | None]:
    """
    The start day of each log, None where it is to be found.

    Parameters
    ----------
    start_day
        As the user gave it: none, one, or one for each log.
    logs
        How many there are.

    Raises
    ------
    ConfigError
        If there are several, and not one for each log; or no log at all.
    """
    if not logs:
        raise ConfigError("there is no log to fit")
    if start_day is None or isinstance(start_day, (int, float)):
        return [start_day] * logs
    days: list[float | None] = list(start_day)
    if len(days) not in (1, logs):
        raise ConfigError(
            Problem(f"{len(days)} days for {counted(logs, 'log')} (allowed: one, or one for each)", "--start-day")
        )
    return days * logs if len(days) == 1 else days


def beginning(log: Path, settings: Sequence[str], start_day: float | None) -> Beginning:
    """
    The day of a log's first date, as the user or the config of the same name beside it says; else that of birth.

    Parameters
    ----------
    log
        A feeding log that can be read.
    settings
        `key.sub=value` of its mother.
    start_day
        The day that the user gave.
    """
    given = Overrides(settings, {})
    if start_day is not None or given.option(("start_day",)) or given.option(("birth_date",)):
        return Beginning(start_day)
    path = log.with_suffix(".yaml")
    shown, config = shown_path(log), shown_path(path)
    number = _phase_of(log.name, path)
    if number is None:
        note = f"{shown}: nothing says on which day it begins: day {DAY_OF_BIRTH:g}, that of birth, is taken ({_MEND})"
        return Beginning(None, (note,))
    try:
        found = load_scenario(path).config
    except ConfigError as error:
        note = f"{shown}: {config} beside it does not load: day {DAY_OF_BIRTH:g}, that of birth, is taken ({_MEND})"
        return Beginning(None, (f"{note}; {error.problems[0]}",))
    phase = found.schedule[number]
    placed = phase.first_day if isinstance(phase, LogPhase) else None
    day = phase_starts(found.schedule, found.start_day)[number] if placed is None else placed
    return Beginning(day, (f"{shown}: it begins on day {day:g}, as {config} beside it says ({_MEND})",))


def _phase_of(log: str, path: Path) -> int | None:
    """Number of the phase of a config that is a log; None where there is no such config, or it does not name it."""
    try:
        data = parse_yaml(path.read_bytes(), str(path), tolerant=True).data
    except (OSError, ConfigError):
        return None
    schedule = data.get("schedule") if isinstance(data, dict) else None
    phases = schedule if isinstance(schedule, tuple) else ()
    named = [isinstance(each, dict) and each.get("kind") == "log" and each.get("file") == log for each in phases]
    return named.index(True) if True in named else None
