"""
Result folders: what is made from several runs, a comparison for one, with a manifest of its own.

Like a run directory it says how it ended, and a lock tells one that is being written from one whose writer died.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.recording.archive import Ending, check_name
from lactflow.recording.files import check_folder, replace_file, told_in_one_line
from lactflow.recording.lock import DirectoryLock, is_held
from lactflow.recording.manifest import MANIFEST, as_json, new_manifest, parsed, read_manifest, status_of

if TYPE_CHECKING:
    import pandas as pd


class ResultFolder:
    """
    A result folder while it is being written; made by `ResultFolder.create`.

    Attributes
    ----------
    path
        The folder.
    """

    def __init__(self, path: Path, lock: DirectoryLock, manifest: dict[str, object]) -> None:
        self.path = path
        self._lock = lock
        self._manifest = manifest
        self._started_s = time.monotonic()

    @classmethod
    def create(cls, out: Path, name: str, kind: str, told: dict[str, object]) -> ResultFolder:
        """
        Make a new folder, `<name>-<UTC time>-<random word>`, and hold it.

        Parameters
        ----------
        out
            Folder for it; made when missing.
        name
            First part of its name.
        kind
            What it holds: `comparison`, `validation`.
        told
            What the caller knows: `command`, `seed` and what it likes.

        Raises
        ------
        ConfigError
            If the name is not allowed; nothing is written then.
        ArchiveError
            If the disk refuses.
        """
        check_name(name)
        check_folder(out)
        created_s = time.time()
        path = out / f"{name}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime(created_s))}-{secrets.token_hex(4)}"
        with told_in_one_line("make", path):
            path.mkdir(parents=True)
        lock = DirectoryLock(path)
        manifest = {"kind": kind, **new_manifest(told, created_s)}
        folder = cls(
            path, lock, {key: value for key, value in manifest.items() if key not in ("rows", "simulated_min")}
        )
        folder._write()
        return folder

    def tell(self, **more: object) -> None:
        """
        Write more into the manifest, while things go on.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        self._manifest.update(more)
        self._write()

    def finish(self, status: Ending, **extra: object) -> None:
        """
        Write the last manifest and let go of the folder.

        Parameters
        ----------
        status
            How it ended.
        extra
            More for the manifest.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        self._manifest.update(status=status, wall_s=round(time.monotonic() - self._started_s, 3), **extra)
        try:
            self._write()
        finally:
            self._lock.release()

    def _write(self) -> None:
        replace_file(self.path / MANIFEST, as_json(self._manifest))


RUN = "run"
"""Kind of a run directory, whose manifest has none."""
VALIDATION = "validation"
RESULTS = "results.parquet"
"""The file in a validation: a row for each claim, target and spread."""


def kind_of(path: Path) -> str:
    """
    What a folder holds: `run`, `comparison`, `validation`.

    Raises
    ------
    ArchiveError
        If lactflow has not made it, or in a format that this version does not know.
    DamagedRunError
        If its manifest is unreadable, or gone from a run directory.
    """
    file = path / MANIFEST
    with told_in_one_line("read", file):
        if not file.is_file():
            read_manifest(path)  # tells why not
        return str(parsed(file).get("kind", RUN))


def read_folder(path: Path, kind: str) -> tuple[dict[str, Any], str]:
    """
    Manifest of a result folder, and its status with `crashed` told from `running`.

    Parameters
    ----------
    path
        The folder.
    kind
        What it should hold.

    Raises
    ------
    ArchiveError
        If it is no folder of this kind, or of a format that this version does not know.
    DamagedRunError
        If its manifest is unreadable.
    """
    file = path / MANIFEST
    with told_in_one_line("read", file):
        held = is_held(path)
        if not file.is_file():
            raise ArchiveError(f"{path} is not a {kind}: it has no {MANIFEST}")
        manifest = parsed(file)
    if manifest.get("kind") != kind:
        raise ArchiveError(f"{path} is not a {kind}")
    return manifest, status_of(manifest, held=held)


class StoredFolder:
    """
    A result folder as users hold it; what it holds is said by its subclasses.

    Attributes
    ----------
    path
        The folder.
    manifest
        What stands in its `manifest.json`.
    status
        `running`, `complete`, `interrupted`, `failed` or `crashed`.

    Raises
    ------
    ArchiveError
        If it is no folder of this kind.
    DamagedRunError
        If its manifest is unreadable; also when a table is asked for that is not there.
    """

    kind: ClassVar[str]

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.manifest, self.status = read_folder(self.path, self.kind)

    def __repr__(self) -> str:
        """Where it is and how it ended."""
        return f"{type(self).__name__}({str(self.path)!r}, status={self.status!r})"

    def _table(self, file: str) -> pd.DataFrame:
        import pandas as pd

        path = self.path / file
        if not path.is_file():
            raise DamagedRunError(f"{self.path} has no {file}: its status is {self.status}")
        with told_in_one_line("read", path):
            return pd.read_parquet(path)
