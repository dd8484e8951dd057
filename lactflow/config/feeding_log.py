"""
A mother's feeding log, from CSV to planned sessions.

Rows that cannot be read are errors, all told at once. What can be read but not have happened that way (a timer
forgotten for hours, sessions that overlap) is repaired, and each kind of repair is told in one warning. What the log
does not know is assumed and told as well: the order of the two breasts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite

from lactflow.config.text import choices, found, nearest, quoted
from lactflow.config.yaml_source import decode
from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import ConfigError, Problem

LONGEST_MIN = 60.0
"""Longest time at one breast that is believed: infants take 5 to 37 min (Kent 2006), with room for a nap."""
SHORTEST_MIN = 0.5
"""Shorter than this a latch did not take: no let-down comes sooner."""
LARGEST_BOTTLE_ML = 1000.0
"""No infant drinks more at once; the same bound as on its appetite."""
LARGEST_BYTES = 20_000_000
MOST_ROWS = 200_000
MOST_PROBLEMS = 20
"""Unreadable rows told one by one."""
_MOST_LINES = 8
"""Line numbers in a warning."""

REQUIRED = ("start", "kind", "left_min", "right_min", "volume_ml")
OPTIONAL = ("left_ml", "right_ml")
KINDS = {"breast": "feed", "pump": "pump", "hand": "hand", "bottle_own_milk": "bottle", "bottle_formula": "bottle"}
"""Kinds of rows, and the kinds of sessions they become."""

_START = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class FeedingLog:
    """
    A log that has been read.

    Attributes
    ----------
    sessions
        In order of time; `planned_min` counts from 00:00 of `first_date`.
    warnings
        What was repaired or assumed, one line each.
    first_date
        Date of the first row.
    """

    sessions: tuple[PlannedSession, ...]
    warnings: tuple[str, ...]
    first_date: date


@dataclass
class _Row:
    """One readable row; `line` is where it begins."""

    line: int
    start: datetime
    kind: str
    left_min: float
    right_min: float
    volume_ml: float | None
    left_first: bool = True

    @property
    def length_min(self) -> float:
        """A pump takes both breasts at once, an infant one after the other."""
        if KINDS[self.kind] == "feed":
            return self.left_min + self.right_min
        return max(self.left_min, self.right_min)


@dataclass
class _Repairs:
    """Line numbers of what was repaired, by what was done."""

    lines: dict[str, list[int]] = field(default_factory=dict)

    def note(self, what: str, line: int) -> None:
        """One more row."""
        self.lines.setdefault(what, []).append(line)

    def drop(self, rows: list[_Row], what: str, bad: Callable[[_Row], bool]) -> list[_Row]:
        """Rows that are not bad; the bad ones are noted."""
        for row in rows:
            if bad(row):
                self.note(what, row.line)
        return [row for row in rows if not bad(row)]

    def warnings(self, file: str) -> tuple[str, ...]:
        """One line for each kind of repair."""
        return tuple(f"{file}: {what}: {_counted(lines)}" for what, lines in self.lines.items())


def read_feeding_log(raw: bytes, file: str) -> FeedingLog:
    """
    Read a feeding log.

    Parameters
    ----------
    raw
        Content of the CSV file, UTF-8 with or without a byte order mark.
    file
        Name for messages.

    Raises
    ------
    ConfigError
        With every row that cannot be read, or if there is no session at all.
    """
    if len(raw) > LARGEST_BYTES:
        raise ConfigError(Problem(f"larger than {LARGEST_BYTES // 1_000_000} MB", file, 1, 1))
    rows = _read_rows(decode(raw, file), file)
    if not rows:
        raise ConfigError(Problem("the log has no rows", file, 1, 1))
    repairs = _Repairs()
    rows = _in_order(rows, repairs)
    first_date = rows[0].start.date()
    rows = _believable(rows, repairs)
    _choose_sides(rows, repairs)
    rows = _without_overlaps(rows, repairs)
    if not rows:
        raise ConfigError(Problem("no session is left after repairs: no row has minutes or a bottle", file, 1, 1))
    for row in rows:
        if KINDS[row.kind] == "bottle":
            repairs.note("bottles feed the infant and take no milk from the breast", row.line)
    midnight = datetime.combine(first_date, datetime.min.time())
    sessions = tuple(_session(row, midnight) for row in rows)
    return FeedingLog(sessions, repairs.warnings(file), first_date)


def _counted(lines: list[int]) -> str:
    """`3 rows (lines 4, 7, 9)`."""
    shown = ", ".join(map(str, lines[:_MOST_LINES])) + (", ..." if len(lines) > _MOST_LINES else "")
    return f"{len(lines):,} row{'s' if len(lines) > 1 else ''} (line{'s' if len(lines) > 1 else ''} {shown})"


def _read_rows(text: str, file: str) -> list[_Row]:
    """All rows, or all problems."""
    numbered = _cells(text, file)
    first = next(numbered, None)
    if first is None:
        raise ConfigError(Problem(f"the file is empty (needed: a header {', '.join(REQUIRED)})", file, 1, 1))
    columns = _header(first[1], file, first[0])
    rows, problems = [], []
    for line, cells in numbered:
        if len(cells) != len(columns):
            problems.append(Problem(f"{len(cells)} cells (allowed: {len(columns)}, as in the header)", file, line, 1))
            continue
        reader = _RowReader(dict(zip(columns, cells, strict=True)), columns, file, line)
        row = reader.row()
        problems += reader.problems
        if row is not None:
            rows.append(row)
    if problems:
        rest = len(problems) - MOST_PROBLEMS
        more = [Problem(f"... and {rest} more problems", file)] if rest > 0 else []
        raise ConfigError(*problems[:MOST_PROBLEMS], *more)
    return rows


def _cells(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    count, line = 0, 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                count += 1
                if count > MOST_ROWS + 1:
                    raise ConfigError(Problem(f"more than {MOST_ROWS:,} rows", file, line, 1))
                yield line, stripped
            line = reader.line_num + 1
    except csv.Error as error:
        raise ConfigError(Problem(f"not CSV: {error}", file, line, 1)) from None


def _header(cells: list[str], file: str, line: int) -> list[str]:
    """Names of the columns, in the order of the file."""
    problems = []
    known = (*REQUIRED, *OPTIONAL)
    for number, name in enumerate(cells, 1):
        if name not in known:
            match = nearest(name, known)
            hint = f"nearest: {match}" if match else f"allowed: {', '.join(known)}"
            problems.append(Problem(f"unknown column {quoted(name)} ({hint})", file, line, number))
        elif name in cells[: number - 1]:
            problems.append(Problem(f"column {name} stands here twice", file, line, number))
    problems += [
        Problem(f"column {name} is missing (needed: {', '.join(REQUIRED)})", file, line, 1)
        for name in REQUIRED
        if name not in cells
    ]
    if problems:
        raise ConfigError(*problems[:MOST_PROBLEMS])
    return cells


class _RowReader:
    """Reads one row and collects what is wrong with it."""

    def __init__(self, cells: dict[str, str], columns: list[str], file: str, line: int) -> None:
        self._cells = cells
        self._columns = columns
        self._file = file
        self._line = line
        self.problems: list[Problem] = []

    def row(self) -> _Row | None:
        """The row, None when something is wrong with it."""
        start, kind = self._start(), self._kind()
        left_min, right_min = self._number("left_min"), self._number("right_min")
        volume_ml = self._number("volume_ml")
        for name in OPTIONAL:
            self._number(name)
        if kind is not None and KINDS[kind] == "bottle":
            if left_min or right_min:
                self._wrong("left_min", "a bottle has no minutes at the breast (allowed: none; give the feed a row)")
            if volume_ml is not None and volume_ml > LARGEST_BOTTLE_ML:
                self._wrong("volume_ml", f"{volume_ml:g} mL is outside 0 to {LARGEST_BOTTLE_ML:g} mL")
        if self.problems or start is None or kind is None:
            return None
        return _Row(self._line, start, kind, left_min or 0.0, right_min or 0.0, volume_ml)

    def _wrong(self, column: str, message: str) -> None:
        cell = self._columns.index(column) + 1
        self.problems.append(Problem(message, self._file, self._line, cell, column))

    def _start(self) -> datetime | None:
        text = self._cells["start"]
        match = _START.fullmatch(text)
        try:
            if match is not None:
                return datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:  # no such day or hour
            pass
        self._wrong("start", f"{quoted(text)} is no time (allowed: YYYY-MM-DD HH:MM or HH:MM:SS)")
        return None

    def _kind(self) -> str | None:
        text = self._cells["kind"]
        if text in KINDS:
            return text
        match = nearest(text, list(KINDS))
        hint = f"; nearest: {match}" if match else ""
        self._wrong("kind", f"{quoted(text)} is unknown (allowed: {choices(list(KINDS))}{hint})")
        return None

    def _number(self, column: str) -> float | None:
        """A cell as a number, None when it is empty or absent."""
        text = self._cells.get(column, "")
        if not text:
            return None
        value = float(text) if _NUMBER.fullmatch(text) else float("nan")
        if not isfinite(value):
            self._wrong(column, f"{quoted(text)} is no number (allowed: 0 or more, or empty)")
            return None
        if value < 0.0:
            self._wrong(column, f"{found(value)} is negative (allowed: 0 or more, or empty)")
            return None
        return value


def _in_order(rows: list[_Row], repairs: _Repairs) -> list[_Row]:
    """By time, each row once."""
    latest = rows[0].start
    for row in rows:
        if row.start < latest:
            repairs.note("rows that stood before earlier ones are put in order", row.line)
        latest = max(latest, row.start)
    seen: set[tuple[object, ...]] = set()
    once = []
    for row in sorted(rows, key=lambda row: row.start):
        content = (row.start, row.kind, row.left_min, row.right_min, row.volume_ml)
        if content in seen:
            repairs.note("repeated rows are dropped", row.line)
        else:
            seen.add(content)
            once.append(row)
    return once


def _believable(rows: list[_Row], repairs: _Repairs) -> list[_Row]:
    """Sessions that can have happened; their minutes are cut to `LONGEST_MIN` a breast."""
    bottle = {kind for kind, session in KINDS.items() if session == "bottle"}
    rows = repairs.drop(
        rows, "bottles without a volume are dropped", lambda row: row.kind in bottle and not row.volume_ml
    )
    rows = repairs.drop(
        rows, "sessions without minutes at a breast are dropped",
        lambda row: row.kind not in bottle and row.length_min == 0.0,
    )  # fmt: skip
    rows = repairs.drop(
        rows, f"sessions shorter than {SHORTEST_MIN:g} min are dropped (the latch did not take)",
        lambda row: row.kind not in bottle and row.length_min < SHORTEST_MIN,
    )  # fmt: skip
    for row in rows:
        if max(row.left_min, row.right_min) > LONGEST_MIN:
            what = f"more than {LONGEST_MIN:g} min at one breast are cut to {LONGEST_MIN:g} (a forgotten timer)"
            repairs.note(what, row.line)
            row.left_min = min(row.left_min, LONGEST_MIN)
            row.right_min = min(row.right_min, LONGEST_MIN)
    return rows


def _choose_sides(rows: list[_Row], repairs: _Repairs) -> None:
    """Which breast comes first in feeds at both: the log does not say."""
    both = [row for row in rows if KINDS[row.kind] == "feed" and row.left_min > 0.0 and row.right_min > 0.0]
    for number, row in enumerate(both):
        row.left_first = number % 2 == 0
        repairs.note("feeds at both breasts: the order is not known, taken as left first, then alternating", row.line)


def _without_overlaps(rows: list[_Row], repairs: _Repairs) -> list[_Row]:
    """A session that is not over when the next begins ends there; bottles take no time and cut nothing."""
    last: _Row | None = None
    for row in rows:
        if KINDS[row.kind] == "bottle":
            continue
        if last is not None:
            gap_min = (row.start - last.start).total_seconds() / 60.0
            if gap_min < last.length_min:
                _end_after(last, gap_min)
                done = "end where it begins" if last.length_min >= SHORTEST_MIN else "and leave too little are dropped"
                repairs.note(f"sessions that overlap the next one {done}", last.line)
        last = row
    return [row for row in rows if KINDS[row.kind] == "bottle" or row.length_min >= SHORTEST_MIN]


def _end_after(row: _Row, limit_min: float) -> None:
    """Cut a session, the breast taken last first."""
    if KINDS[row.kind] != "feed":
        row.left_min, row.right_min = min(row.left_min, limit_min), min(row.right_min, limit_min)
    elif row.left_first:
        row.left_min = min(row.left_min, limit_min)
        row.right_min = min(row.right_min, limit_min - row.left_min)
    else:
        row.right_min = min(row.right_min, limit_min)
        row.left_min = min(row.left_min, limit_min - row.right_min)


def _session(row: _Row, midnight: datetime) -> PlannedSession:
    """What the schedule plays."""
    kind = KINDS[row.kind]
    planned_min = (row.start - midnight).total_seconds() / 60.0
    if kind == "bottle":
        return PlannedSession(planned_min, kind, (), row.volume_ml)
    sides = [("left", row.left_min), ("right", row.right_min)]
    if not row.left_first:
        sides.reverse()
    return PlannedSession(planned_min, kind, tuple((side, minutes) for side, minutes in sides if minutes > 0.0))
