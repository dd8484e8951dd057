"""
Scenarios of one past, simulated in memory as one until their schedules part.

As `experiments.branching` does for run directories: where schedules part the process is forked, and a child goes on
with some of the scenarios. It sends their tables, and the parent, which has waited for it, goes on with the others.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from lactflow.config.additions import additions_of
from lactflow.config.cohort import drawn
from lactflow.config.model import RunConfig
from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import InterruptedRunError, NoProgressError
from lactflow.experiments.forked import Parent, can_fork, fork
from lactflow.experiments.memory import simulated_in_memory
from lactflow.experiments.work import ShowProgress
from lactflow.experiments.worker import told_error
from lactflow.pipeline import StillClockError
from lactflow.recording.memory import TableRecorder, UnitTables
from lactflow.recording.packed import packed, unpacked
from lactflow.simulation import Branches, simulate
from lactflow.units import DAY_MIN


class Failed(NamedTuple):
    """Why a scenario was not simulated to its end, and the exit code of that."""

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
    return _Simulation(futures, (mother, replicate), on_found, tables, progress).simulate()


class _Simulation:
    """One simulation of several scenarios, and in each process those that it still stands for."""

    def __init__(
        self,
        futures: Sequence[Future],
        unit: tuple[int, int],
        on_found: OnFound,
        tables: Collection[str],
        progress: ShowProgress,
    ) -> None:
        self._futures, self._unit, self._tables = futures, unit, tables
        self._on_found, self._progress = on_found, progress
        self._mine: Sequence[int] = range(len(futures))
        self._lost: list[int] = []
        self._over, self._reached, self._again = 0, 0.0, 0
        self._stopped: BaseException | None = None
        self._parent: Parent | None = None

    def simulate(self) -> int:
        """Simulate all of them. A child that was forked meanwhile does not return, whatever happens."""
        try:
            self._simulate_all()
        except BaseException:
            if self._parent is not None:
                os._exit(1)
            raise
        if self._parent is not None:
            self._parent.end(again=self._again)
        return self._again

    def _simulate_all(self) -> None:
        try:
            found: UnitTables | Failed = self._simulate_mine()
        except InterruptedRunError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug has any class, and ends its own scenarios only
            if self._stopped is not None:  # SimPy has raised a copy of it
                raise self._stopped from None
            found = Failed(*told_error(error))
        self._find(self._mine, found)
        for number in self._lost:
            self._simulate_again(number)

    def _simulate_mine(self) -> TableRecorder:
        mother, replicate = self._unit
        first = self._futures[0].config
        additions = additions_of(first)
        drawings = [drawn(each.config, mother, additions.stations) for each in self._futures]
        config, traits = drawings[0]
        recorder = TableRecorder(mother, replicate, tables=self._tables, visits=config.record.visits)
        start_min, length_min = (config.start_day - 1.0) * DAY_MIN, config.days * DAY_MIN
        for trait in traits:
            recorder.record(trait)
        schedules = [(drawing[0], each.logs) for drawing, each in zip(drawings, self._futures, strict=True)]
        try:
            simulate(
                config,
                recorder,
                mother=mother,
                replicate=replicate,
                progress=lambda time_min: self._show((time_min - start_min) / length_min, time_min),
                additions=additions,
                branches=Branches(schedules, self._split),
            )
        except StillClockError as error:
            raise NoProgressError(str(error)) from error
        recorder.close(start_min + length_min)
        return recorder

    def _simulate_again(self, number: int) -> None:
        """What a killed child was at, from its beginning."""
        found: UnitTables | Failed
        try:
            run = simulated_in_memory(*self._futures[number], *self._unit, tables=self._tables, progress=self._show)
            (found,) = run.units
        except InterruptedRunError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            found = Failed(*told_error(error))
        self._again += 1
        self._find([number], found)

    def _find(self, numbers: Sequence[int], found: UnitTables | Failed) -> None:
        """Hand on what was found of some scenarios, to whoever waits for this process, or to the caller."""
        self._over += len(numbers)
        if self._parent is not None:
            result = {"failed": found} if isinstance(found, Failed) else {"tables": packed(found)}
            self._parent.tell(numbers=list(numbers), **result)
            return
        for number in numbers:
            self._on_found(number, found)

    def _show(self, share: float, time_min: float) -> None:
        """How far all scenarios are, when one of those that this process simulates has got so far."""
        over = (self._over + share * (len(self._futures) - self._over)) / len(self._futures)
        self._show_all(over, time_min)

    def _show_all(self, share: float, time_min: float) -> None:
        self._reached = max(self._reached, share)  # where a child ended, the others go on from before
        self._progress(self._reached, time_min)

    def _split(self, groups: Sequence[Sequence[int]]) -> int:
        """Fork a child for each group but the first, and wait for it; which group this process goes on with."""
        for index, group in enumerate(groups[1:], 1):
            child, hears = fork()
            if child is None:
                self._become_child(group, hears)
                return index
            missing = set(group)
            try:
                child.wait(self._show_all, partial(self._hear, missing))
            except BaseException as error:
                self._stopped = error
                raise
            self._lost += sorted(missing)
        self._mine = groups[0]
        return 0

    def _hear(self, missing: set[int], answer: Mapping[str, Any]) -> None:
        """What a child has found, or that it has come to its end."""
        self._again += answer.get("again", 0)
        numbers = answer.get("numbers", ())
        missing -= {*numbers}
        if numbers and self._parent is not None:
            self._over += len(numbers)
            self._parent.tell(**answer)
        elif numbers:
            self._find(numbers, Failed(*answer["failed"]) if "failed" in answer else unpacked(answer["tables"]))

    def _become_child(self, group: Sequence[int], hears: int) -> None:
        """Let go of everything that belongs to the parent, and go on with a group."""
        self._parent = Parent(hears)
        self._progress = self._parent.show
        self._mine, self._lost, self._again = group, [], 0
