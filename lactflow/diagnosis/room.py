"""
Room in the cache of virtual mothers: beyond a size, those that were used longest ago are removed.

Several processes may use one cache. What is removed is first put out of sight, whole: whoever is reading it meanwhile
finds it not whole, and simulates again.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

MOST_MB: Final = 1000.0
"""Size of a cache up to which nothing is removed: about thirty records of two weeks. Ours."""
_BYTES_PER_MB: Final = 1e6
_COHORT = re.compile(r"[^\W\d]\w*-[0-9a-f]{20}")
"""Name of a folder of virtual mothers; nothing else in a cache is touched, since a user may name any folder."""
_FORGOTTEN = re.compile(r"\.[a-z0-9_]{8}")
"""Name of a folder that a process hides while it writes or removes; one that was killed leaves it."""
_FORGOTTEN_S: Final = 24.0 * 3600.0


class _Kept(NamedTuple):
    used_s: float
    folder: Path
    size: int


def mark_used(folder: Path) -> None:
    """Note that virtual mothers were used now; of a cache that is read only, nothing is noted."""
    with suppress(OSError):
        os.utime(folder)


def make_room(cache: Path, present: Collection[str], most_mb: float = MOST_MB) -> None:
    """
    Remove virtual mothers that were used longest ago, until all that are left take no more than a size.

    Parameters
    ----------
    cache
        Folder of all of them.
    present
        Names of those that are needed now: they stay, however large they are.
    most_mb
        The size [MB].
    """
    kept = sorted(_all_in(cache))
    left = sum(each.size for each in kept)
    for each in kept:
        if left <= most_mb * _BYTES_PER_MB:
            break
        if each.folder.name not in present:
            _remove(each.folder)
            left -= each.size
    _remove_forgotten(cache)


def _all_in(cache: Path) -> list[_Kept]:
    """Virtual mothers in a cache; what another process removes meanwhile is left out."""
    found = []
    with suppress(OSError):
        for folder in cache.iterdir():
            if _COHORT.fullmatch(folder.name):
                with suppress(OSError):
                    size = sum(file.stat().st_size for file in folder.iterdir())
                    found.append(_Kept(folder.stat().st_mtime, folder, size))
    return found


def _remove(folder: Path) -> None:
    """Remove a folder; whoever is faster, or reads it on a system that forbids it then, has it."""
    with suppress(OSError), TemporaryDirectory(dir=folder.parent, prefix=".", ignore_cleanup_errors=True) as hidden:
        folder.rename(Path(hidden) / folder.name)


def _remove_forgotten(cache: Path) -> None:
    """Remove what killed processes have left."""
    with suppress(OSError):
        for folder in cache.iterdir():
            if _FORGOTTEN.fullmatch(folder.name) and time.time() - folder.stat().st_mtime > _FORGOTTEN_S:
                _remove(folder)
