"""Rows of a feeding log: a CSV file read cell by cell, or refused with every problem it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lactflow.config.logs import cells
from lactflow.config.logs.notes import Notes
from lactflow.config.logs.table import MOST_PROBLEMS, known_columns, plain_word, read_table, refusal
from lactflow.config.text import choices, nearest, quoted
from lactflow.dyad.schedule import BottleContent
from lactflow.errors import ConfigError, Problem
from lactflow.kinetics import plain_sum
from lactflow.records import BREASTS

LARGEST_BOTTLE_ML = 1000.0
"""No infant drinks more at once; the same bound as on its appetite."""
LARGEST_SESSION_ML = 2000.0
"""
Most milk of one session that is read. The largest milk production of a whole day in Kent 2006 is 1356 mL, so this is a
slip of the pen in anybody.
"""
LONGEST_TIMER_MIN = 10_000.0
"""A timer forgotten for a week; longer ones are slips of the pen."""
LIGHTEST_KG, HEAVIEST_KG = 0.2, 40.0
"""Body weights that are read as an infant's."""
MOST_CHILDREN = 4
_MOST_DIGITS = 9

REQUIRED = ("start", "kind")
AMOUNTS = ("left_min", "right_min", "volume_ml", "left_ml", "right_ml", "end")
"""A log has at least one of these."""
OPTIONAL = (*AMOUNTS, "first", "child", "value")
KINDS = {"breast": "feed", "pump": "pump", "hand": "hand", "bottle_own_milk": "bottle", "bottle_formula": "bottle"}
"""Kinds of rows, and the kinds of sessions they become."""
BOTTLES: Mapping[str, BottleContent] = {"bottle_own_milk": "own_milk", "bottle_formula": "formula"}
WEIGHT = "weight"

_UNITS = {"left_min": "min", "right_min": "min", "volume_ml": "mL", "left_ml": "mL", "right_ml": "mL", "value": "kg"}


@dataclass(slots=True, eq=False)
class Row:
    """
    One readable row, or several that were joined.

    Attributes
    ----------
    lines
        Where it begins in the file.
    start
        Time on the clock of the log, which runs evenly: see `clock`.
    kind
        As in `KINDS`, or `weight`.
    minutes
        At each breast that was used, above 0.
    volume_ml, sides_ml
        Milk of the session, and of each breast.
    first
        Breast that came first, None where it is not given.
    child
        Number of the child, from 1; None where it is not given.
    blank
        Whether the cells of the minutes are empty, rather than 0.
    offset
        Of the clock from UTC, where the row has one.
    end
        When it ended, where the row says so.
    open_sides
        Breasts of a session without a length; empty for others.
    turns
        Breasts of joined rows in their order, with minutes; empty where `minutes` and `first` say it all.
    at_once
        Whether a joined session was at both breasts at once.
    beside
        Whether it continues beside the session before, at the other breast.
    value_kg
        Of a weight.
    logged_min
        Minutes at the breast that the file says, before anything is cut; 0 once another row has them.
    session
        Kind of the session it becomes, or `weight`.
    """

    lines: tuple[int, ...]
    start: datetime
    kind: str
    minutes: dict[str, float] = field(default_factory=dict)
    volume_ml: float | None = None
    sides_ml: dict[str, float] = field(default_factory=dict)
    first: str | None = None
    child: int | None = None
    blank: bool = False
    offset: timedelta | None = None
    end: datetime | None = None
    open_sides: tuple[str, ...] = ()
    turns: tuple[tuple[str, float], ...] = ()
    at_once: bool = True
    beside: bool = False
    value_kg: float | None = None
    logged_min: float = 0.0
    session: str = field(init=False)

    def __post_init__(self) -> None:
        self.session = KINDS.get(self.kind, WEIGHT)

    @property
    def line(self) -> int:
        """Where it stands; the first one of joined rows."""
        return self.lines[0]

    @property
    def breasts(self) -> tuple[str, ...]:
        """Those that were used, left first."""
        if self.open_sides:
            return self.open_sides
        return BREASTS if len(self.minutes) == len(BREASTS) else tuple(self.minutes)

    @property
    def in_turn(self) -> bool:
        """Whether one breast came after the other: a pump is at both at once."""
        several = len(self.minutes) > 1 or len(self.open_sides) > 1
        return several and (self.session in ("feed", "hand") or not self.at_once)

    @property
    def length_min(self) -> float:
        """Time it took; 0 where it is not given."""
        if self.turns:
            return plain_sum(minutes for _, minutes in self.turns)
        both = self.minutes.values()
        if len(both) > 1 and self.in_turn:
            return plain_sum(both)
        return max(both) if both else 0.0

    @property
    def over(self) -> datetime:
        """When it was over."""
        return self.start + timedelta(minutes=self.length_min)


