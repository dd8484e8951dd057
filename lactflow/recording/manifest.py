"""
The manifest of a run directory: what was run, with what, how it ended.

Its last key is a checksum of all others, so that one changed digit is noticed.
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from lactflow.config.text import counted as number_of
from lactflow.errors import ArchiveError, DamagedRunError, Problem
from lactflow.recording.files import one_line_errors, read_regular
from lactflow.recording.instead import instead_of
from lactflow.recording.journal import Journals, journals_sha256
from lactflow.recording.kept import FILES, REPLACING
from lactflow.recording.lock import LOCK_NAME, is_held
from lactflow.recording.parts import JOURNAL
from lactflow.records import TABLES
from lactflow.version import MODEL, __version__, build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "manifest.json"
CONFIG = "config.yaml"
FORMAT = 1
STATUSES = ("running", "complete", "interrupted", "failed")
SEAL = "manifest_sha256"
"""Last key: SHA-256 of the rest as JSON with sorted keys and no spaces. Manifests of older versions have none."""
JOURNALS = "journal_sha256"
"""Key of a run that has ended: SHA-256 of its journals together."""
UNITS = "units"
"""Key of a run: how many units of work are planned. Runs of older versions do not have it."""
RESUMED = "resumed"
"""Key of a folder that was resumed: when, and by which versions; once for each time."""
RETRIED = "retried"
"""Key of a run, or of what is made from several: units of work that were given again, and why."""
_LIBRARIES = ("simpy", "numpy", "pandas", "pyarrow")


def new_manifest(stated: dict[str, object], created_s: float) -> dict[str, object]:
    """
    Manifest of a run that begins.

    Parameters
    ----------
    stated
        What the caller states: `command`, `seed`, `rows` of each table, and what it likes.
    created_s
        Time of day [s since the epoch].
    """
    return {
        "format": FORMAT,
        "status": "running",
        "command": None,
        "seed": None,
        "versions": versions(),
        "model": MODEL,
        "build": build(),
        "platform": platform.platform(),
        "created_utc": _utc(created_s),
        "wall_s": None,
        "simulated_min": None,
        "rows": {},
        "error": None,
        "warnings": [],
        FILES: {},
        **stated,
    }


def versions() -> dict[str, str]:
    """Of Python, lactflow and the libraries that results rest on."""
    return {"python": platform.python_version(), "lactflow": __version__, **_of_libraries()}


@cache
def _of_libraries() -> dict[str, str]:
    return {library: metadata.version(library) for library in _LIBRARIES}


def taken_up(manifest: dict[str, Any], now_s: float) -> dict[str, Any]:
    """
    Manifest of a folder that is resumed, from that of its end.

    Parameters
    ----------
    manifest
        As it was read.
    now_s
        Time of day [s since the epoch].
    """
    kept = {key: value for key, value in manifest.items() if key not in (JOURNALS, SEAL)}
    once_more = {"utc": _utc(now_s), "versions": versions()}
    return {**kept, "status": "running", "error": None, RESUMED: [*manifest.get(RESUMED, []), once_more]}


def changes(manifest: Mapping[str, Any], file: Path) -> list[Problem]:
    """
    What is another now than when a folder was begun, so that it cannot be resumed: a problem for each field.

    Parameters
    ----------
    manifest
        Of the folder.
    file
        Its place.
    """
    then = manifest.get("versions")
    was = {
        "versions.lactflow": then.get("lactflow") if isinstance(then, dict) else None,
        "model": manifest.get("model"),
    }
    now = {"versions.lactflow": __version__, "model": MODEL}
    problems = []
    for key, value in now.items():
        if was[key] != value:
            then = "unknown" if was[key] is None else was[key]
            message = f"was {then} when it was begun, and is {value} now (allowed: the same)"
            problems.append(Problem(message, str(file), key=key))
    return problems


def _utc(time_s: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time_s))


def as_json(manifest: dict[str, object]) -> bytes:
    """Bytes of a manifest, for people as well, with its checksum."""
    # As a reader will see it: keys are text, tuples are lists.
    plain = json.loads(json.dumps({key: value for key, value in manifest.items() if key != SEAL}))
    return json.dumps({**plain, SEAL: _seal(plain)}, indent=2).encode() + b"\n"


def _seal(manifest: dict[str, Any]) -> str:
    """Checksum of a manifest that has none."""
    canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_sealed(manifest: dict[str, Any]) -> bool:
    """Whether a manifest has a checksum; those of older versions have none, and neither have their journal lines."""
    return SEAL in manifest


def read_manifest(directory: Path) -> tuple[dict[str, Any], str]:
    """
    Manifest of a run directory, and its status with `crashed` distinguished from `running`.

    Raises
    ------
    ArchiveError
        If this is no run directory, or one of a format that this version does not know.
    DamagedRunError
        If there was a manifest and it is gone or unreadable.
    """
    path = directory / MANIFEST
    with one_line_errors("read", path):
        if not directory.is_dir():
            what = "is not a directory" if directory.exists() else "is missing"
            raise ArchiveError(f"{directory} {what}{instead_of(directory)}")
        # Tested before reading: a writer rewrites the manifest first and lets go of the lock afterwards.
        held = is_held(directory)
        if not path.exists():
            if (directory / JOURNAL).is_dir() or (directory / LOCK_NAME).exists():
                raise DamagedRunError(f"{directory} has lost its {MANIFEST}")
            raise ArchiveError(f"{directory} is not a run directory: it has no {MANIFEST}{instead_of(directory)}")
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
        manifest = json.loads(read_regular(path))
        intact = not isinstance(manifest, dict) or _is_intact(manifest)
    except ValueError as error:
        raise DamagedRunError(f"{path} is not JSON: {error}") from error
    except RecursionError as error:
        raise DamagedRunError(f"{path} is not JSON: nested too deeply") from error
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise DamagedRunError(f"{path} is not a manifest")
    if not intact:
        raise DamagedRunError(f"{path} is damaged: it does not match its checksum")
    if manifest["format"] != FORMAT:
        raise ArchiveError(f"{path} has format {manifest['format']!r}; this version of lactflow reads {FORMAT}")
    if manifest.get("status") not in STATUSES:
        raise DamagedRunError(f"{path}: status is {manifest.get('status')!r}, not one of {', '.join(STATUSES)}")
    return manifest


def _is_intact(manifest: dict[str, Any]) -> bool:
    """Whether a manifest matches its checksum; one without hashes of files is from a version that made none."""
    if not is_sealed(manifest):
        return FILES not in manifest and REPLACING not in manifest
    return bool(manifest[SEAL] == _seal({key: value for key, value in manifest.items() if key != SEAL}))


def status_of(manifest: dict[str, Any], *, held: bool) -> str:
    """How it ended; `crashed` for what says that it runs, and no process holds."""
    status = str(manifest["status"])
    return "crashed" if status == "running" and not held else status


def altered_journals(directory: Path, manifest: dict[str, Any]) -> list[str]:
    """A line when the journals of a run that has ended are not those of its end: whole lines are missing, or added."""
    known = manifest.get(JOURNALS)
    if known is None or known == journals_sha256(directory):
        return []
    return [f"{directory / JOURNAL} is damaged: its hash is not the one in the manifest"]


def absent(manifest: dict[str, Any], journals: Journals) -> list[str]:
    """A line where units of work are missing that a run has planned, or begun; of older versions this is not known."""
    planned = manifest.get(UNITS, 0)
    if type(planned) is not int or planned < 0:
        return ["manifest does not count units of work"]
    if journals.empty:
        planned = max(planned, len(journals.units))
    missing = planned - sum(journal.claimed for journal in journals.units)
    if missing <= 0:
        return []
    return [f"{missing} of {number_of(planned, 'run')} {'is' if missing == 1 else 'are'} missing"]


def miscounts(manifest: dict[str, Any], journals: Journals) -> list[str]:
    """
    Where the manifest of a complete run counts other rows or units of work than its journals: a line for each.

    A manifest does not count a table that the run does not have, or that its version did not know: it has no rows.
    """
    counted = manifest.get("rows")
    if not isinstance(counted, dict):
        return ["manifest does not count rows"]
    problems = []
    for table in TABLES:
        rows = sum(part.rows for part in journals.parts() if part.table == table)
        if counted.get(table, 0) != rows:
            problems.append(f"manifest counts {counted.get(table)} rows of {table}, the journal {rows}")
    return [*problems, *absent(manifest, journals)]
