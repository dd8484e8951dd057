"""
Units of work that are simulated in memory by a crew, for what needs their tables and not their folder.

A worker answers with the tables of its unit, and nothing is written: no folder, no waiting for a disk. One that dies
costs nothing but time. The tables are those that a run directory would have.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from lactflow.analysis.run import MemoryRun
from lactflow.config.additions import config_from_json
from lactflow.config.cohort import mothers
from lactflow.config.model import RunConfig
from lactflow.config.scenario import Scenario, logs_among
from lactflow.config.text import counted
from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments.crew import Crew
from lactflow.experiments.memory import simulated_in_memory
from lactflow.experiments.run import named_in
from lactflow.experiments.start import prepare_workers
from lactflow.experiments.work import Failure, Retried, ShowProgress
from lactflow.experiments.worker import told_error
from lactflow.recording.memory import UnitTables
from lactflow.recording.packed import packed, unpacked


class TablesOfUnit(NamedTuple):
    """
    One replicate of one mother, simulated in memory; some of its tables are the result.

    Attributes
    ----------
    shared
        The config and its feeding logs, as `shared_text` makes it.
    mother, replicate
        Numbers that address all random numbers.
    tables
        Names of the tables.
    label
        What it is called in messages; empty for its mother and replicate.
    """

    shared: str
    mother: int
    replicate: int
    tables: tuple[str, ...]
    label: str = ""

    @property
    def kind(self) -> str:
        """Which kind of work."""
        return "tables"

    @property
    def named(self) -> str:
        """What it is, in messages."""
        return self.label or f"mother {self.mother}, replicate {self.replicate}"

    def order(self) -> dict[str, Any]:
        """What a worker needs beside the config and the logs."""
        return {"mother": self.mother, "replicate": self.replicate, "tables": self.tables}

    def is_done(self) -> bool:
        """Never before its answer has come: it leaves nothing."""
        return False

    def clear(self) -> None:
        """It leaves nothing."""


class Outcome(NamedTuple):
    """
    What became of units of work.

    Attributes
    ----------
    tables
        Of each that was simulated to its end.
    failures
        The others, in the order in which they were given.
    """

    tables: Mapping[TablesOfUnit, UnitTables]
    failures: Sequence[Failure[TablesOfUnit]]


OnRetried = Callable[[Sequence[Retried[TablesOfUnit]]], None]
"""Called with the units that were given again because their workers had died, when there are some."""


def shared_text(config: str, files: Mapping[str, bytes]) -> str:
    """
    What the units of a scenario have in common.

    Parameters
    ----------
    config
        Resolved, as JSON.
    files
        Its feeding logs, as `Scenario` has them.
    """
    return json.dumps({"config": config, "logs": {name: b64encode(raw).decode() for name, raw in files.items()}})


def do_tables(order: Mapping[str, Any], shared: str | None, progress: ShowProgress) -> dict[str, Any]:
    """
    Simulate the unit of an order in memory, in a worker.

    Parameters
    ----------
    order
        Of `TablesOfUnit`.
    shared
        Its config and logs.
    progress
        Called with how far it is; may raise to stop.

    Returns
    -------
    Its tables, as `lactflow.recording.packed` makes them.

    Raises
    ------
    LactflowError
        As `simulated_in_memory` does.
    """
    return packed(_simulated(order, _scenario_of(shared or ""), progress))


class _Scenario(NamedTuple):
    config: RunConfig
    logs: Mapping[str, Sequence[PlannedSession]]


def _scenario(shared: str) -> _Scenario:
    """Config and logs of a shared text."""
    said = json.loads(shared)
    config = config_from_json(said["config"])
    return _Scenario(config, logs_among(config, {name: b64decode(text) for name, text in said["logs"].items()}))


_scenario_of = lru_cache(maxsize=1)(_scenario)
"""In a worker: read once for all units of a scenario, which come one after the other."""


def _simulated(order: Mapping[str, Any], scenario: _Scenario, progress: ShowProgress | None) -> UnitTables:
    mother, replicate = order["mother"], order["replicate"]
    run = simulated_in_memory(*scenario, mother, replicate, tables=order["tables"], progress=progress)
    (unit,) = run.units
    return unit


def simulated_side_by_side(
    units: Sequence[TablesOfUnit],
    named: Collection[tuple[str, str]],
    workers: int,
    progress: ShowProgress | None = None,
    on_retried: OnRetried | None = None,
) -> Outcome:
    """
    Simulate units in memory: by a crew, or here when there is one unit or one worker.

    Parameters
    ----------
    units
        In the order in which they are begun.
    named
        Group and name of every addition that their configs name.
    workers
        Processes.
    progress
        Called with the share that is done, and the simulated time; may raise to stop.
    on_retried
        Called at the end, however it comes.

    Raises
    ------
    PluginError
        If something of what is named cannot be imported by another process.
    ArchiveError
        If a worker cannot be started.
    """
    found: dict[TablesOfUnit, UnitTables] = {}
    if len(units) <= 1 or workers <= 1:
        return Outcome(found, _simulated_here(units, found, progress))
    with Crew(min(workers, len(units)), named) as crew:
        try:
            failures = crew.play(units, progress, lambda unit, result: found.update({unit: unpacked(result)}))
        finally:
            if crew.retried and on_retried is not None:
                on_retried(crew.retried)
    return Outcome(found, failures)


def _simulated_here(
    units: Sequence[TablesOfUnit], found: dict[TablesOfUnit, UnitTables], progress: ShowProgress | None
) -> list[Failure[TablesOfUnit]]:
    """Simulate units one after another in this process; what failed."""
    failures = []
    scenario_of = lru_cache(maxsize=1)(_scenario)  # not beyond this call: packages of a session may change
    for number, unit in enumerate(units):

        def advance(share: float, time_min: float, number: int = number) -> None:
            if progress is not None:
                progress((number + share) / len(units), time_min)

        try:
            found[unit] = _simulated(unit.order(), scenario_of(unit.shared), advance)
        except InterruptedRunError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug ends its unit and is its reason
            failures.append(Failure(unit, *told_error(error)))
    return failures


def run_in_memory(
    scenario: Scenario,
    tables: Sequence[str],
    workers: int,
    progress: ShowProgress | None = None,
    on_retried: OnRetried | None = None,
) -> MemoryRun:
    """
    Simulate all mothers and replicates of a scenario in memory.

    Parameters
    ----------
    scenario
        Loaded and checked.
    tables
        Names of the tables to keep.
    workers
        Processes that share the work. The tables do not depend on it.
    progress, on_retried
        As `simulated_side_by_side` takes them.

    Raises
    ------
    SomeUnitsFailedError
        If some failed, once all have ended.
    LactflowError
        As `simulated_side_by_side` does.
    """
    config = scenario.config
    shared = shared_text(config.model_dump_json(by_alias=True), scenario.files)
    units = [
        TablesOfUnit(shared, mother, replicate, tuple(tables))
        for mother in mothers(config)
        for replicate in range(config.replicates)
    ]
    if workers > 1 and len(units) > 1:
        prepare_workers()
    simulated = simulated_side_by_side(units, named_in(config), workers, progress, on_retried)
    refuse_failures(simulated.failures, len(units))
    return MemoryRun(list(simulated.tables.values()), lambda: scenario.text)


def refuse_failures(failures: Sequence[Failure[TablesOfUnit]], units: int) -> None:
    """
    Check that nothing failed.

    Parameters
    ----------
    failures
        What did.
    units
        Of how many.

    Raises
    ------
    SomeUnitsFailedError
        With one line for all that failed, and one for each.
    """
    if failures:
        first = f"{len(failures)} of {counted(units, 'run')} failed; the others were in memory, and are not kept"
        lines = [f"{each.work.named}: {each.message}" for each in failures]
        failed = [(each.work.mother, each.work.replicate) for each in failures]
        raise SomeUnitsFailedError("\n".join([first, *lines]), failed=failed)
