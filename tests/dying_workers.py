"""
Imported by workers alone: they end at chosen work, in the middle of it, as often as a test says.

A test that kills a worker from outside must catch it at its work, which a fast build or a busy machine makes a matter
of chance; one that kills itself is always in the middle. `conftest.py` has the fixture `dying`.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from lactflow.experiments import work

SECTION = None
"""Stands for something that was added in Python, so that a worker imports this module."""

_do = {kind: work.doing(kind) for kind in ("unit", "tables")}


def do_unit(order, shared, progress):
    """Simulate a unit into a run directory, or die of it."""
    _do["unit"](order, shared, dying(order, progress))


def do_tables(order, shared, progress):
    """Simulate a unit in memory, or die of it."""
    return _do["tables"](order, shared, dying(order, progress))


def dying(order, progress):
    """Progress of a unit that ends its process at its first call, where it is the turn of that unit."""
    plan = json.loads(os.environ["LACTFLOW_TESTS_DEATHS"])
    unit = f"{order['mother']}-{order['replicate']}"

    def die_or_go_on(share, time_min):
        for death in range(plan["times"] if unit in plan["units"] else 0):
            with suppress(FileExistsError):
                Path(plan["folder"], f"{unit}.{death}").touch(exist_ok=False)
                os.kill(os.getpid(), plan["signal"])
                break
        progress(share, time_min)

    return die_or_go_on


work.DOING = {**work.DOING, "unit": f"{__name__}:do_unit", "tables": f"{__name__}:do_tables"}
