"""
How a wheel is built: the hot modules as extensions, by mypyc from the same sources, or all as plain Python.

The modules are listed in `pyproject.toml`, at the hook. `LACTFLOW_PURE=1` never compiles; `LACTFLOW_COMPILE=1` does, or
fails and says why. With neither, modules are compiled where CPython has a compiler, and if that fails, the wheel is
plain Python. An editable install runs its sources. Nothing is written beside the sources.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

REQUIREMENTS = ["mypy==2.4.1", "setuptools>=75", "simpy>=4.1,<4.2"]
"""What compiling needs: another mypyc may compile otherwise, so its version is pinned. SimPy is there for its types."""

NEEDED = ["librt>=0.16.0"]
"""What the extensions import when they run; the bounds are those of mypy itself."""

CONFIG = "[mypy]\nignore_missing_imports = True\nfollow_imports = silent\n"
"""The types are checked elsewhere; here only those of the modules and of SimPy are read."""

SETUP = """
import json, sys
from mypyc.build import mypycify
from setuptools import setup

groups = json.loads(sys.argv[1])
modules = [module for group in groups.values() for module in group]
extensions = mypycify(
    ["--config-file=mypy.ini", "--cache-dir=cache", *modules],
    opt_level="1",
    debug_level="0",
    separate=[(group, f"lactflow.{name}") for name, group in groups.items()],
)
setup(name="lactflow", packages=[], ext_modules=extensions,
      script_args=["build_ext", "--build-lib", "built", "--parallel", sys.argv[2]])
"""


class CannotCompileError(Exception):
    """There will be no extensions; the first line of the message says why."""


def asked_for(name: str) -> bool:
    """Whether an environment variable is set, and not to 0."""
    return os.environ.get(name, "") not in ("", "0")


def no_compiler() -> str | None:
    """Why extensions cannot be built here, as far as can be seen beforehand; None when they can."""
    if sys.implementation.name != "cpython":
        return f"mypyc compiles for CPython, and this is {sys.implementation.name}"
    if os.name == "nt":
        finder = Path(os.environ.get("PROGRAMFILES(X86)", ""), "Microsoft Visual Studio/Installer/vswhere.exe")
        return None if finder.exists() or shutil.which("cl") else "there is no Visual Studio"
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    if not shutil.which(compiler):
        return f"there is no C compiler: {compiler}"
    header = Path(sysconfig.get_path("include"), "Python.h")
    return None if header.exists() else f"there is no {header}"


def why_pure(*, editable: bool = False) -> str | None:
    """
    Why this build has no extensions; None when it has.

    Parameters
    ----------
    editable
        Whether it is an editable install, which runs its sources.

    Raises
    ------
    CannotCompileError
        If `LACTFLOW_COMPILE` asks for extensions all the same.
    """
    if asked_for("LACTFLOW_PURE"):
        why: str | None = "LACTFLOW_PURE is set"
    elif editable:
        why = "an editable install runs its sources"
    else:
        why = no_compiler()
    if why and asked_for("LACTFLOW_COMPILE"):
        raise CannotCompileError(f"LACTFLOW_COMPILE is set, but {why}")
    return why


def compiled(root: Path, groups: dict[str, list[str]], folder: Path) -> dict[str, str]:
    """
    Compile modules in a folder of their own.

    Parameters
    ----------
    root
        Of the checkout, or of the unpacked sources.
    groups
        Paths of modules by the name of the library that they are in; libraries are compiled side by side.
    folder
        Empty; all that is written is written here.

    Returns
    -------
    Where each extension belongs in the wheel, by its path.

    Raises
    ------
    CannotCompileError
        With the last lines that mypyc and the C compiler wrote.
    """
    shutil.copytree(root / "lactflow", folder / "lactflow", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "mypy.ini").write_text(CONFIG, encoding="utf-8")
    command = [sys.executable, "-c", SETUP, json.dumps(groups), str(min(len(groups), os.cpu_count() or 1))]
    done = subprocess.run(  # noqa: S603  our own command: this Python, and what pyproject.toml lists
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = done.stdout.strip().splitlines() or ["it said nothing"]
        raise CannotCompileError("\n".join([f"mypyc failed: {said[-1]}", *said[-40:-1]]))
    built = folder / "built"
    return {
        str(path): path.relative_to(built).as_posix() for path in built.rglob("*") if path.suffix in (".so", ".pyd")
    }


class CompilingHook(BuildHookInterface[Any]):
    """Adds extensions to a wheel."""

    PLUGIN_NAME = "custom"
    folder: Path | None = None

    def dependencies(self) -> list[str]:
        """What the build needs beside hatchling; nothing where nothing is compiled."""
        try:
            return [] if why_pure() else REQUIREMENTS
        except CannotCompileError:
            return []  # `initialize` says so

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is put together, if at all."""
        try:
            if why_pure(editable=version == "editable") is None:
                self.folder = Path(tempfile.mkdtemp(prefix="lactflow-"))
                build_data["force_include"] |= compiled(Path(self.root), self.config["groups"], self.folder)
                build_data |= {"pure_python": False, "infer_tag": True, "dependencies": NEEDED}
        except CannotCompileError as error:
            self.clear()
            if asked_for("LACTFLOW_COMPILE"):
                self.app.abort(str(error))
            first = str(error).splitlines()[0]
            self.app.display_warning(f"lactflow becomes plain Python, several times slower: {first}")

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        del version, build_data, artifact_path
        self.clear()

    def clear(self) -> None:
        """Remove what was written while compiling."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
