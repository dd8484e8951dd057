"""Rows of a clinical record: cell by cell to facts on the clock of the file, and all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from lactflow.config.logs.notes import Notes
from lactflow.config.logs.table import plain_word
from lactflow.config.text import choices, nearest, quoted
from lactflow.diagnosis.kind import Kind
from lactflow.diagnosis.kinds import ALSO, BOTTLES, KINDS, REFUSED
from lactflow.diagnosis.table import RecordTable
from lactflow.diagnosis.values import Reading, read_value
from lactflow.errors import Problem
from lactflow.records import BREASTS
from lactflow.trackers import stamps
from lactflow.trackers.stamps import Stamp
from lactflow.trackers.zones import Moment, moment

_EXAMPLE = "such as 2031-05-03 08:10"
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_BOTH = "both"
_NOON = timedelta(hours=12)


@dataclass(slots=True)
class RowFact:
    """
    A fact before its clock is settled.

    Attributes
    ----------
    moment
        When it was, on the clock of the file.
    kind
        A word of `KINDS`.
    breast
        `left`, `right`, `both`; empty for a kind that is of no breast.
    reading
        None for a kind without a value, and where it is left out.
    note
        As it stands there.
    day
        Whether only its day is known.
    """

    moment: Moment
    kind: str
    breast: str
    reading: Reading | None
    note: str
    day: bool

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.moment.line


class RowReader:
    """
    Reads row after row, and collects what is wrong with them.

    Attributes
    ----------
    rows
        That were read.
    seen
        Kinds of them, also of those with something wrong.
    problems
        Of all of them.
    ambiguous
        Lines of dates whose day and month could be the other way round.
    unfilled
        Lines that have a kind and nothing else, as a template has them.
    """

    def __init__(self, table: RecordTable, notes: Notes, day_first: bool | None) -> None:
        self._table = table
        self._notes = notes
        self._day_first = day_first
        self._line = 0
        self._cells: Sequence[str] = ()
        self.rows = 0
        self.seen: set[str] = set()
        self.problems: list[Problem] = []
        self.ambiguous: list[int] = []
        self.unfilled: list[int] = []

    def row(self, line: int, cells: Sequence[str]) -> RowFact | None:
        """The fact of a row; None when something is wrong with it, or it is not filled in."""
        self._line, self._cells, self.rows = line, cells, self.rows + 1
        before = len(self.problems)
        width = self._table.width
        if any(cell.strip() for cell in cells[width:]):
            what = f"more cells than the header has, {width} (allowed: a cell with commas in quotation marks)"
            self.problems.append(Problem(what, self._table.file, line, width + 1))
        time, value, note = self._table.time_of(cells), self._cell("value"), self._cell("note")
        if not (time or value or note or self._cell("breast")) and self._cell("kind"):
            self.unfilled.append(line)
            return None
        name = self._kind(note)
        stamp = self._stamp(time)
        if name is None:
            return None
        self.seen.add(name)
        kind = KINDS[name]
        breast, reading = self._breast(name, kind), self._reading(name, kind, value)
        if stamp is not None and kind.timed and not stamp.has_time:
            self._wrong("time", f"{name} needs its time of day (needed: {_EXAMPLE})")
        if len(self.problems) > before or stamp is None:
            return None
        local = stamp.local if stamp.has_time else stamp.local + _NOON
        when, _ = moment(stamp._replace(local=local), "", None, self._table.file, line)
        return RowFact(when, name, breast, reading, note, day=not stamp.has_time)

    def _wrong(self, column: str, message: str) -> None:
        self.problems.append(self._table.problem(message, self._line, column))

    def _cell(self, column: str) -> str:
        return self._table.cell(self._cells, column)

    def _stamp(self, text: str) -> Stamp | None:
        if not text:
            self._wrong("time", f"the time is missing (needed: {_EXAMPLE})")
            return None
        try:
            stamp = stamps.read(text, day_first=self._day_first, serial=self._table.serial)
        except (ValueError, OverflowError):
            year = _YEAR.search(text)
            outside = year is not None and not stamps.EARLIEST <= int(year[0]) <= stamps.LATEST
            years = f", from {stamps.EARLIEST} to {stamps.LATEST}" if outside else ""
            self._wrong("time", f"{quoted(text)} is no time (allowed: {_EXAMPLE}{years})")
            return None
        if stamp.ambiguous and self._day_first is None:
            self.ambiguous.append(self._line)
        if stamp.by_dots:
            self._notes.add("the day is first in dates with dots", self._line)
        return stamp

    def _kind(self, note: str) -> str | None:
        text = self._cell("kind")
        if not text:
            self._wrong("kind", f"the kind is missing (allowed: {choices(list(KINDS))})")
            return None
        word = plain_word(text)
        word = ALSO.get(word, word)
        if word in KINDS:
            return word
        if word == "bottle":
            return self._bottle(note)
        if word in REFUSED:
            self._wrong("kind", f"{word} is not read: {REFUSED[word]}")
            return None
        match = nearest(word, list(KINDS))
        hint = f"; nearest: {match}" if match else ""
        self._wrong("kind", f"{quoted(text)} is unknown (allowed: {choices(list(KINDS))}{hint})")
        return None

    def _bottle(self, note: str) -> str | None:
        """What was in a bottle, by its note."""
        found = [name for name, words in BOTTLES.items() if any(word in note.casefold() for word in words)]
        if len(found) == 1:
            return found[0]
        what = (
            f"what was in the bottle is not known (allowed: {' or '.join(BOTTLES)}, or formula or own milk in the note)"
        )
        self._wrong("kind", what)
        return None

    def _breast(self, name: str, kind: Kind) -> str:
        written = self._cell("breast")
        text = written.casefold()
        if not kind.sided:
            if text:
                self._wrong("breast", f"{name} is of no breast (allowed: empty)")
            return ""
        word = next((side for side in (*BREASTS, _BOTH) if text in (side, side[0])), _BOTH if not text else "")
        if not word:
            self._wrong("breast", f"{quoted(written)} is no breast (allowed: left, right, both, or empty)")
        return word

    def _reading(self, name: str, kind: Kind, text: str) -> Reading | None:
        if not text:
            if kind.value == "needed":
                self._wrong("value", f"{name} without a value (needed: a number in {choices(list(kind.units))})")
            return None
        if kind.value == "none":
            self._wrong("value", f"{name} has no value, its time says it all (allowed: empty)")
            return None
        try:
            reading = read_value(kind, text, self._cell("unit"), comma_decimal=self._table.comma_decimal)
        except ValueError as error:
            self._wrong("value", _of(name, str(error)))
            return None
        self._remark(name, kind, reading)
        return reading

    def _remark(self, name: str, kind: Kind, reading: Reading) -> None:
        low, high = kind.plausible
        if not low <= reading.value <= high:
            what = f"{name} outside of what is plausible, {low:g} to {high:g}{f' {kind.unit}' if kind.unit else ''}"
            self._notes.add(what, self._line)
        if reading.comma == "decimal":
            self._notes.add("the comma is read as the decimal sign", self._line)
        elif reading.comma:
            self._notes.add("the comma is read as parting thousands", self._line)


def _of(name: str, message: str) -> str:
    """A message about a value, with its kind before it where the value is not."""
    if message.startswith(("'", '"')):
        return message
    return f"{name} {message}" if message.startswith("has") else f"{name}: {message}"
