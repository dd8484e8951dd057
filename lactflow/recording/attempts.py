"""
Attempts at a unit of work: it may be given several times, at once or after a death, and one attempt counts.

An attempt has a journal and parts of its own, by its number: the first from 1 whose journal could be made. One whose
simulation has ended whole claims the unit: its journal gets the unit's name as well, by a hard link, which fails where
that name is taken. The first claim wins, and nothing else decides: no lock, no memory of whoever gives units out.

What does not count is removed: the journal first, under another name, so that readers do not look for parts that are
going, and that nobody takes the number before the last part is gone. An attempt under way is not removed: its writer
holds a lock on its journal, which the kernel frees when that dies. A worker can outlive its parent for some moments.
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from lactflow.errors import ArchiveError, DirectoryInUseError
from lactflow.recording.files import append_at, one_line_errors, sync_folders, write_file
from lactflow.recording.journal import (
    JOURNAL_NAME,
    journal_files,
    journal_path,
    read_attempt,
    read_claimed,
    read_journals,
)
from lactflow.recording.lock import is_locked
from lactflow.recording.locking import lock
from lactflow.recording.merged import is_merged
from lactflow.recording.parts import JOURNAL, attempt_and_number, lines, part_file
from lactflow.records import TABLES
from lactflow.systems import WINDOWS, open_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_PATIENCE_S = 10.0
"""Time for a worker to notice that its parent has died."""
_LOOK_UP_S = 0.05
_GOING = ".going"
"""Ending of the journal of an attempt that is being removed."""
_WITHOUT_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, *((errno.EINVAL,) if WINDOWS else ()))


class Attempt(NamedTuple):
    """
    One attempt at a unit of work.

    Attributes
    ----------
    mother, replicate
        The unit.
    number
        Of the attempt, from 1.
    """

    mother: int
    replicate: int
    number: int

    def journal(self, directory: Path) -> Path:
        """Its journal in a run directory."""
        return journal_path(directory, *self)


def is_claimed(directory: Path, mother: int, replicate: int) -> bool:
    """Whether a unit of work has ended whole."""
    return journal_path(directory, mother, replicate).exists() or is_merged(directory, mother, replicate)


def begin_attempt(directory: Path, mother: int, replicate: int) -> tuple[Attempt, int]:
    """
    Begin an attempt at a unit of work: its journal is made, empty; its name is not durable yet.

    Returns
    -------
    The attempt, and the open file that holds its lock: to be closed when it is over.

    Raises
    ------
    ArchiveError
        If the unit has ended whole, or the disk refuses.
    """
    for number in count(1):
        attempt = Attempt(mother, replicate, number)
        path = attempt.journal(directory)
        with one_line_errors("write", path):
            try:
                descriptor = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            except FileExistsError:
                continue
            try:
                lock(descriptor)
                # Tested afterwards: whoever frees a number has claimed the unit, or has begun to remove, before.
                _check_not_claimed(directory, attempt)
                if not _going(path).exists():
                    return attempt, descriptor
            except BaseException:
                _give_up(path, descriptor)
                raise
            _give_up(path, descriptor)
    raise AssertionError("there is always another number")


def _check_not_claimed(directory: Path, attempt: Attempt) -> None:
    if is_claimed(directory, attempt.mother, attempt.replicate):
        unit = journal_path(directory, attempt.mother, attempt.replicate)
        raise ArchiveError(f"{unit}: mother {attempt.mother}, replicate {attempt.replicate} is there already")


def _give_up(path: Path, descriptor: int) -> None:
    os.close(descriptor)
    with suppress(OSError):
        path.unlink()


def continue_elsewhere(directory: Path, attempt: Attempt, other: Path) -> tuple[Attempt, int, int]:
    """
    Begin an attempt in another run directory with everything that one has recorded until now; durable upon return.

    Parameters
    ----------
    directory, attempt
        Whose parts it begins with: hard links, where the file system has them.
    other
        The other run directory; it has the same tables.

    Returns
    -------
    The new attempt, the open file that holds its lock, and the length of its journal [bytes].

    Raises
    ------
    ArchiveError
        If the unit has ended whole there, or the disk refuses.
    """
    recorded = read_attempt(directory, *attempt)
    new, descriptor = begin_attempt(other, attempt.mother, attempt.replicate)
    parts = [
        part._replace(file=part_file(part.table, new.mother, new.replicate, part.flush, new.number))
        for part in recorded.parts
    ]
    with one_line_errors("write the tables in", other):
        for part, its in zip(recorded.parts, parts, strict=True):
            _link_or_copy(directory / part.file, other / its.file)
        sync_folders([*{(other / part.file).parent for part in parts}, other / JOURNAL])
        length = append_at(new.journal(other), 0, lines(parts))
    return new, descriptor, length


def _link_or_copy(one: Path, other: Path) -> None:
    try:
        os.link(one, other)
    except OSError as error:
        if error.errno not in _WITHOUT_LINKS:
            raise
        write_file(other, one.read_bytes())


def claim(directory: Path, attempt: Attempt) -> bool:
    """
    Make an attempt the one that counts; durable upon return.

    Parameters
    ----------
    directory
        The run directory.
    attempt
        Whose simulation has ended whole, and whose journal is durable; its lock is still held.

    Returns
    -------
    Whether it counts; where another was first, the files of this one are removed.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    mine, unit = attempt.journal(directory), journal_path(directory, attempt.mother, attempt.replicate)
    with one_line_errors("write", unit):
        if not _linked(mine, unit):
            if not WINDOWS:  # there nobody removes a file that is open; whoever closes the run removes it
                discard(directory, [attempt])
            return False
        sync_folders([unit.parent])
        with suppress(OSError):  # it counts; whoever closes the run removes a name that is left
            mine.unlink()
    return True


