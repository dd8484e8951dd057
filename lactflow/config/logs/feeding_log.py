"""
A mother's feeding log, from CSV to planned sessions.

Rows that cannot be read are errors, all reported at once. What can be read but not have happened that way (a timer
forgotten for hours, sessions that overlap) is repaired, and each kind of repair is reported in one line. What the log
does not say is assumed and reported as well: the order of the two breasts.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lactflow.config.logs.believable import SHORTEST_MIN, believable, fill_in, note_odd_volumes
from lactflow.config.logs.clock import in_order, on_one_clock, without_far_rows
from lactflow.config.logs.joining import choose_sides, in_their_order, joined, settle_overlaps
from lactflow.config.logs.notes import Notes
from lactflow.config.logs.rows import BOTTLES, WEIGHT, Row, read_rows, session_rows
from lactflow.config.mistaken import other_format
from lactflow.config.uncollected import uncollected
from lactflow.config.yaml_source import decode
from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import ConfigError, Problem
from lactflow.systems import shell_word

LARGEST_BYTES = 20_000_000


@dataclass(frozen=True)
class FeedingLog:
    """
    A log that has been read.

    Attributes
    ----------
    sessions
        In order of time; `planned_min` counts from 00:00 of `first_date`.
    lines
        Line of the file that each session begins in.
    first_date
        Date of the first row.
    file
        Name for messages.
    children
        How many infants it was read for.
    logged
        Time and minutes at the breast of each row as the file has them, before anything is cut or dropped; what was
        written down twice counts once.
    notes
        What was repaired or assumed.
    """

    sessions: tuple[PlannedSession, ...]
    lines: tuple[int, ...]
    first_date: date
    file: str
    children: int
    logged: tuple[tuple[float, float], ...] = field(repr=False)
    notes: Notes = field(repr=False)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was repaired or assumed in all of the log, one line each."""
        return tuple(self.notes.lines(self.file))

    def warnings_within(self, from_min: float, to_min: float) -> tuple[str, ...]:
        """
        The same of rows between two times, which are simulated.

        Parameters
        ----------
        from_min, to_min
            Minutes since 00:00 of `first_date`.
        """
        midnight = datetime.combine(self.first_date, datetime.min.time())
        within = (midnight + timedelta(minutes=from_min), midnight + timedelta(minutes=to_min))
        return tuple(self.notes.lines(self.file, within))


def read_feeding_log(raw: bytes, file: str, infants: int | None = 1, zone: str | None = None) -> FeedingLog:
    """
    Read a feeding log.

    Parameters
    ----------
    raw
        Content of the CSV file: UTF-8 with or without a byte order mark, or UTF-16 with one.
    file
        Name for messages.
    infants
        How many there are: rows of one infant are joined, two infants may feed at once. None for as many as `child`
        distinguishes.
    zone
        Time zone of times without an offset, such as `Europe/Berlin`; None for a clock that runs evenly.

    Raises
    ------
    ConfigError
        With every row that cannot be read, or if there is no session at all.
    """
    if len(raw) > LARGEST_BYTES:
        raise ConfigError(Problem(f"larger than {LARGEST_BYTES // 1_000_000} MB", file, 1, 1))
    other = other_format(raw)
    if other is not None:
        what, importable = other
        hint = f" (`lactflow import {shell_word(file)}` makes one of it)" if importable else ""
        raise ConfigError(Problem(f"this is {what}, not a feeding log{hint}", file))
    with uncollected():
        return _read(raw, file, infants, zone)


