"""Single replicates at named levels of resolution: their measures, kept for the next call."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lactflow.analysis.daily import by_replicate
from lactflow.analysis.run import open_run
from lactflow.config.scenario import load_scenario
from lactflow.experiments.run import new_archive, units_of
from lactflow.experiments.unit import run_unit
from lactflow.units import HOUR_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.run import Run


class Wanted(NamedTuple):
    """One replicate: a shipped scenario, its settings and length (None for its own), the level, the number."""

    scenario: str
    settings: tuple[str, ...]
    days: float | None
    level: str
    replicate: int

    @property
    def key(self) -> str:
        """What distinguishes it from others."""
        return json.dumps(self)


class Involution(NamedTuple):
    """Where a scenario leaves a breast for good: which, and on what day."""

    breast: str
    day: float


INVOLUTIONS = {
    "one-breast-sealed": Involution("left", 61.0),
    "abrupt-weaning": Involution("left", 62.0),
}


def simulated(wanted: Wanted) -> dict[str, float]:
    """Measures of one replicate, times of involution where there is one, and `cpu_s`, what it took."""
    settings = ["record.visits=false", f"resolution={wanted.level}", *wanted.settings]
    scenario = load_scenario(wanted.scenario, settings, days=wanted.days, replicates=wanted.replicate + 1)
    with tempfile.TemporaryDirectory() as folder:
        archive = new_archive(scenario, Path(folder), "run")
        begun_s = time.process_time()
        run_unit(units_of(scenario, archive.path)[wanted.replicate])
        cpu_s = time.process_time() - begun_s
        archive.finish("interrupted", error="one replicate of several")
        run = open_run(archive.path)
        (row,) = by_replicate(run, scenario.config.record.warm_up_days).to_dict("records")
        found = {str(name): float(value) for name, value in row.items() if name not in ("mother", "replicate")}
        if (breast := INVOLUTIONS.get(wanted.scenario)) is not None:
            found |= involution_of(run, breast)
    return {**found, "cpu_s": cpu_s}


def involution_of(run: Run, left: Involution) -> dict[str, float]:
    """Hours from when a breast is left until half of its active cells are gone, and until STAT3 is half-way up."""
    lobes = run["lobes"]
    course = lobes[lobes["breast"] == left.breast].groupby("time_min")[["active_cells", "stat3"]].mean()
    since = course[course.index >= (left.day - 1.0) * 24.0 * HOUR_MIN]
    return {
        "half_of_cells_lost_h": _first_h(since, since["active_cells"] <= 0.5 * since["active_cells"].iloc[0]),
        "stat3_half_h": _first_h(since, since["stat3"] >= 0.5),
    }


def _first_h(course: pd.DataFrame, reached: pd.Series[bool]) -> float:
    times = course.index[reached]
    return float(times[0] - course.index[0]) / HOUR_MIN if len(times) else nan


def all_of(wanted: Sequence[Wanted], cache: Path, workers: int = 1) -> dict[Wanted, dict[str, float]]:
    """
    Measures of all that is wanted; what the cache has is not simulated again.

    Parameters
    ----------
    wanted
        In the order in which they are begun.
    cache
        File with a line for each replicate; made or added to, line by line.
    workers
        Processes.
    """
    known = dict(_read(cache))
    missing = [each for each in dict.fromkeys(wanted) if each.key not in known]
    cache.parent.mkdir(parents=True, exist_ok=True)
    with cache.open("a", encoding="utf-8") as stream:
        for number, (each, found) in enumerate(_done(missing, workers), 1):
            known[each.key] = found
            stream.write(json.dumps([each.key, {name: _plain(value) for name, value in found.items()}]) + "\n")
            stream.flush()
            print(f"{number} of {len(missing)}: {each.key}", flush=True)
    return {each: known[each.key] for each in wanted}


def _done(wanted: Sequence[Wanted], workers: int) -> Iterator[tuple[Wanted, dict[str, float]]]:
    """Replicates as they are done; in this process where there is one worker."""
    if workers == 1:
        yield from ((each, simulated(each)) for each in wanted)
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting = {pool.submit(simulated, each): each for each in wanted}
        yield from ((waiting[done], done.result()) for done in as_completed(waiting))


def _read(cache: Path) -> Iterable[tuple[str, dict[str, float]]]:
    for line in cache.read_text(encoding="utf-8").splitlines() if cache.exists() else ():
        try:
            key, found = json.loads(line)
        except ValueError:  # the call before was stopped within a line
            continue
        yield key, {name: nan if value is None else value for name, value in found.items()}


def _plain(value: float) -> float | None:
    return value if isfinite(value) else None


def commit() -> str:
    """The commit that is measured, with a mark where files have changed since."""
    typed = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    printed = subprocess.run(typed, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    return printed.stdout.strip()