def read_rows(text: str, file: str, notes: Notes) -> list[Row]:
    """
    Every row of a log, in the order of the file, times as they were written.

    Parameters
    ----------
    text
        Content of the CSV file.
    file
        Name for messages.
    notes
        Takes what was assumed.

    Raises
    ------
    ConfigError
        With everything that cannot be read.
    """
    table = read_table(text, file)
    if table.header is None:
        raise ConfigError(Problem(f"the file is empty (needed: a header with {', '.join(REQUIRED)})", file, 1, 1))
    line, names = table.header
    columns = _columns(names, file, line, notes)
    reader = _RowReader(columns, file, notes, decimal_comma=table.decimal_comma)
    rows = []
    for line, values in table.rows:
        if len(values) != len(names):
            reader.problems.append(
                Problem(f"{len(values)} cells (allowed: {len(names)}, as in the header)", file, line, 1)
            )
            continue
        row = reader.row(line, values)
        if row is not None:
            rows.append(row)
    if reader.problems:
        raise refusal(reader.problems, file)
    return rows


def _columns(names: list[str], file: str, line: int, notes: Notes) -> dict[str, int]:
    """Number of the cell of each known column; unknown ones are ignored, those that look like slips are refused."""
    found = known_columns(names, (*REQUIRED, *OPTIONAL), file, line)
    problems, columns = found.problems, found.numbers
    missing = [name for name in REQUIRED if name not in columns]
    problems += [
        Problem(f"column {name} is missing (needed: {', '.join(REQUIRED)})", file, line, 1) for name in missing
    ]
    if not problems and not any(name in columns for name in AMOUNTS):
        problems.append(Problem(f"no column says how long or how much (allowed: {', '.join(AMOUNTS)})", file, line, 1))
    if missing and len(found.ignored) > len(columns):
        problems.append(Problem("is this an export of an app? `lactflow import` makes a log of it", file, line, 1))
    if problems:
        raise ConfigError(*problems[:MOST_PROBLEMS])
    if found.ignored:
        ignored = choices([quoted(each) for each in found.ignored], 8)
        notes.once(f"columns that lactflow does not know are ignored: {ignored}")
    return columns


