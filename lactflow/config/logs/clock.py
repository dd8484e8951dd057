"""
The clock of a log: one that runs evenly, whatever offsets, time zones and journeys did to the clock on the wall.

Its hours are those of the wall when the log begins. Where rows carry offsets, or the config names a time zone, time
between rows is exact; without either, a day has 24 h.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lactflow.config.logs.notes import Notes
from lactflow.config.logs.rows import Row

JUMP_MIN = 30.0
"""A clock that goes back by more, and stays there, is a journey or a change of clock; less is a row out of order."""
LONE_DAYS = 180.0
"""A few rows further than this from all others are a mistyped year."""
ASTRAY_DAYS = 14.0
"""Likewise rows that stand in the file between rows of another time: a mistyped month."""
_FEW = 0.02
"""Share of the rows that may be set aside, and one row in any case."""
_CLOCKS_BACK = (
    "America/New_York",
    "America/Los_Angeles",
    "America/Santiago",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Helsinki",
    "Asia/Jerusalem",
    "Australia/Sydney",
    "Pacific/Auckland",
)
"""Zones of whose clocks a log without a zone may be: only used to say that a repeated hour is possible."""


def on_one_clock(rows: list[Row], zone: str | None, notes: Notes) -> None:
    """
    Put the times of all rows on the clock of the first one.

    Parameters
    ----------
    rows
        In the order of the file; their `start` and `end` change.
    zone
        Time zone of times without an offset; None where none is given.
    notes
        Takes what was assumed.
    """
    if zone is not None:
        _by_zone(rows, ZoneInfo(zone), notes)
    written = [(row.start - row.offset, row.offset) for row in rows if row.offset is not None]
    if not written:
        return
    _, mine = min(written)
    for row in rows:
        if row.offset is None:
            notes.add("times without an offset are read on the clock of the first offset", row.line)
        elif row.offset != mine:
            if zone is None:
                notes.add("the offset changes; times are put on the clock of the first row", row.line)
            _shift(row, mine - row.offset)


def _shift(row: Row, by: timedelta) -> None:
    row.start += by
    row.end = None if row.end is None else row.end + by


class Offset(NamedTuple):
    """The offset of a clock from UTC, and the warning where its zone leaves it open."""

    offset: timedelta
    remark: str | None = None


def offset_in(zone: ZoneInfo, local: datetime, before: datetime | None) -> Offset:
    """
    The offset of a time on the clock of a zone; an hour that the clock repeats goes by the order of rows.

    Parameters
    ----------
    zone
        Of the clock.
    local
        The time, naive.
    before
        Naive UTC of the row before in order of time, None for the first one: a time that is not after it in the first
        of the two hours was in the second.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    assert first is not None
    assert second is not None
    if first > second:  # the clock went back: this hour came twice
        again = before is not None and local - first <= before
        which = "second" if again else "first"
        remark = f"an hour that the clock repeats: taken as its {which} time, by the order of rows"
        return Offset(second if again else first, remark)
    if first < second:
        return Offset(first, "the clock skipped this hour; the time is taken as if it had not")
    return Offset(first)


def _by_zone(rows: Sequence[Row], zone: ZoneInfo, notes: Notes) -> None:
    """Give every row without an offset that of the zone."""
    before: datetime | None = None
    for row in reversed(rows) if newest_first([row.start for row in rows], zone) else rows:
        if row.offset is None:
            row.offset, remark = offset_in(zone, row.start, before)
            if remark is not None:
                notes.add(remark, row.line)
        before = row.start - row.offset


def newest_first(starts: Sequence[datetime], zone: ZoneInfo | None = None) -> bool:
    """Whether times, in the order of a file, run backwards; steps within an hour that the zone repeats say nothing."""
    back = forth = 0
    for a, b in pairwise(starts):
        if a != b and not (zone is not None and _repeats(zone, a) and _repeats(zone, b)):
            back, forth = back + (b < a), forth + (b > a)
    return back > forth


def _repeats(zone: ZoneInfo, local: datetime) -> bool:
    """Whether the clock of a zone shows this time twice."""
    first = local.replace(tzinfo=zone)
    return first.utcoffset() > first.replace(fold=1).utcoffset()  # type: ignore[operator]


