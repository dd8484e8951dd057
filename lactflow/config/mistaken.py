"""
What was given in place of a config: a feeding log, the export of a tracker, a workbook, a table of a run.

Nothing is read here beyond what names the kind of file; where a file is refused, the message says what it was and what
to do with it.
"""

from __future__ import annotations

import codecs
import csv
import re

from lactflow.config.text import shown_path
from lactflow.systems import shell_word

_LOOKED_AT_BYTES = 65_536
_LOOKED_AT_LINES = 20
_FEWEST_COLUMNS = 4
"""Of a table that says nothing else about itself."""
_BRACKETS = ("{", "[")
_SEPARATORS = (",", ";", "\t")
_ZIP = b"PK\x03\x04"
_WORKBOOK_PARTS = (b"xl/", b"[Content_Types].xml")
_OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1")
_PARQUET = b"PAR1"
_DATABASE = b"SQLite format 3\x00"
_PIYOLOG = re.compile(r"\s*(\[PiyoLog\]|【ぴよログ】)")
_OWN_COLUMNS = {"start", "kind"}
_YAML_KEY = re.compile(r"""\s*(- )?["']?[\w.-]+["']?\s*:(\s|$)""")
_EVENTS = re.compile(r'"(start|start_time|started_at|time)"\s*:')
_OF_A_CHILD = re.compile(r'"(child|method|amount|duration|kind)"\s*:')
_FORMAT = re.compile(r'"format"\s*:')


def log_instead_of_config(raw: bytes, file: str) -> str | None:
    """
    What to do with a file that is no config, where it is a log or another table.

    Parameters
    ----------
    raw
        Content of the file; its beginning is enough.
    file
        Its name, for the commands in the message.

    Returns
    -------
    One line: what this is, and which command takes it. None for what may be a config, or is nothing that is known.
    """
    name = shell_word(shown_path(file))
    imported = f"`lactflow import {name} --init NAME` reads it and writes a config that runs"
    other = other_format(raw)
    if other is not None:
        what, importable = other
        return f"this is {what}, not a config{f': {imported}' if importable else ''}"
    text = _text(raw)
    if text is None:
        return None
    tracker = _tracker(text)
    if tracker is not None:
        return f"this is {tracker}, not a config: {imported}"
    columns = _columns(text)
    if columns is not None and set(columns) >= _OWN_COLUMNS:
        return (
            f"this is a feeding log, not a config: `lactflow import {name} --init NAME` writes a config that names it, "
            f"`lactflow init NAME` one to name it in (kind: log), and `lactflow fit {name}` finds what it shows about "
            "a mother"
        )
    if columns is not None:
        return f"this is a table of {len(columns)} columns, not a config; where a tracker exported it, {imported}"
    return None


def other_format(raw: bytes) -> tuple[str, bool] | None:
    """
    What a file is that is no text, and whether a tracker may have written it; None for what may be text.

    Parameters
    ----------
    raw
        Content of the file; its beginning is enough.
    """
    if raw.startswith(_ZIP):
        workbook = any(part in raw for part in _WORKBOOK_PARTS)
        return ("an Excel workbook", True) if workbook else ("a ZIP archive", False)
    if raw.startswith(_OLD_WORKBOOK):
        return "an old Excel workbook (save it as CSV)", False
    if raw.startswith(_PARQUET):
        return "a Parquet file, such as one table of a run (pandas.read_parquet reads it)", False
    if raw.startswith(_DATABASE):
        return "an SQLite database", True
    return None


def _text(raw: bytes) -> str | None:
    """The beginning of a file as text; None where it is none."""
    head = raw[:_LOOKED_AT_BYTES]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    if b"\x00" in head:
        return None
    try:
        # Incremental: the last letter may be cut.
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _tracker(text: str) -> str | None:
    """What a tracker has written that is no table."""
    if _PIYOLOG.match(text):
        return "a log of PiyoLog"
    if text.lstrip()[:1] in _BRACKETS and not _FORMAT.search(text):
        return "JSON of a tracker" if _EVENTS.search(text) and _OF_A_CHILD.search(text) else None
    return None


def _columns(text: str) -> list[str] | None:
    """Names of the columns of a table, in small letters; None where the text is no table."""
    lines = [line for line in text.splitlines() if line.strip()][:_LOOKED_AT_LINES]
    if lines and lines[0].casefold().startswith("sep="):
        lines = lines[1:]
    if not lines or _YAML_KEY.match(lines[0]) or lines[0].lstrip()[:1] in _BRACKETS:
        return None
    for separator in _SEPARATORS:
        header = [cell.strip().casefold() for cell in next(csv.reader(lines[:1], delimiter=separator))]
        if set(header) >= _OWN_COLUMNS:
            return header
        rows = lines[1:]
        if len(header) >= _FEWEST_COLUMNS and all(row.count(separator) >= _FEWEST_COLUMNS - 1 for row in rows):
            return header
    return None
