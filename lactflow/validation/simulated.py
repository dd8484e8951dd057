"""Runs that claims and targets are judged by: simulated in memory, each configuration once, on all cores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.onset import onset_h
from lactflow.analysis.run import MemoryRun
from lactflow.config.additions import config_from_json
from lactflow.config.drugs.collected import with_shipped
from lactflow.config.text import cut
from lactflow.experiments.in_memory import OnRetried, refuse_failures, simulated_side_by_side
from lactflow.experiments.memory import simulated_in_memory
from lactflow.experiments.tables import TablesOfUnit, shared_text
from lactflow.experiments.work import ShowProgress
from lactflow.records import TABLES
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.recording.tables import RunTables

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


KEPT = tuple(table for table in TABLES if table not in ("visits", "queues"))
"""Tables that are kept: no claim reads the others, whose rows would be most of what processes send and hold."""


class Simulated:
    """
    One run: its tables, and what is asked of them again and again.

    Parameters
    ----------
    run
        Of one unit of work.
    """

    def __init__(self, run: RunTables) -> None:
        self._run = run

    def __getitem__(self, table: str) -> pd.DataFrame:
        """
        A table.

        Raises
        ------
        KeyError
            If it is not kept, or there is none of this name.
        """
        return self._run[table]

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


def simulated(config: Config) -> Simulated:
    """Simulate one configuration, here."""
    return Simulated(simulated_in_memory(config_from_json(_text_of(config)), {}, tables=KEPT))


def _text_of(config: Config) -> str:
    return json.dumps(with_shipped(merged(REFERENCE, config)))


def key_of(config: Config) -> str:
    """What tells configurations apart."""
    return json.dumps(merged(REFERENCE, config), sort_keys=True)


def simulated_all(
    configs: list[Config],
    workers: int,
    progress: ShowProgress | None = None,
    on_retried: OnRetried | None = None,
    *,
    tables: Mapping[str, tuple[str, ...]] | None = None,
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
        Called with the share of the work that is done, and the simulated time, again and again; may raise to stop.
    on_retried
        Called with what was simulated again because its worker had died, when there is something.
    tables
        Of configurations by their `key_of`, what to keep where that is not `KEPT`: many runs at once fill the memory.

    Returns
    -------
    Runs by `key_of` their configuration.

    Raises
    ------
    SomeUnitsFailedError
        If some failed, once all have ended.
    """
    wanted = {key_of(config): config for config in configs}
    # The longest first, so that no core waits for the last one.
    order = sorted(wanted, key=lambda key: -float(merged(REFERENCE, wanted[key]).get("days", 7.0)))
    few = tables or {}
    works = {_work(wanted[key], few.get(key, KEPT)): key for key in order}

    outcome = simulated_side_by_side([*works], (), workers, progress, on_retried)
    refuse_failures(outcome.failures, len(works))
    return {works[work]: Simulated(MemoryRun([unit], lambda: "")) for work, unit in outcome.tables.items()}


def _work(config: Config, tables: tuple[str, ...]) -> TablesOfUnit:
    return TablesOfUnit(shared_text(_text_of(config), {}), 0, 0, tables, label=cut(json.dumps(config)))
