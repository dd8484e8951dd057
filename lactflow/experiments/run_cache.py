"""
A cache of whole units of work, as comparisons use it: what it has is not simulated again.

It is the cache of sweeps (`experiments.sweep.store`). A run directory needs all tables, so units are taken from it that
were recorded in full, by a sweep with `--record full` or by another comparison; and what is simulated goes there in
full, and as measures alone, which sweeps use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.config.model import run_window
from lactflow.config.scenario import Scenario
from lactflow.errors import ArchiveError
from lactflow.experiments.crew import Crew
from lactflow.experiments.sweep.keys import (
    EVERYTHING,
    MEASURES_ONLY,
    plugin_sources,
    point_digest,
    shared_part,
    tables_of_level,
    unit_key,
)
from lactflow.experiments.sweep.store import ROWS, Ledgers, Line, read_part
from lactflow.experiments.sweep.writer import KEY, Writer
from lactflow.experiments.unit import UnitOfWork
from lactflow.experiments.work import ShowProgress
from lactflow.recording.claimed import claimed_journal, read_unit
from lactflow.recording.flushing import write_unit

_AT_ONCE = 25
"""Units that a worker takes from the cache at once."""
_TIMES = ("time_min", "start_min")


class KeptUnits(NamedTuple):
    """
    Units that a cache has, to be written into their run directories.

    Attributes
    ----------
    cache
        Its folder.
    files, sha256
        Parts in it that have their rows, by table, and their hashes.
    units
        Key, mother, replicate, run directory, and end of the run [min since birth] of each.
    """

    cache: str
    files: Mapping[str, str]
    sha256: Mapping[str, str]
    units: tuple[tuple[str, int, int, str, float], ...]

    @property
    def kind(self) -> str:
        """Which kind of work."""
        return "kept"

    @property
    def shared(self) -> None:
        """Nothing."""

    @property
    def named(self) -> str:
        """What it is, in messages."""
        return "units from the cache"

    def order(self) -> dict[str, Any]:
        """What a worker needs."""
        return self._asdict()

    def is_done(self) -> bool:
        """Not tested: a worker passes over what is."""
        return False

    def clear(self) -> None:
        """
        Remove what a worker that has died at it left.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        for _, mother, replicate, directory, _ in self.units:
            UnitOfWork("", mother, replicate, directory).clear()


def do_kept(order: Mapping[str, Any], shared: str | None, progress: ShowProgress) -> int:
    """
    Write units that a cache has into their run directories, in a worker.

    Parameters
    ----------
    order
        Of `KeptUnits`.
    shared
        Nothing.
    progress
        Called with the share that is done; may raise to stop.

    Returns
    -------
    How many were written; fewer than were requested where parts of the cache are gone.

    Raises
    ------
    DamagedRunError
        If a part is not what was written.
    ArchiveError
        If the disk refuses.
    """
    del shared
    line = Line(dict(order["files"]), dict(order["sha256"]), [], [], 0.0, {})
    try:
        tables = {table: read_part(Path(order["cache"]), table, line) for table in line.files if table != ROWS}
    except FileNotFoundError:
        return 0
    units = order["units"]
    for number, (key, mother, replicate, directory, end_min) in enumerate(units):
        progress(number / len(units), 0.0)
        if not UnitOfWork("", mother, replicate, directory).is_done():
            rows = [(table, _of_unit(table, every, key)) for table, every in tables.items()]
            _write(Path(directory), (mother, replicate), [each for each in rows if each[1].num_rows], end_min)
    return len(units)


