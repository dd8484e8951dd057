"""What became of every row: nothing is taken, left out or changed without being counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lactflow.trackers.drafts import Draft, DraftNotes


@dataclass
class Account:
    """
    Books of an import.

    Attributes
    ----------
    formats
        Names of the formats, in the order of the files.
    rows
        Rows that the files have.
    taken
        Rows that stand in the log; a row can become two rows of it.
    written
        Rows of the log.
    skipped
        Rows of other kinds, by kind.
    repaired
        File, line, and what was done; `dropped` rows are left out.
    assumed
        What was assumed, and the lines for which it was.
    warnings
        What the user should look at.
    remarks
        What formats have to say.
    minutes, ml
        Sums of the log.
    left_out_minutes, left_out_ml
        Sums of what rows of her kinds had and the log has not.
    unknown_minutes, unknown_ml
        What rows of unknown kinds hold at most.
    unit_decides
        Whether some file has numbers that `--unit` gives their unit.
    first, last
        Dates of the first and the last row, those far from all others left aside.
    """

    formats: list[str] = field(default_factory=list)
    rows: int = 0
    taken: int = 0
    written: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    repaired: list[Repair] = field(default_factory=list)
    assumed: dict[Assumption, list[int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    minutes: float = 0.0
    ml: float = 0.0
    left_out_minutes: float = 0.0
    left_out_ml: float = 0.0
    unknown_minutes: float = 0.0
    unknown_ml: float = 0.0
    unit_decides: bool = False
    birth: date | None = None
    birth_from: str = ""
    first: date | None = None
    last: date | None = None
    children: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def leave_out(self, drafts: Iterable[Draft], notes: Iterable[DraftNotes]) -> None:
        """Count what a row had, or what had been left out of it already."""
        for draft in drafts:
            self.left_out_minutes += draft.minutes
            self.left_out_ml += draft.ml
        for each in notes:
            self.left_out_minutes += each.left_out_minutes
            self.left_out_ml += each.left_out_ml

    @property
    def dropped(self) -> int:
        """Rows of her kinds that are not in the log."""
        return sum(repair.dropped for repair in self.repaired)

    def skip(self, kind: str, count: int = 1) -> None:
        """One more row of a kind that the log does not have."""
        self.skipped[kind] = self.skipped.get(kind, 0) + count

    def assume(self, what: str, *lines: int, file: str) -> None:
        """More rows of a file for which something was assumed; without lines, the whole file."""
        known = self.assumed.setdefault(Assumption(file, what), [])
        known += [line for line in lines if line not in known[-1:]]

    def as_object(self, output: str | None) -> dict[str, Any]:
        """The JSON object."""
        return {
            "format": ", ".join(dict.fromkeys(self.formats)),
            "output": output,
            "rows": self.rows,
            "taken": self.taken,
            "written": self.written,
            "dropped": self.dropped,
            "skipped": dict(self.skipped),
            "repaired": [
                {"line": one.line, "what": one.what, "file": one.file, "dropped": one.dropped} for one in self.repaired
            ],
            "assumed": [
                {"what": one.what, "lines": sorted(set(lines)), "file": one.file} for one, lines in self.assumed.items()
            ],
            "warnings": list(self.warnings),
            "remarks": list(self.remarks),
            "minutes": round(self.minutes, 2),
            "ml": round(self.ml, 1),
            "left_out": {
                "minutes": round(self.left_out_minutes + self.unknown_minutes, 2),
                "ml": round(self.left_out_ml + self.unknown_ml, 1),
            },
            "birth_date": self.birth.isoformat() if self.birth is not None else None,
            "first_day": self.first_day,
        }

    @property
    def first_day(self) -> int | None:
        """Day of lactation of the first row; day 1 is that of birth."""
        return None if self.birth is None or self.first is None else (self.first - self.birth).days + 1


class Assumption(NamedTuple):
    """What was assumed of rows of a file."""

    file: str
    what: str


@dataclass(frozen=True)
class Repair:
    """A row that was changed, or left out where `dropped`."""

    file: str
    line: int
    what: str
    dropped: bool = False
