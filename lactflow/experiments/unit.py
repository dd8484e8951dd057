"""
The unit of work: one replicate of one mother, simulated into a run directory.

A unit is data (a resolved config, two numbers, a directory), so that another process or another machine can simulate it
just as well. It may be given several times, at once or after a death: `recording.attempts` has one of them count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.config.additions import Additions, additions_of, config_from_json
from lactflow.config.cohort import drawn
from lactflow.config.model import RunConfig
from lactflow.config.scenario import logs_beside
from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import NoProgressError
from lactflow.experiments.work import ShowProgress
from lactflow.pipeline import StillClockError
from lactflow.recording.archive import RunRecorder
from lactflow.recording.attempts import discard, is_claimed, over_at
from lactflow.records import MotherTrait
from lactflow.simulation import Branches, simulate
from lactflow.units import DAY_MIN


class UnitOfWork(NamedTuple):
    """
    One replicate of one mother.

    Attributes
    ----------
    config
        The resolved config, as JSON.
    mother, replicate
        Numbers that address all random numbers.
    directory
        The run directory; the feeding logs that the config names lie in it.
    """

    config: str
    mother: int
    replicate: int
    directory: str

    @property
    def kind(self) -> str:
        """Which kind of work."""
        return "unit"

    @property
    def shared(self) -> str:
        """The config, which all units of a run have in common."""
        return self.config

    @property
    def named(self) -> str:
        """What it is, in messages."""
        return f"mother {self.mother}, replicate {self.replicate}"

    def order(self) -> dict[str, Any]:
        """What a worker needs beside the config."""
        return {"mother": self.mother, "replicate": self.replicate, "directory": self.directory}

    def is_done(self) -> bool:
        """Whether it has ended whole."""
        return is_claimed(Path(self.directory), self.mother, self.replicate)

    def clear(self) -> None:
        """
        Remove the attempts at it.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        directory = Path(self.directory)
        discard(directory, over_at(directory, self.mother, self.replicate))


def do_unit(order: Mapping[str, Any], shared: str | None, progress: ShowProgress) -> None:
    """
    Simulate the unit of an order, in a worker.

    Parameters
    ----------
    order
        Of a unit of work.
    shared
        Its config.
    progress
        Called with how far it is; may raise to stop.

    Raises
    ------
    LactflowError
        As `run_unit` does.
    """
    run_unit(UnitOfWork(shared or "", **order), progress)


def run_unit(unit: UnitOfWork, progress: ShowProgress | None = None) -> None:
    """
    Simulate one unit, unless it has ended whole before; whatever stops it, what was recorded until then is flushed.

    Parameters
    ----------
    unit
        What to simulate.
    progress
        Called with the share of the unit that is done, and the simulated time, now and then; may raise to stop.

    Raises
    ------
    NoProgressError
        If the simulated clock stands still.
    BalanceError
        If a quantity was made or lost out of nothing; the tables hold the balance all the same.
    ArchiveError
        If the disk refuses.
    InterruptedRunError
        If `progress` raised it.
    """
    if unit.is_done():
        return
    model = prepared(unit)
    with new_recorder(unit, model) as recorder:
        simulate_recorded(unit, model, recorder, progress)
        recorder.commit()


class Prepared(NamedTuple):
    """
    What a unit of work is simulated from.

    Attributes
    ----------
    config
        Of its mother, drawn from the cohort.
    traits
        Rows of the table `mothers`.
    logs
        Sessions of each feeding log that the config names.
    additions
        What the config names of packages.
    """

    config: RunConfig
    traits: Sequence[MotherTrait]
    logs: Mapping[str, Sequence[PlannedSession]]
    additions: Additions


def prepared(unit: UnitOfWork) -> Prepared:
    """What a unit of work is simulated from, with the feeding logs of its run directory."""
    cohort = config_from_json(unit.config)
    additions = additions_of(cohort)
    config, traits = drawn(cohort, unit.mother, additions.stations)
    return Prepared(config, traits, logs_beside(config, Path(unit.directory)), additions)


def new_recorder(unit: UnitOfWork, model: Prepared) -> RunRecorder:
    """A recorder in the run directory of a unit of work."""
    return RunRecorder(Path(unit.directory), unit.mother, unit.replicate, visits=model.config.record.visits)


def simulate_recorded(
    unit: UnitOfWork,
    model: Prepared,
    recorder: RunRecorder,
    progress: ShowProgress | None,
    branches: Branches | None = None,
) -> None:
    """
    Simulate a unit of work completely, and flush what was recorded, whatever stops it.

    Parameters
    ----------
    unit, model, recorder
        What to simulate, and where to.
    progress
        As `run_unit` takes it.
    branches
        As `simulate` takes them.

    Raises
    ------
    LactflowError
        As `run_unit` does.
    """
    config = model.config
    start_min, length_min = (config.start_day - 1.0) * DAY_MIN, config.days * DAY_MIN
    reached_min = start_min

    def advance(time_min: float) -> None:
        nonlocal reached_min
        reached_min = time_min
        if progress is not None:
            progress((time_min - start_min) / length_min, time_min)

    for trait in model.traits:
        recorder.record(trait)
    try:
        simulate(
            config,
            recorder,
            logs=model.logs,
            mother=unit.mother,
            replicate=unit.replicate,
            progress=advance,
            additions=model.additions,
            branches=branches,
        )
    except StillClockError as error:
        raise NoProgressError(str(error)) from error
    finally:
        recorder.close(reached_min)
