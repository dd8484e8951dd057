"""What each number of a drug rests on: its source, or the word for a number that has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, Field

from lactflow.parameters.declaration import Declared, WrongKeyError

if TYPE_CHECKING:
    from lactflow.pharmacology.declared import Drug

OWN = "own"
"""The use of a number that a config has put in the place of a shipped one, without a source."""
PLACEHOLDER = "Authors year journal volume:page"
"""What stands in place of a source in a file that has just been begun: no source."""
NO_VALUES = ("format", "drug", "title", "sources", "uses", "quantities")
"""Keys of a declaration that need no source."""


class Reference(Declared):
    """Where a number was read, and whether whoever wrote it down has seen the page."""

    cite: str = Field(min_length=3, max_length=500, description="Authors, year, journal, volume and page")
    locator: str = Field(default="", max_length=300, description="Place in it: table, page, abstract")
    seen: bool = Field(default=False, description="Whether the page was read, not remembered or taken from others")
    doi: str | None = Field(default=None, max_length=200, description="Digital object identifier")
    pmid: int | None = Field(default=None, ge=1, le=10**9, description="Number in PubMed")


class Resting(NamedTuple):
    """
    One number of a drug, and what it rests on.

    Attributes
    ----------
    key
        Dotted path in its file; metabolites stand there by name, other lists by number.
    value
        In the unit that its key says.
    source
        Where it was read; None without.
    use
        What it rests on where it is no plain measurement; empty when that is not said.
    """

    key: str
    value: float
    source: Reference | None
    use: str


def leaves(of: BaseModel, path: str = "") -> Iterator[tuple[str, object, bool]]:
    """
    Every value of a declaration that may have a source.

    Parameters
    ----------
    of
        A drug or a part of one.
    path
        Dotted path of it; empty for the whole drug.

    Returns
    -------
    Of each its dotted path (metabolites by name, other lists by number), the value, and whether it differs from what is
    taken when the key is left out.
    """
    for name, field in type(of).model_fields.items():
        if name in NO_VALUES:
            continue
        value, key = getattr(of, name), field.alias or name
        at, differs = f"{path}.{key}" if path else key, value != field.get_default()
        if isinstance(value, BaseModel):
            yield from leaves(value, at)
        elif isinstance(value, dict):
            for inner, each in value.items():
                yield from leaves(each, f"{at}.{inner}")
        elif isinstance(value, tuple):
            for number, each in enumerate(value):
                yield from leaves(each, f"{at}.{getattr(each, 'drug', number)}")
        else:
            yield at, value, differs


def covers(key: str, path: str) -> bool:
    """
    Whether a key of `sources` or `uses` is about the value at a path.

    Parameters
    ----------
    key
        The path, its end from some dot on, or a section that it stands in.
    path
        Dotted.
    """
    return path == key or path.endswith(f".{key}") or path.startswith(f"{key}.")


def numbers_of(drug: Drug) -> list[Resting]:
    """
    Every number that a declaration gives, with its source and use.

    Parameters
    ----------
    drug
        Declared; numbers that were left out are those of the model, and not among them.
    """
    return [
        _resting(drug, path, float(value))
        for path, value, given in leaves(drug)
        if given and isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _resting(drug: Drug, path: str, value: float) -> Resting:
    """A number that a config has put in the place of a shipped one does not rest on the source of that."""
    use = drug.uses.get(_of(path, drug.uses), "")
    source = None if use == OWN else drug.sources.get(_of(path, drug.sources))
    if source is not None and source.cite == PLACEHOLDER:
        source = None
    return Resting(path, value, source, use)


def without_source(drug: Drug) -> list[str]:
    """Keys of the numbers that have neither source nor use, in the order of the file."""
    return [each.key for each in numbers_of(drug) if each.source is None and not each.use]


def _of(path: str, keys: Iterable[str]) -> str:
    """The key about a path that says most about it; empty when none is."""
    return max((key for key in keys if covers(key, path)), key=len, default="")


def check_keys(drug: Drug) -> None:
    """
    Check that sources and uses are about something that the drug has.

    Raises
    ------
    WrongKeyError
        With the first key that is about nothing, and the nearest one.
    """
    paths = [path for path, _, _ in leaves(drug)]
    sections = [path.rsplit(".", number)[0] for path in paths for number in range(path.count("."), 0, -1)]
    known = list(dict.fromkeys([*sections, *(path.rsplit(".", 1)[-1] for path in paths), *paths]))
    for name, keys in (("sources", drug.sources), ("uses", drug.uses)):
        for key in keys:
            if not any(covers(key, path) for path in paths):
                near = get_close_matches(key, known, n=1)
                hint = f"; nearest: {near[0]}" if near else ""
                raise WrongKeyError(f"the drug has no {key!r} (allowed: keys of this drug{hint})", name, key)
