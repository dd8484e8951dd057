"""A file as rows of cells, whatever it was: the one shape that formats read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from lactflow.config.logs.table import MOST_ROWS
from lactflow.errors import ConfigError, Problem
from lactflow.trackers.amounts import is_unit

LONGEST_CELL = 2_000
"""Characters of a cell that are looked at: longer ones are notes."""
DELIMITERS = ",;\t|"
_HEADER_WITHIN = 12
"""Lines in which a header is looked for: some programs write a title first."""

Row = tuple[int, Sequence[str]]
"""Line in the file (or number of the entry, where there are no lines), and its cells."""


@dataclass(frozen=True)
class CellTable:
    """
    Rows of cells under a header.

    Attributes
    ----------
    header
        Names of the columns as the file has them.
    rows
        Gives the rows from the beginning, each time it is called.
    comma_decimal
        Whether cells are separated by something else than commas.
    serial
        Whether a number can be a day of a spreadsheet.
    births
        Dates of birth that stand outside the cells.
    left_out
        Lines that are no rows, by what they are: counted, since they may be rows that are damaged.
    """

    header: tuple[str, ...]
    rows: Callable[[], Iterable[Row]]
    comma_decimal: bool = False
    serial: bool = False
    births: list[date] = field(default_factory=list)
    left_out: dict[str, list[int]] = field(default_factory=dict)

    def units(self) -> dict[str, str]:
        """Units that headers have in brackets, by the key of the column."""
        found: dict[str, str] = {}
        for name in self.header:
            key, unit = split_unit(name)
            if unit:
                found.setdefault(key, unit)
        return found


def split_unit(name: str) -> tuple[str, str]:
    """
    Key of a column, and the unit in brackets at its end.

    Columns are the same in upper and lower case, with more or fewer spaces, and with or without their unit.
    """
    plain = " ".join(name.replace("\ufeff", "").split())
    if plain.endswith(")") and "(" in plain:
        before, _, unit = plain[:-1].rpartition("(")
        if before.strip() and is_unit(unit):
            return before.strip().casefold(), unit.strip()
    return plain.casefold(), ""


def key_of(name: str) -> str:
    """Key of a column, its unit left out."""
    return split_unit(name)[0]


@dataclass(frozen=True)
class Delimited:
    """Text whose cells are separated by a character; the header stands in the line `header_line`."""

    text: str
    file: str
    delimiter: str
    header: tuple[str, ...]
    header_line: int

    def table(self) -> CellTable:
        """Its rows below the header."""
        return CellTable(self.header, self._rows, comma_decimal=self.delimiter != ",")

    def _rows(self) -> Iterator[Row]:
        count = 0
        width = len(self.header)
        for line, cells in _cells(self.text, self.delimiter, self.file):
            if line <= self.header_line:
                continue
            count += 1
            if count > MOST_ROWS:
                raise ConfigError(Problem(f"more than {MOST_ROWS:,} rows", self.file, line, 1))
            for cell in cells:
                if "\n" in cell and any(part.count(self.delimiter) >= width - 1 > 0 for part in cell.split("\n")):
                    message = "a quotation mark is not closed: the rows after it stand in one cell"
                    raise ConfigError(Problem(message, self.file, line, 1))
            yield line, cells


def delimited(text: str, file: str) -> list[Delimited]:
    """
    Every way to read a text as a table: each separator, and each of the first lines as the header.

    Parameters
    ----------
    text
        Decoded; a first line `sep=;` says the separator and is left out.
    file
        Name for messages.
    """
    delimiters = DELIMITERS
    first, _, rest = text.partition("\n")
    declared = first.strip().strip('"').casefold()
    skipped = 0
    if declared.startswith("sep=") and len(declared) <= 5:
        delimiters, skipped = (declared[4:] or "\t"), 1
    found = []
    for delimiter in delimiters:
        for line, cells in _first(rest if skipped else text, delimiter):
            if sum(bool(cell.strip()) for cell in cells) > 1:
                body = "\n" + rest if skipped else text
                found.append(Delimited(body, file, delimiter, tuple(cell.strip() for cell in cells), line + skipped))
    return found


def _first(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The first lines, as far as they can be read."""
    try:
        for number, row in enumerate(_cells(text, delimiter, "")):
            if number >= _HEADER_WITHIN:
                return
            yield row
    except ConfigError:
        return


def _cells(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is not blank."""
    # A comma and a space before a quotation mark: some programs write both.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # a note may be long
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            if cells and any(cells) and (cells[0].strip() or any(cell.strip() for cell in cells)):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = " ".join(str(error).split())
        raise ConfigError(Problem(f"not a table: {message}", file, line, 1)) from None
