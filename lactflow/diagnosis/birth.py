"""The birth in a clinical record: when it was, and what its note has about it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from lactflow.config.text import choices, nearest, quoted

Mode = Literal["vaginal", "caesarean"]

_MODES: Final[dict[str, Mode]] = {
    "vaginal": "vaginal",
    "spontaneous": "vaginal",
    "forceps": "vaginal",
    "vacuum": "vaginal",
    "caesarean": "caesarean",
    "cesarean": "caesarean",
    "c-section": "caesarean",
    "section": "caesarean",
}
_COUNTS: Final = {"singleton": 1, "twins": 2, "triplets": 3, "quadruplets": 4}
_GESTATION = re.compile(r"(\d{2})(?:\s*(?:\+|w|wk|wks|weeks?)\s*([0-6])?\s*(?:d|days?)?|[.,](\d))?", re.ASCII)
_PAIR = re.compile(r"([a-z ]+?)\s*[:=]\s*(.+)", re.IGNORECASE | re.ASCII)
_ALIKE = 0.75
"""Likeness to a known name (difflib's ratio) above which an unknown one is a slip of the pen and no other word."""
_NAMES: Final = ("mode", "gestation", "parity", "plurality")
SHORTEST_WEEKS, LONGEST_WEEKS = 22.0, 44.0
"""Gestations that are read: no earlier newborn is fed."""
MOST_BIRTHS, MOST_INFANTS = 20, 4


class Birth(NamedTuple):
    """
    The birth that time is counted from; None where the record does not say.

    Attributes
    ----------
    time
        On the clock of the record.
    line
        Where it stands.
    weight_kg
        Of the newborn.
    mode
        `vaginal` or `caesarean`.
    gestation_weeks
        At birth.
    parity
        Births of the mother, this one among them.
    plurality
        Infants of this birth.
    others
        Whether its note has other words, which are not read.
    """

    time: datetime
    line: int
    weight_kg: float | None = None
    mode: Mode | None = None
    gestation_weeks: float | None = None
    parity: int | None = None
    plurality: int | None = None
    others: bool = False

    @property
    def in_words(self) -> str:
        """What is known of it, for a summary."""
        first = (
            None if self.parity is None else ("her first" if self.parity == 1 else f"her birth number {self.parity}")
        )
        weeks = None if self.gestation_weeks is None else f"{self.gestation_weeks:.1f} weeks"
        weight = None if self.weight_kg is None else f"{self.weight_kg:.3f} kg"
        infants = None if self.plurality in (None, 1) else f"{self.plurality} infants"
        known = [each for each in (weight, self.mode, weeks, first, infants) if each is not None]
        return ", ".join([f"{self.time:%Y-%m-%d %H:%M}", *known])


def read_note(note: str) -> tuple[dict[str, Any], bool]:
    """
    What the note of a birth says of it.

    Parameters
    ----------
    note
        `mode: caesarean; gestation: 39+2; parity: 1; plurality: 1`, any of these, with `:` or `=`, parted by
        semicolons or commas. A mode or `twins` may stand alone.

    Returns
    -------
    Fields of `Birth`, and whether other words stand there.

    Raises
    ------
    ValueError
        If a value is none that is allowed, or a name stands there twice, or is nearly one that is known.
    """
    found: dict[str, Any] = {}
    others = False
    for part in filter(None, (each.strip() for each in re.split(r"[;,](?!\d)", note))):
        match = _PAIR.fullmatch(part)
        fields = _alone(part.casefold()) if match is None else _named(match[1].casefold(), match[2].casefold())
        others = others or not fields
        for name, value in fields.items():
            if found.setdefault(name, value) != value:
                raise ValueError(f"its note has two words for {name} (allowed: one)")
    return found, others


def _alone(word: str) -> dict[str, Any]:
    if word in _MODES:
        return {"mode": _MODES[word]}
    return {"plurality": _COUNTS[word]} if word in _COUNTS else {}


def _named(name: str, value: str) -> dict[str, Any]:
    if name == "mode":
        if value not in _MODES:
            raise ValueError(f"its mode {quoted(value)} is unknown (allowed: vaginal, caesarean)")
        return {"mode": _MODES[value]}
    if name == "gestation":
        return {"gestation_weeks": _weeks(value)}
    if name == "parity":
        return {"parity": _count(name, value, MOST_BIRTHS, "; this birth counts")}
    if name == "plurality":
        return {"plurality": _COUNTS.get(value) or _count(name, value, MOST_INFANTS, "")}
    if match := nearest(name, _NAMES, _ALIKE):
        raise ValueError(f"its note has an unknown {quoted(name)} (allowed: {choices(_NAMES)}; nearest: {match})")
    return {}


def _weeks(value: str) -> float:
    match = _GESTATION.fullmatch(value)
    if match is None:
        raise ValueError(f"its gestation {quoted(value)} is no number of weeks (allowed: such as 39+2 or 39.3)")
    weeks = int(match[1]) + int(match[2] or 0) / 7.0 + int(match[3] or 0) / 10.0
    if not SHORTEST_WEEKS <= weeks <= LONGEST_WEEKS:
        raise ValueError(f"its gestation of {weeks:.3g} weeks is outside {SHORTEST_WEEKS:g} to {LONGEST_WEEKS:g} weeks")
    return weeks


def _count(name: str, value: str, most: int, remark: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= most):
        raise ValueError(f"its {name} {quoted(value)} is no number from 1 to {most}{remark}")
    return int(value)
