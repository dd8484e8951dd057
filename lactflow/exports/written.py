"""
Tables as files of their own: Parquet, and CSV that spreadsheets do not take for formulas.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula, in quotes too.
Names in a run come from whoever wrote its config. In CSV, a text that begins with one of these, or with an apostrophe,
has an apostrophe put before it; whoever takes one apostrophe from the start of each text that has one gets the text
that was there. Numbers are written as they are.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from lactflow.recording.files import one_line_errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lactflow.exports.tables import Source

GUARD = "'"
_DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""The last four are wide forms of the first four, which some programs take for formulas too."""
COLUMNS = "columns.csv"
"""The file beside the tables with the unit and meaning of every column."""


def guarded(text: str) -> str:
    """
    A text as a cell of CSV that no spreadsheet takes for a formula.

    Parameters
    ----------
    text
        Any.
    """
    return GUARD + text if text.startswith((GUARD, *_DANGEROUS)) else text


def write_parquet(source: Source, folder: Path) -> str:
    """
    Write one table as one Parquet file, `unit` and `description` in the metadata of its columns.

    Parameters
    ----------
    source
        The table.
    folder
        Where to.

    Returns
    -------
    Name of the file.
    """
    import pyarrow.parquet as pq

    file = f"{source.name}.parquet"
    batches = source.batches()
    with (
        one_line_errors("write", folder / file),
        pq.ParquetWriter(folder / file, source.schema, compression="zstd") as out,
    ):
        for batch in batches:
            out.write_table(batch.cast(source.schema))
    return file


def write_csv(source: Source, folder: Path) -> str:
    """
    Write one table as one CSV file: UTF-8, commas, text in quotes, nothing for null.

    Parameters
    ----------
    source
        The table.
    folder
        Where to.

    Returns
    -------
    Name of the file.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    file = f"{source.name}.csv"
    texts = [number for number, field in enumerate(source.fields) if field.type == "string"]
    named = pa.schema(
        [
            pa.field(guarded(field.name), pa.string() if number in texts else source.schema.field(number).type)
            for number, field in enumerate(source.fields)
        ]
    )
    with one_line_errors("write", folder / file), arrow_csv.CSVWriter(folder / file, named) as out:
        for batch in source.batches():
            cells = [_text(column) if number in texts else column for number, column in enumerate(batch.columns)]
            out.write_table(pa.Table.from_arrays(cells, schema=named))
    return file


def _text(column: Any) -> Any:
    """A column of words with those guarded that a spreadsheet could take for a formula; lists and the like as text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type) or pa.types.is_large_string(column.type):
        column = column.cast(pa.string())
    elif not pa.types.is_string(column.type):
        return pa.chunked_array(
            [pa.array([None if v is None else guarded(str(v)) for v in column.to_pylist()], pa.string())]
        )
    dangerous = pc.match_substring_regex(column, pattern=rf"^['{_DANGEROUS.replace('-', '')}-]")
    return pc.if_else(dangerous, pc.binary_join_element_wise(GUARD, column, ""), column)


def write_columns(sources: Sequence[Source], folder: Path) -> str:
    """
    Write what the columns of all tables are: table, column, type, unit, description.

    Parameters
    ----------
    sources
        The tables.
    folder
        Where to.

    Returns
    -------
    Name of the file.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["table", "column", "type", "unit", "description"])
    for source in sources:
        for field in source.fields:
            rows.writerow(
                guarded(cell) for cell in (source.name, field.name, field.type, field.unit, field.description)
            )
    with one_line_errors("write", folder / COLUMNS):
        (folder / COLUMNS).write_text(text.getvalue(), encoding="utf-8", newline="")
    return COLUMNS
