"""Two scenarios to compare, without processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from crew_of_one import CrewOfOne
from pairs import compared, write_configs

from lactflow.experiments import comparing as comparing_module


@pytest.fixture(scope="session")
def crew_of_one():
    """The stand-in itself, for fixtures that outlive a test."""
    return CrewOfOne


@pytest.fixture
def no_processes(monkeypatch):
    """Comparisons run in this process; `test_workers_do_not_matter` and the tests of the crew have real workers."""
    monkeypatch.setattr(comparing_module, "Crew", CrewOfOne)


@pytest.fixture
def configs(tmp_path, monkeypatch, no_processes):
    """Two scenarios that take no second each: feeds every two and every six hours."""
    monkeypatch.chdir(tmp_path)
    return write_configs(Path())


@pytest.fixture(scope="session")
def comparison(tmp_path_factory):
    """Both compared, in three replicates; nobody changes it."""
    folder = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing_module, "Crew", CrewOfOne)
        return compared(write_configs(folder), out=folder / "outputs")
