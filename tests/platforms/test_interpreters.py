"""Every version of Python that the project names writes the same tables, to the bit."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import golden
import pytest
from other_pythons import MINORS, PYTHONS, has_dependencies, made_environment, python_of, tables_by, this_version

NEEDED = "LACTFLOW_NEEDS_INTERPRETERS"
"""Environment variable under which an interpreter that is found must be tested."""


@pytest.fixture(scope="module")
def here():
    """Tables of this interpreter, from a process like the others."""
    return tables_by(sys.executable)


@pytest.mark.slow
@pytest.mark.timeout(480)
@pytest.mark.parametrize("minor", [each for each in MINORS if each != this_version()])
def test_another_python_gives_identical_tables(minor, here, tmp_path):
    """All columns of all tables of three runs; an environment with the dependencies is made where there is none."""
    python = python_of(minor)
    if python is None:
        pytest.skip(f"there is no Python 3.{minor} on the path")
    if not has_dependencies(python):
        python, why_not = made_environment(python, tmp_path / "venv")
        if why_not and not os.environ.get(NEEDED):
            pytest.skip(f"no environment of Python 3.{minor} could be made: {why_not}")
        assert not why_not
    there = tables_by(python)
    assert there["arithmetic"] == here["arithmetic"]
    for scenario in golden.RUNS:
        ours, theirs = here["runs"][scenario], there["runs"][scenario]
        assert ours.keys() == theirs.keys()
        assert not golden.differences(ours, theirs, exact=True), scenario


def test_interpreters_that_do_not_start_are_passed_over(monkeypatch, tmp_path):
    """One that fails, and one that states nothing about use; pyenv is looked into where the path has its shims."""
    shims, installed = tmp_path / "shims", tmp_path / "versions" / f"3.{this_version()}.0" / "bin"
    name = f"python3.{this_version()}"
    for folder, body in (shims, "echo refused >&2; exit 127"), (tmp_path / "odd", "echo 3"):
        folder.mkdir()
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'odd'}{os.pathsep}{shims}{os.pathsep}{tmp_path / 'nowhere'}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "none"))
    monkeypatch.delenv(PYTHONS, raising=False)
    assert python_of(this_version()) is None
    installed.mkdir(parents=True)
    (installed / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (installed / name).chmod(0o755)
    assert python_of(this_version()) == installed / name
    assert has_dependencies(installed / name)
    monkeypatch.setenv(PYTHONS, sys.executable)
    assert python_of(this_version()) == Path(sys.executable)
    assert python_of(this_version() + 1) is None


def test_every_version_that_the_project_names_is_tried():
    """3.11 to 3.13 at least."""
    assert {11, 12, 13} <= set(MINORS)
