"""Other versions of Python on this machine, with the dependencies of lactflow in the versions of this interpreter."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from golden import Column

ROOT = Path(__file__).parents[2]
PYTHONS = "LACTFLOW_PYTHONS"
"""Environment variable: interpreters that have the dependencies, such as those of environments, split as in PATH."""

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MINORS = [int(found) for found in re.findall(r"Python :: 3\.(\d+)", "\n".join(_PROJECT["classifiers"]))]
"""Versions of Python 3 that the project names."""

_NAMES = [re.split(r"[^\w.-]", line)[0] for line in _PROJECT["dependencies"]]
_PROBE = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps([sys.implementation.name, sys.version_info[1], found]))
"""
_PIP = ("--quiet", "--no-input", "--no-compile", "--only-binary", ":all:")
"""Compiling all modules takes three times as long as installing them, and few are imported."""
_NO_SUCH_VERSION = "No matching distribution"
"""What pip says where a version does not exist for an interpreter: NumPy leaves old ones behind."""
_INSTALLED_WITHIN_S = 300


def dependencies() -> dict[str, str]:
    """Version of each dependency beside this interpreter."""
    return {name: version(name) for name in _NAMES}


def python_of(minor: int) -> Path | None:
    """An interpreter of CPython 3.`minor`, the first that has the dependencies or else the first."""
    working = [path for path in _candidates(minor) if _about(path)[:2] == ("cpython", minor)]
    return next(filter(has_dependencies, working), working[0] if working else None)


def has_dependencies(python: Path) -> bool:
    """Whether it has all of them in the versions of this interpreter."""
    return _about(python)[2] == dependencies()


def made_environment(python: Path, folder: Path) -> tuple[Path, str]:
    """
    Make an environment in `folder`: its interpreter, and why it could not be made where it could not.

    The dependencies have the versions of this interpreter, or the newest where one of them does not exist there.
    """
    pins = [f"{name}=={number}" for name, number in dependencies().items()]
    inside = folder / "bin" / "python"
    why_not = _failure(python, "-m", "venv", folder)
    for asked in () if why_not else (pins, _PROJECT["dependencies"]):
        why_not = _failure(inside, "-m", "pip", "install", *_PIP, *asked)
        if _NO_SUCH_VERSION not in why_not:
            break
    return inside, why_not


def _failure(*command: Path | str) -> str:
    """What a command says that fails, or does not end; nothing where it works."""
    try:
        subprocess.run(command, capture_output=True, text=True, timeout=_INSTALLED_WITHIN_S, check=True)
    except subprocess.CalledProcessError as error:
        return f"{error.stdout}{error.stderr}".strip() or str(error)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return ""


def _candidates(minor: int) -> Iterator[Path]:
    """Those of the variable, those on the path, and those of pyenv, whose shims may refuse what is installed."""
    yield from (Path(each) for each in os.environ.get(PYTHONS, "").split(os.pathsep) if each)
    name = f"python3.{minor}"
    folders = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each]
    roots = [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))]
    roots += [folder.parent for folder in folders if folder.name == "shims"]
    for root in dict.fromkeys(roots):
        folders += sorted(root.glob(f"versions/3.{minor}.*/bin"))
    yield from dict.fromkeys(path for folder in folders if os.access(path := folder / name, os.X_OK))


def _about(python: Path) -> tuple[str, int, dict[str, str]]:
    """Its implementation, its minor version and the dependencies that it has; nothing where it does not start."""
    try:
        done = subprocess.run([python, "-c", _PROBE, *_NAMES], capture_output=True, text=True, timeout=60, check=True)
        implementation, minor, found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError, TypeError):
        return "", 0, {}
    return implementation, minor, found


def tables_by(python: Path | str, **variables: str) -> dict:
    """What `golden.py` prints under another interpreter, or in another environment."""
    done = subprocess.run(
        [python, Path(__file__).with_name("golden.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for scenario, columns in found["runs"].items():
        found["runs"][scenario] = {name: Column(*column) for name, column in columns.items()}
    return found


def this_version() -> int:
    """Minor version of this interpreter."""
    return sys.version_info[1]
