"""
From facts to columns: one Arrow schema a table, and tables made from facts or from packed visits.

Names, types, units and descriptions come from the annotations in `lactflow.records`; nothing is repeated
here. Arrays are made from buffers, because `pyarrow.array` imports pandas, which a run does not need.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_type_hints

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lactflow.records import BREASTS, IDENTITY, LINES, STATIONS, TABLES, StationKey
from lactflow.records.column import Column

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

PACKED_VISIT = np.dtype(
    [
        ("station", "<i4"),
        ("packet", "<i4"),
        ("queue_length", "<i4"),
        ("entered_min", "<f8"),
        ("started_min", "<f8"),
        ("finished_min", "<f8"),
        ("left_min", "<f8"),
    ]
)
"""The layout of `lactflow.pipeline.visits.VISIT`, with the column names of the table."""

_WORD = pa.dictionary(pa.int8(), pa.string())
_VISIT_WORDS = {"breast": BREASTS, "line": LINES}


class TableColumn(NamedTuple):
    """
    One column of one table.

    Attributes
    ----------
    name
        As users read it.
    type
        Arrow type: int32, float64, bool, string or dictionary<int8, string>.
    about
        Unit, meaning and allowed words.
    """

    name: str
    type: Any
    about: Column


@cache
def columns(table: str) -> tuple[TableColumn, ...]:
    """Columns of a table in order: the fields of its facts, then what identifies the unit of work."""
    hints = get_type_hints(TABLES[table], include_extras=True)
    found = []
    for name, hint in hints.items():
        kind, about = get_args(hint)
        found.append(TableColumn(name, _arrow_type(table, kind, about), about))
    found += [TableColumn(name, pa.int32(), about) for name, about in IDENTITY.items()]
    return tuple(found)


def _arrow_type(table: str, kind: Any, about: Column) -> Any:
    """Arrow type of a field annotated `kind` or `kind | None`."""
    kinds = {member for member in get_args(kind) if member is not type(None)} or {kind}
    if kinds == {int}:
        return pa.int32()
    if kinds == {float}:
        return pa.float64()
    if kinds == {bool}:
        return pa.bool_()
    # Visits are by far the longest table; elsewhere plain text spares readers the categories.
    return _WORD if about.values and table == "visits" else pa.string()


@cache
def packed_samples(table: str) -> np.dtype[Any]:
    """Layout of packed samples, `lactflow.pipeline.queues.QUEUES` for one: a station's number, then the columns."""
    kinds = {pa.float64(): "<f8", pa.int32(): "<i4"}
    numbers = [column for column in columns(table)[: -len(IDENTITY)] if column.type in kinds and column.name != "lobe"]
    return np.dtype([("number", "<i4"), *[(column.name, kinds[column.type]) for column in numbers]])


def units(table: str) -> dict[str, str]:
    """Unit of each column of a table, by its name; empty where it has none."""
    return {column.name: column.about.unit for column in columns(table)}


@cache
def schema(table: str) -> Any:
    """Arrow schema of a table, `unit` and `description` in the metadata of every field."""
    return pa.schema(
        [
            pa.field(c.name, c.type, metadata={"unit": c.about.unit, "description": c.about.description})
            for c in columns(table)
        ]
    )


def from_facts(
    table: str,
    facts: Sequence[tuple[object, ...]],
    mother: int,
    replicate: int,
    names: Collection[str] | None = None,
) -> Any:
    """
    Arrow table from facts of one kind, in their order.

    Parameters
    ----------
    table
        Name of the table.
    facts
        Rows; None becomes null, and so does NaN.
    mother, replicate
        Written into every row.
    names
        Columns to make beside those that name the unit of work; all when None.

    Raises
    ------
    ValueError
        If an enumerated column of `visits` holds a word that is not declared.
    """
    described = columns(table)
    series: list[Sequence[Any]] = list(zip(*facts, strict=True)) if facts else [()] * (len(described) - len(IDENTITY))
    wanted = [
        (column, values)
        for column, values in zip(described, series, strict=False)
        if names is None or column.name in names
    ]
    arrays = [_array(column, values) for column, values in wanted]
    present = None if names is None else [column.name for column, _ in wanted]
    return _with_identity(table, arrays, len(facts), mother, replicate, names=present)


