"""
Durations, volumes and weights as people and trackers write them.

A cell is read whole or not at all: what is no quantity raises ValueError, and the row is reported by its line. Nothing
here repeats the text of a cell, since it may be a name or a note.
"""

from __future__ import annotations

import re

from lactflow.config.logs.cells import KG_PER_UNIT, MIN_PER_UNIT, ML_PER_UNIT, OUNCE_ML, POUND_KG
from lactflow.units import HOUR_MIN

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,20})?|\.\d{1,20}", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){1,2}(?:\.\d{1,9})?", re.ASCII)
_COMMA = re.compile(r"\d{1,9},\d{1,9}", re.ASCII)
_COLONS = re.compile(r"(\d{1,4}):(\d{1,2})(?::(\d{1,2}))?(?:\.\d{1,6})?", re.ASCII)
_DURATION = re.compile(
    r"(?:([\d.,]+)\s*(?:h|hr|hrs|hours?|std|時間|小时)\.?)?\s*"
    r"(?:([\d.,]+)\s*(?:m|min|mins|minutes?|minuten|分|分钟)\.?)?\s*"
    r"(?:([\d.,]+)\s*(?:s|sec|secs|seconds?|sekunden|秒)\.?)?",
    re.IGNORECASE,
)
_VALUE_UNIT = re.compile(r"([\d.,]+)\s*([^\W\d][\w. ]*\.?)?")
_POUNDS_OUNCES = re.compile(r"([\d.]+)\s*lbs?\.?,?\s+([\d.]+)\s*oz\.?", re.IGNORECASE)

_MINUTES = {"minutes": 1.0, "seconds": 1.0 / 60.0, "milliseconds": 1.0 / 60_000.0, "hours": HOUR_MIN}
_DURATION_WORDS = {
    **{word: name for word, factor in MIN_PER_UNIT.items() for name in _MINUTES if _MINUTES[name] == factor},
    "minute": "minutes",
    **dict.fromkeys(("secs", "second", "seconds"), "seconds"),
    **dict.fromkeys(("ms", "millis", "milliseconds"), "milliseconds"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("mm:ss", "m:ss"), "m:ss"),
    **dict.fromkeys(("hh:mm", "h:mm"), "h:mm"),
}
_VOLUME_WORDS = {
    **ML_PER_UNIT,
    **dict.fromkeys(("mls", "millilitre", "millilitres"), 1.0),
    **dict.fromkeys(("ozs", "usfloz", "fluidounces", "fluidounce", "flounce"), OUNCE_ML),
}
_WEIGHT_WORDS = {
    **KG_PER_UNIT,
    **dict.fromkeys(("kgs", "kilogram", "kilograms"), 1.0),
    **dict.fromkeys(("gr", "gram", "grams"), 0.001),
    **dict.fromkeys(("pound", "pounds"), POUND_KG),
    "oz": POUND_KG / 16.0,
}


class NoUnitError(ValueError):
    """A quantity without a unit, where nothing says which it is."""


def word_of(text: str) -> str:
    """A unit as in the tables here: lower case, without dots, spaces and underscores."""
    return text.casefold().replace(".", "").replace(" ", "").replace("_", "")


def duration_word(text: str) -> str | None:
    """What a unit of a header states about durations: `minutes`, `m:ss` and so on; None when it says nothing."""
    return _DURATION_WORDS.get(word_of(text))


def is_unit(text: str) -> bool:
    """Whether a word in brackets at the end of a header is a unit."""
    word = word_of(text)
    return word in _DURATION_WORDS or word in _VOLUME_WORDS or word in _WEIGHT_WORDS


def number(text: str, *, comma_decimal: bool = False) -> float:
    """
    A number that is not negative.

    Parameters
    ----------
    text
        Without spaces around it.
    comma_decimal
        Whether a comma before three digits is a decimal sign, as where cells are separated by something else.

    Raises
    ------
    ValueError
        If it is none.
    """
    if _NUMBER.fullmatch(text):
        return float(text)
    if not comma_decimal and _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    if _COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    raise ValueError("is no number")


