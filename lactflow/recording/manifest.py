"""The manifest of a run directory: what was run, with what, how it ended."""

from __future__ import annotations

import json
import platform
import time
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.recording.files import told_in_one_line
from lactflow.recording.journal import JOURNAL, Journal
from lactflow.recording.lock import is_held
from lactflow.records import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MANIFEST = "manifest.json"
CONFIG = "config.yaml"
FORMAT = 1
STATUSES = ("running", "complete", "interrupted", "failed")
_LIBRARIES = ("simpy", "numpy", "pandas", "pyarrow")


def new_manifest(told: dict[str, object], created_s: float) -> dict[str, object]:
    """
    Manifest of a run that begins.

    Parameters
    ----------
    told
        What the caller knows: `command`, `seed` and what it likes.
    created_s
        Time of day [s since the epoch].
    """
    return {
        "format": FORMAT,
        "status": "running",
        "command": None,
        "seed": None,
        "versions": {
            "python": platform.python_version(),
            # By name: the package itself names the layers above this one, for type checkers.
            "lactflow": import_module("lactflow").__version__,
            **{library: metadata.version(library) for library in _LIBRARIES},
        },
        "platform": platform.platform(),
        "created_utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(created_s)),
        "wall_s": None,
        "simulated_min": None,
        "rows": dict.fromkeys(TABLES, 0),
        "error": None,
        "warnings": [],
        **told,
    }


def as_json(manifest: dict[str, object]) -> bytes:
    """Bytes of a manifest, for people as well."""
    return json.dumps(manifest, indent=2).encode() + b"\n"


def read_manifest(directory: Path) -> tuple[dict[str, Any], str]:
    """
    Manifest of a run directory, and its status with `crashed` told from `running`.

    Raises
    ------
    ArchiveError
        If this is no run directory, or one of a format that this version does not know.
    DamagedRunError
        If there was a manifest and it is gone or unreadable.
    """
    path = directory / MANIFEST
    with told_in_one_line("read", path):
        if not directory.is_dir():
            raise ArchiveError(f"{directory} is not a directory" if directory.exists() else f"{directory} is missing")
        # Asked before reading: a writer rewrites the manifest first and lets go of the lock afterwards.
        held = is_held(directory)
        if not path.exists():
            if (directory / JOURNAL).is_dir():
                raise DamagedRunError(f"{directory} has lost its {MANIFEST}")
            raise ArchiveError(f"{directory} is not a run directory: it has no {MANIFEST}")
        manifest = parsed(path)
    if "kind" in manifest:
        runs = directory / "runs"
        where = f"; its runs lie in {runs}" if runs.is_dir() else ""
        raise ArchiveError(f"{directory} is a {manifest['kind']}, not a run{where}")
    return manifest, status_of(manifest, held=held)


def parsed(path: Path) -> dict[str, Any]:
    """
    A manifest of this format, whatever it is of.

    Raises
    ------
    DamagedRunError
        If it is not what was written.
    ArchiveError
        If it is of a format that this version does not know.
    """
    try:
        manifest = json.loads(path.read_bytes())
    except ValueError as error:
        raise DamagedRunError(f"{path} is not JSON: {error}") from error
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise DamagedRunError(f"{path} is not a manifest")
    if manifest["format"] != FORMAT:
        raise ArchiveError(f"{path} has format {manifest['format']!r}; this version of lactflow reads {FORMAT}")
    if manifest.get("status") not in STATUSES:
        raise DamagedRunError(f"{path}: status is {manifest.get('status')!r}, not one of {', '.join(STATUSES)}")
    return manifest


def status_of(manifest: dict[str, Any], *, held: bool) -> str:
    """How it ended; `crashed` for what says that it runs, and nobody holds."""
    status = str(manifest["status"])
    return "crashed" if status == "running" and not held else status


def miscounts(manifest: dict[str, Any], journals: Sequence[Journal]) -> list[str]:
    """Where the manifest of a complete run counts other rows than its journals: a line for each table."""
    counted = manifest.get("rows")
    if not isinstance(counted, dict):
        return ["manifest does not count rows"]
    problems = []
    for table in TABLES:
        rows = sum(part.rows for journal in journals for part in journal.parts if part.table == table)
        if counted.get(table) != rows:
            problems.append(f"manifest counts {counted.get(table)} rows of {table}, the journal {rows}")
    return problems
