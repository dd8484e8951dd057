"""
Locks of open files, which the operating system frees when their holder dies.

Those of POSIX are `flock`. Windows locks bytes of a file, and nobody else can read or write them meanwhile: here it is
one far behind the end of every file. Where there is neither (Python in a browser), there is no other process either,
and every lock is free.

The libraries for this were tried (filelock 4.3, portalocker 4.4). The journal of a unit of work is its own lock, which
another handle writes, and readers ask whether it is held without holding it: the first locks by itself and has no
shared lock without a database, the second has that on Windows with pywin32 alone.
"""

from __future__ import annotations

import os
import sys
import time

_FAR_BYTE = 0x7FFF_FFFE
"""Windows locks from where a file is read next, which is a number of 32 bits there; locking makes no file longer."""
_PROBES = 5
_PROBED_EVERY_S = 0.002

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int, *, shared: bool) -> None:
        del shared  # there are none
        os.lseek(descriptor, _FAR_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(error.errno, error.strerror) from error

    _MOST_PROBES = _PROBES
else:
    try:
        import fcntl
    except ImportError:

        def _take(descriptor: int, *, shared: bool) -> None:
            del descriptor, shared
    else:

        def _take(descriptor: int, *, shared: bool) -> None:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    _MOST_PROBES = 1


def lock(descriptor: int) -> None:
    """
    Hold the lock of an open file until it is closed, or the process dies; no other process has it.

    Raises
    ------
    BlockingIOError
        If another open file holds it.
    OSError
        If the file system has no locks.
    """
    _take(descriptor, shared=False)


def is_locked_by_other(descriptor: int) -> bool:
    """
    Whether another open file holds the lock of this one, which is to be closed then.

    Two readers who ask at once do not take each other for the holder: they ask for a shared lock, or, where there are
    none, a few times.

    Raises
    ------
    OSError
        If the file system has no locks.
    """
    for probe in range(_MOST_PROBES):
        if probe:
            time.sleep(_PROBED_EVERY_S)
        try:
            _take(descriptor, shared=True)
        except BlockingIOError:
            continue
        return False
    return True
