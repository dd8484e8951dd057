"""A log as a table: header and cells, whatever program saved it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lactflow.config.text import nearest, quoted
from lactflow.errors import ConfigError, Problem

MOST_ROWS = 200_000
MOST_PROBLEMS = 20
"""Unreadable rows reported one by one."""

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_DELIMITERS = ",;\t"
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_ALIKE = 0.75
"""Likeness to a known name (difflib's ratio) above which an unknown column is a slip of the pen and not a note."""


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


@dataclass
class Columns:
    """
    Columns of a header.

    Attributes
    ----------
    numbers
        Number of the cell of each known one, from 0.
    ignored
        Others, as they were written.
    problems
        Those that stand there twice, and unknown ones that look like slips of the pen.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plain_word(text: str) -> str:
    """A name in lower case, with underscores for everything that is neither letter nor digit."""
    return _NOT_A_LETTER.sub("_", text.casefold()).strip("_")


def known_columns(names: Sequence[str], known: Sequence[str], file: str, line: int) -> Columns:
    """
    Columns of a header, by name; capitals, spaces and hyphens do not matter.

    Parameters
    ----------
    names
        Cells of the header.
    known
        Names that have a meaning.
    file, line
        Where it stands.
    """
    found = Columns()
    plain = [plain_word(name) for name in names]
    for number, (name, written) in enumerate(zip(plain, names, strict=True)):
        if name in found.numbers:
            found.problems.append(Problem(f"column {name} stands here twice", file, line, number + 1))
        elif name in known:
            found.numbers[name] = number
        elif match := nearest(name, [each for each in known if each not in plain], _ALIKE):
            message = f"unknown column {quoted(written)} (nearest: {match})"
            found.problems.append(Problem(message, file, line, number + 1))
        else:
            found.ignored.append(written)
    return found


def refusal(problems: Sequence[Problem], file: str) -> ConfigError:
    """The error that has all problems of a file: the first ones one by one, the others counted."""
    rest = len(problems) - MOST_PROBLEMS
    more = [Problem(f"... and {rest} more problem{'s' if rest > 1 else ''}", file)] if rest > 0 else []
    return ConfigError(*problems[:MOST_PROBLEMS], *more)
