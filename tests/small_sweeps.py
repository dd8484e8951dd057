"""A scenario that takes no second, and an executor without processes."""

from __future__ import annotations

import shutil
from concurrent.futures import Executor, Future
from pathlib import Path

BASE = """
format: 1
days: 0.25
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 0.5}
schedule: [{kind: every, hours: 2}]
"""
CAPACITY = "gland.lumen.capacity_ml"


class Here(Executor):
    """An executor that does each order at once, in this process."""

    def submit(self, function, /, *args, **named):
        future: Future = Future()
        try:
            future.set_result(function(*args, **named))
        except BaseException as error:  # noqa: BLE001 - as executors do
            future.set_exception(error)
        return future


def recorded(sweep):
    """Removals of a sweep, in one order."""
    rows = sweep.dataset["removals"].to_table().to_pandas()
    rows["key"] = rows["key"].astype(str)
    return rows.sort_values(["key", "session", "breast"], ignore_index=True)


def copied(example, tmp_path):
    """A copy that may be changed."""
    return Path(shutil.copytree(example.path, tmp_path / "copy"))
