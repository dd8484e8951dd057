"""Which format a file has, by its header; and what a file is that has none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lactflow.config.text import choices
from lactflow.errors import ConfigError, Problem
from lactflow.trackers.containers import Opened, json_table, sqlite_table, workbook_tables
from lactflow.trackers.lines import LineReader
from lactflow.trackers.schema import Format, columns_of
from lactflow.trackers.sheet import CellTable, delimited, key_of

_COWS = frozenset(
    word
    for line in (
        "days in milk, dim, animal number, animal id, animal, cow, cow id, cow number, lactation number, lactation",
        "parity, yield, milk yield, total yield, yield lf, yield lr, yield rf, yield rr, milk duration, group number",
        "device name, robot, expected yield, conductivity, dumped milk, teat, quarter, left front, right front",
        "left rear, right rear",
    )
    for word in line.split(", ")
)
"""Columns of milking robots and herd books."""
_COW_COLUMNS = 3
_TABLE_OF_COWS = "this is a table of milkings of cows; lactflow simulates women"


@dataclass(frozen=True)
class Recognised:
    """A file, its format, and its rows."""

    opened: Opened
    format: Format
    table: CellTable


def recognise(opened: Opened, formats: Sequence[Format], *, chosen: bool) -> Recognised:
    """
    The format of a file.

    Parameters
    ----------
    opened
        The file.
    formats
        Formats it may have.
    chosen
        Whether the user named the only one: then what is missing of it is the error.

    Raises
    ------
    ConfigError
        If it has none of them; with what it is, or the nearest one and the columns that are missing.
    """
    if opened.kind == "sqlite":
        return _database(opened, formats)
    if opened.kind == "text" and (found := _text(opened, formats)) is not None:
        return found
    if opened.kind == "json":
        tables = [json_table(opened)]
    elif opened.kind == "workbook":
        tables = workbook_tables(opened)
    else:
        tables = []
    wanted = "json" if opened.kind == "json" else "table"
    able = [
        found for found in formats if found.container == wanted or (wanted == "json" and found.container == "table")
    ]
    if opened.kind == "text":
        candidates = delimited(opened.text, opened.file)
        headers = [candidate.header for candidate in candidates]
        number, format_ = _best(headers, able)
        if format_ is not None:
            return Recognised(opened, format_, candidates[number].table())
    else:
        headers = [table.header for table in tables]
        number, format_ = _best(headers, able)
        if format_ is not None:
            return Recognised(opened, format_, tables[number])
    raise ConfigError(Problem(_unknown(headers, able or formats, chosen=chosen), opened.file))


def _database(opened: Opened, formats: Sequence[Format]) -> Recognised:
    for found in formats:
        if found.container == "sqlite":
            wanted = [key_of(name) for name in columns_of(found)] + _clock_columns(found)
            table = sqlite_table(opened, found.tables, wanted)
            if table is not None and _fits(_keys(table.header), found):
                return Recognised(opened, found, table)
    known = ", ".join(found.title or found.name for found in formats if found.container == "sqlite")
    raise ConfigError(Problem(f"a database of another kind (known: {known or 'none'})", opened.file))


def _text(opened: Opened, formats: Sequence[Format]) -> Recognised | None:
    begin = opened.text.lstrip()
    for found in formats:
        if found.container == "text" and found.lines is not None:
            begins = found.recognise.begins
            if any(begin.casefold().startswith(word.casefold()) for word in begins) or not begins:
                return Recognised(opened, found, LineReader(found.lines, opened.text, opened.file).table())
    return None


def _best(headers: Iterable[Sequence[str]], formats: Sequence[Format]) -> tuple[int, Format | None]:
    """Number of the header and the format that fit best: the format that needs most columns."""
    best: tuple[int, Format | None] = (-1, None)
    most = 0
    for number, header in enumerate(headers):
        keys = _keys(header)
        for found in formats:
            needed = _columns_needed(keys, found)
            if needed > most:
                best, most = (number, found), needed
    return best


def _keys(header: Sequence[str]) -> set[str]:
    return {key_of(name) for name in header if name}


def _fits(keys: set[str], found: Format) -> bool:
    return _columns_needed(keys, found) > 0


def _columns_needed(keys: set[str], found: Format) -> int:
    """How many columns a format needs, 0 where it does not fit."""
    needed = {key_of(name) for name in needed_columns(found)}
    if not needed <= keys or any(key_of(name) in keys for name in found.recognise.without):
        return 0
    groups = [{key_of(name) for name in group} for group in found.recognise.one_of]
    fitting = [len(group) for group in groups if group <= keys]
    if groups and not fitting:
        return 0
    return len(needed) + max(fitting, default=0)


def needed_columns(found: Format) -> tuple[str, ...]:
    """Columns without which a file is not of a format; of a mapping that does not say, those of the start."""
    if found.recognise.columns or found.recognise.one_of:
        return found.recognise.columns
    groups = {key_of(group): part.column for part in found.extract for group in re.compile(part.matches).groupindex}
    return tuple(dict.fromkeys(key_of(groups.get(name, name)) for name in _clock_columns(found)[:2]))


def _clock_columns(found: Format) -> list[str]:
    """Columns that the clock reads, the children's and the date of birth."""
    from lactflow.trackers.places import names_in

    clock = found.clock
    texts = [*clock.start, *clock.end, *(name for name in (clock.epoch, clock.zone) if name)]
    names = [name for text in texts for name in names_in(text)]
    names += [*found.child, *([found.birth] if found.birth else [])]
    return [key_of(name) for name in names]


def _unknown(headers: Sequence[Sequence[str]], formats: Sequence[Format], *, chosen: bool) -> str:
    """Why a file is refused: what it is, or what it lacks."""
    every = [_keys(header) for header in headers] or [set()]
    if any(len(keys & _COWS) >= _COW_COLUMNS for keys in every):
        return _TABLE_OF_COWS
    lacking = []
    for found in formats:
        groups = found.recognise.one_of or ((),)
        for group in groups:
            needed = [*needed_columns(found), *group]
            for keys in every:
                missing = [name for name in needed if key_of(name) not in keys]
                lacking.append((len(missing) / max(len(needed), 1), found.name, found.title or found.name, missing))
    lacking.sort(key=lambda one: one[:2])
    how = "say what its columns are with --map MAPPING.yaml, or see `lactflow import --list`"
    if not lacking:
        return f"no known log ({how})"
    share, name, title, missing = lacking[0]
    if chosen:
        return (
            f"is not of the format {name}: missing {choices(missing, 8)}" if missing else f"is not of the format {name}"
        )
    if share > 0.5:
        return f"no known header ({how})"
    return f"no known header; nearest: {title}, of which it lacks {choices(missing, 8)} ({how})"
