"""Time zones by their names in the IANA database."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from lactflow.config.text import nearest, quoted


@cache
def zone_named(name: str) -> ZoneInfo | None:
    """A zone, such as that of `Europe/Berlin`; None for an unknown name."""
    if name == "localtime":  # of the machine that runs this: it differs from place to place
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def known_zone(name: str) -> ZoneInfo:
    """
    A zone that must exist.

    Raises
    ------
    ValueError
        If there is none of that name, with the nearest one.
    """
    zone = zone_named(name)
    if zone is None:
        match = nearest(name, sorted(available_timezones()))
        hint = f"; nearest: {match}" if match is not None else ""
        msg = f"{quoted(name)} is no time zone (allowed: Area/City, such as Europe/Berlin{hint})"
        raise ValueError(msg)
    return zone
