"""With what, when and on which class of machine something is measured."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIBRARIES = ("lactflow", "simpy", "numpy", "pandas", "pyarrow", "pydantic", "ruamel.yaml")
_CORES = {1: "one core", 2: "two cores", 4: "four cores", 8: "eight cores"}


def circumstances(*written: str) -> dict[str, Any]:
    """
    Commit, date, machine and versions.

    Parameters
    ----------
    written
        Paths in the sources that the measurement writes itself: no change to what is measured.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "commit": commit(*written),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": _CORES.get(cores, f"{cores} cores"),
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in LIBRARIES}},
    }


def commit(*written: str) -> str | None:
    """The commit of the sources, `-dirty` behind it when something differs from it; None where there is no Git."""
    git = ("git", "-C", str(ROOT))
    command = (*git, "status", "--porcelain", "--", ".", *(f":!{path}" for path in written))
    try:
        head = subprocess.run((*git, "rev-parse", "--short=10", "HEAD"), capture_output=True, text=True, check=True)
        changed = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return head.stdout.strip() + ("-dirty" if changed.stdout.strip() else "")
