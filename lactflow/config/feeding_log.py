"""
A mother's feeding log, from CSV to planned sessions.

Rows that cannot be read are errors, all told at once. What can be read but not have happened that way (a timer
forgotten for hours, sessions that overlap) is repaired, and each kind of repair is told in one warning. What the log
does not know is assumed and told as well: the order of the two breasts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from lactflow.config.log_rows import BOTTLES, KINDS, Row, read_rows
from lactflow.config.yaml_source import decode
from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import ConfigError, Problem

LONGEST_MIN = 60.0
"""Longest time at one breast that is believed: infants take 5 to 37 min (Kent 2006), with room for a nap."""
_SAME_ML = 0.5
"""Volumes are written down to the millilitre."""
SHORTEST_MIN = 0.5
"""Shorter than this a latch did not take: no let-down comes sooner."""
LARGEST_BYTES = 20_000_000
_OPEN_ENDED = {
    "feed": "feeds with a volume and without minutes go on as long as the infant likes",
    "pump": "pumpings with a volume and without minutes take `dyad.pump.longest_min`",
    "hand": "expressions by hand with a volume and without minutes take `dyad.hand.longest_min` a breast",
}
_MOST_LINES = 8
"""Line numbers in a warning."""


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
    lines
        Line of each session in the file.
    """

    sessions: tuple[PlannedSession, ...]
    warnings: tuple[str, ...]
    first_date: date
    lines: tuple[int, ...] = ()


@dataclass
class _Repairs:
    """Line numbers of what was repaired, by what was done."""

    lines: dict[str, list[int]] = field(default_factory=dict)

    def note(self, what: str, line: int) -> None:
        """One more row."""
        self.lines.setdefault(what, []).append(line)

    def drop(self, rows: list[Row], what: str, bad: Callable[[Row], bool]) -> list[Row]:
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
    rows = read_rows(decode(raw, file), file)
    if not rows:
        raise ConfigError(Problem("the log has no rows", file, 1, 1))
    repairs = _Repairs()
    rows = _in_order(rows, repairs)
    first_date = rows[0].start.date()
    _add_up(rows, repairs)
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
    return FeedingLog(sessions, repairs.warnings(file), first_date, tuple(row.line for row in rows))


def _counted(lines: list[int]) -> str:
    """`3 rows (lines 4, 7, 9)`."""
    shown = ", ".join(map(str, lines[:_MOST_LINES])) + (", ..." if len(lines) > _MOST_LINES else "")
    return f"{len(lines):,} row{'s' if len(lines) > 1 else ''} (line{'s' if len(lines) > 1 else ''} {shown})"


def _in_order(rows: list[Row], repairs: _Repairs) -> list[Row]:
    """By time, each row once."""
    latest = rows[0].start
    for row in rows:
        if row.start < latest:
            repairs.note("rows that stood before earlier ones are put in order", row.line)
        latest = max(latest, row.start)
    seen: set[tuple[object, ...]] = set()
    once = []
    for row in sorted(rows, key=lambda row: row.start):
        content = (row.start, row.kind, row.left_min, row.right_min, row.volume_ml, *row.sides_ml.items())
        if content in seen:
            repairs.note("repeated rows are dropped", row.line)
        else:
            seen.add(content)
            once.append(row)
    return once


def _add_up(rows: list[Row], repairs: _Repairs) -> None:
    """The milk of a session from that of its breasts; a breast without minutes at which milk was taken had some."""
    for row in rows:
        if not row.sides_ml:
            continue
        total_ml = sum(row.sides_ml.values())
        if row.volume_ml is not None and abs(row.volume_ml - total_ml) > _SAME_ML:
            repairs.note("volume_ml is not the sum of left_ml and right_ml; the sum is taken", row.line)
        row.volume_ml = total_ml
        for side, other in (("left", "right"), ("right", "left")):
            if row.sides_ml.get(side) and not row.minutes(side) and row.minutes(other):
                repairs.note("milk from a breast without minutes: it gets those of the other one", row.line)
                row.set_minutes(side, row.minutes(other))


