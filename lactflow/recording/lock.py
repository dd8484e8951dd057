"""
Who is writing a run directory: a lock that the kernel frees when its holder dies.

That is how a run that was killed is distinguished from one that is running; a status on disk could not do so.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lactflow.errors import DirectoryInUseError
from lactflow.recording.files import one_line_errors
from lactflow.recording.locking import is_locked_by_other, lock
from lactflow.systems import NO_WAITING, WINDOWS, open_file

if TYPE_CHECKING:
    from pathlib import Path

LOCK_NAME = ".lock"


class DirectoryLock:
    """
    The exclusive right to write a run directory, held until `release` or the death of the process.

    Raises
    ------
    DirectoryInUseError
        If another process holds it.
    ArchiveError
        If the lock file cannot be made.
    """

    def __init__(self, directory: Path) -> None:
        self._descriptor: int | None = None
        self._take(directory)

    def before_move(self) -> None:
        """
        The directory is about to be renamed, or one that it is in.

        Windows renames no folder with an open file in it: there the lock is let go until `moved`, while nobody but
        this process knows the old name or the new one. Elsewhere it stays with the directory.
        """
        if WINDOWS:
            self.release()

    def moved(self, directory: Path) -> None:
        """
        The directory lies at another path now.

        Raises
        ------
        DirectoryInUseError
            If another process was faster to lock it there.
        ArchiveError
            If the lock file cannot be opened.
        """
        if WINDOWS and self._descriptor is None:
            self._take(directory)

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, directory: Path) -> None:
        path = directory / LOCK_NAME
        with one_line_errors("lock", path):
            self._descriptor = open_file(path, os.O_RDWR | os.O_CREAT)
            try:
                lock(self._descriptor)
            except BlockingIOError as error:
                self.release()
                raise DirectoryInUseError(f"{directory} is in use by another process") from error
            except OSError:
                self.release()
                raise


def is_held(directory: Path) -> bool:
    """Whether a living process is writing this run directory."""
    return is_locked(directory / LOCK_NAME)


def is_locked(file: Path) -> bool:
    """Whether a living process holds the lock of a file; False where there is none."""
    try:
        descriptor = open_file(file, os.O_RDONLY | NO_WAITING)
    except FileNotFoundError:
        return False
    try:
        return is_locked_by_other(descriptor)
    finally:
        os.close(descriptor)
