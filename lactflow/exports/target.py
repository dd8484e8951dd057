"""The folder of an export: it appears whole under its name, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.config.text import shown_path
from lactflow.errors import ConfigError, Problem
from lactflow.recording.files import check_folder, one_line_errors, sync_folder, sync_folders
from lactflow.systems import open_to_sync

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPORTS = "exports"
"""Folder for exports without a name of their own, in the current one."""


class NewFolder:
    """
    A folder while it is being filled.

    Attributes
    ----------
    path
        Where it will be; where it is, once it is whole.
    building
        Where it is filled.
    """

    def __init__(self, path: Path, building: Path) -> None:
        self.path = path
        self.building = building


@contextmanager
def new_folder(out: Path | None, name: str) -> Iterator[NewFolder]:
    """
    Fill a folder under a hidden name, and give it its own name when that is done.

    Parameters
    ----------
    out
        The folder, which must not exist; None for `exports/<name>`, with -2, -3 and so on at its end where that is
        there.
    name
        Its last part where `out` is None.

    Raises
    ------
    ConfigError
        If `out` is there already; nothing is written then.
    ArchiveError
        If the disk refuses; nothing is left then.
    """
    path = Path(EXPORTS) / name if out is None else out
    _check(path, taken_is_wrong=out is not None)
    building = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    folder = NewFolder(path, building)
    try:
        with one_line_errors("write", path):
            building.mkdir(parents=True)
        yield folder
        with one_line_errors("write", path):
            _make_durable(building)
            folder.path = _renamed(building, path, numbered=out is None)
            sync_folder(path.parent)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _check(path: Path, *, taken_is_wrong: bool) -> None:
    check_folder(path if "\0" in str(path) else path.parent)
    if taken_is_wrong and (os.path.lexists(path) or path.name in ("", "..")):
        raise ConfigError(Problem("exists already; nothing was written (choose another -o)", shown_path(path)))


def _make_durable(folder: Path) -> None:
    """Wait until everything in a folder is on the disk; one file at a time, for there may be many."""
    folders = []
    for place, _, names in os.walk(folder):
        folders.append(Path(place))
        for name in names:
            descriptor = open_to_sync(Path(place) / name)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    sync_folders(folders)


def _renamed(building: Path, path: Path, *, numbered: bool) -> Path:
    """Give a folder its name, or the first free one of those with a number."""
    names = chain([path], (path.with_name(f"{path.name}-{number}") for number in count(2)) if numbered else [])
    for free in names:
        if os.path.lexists(free):
            continue
        with suppress(FileExistsError):  # another process was faster
            building.rename(free)
            return free
    raise ConfigError(Problem("exists already; nothing was written (choose another -o)", shown_path(path)))
