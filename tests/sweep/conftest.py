"""Sweeps that take no second each."""

from __future__ import annotations

import os
import signal
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest

import lactflow

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


@pytest.fixture
def base(tmp_path, monkeypatch):
    """A scenario in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("base.yaml").write_text(BASE, encoding="utf-8")
    return "base.yaml"


@pytest.fixture
def swept(base):
    """Sweeps the scenario, in this process."""

    def sweep(**how):
        return lactflow.sweep(base, **{"vary": {CAPACITY: [120, 180, 240]}, "executor": Here(), "out": "out", **how})

    return sweep


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """Three points in two replicates, with removals; nobody changes it."""
    folder = tmp_path_factory.mktemp("swept")
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    return lactflow.sweep(
        folder / "base.yaml",
        vary={CAPACITY: [120, 180, 240]},
        replicates=2,
        record="removals",
        executor=Here(),
        out=folder / "out",
    )


def die():
    """End this process as the kernel would."""
    os.kill(os.getpid(), signal.SIGKILL)