def _linked(mine: Path, unit: Path) -> bool:
    """Give a file a second name; False where that is taken by another file."""
    try:
        os.link(mine, unit)
    except FileExistsError:
        return unit.samefile(mine)  # a network file system may have done it and lost its answer
    except OSError as error:
        if error.errno not in _WITHOUT_LINKS:
            raise
        if unit.exists():
            return False
        mine.rename(unit)
    return True


def discard(directory: Path, attempts: Collection[Attempt]) -> None:
    """
    Remove attempts that do not count; of one that is claimed only the second name of its journal.

    Parameters
    ----------
    directory
        The run directory.
    attempts
        That no process is writing: see `going_on`.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    if not attempts:
        return
    folder = directory / JOURNAL
    with one_line_errors("remove what does not count of", directory):
        counting = {attempt for attempt in attempts if _is_the_claimed(directory, attempt)}
        going = {_going(attempt.journal(directory)) for attempt in attempts if attempt not in counting}
        for attempt in attempts:
            path = attempt.journal(directory)
            with suppress(FileNotFoundError):
                path.unlink() if attempt in counting else path.rename(_going(path))
        sync_folders([folder])
        sync_folders(_without_parts(directory, {*attempts} - counting))
        for path in going:
            path.unlink(missing_ok=True)


def going_on(directory: Path, attempts: Collection[Attempt]) -> list[Attempt]:
    """Those attempts that a living process is writing."""
    return [attempt for attempt in attempts if is_locked(attempt.journal(directory))]


def wait_for_writers(directory: Path) -> list[Attempt]:
    """
    Wait for workers whose parent has died: they notice it when they next say how far they are.

    Returns
    -------
    Attempts that do not count and are over.

    Raises
    ------
    DirectoryInUseError
        If one is under way.
    ArchiveError
        If the disk refuses.
    """
    deadline_s = time.monotonic() + _PATIENCE_S
    while True:
        attempts = not_claimed(directory)
        if not going_on(directory, attempts):
            return attempts
        if time.monotonic() > deadline_s:
            raise DirectoryInUseError(f"{directory} is in use by another process")
        time.sleep(_LOOK_UP_S)


def _is_the_claimed(directory: Path, attempt: Attempt) -> bool:
    """Whether an attempt has claimed its unit, and its journal may still have both names."""
    journal = read_claimed(directory, attempt.mother, attempt.replicate)
    return journal is not None and journal.attempt == attempt.number


def _without_parts(directory: Path, attempts: set[Attempt]) -> list[Path]:
    """Remove the parts of attempts, those under hidden names too; the folders that have changed."""
    changed = []
    for folder in (directory / table for table in TABLES):
        files = folder.iterdir() if folder.is_dir() else ()
        theirs = [path for path in files if _attempt_of(path.name) in attempts]
        for path in theirs:
            path.unlink(missing_ok=True)
        changed += [folder] if theirs else []
    return changed


def _attempt_of(name: str) -> Attempt | None:
    """To which attempt a file among the parts belongs; None for the empty part of a table, which is of none."""
    found = attempt_and_number(name.removeprefix(".").removesuffix(".tmp"))
    return None if found is None or found[1] == 0 else Attempt(*found[0])


def over_at(directory: Path, mother: int, replicate: int) -> list[Attempt]:
    """Attempts at one unit of work that have not claimed it and are over, those that are being removed too."""
    attempts = [attempt for attempt in not_claimed(directory) if attempt[:2] == (mother, replicate)]
    alive = going_on(directory, attempts)
    return [attempt for attempt in attempts if attempt not in alive]


def not_claimed(directory: Path) -> list[Attempt]:
    """
    Attempts that have a journal of their own, and those that are being removed; in order.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    found = {Attempt(*file.unit, file.attempt) for file in journal_files(directory) if file.attempt is not None}
    return sorted(found | _being_removed(directory))


def _being_removed(directory: Path) -> set[Attempt]:
    folder = directory / JOURNAL
    with one_line_errors("read", folder):
        names = [path.name for path in folder.glob(f"*{_GOING}")]
    matches = [JOURNAL_NAME.fullmatch(name.removesuffix(_GOING)) for name in names]
    return {Attempt(int(match[1]), int(match[2]), int(match[3])) for match in matches if match and match[3]}


def superseded(directory: Path) -> list[Attempt]:
    """
    Attempts that do not count, never will, and are over: of a unit that is claimed, or that got less far than another.

    Raises
    ------
    DamagedRunError
        If a journal is not what was written.
    ArchiveError
        If the disk refuses.
    """
    attempts = not_claimed(directory)
    if not attempts:
        return []
    units = read_journals(directory).units
    farthest = {Attempt(each.mother, each.replicate, each.attempt or 1) for each in units if not each.claimed}
    left = [attempt for attempt in attempts if attempt not in farthest]
    alive = going_on(directory, left)  # it removes itself when it finds the unit claimed
    return [attempt for attempt in left if attempt not in alive]


def _going(journal: Path) -> Path:
    """Name of the journal of an attempt while that is being removed."""
    return journal.with_name(f"{journal.name}{_GOING}")
