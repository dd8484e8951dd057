"""What can have happened: minutes and volumes of single rows, before rows are joined."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from lactflow.config.logs.notes import Notes
from lactflow.config.logs.rows import Row
from lactflow.kinetics import plain_sum
from lactflow.records import BREASTS

LONGEST_MIN = 60.0
"""Longest time at one breast that is believed: infants take 5 to 37 min (Kent 2006), with room for a nap."""
SHORTEST_MIN = 0.5
"""Shorter than this a latch did not take: no let-down comes sooner."""
LARGE_ML = 500.0
"""
More from one session draws a warning. The largest breastfeed of Kent 2006 is 240 mL; after a night both breasts
together may hold twice that.
"""
OUT_OF_LINE = 5.0
"""So many times her median volume of the same kind is a digit too many; an added zero makes it ten times."""
_FEWEST_VOLUMES = 5
"""A median of fewer volumes is none."""
_OUT_OF_LINE_ML = 100.0
"""Less than this is no slip of the pen, however little she usually has."""
_SAME_ML = 0.5
"""Volumes are written down to the millilitre."""
_OPEN_ENDED = {
    "feed": "feeds without minutes go on as long as the infant likes",
    "pump": "pumpings with a volume and without minutes take `dyad.pump.longest_min`",
    "hand": "expressions by hand with a volume and without minutes take `dyad.hand.longest_min` a breast",
}


def fill_in(rows: Sequence[Row], notes: Notes) -> None:
    """
    What follows from other cells of a row: milk of a session from that of its breasts, minutes from its end.

    Parameters
    ----------
    rows
        Of sessions and bottles; changed in place.
    notes
        Takes what was assumed.
    """
    for row in rows:
        if row.session == "bottle":
            continue
        if row.end is not None and not row.minutes:
            _minutes_from_end(row, notes)
        if row.sides_ml:
            _add_up(row, notes)
        row.logged_min = row.length_min


def _minutes_from_end(row: Row, notes: Notes) -> None:
    assert row.end is not None
    length_min = (row.end - row.start).total_seconds() / 60.0
    if length_min <= 0.0:
        notes.add("the end is not after the start, and is not used", row.line, row.start)
        return
    sides = [side for side in BREASTS if row.sides_ml.get(side)] or list(BREASTS)
    share = 1.0 if row.session == "pump" else 1.0 / len(sides)
    row.minutes = dict.fromkeys(sides, share * length_min)
    if len(sides) == 1:
        return
    how = "at both breasts at once" if row.session == "pump" else "half of the time at each breast"
    notes.add(f"only the start and the end are known: {how}", row.line, row.start)


def _add_up(row: Row, notes: Notes) -> None:
    """The milk of a session from that of its breasts; a breast without minutes at which milk was taken had some."""
    total_ml = plain_sum(row.sides_ml.values())
    if row.volume_ml is not None and abs(row.volume_ml - total_ml) > _SAME_ML:
        if row.volume_ml - total_ml > 1.0:
            what = "volume_ml is not the sum of left_ml and right_ml; the sum is taken"
        else:
            what = "volume_ml is less than left_ml and right_ml together; the sum is taken"
        notes.add(what, row.line, row.start)
    row.volume_ml = total_ml
    for side, other in (("left", "right"), ("right", "left")):
        if row.sides_ml.get(side) and not row.minutes.get(side) and row.minutes.get(other):
            notes.add("milk from a breast without minutes: it gets those of the other one", row.line, row.start)
            row.minutes[side] = row.minutes[other]


def believable(rows: list[Row], notes: Notes) -> list[Row]:
    """
    Sessions that can have happened; their minutes are cut to `LONGEST_MIN` a breast.

    Parameters
    ----------
    rows
        In order of time; changed in place.
    notes
        Takes what was done.
    """
    kept = []
    for row in rows:
        reason = _empty_bottle(row) if row.session == "bottle" else _no_session(row)
        if reason is not None:
            notes.add(reason, row.line, row.start)
            continue
        kept.append(row)
        if row.session == "bottle":
            continue
        _settle_open_end(row, notes)
        if max(row.minutes.values(), default=0.0) > LONGEST_MIN:
            what = f"more than {LONGEST_MIN:g} min at one breast are cut to {LONGEST_MIN:g} (a forgotten timer)"
            notes.add(what, row.line, row.start)
            row.minutes = {side: min(minutes, LONGEST_MIN) for side, minutes in row.minutes.items()}
    return kept


def _empty_bottle(row: Row) -> str | None:
    return None if row.volume_ml else "bottles without a volume are dropped"


def _no_session(row: Row) -> str | None:
    """Why a row is no session at a breast; None when it is one."""
    if row.volume_ml or (row.session == "feed" and row.blank and not row.minutes):
        return None
    if not row.minutes:
        return "sessions without minutes at a breast and without a volume are dropped"
    if row.length_min < SHORTEST_MIN:
        return f"sessions shorter than {SHORTEST_MIN:g} min are dropped (the latch did not take)"
    return None


def _settle_open_end(row: Row, notes: Notes) -> None:
    """A session without a length; a timer of seconds beside milk is none."""
    if row.length_min >= SHORTEST_MIN:
        return
    sides = tuple(side for side in BREASTS if row.sides_ml.get(side)) or row.breasts
    if row.minutes:
        notes.add(
            f"milk with a timer of less than {SHORTEST_MIN:g} min: a session without minutes", row.line, row.start
        )
    notes.add(_OPEN_ENDED[row.session], row.line, row.start)
    row.minutes, row.open_sides = {}, sides or BREASTS


def note_odd_volumes(rows: Sequence[Row], notes: Notes) -> None:
    """
    Report volumes that are hard to believe; they are kept.

    Parameters
    ----------
    rows
        Sessions and bottles.
    notes
        Takes the lines.
    """
    usual = {
        kind: median(volumes)
        for kind in {row.session for row in rows}
        if len(volumes := [row.volume_ml for row in rows if row.session == kind and row.volume_ml]) >= _FEWEST_VOLUMES
    }
    for row in rows:
        if not row.volume_ml or row.session == "bottle":
            continue
        typical_ml = usual.get(row.session)
        if typical_ml is not None and row.volume_ml > max(OUT_OF_LINE * typical_ml, _OUT_OF_LINE_ML):
            what = f"a volume more than {OUT_OF_LINE:g} times her median of {typical_ml:.0f} mL (one digit too many?)"
            notes.add(what, row.line, row.start)
        elif row.volume_ml > LARGE_ML:
            notes.add(f"more than {LARGE_ML:g} mL in one session", row.line, row.start)
