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
from lactflow.trackers.containers import Opened, json_table, open_file, workbook_tables
from lactflow.trackers.sheet import LONGEST_CELL, CellTable, Row, delimited
from lactflow.trackers.stamps import tidy

COLUMNS: Final = ("time", "kind", "breast", "value", "unit", "note")
"""Of the template, in its order."""
KNOWN: Final = (*COLUMNS, "date")
"""Columns that have a meaning: where there is a `date`, `time` is that of its day."""
_LOG = {"start", "kind"}
"""Columns of a feeding log."""
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
    width
        Cells of its header.
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
    width: int
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
    file, found = opened.file, _headers(opened)
    if not found:
        message = f"is no table (needed: a header with {', '.join(COLUMNS)}, and a row a fact)"
        raise ConfigError(Problem(message, file, 1))
    # Nothing that could be a row is passed over for a header with more columns.
    whole = [each for each in found if not each.missing]
    best = whole[0] if whole else max(found, key=lambda each: len(each.names & {*KNOWN}))
    columns = known_columns(best.header, KNOWN, file, best.line)
    if columns.problems or best.missing:
        raise ConfigError(*_header_problems(best, columns, file))
    cells = best.table()
    if opened.kind == "workbook" and any(_of_another_sheet(each, cells) for each in whole):
        raise ConfigError(Problem("has several sheets with the columns of a record (allowed: one)", file))
    above = [each for each in found[: found.index(best)] if each.delimiter == best.delimiter]
    passed = (f"rows above the header are not read: {len(above)}",) if above else ()
    rows = partial(_without_comments, cells)
    assumed = (*opened.assumed, *passed)
    return RecordTable(file, len(best.header), columns, rows, cells.comma_decimal, cells.serial, assumed)


def _headers(opened: Opened) -> list[_Found]:
    """Every line that may be the header, in the order of the file."""
    if opened.kind == "text":
        texts = delimited(_COMMENT.sub("", opened.text), opened.file)
        return [_Found(each.delimiter, each.header_line, each.header, each.table) for each in texts]
    if opened.kind == "sqlite":
        return []
    tables = [json_table(opened)] if opened.kind == "json" else workbook_tables(opened)
    return [_Found("", 1, each.header, partial(_itself, each)) for each in tables]


def _header_problems(best: _Found, columns: Columns, file: str) -> list[Problem]:
    """What is wrong with the header that is most like that of a record."""
    if best.names >= _LOG:
        message = "this is a feeding log (needed: a record, with time, kind and value; a log may stand beside it)"
        return [Problem(message, file, best.line)]
    known = columns.problems if len(columns.numbers) > 1 else []
    if not best.missing:
        return known
    are = f"column {best.missing[0]} is" if len(best.missing) == 1 else f"columns {', '.join(best.missing)} are"
    return [*known, Problem(f"{are} missing (needed: time, kind and value)", file, best.line, 1)]


def _of_another_sheet(other: _Found, table: CellTable) -> bool:
    """Whether a header has rows below it, and they do not end as those of a table do."""
    theirs, mine = list(other.table().rows()), list(table.rows())
    return bool(theirs) and not (mine and theirs[-1] is mine[-1])


@dataclass(frozen=True)
class _Found:
    """A line that may be the header, its separator, and what makes a table of the lines below."""

    delimiter: str
    line: int
    header: Sequence[str]
    table: Callable[[], CellTable]

    @property
    def names(self) -> set[str]:
        return {*map(plain_word, self.header)}

    @property
    def missing(self) -> list[str]:
        """What a record needs, and it has not."""
        time = [] if {"time", "date"} & self.names else ["time"]
        return time + [name for name in ("kind", "value") if name not in self.names]


def _itself(table: CellTable) -> CellTable:
    return table


def _without_comments(table: CellTable) -> Iterator[Row]:
    for line, cells in table.rows():
        if not next((cell for cell in cells if cell.strip()), "").lstrip().startswith("#"):
            yield line, cells
