"""A clinical record as a table: CSV, JSON or a workbook, with lines of comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from lactflow.config.logs.table import Columns, known_columns, plain_word
from lactflow.errors import ConfigError, Problem
from lactflow.trackers.containers import json_table, open_file, workbook_tables
from lactflow.trackers.sheet import LONGEST_CELL, CellTable, Row, delimited
from lactflow.trackers.stamps import tidy

COLUMNS: Final = ("time", "kind", "breast", "value", "unit", "note")
"""Of the template, in its order."""
KNOWN: Final = (*COLUMNS, "date")
"""Columns that have a meaning: where there is a `date`, `time` is that of its day."""
_COMMENT = re.compile(r'^[ \t]*"?#[^\n]*', re.MULTILINE)
"""A spreadsheet puts a comment with commas in quotation marks."""


@dataclass(frozen=True)
class RecordTable:
    """
    A table under the header of a record.

    Attributes
    ----------
    file
        Name for messages.
    columns
        Its columns by name, those that are ignored, and what is wrong with them.
    rows
        Gives line and cells of each row from the beginning, each time it is called; no comments.
    comma_decimal
        Whether cells are separated by something else than commas.
    serial
        Whether a number can be a day of a spreadsheet.
    assumed
        What had to be assumed to read the file.
    """

    file: str
    columns: Columns
    rows: Callable[[], Iterable[Row]]
    comma_decimal: bool
    serial: bool
    assumed: tuple[str, ...]

    def cell(self, cells: Sequence[str], column: str) -> str:
        """A cell of a row, tidy; empty where the row or the table has none."""
        number = self.columns.numbers.get(column, len(cells))
        return tidy(cells[number][:LONGEST_CELL]) if number < len(cells) else ""

    def time_of(self, cells: Sequence[str]) -> str:
        """Day and time of a row as one text."""
        return " ".join(filter(None, (self.cell(cells, "date"), self.cell(cells, "time"))))

    def problem(self, message: str, line: int, column: str) -> Problem:
        """A problem with a cell of a row; a row without that cell begins at its first one."""
        return Problem(message, self.file, line, self.columns.numbers.get(column, 0) + 1, column)


def open_table(path: Path) -> RecordTable:
    """
    Read a file, and find the header of a record in it.

    Parameters
    ----------
    path
        Text with commas, semicolons, tabs or bars between its cells, JSON, or a workbook.

    Raises
    ------
    ConfigError
        If it is something else, or has no such header.
    ArchiveError
        If reading fails.
    """
    opened = open_file(path)
    file, makers = opened.file, list[tuple[int, Sequence[str], Callable[[], CellTable]]]()
    if opened.kind == "text":
        makers = [
            (each.header_line, each.header, each.table) for each in delimited(_COMMENT.sub("", opened.text), file)
        ]
    elif opened.kind != "sqlite":
        tables = [json_table(opened)] if opened.kind == "json" else workbook_tables(opened)
        makers = [(1, each.header, partial(_itself, each)) for each in tables]
    if not makers:
        raise ConfigError(
            Problem(f"is no table (needed: a header with {', '.join(COLUMNS)}, and a row a fact)", file, 1)
        )
    line, header, table = max(makers, key=lambda each: len({*map(plain_word, each[1])} & {*KNOWN}))
    columns = known_columns(header, KNOWN, file, line)
    missing = [name for name in ("kind", "value") if name not in columns.numbers]
    if not {"time", "date"} & {*columns.numbers}:
        missing.insert(0, "time")
    found = [Problem(f"column {name} is missing (needed: time, kind and value)", file, line, 1) for name in missing]
    if columns.problems or found:
        raise ConfigError(*columns.problems, *found)
    cells = table()
    return RecordTable(
        file, columns, partial(_without_comments, cells), cells.comma_decimal, cells.serial, opened.assumed
    )


def _itself(table: CellTable) -> CellTable:
    return table


def _without_comments(table: CellTable) -> Iterator[Row]:
    for line, cells in table.rows():
        if not next((cell for cell in cells if cell.strip()), "").lstrip().startswith("#"):
            yield line, cells
