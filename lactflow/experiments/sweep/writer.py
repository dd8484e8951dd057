"""
What a worker of a sweep writes: results gathered for about a minute, then a part a table and a line in its ledger.

Nothing is written for a unit by itself, so that the number of files goes with the time of the work, not with the units.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from importlib import metadata
from math import nan
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lactflow.experiments.sweep.store import ROWS, LedgerFile, Line, new_name, part_file, publish, write_part
from lactflow.version import MODEL, __version__

GATHER_S = 60.0
"""Between two parts of one writer, at least; a death costs so much."""
GATHER_BYTES = 64_000_000
"""Tables that are kept in memory, at most."""
GATHER_UNITS = 5_000
KEY = "key"
_KEYS = pa.dictionary(pa.int32(), pa.string())


def library_versions() -> dict[str, Any]:
    """Versions for the ledger: of lactflow, its model, and the libraries that results may depend on."""
    libraries = {name: metadata.version(name) for name in ("numpy", "pandas", "pyarrow", "simpy")}
    return {"lactflow": __version__, "model": MODEL, **libraries}


def encode(rows: Any) -> bytes:
    """
    Bytes of a Parquet file.

    Parameters
    ----------
    rows
        An Arrow table.
    """
    sink = pa.BufferOutputStream()
    floats = [field.name for field in rows.schema if pa.types.is_floating(field.type)]
    counts = [field.name for field in rows.schema if pa.types.is_integer(field.type)]
    words = [field.name for field in rows.schema if pa.types.is_dictionary(field.type)]
    pq.write_table(
        rows,
        sink,
        compression="zstd",
        use_dictionary=words or False,
        column_encoding=dict.fromkeys(floats, "BYTE_STREAM_SPLIT") | dict.fromkeys(counts, "DELTA_BINARY_PACKED"),
        write_statistics=[*floats, *counts] or False,
        write_page_checksum=True,
    )
    content: bytes = sink.getvalue().to_pybytes()
    return content


def rows_table(keys: Sequence[str], measures: Mapping[str, Sequence[Any]]) -> Any:
    """
    The table `rows`: a row for each unit.

    Parameters
    ----------
    keys
        Of the units.
    measures
        Columns: `mother`, `replicate`, `observed_days` and the measures; NaN becomes null.
    """
    names = [KEY, *measures]
    columns = [pa.array(list(keys), pa.string())]
    for name, values in measures.items():
        kind = pa.int32() if name in ("mother", "replicate") else pa.float64()
        columns.append(pa.array(list(values), kind, from_pandas=True))
    return pa.Table.from_arrays(columns, names)


def with_key(rows: Any, key: str) -> Any:
    """Rows of a recorded table, with the key of their unit as the last column."""
    codes = pa.array([0], pa.int32()).take(pa.array([0] * rows.num_rows, pa.int32())) if rows.num_rows else None
    if codes is None:
        codes = pa.array([], pa.int32())
    return rows.append_column(KEY, pa.DictionaryArray.from_arrays(codes, pa.array([key])))


class Writer:
    """
    Gathers the results of units and writes them.

    Parameters
    ----------
    folder
        The sweep.
    tables
        Recorded tables that it keeps beside the measures.
    cache
        Folder that keeps them too; None for none.
    """

    def __init__(self, folder: Path, tables: Sequence[str], cache: Path | None = None) -> None:
        self.name = new_name()
        self._folder, self._tables, self._cache = folder, tuple(tables), cache
        self._ledger = LedgerFile(folder, self.name)
        self._of_cache = None if cache is None else LedgerFile(cache, self.name)
        self._versions = library_versions()
        self._number = 0
        self._clear()

    def _clear(self) -> None:
        self._keys: list[str] = []
        self._measures: list[Mapping[str, Any]] = []
        self._parts: dict[str, list[Any]] = {table: [] for table in self._tables}
        self._failed: list[dict[str, Any]] = []
        self._branched = 0
        self._seconds = 0.0
        self._bytes = 0
        self._since_s = time.monotonic()

    @property
    def is_full(self) -> bool:
        """Whether it is time to write."""
        return (
            time.monotonic() - self._since_s >= GATHER_S
            or self._bytes >= GATHER_BYTES
            or len(self._keys) >= GATHER_UNITS
        )

    def add(self, key: str, measures: Mapping[str, Any], tables: Mapping[str, Sequence[Any]], seconds: float) -> None:
        """
        Keep the results of a unit.

        Parameters
        ----------
        key
            Of the unit.
        measures
            A value for each column of `rows`.
        tables
            Parts of each recorded table.
        seconds
            CPU time that it took.
        """
        self._keys.append(key)
        self._measures.append(measures)
        for table, parts in tables.items():
            self._parts[table] += [with_key(part, key) for part in parts]
            self._bytes += sum(part.nbytes for part in parts)
        self._seconds += seconds

    def fail(self, key: str, unit: int, message: str, exit_code: int) -> None:
        """Note that a unit cannot be simulated, and why."""
        self._failed.append({"key": key, "unit": unit, "message": message, "exit_code": exit_code})

    def note_branched(self, units: int) -> None:
        """Note that the past of some units was simulated once for all of them."""
        self._branched += units

    def flush(self) -> Line | None:
        """
        Write what was gathered: parts, then the line that makes them count.

        Returns
        -------
        The line; None where there was nothing.

        Raises
        ------
        ArchiveError
            If the disk refuses; what was gathered is kept.
        """
        if not self._keys and not self._failed:
            self._clear()
            return None
        contents = {ROWS: encode(self._rows())} if self._keys else {}
        for table, parts in self._parts.items():
            if parts:
                contents[table] = encode(pa.concat_tables(parts).unify_dictionaries())
        line = self._write(contents, self._keys, cached=False)
        if self._cache is not None and self._of_cache is not None and self._keys:
            publish(self._folder, line._replace(failed=[], branched=0), self._cache, self._of_cache)
        self._clear()
        return line

    def _rows(self) -> Any:
        names = dict.fromkeys(name for each in self._measures for name in each)
        return rows_table(self._keys, {name: [each.get(name, nan) for each in self._measures] for name in names})

    def _write(self, contents: Mapping[str, bytes], keys: Sequence[str], *, cached: bool) -> Line:
        files = {table: part_file(table, self.name, self._number) for table in contents}
        for table, content in contents.items():
            write_part(self._folder, files[table], content)
        digests = {table: hashlib.sha256(content).hexdigest() for table, content in contents.items()}
        failed, branched = ([], 0) if cached else (self._failed, self._branched)
        line = Line(files, digests, list(keys), failed, round(self._seconds, 6), self._versions, cached, branched)
        self._ledger.append(line)
        self._number += 1
        return line

    def take(self, tables: Mapping[str, Any], keys: Sequence[str]) -> Line:
        """
        Write results that a cache has.

        Parameters
        ----------
        tables
            Rows of each table, `rows` among them.
        keys
            Of the units that they are of.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        contents = {table: encode(rows.unify_dictionaries()) for table, rows in tables.items() if rows.num_rows}
        return self._write(contents, keys, cached=True)