class StationColumns:
    """
    Which words and which lobe belong to each station number, as arrays to look up in.

    Parameters
    ----------
    keys
        `keys[n]` is the station that writes number n in its visits. Words of a run that has other stations too are all
        of its stations, in the order of their numbers.
    """

    def __init__(self, keys: Sequence[StationKey]) -> None:
        found = tuple(dict.fromkeys(key.station for key in keys))
        self._words = {**_VISIT_WORDS, "station": STATIONS if set(found) <= set(STATIONS) else found}
        self._codes = {
            name: np.array([words.index(getattr(key, name)) for key in keys], dtype=np.int8)
            for name, words in self._words.items()
        }
        self._lobes = np.array([key.lobe for key in keys], dtype=np.int32)
        lobes = list(dict.fromkeys((key.breast, key.lobe) for key in keys))
        self._lobe_of = np.array([lobes.index((key.breast, key.lobe)) for key in keys], dtype=np.int16)

    def table(
        self, table: str, packed: bytes, mother: int, replicate: int, names: Collection[str] | None = None
    ) -> Any:
        """Arrow table from packed rows; all columns of `visits`, else those of `names` as `samples` has it."""
        if table == "visits":
            return self.visits(packed, mother, replicate)
        return self.samples(table, packed, mother, replicate, names)

    def visits(self, packed: bytes, mother: int, replicate: int) -> Any:
        """
        Arrow table of `visits` from packed rows, in the order in which packets left.

        Rows with the same `left_min` stand in the order of breasts and lobes; those of one lobe stand in the order in
        which its stations handed on, nearest to the lumen first. Visits that are not over come last.

        Parameters
        ----------
        packed
            Whole rows of `lactflow.pipeline.visits.VISIT`; NaN times become nulls.
        mother, replicate
            Written into every row.

        Raises
        ------
        IndexError
            If a row names a station that was not announced.
        """
        rows = np.frombuffer(packed, dtype=PACKED_VISIT)
        order = np.lexsort((self._lobe_of[rows["station"]], rows["left_min"]))
        # As plain bytes: taken field by field, which is what a structured array does, rows cost ten times as much.
        rows = rows.view(f"V{PACKED_VISIT.itemsize}")[order].view(PACKED_VISIT)
        stations = rows["station"]
        arrays = []
        for column in columns("visits")[: -len(IDENTITY)]:
            if column.name in self._codes:
                arrays.append(_words(self._codes[column.name][stations], self._words[column.name]))
            elif column.name == "lobe":
                arrays.append(_numbers(column.type, self._lobes[stations]))
            elif column.type == pa.float64():
                arrays.append(_floats(np.ascontiguousarray(rows[column.name])))
            else:
                arrays.append(_numbers(column.type, np.ascontiguousarray(rows[column.name])))
        return _with_identity("visits", arrays, len(rows), mother, replicate)

    def samples(
        self, table: str, packed: bytes, mother: int, replicate: int, names: Collection[str] | None = None
    ) -> Any:
        """
        Arrow table of `lobes` or `queues` from packed rows, in their order.

        Parameters
        ----------
        table
            Which of them.
        packed
            Whole rows of `packed_samples`.
        mother, replicate
            Written into every row.
        names
            Columns to make beside those that name the unit of work; all when None.

        Raises
        ------
        IndexError
            If a row names a station that was not announced.
        """
        rows = np.frombuffer(packed, dtype=packed_samples(table))
        stations = rows["number"]
        wanted = [column for column in columns(table)[: -len(IDENTITY)] if names is None or column.name in names]
        arrays = []
        for column in wanted:
            if column.name in self._codes:
                codes, words = self._codes[column.name][stations], self._words[column.name]
                arrays.append(_words(codes, words).dictionary_decode())
            elif column.name == "lobe":
                arrays.append(_numbers(column.type, self._lobes[stations]))
            elif column.type == pa.float64():
                arrays.append(_floats(np.ascontiguousarray(rows[column.name])))
            else:
                arrays.append(_numbers(column.type, np.ascontiguousarray(rows[column.name])))
        present = None if names is None else [column.name for column in wanted]
        return _with_identity(table, arrays, len(rows), mother, replicate, names=present)


