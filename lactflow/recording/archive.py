"""
The run directory, written: it appears whole, grows by flushes, and is closed with a status.

Everything a reader needs is there before the first event: manifest, config, journal, and an empty part in the
folder of every table that the run has.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from lactflow.config.text import counted
from lactflow.errors import ArchiveError, ConfigError, LactflowError
from lactflow.kinetics import plain_sum
from lactflow.recording.attempts import discard, superseded, wait_for_writers
from lactflow.recording.building import build, check_name, make_out
from lactflow.recording.files import replace_file, sync_folders, write_files
from lactflow.recording.journal import Journals, journals_sha256, read_empty_parts, read_journals
from lactflow.recording.kept import FILES, hashes, replace_kept
from lactflow.recording.lock import DirectoryLock
from lactflow.recording.manifest import (
    CONFIG,
    JOURNALS,
    MANIFEST,
    RETRIED,
    UNITS,
    absent,
    as_json,
    new_manifest,
    read_manifest,
    taken_up,
)
from lactflow.recording.merged import read_merged
from lactflow.recording.merging import FEWEST_UNITS, Merger, take_places
from lactflow.recording.parts import JOURNAL
from lactflow.recording.recorder import RunRecorder, first_flush
from lactflow.records import TABLES, tables_with

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

__all__ = ["Archive", "Ending", "RunRecorder"]

Ending = Literal["complete", "interrupted", "failed"]

_RESERVED = {MANIFEST, CONFIG, JOURNAL, "report.html", *TABLES}


def _check_files(files: Mapping[str, bytes]) -> None:
    for name in files:
        # A control character (NUL among them) has no business in a file name either.
        plain = name.isprintable() and not name.startswith(".") and "/" not in name and "\\" not in name
        if not (plain and 0 < len(os.fsencode(name)) <= 255) or name in _RESERVED:
            raise ConfigError(f"a file named {name!r} cannot be kept in a run directory")


def _fingerprint(config_text: str, files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(config_text.encode())
    for name in sorted(files):
        digest.update(f"\0{name}\0".encode() + files[name])
    return digest.hexdigest()[:8]


def _now() -> float:
    """Time of day [s since the epoch]."""
    return time.time()


class Archive:
    """
    One run directory while it is being written; made by `Archive.create`.

    Attributes
    ----------
    path
        The run directory.
    noted
        What was odd about the outcome: lines for users.
    """

    def __init__(self, path: Path, lock: DirectoryLock, manifest: dict[str, Any]) -> None:
        self.path = path
        self._before_s = float(manifest["wall_s"] or 0.0)
        self._lock = lock
        self._manifest = manifest
        self._recorders: list[RunRecorder] = []
        self._started_s = time.monotonic()
        self._merger: Merger | None = None
        self.noted: tuple[str, ...] = ()

    @classmethod
    def create(
        cls,
        out: Path,
        name: str,
        config_text: str,
        files: Mapping[str, bytes],
        manifest: dict[str, object],
        *,
        tables: Collection[str] = (),
        units: int | None = None,
    ) -> Archive:
        """
        Make a new run directory, `<name>-<UTC time>-<hash of config and files>`, and hold it.

        A name that is taken, by a run of the same config begun in the same second, gets -2, -3 and so on at its end.

        Parameters
        ----------
        out
            Folder for it; made when missing.
        name
            First part of its name.
        config_text
            The resolved config, kept as `config.yaml`.
        files
            What the config names, feeding logs, by plain file name.
        manifest
            What the caller states of the run: `command`, `seed`.
        tables
            Optional tables that the run has: what `records.optional_tables` gives.
        units
            Units of work that are planned: the run is not complete before each of them has ended whole. None where
            nobody has planned any, and those that are begun are all.

        Raises
        ------
        ValueError
            If one of `tables` is not an optional table; nothing is written then.
        ConfigError
            If a name is not allowed; nothing is written then.
        ArchiveError
            If the disk refuses; nothing is left then.
        """
        check_name(name)
        _check_files(files)
        present = tables_with(tables)
        contents = {CONFIG: config_text.encode(), **files}
        make_out(out)
        created_s = _now()
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(created_s))
        path = out / f"{name}-{stamp}-{_fingerprint(config_text, files)}"
        rows = dict.fromkeys(present, 0)
        plan: dict[str, object] = {RETRIED: []} if units is None else {RETRIED: [], UNITS: units}
        saved: dict[str, Any] = {
            **new_manifest({"rows": rows, **manifest, **plan}, created_s),
            FILES: hashes(contents),
        }

        def fill(built: Path) -> None:
            files = {**first_flush(present), **contents, MANIFEST: as_json(saved)}
            folders = {(built / file).parent for file in files} - {built}
            for folder in folders:
                folder.mkdir()
            write_files((built / file, content) for file, content in files.items())
            sync_folders(folders)

        lock, path = build(path, fill)
        return cls(path, lock, saved)

    @classmethod
    def reopen(cls, path: Path, check: Callable[[dict[str, Any]], None]) -> Archive:
        """
        Hold a run directory again, however it ended, to resume it.

        Units of work that have ended whole are kept, and all other attempts are removed.

        Parameters
        ----------
        path
            The run directory.
        check
            Called with the manifest before anything is changed; raises where it cannot be resumed.

        Raises
        ------
        DirectoryInUseError
            If another process is writing it, be it a worker whose parent has died.
        DamagedRunError
            If its manifest is not what was written.
        ArchiveError
            If this is no run directory, or the disk refuses.
        """
        read_manifest(path)  # a lock would be made anywhere
        lock = DirectoryLock(path)
        try:
            manifest, _ = read_manifest(path)
            check(manifest)
            given_up = wait_for_writers(path)
            archive = cls(path, lock, taken_up(manifest, _now()))
            archive._save()
            discard(path, given_up)
            take_places(path)
        except BaseException:
            lock.release()
            raise
        return archive

    def writer(self, mother: int = 0, replicate: int = 0, *, visits: bool = True) -> RunRecorder:
        """
        Recorder of one unit of work, in this process.

        What it has recorded counts when it is committed, at the latest when the run is finished as complete.

        Raises
        ------
        ArchiveError
            If the unit has ended whole before, or the disk refuses.
        """
        recorder = RunRecorder(self.path, mother, replicate, visits=visits)
        self._recorders.append(recorder)
        return recorder

    def replace_config(self, config_text: str, units: int) -> None:
        """
        Keep another resolved config: of a run that turns out to have more replicates. Its folder keeps its name.

        Parameters
        ----------
        config_text
            The resolved config.
        units
            Units of work that are planned from now on.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        self._manifest[UNITS] = units
        replace_kept(self.path, self._manifest, CONFIG, config_text.encode(), self._save)

    def add_retried(self, retried: Sequence[Mapping[str, object]]) -> None:
        """
        Have the manifest say what was given again; it is written at the end.

        Parameters
        ----------
        retried
            Mother, replicate and reason of each.
        """
        self._manifest[RETRIED] = [*self._manifest.get(RETRIED, []), *retried]

    def note(self, lines: Sequence[str]) -> None:
        """
        Have the manifest say what was odd about the outcome, among its warnings; it is written at the end.

        Parameters
        ----------
        lines
            For users; one that is there already is not written twice.
        """
        self.noted = tuple(lines)
        known: list[str] = self._manifest.get("warnings") or []
        self._manifest["warnings"] = [*known, *(line for line in lines if line not in known)]

    def before_move(self) -> None:
        """The directory is about to lie at another path: see `moved`."""
        self._lock.before_move()

    def moved(self, path: Path) -> None:
        """
        The directory lies at another path now.

        Raises
        ------
        ArchiveError
            If it cannot be held there: see `DirectoryLock.moved`.
        """
        self.path = path
        self._lock.moved(path)

    def let_go(self) -> None:
        """Let others have the directory, as it is."""
        self._lock.release()

    def put_together(self, units: Sequence[tuple[int, int]]) -> None:
        """
        Have the parts of many units of work put into one file a table; with few of them nothing is done.

        Parameters
        ----------
        units
            Mother and replicate of all that are planned, in the order of their rows.
        """
        if len(units) >= FEWEST_UNITS and not read_merged(self.path):
            self._merger = Merger(self.path, units)

    def ended(self, mother: int, replicate: int) -> None:
        """A unit of work has ended whole: there is time to put it together with others."""
        if self._merger is not None:
            self._merger.ended(mother, replicate)

    @property
    def finished(self) -> bool:
        """Whether its end has been reported."""
        return str(self._manifest["status"]) != "running"

    def finish(self, status: Ending, **extra: object) -> None:
        """
        Write the last manifest and let go of the directory.

        Rows are counted from the journals, and `simulated_min` is the time of all units of work together. Attempts at
        units of work that do not count are removed.

        Parameters
        ----------
        status
            How the run ended.
        extra
            More for the manifest: `error`, one line.

        Raises
        ------
        ArchiveError
            If the disk refuses, or a run with rows or planned units of work missing is called complete; the run is not
            complete then.
        """
        self._manifest.update(status=status, wall_s=round(self._before_s + time.monotonic() - self._started_s, 3))
        try:
            self._claim(strict=status == "complete")
            merged = self._put_together(complete=status == "complete")
            self._count(merged, strict=status == "complete")
            self._write_manifest(extra)
        except ArchiveError as error:
            if status == "complete":
                with suppress(ArchiveError):
                    self._write_manifest({**extra, "status": "failed", "error": str(error)})
            raise
        finally:
            self._lock.release()

    def _claim(self, *, strict: bool) -> None:
        """Commit what the recorders of this archive have, if all of it is written; remove what does not count."""
        unwritten = sum(recorder.pending_rows for recorder in self._recorders)
        if strict and unwritten:
            lost = counted(unwritten, "row was", "rows were")
            raise ArchiveError(f"{self.path} is not complete: {lost} not written")
        if strict and self._recorders:
            self._check_remainders(read_journals(self.path, checked=True))
            for recorder in self._recorders:
                recorder.commit()
        for recorder in self._recorders:
            recorder.release()
        try:
            discard(self.path, superseded(self.path))
        except LactflowError:
            if strict:
                raise

    def _put_together(self, *, complete: bool) -> Journals | None:
        """Put together what a merger has, where all planned units have ended; what the journals say then."""
        merger, self._merger = self._merger, None
        if merger is None:
            return None
        if complete and merger.whole:
            units = merger.finish()
            return Journals(read_empty_parts(self.path), tuple(sorted(units, key=lambda journal: journal[:2])))
        merger.give_up()
        return None

    def _check_remainders(self, journals: Journals) -> None:
        if any(journal.remainder for journal in journals.units):
            raise ArchiveError(f"{self.path} is not complete: a flush was not written")

    def _count(self, known: Journals | None, *, strict: bool) -> None:
        """Count rows and simulated time of what is journalled; `strict` refuses when something is not."""
        try:
            journals = read_journals(self.path, checked=True) if known is None else known
            digest = journals_sha256(self.path)
        except LactflowError:
            if strict:
                raise
            # The run failed already, and its own reason is the one to keep.
            return
        if strict:
            self._check_remainders(journals)
            for problem in absent(self._manifest, journals):
                raise ArchiveError(f"{self.path} is not complete: {problem}")
        rows = dict.fromkeys(self._manifest["rows"], 0)
        for part in journals.parts():
            rows[part.table] += part.rows
        spans = [journal.span_min for journal in journals.units if journal.span_min]
        simulated_min = plain_sum(end - start for start, end in spans)
        self._manifest.update({"rows": rows, "simulated_min": simulated_min, JOURNALS: digest})

    def _write_manifest(self, extra: dict[str, object]) -> None:
        self._manifest.update(extra)
        self._save()

    def _save(self) -> None:
        replace_file(self.path / MANIFEST, as_json(self._manifest))
