"""A log as a table: header and cells, whatever program saved it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from lactflow.errors import ConfigError, Problem

MOST_ROWS = 200_000

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_DELIMITERS = ",;\t"


class LogTable(NamedTuple):
    """
    A CSV file, cut into cells.

    Attributes
    ----------
    header
        Line number and cells of the first row; None for a file without rows.
    rows
        Line number and stripped cells of every other row that is not blank.
    decimal_comma
        Whether a comma in a cell is the decimal sign: the cells are separated by something else.
    """

    header: tuple[int, list[str]] | None
    rows: Iterator[tuple[int, list[str]]]
    decimal_comma: bool


def read_table(text: str, file: str) -> LogTable:
    """
    Cut a CSV file into cells; commas, semicolons and tabs are known as separators, `sep=` lines are skipped.

    Parameters
    ----------
    text
        Content of the file.
    file
        Name for messages.

    Raises
    ------
    ConfigError
        If it is not CSV or has more than `MOST_ROWS` rows; later, while rows are read, too.
    """
    first_line, delimiter = 1, None
    if match := _SEPARATOR_LINE.match(text):
        delimiter, first_line, text = match[1], 2, text[match.end() :]
    delimiter = delimiter or _delimiter_of(text)
    numbered = _cells(text, file, delimiter, first_line)
    return LogTable(next(numbered, None), numbered, decimal_comma=delimiter != ",")


def _delimiter_of(text: str) -> str:
    """The separator that the first line with letters has most of."""
    header = next((line for line in text.splitlines() if line.strip(_DELIMITERS + " ")), "")
    return max(_DELIMITERS, key=header.count)


def _cells(text: str, file: str, delimiter: str, line: int) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # a note may be long
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before, count = line - 1, 0
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                count += 1
                if count > MOST_ROWS + 1:
                    raise ConfigError(Problem(f"more than {MOST_ROWS:,} rows", file, line, 1))
                yield line, stripped
            line = reader.line_num + before + 1
    except csv.Error as error:
        raise ConfigError(Problem(f"not CSV: {error}", file, line, 1)) from None
