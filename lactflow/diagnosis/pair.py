"""
Two mechanisms at once, as one declaration: what both change is changed, and each is drawn as it is alone.

Mother number n of the pair has the severity that mother number n has of either mechanism alone, so that the three
differ in what they have and in nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from lactflow.config.keys import matching
from lactflow.config.model import RunConfig
from lactflow.config.text import dotted
from lactflow.diagnosis.files import NONE
from lactflow.diagnosis.rival import DRAW, Rival, Value
from lactflow.parameters.conditions import ACTING

AND: Final = "+"
"""Between the names of two mechanisms, in that of both: in no name of one."""


class Both(Rival):
    """
    Two mechanisms at once; made by `both`, and declared in no file.

    Attributes
    ----------
    of
        The two. Draws of this one have their names behind that of their mechanism.
    """

    of: tuple[Rival, Rival]

    def drawn(self, seed: int, mother: int) -> dict[str, Value]:
        """What is drawn for a virtual mother: for each mechanism the same as where she has it alone."""
        return {_named(each, name): value for each in self.of for name, value in each.drawn(seed, mother).items()}


def both(first: Rival, second: Rival) -> Both:
    """
    Two mechanisms at once.

    Parameters
    ----------
    first, second
        Which; they can act together (`apart`). The order decides about the name alone.
    """
    of = (first, second)
    # Both were checked; together their names are longer than those of one file may be.
    return Both.model_construct(
        format=1,
        mechanism=AND.join(each.mechanism for each in of),
        title=" and ".join(each.title for each in of),
        meaning=" ".join(each.meaning for each in of),
        judged=False,
        draws={_named(each, name): draw for each in of for name, draw in each.draws.items()},
        acting={on: _named(each, name) for each in of for on, name in each.acting.items()},
        factors={key: _named(each, name) for each in of for key, name in each.factors.items()},
        interventions=tuple(_renamed(entry, each) for each in of for entry in each.interventions),
        feeds=tuple(_renamed(entry, each) for each in of for entry in each.feeds),
        sources={_named(each, name): source for each in of for name, source in each.sources.items()},
        of=of,
    )


def apart(base: RunConfig, first: Rival, second: Rival) -> str | None:
    """
    Why two mechanisms cannot act together, in words; None where they can.

    Parameters
    ----------
    base
        Config of ordinary virtual mothers.
    first, second
        The two.
    """
    if first.feeds and second.feeds:
        return "both say when feeds are"
    keys = _common(_keys(base, first), _keys(base, second))
    if keys:
        return f"both set {keys}"
    kinds = _common(_kinds(first), _kinds(second))
    return f"both are an intervention {kinds}" if kinds else None


def leading(names: Iterable[str], rivals: Sequence[Rival]) -> tuple[Rival, Rival] | None:
    """
    The two most probable mechanisms that change something, in the order of tables; None where there is only one.

    Parameters
    ----------
    names
        Of the mechanisms, the most probable first.
    rivals
        The same in the order of tables, so that a pair has one name, and one place in the cache.
    """
    two = [name for name in names if name != NONE][:2]
    kept = [rival for rival in rivals if rival.mechanism in two]
    return (kept[0], kept[1]) if len(kept) == 2 else None


def _named(rival: Rival, draw: str) -> str:
    return f"{rival.mechanism}.{draw}"


def _renamed(entries: Any, rival: Rival) -> Any:
    """Plain data with the names that draws of a mechanism have in a pair."""
    if isinstance(entries, Mapping):
        if set(entries) == {DRAW}:
            given = entries[DRAW]
            names = given if isinstance(given, tuple) else (given,)
            return {DRAW: tuple(_named(rival, str(name)) for name in names)}
        return {key: _renamed(each, rival) for key, each in entries.items()}
    return tuple(_renamed(each, rival) for each in entries) if isinstance(entries, tuple) else entries


def _keys(base: RunConfig, rival: Rival) -> Iterator[str]:
    """Quantities of the config that a mechanism changes."""
    for on in rival.acting:
        yield from ACTING[on].keys
    for key in rival.factors:
        yield from map(dotted, matching(base, key))


def _kinds(rival: Rival) -> Iterator[str]:
    """Kinds of its interventions."""
    for entry in rival.interventions:
        yield str(entry.get("kind"))


def _common(first: Iterable[str], second: Iterable[str]) -> str:
    """What is among both, in words; empty for nothing."""
    among = {*second}
    return ", ".join(dict.fromkeys(each for each in first if each in among))
