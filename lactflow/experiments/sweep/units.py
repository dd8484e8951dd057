"""
Units of work whose tables an executor or Dask hands back: what `experiments.in_memory` does with a crew.

A worker on another machine answers with tables of its own lactflow, so it must be the one that asks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lactflow.errors import ConfigError
from lactflow.experiments.in_memory import Outcome
from lactflow.experiments.sweep.engines import Order, Pool
from lactflow.experiments.sweep.keys import about_plugin
from lactflow.experiments.tables import TablesOfUnit, do_tables
from lactflow.experiments.work import Failure, ShowProgress
from lactflow.experiments.worker import message_and_code
from lactflow.plugins import add_references, added_references
from lactflow.recording.memory import UnitTables
from lactflow.recording.packed import unpacked
from lactflow.version import MODEL, __version__


def simulated_by(
    pool: Pool,
    units: Sequence[TablesOfUnit],
    named: Collection[tuple[str, str]],
    progress: ShowProgress | None = None,
) -> Outcome:
    """
    Simulate units in memory: by an executor or Dask.

    Parameters
    ----------
    pool
        Who does it.
    units
        In the order in which they are begun.
    named
        Group and name of every addition that their configs name.
    progress
        Called with the share that is done; may raise to stop.

    Raises
    ------
    PluginError
        If something of what is named cannot be imported by another process.
    EngineGoneError
        If nobody does it any more.
    """
    found: dict[TablesOfUnit, UnitTables] = {}

    def keep(order: Order, answer: Mapping[str, Any]) -> None:
        found[units[order["number"]]] = unpacked(answer)

    common = {
        "lactflow": __version__,
        "model": MODEL,
        "additions": [list(each) for each in added_references(named)],
        "plugins": [about_plugin(group, name) for group, name in named],
    }
    orders = [
        {**common, "number": number, "shared": unit.shared, "unit": unit.order()} for number, unit in enumerate(units)
    ]
    lost = sorted(pool.ask(tables_on_text, orders, progress, keep), key=lambda each: each.order["number"])
    return Outcome(found, [Failure(units[each.order["number"]], each.message, 1) for each in lost])


def tables_on_text(text: str) -> str:
    """
    Do an order that came as JSON, and answer in JSON: for pools and schedulers.

    Parameters
    ----------
    text
        As `simulated_by` makes it.

    Returns
    -------
    The tables, as `lactflow.recording.packed` makes them, or `message` and `exit_code` of what stopped it.
    """
    try:
        return json.dumps(_tables(json.loads(text)))
    except Exception as error:  # noqa: BLE001 - errors cross to the other process as text, whatever their class
        message, exit_code = message_and_code(error)
        return json.dumps({"message": message, "exit_code": exit_code})


def _tables(order: Mapping[str, Any]) -> dict[str, Any]:
    here = {"lactflow": __version__, "model": MODEL}
    for name, value in here.items():
        if order[name] != value:
            raise ConfigError(f"{name} of the worker is {value} (needed: {order[name]})")
    add_references([(group, name, reference) for group, name, reference in order["additions"]])
    for before in order["plugins"]:
        if about_plugin(before["group"], before["name"]) != before:
            raise ConfigError(f"the plug-in {before['name']!r} of the worker is another one (needed: the same)")
    return do_tables(order["unit"], order["shared"], lambda _share, _time_min: None)
