"""What a sweep will take, measured: a few of its units are simulated, what they gave is written and thrown away."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from lactflow.errors import SomeUnitsFailedError
from lactflow.experiments.sweep.families import families_for
from lactflow.experiments.sweep.keys import unit_key
from lactflow.experiments.sweep.plan import SWEEP, Plan, Planned
from lactflow.experiments.sweep.status import failures_in_words
from lactflow.experiments.sweep.store import ROWS, Ledgers, read_part, together
from lactflow.experiments.sweep.work import Desk, cpu_s
from lactflow.experiments.sweep.writer import GATHER_S, KEY, encode, rows_table
from lactflow.experiments.work import ShowProgress
from lactflow.recording.files import write_files
from lactflow.recording.folder import ResultFolder
from lactflow.recording.kept import FILES, hashes

CHUNK_S = GATHER_S
"""Work that is handed out at once."""
MOST_IN_CHUNK = 5_000
_AT_LEAST = 4
"""Chunks for each worker, where there are units enough: the last ones end at about the same time."""
_PILOT_UNITS = 8
_PILOT_S = 20.0
_MANY = 2_000
FIRST_UNITS = 3
"""Units that a sweep simulates first, or families of them, for the time that one takes."""


class Estimate(NamedTuple):
    """
    What a sweep will take.

    Attributes
    ----------
    units
        To simulate.
    cpu_hours
        For the simulation.
    wall_s
        With the workers that it would have.
    files
        Until it is closed.
    disk_bytes
        Of all of them.
    """

    units: int
    cpu_hours: float
    wall_s: float
    files: int
    disk_bytes: int


_Any = TypeVar("_Any")


def spread(units: Sequence[_Any], most: int) -> list[_Any]:
    """Some of the units, or of their families, evenly spread."""
    many = min(most, len(units))
    return [units[(2 * number + 1) * len(units) // (2 * many)] for number in range(many)]


def chunks(families: Sequence[Sequence[int]], seconds: float, workers: int) -> list[list[int]]:
    """
    Units in the portions in which they are handed out.

    Parameters
    ----------
    families
        Numbers of units, those together that are to stay together.
    seconds
        That one takes.
    workers
        How many portions are worked on side by side.
    """
    by_time = int(CHUNK_S / max(seconds, 1e-6))
    by_share = -(-sum(map(len, families)) // (_AT_LEAST * workers))
    size = max(1, min(by_time, by_share, MOST_IN_CHUNK))
    found: list[list[int]] = []
    for family in families:
        if not found or len(found[-1]) + len(family) > size:
            found.append([])
        found[-1] += family
    return found


def estimate(planned: Planned, workers: int, progress: ShowProgress | None = None) -> Estimate:
    """
    Simulate a few units and say what all of them will take.

    Parameters
    ----------
    planned
        The sweep.
    workers
        How many units would be simulated side by side.
    progress
        Called while they are simulated; may raise to stop.

    Raises
    ------
    SomeUnitsFailedError
        If they fail.
    """
    with tempfile.TemporaryDirectory(prefix="lactflow-") as place:
        folder = written(planned, Path(place), [], {})
        plan = Plan(folder.path, folder.manifest)
        units = families_for(plan, list(plan.first_units().values()), workers)
        desk = Desk(folder.path, None, plan)
        chosen = spread(units, _PILOT_UNITS)
        desk.work(chosen[0][:1], progress)  # which imports what the others only use
        started_s, first_s = time.monotonic(), cpu_s()
        timed = [unit for family in chosen[1:] or chosen for unit in family]
        counts = desk.work(timed, progress, lambda: time.monotonic() - started_s > _PILOT_S)
        spent_s = cpu_s() - first_s
        ledgers = Ledgers(folder.path)
        ledgers.refresh()
        if not ledgers.claimed():
            lines = failures_in_words(plan, ledgers.failures({}))
            raise SomeUnitsFailedError("\n".join(["every unit that was tried failed", *lines]))
        folder.finish("complete")
        seconds = spent_s / counts["done"] if counts["done"] else next(ledgers.lines).seconds
        parts = len(chunks(units[FIRST_UNITS:], seconds, workers)) + min(FIRST_UNITS, len(units))
        many = sum(map(len, units))
        size = sum(map(len, planned.files.values())) + _size_of(folder.path, ledgers, many, parts)
        return Estimate(
            units=many,
            cpu_hours=seconds * many / 3600.0,
            wall_s=seconds * many / workers,
            files=len(planned.files) + 2 + parts * len(_tables(ledgers)) + workers + 1,
            disk_bytes=size,
        )


def _tables(ledgers: Ledgers) -> list[str]:
    return list(dict.fromkeys(table for line in ledgers.lines for table in line.files))


def _size_of(folder: Path, ledgers: Ledgers, units: int, parts: int) -> int:
    """Bytes of all parts and ledgers of so many units in so many parts, by those of a few."""
    total = 90.0 * units + 900.0 * parts  # ledgers: a key with its quotes and comma, and the rest of a line
    for table in _tables(ledgers):
        rows = together([read_part(folder, table, line) for line in ledgers.lines if table in line.files])
        rows = rows.unify_dictionaries()
        many, few = (_like(rows, _MANY), _like(rows, _MANY // 2)) if table == ROWS else _halves(rows)
        (large, of_large), (small, of_small) = ((len(encode(each)), _units_in(each)) for each in (many, few))
        each_unit = (large - small) / max(1, of_large - of_small)
        total += each_unit * units + max(0.0, large - each_unit * of_large) * parts
    return round(total)


def _units_in(rows: Any) -> int:
    return len(rows[KEY].unique())


def _halves(rows: Any) -> tuple[Any, Any]:
    """All rows of a recorded table, and those of half of the units."""
    keys = rows[KEY].unique().to_pylist()
    import pyarrow.compute as pc

    half = pa.array(keys[: max(1, len(keys) // 2)], pa.string())
    few = rows.filter(pc.is_in(pc.cast(rows[KEY], pa.string()), value_set=half))
    return rows, few if len(keys) > 1 else rows.slice(0, 0)


def _like(rows: Any, many: int) -> Any:
    """Made-up measures that look like those of a few units, for a size."""
    rng = np.random.default_rng(1)
    columns = {}
    for name in rows.column_names:
        if name == KEY:
            continue
        values = rows[name].to_numpy(zero_copy_only=False)
        drawn = values[rng.integers(0, len(values), many)]
        varies = name not in ("mother", "replicate") and len(set(values.tolist())) > 1
        columns[name] = drawn * (1.0 + 0.01 * rng.standard_normal(many)) if varies else drawn
    return rows_table([unit_key(b"", 0, number) for number in range(many)], columns)


def written(planned: Planned, out: Path, command: Sequence[str], stated: dict[str, object]) -> ResultFolder:
    """
    Make the folder of a sweep; it appears with its plan.

    Parameters
    ----------
    planned
        What shall be in it.
    out
        Folder in which it is made.
    command
        The command.
    stated
        More for the manifest.

    Raises
    ------
    ConfigError
        If its name is not allowed; nothing is written then.
    ArchiveError
        If the disk refuses.
    """
    about: dict[str, object] = {
        "command": list(command),
        "seed": planned.seed,
        "warnings": planned.warnings,
        SWEEP: planned.about,
        **stated,
    }

    def fill(built: Path) -> dict[str, object]:
        write_files((built / name, content) for name, content in planned.files.items())
        return {FILES: hashes(planned.files)}

    return ResultFolder.create(out, planned.name, SWEEP, about, fill)
