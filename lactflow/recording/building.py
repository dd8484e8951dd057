"""
Making a folder that appears whole: with everything that a reader needs, and held by whoever made it.

It is built under a hidden name, which readers pass over, and renamed once all of it is on the disk.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from lactflow.errors import ConfigError
from lactflow.recording.files import check_folder, one_line_errors, sync_folder
from lactflow.recording.lock import DirectoryLock
from lactflow.systems import WINDOWS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")


def check_name(name: str) -> None:
    """
    Check the first part of a folder's name before anything is written.

    Raises
    ------
    ConfigError
        If it is not 1 to 64 of A-Z a-z 0-9 . _ - with no leading dot.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(f"name {name!r} is not allowed (1 to 64 of A-Z a-z 0-9 . _ -, not starting with a dot)")


def make_out(out: Path) -> None:
    """
    Make the folder that others are made in, where it is missing.

    Raises
    ------
    ArchiveError
        If there is something else, or the disk refuses.
    """
    check_folder(out)
    with one_line_errors("write to", out):
        out.mkdir(parents=True, exist_ok=True)


def build(path: Path, fill: Callable[[Path], None]) -> tuple[DirectoryLock, Path]:
    """
    Make a folder and hold it.

    Parameters
    ----------
    path
        Its name; where that is taken it gets -2, -3 and so on at its end.
    fill
        Puts everything into it, durably.

    Returns
    -------
    Its lock, and where it is.

    Raises
    ------
    ArchiveError
        If the disk refuses; nothing is left then, as after any error of `fill`.
    """
    built = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    place, lock = built, None
    try:
        with one_line_errors("make", path):
            built.mkdir()
            lock = DirectoryLock(built)
            fill(built)
            sync_folder(built)
            lock.before_move()
            place = _named(built, path)
            lock.moved(place)
            sync_folder(path.parent)
    except BaseException:
        _discard(place, built, lock)
        raise
    return lock, place


def _named(built: Path, path: Path) -> Path:
    """Rename a folder to `path`, or to the first name free among those with -2, -3 ... at the end."""
    for number in count(1):
        free = path if number == 1 else path.with_name(f"{path.name}-{number}")
        if os.path.lexists(free):
            continue
        try:
            built.rename(free)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        else:
            return free
    raise AssertionError("there is always another number")


def _discard(place: Path, built: Path, lock: DirectoryLock | None) -> None:
    """Remove a folder that was not finished; under its hidden name, so that nobody reads half of it."""
    with suppress(OSError):
        if place != built:
            place.rename(built)
    if lock is not None and WINDOWS:  # removes no file that is open
        lock.release()
    shutil.rmtree(built, ignore_errors=True)
    if lock is not None:
        lock.release()
