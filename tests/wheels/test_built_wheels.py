"""Wheels as users get them: built from a copy of the checkout, installed into a folder, and run from there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from lactflow.version import COMPILED, PURE, __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["groups"]
NAMES = sorted(module.removesuffix(".py").replace("/", ".") for group in GROUPS.values() for module in group)
PARTS = ("lactflow", "configs", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")

RUN = """
import json, sys
from importlib import import_module
sys.path.append(sys.argv[1])
from same_tables import hashes_of
files = {name: import_module(name).__file__ for name in json.loads(sys.argv[2])}
print(json.dumps([files, {each: hashes_of(each, 0.5) for each in ("every-three-hours", "one-breast-sealed")}]))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """What the build reads of the checkout."""
    folder = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.pyd"))
        else:
            shutil.copy(source, folder)
    return folder


def contents(folder):
    """Hash of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"  # Python keeps bytecode of the hook, as of any module
    }


def environment(**variables):
    """That of the tests, without what would decide how to build."""
    kept = {name: value for name, value in os.environ.items() if name not in ("LACTFLOW_PURE", "LACTFLOW_COMPILE")}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **variables}


def built(checkout, folder, *options, **variables):
    """The wheel that pip builds."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(folder), *options, str(checkout)]
    subprocess.run(command, check=True, env=environment(**variables), capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def ran(path, folder):
    """Where the modules come from and the hashes of the tables of two short runs, with lactflow from this path."""
    command = [sys.executable, "-c", RUN, str(ROOT / "benchmarks"), json.dumps(NAMES)]
    done = subprocess.run(
        command, check=True, env=environment(PYTHONPATH=str(path)), cwd=folder, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


def test_a_machine_without_a_compiler_gets_plain_python(checkout, tmp_path):
    """The wheel is for every platform, and its build needs nothing but hatchling."""
    pytest.importorskip("hatchling")
    before = contents(checkout)
    wheel = built(checkout, tmp_path, "--no-build-isolation", CC="no-such-compiler")
    assert wheel.name == f"lactflow-{__version__}-py3-none-any.whl"
    with ZipFile(wheel) as opened:
        inside = set(opened.namelist())
    assert {module for group in GROUPS.values() for module in group} <= inside
    assert not any(name.endswith((".so", ".pyd")) for name in inside)
    assert contents(checkout) == before


@pytest.mark.slow
@pytest.mark.longest
def test_the_compiled_wheel_gives_the_same_tables(checkout, tmp_path):
    """Every module of the list is an extension, the clone stays as it was, and no number moves."""
    before = contents(checkout)
    wheel = built(checkout, tmp_path, LACTFLOW_COMPILE="1")
    assert contents(checkout) == before
    if kept := os.environ.get("LACTFLOW_KEPT_WHEEL"):  # `.ci/run` tests this build next, and need not compile it again
        shutil.copy(wheel, kept)
    assert "none-any" not in wheel.name
    folder = tmp_path / "installed"
    with ZipFile(wheel) as opened:
        assert {name for name in opened.namelist() if "__pycache__" in name} == set()
        opened.extractall(folder)
    compiled, tables = ran(folder, tmp_path)
    assert {name: Path(file).suffix for name, file in compiled.items() if Path(file).suffix == ".py"} == {}
    assert all(Path(file).is_relative_to(folder) for file in compiled.values())
    pure, expected = ran(checkout, tmp_path)
    assert {Path(file).suffix for file in pure.values()} == {".py"}
    assert tables == expected
    for path, build in ((folder, COMPILED), (checkout, PURE)):
        said = subprocess.run(
            [sys.executable, "-m", "lactflow", "--version"],
            check=True,
            env=environment(PYTHONPATH=str(path)),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert f", {build}, Python" in said.stdout
