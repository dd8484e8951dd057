"""Scenarios that have a past in common: what differs between them, and from which day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from lactflow.config.bottles import bottle_names, ways_of_storing
from lactflow.config.model import RunConfig
from lactflow.config.text import cut, found
from lactflow.dyad.schedule import Phase, phase_starts
from lactflow.errors import Problem

_WITHOUT_EFFECT = ("format", "name", "title", "replicates", "days", "record")
"""Keys that act on nothing that happens: they may differ from one another's."""
_FROM_A_DAY_ON = ("schedule", "interventions")
_MISSING = object()


def earlier_differences(past: RunConfig, future: RunConfig, day: float) -> list[Problem]:
    """
    Where a config differs from another one in something that acts before a day.

    Parameters
    ----------
    past, future
        The configs.
    day
        The day from which on they may differ.

    Returns
    -------
    A problem for each key; none where the futures have that past.
    """
    problems = []
    mine, its = (each.model_dump(mode="json", by_alias=True) for each in (past, future))
    for key in dict.fromkeys([*mine, *its]):
        if key in _WITHOUT_EFFECT or key in _FROM_A_DAY_ON:
            continue
        for path, one, other in _leaves(key, mine.get(key, _MISSING), its.get(key, _MISSING)):
            difference = f"is {_shown(other)}, but {_shown(one)} before: it acts from the start"
            problems.append(
                Problem(f"{difference} (allowed to differ: schedule and interventions from day {day:g} on)", key=path)
            )
    problems += _differing_entries("schedule", _begun(past, day), _begun(future, day), day)
    problems += _differing_entries("interventions", _acting(past, day), _acting(future, day), day)
    return problems


def parting_day(configs: Sequence[RunConfig]) -> float | None:
    """
    The day from which on the schedules of scenarios differ.

    Parameters
    ----------
    configs
        Two or more.

    Returns
    -------
    Infinity where they never do; None where something else differs, or the tables that they have, so that they have no
    past in common.
    """
    first, *others = configs
    for other in others:
        if other.model_copy(update=_unlike_in_effect(first)) != first:
            return None
        for tables in (bottle_names, ways_of_storing):
            if bool(tables(other)) is not bool(tables(first)):
                return None  # only one of them has the tables of bottles, or that of what storing takes
    days = []
    for other in others:
        mine, its = (
            list(zip(phase_starts(each.schedule, each.start_day), each.schedule, strict=True))
            for each in (first, other)
        )
        common = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(mine, its, strict=False))))
        days += [start for start, _ in (*mine[common:], *its[common:])]
    return max(first.start_day, min(days)) if days else float("inf")


def _unlike_in_effect(config: RunConfig) -> dict[str, object]:
    """Values of the keys that may differ between scenarios of one past."""
    return {key: getattr(config, key) for key in ("name", "title", "schedule")}


def _begun(config: RunConfig, day: float) -> list[Phase]:
    """Phases of a schedule that begin before a day."""
    starts = phase_starts(config.schedule, config.start_day)
    return [phase for start, phase in zip(starts, config.schedule, strict=True) if start < day]


def _acting(config: RunConfig, day: float) -> list[Any]:
    return [each for each in config.interventions if each.start_day < day]


def _differing_entries(key: str, mine: Sequence[Any], its: Sequence[Any], day: float) -> list[Problem]:
    """The first entry of a list that differs from that of the past."""
    for number in range(max(len(mine), len(its))):
        pair = [entries[number] if number < len(entries) else None for entries in (mine, its)]
        if pair[0] != pair[1]:
            one, other = ("nothing" if each is None else f"{each.kind} from {_start(each)}" for each in pair)
            differs = f"is {other}, but {one} before: it acts before day {day:g}"
            return [
                Problem(f"{differs} (allowed to differ: what begins on day {day:g} or later)", key=f"{key}.{number}")
            ]
    return []


def _start(entry: Any) -> str:
    day = entry.begins_day if isinstance(entry, Phase) else entry.start_day
    return "the start" if day is None else f"day {day:g}"


def _leaves(path: str, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """Keys below a key that have different values, with both."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            yield from _leaves(f"{path}.{key}", one.get(key, _MISSING), other.get(key, _MISSING))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from _leaves(f"{path}.{number}", *pair)
    elif one != other:
        yield path, one, other


def _shown(value: Any) -> str:
    return "missing" if value is _MISSING else cut(found(value))
