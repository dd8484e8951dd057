"""Pumpings and bottles of a record as single sessions of a schedule, which virtual mothers keep too."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lactflow.diagnosis.record import Fact, Record

PUMPED_MIN: Final = 15.0
"""Length of a pumping of the record, which has none [min]. Ours."""
APART_MIN: Final = 1.0
"""Shortest pumping, and what lies between the bottles of an infant [min]: a schedule has nothing shorter."""
_BOTTLES: Final = {"bottle_formula": "formula", "bottle_own_milk": "own_milk"}


def day_of(time_min: float) -> float:
    """Day of lactation, with its fraction, of a time since birth."""
    return 1.0 + time_min / DAY_MIN


def pumping(time_min: float, side: str = "both", minutes: float = PUMPED_MIN) -> dict[str, Any]:
    """A pumping as a schedule has it."""
    return {"day": day_of(time_min), "what": "pump", "side": side, "minutes": minutes}


def sessions_of(record: Record) -> tuple[list[dict[str, Any]], list[str]]:
    """
    Pumpings and bottles of a record as single sessions, and what was assumed of them, one line each.

    A volume for each breast at one time is one pumping; one that is followed by another ends when that begins. Of
    bottles at one time each is a minute after the one before.

    Parameters
    ----------
    record
        That was read.
    """
    pumpings, shorter = _pumpings(record.of("pump"))
    of_bottles = (fact for kind in _BOTTLES for fact in record.of(kind))
    bottles, later = _bottles(sorted(of_bottles, key=lambda fact: (fact.time_min, fact.line)))
    assumed = []
    if shorter:
        assumed.append(f"a pumping takes {PUMPED_MIN:g} min, or ends when the next one begins: {shorter} of them")
    if later:
        assumed.append(f"of bottles at one time each is {APART_MIN:g} min after the one before: {later} of them")
    return [*pumpings, *bottles], assumed


def _pumpings(facts: Sequence[Fact]) -> tuple[list[dict[str, Any]], int]:
    """Pumpings, and how many of them end because another one begins."""
    found: list[tuple[float, set[str]]] = []
    for fact in facts:
        if not found or fact.time_min - found[-1][0] >= APART_MIN:
            found.append((fact.time_min, set()))
        found[-1][1].add(fact.breast or "both")
    lengths = list(_lengths([time_min for time_min, _ in found]))
    sides = [next(iter(of)) if len(of) == 1 else "both" for _, of in found]
    whole = zip(found, sides, lengths, strict=True)
    pumpings = [pumping(time_min, side, minutes) for (time_min, _), side, minutes in whole]
    return pumpings, len([minutes for minutes in lengths if minutes < PUMPED_MIN])


def _lengths(times_min: Sequence[float]) -> Iterator[float]:
    """Minutes of each pumping: the usual ones, or those until the next begins."""
    yield from (min(PUMPED_MIN, later - earlier) for earlier, later in pairwise(times_min))
    if times_min:
        yield PUMPED_MIN


def _bottles(facts: Sequence[Fact]) -> tuple[list[dict[str, Any]], int]:
    """Bottles that held something, and how many of them are put later."""
    found: list[dict[str, Any]] = []
    free_min, later = 0.0, 0
    for fact in facts:
        if not fact.value:
            continue
        time_min = max(fact.time_min, free_min)
        later += time_min > fact.time_min
        free_min = time_min + APART_MIN
        found.append(
            {"day": day_of(time_min), "what": "bottle", "volume_ml": fact.value, "content": _BOTTLES[fact.kind]}
        )
    return found, later
