"""The feeding logs that a config names: found below its folder, read once each, named flat in the run directory."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

from lactflow.config.logs.feeding_log import LARGEST_BYTES, FeedingLog, read_feeding_log
from lactflow.config.shipped import FILE, kind_of_file
from lactflow.config.text import dotted, quoted, shown_path
from lactflow.errors import ConfigError, Problem

Key = tuple[str | int, ...]
Where = Callable[[Key], tuple[str | None, int | None, int | None]]
"""Where a key stands: file, line, column."""

_LONGEST_STEM = 100
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
"""What no name of a file has on Windows, of what a path may hold."""
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows keeps for devices."""


class Library:
    """
    The feeding logs of a scenario: read once each, named flat.

    Parameters
    ----------
    folder
        Of the config.
    shown_folder
        The same as the user wrote it.
    where
        Finds the place of a key for messages.
    infants, zone
        As in the config: what rows mean depends on them.

    Attributes
    ----------
    problems
        What is wrong with the logs or their names.
    flat_names
        Name in the run directory, by the name that the config gives.
    logs, files
        Logs that have been read, and their bytes, by their flat names.
    """

    def __init__(self, folder: Path, shown_folder: Path, where: Where, *, infants: int, zone: str | None) -> None:
        self._folder = folder
        self._shown_folder = shown_folder
        self._where = where
        self._infants = infants
        self._zone = zone
        self.problems: list[Problem] = []
        self.flat_names: dict[str, str] = {}
        self.logs: dict[str, FeedingLog] = {}
        self.files: dict[str, bytes] = {}

    def add(self, name: str, key: Key) -> None:
        """Read one log, unless it has been read."""
        if name in self.flat_names:
            return
        if (reason := unsafe_path(name)) is not None:
            self._refuse(f"{quoted(name)} {reason} (allowed: a path below the folder of the config)", key)
            return
        plain = plain_path(name)
        path = self._folder / plain
        shown = shown_path(self._shown_folder / plain)
        try:
            inside, there = path.resolve().is_relative_to(self._folder.resolve()), path.is_file()
        except (OSError, RuntimeError):  # a name too long, links that lead in a circle
            inside, there = True, False
        if not inside or not there:
            where = "leads out of" if not inside else "is not a file in"
            self._refuse(f"{quoted(name)} {where} the folder of the config", key)
            return
        try:
            raw = read_bounded(path, LARGEST_BYTES, shown)
            log = read_feeding_log(raw, shown, self._infants, self._zone)
        except ConfigError as error:
            self.problems += error.problems
            return
        flat = self._flat(name)
        self.flat_names[name] = flat
        self.logs[flat], self.files[flat] = log, raw

    def feeds_without_infant(self) -> list[str]:
        """Logs with feeds, where there is nobody who is fed: one line each."""
        return [
            f"there is no infant for the feeds of {shown_path(name)} (allowed: one infant)"
            for name, flat in self.flat_names.items()
            if not self._infants and any(session.kind == "feed" for session in self.logs[flat].sessions)
        ]

    def _refuse(self, message: str, key: Key) -> None:
        self.problems.append(Problem(message, *self._where(key), dotted(key)))

    def _flat(self, name: str) -> str:
        """
        The name of the copy in the run directory.

        It always ends in `.csv`: nothing else there does, so a log named `config.yaml` overwrites nothing. It is one
        that Windows takes as well, wherever the run is made: run directories are carried from one system to another.
        """
        stem = _NOT_IN_NAMES.sub("_", PurePosixPath(plain_path(name)).name).lstrip(".")
        stem = (stem[:-4] if stem.casefold().endswith(".csv") else stem)[:_LONGEST_STEM].rstrip(". ") or "log"
        stem = f"{stem}_" if _DEVICE.fullmatch(stem) else stem
        taken = {other.casefold() for other in self.files}
        flat, number = f"{stem}.csv", 1
        while flat.casefold() in taken:
            number += 1
            flat = f"{stem}-{number}.csv"
        return flat


def plain_path(name: str) -> str:
    """A path as every system takes it: a backslash, as it is typed on Windows, parts folders as `/` does."""
    return name.replace("\\", "/")


def unsafe_path(name: str) -> str | None:
    """Why a path that a config names may not be followed, None when it may."""
    if not name.isprintable():
        return "holds characters that no plain path has"
    if PurePosixPath(plain_path(name)).is_absolute() or PureWindowsPath(name).drive:
        return "is not relative"
    return "goes up with '..'" if ".." in PurePosixPath(plain_path(name)).parts else None


def read_bounded(path: Path, most: int, file: str) -> bytes:
    """
    Content of a file, not more than one byte above `most`: what is larger is refused anyway.

    Parameters
    ----------
    path
        The file; a pipe or a device is refused, because reading it may never end.
    most
        Bytes that are allowed.
    file
        Name for messages.

    Raises
    ------
    ConfigError
        If it cannot be read.
    """
    try:
        what = kind_of_file(path)
        if what not in (FILE, None):
            raise ConfigError(Problem(f"is {what} (allowed: a file on disk)", file))
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise ConfigError(Problem(f"cannot be read: {error.strerror}", file)) from None
