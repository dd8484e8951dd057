"""
Single cells of a log: times, minutes, volumes, weights.

Each reader returns a value, or raises ValueError with what is allowed instead. Forms other than the plain one (12-hour
clock, `M:SS`, units in the cell) come back by name, so that the caller can report them.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, datetime, timedelta, timezone
from math import isfinite
from typing import NamedTuple

OUNCE_ML = 29.5735
"""A US fluid ounce, the one that feeding apps mean (NIST Handbook 44, appendix C: 29.5735 mL)."""
POUND_KG = 0.45359237

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[ T](\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?"
    r"(?: ?([AaPp])\.?[Mm]\.?)?(?: ?(Z|z|[-+]\d\d:?\d\d))?",
    re.ASCII,
)
_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d)?( ?[AaPp]\.?[Mm]\.?)?", re.ASCII)
_PLAIN_LENGTHS = (len("2030-05-03 10:00"), len("2030-05-03 10:00:00"))
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)
_TIMER = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]\d)", re.ASCII)
_WITH_UNIT = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)) ?([A-Za-z][A-Za-z. ]*)", re.ASCII)
_POUNDS = re.compile(r"(\d+\.?\d*) ?lbs?(?: (\d+\.?\d*) ?oz)?", re.IGNORECASE | re.ASCII)

ML_PER_UNIT = {
    "ml": 1.0,
    "milliliter": 1.0,
    "milliliters": 1.0,
    "cc": 1.0,
    "cl": 10.0,
    "dl": 100.0,
    "l": 1000.0,
    "oz": OUNCE_ML,
    "floz": OUNCE_ML,
    "ounce": OUNCE_ML,
    "ounces": OUNCE_ML,
}
MIN_PER_UNIT = {"min": 1.0, "mins": 1.0, "minutes": 1.0, "m": 1.0, "s": 1.0 / 60.0, "sec": 1.0 / 60.0, "h": 60.0}
KG_PER_UNIT = {"kg": 1.0, "g": 0.001, "lb": POUND_KG, "lbs": POUND_KG}
_NO_NUMBER = "is no number (allowed: 0 or more, or empty)"


class When(NamedTuple):
    """A time as it was written: the clock, its offset from UTC where one is given, whether the clock had 12 hours."""

    clock: datetime
    offset: timedelta | None
    twelve_hours: bool


class Amount(NamedTuple):
    """A value in the unit of its column, and the form it was written in; None for the plain one."""

    value: float
    form: str | None = None


def when(text: str) -> When:
    """
    A date with a time of day.

    Raises
    ------
    ValueError
        If it is none.
    """
    if len(text) in _PLAIN_LENGTHS and text[4] == text[7] == "-" and text[13] == ":" and text.isascii():
        try:  # nearly all of them
            clock = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            if MINYEAR < clock.year < MAXYEAR:
                return When(clock, None, twelve_hours=False)
    match = _TIME.fullmatch(text)
    allowed = "is no time (allowed: YYYY-MM-DD HH:MM or HH:MM:SS, with AM or PM, with an offset)"
    if match is None:
        raise ValueError(allowed)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    half, offset = match[7], match[8]
    if not MINYEAR < year < MAXYEAR:  # room for offsets
        raise ValueError(allowed)
    if half is not None:
        if not 1 <= hour <= 12:
            raise ValueError(allowed)
        hour = hour % 12 + (12 if half in "Pp" else 0)
    try:
        clock = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the clock on her wall
        return When(clock, None if offset is None else _offset(offset), half is not None)
    except ValueError:  # no such day, hour or offset
        raise ValueError(allowed) from None


def is_clock(text: str) -> bool:
    """Whether a cell has a time of the day and no date."""
    return _CLOCK.fullmatch(text) is not None


def _offset(text: str) -> timedelta:
    if text in "Zz":
        return timedelta(0)
    sign = -1 if text[0] == "-" else 1
    offset = sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(offset).utcoffset(None)


def number(text: str, *, decimal_comma: bool = False) -> Amount:
    """
    A number that is not negative.

    Raises
    ------
    ValueError
        If it is none, or negative.
    """
    form = None
    if decimal_comma and "," in text and "." not in text:
        text, form = text.replace(",", "."), "the comma is read as the decimal sign"
    value = float(text) if _NUMBER.fullmatch(text) else float("nan")
    if not isfinite(value):
        raise ValueError(_NO_NUMBER)
    if value < 0.0:
        msg = "is negative (allowed: 0 or more, or empty)"
        raise ValueError(msg)
    return Amount(value, form)


def minutes(text: str, *, decimal_comma: bool = False) -> Amount:
    """
    A length of time in minutes: a number, `M:SS`, `H:MM:SS`, or a number with a unit.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if match := _TIMER.fullmatch(text):
        hours, mins, seconds = (int(part or 0) for part in match.groups())
        form = "M:SS is read as minutes and seconds" if match[1] is None else "H:MM:SS is read as hours first"
        return Amount(hours * 60.0 + mins + seconds / 60.0, form)
    return _with_unit(text, MIN_PER_UNIT, "min", decimal_comma=decimal_comma)


def volume_ml(text: str, *, decimal_comma: bool = False) -> Amount:
    """
    A volume in millilitres: a number, or one with its unit.

    Raises
    ------
    ValueError
        If it is neither.
    """
    return _with_unit(text, ML_PER_UNIT, "mL", decimal_comma=decimal_comma)


def weight_kg(text: str, *, decimal_comma: bool = False) -> Amount:
    """
    A body weight in kilograms: a number, or one with its unit; pounds and ounces too.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if match := _POUNDS.fullmatch(text):
        pounds = float(match[1]) + float(match[2] or 0.0) / 16.0
        return Amount(pounds * POUND_KG, "weights in pounds are converted")
    return _with_unit(text, KG_PER_UNIT, "kg", decimal_comma=decimal_comma)


def _with_unit(text: str, units: dict[str, float], usual: str, *, decimal_comma: bool) -> Amount:
    if decimal_comma and "." not in text:
        plain = text.replace(",", ".")
        match = _WITH_UNIT.fullmatch(plain)
    else:
        match = _WITH_UNIT.fullmatch(text)
    if match is None or match[2][:1] in "eE":
        return number(text, decimal_comma=decimal_comma)
    factor = units.get(match[2].casefold().replace(".", "").replace(" ", ""))
    if factor is None:
        raise ValueError(_NO_NUMBER)
    value = number(match[1])  # the unit of the column draws no remark
    form = None if factor == 1.0 else f"other units than {usual} are converted"
    return Amount(value.value * factor, form)
