"""
A unit of work simulated in memory: for what needs its measures and not its folder.

Nothing is written, and the tables are those that a run directory would have.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lactflow.analysis.run import MemoryRun
from lactflow.config.additions import Additions, additions_of
from lactflow.config.cohort import drawn
from lactflow.config.model import RunConfig
from lactflow.config.scenario import resolved_text
from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import NoProgressError
from lactflow.experiments.work import ShowProgress
from lactflow.pipeline import StillClockError
from lactflow.recording.memory import TableRecorder
from lactflow.records import TABLES
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN


def simulated_in_memory(
    cohort: RunConfig,
    logs: Mapping[str, Sequence[PlannedSession]],
    mother: int = 0,
    replicate: int = 0,
    *,
    tables: Collection[str] = tuple(TABLES),
    only: Mapping[str, Collection[str]] | None = None,
    additions: Additions | None = None,
    progress: ShowProgress | None = None,
) -> MemoryRun:
    """
    Simulate one replicate of one mother, and keep its tables in memory.

    Parameters
    ----------
    cohort
        The config; of a whole cohort where it has one.
    logs
        Sessions of each feeding log that the schedule names.
    mother, replicate
        Numbers that address all random numbers.
    tables
        Names of the tables to keep. Without `visits`, no row is made for a packet, whatever the config says.
    only
        Columns to keep of some tables; of the others, all.
    additions
        What the run has beside the reference model; when None, what the config names.
    progress
        Called with the share that is done, and the simulated time, now and then; may raise to stop.

    Returns
    -------
    A run of this unit alone.

    Raises
    ------
    NoProgressError
        If the simulated clock stands still.
    BalanceError
        If a quantity was made or lost out of nothing.
    ConfigError
        If what the config names is not added by any package.
    """
    additions = additions_of(cohort) if additions is None else additions
    config, traits = drawn(cohort, mother, additions.stations)
    recorder = TableRecorder(mother, replicate, tables=tables, visits=config.record.visits, only=only)
    start_min, length_min = (config.start_day - 1.0) * DAY_MIN, config.days * DAY_MIN

    def advance(time_min: float) -> None:
        if progress is not None:
            progress((time_min - start_min) / length_min, time_min)

    for trait in traits:
        recorder.record(trait)
    try:
        simulate(config, recorder, logs=logs, mother=mother, replicate=replicate, progress=advance, additions=additions)
    except StillClockError as error:
        raise NoProgressError(str(error)) from error
    recorder.close(start_min + length_min)
    return MemoryRun([recorder], lambda: resolved_text(cohort))
