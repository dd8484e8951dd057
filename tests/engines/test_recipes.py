"""
Recipes for schedulers in `docs/guides/recipes`: each is run on a sweep, which is the same as one in this process.

`.ci/run` installs the engines and says by `LACTFLOW_NEEDS_ENGINES` that they have to be there; without it those that
are missing are passed over.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import lactflow

pytestmark = pytest.mark.slow

RECIPES = Path(__file__).parents[2] / "docs" / "guides" / "recipes"
NEEDED = os.environ.get("LACTFLOW_NEEDS_ENGINES") == "1"
ENGINES = Path(os.environ.get("LACTFLOW_ENGINES") or Path(sys.executable).parent)
"""Folder of the commands of the engines, Python among them."""
CAPACITY = "gland.lumen.capacity_ml"
WARD = """
format: 1
days: 0.5
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 0.5}
schedule: [{kind: every, hours: 3}]
"""


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    """A folder of its own, where `lactflow` is the command of this Python."""
    monkeypatch.chdir(tmp_path)
    Path("ward.yaml").write_text(WARD, encoding="utf-8")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], str(ENGINES)])
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("PYTHONPATH", str(Path(lactflow.__file__).parents[1]))


@pytest.fixture
def undisturbed():
    """Results of the sweep, done in one go."""
    vary = {CAPACITY: [120, 180, 240]}
    return lactflow.sweep("ward.yaml", vary=vary, replicates=2, out="other", executor="local:1").results


@pytest.fixture
def planned():
    """The sweep, planned by the command that the docs have."""
    asked = ["--vary", f"{CAPACITY}=120,180,240", "--replicates", "2", "--executor", "none", "--json"]
    said = done("lactflow", "sweep", "ward.yaml", *asked)
    return json.loads(said)["sweep_dir"]


def done(*command, **environment):
    """Standard output of a command that succeeds."""
    ended = subprocess.run(
        [str(each) for each in command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def engine(name):
    """Path of a command; the test is passed over where it is missing and need not be there."""
    found = shutil.which(name)
    if found is None and not NEEDED:
        pytest.skip(f"{name} is not installed")
    assert found is not None, f"{name} is not installed"
    return found


def is_that_of(folder, undisturbed):
    """Complete, closed, and the same to the bit."""
    sweep = lactflow.open_sweep(folder)
    assert sweep.counts.status == "complete"
    assert len(list(Path(folder, "rows").glob("*.parquet"))) == 1
    assert_frame_equal(sweep.results, undisturbed, check_exact=True)


def test_shards_side_by_side(planned, undisturbed):
    """By `xargs`, two at a time."""
    said = done("bash", RECIPES / "shards.sh", planned, 3, 2)
    assert "complete: 6 of 6 units complete" in said
    is_that_of(planned, undisturbed)


def test_an_array_of_slurm(planned, undisturbed):
    """Each task has the number and the count that Slurm gives it; Slurm itself is not here."""
    for number in ("1", "2", "3"):
        done("bash", RECIPES / "slurm.sh", planned, SLURM_ARRAY_TASK_ID=number, SLURM_ARRAY_TASK_COUNT="3")
    done("lactflow", "sweep", "close", planned)
    is_that_of(planned, undisturbed)


def test_hyperqueue(planned, undisturbed):
    """A server and a worker of HyperQueue, three shards, and closing after them."""
    python = ENGINES / "python"
    if subprocess.run([python, "-c", "import hyperqueue"], capture_output=True, check=False).returncode != 0:
        if not NEEDED:
            pytest.skip("hyperqueue is not installed")
        pytest.fail("hyperqueue is not installed")
    done(python, RECIPES / "hq_sweep.py", planned, 3, "--here", HOME=str(Path.cwd()))
    is_that_of(planned, undisturbed)


def test_snakemake(undisturbed):
    """Planned, worked on, closed, and written as CSV; called again, nothing is left to do."""
    points = f"points=--vary {CAPACITY}=120,180,240 --replicates 2"
    command = [engine("snakemake"), "--snakefile", RECIPES / "Snakefile", "--cores", "2", "--config"]
    command += ["scenario=ward.yaml", "shards=3", points]
    done(*command)
    folder = json.loads(Path("sweep.json").read_text())["sweep_dir"]
    is_that_of(folder, undisturbed)
    written = pd.read_csv("sweep.csv")
    assert list(written.columns) == list(undisturbed.columns)
    assert_frame_equal(
        written[["unit", CAPACITY, "removed_ml_per_day"]],
        undisturbed[["unit", CAPACITY, "removed_ml_per_day"]],
        check_dtype=False,
    )
    before = Path("sweep.csv").stat().st_mtime_ns
    done(*command)
    assert Path("sweep.csv").stat().st_mtime_ns == before
