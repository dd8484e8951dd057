"""
The unit of work whose result is its tables: simulated in memory by a worker, which answers with them.

Nothing is written: no folder, no waiting for a disk. The tables are those that a run directory would have.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from lactflow.config.additions import config_from_json
from lactflow.config.model import RunConfig
from lactflow.config.scenario import logs_among
from lactflow.dyad.schedule import PlannedSession
from lactflow.experiments.memory import simulated_in_memory
from lactflow.experiments.work import ShowProgress
from lactflow.recording.memory import UnitTables
from lactflow.recording.packed import packed


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
    return packed(simulated_tables(order, _scenario_of(shared or ""), progress))


class Shared(NamedTuple):
    """
    What a shared text says.

    Attributes
    ----------
    config
        Resolved; of a whole cohort where it has one.
    logs
        Sessions of each feeding log that the schedule names.
    """

    config: RunConfig
    logs: Mapping[str, Sequence[PlannedSession]]


def read_shared(shared: str) -> Shared:
    """Config and logs of a shared text."""
    found = json.loads(shared)
    config = config_from_json(found["config"])
    return Shared(config, logs_among(config, {name: b64decode(text) for name, text in found["logs"].items()}))


_scenario_of = lru_cache(maxsize=1)(read_shared)
"""In a worker: read once for all units of a scenario, which come one after the other."""


def simulated_tables(order: Mapping[str, Any], scenario: Shared, progress: ShowProgress | None) -> UnitTables:
    """
    Simulate the unit of an order in memory, in this process.

    Parameters
    ----------
    order, progress
        As `do_tables` takes them.
    scenario
        Its config and logs.

    Raises
    ------
    LactflowError
        As `simulated_in_memory` does.
    """
    mother, replicate = order["mother"], order["replicate"]
    run = simulated_in_memory(*scenario, mother, replicate, tables=order["tables"], progress=progress)
    (unit,) = run.units
    return unit
