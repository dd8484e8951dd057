"""
Result folders: what is made from several runs, a comparison for one, with a manifest of its own.

Like a run directory it says how it ended, its manifest has the hashes of its files, and a lock marks one that is being
written from one whose writer died.
"""

from __future__ import annotations

import io
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.recording.archive import Ending
from lactflow.recording.building import build, check_name, make_out
from lactflow.recording.files import one_line_errors, replace_file, write_file
from lactflow.recording.instead import instead_of
from lactflow.recording.kept import read_kept, replace_kept
from lactflow.recording.lock import DirectoryLock, is_held
from lactflow.recording.manifest import MANIFEST, as_json, new_manifest, parsed, read_manifest, status_of, taken_up

if TYPE_CHECKING:
    import pandas as pd

RUNS = "runs"
"""Folder in a result folder for the runs that it is made from."""

Fill = Callable[[Path], Mapping[str, object]]
"""Puts into a new folder what it begins with, and says what its manifest shall have of that."""


class ResultFolder:
    """
    A result folder while it is being written; made by `ResultFolder.create`.

    Attributes
    ----------
    path
        The folder.
    """

    def __init__(self, path: Path, lock: DirectoryLock, manifest: dict[str, Any]) -> None:
        self.path = path
        self._lock = lock
        self._manifest = manifest
        self._before_s = float(manifest["wall_s"] or 0.0)
        self._started_s = time.monotonic()

    @classmethod
    def create(
        cls, out: Path, name: str, kind: str, stated: Mapping[str, object], fill: Fill | None = None
    ) -> ResultFolder:
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
        stated
            What the caller states: `command`, `seed` and what it likes.
        fill
            Puts into the folder what it shall begin with, before that has its name, and says what the manifest shall
            have beside `stated`.

        Raises
        ------
        ConfigError
            If the name is not allowed; nothing is written then.
        ArchiveError
            If the disk refuses; nothing is left then.
        """
        check_name(name)
        make_out(out)
        created_s = time.time()
        path = out / f"{name}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime(created_s))}-{secrets.token_hex(4)}"
        manifest = {"kind": kind, **new_manifest({**stated}, created_s)}
        kept = {key: value for key, value in manifest.items() if key not in ("rows", "simulated_min")}

        def put(built: Path) -> None:
            if fill is not None:
                kept.update(fill(built))
            write_file(built / MANIFEST, as_json(kept))

        lock, path = build(path, put)
        return cls(path, lock, kept)

    @classmethod
    def reopen(cls, path: Path, kind: str, check: Callable[[dict[str, Any]], None]) -> ResultFolder:
        """
        Hold a folder again, however it ended, to resume it.

        Parameters
        ----------
        path
            The folder.
        kind
            What it should hold.
        check
            Called with the manifest before anything is changed; raises where it cannot be resumed.

        Raises
        ------
        DirectoryInUseError
            If another process is writing it.
        DamagedRunError
            If its manifest is not what was written.
        ArchiveError
            If it is no folder of this kind, or the disk refuses.
        """
        read_folder(path, kind)  # a lock would be made anywhere
        lock = DirectoryLock(path)
        try:
            manifest, _ = read_folder(path, kind)
            check(manifest)
            folder = cls(path, lock, taken_up(manifest, time.time()))
            folder._save()
        except BaseException:
            lock.release()
            raise
        return folder

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What its manifest states so far."""
        return self._manifest

    def let_go(self) -> None:
        """Let others have the folder, as it is."""
        self._lock.release()

    def update(self, **more: object) -> None:
        """
        Add to the manifest while work is under way.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        self._manifest.update(more)
        self._save()

    def write(self, name: str, content: bytes) -> Path:
        """
        Write a file of the folder, or replace it; its hash goes into the manifest.

        Parameters
        ----------
        name
            Of the file.
        content
            What it shall hold.

        Returns
        -------
        The file.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        replace_kept(self.path, self._manifest, name, content, self._save)
        return self.path / name

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
        self._manifest.update(
            status=status, wall_s=round(self._before_s + time.monotonic() - self._started_s, 3), **extra
        )
        try:
            self._save()
        finally:
            self._lock.release()

    def _save(self) -> None:
        _save(self.path, self._manifest)


def _save(path: Path, manifest: dict[str, Any]) -> None:
    replace_file(path / MANIFEST, as_json(manifest))


