"""
The unit of work: one replicate of one mother, played into a run directory by one writer.

A unit is data (a resolved config, two numbers, a directory), so that it can be played by another process or
another machine just as well.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lactflow.config.additions import additions_of, config_from_json
from lactflow.config.cohort import drawn
from lactflow.config.scenario import logs_beside
from lactflow.errors import NoProgressError
from lactflow.pipeline import StillClockError
from lactflow.recording.archive import RunRecorder
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN

ShowProgress = Callable[[float, float], None]
"""Told the share of the work that is done and the simulated time [min]; may raise to stop."""

ShowPhase = Callable[[str], None]
"""Told what begins, in words for people."""


class UnitOfWork(NamedTuple):
    """
    One replicate of one mother.

    Attributes
    ----------
    config
        The resolved config, as JSON.
    mother, replicate
        Numbers that address all chance.
    directory
        The run directory; the feeding logs that the config names lie in it.
    """

    config: str
    mother: int
    replicate: int
    directory: str


class Failure(NamedTuple):
    """
    A unit that was not played to its end.

    Attributes
    ----------
    directory, mother, replicate
        Which one.
    message
        Why.
    exit_code
        Of the error that stopped it.
    """

    directory: str
    mother: int
    replicate: int
    message: str
    exit_code: int


def play_unit(unit: UnitOfWork, progress: ShowProgress | None = None) -> None:
    """
    Play one unit; whatever stops it, what was told until then is flushed.

    Parameters
    ----------
    unit
        What to play.
    progress
        Told the share of the unit that is done, and the simulated time, now and then; may raise to stop.

    Raises
    ------
    NoProgressError
        If the simulated clock stands still.
    BalanceError
        If a quantity was made or lost out of nothing; the tables hold the balance all the same.
    ArchiveError
        If the unit was recorded before, or the disk refuses.
    InterruptedRunError
        If `progress` raised it.
    """
    cohort = config_from_json(unit.config)
    additions = additions_of(cohort)
    config, traits = drawn(cohort, unit.mother, additions.stations)
    directory = Path(unit.directory)
    logs = logs_beside(config, directory)
    recorder = RunRecorder(directory, unit.mother, unit.replicate, visits=config.record.visits)
    start_min, length_min = (config.start_day - 1.0) * DAY_MIN, config.days * DAY_MIN
    reached_min = start_min

    def advance(time_min: float) -> None:
        nonlocal reached_min
        reached_min = time_min
        if progress is not None:
            progress((time_min - start_min) / length_min, time_min)

    for trait in traits:
        recorder.record(trait)
    try:
        simulate(
            config,
            recorder,
            logs=logs,
            mother=unit.mother,
            replicate=unit.replicate,
            progress=advance,
            additions=additions,
        )
    except StillClockError as error:
        raise NoProgressError(str(error)) from error
    finally:
        recorder.close(reached_min)
