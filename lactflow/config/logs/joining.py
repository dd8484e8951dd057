"""
Rows that belong to one session are joined; sessions at two breasts at once are distinguished from those that overlap.

Apps write one row a breast, two carers write down the same feed, and a mother may pump one breast while her infant is
at the other. Which of these it is can only be known with the number of infants, so it is settled when a log is read.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from lactflow.config.logs.notes import Notes
from lactflow.config.logs.rows import Row
from lactflow.kinetics import plain_sum

JOIN_MIN = 5.0
"""
Pauses shorter than this, from the end of one row to the start of the next at the other breast, lie within one session.

In the 60-day log that lactflow ships such pauses are most frequent below 1 min (4 of 820 rows); from 1 to 40 min they
come at an even rate of about 3 rows a minute, so that no longer limit is marked by the data. Its 13.7 rows a day become
13.4 sessions with pauses of 5 min, 13.1 with 10 min and 12.7 with 20 min. Kent 2006 speaks of paired breastfeeds up to
30 min.
"""
NEAR_MIN = 10.0
"""Rows at the same breast that begin within this time and overlap are one session, written down twice."""
_JOIN, _NEAR = timedelta(minutes=JOIN_MIN), timedelta(minutes=NEAR_MIN)


def joined(rows: list[Row], infants: int, notes: Notes) -> list[Row]:
    """
    One row for each session.

    Parameters
    ----------
    rows
        Believable, in order of time.
    infants
        How many there are: of two infants, two may feed at once.
    notes
        Takes what was joined.
    """
    sessions: list[Row] = []
    recent: list[tuple[datetime, Row]] = []
    for row in rows:
        if row.session == "bottle":
            sessions.append(row)
            continue
        recent = [each for each in recent if row.start <= each[0]]
        for number, (_, partner) in reversed([*enumerate(recent)]):
            if _take_in(partner, row, infants, notes):
                recent[number] = (_reach(partner), partner)
                break
        else:
            sessions.append(row)
            recent.append((_reach(row), row))
    return sessions


def _reach(row: Row) -> datetime:
    """Until when a later row may begin that is part of this one."""
    over = row.over if row.end is None or len(row.lines) == 1 else row.end
    return max(row.start + _NEAR, over + _JOIN)


def _take_in(partner: Row, row: Row, infants: int, notes: Notes) -> bool:
    """Whether a row is part of an earlier one, which then includes it."""
    if partner.kind != row.kind or not _same_child(partner, row, infants):
        return False
    after_start_min = (row.start - partner.start) / timedelta(minutes=1)
    over = partner.end if len(partner.lines) > 1 and partner.end is not None else partner.over
    pause_min = (row.start - over) / timedelta(minutes=1)
    shares = set(partner.breasts) & set(row.breasts)
    if shares and after_start_min <= NEAR_MIN and (pause_min < 0.0 or _complete_each_other(partner, row)):
        _take_longer(partner, row, infants, notes)
        return True
    last = partner.turns[-1][0] if partner.turns else partner.breasts[-1]
    one_each = len(row.breasts) == 1 and (len(partner.breasts) == 1 or bool(partner.turns)) and last not in row.breasts
    if not one_each or row.open_sides or partner.open_sides or pause_min >= JOIN_MIN:
        return False
    if infants > 1 and row.session == "feed" and row.child is None:
        return False  # which of them it was is not known
    _add_side(partner, row, after_start_min, pause_min)
    what = {
        "feed": "rows of one feed, a breast each, are joined",
        "pump": "rows of one pumping, a breast each, are joined",
        "hand": "rows of one expression by hand, a breast each, are joined",
    }[row.session]
    if len(partner.lines) == 2:
        notes.add(what, partner.line, partner.start)
    notes.add(what, row.line, row.start)
    return True


def _same_child(partner: Row, row: Row, infants: int) -> bool:
    """Whether both rows may be of one infant; of several, only where both say so."""
    if row.session != "feed":
        return True
    if infants > 1:
        return partner.child == row.child
    return partner.child is None or row.child is None or partner.child == row.child


def _complete_each_other(partner: Row, row: Row) -> bool:
    """One has the minutes and the other the milk of the same session."""
    one, other = (partner, row) if partner.open_sides else (row, partner)
    return bool(one.open_sides) and not other.open_sides and other.volume_ml is None


def _take_longer(partner: Row, row: Row, infants: int, notes: Notes) -> None:
    """The same session written down twice: the longer row is kept, with what only the other says."""
    if infants > 1 and row.child is None and row.session == "feed":
        what = "nearly repeated feeds are joined: one infant at one breast at a time"
    else:
        what = "nearly repeated rows are joined; the longer one is kept"
    notes.add(what, row.line, row.start)
    volumes = [each for each in (partner, row) if each.volume_ml]
    if len({each.volume_ml for each in volumes}) > 1:
        notes.add("nearly repeated rows with different volumes: that of the longer one is kept", row.line, row.start)
    if row.length_min > partner.length_min:
        partner.minutes, partner.turns = row.minutes, row.turns
        partner.open_sides, partner.first = row.open_sides, row.first or partner.first
        volumes.reverse()
    if volumes:
        partner.volume_ml, partner.sides_ml = volumes[0].volume_ml, volumes[0].sides_ml
    elif partner.volume_ml is None:
        partner.volume_ml, partner.sides_ml = row.volume_ml, row.sides_ml
    partner.logged_min, row.logged_min = max(partner.logged_min, row.logged_min), 0.0
    partner.lines += row.lines


def _add_side(partner: Row, row: Row, after_start_min: float, pause_min: float) -> None:
    """The other breast of the same session."""
    (side,) = row.breasts
    for each in (partner, row):
        if each.volume_ml is not None and not each.sides_ml and len(each.breasts) == 1:
            each.sides_ml = {each.breasts[0]: each.volume_ml}
    at_once = row.session == "pump" and (after_start_min == 0.0 or pause_min < 0.0)
    if not at_once and after_start_min > 0.0:
        partner.turns = (*(partner.turns or tuple(partner.minutes.items())), (side, row.minutes[side]))
    together = max if at_once else plain_sum
    partner.logged_min, row.logged_min = together((partner.logged_min, row.logged_min)), 0.0
    partner.at_once = partner.at_once and at_once
    partner.minutes = {**partner.minutes, side: partner.minutes.get(side, 0.0) + row.minutes[side]}
    volumes = [each.volume_ml for each in (partner, row) if each.volume_ml is not None]
    partner.volume_ml = plain_sum(volumes) if volumes else None
    for breast, ml in row.sides_ml.items():
        partner.sides_ml[breast] = partner.sides_ml.get(breast, 0.0) + ml
    partner.first = partner.first or row.first
    partner.child = partner.child or row.child
    partner.end = max(partner.over, row.over)
    partner.lines += row.lines


def settle_overlaps(rows: list[Row], infants: int, shortest_min: float, notes: Notes) -> list[Row]:
    """
    Sessions that are not over when the next one begins: both continue, or the first one ends there.

    Two overlap where two infants, or an infant and a pump or a hand, are at different breasts. Bottles take no
    time of the breast.

    Parameters
    ----------
    rows
        One each session, in order of time; changed in place.
    infants
        How many there are.
    shortest_min
        Sessions that are cut to less are dropped.
    notes
        Takes what was done.
    """
    under_way: list[Row] = []
    dropped: set[int] = set()
    for row in rows:
        if row.session == "bottle":
            continue
        under_way = [each for each in under_way if not each.open_sides and row.start < each.over]
        for other in [each for each in under_way if not _can_be_at_once(each, row, infants)]:
            if not _of_another_child(other, row):
                under_way.remove(other)
                dropped |= set() if _cut(other, row, shortest_min, notes) else {id(other)}
        if under_way and all(_can_be_at_once(each, row, infants) for each in under_way):
            row.beside = True
            notes.add("two at the breasts at once: both are simulated", row.line, row.start)
        under_way.append(row)
    return [row for row in rows if id(row) not in dropped]


def _can_be_at_once(other: Row, row: Row, infants: int) -> bool:
    """
    Whether two removers can be at the two breasts at the same time: never both at one.

    Two infants can, or an infant and a pump or a hand. Where the first breast of an infant is not given, it is the
    one that leaves room.
    """
    feeds = (other.session == "feed") + (row.session == "feed")
    if not (infants > 1 if feeds == 2 else feeds == 1) or row.open_sides:
        return False
    for first in (None,) if _order_is_known(other) else ("left", "right"):
        for second in (None,) if _order_is_known(row) else ("left", "right"):
            taken = _spans(other, first)
            if all(
                a != b or end <= begin or till <= start
                for a, start, end in taken
                for b, begin, till in _spans(row, second)
            ):
                other.first, row.first = first or other.first, second or row.first
                return True
    return False


def _order_is_known(row: Row) -> bool:
    return not row.in_turn or bool(row.turns) or row.first is not None


def _spans(row: Row, first: str | None) -> list[tuple[str, datetime, datetime]]:
    """Breast, begin and end of each turn of a session, `first` being the breast it begins with."""
    if not row.in_turn:
        return [(side, row.start, row.start + timedelta(minutes=minutes)) for side, minutes in row.minutes.items()]
    turns = row.turns or in_their_order(row)
    if first is not None and turns[0][0] != first:
        turns = turns[::-1]
    spans, begin = [], row.start
    for side, minutes in turns:
        spans.append((side, begin, begin + timedelta(minutes=minutes)))
        begin += timedelta(minutes=minutes)
    return spans


def _of_another_child(last: Row, row: Row) -> bool:
    """Feeds of two infants: the second waits for the breast."""
    return last.session == row.session == "feed" and last.child != row.child


def _cut(last: Row, row: Row, shortest_min: float, notes: Notes) -> bool:
    """End a session where the next begins; whether enough of it is left."""
    assert row.start >= last.start
    breasts = last.breasts
    _end_after(last, (row.start - last.start) / timedelta(minutes=1))
    enough = last.length_min >= shortest_min or bool(last.volume_ml)
    done = "end where it begins" if enough else "and leave too little are dropped"
    notes.add(f"sessions that overlap the next one {done}", last.line, last.start)
    if enough and last.length_min < shortest_min:
        last.minutes, last.turns, last.open_sides = {}, (), breasts
    return enough


def _end_after(row: Row, limit_min: float) -> None:
    """Cut a session, the breast taken last first."""
    if not row.in_turn:
        row.minutes = {side: min(minutes, limit_min) for side, minutes in row.minutes.items() if limit_min > 0.0}
        return
    turns, left_min = [], limit_min
    for side, minutes in row.turns or in_their_order(row):
        turns.append((side, max(0.0, min(minutes, left_min))))
        left_min -= minutes
    row.turns = tuple((side, minutes) for side, minutes in turns if minutes > 0.0)
    row.minutes = {}
    for side, minutes in row.turns:
        row.minutes[side] = row.minutes.get(side, 0.0) + minutes


def in_their_order(row: Row) -> tuple[tuple[str, float], ...]:
    """Breasts of a session with their minutes, that of `first` first."""
    sides = tuple((side, row.minutes[side]) for side in row.breasts)
    return sides[::-1] if row.first == "right" else sides


def choose_sides(rows: list[Row], notes: Notes) -> None:
    """
    Settle which breast comes first where one follows the other and the log does not say.

    Parameters
    ----------
    rows
        One each session; changed in place.
    notes
        Takes the lines of what was assumed.
    """
    number = 0
    for row in rows:
        if row.session == "bottle" or not row.in_turn or row.turns or row.first is not None:
            continue
        row.first = "left" if number % 2 == 0 else "right"
        number += 1
        what = "both breasts in turn: the order is not known, taken as left first, then alternating"
        notes.add(what, row.line, row.start)
