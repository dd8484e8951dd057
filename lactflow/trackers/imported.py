"""What an import gives: rows of lactflow's own log as text, and what became of the rows they were made of."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from lactflow.config.logs.rows import WEIGHT
from lactflow.trackers.account import Account
from lactflow.trackers.drafts import Draft

COLUMNS = ("start", "kind", "left_min", "right_min", "volume_ml", "left_ml", "right_ml", "first", "child")


@dataclass(slots=True)
class LogRow:
    """A row of the log: its start as text, and the cells of `COLUMNS` and `value`."""

    start: str
    draft: Draft
    child: str

    def cells(self, *, weights: bool) -> list[str]:
        """In the order of `COLUMNS`, and the weight where the log has weights."""
        draft = self.draft
        cells = [
            self.start,
            draft.kind,
            written(draft.left_min),
            written(draft.right_min),
            written(draft.volume_ml),
            written(draft.left_ml),
            written(draft.right_ml),
            draft.first,
            self.child,
        ]
        return [*cells, written(draft.value_kg, 3)] if weights else cells


@dataclass(frozen=True)
class Imported:
    """A log, and what became of the rows it was made of."""

    rows: list[LogRow]
    account: Account
    titles: list[str] = field(default_factory=list)

    def csv(self) -> str:
        """The log as CSV."""
        weights = any(row.draft.kind == WEIGHT for row in self.rows)
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*COLUMNS, "value"] if weights else COLUMNS)
        writer.writerows(row.cells(weights=weights) for row in self.rows)
        return stream.getvalue()


def written(value: float | None, digits: int = 2) -> str:
    """
    A quantity with at most two decimals, empty where there is none.

    What has more decimals than two was converted (seconds, ounces); minutes keep two, and volumes one of these, since
    no scale shows more.
    """
    if value is None:
        return ""
    if value == int(value):
        return str(int(value))
    return f"{round(value, digits):.{digits}f}".rstrip("0").rstrip(".")