def comma_of(text: str, *, comma_decimal: bool = False) -> str:
    """What a comma in a number is: `decimal`, `thousands`, or nothing where there is none."""
    if "," not in text:
        return ""
    match = _VALUE_UNIT.fullmatch(text)
    grouped = match is not None and not comma_decimal and _THOUSANDS.fullmatch(match[1]) is not None
    return "thousands" if grouped else "decimal"


def minutes(text: str, of_number: str, of_colon: str, *, comma_decimal: bool = False) -> float:
    """
    A duration in minutes.

    Parameters
    ----------
    text
        A number, `H:MM`, `M:SS`, `H:MM:SS`, or with its units such as `1h 20m`.
    of_number
        What a bare number counts: `minutes`, `seconds`, `milliseconds`, `hours`.
    of_colon
        What two numbers with a colon are: `h:mm` or `m:ss`.
    comma_decimal
        As of `number`.

    Raises
    ------
    ValueError
        If it is no duration.
    """
    if match := _COLONS.fullmatch(text):
        first, second, third = (int(part or 0) for part in match.groups())
        if second > 59 or third > 59:
            raise ValueError("is no duration")
        if match[3] is not None:
            return first * 60.0 + second + third / 60.0
        return first * 60.0 + second if of_colon == "h:mm" else first + second / 60.0
    try:
        return number(text, comma_decimal=comma_decimal) * _MINUTES[of_number]
    except ValueError:
        match = _DURATION.fullmatch(text)
        if match is None or not any(match.groups()):
            raise ValueError("is no duration") from None
        hours, mins, secs = (number(part) if part else 0.0 for part in match.groups())
        return hours * 60.0 + mins + secs / 60.0


def millilitres(text: str, factor: float | None, *, comma_decimal: bool = False) -> float:
    """
    A volume in millilitres.

    Parameters
    ----------
    text
        A number, or a number with its unit.
    factor
        Millilitres in one of a number without a unit; None when nothing says.
    comma_decimal
        As of `number`.

    Raises
    ------
    NoUnitError
        If it has no unit and nothing says which.
    ValueError
        If it is no volume.
    """
    return _measured(text, factor, _VOLUME_WORDS, comma_decimal=comma_decimal)


def kilograms(text: str, factor: float | None, *, comma_decimal: bool = False) -> float:
    """
    A weight in kilograms; parameters and errors as of `millilitres`, and `8 lb 3 oz` is read too.

    Raises
    ------
    NoUnitError
        If it has no unit and nothing says which.
    ValueError
        If it is no weight.
    """
    if match := _POUNDS_OUNCES.fullmatch(text):
        return (number(match[1]) + number(match[2]) / 16.0) * POUND_KG
    return _measured(text, factor, _WEIGHT_WORDS, comma_decimal=comma_decimal)


def volume_factor(unit: str) -> float | None:
    """Millilitres in one of a unit, None for an unknown one."""
    return _VOLUME_WORDS.get(word_of(unit))


def in_ounces(text: str, factor: float | None) -> bool:
    """Whether a volume is written in ounces; `factor` is that of a number without a unit."""
    match = _VALUE_UNIT.fullmatch(text)
    own = _VOLUME_WORDS.get(word_of(match[2])) if match is not None and match[2] else factor
    return own == OUNCE_ML


def weight_factor(unit: str) -> float | None:
    """Kilograms in one of a unit, None for an unknown one."""
    return _WEIGHT_WORDS.get(word_of(unit))


def _measured(text: str, factor: float | None, words: dict[str, float], *, comma_decimal: bool) -> float:
    match = _VALUE_UNIT.fullmatch(text)
    if match is None:
        raise ValueError("is no quantity")
    value = number(match[1], comma_decimal=comma_decimal)
    if match[2]:
        own = words.get(word_of(match[2]))
        if own is None:
            raise ValueError("has an unknown unit")
        return value * own
    if factor is None:
        raise NoUnitError("has no unit")
    return value * factor