class _RowReader:
    """
    Reads row after row and collects what is wrong with them.

    The cells of a long log repeat, so plain ones are read once: `_read` has what each text of a column says.
    """

    def __init__(self, columns: dict[str, int], file: str, notes: Notes, *, decimal_comma: bool) -> None:
        self._columns = columns
        self._file = file
        self._notes = notes
        self._decimal_comma = decimal_comma
        self._line = 0
        self._values: list[str] = []
        self._read: dict[str, dict[str, float]] = {column: {} for column in _UNITS}
        self._kinds: dict[str, str] = {}
        self.problems: list[Problem] = []

    def row(self, line: int, values: list[str]) -> Row | None:
        """The row, None when something is wrong with it."""
        self._line, self._values = line, values
        before = len(self.problems)
        start, kind = self._when("start"), self._kind()
        most_ml = LARGEST_BOTTLE_ML if kind in BOTTLES else LARGEST_SESSION_ML
        left_min = self._amount("left_min", cells.minutes, LONGEST_TIMER_MIN)
        right_min = self._amount("right_min", cells.minutes, LONGEST_TIMER_MIN)
        volume_ml = self._amount("volume_ml", cells.volume_ml, most_ml)
        left_ml = self._amount("left_ml", cells.volume_ml, LARGEST_SESSION_ML)
        right_ml = self._amount("right_ml", cells.volume_ml, LARGEST_SESSION_ML)
        row = Row((line,), datetime.min, kind or "breast", volume_ml=volume_ml)  # noqa: DTZ901 - replaced below
        row.blank = left_min is None and right_min is None
        for side, value_min, value_ml in (("left", left_min, left_ml), ("right", right_min, right_ml)):
            if value_min:
                row.minutes[side] = value_min
            if value_ml is not None:
                row.sides_ml[side] = value_ml
        row.first, row.child = self._first(), self._child()
        end = self._end(start) if self._cell("end") else None
        if kind in BOTTLES:
            self._check_bottle(row)
        elif kind == WEIGHT:
            self._weigh(row)
        if len(self.problems) > before or start is None or kind is None:
            return None
        row.start, row.offset = start.clock, start.offset
        if end is not None:
            row.end = end.clock if start.offset is None or end.offset is None else end.clock - end.offset + start.offset
        return row

    def _check_bottle(self, row: Row) -> None:
        if row.minutes:
            self._wrong("left_min", "a bottle has no minutes at the breast (allowed: none; give the feed a row)")
        elif row.sides_ml:
            self._wrong(f"{next(iter(row.sides_ml))}_ml", "a bottle has no breasts (allowed: volume_ml)")

    def _weigh(self, row: Row) -> None:
        row.value_kg = self._amount("value", cells.weight_kg, HEAVIEST_KG, LIGHTEST_KG)
        if row.value_kg is None and not self._cell("value"):
            self._wrong("value", f"a weight has none (needed: {LIGHTEST_KG:g} to {HEAVIEST_KG:g} kg)")

    def _wrong(self, column: str, message: str) -> None:
        cell = self._columns.get(column, -1) + 1
        self.problems.append(Problem(message, self._file, self._line, cell or 1, column))

    def _cell(self, column: str) -> str:
        number = self._columns.get(column)
        return "" if number is None else self._values[number]

    def _when(self, column: str) -> cells.When | None:
        text = self._cell(column)
        try:
            time = cells.when(text)
        except ValueError as error:
            self._wrong(column, f"{quoted(text)} {error}")
            return None
        if time.twelve_hours:
            self._notes.once("times with AM and PM are read by the 12-hour clock")
        return time

    def _end(self, start: cells.When | None) -> cells.When | None:
        """A time, or a time of the day after the start."""
        text = self._cell("end")
        if start is None or not cells.is_clock(text):
            return self._when("end")
        try:
            time = cells.when(f"{start.clock.date()} {text}")
        except ValueError as error:
            self._wrong("end", f"{quoted(text)} {error}")
            return None
        return time._replace(clock=time.clock + timedelta(days=time.clock < start.clock), offset=start.offset)

    def _kind(self) -> str | None:
        text = self._cell("kind")
        if text in self._kinds:
            return self._kinds[text]
        kind = plain_word(text)
        known = [*KINDS, WEIGHT]
        if kind in known:
            self._kinds[text] = kind
            return kind
        match = nearest(text, known)
        hint = f"; nearest: {match}" if match else ""
        self._wrong("kind", f"{quoted(text)} is unknown (allowed: {choices(known)}{hint})")
        return None

    def _first(self) -> str | None:
        text = self._cell("first").casefold()
        if not text:
            return None
        side = next((breast for breast in BREASTS if text in (breast, breast[0])), text)
        if side and side not in BREASTS:
            self._wrong("first", f"{quoted(side)} is no breast (allowed: left, right, or empty)")
        return side if side in BREASTS else None

    def _child(self) -> int | None:
        text = self._cell("child")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and 1 <= int(text) <= MOST_CHILDREN):
            self._wrong("child", f"{quoted(text)} is no number of a child (allowed: 1 to {MOST_CHILDREN}, or empty)")
            return None
        return int(text)

    def _amount(self, column: str, read: Callable[..., cells.Amount], most: float, least: float = 0.0) -> float | None:
        """A cell as a number, None when it is empty or absent."""
        text = self._cell(column)
        if not text:
            return None
        known = self._read[column].get(text)
        if known is not None and least <= known <= most:
            return known
        try:
            amount = read(text, decimal_comma=self._decimal_comma)
        except ValueError as error:
            self._wrong(column, f"{quoted(text)} {error}")
            return None
        if not least <= amount.value <= most:
            unit = _UNITS[column]
            self._wrong(column, f"{amount.value:g} {unit} is outside {least:g} to {most:g} {unit}")
            return None
        if amount.form is not None:
            self._notes.add(amount.form, self._line)
        else:
            self._read[column][text] = amount.value
        return amount.value


def session_rows(rows: Sequence[Row]) -> list[Row]:
    """Rows without the weights."""
    return [row for row in rows if row.kind != WEIGHT]
