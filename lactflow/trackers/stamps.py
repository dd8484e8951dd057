"""
Times as people and trackers write them.

A time is read with everything that is in it: day and month in either order, twelve hours, an offset, seconds since
1970, the serial number of a spreadsheet. What it does not say (which of two numbers is the day, the zone) is left
to `zones` and to the options of the command.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

EARLIEST, LATEST = 1990, 2100
"""Years that a log of a mother can have."""

_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*([AaPp]\.?\s?[Mm]\.?)?"
_OFFSET = r"(?:\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_YEAR_FIRST = re.compile(
    rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?(?:\s*\(.\))?(?:[T,\s]\s*{_TIME}{_OFFSET})?",
    re.ASCII,
)
_NUMERIC = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|\d{{2}})(?:[T,\s]\s*{_TIME}{_OFFSET})?", re.ASCII)
_NAMED_DAY_FIRST = re.compile(
    rf"(?:[^\W\d_]+\.?,?\s+)?(\d{{1,2}})(?:[snrt][tdh]|\.)?[-\s]+(?:de\s+)?([^\W\d_]+)\.?[-,\s]+(?:de\s+)?(\d{{4}}|\d{{2}})"
    rf"(?:[T,\s]\s*(?:at\s+)?{_TIME}{_OFFSET})?"
)
_NAMED_MONTH_FIRST = re.compile(
    rf"(?:[^\W\d_]+\.?,\s+)?([^\W\d_]+)\.?[-\s]+(\d{{1,2}})(?:[snrt][tdh])?[-,\s]+(\d{{4}}|\d{{2}})"
    rf"(?:[T,\s]\s*(?:at\s+)?{_TIME}{_OFFSET})?"
)
_ONLY_TIME = re.compile(_TIME)
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?", re.ASCII)
_EPOCH = re.compile(r"\d{9,14}(?:\.\d{1,6})?", re.ASCII)
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zone
_MONTHS = {
    "juin": 6,
    "juil": 7,
    "jan": 1,
    "ene": 1,
    "gen": 1,
    "feb": 2,
    "fev": 2,
    "mar": 3,
    "mrt": 3,
    "maa": 3,
    "apr": 4,
    "avr": 4,
    "abr": 4,
    "may": 5,
    "mai": 5,
    "mei": 5,
    "mag": 5,
    "maj": 5,
    "jun": 6,
    "giu": 6,
    "jul": 7,
    "lug": 7,
    "aug": 8,
    "aou": 8,
    "ago": 8,
    "sep": 9,
    "set": 9,
    "oct": 10,
    "okt": 10,
    "ott": 10,
    "out": 10,
    "nov": 11,
    "dec": 12,
    "dez": 12,
    "dic": 12,
}
"""Months by their first letters without accents: English, and the languages that phones of Europe often have."""


class Stamp(NamedTuple):
    """
    A time that was read.

    Attributes
    ----------
    local
        On the clock that the file writes.
    offset_min
        Minutes east of UTC where the file says; None where it does not.
    has_time
        False for a date alone.
    ambiguous
        Whether day and month could be the other way round.
    by_dots
        Whether the day was taken as the first number because dots are written: where they are, it nearly always is.
    """

    local: datetime
    offset_min: int | None = None
    has_time: bool = True
    ambiguous: bool = False
    by_dots: bool = False


def tidy(text: str) -> str:
    """A cell without spaces around it, and with plain ones inside: phones write narrow ones before AM and PM."""
    if text.isascii():
        return text.strip()
    return text.replace("\u202f", " ").replace("\xa0", " ").replace("\u200e", "").strip()


def read(text: str, *, day_first: bool | None = None, number: str | None = None, serial: bool = False) -> Stamp:
    """
    A date and time.

    Parameters
    ----------
    text
        Tidy.
    day_first
        Order of day and month where the file does not say it; None: not known yet.
    number
        What a bare number is: `epoch_s`, `epoch_ms`.
    serial
        Whether a number of five digits is a day of a spreadsheet.

    Raises
    ------
    ValueError
        If it is none, or no time that a log of a mother can have.
    """
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        return _stamp(year, month, day, match.groups()[3:])
    if match := _NUMERIC.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), _year(match[4])
        open_order = first <= 12 and second <= 12 and first != second
        dots = match[2] == "."
        reverse = first > 12 or (second <= 12 and (dots if day_first is None else day_first))
        if day_first is not None and max(first, second) > 12 and (first > 12) != day_first:
            raise ValueError("has no such month")
        day, month = (first, second) if reverse else (second, first)
        stamp = _stamp(year, month, day, match.groups()[4:], ambiguous=open_order and not dots)
        return stamp._replace(by_dots=open_order and dots and day_first is None)
    if number is not None and _EPOCH.fullmatch(text):
        return _instant(float(text) / (1000.0 if number == "epoch_ms" else 1.0))
    if serial and _SERIAL.fullmatch(text):
        seconds = round(float(text) * 86_400.0)
        return _bounded(Stamp(_SERIAL_ZERO + timedelta(seconds=seconds)))
    return _named(text)


def has_order(text: str) -> bool:
    """Whether a date has its day and month as numbers, with the year at its end."""
    return _NUMERIC.match(text) is not None


def day_above_12(text: str) -> bool | None:
    """Whether the day stands first in a date whose day is above 12; None where it cannot be known."""
    match = _NUMERIC.match(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if first > 12 and second <= 12:
        return True
    return False if second > 12 and first <= 12 else None


def read_time(text: str) -> tuple[int, int, int]:
    """
    Hour, minute and second of a time of day.

    Raises
    ------
    ValueError
        If it is none.
    """
    match = _ONLY_TIME.fullmatch(text)
    if match is None:
        raise ValueError("is no time")
    hour, minute, second = _hour(int(match[1]), match[4]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("is no time")
    return hour, minute, second


def read_date(text: str) -> date:
    """
    A date written year first, with or without a time.

    Raises
    ------
    ValueError
        If it is none.
    """
    match = _YEAR_FIRST.match(tidy(text))
    if match is None:
        raise ValueError("is no date")
    return date(int(match[1]), int(match[2]), int(match[3]))


def month_of(word: str) -> int:
    """
    Number of a month by its name or number.

    Raises
    ------
    ValueError
        If it is none.
    """
    if word.isdecimal():
        return int(word)
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(letter)
    )
    month = _MONTHS.get(plain[:4]) or _MONTHS.get(plain[:3])
    if month is None:
        raise ValueError("has no such month")
    return month


def _named(text: str) -> Stamp:
    for pattern, day_at, month_at in ((_NAMED_DAY_FIRST, 1, 2), (_NAMED_MONTH_FIRST, 2, 1)):
        if match := pattern.fullmatch(text):
            month = month_of(match[month_at])
            return _stamp(_year(match[3]), month, int(match[day_at]), match.groups()[3:])
    raise ValueError("is no time")


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _hour(hour: int, half: str | None) -> int:
    """Of 24; some trackers write AM and PM after an hour of 24, where they say nothing new."""
    if half is None or hour > 12 or hour == 0:
        return hour
    return hour % 12 + (12 if half[0] in "Pp" else 0)


def _stamp(year: int, month: int, day: int, rest: tuple[str | None, ...], *, ambiguous: bool = False) -> Stamp:
    hours, mins, secs, half, offset = rest
    if hours is None:
        return _bounded(Stamp(datetime(year, month, day), None, has_time=False, ambiguous=ambiguous))  # noqa: DTZ001
    hour = _hour(int(hours), half)
    midnight = hour == 24 and not int(mins or 0) and not int(secs or 0)
    local = datetime(year, month, day, 0 if midnight else hour, int(mins or 0), int(secs or 0))  # noqa: DTZ001
    return _bounded(Stamp(local + timedelta(days=midnight), _minutes_east(offset), ambiguous=ambiguous))


def _minutes_east(offset: str | None) -> int | None:
    if offset is None:
        return None
    if offset[0] not in "+-":
        return 0
    digits = offset[1:].replace(":", "")
    east = int(digits[:2]) * 60 + int(digits[2:])
    if east > 18 * 60:
        raise ValueError("has no such offset")
    return -east if offset[0] == "-" else east


def _instant(seconds: float) -> Stamp:
    if not 0 <= seconds < 4.2e9:
        raise ValueError("is no time of this century")
    return _bounded(Stamp(datetime.fromtimestamp(round(seconds), UTC).replace(tzinfo=None), 0))


def _bounded(stamp: Stamp) -> Stamp:
    if not EARLIEST <= stamp.local.year <= LATEST:
        raise ValueError(f"is not within {EARLIEST} to {LATEST}")
    return stamp
