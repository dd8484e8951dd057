"""The sdist and the wheel as they are published: metadata, and programs that run a wheel without installing it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from lactflow.version import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LEFT_OUT = ("__pycache__", "*.so", "*.pyd", ".git", ".venv", "outputs", ".*_cache")
NEEDED = "LACTFLOW_NEEDS_RUNNERS"
"""Environment variable under which uvx and pipx have to be there."""

pytestmark = pytest.mark.slow


def environment(**variables):
    """That of the tests, without what would decide how to build, or lead to this checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LACTFLOW_", "PYTHONPATH"))}
    return {**kept, "LACTFLOW_PURE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **variables}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The sdist of a copy of the checkout, and the wheel that is built of that sdist."""
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("published")
    shutil.copytree(ROOT, folder / "checkout", ignore=shutil.ignore_patterns(*LEFT_OUT))
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), "checkout"]
    subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True)
    (sdist,), (wheel,) = (folder / "dist").glob("*.tar.gz"), (folder / "dist").glob("*.whl")
    return sdist, wheel


def test_the_metadata_is_complete(published):
    """What an index shows; nothing that the project does not have."""
    sdist, wheel = published
    with ZipFile(wheel) as opened:
        (name,) = [each for each in opened.namelist() if each.endswith("/METADATA")]
        about = HeaderParser().parsestr(opened.read(name).decode())
        inside = opened.namelist()
    assert (about["Name"], about["Version"], about["License-Expression"]) == ("lactflow", __version__, "MIT")
    assert about["Summary"] == PROJECT["description"]
    assert about["Description-Content-Type"] == "text/markdown"
    assert {"Operating System :: OS Independent", "Typing :: Typed"} <= set(about.get_all("Classifier"))
    assert about.get_all("Project-URL") is None
    assert {"lactflow/py.typed", "lactflow/cli/completed.tsv", "lactflow/configs/every-three-hours.yaml"} <= {*inside}
    assert not [each for each in inside if each.startswith(("tests/", "benchmarks/"))]
    with tarfile.open(sdist) as opened:
        names = {each.name.split("/", 1)[-1] for each in opened.getmembers()}
    assert {"CHANGELOG.md", "CITATION.cff", "LICENSE", "README.md", "PKG-INFO", "hatch_build.py"} <= names
    assert "tests/wheels/test_installs.py" in names


def test_twine_finds_nothing_wrong(published):
    """As before an upload."""
    pytest.importorskip("twine")
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *map(str, published)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("PASSED") == 2


@pytest.mark.parametrize(
    ("program", "before"), [("uvx", ["--python", sys.executable, "--from"]), ("pipx", ["run", "--spec"])]
)
def test_a_wheel_runs_by_name(published, tmp_path, program, before):
    """It simulates a scenario that comes with it, far away from this checkout."""
    found = shutil.which(program, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        assert NEEDED not in os.environ, program
        pytest.skip(f"there is no {program}")
    homes = {"UV_CACHE_DIR": str(tmp_path / "uv"), "PIPX_HOME": str(tmp_path / "pipx")}

    def ran(*words):
        command = [found, *before, str(published[1]), "lactflow", *words]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(**homes), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert re.match(rf"lactflow, version {re.escape(__version__)}, pure Python, Python 3\.\d+", ran("--version"))
    run = Path(json.loads(ran("run", "every-three-hours", "--days", "0.1", "--quiet", "--json"))["run_dir"])
    assert json.loads((tmp_path / run / "manifest.json").read_text(encoding="utf-8"))["status"] == "complete"
