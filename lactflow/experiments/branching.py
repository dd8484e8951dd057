"""
Scenarios of one past: a unit of work of each, simulated as one until their schedules part.

Where they part, the process is forked, as `experiments.forked` says. A child continues some of them in their run
directory, which then holds all that was recorded.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from lactflow.config.branches import parting_day
from lactflow.config.model import RunConfig
from lactflow.errors import InterruptedRunError
from lactflow.experiments.forked import BranchedSimulation, can_fork
from lactflow.experiments.unit import UnitOfWork, new_recorder, prepared, run_unit, simulate_recorded
from lactflow.experiments.work import Failure, ShowProgress
from lactflow.experiments.worker import message_and_code
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
    reasons = {directory: why for directory, *why in (result or {}).get("failed", ())}
    units = (unit for unit in units_in_work(work) if unit.directory in reasons)
    return [Failure(unit, *reasons[unit.directory]) for unit in units]


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
    `failed`: run directory, message and exit code of each that was not simulated completely.

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
    simulation = _Simulation(left, progress)
    if left:
        simulation.simulate()
    return {"failed": simulation.failed}


class _Simulation(BranchedSimulation):
    """
    One simulation of several units, each in its run directory.

    Parameters
    ----------
    units
        Not done yet.
    progress
        Called with how far all of them are.

    Attributes
    ----------
    failed
        Run directory, message and exit code of each that was not simulated completely.
    """

    def __init__(self, units: Sequence[UnitOfWork], progress: ShowProgress) -> None:
        super().__init__(len(units), progress)
        self.failed: list[list[Any]] = []
        self._units = units
        self._recorder: RunRecorder

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
        unit = self._units[number]
        unit.clear()
        try:
            run_unit(unit, self._show)
        except InterruptedRunError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug has any class, and ends its own unit only
            self.failed.append([unit.directory, *message_and_code(error)])
        self._over += 1

    def _fail(self, error: Exception) -> None:
        self.failed += [[self._units[number].directory, *message_and_code(error)] for number in self._mine]

    def _receive(self, missing: set[int], answer: Mapping[str, Any]) -> None:
        self.failed += answer["failed"]
        self._over += len(missing)
        missing.clear()

    def _last_words(self) -> dict[str, Any]:
        return {"failed": self.failed}

    def _split(self, groups: Sequence[Sequence[int]]) -> int:
        self._recorder.pause()  # a process with threads is not forked
        return super()._split(groups)

    def _become_child(self, group: Sequence[int], answers_out: int) -> None:
        self._recorder.release()
        super()._become_child(group, answers_out)
        self.failed = []
        self._recorder.move_to(Path(self._units[group[0]].directory))
