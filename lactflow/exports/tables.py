"""
The tables of a folder as exports take them: their columns with units and meanings, and their rows a batch at a time.

Tables of a run have their columns from the data dictionary in `lactflow.records`. Those of a comparison, a fit or a
validation have units by the last words of their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from lactflow.analysis.drug_names import split
from lactflow.recording import columns as recorded
from lactflow.recording.files import one_line_errors
from lactflow.recording.folder import table_of
from lactflow.records import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from lactflow.recording.reader import StoredRun

BATCH_ROWS = 131_072
"""Rows that are written at once, where parts are shorter."""
_UNITS = {
    "_ml_per_day": "mL/day",
    "_ml_per_day_left": "mL/day",
    "_ml_per_day_right": "mL/day",
    "_ml_per_h": "mL/h",
    "_h_per_day": "h/day",
    "_g_per_day": "g/day",
    "_g_per_l": "g/L",
    "_mmol_per_l": "mmol/L",
    "_ml": "mL",
    "_min": "min",
    "_h": "h",
    "_kg": "kg",
    "_days": "days",
    "_percent": "%",
    "_per_day": "1/day",
    "hours_above_80_percent_full_per_day": "h/day",
}
"""Units by the end of a name; the longest end counts."""


@dataclass(frozen=True)
class Field:
    """
    One column.

    Attributes
    ----------
    name
        As readers see it.
    type
        `string`, `number`, `integer`, `boolean` or `datetime`.
    unit, description
        Empty where there is none, or it is not known.
    values
        The only words that it holds; empty for any.
    required
        Whether it is never empty.
    """

    name: str
    type: str
    unit: str = ""
    description: str = ""
    values: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Source:
    """
    One table to be exported.

    Attributes
    ----------
    name
        Of the table, and of the file.
    description
        What a row is; empty where that is not known.
    fields
        Its columns.
    schema
        The same for Arrow, units and descriptions in the metadata of each field.
    batches
        Gives its rows, as Arrow tables of that schema.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    schema: Any
    batches: Callable[[], Iterator[Any]]


def of_run(run: StoredRun) -> list[Source]:
    """
    Tables of a run, in the order of the documentation; those that it does not have left out.

    Parameters
    ----------
    run
        May be running, or have been killed: what is there is exported.
    """
    return [_of_run(run, table) for table in run.tables]


def _of_run(run: StoredRun, table: str) -> Source:
    described = {column.name: column for column in recorded.columns(table)}
    # A run of an older version may not have all columns; whoever reads a number knows how many it may be empty in.
    first = next(iter(run.read_in_parts(table)), None)
    names = list(described) if first is None else [name for name in described if name in first.columns]
    schema = recorded.schema(table)
    chosen = [schema.field(name) for name in names]
    optional = optional_columns(table)
    # A station of a package is none of the words that are declared.
    fields = tuple(
        Field(
            name,
            kind_of_type(described[name].type),
            described[name].about.unit,
            described[name].about.description,
            described[name].about.values if name != "station" else (),
            name not in optional,
        )
        for name in names
    )
    return Source(
        table,
        cleandoc(TABLES[table].__doc__ or "").replace("\n", " "),
        fields,
        _schema(chosen),
        lambda: gathered(_as_arrow(frame[names], _schema(chosen)) for frame in run.read_in_parts(table)),
    )


def optional_columns(table: str) -> set[str]:
    """
    Columns that may be empty.

    Parameters
    ----------
    table
        Whose.
    """
    hints = get_type_hints(TABLES[table], include_extras=True)
    return {name for name, hint in hints.items() if type(None) in get_args(get_args(hint)[0])}


def of_folder(directory: Path, manifest: dict[str, Any]) -> list[Source]:
    """
    Tables of a comparison, a fit or a validation.

    Parameters
    ----------
    directory, manifest
        The folder, and its manifest.

    Raises
    ------
    DamagedRunError
        If a table is not what was written.
    """
    with one_line_errors("read", directory):
        files = sorted(path.name for path in directory.iterdir() if path.suffix == ".parquet")
    return [_of_file(directory, manifest, file) for file in files if not file.startswith(".")]


def _of_file(directory: Path, manifest: dict[str, Any], file: str) -> Source:
    import pyarrow as pa

    rows = pa.Table.from_pandas(table_of(directory, manifest, file), preserve_index=False).replace_schema_metadata(None)
    fields = tuple(Field(name, kind_of_type(rows.schema.field(name).type), unit_of(name)) for name in rows.schema.names)
    described = pa.schema([rows.schema.field(each.name).with_metadata({"unit": each.unit}) for each in fields])
    return Source(file.removesuffix(".parquet"), "", fields, described, lambda: iter([rows.cast(described)]))


def unit_of(name: str) -> str:
    """The unit that the name of a column ends with, or of a measure at some days or of a drug; empty for none."""
    name = split(name.partition("@")[0])[0]
    ends = [end for end in _UNITS if name.endswith(end)]
    return _UNITS[max(ends, key=len)] if ends else ""


def _schema(fields: list[Any]) -> Any:
    import pyarrow as pa

    return pa.schema(fields)


def _as_arrow(frame: Any, schema: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)


def gathered(batches: Iterable[Any]) -> Iterator[Any]:
    """
    Short batches together: a cohort has thousands of parts with a few rows.

    Parameters
    ----------
    batches
        Arrow tables of one schema.
    """
    import pyarrow as pa

    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= BATCH_ROWS:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def kind_of_type(arrow_type: Any) -> str:
    """
    The type of a column, for a `Field`.

    Parameters
    ----------
    arrow_type
        Of the column.
    """
    import pyarrow as pa

    kinds = {
        "integer": pa.types.is_integer,
        "number": pa.types.is_floating,
        "boolean": pa.types.is_boolean,
        "datetime": pa.types.is_timestamp,
    }
    return next((name for name, holds in kinds.items() if holds(arrow_type)), "string")
