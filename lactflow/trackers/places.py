"""From the names in a format to the places in a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from string import Formatter

from lactflow.trackers.schema import Extract, Format, RowCondition, Sides
from lactflow.trackers.sheet import LONGEST_CELL, CellTable, key_of
from lactflow.trackers.stamps import tidy

Getter = Callable[[Sequence[str]], str]
NOWHERE = -1
"""Place of a column that a file does not have: the row's last cell, which is always empty."""
_MOST_REMEMBERED = 5_000
_MEASURED = re.compile(r"\d\s*(?:h|hours?|min|minutes?|m|ml|oz|kg|g|lbs?|時間|分)(?![a-z])", re.IGNORECASE)
_MIDNIGHT = " 00:00:00"
"""What a spreadsheet adds to a date: beside a column with the time, the date alone is meant."""


def names_in(text: str) -> list[str]:
    """Columns of a name, or of several names in braces: `{date} {time}`."""
    if "{" not in text:
        return [text]
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name]
    except ValueError:
        return [text]


class Places:
    """Where the columns of a format stand in the rows of a file."""

    def __init__(self, found: Format, table: CellTable) -> None:
        self._at: dict[str, int] = {}
        for place, name in enumerate(table.header):
            if name:
                self._at.setdefault(key_of(name), place)
        self.width = len(table.header)
        self._extra = 0
        self._extract = [self._extraction(part) for part in found.extract]
        self._seen: list[dict[str, re.Match[str] | None]] = [{} for _ in self._extract]

    def _extraction(self, part: Extract) -> tuple[int, re.Pattern[str], list[tuple[str, int]]]:
        pattern = re.compile(part.matches, re.IGNORECASE)
        groups = []
        for group in pattern.groupindex:
            if key_of(group) not in self._at:
                self._at[key_of(group)] = self.width + self._extra
                self._extra += 1
            groups.append((group, self._at[key_of(group)]))
        return self.of(part.column), pattern, groups

    def of(self, name: str) -> int:
        """Place of a column, `NOWHERE` when the file has none of that name."""
        return self._at.get(key_of(name), NOWHERE)

    def extracts(self, names: Sequence[str]) -> bool:
        """Whether one of these columns is extracted from another."""
        return any(self.of(name) >= self.width for text in names for name in names_in(text))

    def row(self, cells: Sequence[str]) -> list[str]:
        """A row of full width with what is extracted from it, and an empty cell at its end."""
        row = self.padded(cells)
        for (place, pattern, groups), seen in zip(self._extract, self._seen, strict=True):
            text = row[place]
            if not text:
                continue
            if text in seen:
                match = seen[text]
            else:
                match = pattern.search(tidy(text[:LONGEST_CELL]))
                if len(seen) < _MOST_REMEMBERED:
                    seen[text] = match
            if match is not None:
                for group, out in groups:
                    if not row[out] and match[group]:
                        row[out] = match[group]
        return row

    def unread(self, row: Sequence[str], used: Container[str]) -> bool:
        """Whether a cell holds a number with its unit that stands in none of the `used` parts that are extracted."""
        rest: dict[int, list[str]] = {}
        for place, pattern, groups in self._extract:
            text = tidy(row[place][:LONGEST_CELL])
            letters = rest.setdefault(place, list(text))
            match = pattern.search(text)
            for group, _ in groups if match is not None else ():
                if key_of(group) in used and match is not None and match[group]:
                    start, end = match.span(group)
                    letters[start:end] = " " * (end - start)
        return any(_MEASURED.search("".join(letters)) for letters in rest.values())

    def padded(self, cells: Sequence[str]) -> list[str]:
        """A row of full width, before anything is extracted."""
        width = self.width
        return [*cells[:width], *[""] * (max(width - len(cells), 0) + self._extra + 1)]

    def text(self, name: str) -> Getter:
        """Reads a column, or several put together."""
        if "{" not in name:
            place = self.of(name)
            return lambda row: tidy(row[place])
        parts = [(literal, self.of(column) if column else None) for literal, column, _, _ in Formatter().parse(name)]

        def together(row: Sequence[str]) -> str:
            cells = [tidy(row[place]).removesuffix(_MIDNIGHT) if place is not None else "" for _, place in parts]
            if not all(cell for cell, (_, place) in zip(cells, parts, strict=True) if place is not None):
                return ""
            return "".join(literal + cell for (literal, _), cell in zip(parts, cells, strict=True))

        return together

    def first_of(self, names: Sequence[str]) -> Getter:
        """Reads the first of several columns in which something stands."""
        getters = [self.text(name) for name in names]
        if len(getters) == 1:
            return getters[0]
        return lambda row: next((text for getter in getters if (text := getter(row))), "")

    def side(self, sides: Sides | None) -> Callable[[Sequence[str]], str]:
        """Reads a column that names a breast: `left`, `right`, `both`, or nothing."""
        if sides is None:
            return lambda _: ""
        place = self.of(sides.column)
        words = {word.casefold(): side for side in ("left", "right", "both") for word in getattr(sides, side)}
        return lambda row: words.get(tidy(row[place]).casefold(), "")


class Chooser:
    """Which rule a row falls under."""

    def __init__(self, found: Format, places: Places) -> None:
        self._rules = [[_condition(part, places) for part in rule.when] for rule in found.rows]
        self._skips = [
            (places.of(skip.column), {word.casefold(): word for word in skip.words}, skip.begins) for skip in found.skip
        ]
        parts = [part.column for rule in found.rows for part in rule.when] + [skip.column for skip in found.skip]
        self._read = sorted({places.of(column) for column in parts})
        self._known: dict[tuple[str, ...], int | str | None] = {}

    def choose(self, row: Sequence[str]) -> int | str | None:
        """Number of its rule, the word it is skipped by, or None where nothing fits."""
        key = tuple(row[place] for place in self._read)
        if key in self._known:
            return self._known[key]
        choice = self._choose(row)
        if len(self._known) < _MOST_REMEMBERED:
            self._known[key] = choice
        return choice

    def _choose(self, row: Sequence[str]) -> int | str | None:
        for number, conditions in enumerate(self._rules):
            if all(holds(row) for holds in conditions):
                return number
        for place, words, begins in self._skips:
            text = tidy(row[place]).casefold()
            if text in words:
                return words[text]
            if begins and (word := next((word for word in words if text.startswith(word)), None)) is not None:
                return words[word]
        return None


def _condition(part: RowCondition, places: Places) -> Callable[[Sequence[str]], bool]:
    place = places.of(part.column)
    words = frozenset(word.casefold() for word in part.words)
    pattern = re.compile(part.matches, re.IGNORECASE) if part.matches is not None else None

    def holds(row: Sequence[str]) -> bool:
        text = tidy(row[place][:LONGEST_CELL])
        if words and text.casefold() not in words:
            return False
        if pattern is not None and not pattern.search(text):
            return False
        return part.filled is None or bool(text) == part.filled

    return holds
