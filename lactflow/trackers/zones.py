"""One clock for all rows: offsets, zones, and what a file leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lactflow.config.logs.clock import newest_first, offset_in
from lactflow.config.zones import known_zone, zone_named
from lactflow.errors import ConfigError, Problem
from lactflow.trackers.account import Account
from lactflow.trackers.stamps import Stamp

_CHANGES = "the file's clock changes; every row is on the clock of the first row"
_MIXED = "rows without an offset are taken to be on the clock of the first row that has one"
_EPOCH_TOLERANCE_MIN = 1.0


@dataclass(slots=True)
class Moment:
    """
    When a row began.

    Attributes
    ----------
    local
        On the clock of `offset_min`, or of the file where that is None.
    offset_min
        Minutes east of UTC, None where it is not known.
    zone
        That a column of the file names; None where none does.
    file, line
        Where the row stands.
    """

    local: datetime
    offset_min: int | None
    zone: ZoneInfo | None
    file: str
    line: int


def chosen_zone(name: str | None) -> ZoneInfo | None:
    """
    The zone of `--zone`.

    Raises
    ------
    ConfigError
        If there is none of that name, with the nearest one.
    """
    if name is None:
        return None
    try:
        return known_zone(name)
    except ValueError as error:
        raise ConfigError(Problem(str(error), "--zone")) from None


def moment(stamp: Stamp, zone_name: str, epoch: datetime | None, file: str, line: int) -> tuple[Moment, bool]:
    """
    When a row began, by all that the file states about it.

    Parameters
    ----------
    stamp
        Its start.
    zone_name
        Zone that a column names, or nothing.
    epoch
        The same instant in UTC, where another column gives it.
    file, line
        Where the row stands.

    Returns
    -------
    The moment, and whether the two columns agree.
    """
    zone = zone_named(zone_name) if zone_name else None
    if zone is None:
        return Moment(stamp.local, stamp.offset_min, None, file, line), True
    if stamp.offset_min is not None:
        instant = stamp.local - timedelta(minutes=stamp.offset_min)
        local, offset_min = _in_zone(instant, zone)
        return Moment(local, offset_min, zone, file, line), True
    if epoch is None:
        return Moment(stamp.local, None, zone, file, line), True
    local, offset_min = _in_zone(epoch, zone)
    agree = abs((local - stamp.local).total_seconds()) <= _EPOCH_TOLERANCE_MIN * 60.0
    return Moment(stamp.local, offset_min if agree else None, zone, file, line), agree


def needs_zone(moments: Sequence[Moment]) -> list[int]:
    """Lines whose clock is not known: all times of the file are in UTC, and no column names a zone."""
    unzoned = [one for one in moments if one.offset_min is not None and one.zone is None]
    if not unzoned or any(one.offset_min for one in unzoned):
        return []
    return [one.line for one in unzoned]


def settle(files: Sequence[Sequence[Moment]], zone: ZoneInfo | None, account: Account) -> None:
    """
    Put every row on one clock; the moments are changed in place.

    Parameters
    ----------
    files
        Moments of each file, in its order.
    zone
        The user's option; None: the clock of the first row.
    account
        Takes what was assumed.
    """
    for moments in files:
        _find_offsets(moments, zone, account)
    every = [one for moments in files for one in moments]
    if zone is not None:
        for one in every:
            # Times on the zone's own clock stay as they are written, those in an hour that it skips too.
            if one.offset_min is not None and one.zone is not zone:
                one.local, one.offset_min = _in_zone(one.local - timedelta(minutes=one.offset_min), zone)
        return
    aware = [one for one in every if one.offset_min is not None]
    if not aware:
        return
    base = min(aware, key=instant).offset_min
    assert base is not None
    for one in every:
        if one.offset_min is None:
            account.assume(_MIXED, one.line, file=one.file)
        elif one.offset_min != base:
            one.local += timedelta(minutes=base - one.offset_min)
            one.offset_min = base
            account.assume(f"{_CHANGES} (UTC{offset_text(base)})", one.line, file=one.file)


def _find_offsets(moments: Sequence[Moment], zone: ZoneInfo | None, account: Account) -> None:
    """Give the rows of a file without an offset that of their zone, as the reader of logs does."""
    before: datetime | None = None
    usual = zone or next((one.zone for one in moments if one.zone is not None), None)
    for one in reversed(moments) if newest_first([one.local for one in moments], usual) else moments:
        own = one.zone or zone
        if one.offset_min is None and own is not None:
            one.zone = own
            offset, remark = offset_in(own, one.local, before)
            one.offset_min = round(offset.total_seconds() / 60.0)
            if remark is not None:
                account.assume(remark, one.line, file=one.file)
        if one.offset_min is not None:
            before = instant(one)


def instant(one: Moment) -> datetime:
    """When it was in UTC, naive; on the clock of the file where its offset is not known."""
    return one.local - timedelta(minutes=one.offset_min or 0)


def offset_text(minutes: int) -> str:
    """`-04:00`."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _in_zone(instant: datetime, zone: ZoneInfo) -> tuple[datetime, int]:
    """Local time and offset of a naive time in UTC."""
    local = instant.replace(tzinfo=UTC).astimezone(zone)
    offset = local.utcoffset()
    return local.replace(tzinfo=None), 0 if offset is None else round(offset.total_seconds() / 60.0)
