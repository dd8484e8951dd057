"""Sweeps that take no second each."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_sweeps import BASE, CAPACITY, Here

import lactflow


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
