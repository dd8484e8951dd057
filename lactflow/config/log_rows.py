"""Rows of a feeding log: a CSV file read cell by cell, or refused with every problem it has."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite

from lactflow.config.text import choices, found, nearest, quoted
from lactflow.dyad.schedule import BottleContent
from lactflow.errors import ConfigError, Problem
from lactflow.records import BREASTS

LARGEST_BOTTLE_ML = 1000.0
"""No infant drinks more at once; the same bound as on its appetite."""
MOST_ROWS = 200_000
MOST_PROBLEMS = 20
"""Unreadable rows told one by one."""

REQUIRED = ("start", "kind", "left_min", "right_min", "volume_ml")
OPTIONAL = ("left_ml", "right_ml")
KINDS = {"breast": "feed", "pump": "pump", "hand": "hand", "bottle_own_milk": "bottle", "bottle_formula": "bottle"}
"""Kinds of rows, and the kinds of sessions they become."""
BOTTLES: Mapping[str, BottleContent] = {"bottle_own_milk": "own_milk", "bottle_formula": "formula"}

_START = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)


@dataclass
class Row:
    """One readable row; `line` is where it begins."""

    line: int
    start: datetime
    kind: str
    left_min: float
    right_min: float
    volume_ml: float | None
    sides_ml: dict[str, float] = field(default_factory=dict)
    left_first: bool = True

    def minutes(self, side: str) -> float:
        """At one breast."""
        return self.left_min if side == "left" else self.right_min

    def set_minutes(self, side: str, minutes: float) -> None:
        """At one breast."""
        if side == "left":
            self.left_min = minutes
        else:
            self.right_min = minutes

    @property
    def open_ended(self) -> bool:
        """Whether somebody wrote down the milk and not the minutes."""
        return KINDS[self.kind] != "bottle" and self.left_min == self.right_min == 0.0 and bool(self.volume_ml)

    @property
    def breasts(self) -> list[str]:
        """Those that somebody was at, left first; both where nobody says which."""
        if self.open_ended:
            return [side for side in BREASTS if self.sides_ml.get(side)] or list(BREASTS)
        return [side for side in BREASTS if self.minutes(side) > 0.0]

    @property
    def in_turn(self) -> bool:
        """Whether one breast came after the other: a pump is at both at once."""
        return KINDS[self.kind] in ("feed", "hand") and len(self.breasts) > 1

    @property
    def length_min(self) -> float:
        """A pump takes both breasts at once, an infant or a hand one after the other."""
        if KINDS[self.kind] == "pump":
            return max(self.left_min, self.right_min)
        return self.left_min + self.right_min


def read_rows(text: str, file: str) -> list[Row]:
    """
    Every row of a log.

    Parameters
    ----------
    text
        Content of the CSV file.
    file
        Name for messages.

    Raises
    ------
    ConfigError
        With everything that cannot be read.
    """
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

    def row(self) -> Row | None:
        """The row, None when something is wrong with it."""
        start, kind = self._start(), self._kind()
        left_min, right_min = self._number("left_min"), self._number("right_min")
        volume_ml = self._number("volume_ml")
        sides_ml = {name[:-3]: value for name in OPTIONAL if (value := self._number(name)) is not None}
        if kind is not None and KINDS[kind] == "bottle":
            if left_min or right_min:
                self._wrong("left_min", "a bottle has no minutes at the breast (allowed: none; give the feed a row)")
            if volume_ml is not None and volume_ml > LARGEST_BOTTLE_ML:
                self._wrong("volume_ml", f"{volume_ml:g} mL is outside 0 to {LARGEST_BOTTLE_ML:g} mL")
        if self.problems or start is None or kind is None:
            return None
        if sides_ml and kind is not None and KINDS[kind] == "bottle":
            self._wrong(f"{next(iter(sides_ml))}_ml", "a bottle has no breasts (allowed: volume_ml)")
            return None
        return Row(self._line, start, kind, left_min or 0.0, right_min or 0.0, volume_ml, sides_ml)

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
