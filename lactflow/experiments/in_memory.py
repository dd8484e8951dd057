"""
Units of work that a crew simulates in memory side by side, for what needs their tables and not their folder.

Nothing is written. A worker that dies costs nothing but time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from lactflow.analysis.run import MemoryRun
from lactflow.config.cohort import mothers
from lactflow.config.scenario import Scenario
from lactflow.config.text import counted
from lactflow.errors import InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments.crew import Crew
from lactflow.experiments.run import named_in
from lactflow.experiments.start import prepare_workers
from lactflow.experiments.tables import TablesOfUnit, read_shared, shared_text, simulated_tables
from lactflow.experiments.work import Failure, Retried, ShowProgress
from lactflow.experiments.worker import message_and_code
from lactflow.recording.memory import UnitTables
from lactflow.recording.packed import unpacked


class Outcome(NamedTuple):
    """
    What became of units of work.

    Attributes
    ----------
    tables
        Of each that was simulated completely.
    failures
        The others, in the order in which they were given.
    """

    tables: Mapping[TablesOfUnit, UnitTables]
    failures: Sequence[Failure[TablesOfUnit]]


OnRetried = Callable[[Sequence[Retried[TablesOfUnit]]], None]
"""Called with the units that were given again because their workers had died, when there are some."""


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
            failures = crew.run(units, progress, lambda unit, result: found.update({unit: unpacked(result)}))
        finally:
            if crew.retried and on_retried is not None:
                on_retried(crew.retried)
    return Outcome(found, failures)


def _simulated_here(
    units: Sequence[TablesOfUnit], found: dict[TablesOfUnit, UnitTables], progress: ShowProgress | None
) -> list[Failure[TablesOfUnit]]:
    """Simulate units one after another in this process; what failed."""
    failures = []
    scenario_of = lru_cache(maxsize=1)(read_shared)  # not beyond this call: packages of a session may change
    for number, unit in enumerate(units):

        def advance(share: float, time_min: float, number: int = number) -> None:
            if progress is not None:
                progress((number + share) / len(units), time_min)

        try:
            found[unit] = simulated_tables(unit.order(), scenario_of(unit.shared), advance)
        except InterruptedRunError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug ends its unit and is its reason
            failures.append(Failure(unit, *message_and_code(error)))
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
