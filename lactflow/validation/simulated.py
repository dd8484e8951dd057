"""Runs that claims and targets are judged by: simulated in memory, each configuration once, on all cores."""

from __future__ import annotations

import json
import signal
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from functools import cached_property
from multiprocessing import active_children
from typing import TYPE_CHECKING, Any, get_type_hints

import numpy as np

from lactflow.analysis.onset import onset_h
from lactflow.config.model import RunConfig
from lactflow.records import TABLES, MemoryRecorder, QueueSample
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    import pandas as pd

Config = Mapping[str, Any]

REFERENCE: Config = {
    "format": 1,
    "gland": {"lobes_per_breast": 3},
    "resolution": {"packet_ml": 0.3},
    "record": {"visits": False, "sample_min": 60.0},
}
"""The reference mother, cut into fewer lobes and coarser packets: the same milk to 1 %, in a third of the time."""


def merged(*configs: Config) -> dict[str, Any]:
    """Configurations laid over one another, key by key; lists are replaced."""
    result: dict[str, Any] = {}
    for config in configs:
        for key, value in config.items():
            both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
            result[key] = merged(result[key], value) if both else value
    return result


_KEPT = {kind: name for name, kind in TABLES.items() if kind is not QueueSample}
"""Tables that are kept: no claim reads `queues`, whose rows would be most of what processes send and hold."""


class Simulated:
    """
    One run: its tables, and what is asked of them again and again.

    Parameters
    ----------
    facts
        Rows of each table by its name.
    """

    def __init__(self, facts: Mapping[str, list[tuple[object, ...]]]) -> None:
        self._facts = facts

    def __getitem__(self, table: str) -> pd.DataFrame:
        """
        A table.

        Raises
        ------
        KeyError
            If it is not kept.
        """
        import pandas as pd

        if table not in _KEPT.values():
            raise KeyError(table)
        return pd.DataFrame(self._facts.get(table, []), columns=[*get_type_hints(TABLES[table])])

    @cached_property
    def breasts(self) -> pd.DataFrame:
        """Samples of breasts."""
        return self["breasts"]

    @cached_property
    def lobes(self) -> pd.DataFrame:
        """Samples of lobes."""
        return self["lobes"]

    @cached_property
    def removals(self) -> pd.DataFrame:
        """Removals."""
        return self["removals"]

    @cached_property
    def sessions(self) -> pd.DataFrame:
        """Sessions."""
        return self["sessions"]

    @cached_property
    def hormones(self) -> pd.DataFrame:
        """Samples of hormones."""
        return self["hormones"]

    def made_ml_per_day(self, from_day: float, to_day: float, breast: str | None = None) -> float:
        """Milk made a day, from the start of one day to the start of another; both breasts or one."""
        samples = self._within(self.breasts, "time_min", from_day, to_day, after=True)
        if breast is not None:
            samples = samples[samples["breast"] == breast]
        return float(samples.groupby("breast")["secretion_ml_per_h"].mean().sum() * 24.0)

    def removed_ml_per_day(self, from_day: float, to_day: float, breast: str | None = None) -> float:
        """Milk removed a day."""
        removals = self._within(self.removals, "start_min", from_day, to_day)
        if breast is not None:
            removals = removals[removals["breast"] == breast]
        return float(removals["removed_ml"].sum() / (to_day - from_day))

    def per_day(self, kind: str, from_day: float, to_day: float) -> float:
        """Sessions of a kind a day."""
        sessions = self._within(self.sessions, "start_min", from_day, to_day)
        return float((sessions["kind"] == kind).sum() / (to_day - from_day))

    def concentration(self, column: str, from_day: float, to_day: float) -> float:
        """Mean of a concentration in the milk removed, by volume."""
        removals = self._within(self.removals, "start_min", from_day, to_day).dropna(subset=[column])
        weights = removals["removed_ml"]
        return float((removals[column] * weights).sum() / weights.sum()) if weights.sum() > 0.0 else float("nan")

    def signal(self, column: str, at_day: float, breast: str | None = None) -> float:
        """Mean of a signal over lobes at the sample nearest to a time [day]."""
        lobes = self.lobes if breast is None else self.lobes[self.lobes["breast"] == breast]
        times = lobes["time_min"]
        nearest = times.iloc[int(np.argmin(np.abs(times.to_numpy() - (at_day - 1.0) * DAY_MIN)))]
        return float(lobes.loc[times == nearest, column].mean())

    def course(self, column: str, breast: str | None = None) -> pd.Series[float]:
        """Mean of a signal over lobes, by time [min]."""
        lobes = self.lobes if breast is None else self.lobes[self.lobes["breast"] == breast]
        return lobes.groupby("time_min")[column].mean()

    def first_time(self, column: str, at_least: float, from_day: float, breast: str | None = None) -> float:
        """Hours after `from_day` at which a signal first reaches a level; infinity when it never does."""
        course = self.course(column, breast)
        start_min = (from_day - 1.0) * DAY_MIN
        reached = course[(course.index >= start_min) & (course >= at_least)]
        return float((reached.index[0] - start_min) / HOUR_MIN) if len(reached) else float("inf")

    def onset_h(self) -> float:
        """Hours after birth at which copious milk begins; NaN for never."""
        return onset_h(self.breasts)

    @staticmethod
    def _within(
        table: pd.DataFrame, column: str, from_day: float, to_day: float, *, after: bool = False
    ) -> pd.DataFrame:
        """Rows of a stretch of days; samples that are of the time before them belong to its end."""
        begin, end = (from_day - 1.0) * DAY_MIN, (to_day - 1.0) * DAY_MIN
        times = table[column]
        return table[(times > begin) & (times <= end)] if after else table[(times >= begin) & (times < end)]


