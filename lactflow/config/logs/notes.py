"""What was repaired or assumed while a log was read: one line of text for each kind, with the lines of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

_MOST_LINES = 8
"""Line numbers in a warning."""


class _Place(NamedTuple):
    """A line of the file, and when its row took place; None where that is not known."""

    line: int
    time: datetime | None


@dataclass
class Notes:
    """Places of what was repaired or assumed, by what was done."""

    places: dict[str, list[_Place]] = field(default_factory=dict)

    def add(self, what: str, line: int, time: datetime | None = None) -> None:
        """One more row."""
        self.places.setdefault(what, []).append(_Place(line, time))

    def once(self, what: str) -> None:
        """Something about the whole file."""
        self.places.setdefault(what, [])

    def lines(self, file: str, within: tuple[datetime, datetime] | None = None) -> Iterator[str]:
        """
        One line of text for each kind of repair.

        Parameters
        ----------
        file
            Name of the log.
        within
            Only rows between two times are counted: the others are not simulated. None counts all.
        """
        for what, places in self.places.items():
            counted = [
                place for place in places if within is None or place.time is None or within[0] <= place.time < within[1]
            ]
            if counted:
                yield f"{file}: {what}: {rows_in_words([place.line for place in counted])}"
            elif not places:
                yield f"{file}: {what}"


def rows_in_words(lines: Iterable[int]) -> str:
    """`3 rows (lines 4, 7, 9)`."""
    lines = list(lines)
    shown = ", ".join(map(str, lines[:_MOST_LINES])) + (", ..." if len(lines) > _MOST_LINES else "")
    return f"{len(lines):,} row{'s' if len(lines) > 1 else ''} (line{'s' if len(lines) > 1 else ''} {shown})"
