"""
Scenarios of one past: a unit of work of each, simulated as one until their schedules part.

Where they part, the process that simulates is forked. The child goes on with some of them in their run directory, which
then holds all that was recorded; the parent waits for it, and goes on with the others. What a killed child was at is
simulated from its beginning, by the parent.
"""

from __future__ import annotations

import json
import os
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from lactflow.config.branches import parting_day
from lactflow.config.model import RunConfig
from lactflow.errors import InterruptedRunError
from lactflow.experiments.forked import Parent, can_fork, fork
from lactflow.experiments.unit import UnitOfWork, new_recorder, play_unit, prepared, simulate_recorded
from lactflow.experiments.work import Failure, ShowProgress
from lactflow.experiments.worker import told_error
from lactflow.recording.archive import RunRecorder
from lactflow.simulation import Branches

_LEAST_SHARE = 0.1
"""Of its time that scenarios must have in common: a fork costs some milliseconds."""


class BranchedUnits(NamedTuple):
    """
    The same replicate of the same mother in several scenarios that have a past in common.

    Attributes
    ----------
    units
        One of each scenario. What fails of them is the result of this work: directory, message and exit code of each.
    """

    units: tuple[UnitOfWork, ...]

    @property
    def kind(self) -> str:
        """Which kind of work."""
        return "branches"

    @property
    def shared(self) -> str:
        """The configs, which all mothers and replicates have in common."""
        return _as_one(tuple(unit.config for unit in self.units))

    @property
    def named(self) -> str:
        """What it is, in messages."""
        return self.units[0].named

    def order(self) -> dict[str, Any]:
        """What a worker needs beside the configs."""
        first = self.units[0]
        directories = [unit.directory for unit in self.units]
        return {"mother": first.mother, "replicate": first.replicate, "directories": directories}

    def is_done(self) -> bool:
        """Whether all of them have ended whole."""
        return all(unit.is_done() for unit in self.units)

    def clear(self) -> None:
        """
        Remove the attempts at them.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        for unit in self.units:
            unit.clear()


@lru_cache(maxsize=16)
def _as_one(configs: tuple[str, ...]) -> str:
    return json.dumps(configs)


def together(
    units: Sequence[UnitOfWork], configs: Mapping[str, RunConfig], workers: int
) -> list[UnitOfWork | BranchedUnits]:
    """
    Put units of scenarios together that are simulated as one for a good part of their time.

    Parameters
    ----------
    units
        Those of one mother and replicate one after the other.
    configs
        Of the scenarios, by their run directories.
    workers
        Processes that will share the work: none of them shall have nothing to do because of this.

    Returns
    -------
    The same units, some of them together.
    """
    shares = shared_pasts(configs) if can_fork() else {}
    gathered: dict[tuple[int, int, int | str], list[UnitOfWork]] = {}
    for unit in units:
        address = (unit.mother, unit.replicate, shares.get(unit.directory, unit.directory))
        gathered.setdefault(address, []).append(unit)
    if len(gathered) < workers:
        return list(units)
    return [each[0] if len(each) == 1 else BranchedUnits(tuple(each)) for each in gathered.values()]


_Name = TypeVar("_Name", bound=Hashable)


def shared_pasts(configs: Mapping[_Name, RunConfig]) -> dict[_Name, int]:
    """
    Which scenarios have a long past in common.

    Parameters
    ----------
    configs
        Of the scenarios, by whatever names them.

    Returns
    -------
    The number of the past of each that shares one.
    """
    pasts: list[list[_Name]] = []
    for name, config in configs.items():
        for past in pasts:
            day = parting_day([configs[past[0]], config])
            if day is not None and day - config.start_day >= _LEAST_SHARE * config.days:
                past.append(name)
                break
        else:
            pasts.append([name])
    return {name: number for number, past in enumerate(pasts) for name in past if len(past) > 1}


def units_in_work(work: UnitOfWork | BranchedUnits) -> tuple[UnitOfWork, ...]:
    """The units of a piece of work."""
    return work.units if isinstance(work, BranchedUnits) else (work,)


def failures_in(work: UnitOfWork | BranchedUnits, result: Any) -> list[Failure[UnitOfWork]]:
    """What failed of a piece of work that has ended well, by its result."""
    told = {directory: why for directory, *why in (result or {}).get("failed", ())}
    units = (unit for unit in units_in_work(work) if unit.directory in told)
    return [Failure(unit, *told[unit.directory]) for unit in units]


def as_units(failures: Sequence[Failure[UnitOfWork | BranchedUnits]]) -> list[Failure[UnitOfWork]]:
    """Failures of pieces of work as those of their units that have not ended whole."""
    return [
        Failure(unit, failure.message, failure.exit_code)
        for failure in failures
        for unit in units_in_work(failure.work)
        if isinstance(failure.work, UnitOfWork) or not unit.is_done()
    ]


def do_branches(order: Mapping[str, Any], shared: str | None, progress: ShowProgress) -> dict[str, Any]:
    """
    Simulate the units of an order, in a worker.

    Parameters
    ----------
    order
        Of branched units.
    shared
        Their configs.
    progress
        Called with how far they are; may raise to stop.

    Returns
    -------
    `failed`: run directory, message and exit code of each that was not simulated to its end.

    Raises
    ------
    InterruptedRunError
        If `progress` raised it.
    """
    configs = json.loads(shared or "[]")
    units = [
        UnitOfWork(config, order["mother"], order["replicate"], directory)
        for config, directory in zip(configs, order["directories"], strict=True)
    ]
    left = [unit for unit in units if not unit.is_done()]
    return {"failed": _Simulation(left, progress).simulate() if left else []}


def _hear(failed: list[list[Any]], answer: Mapping[str, Any]) -> None:
    """What a child says at its end: what failed of its units."""
    failed += answer["failed"]


class _Simulation:
    """
    One simulation of several units, and in each process those that it still stands for.

    Parameters
    ----------
    units
        Not done yet.
    progress
        Called with how far all of them are.
    """

    def __init__(self, units: Sequence[UnitOfWork], progress: ShowProgress) -> None:
        self._units = units
        self._progress = progress
        self._mine: Sequence[int] = range(len(units))
        self._over, self._reached = 0, 0.0
        self._failed: list[list[Any]] = []
        self._lost: list[int] = []
        self._interrupted: InterruptedRunError | None = None
        self._parent: Parent | None = None
        self._recorder: RunRecorder

    def simulate(self) -> list[list[Any]]:
        """Simulate all of them; what failed. A child that was forked meanwhile does not return, whatever happens."""
        try:
            self._simulate_all()
        except BaseException:
            if self._parent is not None:
                os._exit(1)
            raise
        if self._parent is not None:
            self._parent.end(failed=self._failed)
        return self._failed

    def _simulate_all(self) -> None:
        try:
            self._simulate_mine()
        except InterruptedRunError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug has any class, and ends its own units only
            if self._interrupted is not None:  # SimPy has raised a copy of it, which is none
                raise self._interrupted from None
            self._failed += [[self._units[number].directory, *told_error(error)] for number in self._mine]
        for number in self._lost:
            self._simulate_again(number)

    def _simulate_mine(self) -> None:
        models = [prepared(unit) for unit in self._units]
        first = self._units[0]
        branches = Branches([(model.config, model.logs) for model in models], self._split)
        with new_recorder(first, models[0]) as self._recorder:
            simulate_recorded(first, models[0], self._recorder, self._show, branches)
            for number in self._mine[1:]:
                self._recorder.copy_to(Path(self._units[number].directory))
            self._recorder.commit()
        self._over += len(self._mine)

    def _simulate_again(self, number: int) -> None:
        """What a killed child was at, from its beginning."""
        unit = self._units[number]
        unit.clear()
        try:
            play_unit(unit, self._show)
        except InterruptedRunError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._failed.append([unit.directory, *told_error(error)])
        self._over += 1

    def _show(self, share: float, time_min: float) -> None:
        """How far all units are, when one of those that this process simulates has got so far."""
        over = (self._over + share * (len(self._units) - self._over)) / len(self._units)
        self._reached = max(self._reached, over)  # where a child ended, the others go on from before
        self._progress(self._reached, time_min)

    def _show_child(self, share: float, time_min: float) -> None:
        """How far all units are, by what a child says."""
        self._reached = max(self._reached, share)
        self._progress(self._reached, time_min)

    def _split(self, groups: Sequence[Sequence[int]]) -> int:
        """Fork a child for each group but the first, and wait for it; which group this process goes on with."""
        self._recorder.pause()
        for index, group in enumerate(groups[1:], 1):
            child, hears = fork()
            if child is None:
                self._become_child(group, hears)
                return index
            failed: list[list[Any]] = []
            try:
                ended = child.wait(self._show_child, partial(_hear, failed))
            except InterruptedRunError as error:
                self._interrupted = error
                raise
            if not ended:
                self._lost += group
            else:
                self._failed += failed
                self._over += len(group)
        self._mine = groups[0]
        return 0

    def _become_child(self, group: Sequence[int], hears: int) -> None:
        """Let go of everything that belongs to the parent, and go on in the run directory of the first of a group."""
        self._recorder.release()
        self._parent = Parent(hears)
        self._progress = self._parent.show
        self._mine, self._lost, self._failed = group, [], []
        self._recorder.move_to(Path(self._units[group[0]].directory))
