"""
What kind of file it is: text, JSON, a workbook, a database, or something that is no log at all.

Nothing in a file is executed, and nothing is unpacked before its size is known.
"""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lactflow.config.logs.feeding_log import LARGEST_BYTES
from lactflow.config.logs.table import MOST_ROWS
from lactflow.config.text import shown_path
from lactflow.errors import ArchiveError, ConfigError, Problem
from lactflow.trackers.sheet import LONGEST_CELL, CellTable, Row

LARGEST_UNPACKED_BYTES = 150_000_000
_NEEDS_EXCEL = "this is an Excel workbook: save it as CSV, or pip install 'lactflow[excel]'"
_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "this is an old Excel workbook (.xls): save it as CSV"),
    (b"%PDF", "this is a PDF: export the log as CSV"),
    (b"\x89PNG", "this is an image: export the log as CSV"),
    (b"\xff\xd8\xff", "this is an image: export the log as CSV"),
    (b"GIF8", "this is an image: export the log as CSV"),
    (b"RIFF", "this is no text: export the log as CSV"),
    (b"\x1f\x8b", "this is a compressed file: unpack it first"),
    (b"Rar!", "this is a compressed file: unpack it first"),
    (b"7z\xbc\xaf", "this is a compressed file: unpack it first"),
    (b"PAR1", "this is a Parquet file: export the log as CSV"),
)
_JSON_BEGINS = tuple('{["]-0123456789tfn')
"""What can follow the bracket of a JSON list; a text may begin with a word in brackets."""
_LISTS = ("results", "data", "rows", "items", "entries")


@dataclass(frozen=True)
class Opened:
    """
    A file that was read.

    Attributes
    ----------
    file
        Path as the user wrote it, fit for messages.
    kind
        `text`, `json`, `workbook` or `sqlite`.
    text
        Of a text or JSON file.
    raw
        Of a workbook.
    path
        Of a database.
    assumed
        What had to be assumed to read it.
    """

    file: str
    kind: str
    text: str = ""
    raw: bytes = b""
    path: Path | None = None
    assumed: tuple[str, ...] = ()


def open_file(path: Path) -> Opened:
    """
    Read a file and say what it is.

    Raises
    ------
    ConfigError
        If there is none, if it is too large, or if it is known to hold no log that can be read.
    ArchiveError
        If reading fails.
    """
    file = shown_path(path)
    raw = _read(path, file)
    for magic, message in _REFUSED:
        if raw.startswith(magic):
            raise ConfigError(Problem(message, file))
    if raw.startswith(b"SQLite format 3\x00"):
        return Opened(file, "sqlite", path=path)
    if raw.startswith(b"PK"):
        _check_workbook(raw, file)
        return Opened(file, "workbook", raw=raw)
    text, assumed = _decode(raw, file)
    begin = text.lstrip()[:200]
    looks_json = begin.startswith("{") or (begin.startswith("[") and begin[1:].lstrip()[:1] in _JSON_BEGINS)
    return Opened(file, "json" if looks_json else "text", text=text, assumed=assumed)


