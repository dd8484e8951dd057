"""User text in messages: one line, no control characters, cut; and the nearest known name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

LONGEST_SHOWN = 60
"""Characters of user text in a message: enough to recognise it."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_LONGEST_COMPARED = 100
"""difflib is quadratic in the length; no known name comes near this."""


def cut(text: str) -> str:
    """At most `LONGEST_SHOWN` characters, the last of them dots where something was left out."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def quoted(text: str) -> str:
    """User text in quotes, escaped and cut."""
    return cut(repr(text[: LONGEST_SHOWN + 1]))


def found(value: Any) -> str:  # noqa: PLR0911 - one answer for each type
    """
    A value of a config in words, as its author wrote it.

    Parameters
    ----------
    value
        Plain data, or whatever a caller from Python gave.
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"text {quoted(value)}"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, int):
        # Python refuses to write out integers of thousands of digits.
        return cut(str(value)) if value.bit_length() < 512 else f"a number of {value.bit_length()} bits"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return f"a Python {type(value).__name__}"


def shown_path(path: object) -> str:
    """A path as the user wrote it, or escaped when it would break the line."""
    text = str(path)
    return text if text.isprintable() and len(text) <= 4 * LONGEST_SHOWN else quoted(text)


def dotted(path: Iterable[str | int]) -> str:
    """Key path as one word: `schedule.0.hours`."""
    parts = (str(part) for part in path)
    return ".".join(part if _PLAIN_KEY.fullmatch(part) else quoted(part) for part in parts)


def nearest(word: str, known: Sequence[str], cutoff: float = 0.6) -> str | None:
    """The known name most like `word`, None when none is."""
    word = word[:_LONGEST_COMPARED]
    by_case = {name.casefold(): name for name in known}
    matches = get_close_matches(word.casefold(), list(by_case), n=1, cutoff=cutoff)
    return by_case[matches[0]] if matches else None


def several_nearest(word: str, known: Sequence[str], most: int = 3) -> list[str]:
    """The known names most like `word`, the nearest first; none where none is like it."""
    by_case = {name.casefold(): name for name in known}
    found = get_close_matches(word[:_LONGEST_COMPARED].casefold(), list(by_case), n=most)
    return [by_case[name] for name in found]


def date_of(text: str) -> date:
    """
    A date as the user wrote it.

    Raises
    ------
    ValueError
        If it is not written as YYYY-MM-DD.
    """
    try:
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        msg = f"{quoted(text)} is no date (allowed: YYYY-MM-DD)"
        raise ValueError(msg) from None


def counted(number: int, one: str, many: str | None = None) -> str:
    """
    A number with its noun: `1 row`, `1,200 rows`.

    Parameters
    ----------
    number
        0 or more.
    one, many
        The noun; many is one with an s when left out.
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def choices(known: Sequence[str], most: int = 20) -> str:
    """Known names in a row, the rest counted."""
    rest = len(known) - most
    return ", ".join(known[:most]) + (f" and {rest} more" if rest > 0 else "")
