"""A text with one line an event, as a table: days, the child and its age stand in lines of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lactflow.config.logs.table import MOST_ROWS
from lactflow.errors import ConfigError, Problem
from lactflow.trackers.containers import text_lines
from lactflow.trackers.schema import LineFormat
from lactflow.trackers.sheet import LONGEST_CELL, CellTable, Row
from lactflow.trackers.stamps import EARLIEST, LATEST, month_of

NO_EVENT = "lines that are no event"


class LineReader:
    """Splits a text as the lines of a format say."""

    def __init__(self, lines: LineFormat, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._days = [re.compile(pattern, re.IGNORECASE) for pattern in lines.day]
        self._children = [re.compile(pattern, re.IGNORECASE) for pattern in lines.child]
        self._event = re.compile(lines.event, re.IGNORECASE)
        self._ignore = [re.compile(pattern, re.IGNORECASE) for pattern in lines.ignore]
        self._groups = list(self._event.groupindex)

    def table(self) -> CellTable:
        """Its events under a header: the groups of an event, and the date and child of its day."""
        births: list[date] = []
        left_out: dict[str, list[int]] = {}
        rows = list(self._rows(births, left_out))
        return CellTable(("date", "child", *self._groups), lambda: rows, births=births, left_out=left_out)

    def _rows(self, births: list[date], left_out: dict[str, list[int]]) -> Iterator[Row]:
        day: date | None = None
        child, count = "", 0
        for number, full in text_lines(self._text):
            line = full[:LONGEST_CELL]
            if (begun := self._day(line)) is not None:
                day = begun
            elif (match := self._event.match(line)) is not None:
                count += 1
                if count > MOST_ROWS:
                    raise ConfigError(Problem(f"more than {MOST_ROWS:,} rows", self._file, number, 1))
                groups = [match[group] or "" for group in self._groups]
                yield number, ("" if day is None else day.isoformat(), child, *groups)
            elif (named := self._child(line)) is not None:
                child = named["child"] if "child" in named.re.groupindex else ""
                if day is not None and (birth := _birth(day, named)) is not None:
                    births.append(birth)
            elif not any(pattern.match(line) for pattern in self._ignore):
                left_out.setdefault(NO_EVENT, []).append(number)

    def _day(self, line: str) -> date | None:
        for pattern in self._days:
            if match := pattern.match(line):
                try:
                    found = date(int(match["y"]), month_of(match["m"]), int(match["d"]))
                except ValueError:
                    return None
                return found if EARLIEST <= found.year <= LATEST else None
        return None

    def _child(self, line: str) -> re.Match[str] | None:
        return next((match for pattern in self._children if (match := pattern.match(line))), None)


def _birth(day: date, named: re.Match[str]) -> date | None:
    """Date of birth by an age in years, months and days on `day`; None where none is given."""
    parts = named.groupdict()
    if not any(parts.get(name) for name in ("years", "months", "days")):
        return None
    years, months, days = (int(parts.get(name) or 0) for name in ("years", "months", "days"))
    whole = day.year * 12 + day.month - 1 - years * 12 - months
    if years > 5 or months > 60 or days > 400 or whole // 12 < EARLIEST:
        return None
    # The day before the first of the next month, where the month has no such day.
    for shorter in range(4):
        try:
            return date(whole // 12, whole % 12 + 1, day.day - shorter) - timedelta(days=days)
        except ValueError:
            continue
    return None
