"""
The keys `stations`, `signals` and `analytes` of a config: names of additions, and quantities of those that have some.

A config names additions in a list, or in a mapping that has a group of quantities below each name:

    signals: [caffeine_in_plasma]
    signals: {caffeine_in_plasma: {half_life_h: 7}}

Where none of the named ones has quantities the key is a tuple of names. Otherwise it is a `Named`, which is made for
those names, so that quantities are checked, listed and cited like those of the reference mother. It reads lists too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field, create_model, model_validator

from lactflow.parameters.declaration import Declared

NAMED = ("stations", "signals", "analytes")
"""Keys of a config that name additions; kinds of schedule are named by their word in `schedule`."""

GroupOf = tuple[str, type[Declared] | None]
"""An addition that a config names, and the group of its quantities; None where no package adds it."""


class NoQuantities(Declared):
    """What stands below the name of an addition that has no quantities: nothing."""


class Named(Declared):
    """Additions of one kind by name, each with its quantities; subclasses have a field for each name, by its alias."""

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, data: Any) -> Any:
        """A list of names has the defaults of each."""
        if not isinstance(data, list | tuple) or not all(isinstance(name, str) for name in data):
            return data
        twice = next((name for number, name in enumerate(data) if name in data[:number]), None)
        if twice is not None:
            raise ValueError(f"{twice!r} is named twice")
        return by_name(data)


def by_name(data: Any) -> Any:
    """A list of names as a mapping without values, for those that are laid over it; anything else as it is."""
    return {name: {} for name in data} if isinstance(data, list | tuple) else data


def names_in(value: object) -> tuple[str, ...]:
    """Names of additions in plain data of a key, a list or a mapping; those that are no text are left out."""
    entries = value if isinstance(value, list | tuple | dict) else ()
    return tuple(dict.fromkeys(name for name in entries if isinstance(name, str)))


def named_type(key: str, groups: Sequence[GroupOf]) -> type[Named]:
    """
    The type of a key that names these additions.

    Parameters
    ----------
    key
        One of `NAMED`.
    groups
        Each name with its quantities. Anything may stand below a name that no package adds: that it is unknown is said
        once, when additions are looked up.
    """
    fields: dict[str, Any] = {
        f"added_{number}": (Any, Field(default=None, alias=name))
        if group is None
        else (group, Field(default_factory=group, alias=name, description=_first_line(group)))
        for number, (name, group) in enumerate(groups)
    }
    return create_model(key.capitalize(), __base__=Named, **fields)


def entries_of(value: tuple[str, ...] | Named) -> Iterator[tuple[str, Declared | None]]:
    """The additions that a key of a valid config names, each with its quantities; None for the defaults."""
    if not isinstance(value, Named):
        yield from ((name, None) for name in value)
        return
    for field, declared in type(value).model_fields.items():
        quantities = getattr(value, field)
        yield declared.alias or field, quantities if isinstance(quantities, Declared) else None


def _first_line(group: type[Declared]) -> str:
    return (group.__doc__ or "").strip().partition("\n")[0]