RUN = "run"
"""Kind of a run directory, whose manifest has none."""
VALIDATION = "validation"
CALIBRATION = "calibration"
RESULTS = "results.parquet"
"""The file in a validation: a row for each claim, target and spread."""
OBSERVED = "observed.parquet"
"""Another one: a row for each number of a claim, with its mechanism and without."""


def kind_of(path: Path) -> str:
    """
    What a folder holds: `run`, `comparison`, `fit`, `validation`, `sweep`, `calibration`.

    Raises
    ------
    ArchiveError
        If lactflow has not made it, or in a format that this version does not know.
    DamagedRunError
        If its manifest is not what was written, or gone.
    """
    file = path / MANIFEST
    with one_line_errors("read", file):
        if not file.exists():
            read_manifest(path)  # raises with the reason
        return str(parsed(file).get("kind", RUN))


def read_folder(path: Path, kind: str) -> tuple[dict[str, Any], str]:
    """
    Manifest of a result folder, and its status with `crashed` distinguished from `running`.

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
        If its manifest is not what was written.
    """
    file = path / MANIFEST
    with one_line_errors("read", file):
        held = is_held(path)
        if not file.exists():
            raise ArchiveError(f"{path} is not a {kind}: it has no {MANIFEST}{instead_of(path)}")
        manifest = parsed(file)
    if manifest.get("kind") != kind:
        raise ArchiveError(f"{path} is not a {kind}")
    return manifest, status_of(manifest, held=held)


def runs_within(path: Path) -> list[Path]:
    """
    Run directories that a result folder is made from, by name; those that were never begun left out.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    folder = path / RUNS
    with one_line_errors("read", folder):
        found = list(folder.iterdir()) if folder.is_dir() else []
        return sorted(each for each in found if not each.name.startswith(".") and each.is_dir())


def parts_within(path: Path, manifest: Mapping[str, Any]) -> list[Path]:
    """
    Folders of a fit of several logs that are fits of their own, in the order of its manifest; none in other folders.

    Parameters
    ----------
    path, manifest
        The folder, and its manifest.
    """
    listed = manifest.get("logs")
    named = [each.get("folder") for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return [path / name for name in named if isinstance(name, str) and name == Path(name).name]


def table_of(path: Path, manifest: dict[str, Any], name: str) -> pd.DataFrame:
    """
    A Parquet file of a result folder as a frame.

    Parameters
    ----------
    path, manifest
        The folder, and its manifest.
    name
        Of the file.

    Raises
    ------
    DamagedRunError
        If it is missing or not what was written; the message names it.
    ArchiveError
        If the disk refuses.
    """
    content = read_kept(path, manifest, name)
    import pandas as pd

    try:
        return pd.read_parquet(io.BytesIO(content))
    except Exception as error:
        # Without a hash, in folders of older versions, a damaged file makes the readers of Parquet, of JSON in it, and
        # of pandas' notes in that fail in ways of their own.
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise DamagedRunError(f"{path / name} is damaged: {reason}") from error


class StoredFolder:
    """
    A result folder as users hold it; its subclasses define what it holds.

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
        If its manifest is not what was written; also when a table is read that is not there or damaged.
    """

    kind: ClassVar[str]

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.manifest, self.status = read_folder(self.path, self.kind)

    def __repr__(self) -> str:
        """Where it is and how it ended."""
        return f"{type(self).__name__}({str(self.path)!r}, status={self.status!r})"

    def write(self, name: str, content: bytes) -> Path:
        """
        Add a file to a folder that is finished, or replace it: a figure. Its hash goes into the manifest.

        Parameters
        ----------
        name
            Of the file.
        content
            What it shall hold.

        Returns
        -------
        The file.

        Raises
        ------
        DirectoryInUseError
            If another process is writing the folder.
        ArchiveError
            If the disk refuses.
        """
        lock = DirectoryLock(self.path)
        try:
            self.manifest, _ = read_folder(self.path, self.kind)
            replace_kept(self.path, self.manifest, name, content, lambda: _save(self.path, self.manifest))
        finally:
            lock.release()
        return self.path / name

    def _table(self, file: str) -> pd.DataFrame:
        if not (self.path / file).exists():
            raise DamagedRunError(f"{self.path} has no {file}: its status is {self.status}")
        return table_of(self.path, self.manifest, file)
