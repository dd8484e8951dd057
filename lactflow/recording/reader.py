"""The run directory, read: what the journal says belongs to the run, and nothing else."""

from __future__ import annotations

import hashlib
import stat
from contextlib import contextmanager
from copy import copy
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from lactflow.errors import DamagedRunError, LactflowError
from lactflow.recording import columns
from lactflow.recording.files import hidden, one_line_errors, read_regular
from lactflow.recording.journal import read_journals
from lactflow.recording.kept import kept_problems, read_kept
from lactflow.recording.manifest import CONFIG, altered_journals, is_sealed, miscounts, read_manifest
from lactflow.recording.parts import Part
from lactflow.records import OPTIONAL_TABLES, TABLES, tables_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd


class UnknownTableError(LactflowError, KeyError):
    """There is no table of this name."""

    exit_code = 2

    def __str__(self) -> str:
        """The message as it is: `KeyError` would quote it."""
        return str(self.args[0])


class StoredRun:
    """
    One run directory, as it was when it was opened.

    A run that is under way or was killed is cut at the last complete flush: all tables end at the same instant.

    Parameters
    ----------
    path
        The run directory.

    Attributes
    ----------
    path
        The run directory.
    manifest
        What stands in `manifest.json`.
    status
        `running`, `complete`, `interrupted`, `failed`, or `crashed`: says running, and no process is writing it.

    Raises
    ------
    ArchiveError
        If this is no run directory, or one that this version cannot read.
    DamagedRunError
        If manifest or journal are not what was written.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.manifest, self.status = read_manifest(self.path)
        self._journals = read_journals(self.path, checked=is_sealed(self.manifest))
        named = {part.table for part in self._journals.parts()}
        self._tables = tables_with(named & {*OPTIONAL_TABLES})
        if self.status == "complete":
            self._check_complete()
        for problem in altered_journals(self.path, self.manifest):
            raise DamagedRunError(problem)

    def _check_complete(self) -> None:
        """A complete run has all the rows that its manifest counts."""
        if any(journal.remainder for journal in self._journals.units):
            raise DamagedRunError(f"{self.path} is called complete, but its journal is not")
        problems = miscounts(self.manifest, self._journals)
        if problems:
            raise DamagedRunError(f"{self.path}: {problems[0]}")

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that the run has; any other table can be read as well, and is empty."""
        return self._tables

    @property
    def config_text(self) -> str:
        """
        The resolved config that was simulated.

        Raises
        ------
        DamagedRunError
            If it is missing or not what was written.
        ArchiveError
            If it cannot be read.
        """
        content = read_kept(self.path, self.manifest, CONFIG)
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise DamagedRunError(f"{self.path / CONFIG} is not UTF-8 text") from error

    @property
    def config_file(self) -> Path:
        """
        The file of the resolved config; it and the feeding logs beside it are what was written.

        Raises
        ------
        DamagedRunError
            If one of them is missing or not what was written.
        ArchiveError
            If one cannot be read.
        """
        read_kept(self.path, self.manifest, CONFIG)
        for problem in kept_problems(self.path, self.manifest):
            raise DamagedRunError(problem)
        return self.path / CONFIG

    @property
    def spans_min(self) -> dict[tuple[int, int], tuple[float, float]]:
        """First and last recorded instant [min since birth] by (mother, replicate); only units with rows."""
        return {
            (journal.mother, journal.replicate): journal.span_min
            for journal in self._journals.units
            if journal.span_min is not None
        }

    def only(self, mother: int, replicate: int) -> Self:
        """The same run as if it had no other unit of work than this one."""
        unit = (mother, replicate)
        one = copy(self)
        units = (each for each in self._journals.units if (each.mother, each.replicate) == unit)
        one._journals = self._journals._replace(units=tuple(units))  # noqa: SLF001 - ours
        return one

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Rows of one table as a frame; see `read`. Its `attrs["units"]` has the unit of each column."""
        frame = self.read(table)
        frame.attrs["units"] = columns.units(table)
        return frame

    def __repr__(self) -> str:
        """Where it is and how it ended."""
        return f"{type(self).__name__}({str(self.path)!r}, status={self.status!r})"

    def read(self, table: str, names: Sequence[str] | None = None) -> pd.DataFrame:
        """
        Rows of one table, by mother, replicate and time of writing.

        Parameters
        ----------
        table
            Name of the table.
        names
            Columns to read; all when None.

        Raises
        ------
        UnknownTableError
            If there is no such table; the message has the nearest name.
        DamagedRunError
            If a part is missing or not what was written; the message names the file.
        """
        check_known(table)
        import pyarrow as pa

        parts = [read_part(self.path, part, names) for part in self._parts(table) if part.rows]
        if not parts:
            wanted = columns.from_facts(table, [], 0, 0)
            parts = [wanted if names is None else wanted.select(list(names))]
        return as_frame(table, pa.concat_tables(parts).unify_dictionaries())

    def read_in_parts(self, table: str, names: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """
        The rows that `read` gives, in the same order, a part at a time: in memory that does not grow with the run.

        Parameters
        ----------
        table
            Name of the table.
        names
            Columns to read; all when None.

        Returns
        -------
        Frames with one row or more, each of one mother and one replicate; none for a table without rows.

        Raises
        ------
        UnknownTableError
            If there is no such table; the message has the nearest name.
        DamagedRunError
            If a part is missing or not what was written; the message names the file.
        """
        check_known(table)
        return (as_frame(table, read_part(self.path, part, names)) for part in self._parts(table) if part.rows)

    def _parts(self, table: str) -> list[Part]:
        return [part for part in self._journals.parts() if part.table == table]


def check_known(table: str) -> None:
    """
    Check the name of a table.

    Raises
    ------
    UnknownTableError
        If there is no such table; the message has the nearest name.
    """
    if table not in TABLES:
        near = get_close_matches(str(table), TABLES, n=1, cutoff=0.0)
        raise UnknownTableError(f"no table {table!r}; nearest is {near[0]!r} (tables: {', '.join(TABLES)})")


def as_frame(table: str, rows: Any) -> pd.DataFrame:
    """
    Arrow rows of a table as a frame, its words in the order in which they are declared.

    Words of a run with stations of its own stay in the order in which the run has them.
    """
    import pandas as pd

    frame: pd.DataFrame = rows.to_pandas()
    for column in columns.columns(table):
        if column.name in frame and isinstance(frame[column.name].dtype, pd.CategoricalDtype):
            words = frame[column.name].cat
            if set(words.categories) <= set(column.about.values):
                frame[column.name] = words.set_categories(list(column.about.values))
    return frame


def read_part(directory: Path, part: Part, names: Sequence[str] | None = None) -> Any:
    """
    One part as an Arrow table, if it is what was written.

    The whole file is checked against its hash: the checksums of Parquet pages do not cover its footer, where
    one bit makes another column name.

    Parameters
    ----------
    directory
        The run directory.
    part
        Its line in the journal.
    names
        Columns to read; all when None.

    Raises
    ------
    DamagedRunError
        If the part is missing or not what was written; the message names the file.
    ArchiveError
        If the disk refuses.
    """
    if part.group is not None:
        return _read_group(directory, part, names)
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = directory / part.file
    with one_line_errors("read", path):
        try:
            content = read_regular(path)
        except FileNotFoundError as error:
            raise DamagedRunError(f"{path} is missing") from error
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise DamagedRunError(_other_hash(path))
    with _errors_as_damage(path), pq.ParquetFile(pa.BufferReader(content)) as file:
        # Parts are small, or have many columns that are not read: threads cost more than they save.
        rows = file.read(columns=None if names is None else list(names), use_threads=False)
    return _counted(rows, part, path)


def _read_group(directory: Path, part: Part, names: Sequence[str] | None) -> Any:
    """A part that lies with others in one file, which is checked once for all of them."""
    path = directory / part.file
    if not path.exists():  # a crash came between the journal and the name
        path = hidden(path)
    with one_line_errors("read", path):
        try:
            about = path.stat()
        except FileNotFoundError as error:
            raise DamagedRunError(f"{directory / part.file} is missing") from error
        if not stat.S_ISREG(about.st_mode):
            raise DamagedRunError(f"{path} is not a regular file")
        if _hash_of(str(path), about.st_mtime_ns, about.st_size) != part.sha256:
            raise DamagedRunError(_other_hash(path))
    import pyarrow.parquet as pq

    with _errors_as_damage(path):
        footer = _footer_of(str(path), about.st_mtime_ns, about.st_size)
        with pq.ParquetFile(path, metadata=footer, memory_map=True) as file:
            rows = file.read_row_group(part.group, columns=None if names is None else list(names), use_threads=False)
    return _counted(rows, part, path)


@lru_cache(maxsize=16)
def _footer_of(path: str, changed_ns: int, size: int) -> Any:
    """Footer of a file of many units, which is long and would be read for each of them; again when it has changed."""
    import pyarrow.parquet as pq

    del changed_ns, size
    return pq.read_metadata(path)


@lru_cache(maxsize=64)
def _hash_of(path: str, changed_ns: int, size: int) -> str:
    """Hash of a file, which is read again when it has changed."""
    del changed_ns, size
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _other_hash(path: Path) -> str:
    return f"{path} is damaged: its hash is not the one in the journal"


@contextmanager
def _errors_as_damage(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowException, IndexError) as error:
        raise DamagedRunError(f"{path} is not Parquet: {str(error).splitlines()[0]}") from error


def _counted(rows: Any, part: Part, path: Path) -> Any:
    if rows.num_rows != part.rows:
        raise DamagedRunError(f"{path} has {rows.num_rows} rows, the journal says {part.rows}")
    return rows
