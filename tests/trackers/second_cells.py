"""Cells of an export, read without any code of lactflow: see `second_reader`."""

from __future__ import annotations

import re
from datetime import datetime

OZ = 29.5735
UNITS = {"ml": 1.0, "oz": OZ, "floz": OZ, "l": 1000.0, "": None}


def plain(text):
    """A bare number, nothing else."""
    return float(text) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) else None


def volume(text, unit, own_unit=""):
    """Millilitres of a cell, 0 where it has none that can be read."""
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([A-Za-z]*)", text)
    if not match:
        return 0.0
    word = match[2].lower()
    if word not in UNITS or own_unit.lower() not in UNITS:
        return 0.0
    factor = UNITS[word] or UNITS[own_unit.lower()] or unit
    return float(match[1]) * factor


def volume_like(text, unit):
    """Whether a cell is a volume, of 0 mL perhaps."""
    return bool(re.fullmatch(r"0*(\.0*)?", text) and text not in ("", ".")) or volume(text, unit) > 0


def clock(text, colon):
    """Minutes of a cell, 0 where it has none that can be read; `colon` is h or m."""
    if match := re.fullmatch(r"([0-9]{1,4}):([0-9]{1,2})(?::([0-9]{1,2}))?", text):
        a, b, c = (int(part or 0) for part in match.groups())
        if b > 59 or c > 59:
            return 0.0
        if match[3] is not None:
            return a * 60 + b + c / 60
        return a * 60 + b if colon == "h" else a + b / 60
    return plain(text) or 0.0


def timed(text, per, colon="m"):
    """Minutes of a cell whose bare numbers count 1/per minutes."""
    if ":" in text:
        return clock(text, colon)
    return (plain(text) or 0.0) / per


def sides_of(row, left, right, per, colon="m"):
    return tuple(timed(row.get(key, ""), per, colon) for key in (left, right))


def time_of(text, pattern):
    return datetime.strptime(text, pattern)  # noqa: DTZ007 - a log is written on a local clock


def between(start, end, pattern="%Y-%m-%d %H:%M:%S", *, wrap=True):
    """Minutes from one time to the other; an end before the start is on the next day."""
    try:
        length = (time_of(end, pattern) - time_of(start, pattern)).total_seconds() / 60
    except ValueError:
        return 0.0 if wrap else None
    return wrapped(length) if wrap else length


def wrapped(length):
    """A length over midnight, or none where it cannot be one."""
    if length < 0:
        length += 1440
        return length if 0 <= length <= 180 else 0.0
    return length if length <= 1440 else 0.0


def word(row, key):
    """A cell in lower case."""
    return row.get(key, "").lower()
