"""One clock for all rows: offsets, zones, and what a file leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from lactflow.config.text import quoted
from lactflow.errors import ConfigError, Problem
from lactflow.trackers.account import Account
from lactflow.trackers.stamps import Stamp

_CHANGES = "the file's clock changes; every row is on the clock of the first row"
_REPEATED = "times within the hour that the clock repeats are taken as the first of the two"
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
    zoned
        Whether a column of the file named the zone.
    file, line
        Where the row stands.
    """

    local: datetime
    offset_min: int | None
    zoned: bool
    file: str
    line: int


@cache
def zone_named(name: str) -> ZoneInfo | None:
    """A zone of the IANA database, None for an unknown name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def chosen_zone(name: str | None) -> ZoneInfo | None:
    """
    The zone of `--zone`.

    Raises
    ------
    ConfigError
        If there is none of that name; tells the nearest.
    """
    if name is None:
        return None
    zone = zone_named(name)
    if zone is not None:
        return zone
    from zoneinfo import available_timezones

    from lactflow.config.text import nearest

    match = nearest(name, sorted(available_timezones()))
    hint = f"; nearest: {match}" if match is not None else ""
    message = f"{quoted(name)} is no time zone (allowed: Area/City, such as America/New_York{hint})"
    raise ConfigError(Problem(message, "--zone"))


def moment(stamp: Stamp, zone_name: str, epoch: datetime | None, file: str, line: int) -> tuple[Moment, bool]:
    """
    When a row began, by all that the file says of it.

    Parameters
    ----------
    stamp
        Its start.
    zone_name
        Zone that a column names, or nothing.
    epoch
        The same instant in UTC, where another column has it.
    file, line
        Where the row stands.

    Returns
    -------
    The moment, and whether the two columns agree.
    """
    zone = zone_named(zone_name) if zone_name else None
    if zone is None:
        return Moment(stamp.local, stamp.offset_min, False, file, line), True
    if stamp.offset_min is not None:
        instant = stamp.local - timedelta(minutes=stamp.offset_min)
        local, offset_min = _in_zone(instant, zone)
        return Moment(local, offset_min, True, file, line), True
    agree, offset_min = True, _offset(stamp.local, zone)
    if epoch is not None:
        told, told_offset = _in_zone(epoch, zone)
        agree = abs((told - stamp.local).total_seconds()) <= _EPOCH_TOLERANCE_MIN * 60.0
        offset_min = told_offset if agree else offset_min
    return Moment(stamp.local, offset_min, True, file, line), agree


def needs_zone(moments: Sequence[Moment]) -> list[int]:
    """Lines whose clock is not known: all times of the file are in UTC, and no column names a zone."""
    unzoned = [one for one in moments if one.offset_min is not None and not one.zoned]
    if not unzoned or any(one.offset_min for one in unzoned):
        return []
    return [one.line for one in unzoned]


def settle(moments: Sequence[Moment], zone: ZoneInfo | None, account: Account) -> None:
    """
    Put every row on one clock; the moments are changed in place.

    Parameters
    ----------
    moments
        Of all files.
    zone
        What the user said; None: the clock of the first row.
    account
        Takes what was assumed.
    """
    if zone is not None:
        for one in moments:
            if one.offset_min is None:
                one.offset_min = _offset(one.local, zone)
                if _offset(one.local, zone, fold=1) < one.offset_min:
                    account.assume(_REPEATED, one.line, file=one.file)
            else:
                one.local, one.offset_min = _in_zone(one.local - timedelta(minutes=one.offset_min), zone)
        return
    aware = [one for one in moments if one.offset_min is not None]
    if not aware:
        return
    first = min(aware, key=lambda one: one.local - timedelta(minutes=one.offset_min or 0))
    base = first.offset_min
    assert base is not None
    for one in moments:
        if one.offset_min is None:
            account.assume(_MIXED, one.line, file=one.file)
        elif one.offset_min != base:
            one.local += timedelta(minutes=base - one.offset_min)
            one.offset_min = base
            account.assume(f"{_CHANGES} (UTC{offset_text(base)})", one.line, file=one.file)


def offset_text(minutes: int) -> str:
    """`-04:00`."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _offset(local: datetime, zone: ZoneInfo, fold: int = 0) -> int:
    offset = local.replace(tzinfo=zone, fold=fold).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60.0)


def _in_zone(instant: datetime, zone: ZoneInfo) -> tuple[datetime, int]:
    """Local time and offset of a naive time in UTC."""
    from datetime import UTC

    local = instant.replace(tzinfo=UTC).astimezone(zone)
    offset = local.utcoffset()
    return local.replace(tzinfo=None), 0 if offset is None else round(offset.total_seconds() / 60.0)
