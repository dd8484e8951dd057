"""
A rival mechanism: one explanation of a record, as a declaration that changes the config of a virtual mother.

One file for each, shipped or a user's own. What a mechanism changes are quantities of the config, what conditions of
the mother act on, interventions and feeds; how severe it is, and when, is drawn for each virtual mother. It is a model
for research and teaching, and says nothing about a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, isfinite, log
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from lactflow.chance import Streams
from lactflow.config.text import found
from lactflow.config.yaml_source import Document, Key
from lactflow.kinetics import plain_sum
from lactflow.parameters.conditions import ACTING
from lactflow.parameters.declaration import Declared, without_lists
from lactflow.pharmacology.rests_on import Reference

DRAW = "draw"
"""Key of what stands for a drawn value in interventions and feeds: `{draw: share}`, or a sum `{draw: [from, days]}`."""
_LONGEST_NAME = 40

Value = float | str


def _plain_name(text: str) -> str:
    if not (text.isascii() and text.isidentifier()):
        msg = "letters, digits and underscores, not beginning with a digit"
        raise ValueError(msg)
    return text


def _word_or_number(value: Any) -> Any:
    if isinstance(value, bool) or not (isinstance(value, (str, int)) or (isinstance(value, float) and isfinite(value))):
        msg = f"found {found(value)} (allowed: numbers and words)"
        raise ValueError(msg)
    return value


Checked = Annotated[Value, BeforeValidator(_word_or_number)]
Name = Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME), AfterValidator(_plain_name)]


class Draw(Declared):
    """One number or word that differs between virtual mothers of a mechanism."""

    what: str = Field(min_length=1, max_length=200, description="What it is, in words")
    unit: str = Field(default="", max_length=20, description="Of a number")
    low: float | None = Field(default=None, description="Smallest")
    high: float | None = Field(default=None, description="Largest")
    scale: Literal["even", "log"] = Field(default="even", description="On which it is drawn evenly")
    among: Annotated[tuple[Checked, ...], BeforeValidator(without_lists), Field(max_length=20)] = Field(
        default=(), description="Values that are equally probable, in place of low and high"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Draw:
        ends = self.low is not None, self.high is not None
        if any(ends) == bool(self.among) or any(ends) != all(ends):
            raise ValueError("it needs either low and high, or among")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        if self.scale == "log" and not (self.low is not None and self.low > 0.0):
            raise ValueError("scale log needs a low above 0")
        return self

    @property
    def is_number(self) -> bool:
        """Whether all that it may be are numbers."""
        return not any(isinstance(value, str) for value in self.among)

    def at(self, share: float) -> Value:
        """
        The value below which a share of virtual mothers lies.

        Parameters
        ----------
        share
            From 0 to 1.
        """
        if self.low is None or self.high is None:
            return self.among[min(int(share * len(self.among)), len(self.among) - 1)]
        if self.scale == "log":
            return exp(log(self.low) + share * (log(self.high) - log(self.low)))
        return self.low + share * (self.high - self.low)


Plain = Annotated[tuple[dict[str, Any], ...], BeforeValidator(without_lists), Field(max_length=20)]


class Rival(Declared):
    """
    A rival mechanism.

    Virtual mothers with it are those of a cohort, drawn as `mother.cohort` draws women, with what follows laid over.
    """

    format: Literal[1]
    mechanism: Name = Field(description="Its name in tables and options")
    title: str = Field(min_length=1, max_length=60, description="Its name in words")
    meaning: str = Field(min_length=1, max_length=500, description="What it is, in a sentence")
    judged: bool = Field(
        default=True, description="Whether it is one of those by which the method was judged (criteria of the docs)"
    )
    draws: dict[Name, Draw] = Field(default_factory=dict, description="What is drawn for each virtual mother")
    acting: dict[str, Name] = Field(
        default_factory=dict,
        description=f"A draw on what conditions of the mother act on: {', '.join(ACTING)}; hours add up with theirs",
    )
    factors: dict[str, Name] = Field(
        default_factory=dict, description="A draw as a factor on a quantity of the config; `infants.*.latch` is of all"
    )
    interventions: Plain = Field(default=(), description="Interventions besides hers, with draws in them")
    feeds: Plain = Field(default=(), description="Phases of feeds in place of hers, with draws in them")
    sources: dict[Name, Reference] = Field(default_factory=dict, description="Where the spread of a draw is from")
    _document: Document | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _goes_together(self) -> Rival:
        for name in self.acting:
            if name not in ACTING:
                raise ValueError(f"acting: there is no {name!r} (allowed: {', '.join(ACTING)})")
        used = [*self.acting.values(), *self.factors.values(), *_named(self.interventions), *_named(self.feeds)]
        for name in (*used, *self.sources):
            if name not in self.draws:
                raise ValueError(f"there is no draw {name!r} (declared: {', '.join(self.draws) or 'none'})")
        for name in self.draws:
            if name not in used:
                raise ValueError(f"the draw {name!r} is not used by acting, factors, interventions or feeds")
        places = _together((self.interventions, self.feeds))
        if () in places:
            raise ValueError("an empty list of draws stands for no value (needed: one name or more)")
        sums = (name for several in places if len(several) > 1 for name in several)
        for name in (*self.acting.values(), *self.factors.values(), *sums):
            if not self.draws[name].is_number:
                raise ValueError(f"the draw {name!r} has words (needed where it is a factor or part of a sum: numbers)")
        return self

    def standing_in(self, document: Document) -> Rival:
        """The same, with the file that it was read from."""
        self._document = document
        return self

    def place(self, path: Key) -> tuple[str | None, int | None, int | None]:
        """File, line and column of one of its keys; nothing of one that was read from no file."""
        document = self._document
        return (None, None, None) if document is None else (document.file, *document.place(path, of_key=True))

    def drawn(self, seed: int, mother: int) -> dict[str, Value]:
        """
        What is drawn for a virtual mother, by the name of the draw.

        Parameters
        ----------
        seed, mother
            Address of her random numbers; those of one draw do not depend on what else is drawn.
        """
        streams = Streams(seed, mother)
        return {
            name: draw.at(float(streams.at(f"mechanism {self.mechanism}: {name}").random()))
            for name, draw in self.draws.items()
        }


def _named(entries: Any) -> list[str]:
    """Names of all draws that plain data have in them."""
    return [name for several in _together(entries) for name in several]


def _together(entries: Any) -> list[tuple[str, ...]]:
    """The same, by the place at which they stand: more than one where they are a sum."""
    if isinstance(entries, Mapping):
        if set(entries) == {DRAW}:
            given = entries[DRAW]
            return [tuple(str(each) for each in (given if isinstance(given, tuple) else (given,)))]
        return [several for each in entries.values() for several in _together(each)]
    if isinstance(entries, Sequence) and not isinstance(entries, str):
        return [several for each in entries for several in _together(each)]
    return []


def filled(entries: Any, values: Mapping[str, Value]) -> Any:
    """
    Plain data with the values of draws in the place of their names.

    Parameters
    ----------
    entries
        Interventions or feeds of a mechanism.
    values
        By the name of the draw.
    """
    if isinstance(entries, Mapping):
        if set(entries) == {DRAW}:
            given = entries[DRAW]
            names = given if isinstance(given, tuple) else (given,)
            return values[names[0]] if len(names) == 1 else plain_sum([float(values[name]) for name in names])
        return {key: filled(each, values) for key, each in entries.items()}
    if isinstance(entries, tuple):
        return tuple(filled(each, values) for each in entries)
    return entries