def joined(parts: Sequence[Any]) -> Any:
    """One Arrow table of rows that came packed and rows that came as facts: nearly always of one kind alone."""
    return parts[0] if len(parts) == 1 else pa.concat_tables(parts)


def _with_identity(
    table: str, arrays: list[Any], rows: int, mother: int, replicate: int, *, names: Sequence[str] | None = None
) -> Any:
    """Arrow table with the columns that name the unit of work added at the end; `names` where the others are few."""
    unit_of_work = {"replicate": replicate, "mother": mother}
    arrays += [_numbers(pa.int32(), np.full(rows, unit_of_work[name], dtype=np.int32)) for name in IDENTITY]
    whole = schema(table)
    fields = whole if names is None else pa.schema([whole.field(name) for name in (*names, *IDENTITY)])
    return pa.Table.from_arrays(arrays, schema=fields)


def _array(column: TableColumn, values: Sequence[Any]) -> Any:
    """One column from Python values, None for null."""
    if column.type == pa.string():
        return _texts(values)
    # `np.array` looks for the kind of every value first, which takes longer than the rest of it.
    if column.type == pa.float64():
        return _floats(np.fromiter(values, np.float64, len(values)))  # None becomes NaN
    if column.type == pa.bool_():
        flags = np.packbits(np.fromiter(map(bool, values), np.bool_, len(values)), bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), len(values), [_bitmap(_valid(values)), pa.py_buffer(flags)])
    if column.type == pa.int32():
        with suppress(TypeError):  # None is no number
            return _numbers(pa.int32(), np.fromiter(values, np.int32, len(values)))
        filled = [0 if value is None else value for value in values]
        return _numbers(pa.int32(), np.fromiter(filled, np.int32, len(values)), _valid(values))
    words = column.about.values
    unknown = sorted({value for value in values if value is not None and value not in words})
    if unknown:
        raise ValueError(f"{column.name} = {unknown[0]!r} is none of {', '.join(words)}")
    codes = np.array([0 if value is None else words.index(value) for value in values], dtype=np.int8)
    return _words(codes, words, _valid(values))


def _valid(values: Sequence[Any]) -> npt.NDArray[np.bool_]:
    return np.array([value is not None for value in values], dtype=bool)


def _bitmap(valid: npt.NDArray[np.bool_] | None) -> Any:
    """Arrow validity bitmap; None when nothing is null."""
    if valid is None or valid.all():
        return None
    return pa.py_buffer(np.packbits(valid, bitorder="little"))


def _numbers(arrow_type: Any, values: npt.NDArray[Any], valid: npt.NDArray[np.bool_] | None = None) -> Any:
    return pa.Array.from_buffers(arrow_type, len(values), [_bitmap(valid), pa.py_buffer(values)])


def _floats(values: npt.NDArray[np.float64]) -> Any:
    """NaN is how a packed row, and numpy, write null."""
    return _numbers(pa.float64(), values, ~np.isnan(values))


def _texts(values: Sequence[Any]) -> Any:
    valid = None
    try:
        text = "".join(values)  # which None ends, sooner than a look at each value would
    except TypeError:
        valid, values = _valid(values), ["" if value is None else value for value in values]
        text = "".join(values)
    lengths = map(len, values) if text.isascii() else (len(value.encode()) for value in values)
    offsets = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum(np.fromiter(lengths, np.int32, len(values)), out=offsets[1:])
    buffers = [_bitmap(valid), pa.py_buffer(offsets), pa.py_buffer(text.encode())]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _words(codes: npt.NDArray[np.int8], words: tuple[str, ...], valid: npt.NDArray[np.bool_] | None = None) -> Any:
    """Dictionary column: every part holds the same words in the same order."""
    buffers = [_bitmap(valid), pa.py_buffer(codes)]
    return pa.DictionaryArray.from_buffers(_WORD, len(codes), buffers, _texts(words))