def in_order(rows: list[Row], notes: Notes) -> list[Row]:
    """
    Rows by time, each once.

    Parameters
    ----------
    rows
        In the order of the file, on one clock.
    notes
        Takes what was done.
    """
    in_time = rows[::-1] if newest_first([row.start for row in rows]) else rows
    if in_time is not rows:
        notes.once("the newest rows come first; they are put in order of time")
    _note_steps_back(in_time, notes)
    seen: set[tuple[object, ...]] = set()
    once = []
    for row in sorted(in_time, key=lambda row: row.start):
        content = (
            row.start,
            row.kind,
            *row.minutes.items(),
            row.volume_ml,
            *row.sides_ml.items(),
            row.first,
            row.child,
            row.end,
            row.value_kg,
        )
        if content not in seen:
            seen.add(content)
            once.append(row)
        elif row.offset is None and may_repeat(row.start):
            what = (
                "repeated rows are dropped; the clock may have gone back that night, and `zone` in the config decides"
            )
            notes.add(what, row.line, row.start)
        else:
            notes.add("repeated rows are dropped", row.line, row.start)
    return once


def _note_steps_back(rows: Sequence[Row], notes: Notes) -> None:
    """Rows before earlier ones: a single one is out of order, a clock that stays behind has been put back."""
    latest: datetime | None = None
    for number, row in enumerate(rows):
        if latest is None or row.start >= latest:
            latest = row.start
            continue
        back = latest - row.start
        following = rows[number + 1].start if number + 1 < len(rows) else None
        before = rows[number - 1].start
        stays = before == latest and following is not None and row.start <= following < latest
        if stays and JUMP_MIN <= back.total_seconds() / 60.0 <= 24.0 * 60.0:
            what = (
                "the clock goes back here and stays back (a journey, a change of clock, or rows out of order): put in "
                "order of time; offsets in `start` would say"
            )
            notes.add(what, row.line, row.start)
        else:
            notes.add("rows that stand before earlier ones are put in order", row.line, row.start)


def may_repeat(local: datetime) -> bool:
    """Whether somewhere the clock shows this time twice."""
    return any(_repeats(ZoneInfo(name), local) for name in _CLOCKS_BACK)


def without_far_rows(rows: list[Row], notes: Notes) -> list[Row]:
    """
    Rows without the few that are far from all others: a mistyped year or month.

    Parameters
    ----------
    rows
        In the order of the file, on one clock.
    notes
        Takes the lines that are set aside.
    """
    times = [row.start for row in rows]
    far = set(far_rows(times))
    for number in sorted(far):
        what = f"rows far from all others are set aside (is {times[number].date()} right?)"
        notes.add(what, rows[number].line)
    return [row for number, row in enumerate(rows) if number not in far]


def far_rows(times: Sequence[datetime]) -> list[int]:
    """
    Numbers of the few times that are far from all others: a mistyped year or month.

    Parameters
    ----------
    times
        In the order of the file, on one clock.
    """
    groups: list[list[int]] = [[]]
    for number in sorted(range(len(times)), key=times.__getitem__):
        if groups[-1] and times[number] - times[groups[-1][-1]] > timedelta(days=ASTRAY_DAYS):
            groups.append([])
        groups[-1].append(number)
    main = max(groups, key=len)
    most = max(1, int(_FEW * len(times)))
    far: set[int] = set()
    for group in groups:
        if len(group) > most or 2 * len(group) >= len(main):
            continue
        away = min(abs(times[group[0]] - times[main[-1]]), abs(times[main[0]] - times[group[-1]]))
        if away > timedelta(days=LONE_DAYS) or all(_astray(times, number) for number in group):
            far.update(group)
    return sorted(far)


def _astray(times: Sequence[datetime], number: int) -> bool:
    """Whether the rows before and after one in the file belong together, and it does not."""
    if not 0 < number < len(times) - 1:
        return False
    before, after = times[number - 1], times[number + 1]
    near = timedelta(days=ASTRAY_DAYS / 2.0)
    return abs(after - before) < near and abs(times[number] - before) > near
