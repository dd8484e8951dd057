"""
Scenarios of one past, simulated in memory as one until their schedules part.

As `experiments.branching` does for run directories: where schedules part the process is forked, and a child continues
some of the scenarios. It sends the rows that their tables have beyond those of the process that waits for all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from lactflow.config.additions import additions_of
from lactflow.config.cohort import drawn
from lactflow.config.model import RunConfig
from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import InterruptedRunError, NoProgressError
from lactflow.experiments.forked import BranchedSimulation, can_fork
from lactflow.experiments.memory import simulated_in_memory
from lactflow.experiments.work import ShowProgress
from lactflow.experiments.worker import message_and_code
from lactflow.pipeline import StillClockError
from lactflow.recording.memory import TableRecorder, UnitTables
from lactflow.recording.packed import packed, unpacked
from lactflow.simulation import Branches, simulate
from lactflow.units import DAY_MIN


class Failed(NamedTuple):
    """Why a scenario was not simulated completely, and the exit code of that."""

    message: str
    exit_code: int


OnFound = Callable[[int, "UnitTables | Failed"], None]
"""Called with the number of each scenario and its tables, or why it has none, as soon as they are there."""


class Future(NamedTuple):
    """
    One of several scenarios that have a past in common.

    Attributes
    ----------
    config
        Of a whole cohort where it has one; all of them differ in nothing but names and schedules.
    logs
        Sessions of each feeding log that its schedule names.
    """

    config: RunConfig
    logs: Mapping[str, Sequence[PlannedSession]]


def can_branch() -> bool:
    """Whether this process may be forked in the middle of its work: not from one of several threads at theirs."""
    return can_fork() and threading.current_thread() is threading.main_thread()


def simulate_as_one(
    futures: Sequence[Future],
    mother: int,
    replicate: int,
    on_found: OnFound,
    *,
    tables: Collection[str],
    progress: ShowProgress,
) -> int:
    """
    Simulate one replicate of one mother in several scenarios.

    Parameters
    ----------
    futures
        The scenarios, two or more.
    mother, replicate
        Numbers that address all random numbers.
    on_found
        Called once for each scenario; may raise to stop.
    tables
        Names of the tables to keep; without `visits`, no row is made for a packet.
    progress
        Called with the share that is done of all of them, and the simulated time; may raise to stop.

    Returns
    -------
    How many were simulated from their beginning, by themselves, because a process had been killed.

    Raises
    ------
    InterruptedRunError
        If `progress` raised it; and whatever else that or `on_found` raised.
    """
    simulation = _Simulation(futures, (mother, replicate), on_found, tables, progress)
    simulation.simulate()
    return simulation.again


class _Simulation(BranchedSimulation):
    """One simulation of several scenarios in memory; parameters as those of `simulate_as_one`."""

    def __init__(
        self,
        futures: Sequence[Future],
        unit: tuple[int, int],
        on_found: OnFound,
        tables: Collection[str],
        progress: ShowProgress,
    ) -> None:
        super().__init__(len(futures), progress)
        self.again = 0
        self._futures, self._unit, self._tables = futures, unit, tables
        self._on_found = on_found
        self._recorder = TableRecorder(*unit, tables=tables, visits=futures[0].config.record.visits)
        self._known: Mapping[str, int] = {}

    def _simulate_mine(self) -> None:
        mother, replicate = self._unit
        first = self._futures[0].config
        additions = additions_of(first)
        drawings = [drawn(each.config, mother, additions.stations) for each in self._futures]
        config, traits = drawings[0]
        start_min, length_min = (config.start_day - 1.0) * DAY_MIN, config.days * DAY_MIN
        for trait in traits:
            self._recorder.record(trait)
        schedules = [(drawing[0], each.logs) for drawing, each in zip(drawings, self._futures, strict=True)]
        try:
            simulate(
                config,
                self._recorder,
                mother=mother,
                replicate=replicate,
                progress=lambda time_min: self._show((time_min - start_min) / length_min, time_min),
                additions=additions,
                branches=Branches(schedules, self._split),
            )
        except StillClockError as error:
            raise NoProgressError(str(error)) from error
        self._recorder.close(start_min + length_min)
        self._find(self._mine, self._recorder)

    def _simulate_again(self, number: int) -> None:
        found: UnitTables | Failed
        try:
            run = simulated_in_memory(*self._futures[number], *self._unit, tables=self._tables, progress=self._show)
            (found,) = run.units
        except InterruptedRunError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug has any class, and ends its own scenario only
            found = Failed(*message_and_code(error))
        self.again += 1
        self._find([number], found)

    def _fail(self, error: Exception) -> None:
        self._find(self._mine, Failed(*message_and_code(error)))

    def _find(self, numbers: Sequence[int], found: UnitTables | Failed) -> None:
        """Hand on what was found of some scenarios, to the process that waits for this one, or to the caller."""
        self._over += len(numbers)
        if self._parent is not None:
            result = {"failed": found} if isinstance(found, Failed) else {"tables": packed(found, self._known)}
            self._parent.send(numbers=list(numbers), **result)
            return
        for number in numbers:
            self._on_found(number, found)

    def _receive(self, missing: set[int], answer: Mapping[str, Any]) -> None:
        self.again += answer.get("again", 0)
        numbers = answer.get("numbers", ())
        missing -= {*numbers}
        if numbers and self._parent is not None:
            self._over += len(numbers)
            self._parent.send(**answer)
        elif numbers:
            failed = Failed(*answer["failed"]) if "failed" in answer else None
            self._find(numbers, failed or unpacked(answer["tables"], self._recorder.parts))

    def _last_words(self) -> dict[str, Any]:
        return {"again": self.again}

    def _become_child(self, group: Sequence[int], answers_out: int) -> None:
        if self._parent is None:  # the first of all waits meanwhile, with the tables that there are now
            self._known = {table: len(parts) for table, parts in self._recorder.parts.items()}
        super()._become_child(group, answers_out)
        self.again = 0