def _believable(rows: list[Row], repairs: _Repairs) -> list[Row]:
    """Sessions that can have happened; their minutes are cut to `LONGEST_MIN` a breast."""
    bottle = {kind for kind, session in KINDS.items() if session == "bottle"}
    rows = repairs.drop(
        rows, "bottles without a volume are dropped", lambda row: row.kind in bottle and not row.volume_ml
    )
    rows = repairs.drop(
        rows, "sessions without minutes at a breast and without a volume are dropped",
        lambda row: row.kind not in bottle and row.length_min == 0.0 and not row.open_ended,
    )  # fmt: skip
    rows = repairs.drop(
        rows, f"sessions shorter than {SHORTEST_MIN:g} min are dropped (the latch did not take)",
        lambda row: row.kind not in bottle and row.length_min < SHORTEST_MIN and not row.open_ended,
    )  # fmt: skip
    for row in rows:
        if row.open_ended:
            repairs.note(_OPEN_ENDED[KINDS[row.kind]], row.line)
        if max(row.left_min, row.right_min) > LONGEST_MIN:
            what = f"more than {LONGEST_MIN:g} min at one breast are cut to {LONGEST_MIN:g} (a forgotten timer)"
            repairs.note(what, row.line)
            row.left_min = min(row.left_min, LONGEST_MIN)
            row.right_min = min(row.right_min, LONGEST_MIN)
    return rows


def _choose_sides(rows: list[Row], repairs: _Repairs) -> None:
    """Which breast comes first, where one follows the other: the log does not say."""
    for number, row in enumerate(row for row in rows if row.in_turn):
        row.left_first = number % 2 == 0
        repairs.note("both breasts in turn: the order is not known, taken as left first, then alternating", row.line)


def _without_overlaps(rows: list[Row], repairs: _Repairs) -> list[Row]:
    """A session that is not over when the next begins ends there; bottles take no time and cut nothing."""
    last: Row | None = None
    for row in rows:
        if KINDS[row.kind] == "bottle":
            continue
        if last is not None and not last.open_ended:
            gap_min = (row.start - last.start).total_seconds() / 60.0
            if gap_min < last.length_min:
                _end_after(last, gap_min)
                done = "end where it begins" if last.length_min >= SHORTEST_MIN else "and leave too little are dropped"
                repairs.note(f"sessions that overlap the next one {done}", last.line)
        last = row
    return [row for row in rows if KINDS[row.kind] == "bottle" or row.open_ended or row.length_min >= SHORTEST_MIN]


def _end_after(row: Row, limit_min: float) -> None:
    """Cut a session, the breast taken last first."""
    if KINDS[row.kind] == "pump":
        row.left_min, row.right_min = min(row.left_min, limit_min), min(row.right_min, limit_min)
    elif row.left_first:
        row.left_min = min(row.left_min, limit_min)
        row.right_min = min(row.right_min, limit_min - row.left_min)
    else:
        row.right_min = min(row.right_min, limit_min)
        row.left_min = min(row.left_min, limit_min - row.right_min)


def _session(row: Row, midnight: datetime) -> PlannedSession:
    """What the schedule plays."""
    kind = KINDS[row.kind]
    planned_min = (row.start - midnight).total_seconds() / 60.0
    if kind == "bottle":
        content = BOTTLES[row.kind]
        return PlannedSession(planned_min, kind, volume_ml=row.volume_ml, content=content)
    sides = [(side, None if row.open_ended else row.minutes(side)) for side in row.breasts]
    return PlannedSession(
        planned_min, kind, tuple(sides if row.left_first else reversed(sides)),
        recorded_ml=row.volume_ml, recorded_sides_ml=tuple(row.sides_ml.items()),
    )  # fmt: skip