def _of_unit(table: str, rows: Any, key: str) -> Any:
    """Rows of one unit, as a run directory has them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from lactflow.recording import columns

    mine = rows.filter(pc.equal(pc.cast(rows[KEY], pa.string()), key)).drop_columns([KEY])
    return mine.combine_chunks().cast(columns.schema(table))


def _write(directory: Path, unit: tuple[int, int], tables: Sequence[tuple[str, Any]], end_min: float) -> None:
    first = [rows[name][0].as_py() for _, rows in tables for name in _TIMES if name in rows.column_names]
    begin_min = min((time_min for time_min in first if time_min is not None), default=None)
    write_unit(directory, unit, tables, begin_min, end_min)


class RunCache:
    """
    A cache, for units of some run directories.

    Parameters
    ----------
    folder
        Of the cache; made when missing.

    Attributes
    ----------
    taken
        Units that came from it.

    Raises
    ------
    DamagedRunError
        If a ledger of it is not what was written.
    ArchiveError
        If the disk refuses.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.taken = 0
        self._digests: dict[str, tuple[bytes, bytes]] = {}
        self._end_min: dict[str, float] = {}
        self._ledgers = Ledgers(folder)
        self._known = {*self._claimed()}
        self._full = Writer(folder, tables_of_level(EVERYTHING))
        self._measures = Writer(folder, ())

    def _claimed(self) -> dict[str, Line]:
        """The line of each key that the cache has now."""
        self._ledgers.refresh()
        return self._ledgers.claimed()

    def add_scenario(self, scenario: Scenario, directory: Path) -> None:
        """Remember what units of a run directory are made of."""
        config = scenario.config
        plugins = plugin_sources(config)
        self._digests[str(directory)] = (
            _digest(scenario, plugins, EVERYTHING),
            _digest(scenario, plugins, MEASURES_ONLY),
        )
        self._end_min[str(directory)] = run_window(config).to_min

    def _key(self, unit: UnitOfWork) -> str:
        return unit_key(self._digests[unit.directory][0], unit.mother, unit.replicate)

    def take(self, units: Sequence[UnitOfWork], crew: Crew, progress: ShowProgress | None) -> list[UnitOfWork]:
        """
        Write what the cache has of some units into their run directories.

        Parameters
        ----------
        units
            That have not ended.
        crew
            Does it.
        progress
            Called with the share that is done; may raise to stop.

        Returns
        -------
        The units that have still not ended, in their order.

        Raises
        ------
        DamagedRunError
            If a ledger of the cache is not what was written.
        ArchiveError
            If a part is not, or the disk refuses.
        """
        claimed = self._claimed()
        self._known |= claimed.keys()
        by_line: dict[int, tuple[Line, list[UnitOfWork]]] = {}
        for unit in units:
            if (line := claimed.get(self._key(unit))) is not None:
                by_line.setdefault(id(line), (line, []))[1].append(unit)
        works = [work for line, of_line in by_line.values() for work in self._works(line, of_line)]
        for failure in crew.run(works, progress) if works else ():
            raise ArchiveError(f"{self._folder}: {failure.message}")
        left = [unit for unit in units if not unit.is_done()]
        self.taken += len(units) - len(left)
        return left

    def _works(self, line: Line, units: Sequence[UnitOfWork]) -> list[KeptUnits]:
        """Orders for workers, of which each reads the parts once."""
        listed = [
            (self._key(each), each.mother, each.replicate, each.directory, self._end_min[each.directory])
            for each in units
        ]
        return [
            KeptUnits(str(self._folder.absolute()), line.files, line.sha256, tuple(listed[first : first + _AT_ONCE]))
            for first in range(0, len(listed), _AT_ONCE)
        ]

    def keep(self, unit: UnitOfWork, measures: Mapping[str, float] | None) -> None:
        """
        Have the cache keep a unit that has ended whole, if it does not yet; written with others, about once a minute.

        Parameters
        ----------
        unit
            Of one of the run directories.
        measures
            Of it; None where no time is left of it, then it is not kept.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        key = self._key(unit)
        if measures is None or key in self._known:
            return
        self._known.add(key)
        directory, numbers = Path(unit.directory), (unit.mother, unit.replicate)
        tables = dict.fromkeys(tables_of_level(EVERYTHING))
        kept = read_unit(directory, *numbers, tables, claimed_journal(directory, *numbers))
        row = {"mother": unit.mother, "replicate": unit.replicate, **measures}
        self._full.add(key, row, kept.parts, 0.0)
        of_measures = unit_key(self._digests[unit.directory][1], *numbers)
        if of_measures not in self._known:
            self._measures.add(of_measures, row, {}, 0.0)
        if self._full.is_full:
            self.flush()

    def flush(self) -> None:
        """
        Write what is to be kept.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        self._full.flush()
        self._measures.flush()


def _digest(scenario: Scenario, plugins: Sequence[Mapping[str, str]], level: str) -> bytes:
    return point_digest(scenario.config, shared_part(plugins, scenario.files, level), level)