def _read(path: Path, file: str) -> bytes:
    try:
        mode = path.stat().st_mode
        raw = b""
        if stat.S_ISREG(mode):
            with path.open("rb") as stream:
                raw = stream.read(LARGEST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise ConfigError(Problem("there is no such file", file or "''")) from None
    except OSError as error:
        if error.filename is not None and error.strerror == os.strerror(36):  # a name too long is the user's
            raise ConfigError(Problem("there is no such file", file)) from None
        raise ArchiveError(f"{file} cannot be read: {error.strerror}") from None
    if stat.S_ISDIR(mode):
        raise ConfigError(Problem("is a folder (needed: a file)", file))
    if not stat.S_ISREG(mode):
        raise ConfigError(Problem("is a device or a pipe (needed: a file)", file))
    if len(raw) > LARGEST_BYTES:
        raise ConfigError(Problem(f"larger than {LARGEST_BYTES // 1_000_000} MB", file, 1, 1))
    if not raw.strip():
        raise ConfigError(Problem("the file is empty", file, 1, 1))
    return raw


_MORE_TEXT = 10
"""Times that a text is longer than what in it is none, for it to be a damaged text and no other file."""


def _decode(raw: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    assumed: tuple[str, ...] = ()
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        if wide:
            raise ConfigError(Problem("is no whole UTF-16 text", file)) from None
        # What matters in a log is ASCII; only names and notes can come out wrong, and they are not kept.
        text = raw.decode("cp1252", errors="replace")
        assumed = ("the file is not UTF-8; it is read as Windows-1252",)
    if 0 < _MORE_TEXT * text.count("\x00") < len(text):
        what = "holds a character of code 0 (allowed: text)"
        raise ConfigError(Problem(what, file, 1 + text.count("\n", 0, text.index("\x00"))))
    if "\x00" in text:
        raise ConfigError(Problem("is no text file (needed: CSV, JSON, text, a workbook or a database)", file))
    return text.replace("\r\n", "\n").replace("\r", "\n"), assumed


def json_table(opened: Opened) -> CellTable:
    """
    Entries of a JSON file: a list of mappings, or a mapping that holds one under `results`.

    Raises
    ------
    ConfigError
        If it is JSON of another kind, or none.
    """
    try:
        data = json.loads(opened.text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg}"
        raise ConfigError(Problem(message, opened.file, error.lineno, error.colno)) from None
    except (RecursionError, ValueError):
        raise ConfigError(Problem("not JSON that a tracker writes", opened.file)) from None
    if isinstance(data, dict):
        data = next((data[key] for key in _LISTS if isinstance(data.get(key), list)), None)
    entries = data if isinstance(data, list) else None
    if entries is None or not all(isinstance(entry, dict) for entry in entries):
        message = "JSON of another kind (needed: a list of entries, or one under `results`; `lactflow import --list`)"
        raise ConfigError(Problem(message, opened.file))
    if len(entries) > MOST_ROWS:
        raise ConfigError(Problem(f"more than {MOST_ROWS:,} entries", opened.file))
    header = tuple(dict.fromkeys(key for entry in entries for key in entry))
    rows = [(number, tuple(_text(entry.get(key)) for key in header)) for number, entry in enumerate(entries, 1)]
    return CellTable(header, lambda: rows)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _text(value: Any) -> str:  # noqa: PLR0911 - one answer for each type
    """A value as a cell."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        # Half a second more: a spreadsheet's noon is 11:59:59.999999.
        return f"{value + timedelta(microseconds=500_000):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, time):
        return _clock(value.hour * 3600 + value.minute * 60 + value.second)
    if isinstance(value, timedelta):
        return _clock(round(value.total_seconds()))
    if isinstance(value, float):
        return f"{value:.12g}" if abs(value) < 1e15 else str(value)
    return str(value) if not isinstance(value, int) or value.bit_length() < 128 else "a large number"


def _clock(seconds: int) -> str:
    """A spreadsheet makes a time of `0:17`: without seconds it is shown as it was typed."""
    hours, rest = divmod(max(seconds, 0), 3600)
    return f"{hours}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


def _check_workbook(raw: bytes, file: str) -> None:
    from zipfile import BadZipFile, LargeZipFile, ZipFile

    try:
        with ZipFile(io.BytesIO(raw)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            size = sum(entry.file_size for entry in archive.infolist())
    except (BadZipFile, LargeZipFile, OSError, ValueError, NotImplementedError):
        raise ConfigError(Problem("a damaged zip archive or workbook", file)) from None
    if "xl/workbook.xml" not in names:
        raise ConfigError(Problem("this is a zip archive: unpack it, and import the file inside", file))
    if size > LARGEST_UNPACKED_BYTES:
        megabytes = LARGEST_UNPACKED_BYTES // 1_000_000
        raise ConfigError(Problem(f"the workbook is larger than {megabytes} MB when it is unpacked", file))


def workbook_tables(opened: Opened) -> list[CellTable]:
    """
    Sheets of a workbook; each of the first rows may be the header of one, so a sheet can give several.

    Raises
    ------
    ConfigError
        If openpyxl is not installed, or the workbook cannot be read.
    """
    import warnings

    try:
        from openpyxl import load_workbook
    except ImportError:
        raise ConfigError(Problem(_NEEDS_EXCEL, opened.file)) from None
    tables = []
    try:
        with warnings.catch_warnings(action="ignore"):  # about styles and extensions, which are not read
            book = load_workbook(io.BytesIO(opened.raw), read_only=True, data_only=True)
            with closing(book):
                for sheet in book.worksheets:
                    tables += _sheet_tables(sheet, opened.file)
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a damaged part leads to
        message = f"the workbook cannot be read ({type(error).__name__}): save it as CSV"
        raise ConfigError(Problem(message, opened.file)) from None
    return tables


def _cell_text(cell: Any) -> str:
    """A cell of a sheet: openpyxl makes midnight of a date, so that its format says whether there is a time."""
    value = cell.value
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        from openpyxl.styles.numbers import is_datetime

        if is_datetime(cell.number_format) == "date":
            value = value.date()
    return _text(value)[:LONGEST_CELL]


def _sheet_tables(sheet: Any, file: str) -> list[CellTable]:
    rows: list[Row] = []
    for line, values in enumerate(sheet.iter_rows(), 1):
        cells = [_cell_text(value) for value in values[:500]]
        if any(cell.strip() for cell in cells):
            rows.append((line, cells))
        if len(rows) > MOST_ROWS + 12:
            raise ConfigError(Problem(f"more than {MOST_ROWS:,} rows", file, line, 1))
    found = []
    for number, (_, above) in enumerate(rows[:12]):
        if sum(bool(cell.strip()) for cell in above) > 1:
            header = tuple(cell.strip() for cell in above)
            found.append(CellTable(header, partial(_below, rows, number + 1), serial=True))
    return found


def _below(rows: list[Row], number: int) -> list[Row]:
    return rows[number:]


def sqlite_table(opened: Opened, names: tuple[str, ...], wanted: list[str]) -> CellTable | None:
    """
    Rows of tables of a database, opened for reading alone.

    Parameters
    ----------
    opened
        The file.
    names
        Tables that are read; one that is not there is left out.
    wanted
        Columns that are read, in lower case; no other column leaves the database.

    Returns
    -------
    All rows under one header, with the table's name in a column `table`; None when no table is there.

    Raises
    ------
    ConfigError
        If the database cannot be read.
    """
    import sqlite3
    from urllib.parse import quote

    assert opened.path is not None
    uri = f"file:{quote(str(opened.path.absolute()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            database.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
            steps = iter(range(20_000))
            database.set_progress_handler(lambda: next(steps, None) is None, 10_000)
            parts = [part for name in names if (part := _read_table(database, name, wanted, opened.file))]
    except (sqlite3.Error, ValueError, OverflowError) as error:  # names in a damaged one need not be text
        message = f"the database cannot be read ({type(error).__name__})"
        raise ConfigError(Problem(message, opened.file)) from None
    if not parts:
        return None
    header = tuple(dict.fromkeys(["table", *(column for _, columns, _ in parts for column in columns)]))
    rows: list[Row] = []
    for name, columns, values in parts:
        for value in values:
            cells = dict(zip(columns, value, strict=True), table=name)
            rows.append((len(rows) + 1, tuple(cells.get(column, "") for column in header)))
    return CellTable(header, lambda: rows)


def _read_table(database: Any, name: str, wanted: list[str], file: str) -> tuple[str, list[str], list[Any]] | None:
    """Name, columns and rows of an ordinary table; views and virtual tables could run what somebody else wrote."""
    known = database.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    if known is None or known[0] != "table" or not str(known[1]).upper().startswith("CREATE TABLE"):
        return None
    quoted = '"' + name.replace('"', '""') + '"'
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({quoted})") if row[1].casefold() in wanted]
    if not columns:
        return None
    listed = ", ".join('"' + column.replace('"', '""') + '"' for column in columns)
    rows: list[list[str]] = []
    for row in database.execute(f"SELECT {listed} FROM {quoted}"):  # noqa: S608 - names from the database, quoted
        if len(rows) == MOST_ROWS:
            raise ConfigError(Problem(f"more than {MOST_ROWS:,} rows", file))
        rows.append([_text(None if isinstance(value, bytes) else value)[:LONGEST_CELL] for value in row])
    return name, [column.casefold() for column in columns], rows


def text_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers; in a text copied as one line their ends are written out."""
    if "\n" not in text.strip() and "\\n" in text:
        text = text.replace("\\n", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.rstrip()
