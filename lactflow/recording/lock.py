"""
Who is writing a run directory: a lock that the kernel frees when its holder dies.

That is how a run that was killed is distinguished from one that is running; a status on disk could not do so.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from lactflow.errors import DirectoryInUseError
from lactflow.recording.files import one_line_errors

if TYPE_CHECKING:
    from pathlib import Path

LOCK_NAME = ".lock"


class DirectoryLock:
    """
    The exclusive right to write a run directory, held until `release` or the death of the process.

    It stays with the directory when that is renamed.

    Raises
    ------
    DirectoryInUseError
        If another process holds it.
    ArchiveError
        If the lock file cannot be made.
    """

    def __init__(self, directory: Path) -> None:
        path = directory / LOCK_NAME
        with one_line_errors("lock", path):
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                self.release()
                raise DirectoryInUseError(f"{directory} is in use by another process") from error
            except OSError:
                self.release()
                raise

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(directory: Path) -> bool:
    """Whether a living process is writing this run directory."""
    return is_locked(directory / LOCK_NAME)


def is_locked(file: Path) -> bool:
    """Whether a living process holds the lock of a file; False where there is none."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two readers who try at once do not take each other for the writer.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def lock(descriptor: int) -> None:
    """Hold the lock of an open file until it is closed, or the process dies; no other process has it."""
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