def _read(raw: bytes, file: str, infants: int | None, zone: str | None) -> FeedingLog:
    notes = Notes()
    rows = read_rows(_text(raw, file), file, notes)
    if not rows:
        raise ConfigError(Problem("the log has no rows", file, 1, 1))
    if infants is None:
        infants = max((row.child for row in rows if row.child is not None), default=1)
    _check_children(rows, infants, file)
    on_one_clock(rows, zone, notes)
    rows = in_order(without_far_rows(rows, notes), notes)
    for row in rows:
        if row.kind == WEIGHT:
            notes.add(
                "weights are read and not simulated: the model's infant has a weight of its own", row.line, row.start
            )
    rows = session_rows(rows)
    if not rows:
        raise ConfigError(Problem("the log has no feeds, pumpings or bottles", file, 1, 1))
    midnight = datetime.combine(rows[0].start.date(), datetime.min.time())
    fill_in(rows, notes)
    written = rows
    rows = believable(rows, notes)
    rows = sorted(joined(rows, infants, notes), key=lambda row: row.start)
    rows = settle_overlaps(rows, infants, SHORTEST_MIN, notes)
    choose_sides(rows, notes)
    note_odd_volumes(rows, notes)
    if not rows:
        raise ConfigError(Problem("no session is left after repairs: no row has minutes or a bottle", file, 1, 1))
    for row in rows:
        if row.session == "bottle":
            notes.add("bottles feed the infant and take no milk from the breast", row.line, row.start)
    whose = _assigned(rows, infants, notes)
    sessions = tuple(_session(row, midnight, infant) for row, infant in zip(rows, whose, strict=True))
    logged = tuple(((row.start - midnight) / timedelta(minutes=1), row.logged_min) for row in written if row.logged_min)
    return FeedingLog(sessions, tuple(row.line for row in rows), midnight.date(), file, infants, logged, notes)


def _text(raw: bytes, file: str) -> str:
    """
    The log as text; spreadsheets save UTF-16 as "Unicode text".

    Raises
    ------
    ConfigError
        If it is no text.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            raw = raw.decode("utf-16").encode()
        except UnicodeDecodeError:
            raise ConfigError(Problem("this is UTF-16 text that breaks off in a character", file)) from None
    return decode(raw, file)


def _check_children(rows: Sequence[Row], infants: int, file: str) -> None:
    """
    Every child of the log must be an infant of the config.

    Raises
    ------
    ConfigError
        If there are more.
    """
    strange = next((row for row in rows if infants and row.child is not None and row.child > infants), None)
    if strange is not None:
        message = (
            f"a row of child {strange.child}, and the config has {infants} in `infants` (allowed: as many as there are)"
        )
        raise ConfigError(Problem(message, file, strange.line, None, "child"))


def _assigned(rows: Sequence[Row], infants: int, notes: Notes) -> list[int | None]:
    """Which infant each row is of; None for a feed of every one."""
    turn, whose = 0, []
    for row in rows:
        infant = None if row.child is None else row.child - 1
        if infants > 1 and infant is None and row.session == "feed":
            if len(row.breasts) == 1:
                infant, turn = turn % infants, turn + 1
                what = "which infant fed is not known: a feed at one breast is of each of them in turn"
            else:
                what = "which infant fed is not known: a feed at both breasts is one of every infant"
            notes.add(what, row.line, row.start)
        whose.append(infant)
    return whose


def _session(row: Row, midnight: datetime, infant: int | None) -> PlannedSession:
    """What the schedule needs."""
    planned_min = (row.start - midnight).total_seconds() / 60.0
    if row.session == "bottle":
        content = BOTTLES[row.kind]
        return PlannedSession(
            planned_min, "bottle", volume_ml=row.volume_ml, content=content, child=infant, source="log"
        )
    if row.open_sides:
        order = row.open_sides[::-1] if row.first == "right" else row.open_sides
        sides: tuple[tuple[str, float | None], ...] = tuple((side, None) for side in order)
    else:
        sides = row.turns or (in_their_order(row) if row.in_turn else _at_once(row))
    return PlannedSession(
        planned_min,
        row.session,
        sides,
        recorded_ml=row.volume_ml,
        recorded_sides_ml=tuple(row.sides_ml.items()),
        child=infant,
        kept=not row.open_sides,
        in_turn=row.session == "pump" and row.in_turn,
        beside=row.beside,
        source="log",
    )


def _at_once(row: Row) -> tuple[tuple[str, float], ...]:
    return tuple((side, row.minutes[side]) for side in row.breasts)
