"""Every version of Python that the project names writes the same tables, to the bit."""

from __future__ import annotations

import os
import sys

import golden
import pytest
from other_pythons import MINORS, has_dependencies, made_environment, python_of, tables_by, this_version

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
        assert has_dependencies(python)
    there = tables_by(python)
    assert there["arithmetic"] == here["arithmetic"]
    for scenario in golden.RUNS:
        ours, theirs = here["runs"][scenario], there["runs"][scenario]
        assert ours.keys() == theirs.keys()
        assert not golden.differences(ours, theirs, exact=True), scenario
