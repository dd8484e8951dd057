"""
Files that are on the disk when a call returns, or not there at all.

A file is written under a hidden name (leading dot: readers of Parquet folders pass over those), made durable,
and renamed; then its folder is made durable. What `kill -9` or a power cut leaves is the old state or the new.
"""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.systems import FOLDER, NO_WAITING, open_file, put_in_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_SYNC_THREADS = 4


@contextmanager
def one_line_errors(doing: str, path: Path) -> Iterator[None]:
    """
    Turn errors of the operating system into one line that names the path.

    Raises
    ------
    ArchiveError
        For every OSError that is not one already.
    """
    try:
        yield
    except ArchiveError:
        raise
    except OSError as error:
        raise ArchiveError(f"cannot {doing} {path}: {error.strerror or error}") from error


def check_folder(path: Path) -> None:
    """
    Check that a folder is there or can be made, and that files can be made in it, without writing anything.

    Raises
    ------
    ArchiveError
        If a file stands in the way, or the folder may not be written to.
    """
    if "\0" in str(path):
        raise ArchiveError(f"cannot write to {str(path)!r}: the name of a folder has no NUL")
    with one_line_errors("write to", path):
        there = next(place for place in (path.absolute(), *path.absolute().parents) if place.exists())
        if not there.is_dir():
            raise ArchiveError(f"cannot write to {path}: {there} is a file, not a folder")
        if not os.access(there, os.W_OK | os.X_OK):
            raise ArchiveError(f"cannot write to {path}: no permission to write in {there}")


def read_regular(path: Path) -> bytes:
    """
    Content of a file; a FIFO or a device in its place is not waited for.

    Raises
    ------
    DamagedRunError
        If it is no regular file.
    OSError
        If it cannot be read.
    """
    descriptor = open_file(path, os.O_RDONLY | NO_WAITING)
    with open(descriptor, "rb") as stream:  # noqa: PTH123 - what is checked is what is read
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise DamagedRunError(f"{path} is not a regular file")
        return stream.read()


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of `content` to an open file and make it durable; a short write is continued."""
    _write(descriptor, content)
    os.fsync(descriptor)


def _write(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def write_file(path: Path, content: bytes) -> None:
    """Write a new file and make its content durable; its name is not until `sync_folder`."""
    write_files([(path, content)])


def write_files(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write new files and make their contents durable, all at once; their names are not until `sync_folders`."""
    with ExitStack() as closing:
        descriptors = []
        for path, content in files:
            descriptor = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            closing.callback(os.close, descriptor)
            _write(descriptor, content)
            descriptors.append(descriptor)
        _sync(descriptors)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    sync_folders([path])


def sync_folders(paths: Iterable[Path]) -> None:
    """Make the names in several folders durable, all at once; nothing where the system does so by itself."""
    if FOLDER is None:
        return
    with ExitStack() as closing:
        descriptors = []
        for path in paths:
            descriptors.append(open_file(path, os.O_RDONLY | FOLDER))
            closing.callback(os.close, descriptors[-1])
        _sync(descriptors)


def _sync(descriptors: Sequence[int]) -> None:
    """
    Wait until what was written is on the disk.

    Nearly all of the time is waiting for the disk, and a file system writes together what several threads wait for:
    with four of them the dozen files of a flush take a fifth of the time that they take one after the other.
    """
    if len(descriptors) == 1:
        os.fsync(descriptors[0])
        return
    with ThreadPoolExecutor(_SYNC_THREADS, "sync") as pool:
        for _ in pool.map(os.fsync, descriptors):
            pass


def hidden(path: Path) -> Path:
    """Name under which a file is written before it is renamed to `path`."""
    return path.with_name(f".{path.name}.tmp")


def take_place(path: Path) -> None:
    """Rename what was written under its hidden name to `path`, in place of what has that; not yet durable."""
    put_in_place(lambda: hidden(path).replace(path))


def write_hidden(path: Path, content: bytes) -> None:
    """Write what shall become `path` under its hidden name; nothing is left of it when that fails."""
    try:
        write_file(hidden(path), content)
    except BaseException:
        with suppress(OSError):
            hidden(path).unlink()
        raise


def replace_file(path: Path, content: bytes) -> None:
    """
    Put `content` in place of a file in one step, durably.

    Raises
    ------
    ArchiveError
        If the disk refuses; the file is then the old one or the new one.
    """
    with one_line_errors("write", path):
        write_hidden(path, content)
        take_place(path)
        sync_folder(path.parent)


def append_at(path: Path, length: int, content: bytes) -> int:
    """
    Append to a file after its first `length` bytes, durably, and return the new length.

    What stands beyond `length` is the remainder of an append that failed, and is cut off.
    """
    descriptor = open_file(path, os.O_WRONLY | os.O_CREAT)
    try:
        os.ftruncate(descriptor, length)
        os.lseek(descriptor, length, os.SEEK_SET)
        write_all(descriptor, content)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, length)
        raise
    finally:
        os.close(descriptor)
    return length + len(content)