def simulated_facts(config: Config) -> dict[str, list[tuple[object, ...]]]:
    """Simulate one configuration; rows of each table by its name."""
    run_config = RunConfig.model_validate_json(json.dumps(merged(REFERENCE, config)))
    recorder = MemoryRecorder(visits=False)
    simulate(run_config, recorder)
    facts: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
    for fact in recorder.facts:
        name = _KEPT.get(type(fact))
        if name is not None:
            facts[name].append(tuple(fact))
    return dict(facts)


_LOOK_UP_S = 0.1
"""How often progress is reported, and a signal noticed, while nothing is done."""


def key_of(config: Config) -> str:
    """What tells configurations apart."""
    return json.dumps(merged(REFERENCE, config), sort_keys=True)


def simulated_all(
    configs: list[Config], workers: int, progress: Callable[[int, int], None] | None = None
) -> dict[str, Simulated]:
    """
    Simulate all configurations, each once.

    Parameters
    ----------
    configs
        What to simulate; the same one may come more than once.
    workers
        Processes.
    progress
        Called with how many are done, of how many, again and again; may raise to stop.

    Returns
    -------
    Runs by `key_of` their configuration.
    """
    wanted = {key_of(config): config for config in configs}
    # The longest first, so that no core waits for the last one.
    order = sorted(wanted, key=lambda key: -float(merged(REFERENCE, wanted[key]).get("days", 7.0)))
    found: dict[str, Simulated] = {}
    before = active_children()
    with ProcessPoolExecutor(workers, initializer=_leave_signals_to_the_parent) as pool:
        waiting = {pool.submit(simulated_facts, wanted[key]): key for key in order}
        try:
            while waiting:
                for done in wait(waiting, _LOOK_UP_S, FIRST_COMPLETED).done:
                    found[waiting.pop(done)] = Simulated(done.result())
                if progress is not None:
                    progress(len(found), len(order))
        except BaseException:
            for future in waiting:
                future.cancel()
            for process in set(active_children()) - set(before):
                process.terminate()
            raise
    return found


def _leave_signals_to_the_parent() -> None:
    """Ctrl-C and a hang-up reach all processes of a terminal; the parent decides, and ends the others by SIGTERM."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
