"""
Working on a sweep: units are simulated in memory, and their results gathered and written by this process itself.

An order is data: the folder, numbers of units, a cache. Its answer is counts. The same order may be handed out twice:
what is done already is passed over.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lactflow.analysis.run import MemoryRun
from lactflow.analysis.tally import TALLIED
from lactflow.config.additions import additions_of
from lactflow.config.model import RunConfig
from lactflow.config.scenario import resolved_text
from lactflow.errors import ArchiveError, ConfigError, InterruptedRunError
from lactflow.experiments.branched_memory import Failed, Future, can_branch, simulate_as_one
from lactflow.experiments.memory import simulated_in_memory
from lactflow.experiments.sweep.families import Pasts, families
from lactflow.experiments.sweep.keys import measures_of_level, tables_of_level
from lactflow.experiments.sweep.measuring import Simulated, measured
from lactflow.experiments.sweep.orders import units_of_order
from lactflow.experiments.sweep.plan import SWEEP, Plan
from lactflow.experiments.sweep.store import Ledgers, Line, read_part, together
from lactflow.experiments.sweep.writer import KEY, Writer
from lactflow.experiments.work import ShowProgress
from lactflow.experiments.worker import message_and_code
from lactflow.plugins import add_references
from lactflow.recording.folder import read_folder

if TYPE_CHECKING:
    from lactflow.recording.memory import UnitTables

WAITING_BYTES = 32_000_000
"""Tables of units that were simulated and are not measured yet, at most."""
_LOOK_S = 30.0
"""How often a worker looks for what others have done."""

_desks = threading.local()


def work_on_text(text: str) -> str:
    """
    Do an order that came as JSON, and answer in JSON: for pools and schedulers.

    Parameters
    ----------
    text
        As `orders.order` makes it.

    Returns
    -------
    The answer of `work`, or `message` and `exit_code` of what stopped it.
    """
    try:
        return json.dumps(work(json.loads(text)))
    except Exception as error:  # noqa: BLE001 - errors cross to the other process as text, whatever their class
        message, exit_code = message_and_code(error)
        return json.dumps({"message": message, "exit_code": exit_code})


def work(ordered: Mapping[str, Any], progress: ShowProgress | None = None) -> dict[str, int]:
    """
    Simulate the units of an order that are not done, and write their results.

    Parameters
    ----------
    ordered
        As `orders.order` makes it.
    progress
        Called with the share that is done, and the simulated time; may raise to stop, what was simulated until then is
        written.

    Returns
    -------
    `done`, `cached`, `passed`, `failed`: numbers of units.

    Raises
    ------
    ConfigError
        If lactflow, its model or a plug-in is another one than when the sweep was planned.
    ArchiveError
        If the disk refuses.
    """
    add_references([(group, name, reference) for group, name, reference in ordered["additions"]])
    kept: dict[str, Desk] = _desks.__dict__
    desk = kept.get(ordered["sweep"])
    cache = None if ordered["cache"] is None else Path(ordered["cache"])
    if desk is None or desk.cache != cache or not desk.is_current():
        kept.clear()
        desk = kept[ordered["sweep"]] = Desk(Path(ordered["sweep"]), cache)
    return desk.work(units_of_order(ordered), progress)


def do_chunk(ordered: Mapping[str, Any], shared: str | None, progress: ShowProgress) -> dict[str, int]:
    """
    Do an order, in a worker of a crew.

    Parameters
    ----------
    ordered
        As `orders.order` makes it.
    shared
        Nothing.
    progress
        Called with the share that is done, and the simulated time; raises to stop.
    """
    del shared
    return work(ordered, progress)


class Desk:
    """
    One worker at one sweep: the plan, what is done, and a writer of its own.

    Parameters
    ----------
    folder
        The sweep.
    cache
        Folder that keeps results for other sweeps; None for none.
    plan
        Of the sweep; read from the folder when None.

    Raises
    ------
    ConfigError
        If lactflow, its model or a plug-in is another one than when the sweep was planned.
    ArchiveError
        If there is no such sweep.
    """

    def __init__(self, folder: Path, cache: Path | None = None, plan: Plan | None = None) -> None:
        self.folder, self.cache = folder, cache
        self.plan = plan or Plan(folder, read_folder(folder, SWEEP)[0])
        if (changed := self.plan.changed_field()) is not None:
            raise ConfigError(f"{folder}: {changed}; results of both must not be mixed (begin a new sweep)")
        self._tables = tables_of_level(self.plan.level)
        self._wanted = measures_of_level(self.plan.level)
        self._writer = Writer(folder, self._tables, cache)
        self._ledgers = Ledgers(folder)
        self._of_cache = None if cache is None else Ledgers(cache)
        self._done: set[str] = set()
        self._looked_s = float("-inf")
        self._stamp = _stamp(folder)
        self._waiting: list[Simulated] = []
        self._waiting_bytes = 0
        self._failed_late = 0
        self._pasts = Pasts(self.plan)

    def is_current(self) -> bool:
        """Whether the folder is the one that the plan was read from."""
        return _stamp(self.folder) == self._stamp

    def take(self, units: Sequence[int]) -> int:
        """Take from the cache what it has of units that are not done; how many."""
        self._looked_s = float("-inf")
        self._look()
        return self._taken([unit for unit in units if self.plan.keys[unit] not in self._done])

    def set_aside(self, units: Sequence[int], reason: str) -> None:
        """Note that nothing can be had of units: their workers die."""
        for unit in units:
            self._writer.fail(self.plan.keys[unit], unit, reason, 1)
        self._writer.flush()

    def _look(self) -> None:
        """See what others have done since."""
        if time.monotonic() - self._looked_s >= _LOOK_S:
            self._ledgers.refresh()
            self._done |= self._ledgers.claimed().keys()
            self._looked_s = time.monotonic()

    def work(
        self, units: Sequence[int], progress: ShowProgress | None = None, enough: Callable[[], bool] | None = None
    ) -> dict[str, int]:
        """
        Simulate units that are not done.

        Parameters
        ----------
        units
            Their numbers.
        progress
            Called with the share that is done, and the simulated time; may raise to stop.
        enough
            Called before each unit: whether to leave the others; None for never.

        Returns
        -------
        `done`, `cached`, `passed`, `failed`: numbers of units.
        """
        counts = dict.fromkeys(("done", "cached", "passed", "failed"), 0)
        counts["cached"] = self.take(units)
        over = 0
        try:
            for family in families(self.plan, units) if len(units) > 1 and can_branch() else [[unit] for unit in units]:
                if enough is not None and enough():
                    break
                self._look()
                for ended in self._family(family, _part(progress, over, len(family), len(units))):
                    counts[ended] += 1
                over += len(family)
                self._write_when_many()
        finally:
            self._measure()
            self._writer.flush()
        counts["passed"] -= counts["cached"]
        counts["done"] -= self._failed_late
        counts["failed"] += self._failed_late
        self._failed_late = 0
        return counts

    def _write_when_many(self) -> None:
        """Measure and write what was simulated, where that is much."""
        if self._writer.is_full or self._waiting_bytes >= WAITING_BYTES:
            self._measure()
        if self._writer.is_full:
            self._writer.flush()

    def _family(self, family: Sequence[int], progress: ShowProgress | None) -> Iterator[str]:
        """Units that may have a past in common; how each ended."""
        left = {self.plan.keys[unit]: unit for unit in family if self.plan.keys[unit] not in self._done}
        over = 0
        for group in self._groups(list(left.values())):
            part = _part(progress, over, len(group), len(left))
            yield from [self._unit(group[0], part)] if len(group) == 1 else self._branched(group, part)
            over += len(group)
        yield from ["passed"] * (len(family) - len(left))

    def _groups(self, units: Sequence[int]) -> list[list[int]]:
        """Units of a family, those together that are simulated as one."""
        try:
            return self._pasts.together(units)
        except Exception:  # noqa: BLE001 - what is wrong with the config of one is why that one fails
            return [[unit] for unit in units]

    def _branched(self, units: Sequence[int], progress: ShowProgress | None) -> list[str]:
        """Units that have a past in common, which is simulated once; how each ended."""
        points = [self.plan.config(unit) for unit in units]
        configs = [_without_visits(config, self._tables) for config, _ in points]
        ended: list[str] = []
        counted_s = cpu_s()

        def find(number: int, found: UnitTables | Failed) -> None:
            nonlocal counted_s
            unit, config, spent_s = units[number], configs[number], cpu_s() - counted_s
            counted_s += spent_s
            key = self.plan.keys[unit]
            if isinstance(found, Failed):
                self._writer.fail(key, unit, *found)
                ended.append("failed")
                return
            self._wait(
                Simulated(
                    unit, key, MemoryRun([found], lambda: resolved_text(config)), config.record.warm_up_days, spent_s
                )
            )
            ended.append("done")
            self._write_when_many()

        futures = [Future(config, base.scenario.logs) for config, (_, base) in zip(configs, points, strict=True)]
        again = simulate_as_one(
            futures,
            *self.plan.address(units[0]),
            find,
            tables={*TALLIED, *self._tables},
            progress=progress or _no_progress,
        )
        self._writer.note_branched(len(units) - again)
        return ended

    def _wait(self, simulated: Simulated) -> None:
        """Keep a unit that was simulated until it is measured with others."""
        self._waiting.append(simulated)
        self._waiting_bytes += simulated.run.nbytes
        self._done.add(simulated.key)

    def _unit(self, unit: int, progress: ShowProgress | None) -> str:
        """One unit; how it ended."""
        key = self.plan.keys[unit]
        try:
            self._simulate(unit, key, progress)
        except (InterruptedRunError, ArchiveError, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - a bug ends the unit and is its reason
            self._writer.fail(key, unit, *message_and_code(error))
            return "failed"
        return "done"

    def _simulate(self, unit: int, key: str, progress: ShowProgress | None) -> None:
        started_s = time.process_time()
        config, base = self.plan.config(unit)
        mother, replicate = self.plan.address(unit)
        run = simulated_in_memory(
            _without_visits(config, self._tables),
            base.scenario.logs,
            mother,
            replicate,
            tables={*TALLIED, *self._tables},
            only={table: names for table, names in TALLIED.items() if table not in self._tables},
            additions=additions_of(config),
            progress=progress,
        )
        seconds = time.process_time() - started_s
        self._wait(Simulated(unit, key, run, config.record.warm_up_days, seconds))

    def _measure(self) -> None:
        """Measure the units that were simulated since, all at once: for one it takes as long as for a hundred."""
        by_warm_up: dict[float, list[Simulated]] = {}
        for each in self._waiting:
            by_warm_up.setdefault(each.warm_up_days, []).append(each)
        self._waiting, self._waiting_bytes = [], 0
        for group in by_warm_up.values():
            started_s = time.process_time()
            found = measured(group, self._wanted)
            share_s = (time.process_time() - started_s) / len(group)
            for each, measures in zip(group, found, strict=True):
                if isinstance(measures, Exception):
                    self._writer.fail(each.key, each.unit, *message_and_code(measures))
                    self._done.discard(each.key)
                    self._failed_late += 1
                    continue
                mother, replicate = self.plan.address(each.unit)
                values = {"mother": mother, "replicate": replicate, **measures}
                tables = {table: each.run.arrow(table) for table in self._tables}
                self._writer.add(each.key, values, tables, each.seconds + share_s)

    def _taken(self, units: Sequence[int]) -> int:
        """Take from the cache what it has of these units; how many."""
        if self._of_cache is None or self.cache is None or not units:
            return 0
        self._of_cache.refresh()
        known = self._of_cache.claimed()
        wanted: dict[int, tuple[Line, list[str]]] = {}
        for key in dict.fromkeys(self.plan.keys[unit] for unit in units):
            if key in known:
                wanted.setdefault(id(known[key]), (known[key], []))[1].append(key)
        try:
            return self._copied(self.cache, list(wanted.values()))
        except FileNotFoundError:  # parts were merged meanwhile: simulated then, or found at the next look
            return 0

    def _copied(self, cache: Path, wanted: Sequence[tuple[Line, list[str]]]) -> int:
        import pyarrow as pa
        import pyarrow.compute as pc

        found: dict[str, list[Any]] = {}
        keys: list[str] = []
        for line, of_line in wanted:
            for table in line.files:
                rows = read_part(cache, table, line)
                chosen = pc.is_in(pc.cast(rows[KEY], pa.string()), value_set=pa.array(of_line, pa.string()))
                found.setdefault(table, []).append(rows.filter(chosen))
            keys += of_line
        if keys:
            self._writer.take({table: together(parts) for table, parts in found.items()}, keys)
            self._done.update(keys)
        return len(keys)


def _stamp(folder: Path) -> tuple[int, int]:
    try:
        found = (folder / "plan.parquet").stat()
    except OSError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)


def _without_visits(config: RunConfig, tables: Sequence[str]) -> RunConfig:
    """The config without visits, where they are not kept: they cost time and change nothing."""
    if not config.record.visits or "visits" in tables:
        return config
    return config.model_copy(update={"record": config.record.model_copy(update={"visits": False})})


def _part(progress: ShowProgress | None, over: int, many: int, total: int) -> ShowProgress | None:
    """Progress of some units as that of all, of which others are over."""
    if progress is None:
        return None
    return lambda share, time_min: progress((over + share * many) / total, time_min)


def _no_progress(_share: float, _time_min: float) -> None:
    """Progress that is not shown."""


def cpu_s() -> float:
    """CPU time of this process and of those that it has forked and waited for [s]."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system
