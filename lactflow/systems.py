"""
What operating systems do differently: opening files, ordering a process to stop, the end of a pipe.

Windows has no `SIGHUP`, opens files as text unless it is asked not to, lets nobody rename or remove a file that is
open, keeps the names in a folder by itself, and reports a pipe that nobody reads any more as an invalid argument.
Locks are in `recording.locking`, the pipes of workers in `experiments.listening`.
"""

from __future__ import annotations

import errno
import os
import re
import shlex
import signal
import sys
import time
from collections.abc import Callable

WINDOWS = sys.platform == "win32"

STOPS: tuple[signal.Signals, ...] = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)
"""Signals other than Ctrl-C that order a process to stop, of those that this system has."""
HANG_UP: signal.Signals | None = getattr(signal, "SIGHUP", None)
"""The terminal is gone; None where no signal says so."""

GONE: tuple[type[OSError], ...] = (OSError,) if WINDOWS else (BrokenPipeError,)
"""What a write to a pipe raises that nobody reads any more."""

NO_WAITING: int = getattr(os, "O_NONBLOCK", 0)
"""Flag of `open_file`: a FIFO is not waited for."""
NO_LINKS: int = getattr(os, "O_NOFOLLOW", 0)
"""Flag of `open_file`: a symbolic link is refused, where the system can do so."""
FOLDER: int | None = getattr(os, "O_DIRECTORY", None)
"""Flag of `open_file` for folders; None where they cannot be opened, and keep their names durable by themselves."""

_ALWAYS: int = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0) | getattr(os, "O_BINARY", 0)
_PLAIN_WORD = re.compile(r"[\w@%+=:,./\\~-]+")
_RENAMED_WITHIN_S = 2.0
_TRIED_EVERY_S = 0.02


def open_file(path: str | os.PathLike[str], flags: int) -> int:
    """
    Open a file that no other program inherits, and in which bytes stay as they are.

    Parameters
    ----------
    path
        The file.
    flags
        As `os.open` takes them.

    Returns
    -------
    Its descriptor.

    Raises
    ------
    OSError
        If the system refuses.
    """
    return os.open(path, flags | _ALWAYS, 0o666)


def open_to_sync(path: str | os.PathLike[str]) -> int:
    """Open a file for nothing but `os.fsync`, which Windows refuses for one that cannot be written to."""
    return open_file(path, os.O_RDWR if WINDOWS else os.O_RDONLY)


def put_in_place(rename: Callable[[], object]) -> None:
    """
    Call what gives a file the name of another; for a while, where the other is open.

    Parameters
    ----------
    rename
        Does it. On Windows it fails while anybody has the other open, be it to read it or to look for viruses.

    Raises
    ------
    OSError
        If the system refuses.
    """
    deadline_s = time.monotonic() + _RENAMED_WITHIN_S
    while True:
        try:
            rename()
        except PermissionError:
            if not WINDOWS or time.monotonic() > deadline_s:
                raise
            time.sleep(_TRIED_EVERY_S)
        else:
            return


def shell_word(text: str) -> str:
    """Text as one word of a shell: in quotes where it needs them, and those of Windows are always double."""
    if not WINDOWS:
        return shlex.quote(text)
    return text if _PLAIN_WORD.fullmatch(text) else '"{}"'.format(text.replace('"', '\\"'))


def is_reader_gone(error: OSError) -> bool:
    """Whether the reader of a stream has closed it; an error about a file has its name, and is none of these."""
    return isinstance(error, BrokenPipeError) or (WINDOWS and error.errno == errno.EINVAL and error.filename is None)
