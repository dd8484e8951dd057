"""
The library of a config: what it says of drugs, of its own and of others, in any of the forms that it may have.

`drug_library` is a mapping of declarations by name, a path of a file or a folder beside the config, or a list of these.
What a mapping says of a drug of a file, or of a shipped one, is laid over that. Once a config is resolved it holds the
whole declaration of every drug that it takes, so that it repeats its run whatever the library becomes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.config.drugs.files import below, no_such_drug, shipped_data, shipped_drugs, whole
from lactflow.config.logs.collection import Where
from lactflow.config.text import dotted, found, nearest, quoted
from lactflow.config.tree import Key
from lactflow.config.yaml_source import Document
from lactflow.dyad.interventions import SHORTHANDS
from lactflow.errors import Problem
from lactflow.parameters.declaration import without_lists
from lactflow.pharmacology.declared import is_drug_name

LIBRARY = "drug_library"
_Entries = Sequence[tuple[Key, Any]]
"""Entries of a library with their keys; one that is no list is the only entry."""


class Declaration(NamedTuple):
    """
    Where a drug is declared.

    Attributes
    ----------
    document
        Its file; None for the config itself.
    before
        Key path of the declaration in that.
    """

    document: Document | None
    before: Key


class Read(NamedTuple):
    """
    What a config's library is.

    Attributes
    ----------
    data
        Plain data of the config, its library as a mapping of whole declarations.
    problems
        What is wrong with paths and files.
    declared
        Where each drug that is not just shipped is declared, by its name; what lies over the other comes first.
    """

    data: dict[str, Any]
    problems: list[Problem]
    declared: Mapping[str, Sequence[Declaration]] = {}


def with_library(data: dict[str, Any], folder: Path, shown_folder: Path, where: Where) -> Read:
    """
    Read the library of a config, and add the shipped drugs that it takes.

    Parameters
    ----------
    data
        Plain data of the config, not yet validated; nothing in it is relied on.
    folder, shown_folder
        Of the config, and the same as the user wrote it.
    where
        Finds the place of a key for messages.
    """
    given = data.get(LIBRARY)
    if given is not None and not isinstance(given, str | Mapping | tuple):
        return Read(data, [])  # which is wrong by itself
    reader = _Reader(where)
    entries: _Entries = [((LIBRARY,), given)] if given is not None else []
    if isinstance(given, tuple):
        entries = [((LIBRARY, number), each) for number, each in enumerate(given)]
    for key, each in entries:
        if isinstance(each, str):
            reader.take_files(below(folder, shown_folder, each, (key, where), reader.problems), each, key)
    for key, each in entries:  # over all files, wherever it stands among them
        if isinstance(each, Mapping):
            reader.lay_over(each, key)
        elif not isinstance(each, str):
            reader.refuse(f"found {found(each)} (allowed: the path of a file or a folder, or a mapping of names)", key)
    taken = [name for name in _taken(data) if name not in reader.drugs and name in shipped_drugs()]
    drugs = reader.drugs | {name: dict(shipped_data(name)) for name in taken}
    if not drugs and LIBRARY not in data:
        return Read(data, reader.problems)
    return Read({**data, LIBRARY: drugs}, reader.problems, reader.declared)


class _Reader:
    """Collects the drugs of a library, where they are declared, and what is wrong."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self.drugs: dict[str, Any] = {}
        self.declared: dict[str, list[Declaration]] = {}
        self.problems: list[Problem] = []

    def refuse(self, message: str, key: Key) -> None:
        """Something is wrong with an entry."""
        self.problems.append(Problem(message, *self._where(key), dotted(key)))

    def take_files(self, files: Iterator[tuple[str, dict[str, Any], Document]], path: str, key: Key) -> None:
        """Drugs of the files of one path."""
        for name, one, document in files:
            if name in self.drugs:
                other = f"declares {name!r}, which another file does too"
                self.refuse(f"{quoted(path)} {other} (allowed: one of them)", key)
            self.drugs[name], self.declared[name] = one, [Declaration(document, ())]

    def lay_over(self, given: Mapping[str, Any], key: Key) -> None:
        """A mapping, over what is there."""
        for name, one in given.items():
            message = _laid_over_nothing(name, one, [*self.drugs, *shipped_drugs()])
            if message is not None:
                place = self._where(_first_key(given, name))  # that of an option, which has no line, or of the config
                place = place if place[1] is None else self._where((*key, name))
                self.problems.append(Problem(message, *place, dotted((LIBRARY, name))))
                continue
            before = self.drugs.get(name)
            self.drugs[name] = whole(name, one, before if isinstance(before, Mapping) else None)
            self.declared[name] = [Declaration(None, (*key, name)), *self.declared.get(name, [])]


def _laid_over_nothing(name: str, given: Any, known: Sequence[str]) -> str | None:
    """Message for what is no declaration, for it has no sources, of a drug whose name is nearly that of another."""
    if name in known or not isinstance(given, Mapping) or "sources" in given:
        return None
    match = nearest(name, known)
    return None if match is None else f"there is no drug {quoted(name)} (nearest: {match})"


def _first_key(given: Mapping[str, Any], name: str) -> Key:
    """Key path in a library of the first value that is said of a drug."""
    path: Key = (LIBRARY, name)
    value = given[name]
    while isinstance(value, Mapping) and value:
        key = next(iter(value))
        path, value = (*path, key), value[key]
    return path


def unknown_drugs(data: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """
    Doses of drugs that nothing declares: the key to change, and one line.

    Parameters
    ----------
    data
        Plain data with their library, in which other keys may be wrong.
    """
    known = {*shipped_drugs(), *data.get(LIBRARY, ())}
    entries = data.get("drugs")
    for number, entry in enumerate(entries if isinstance(entries, tuple) else ()):
        name = entry.get("drug") if isinstance(entry, Mapping) else None
        if isinstance(name, str) and name and is_drug_name(name) and name not in known:
            yield ("drugs", number, "drug"), no_such_drug(name, known)


def with_shipped(data: Mapping[str, Any]) -> dict[str, Any]:
    """
    Plain data of a config that names no files, with the shipped drugs that it takes or lays something over.

    Parameters
    ----------
    data
        As JSON has it.
    """
    given = data.get(LIBRARY, {})
    drugs = {name: whole(name, without_lists(each)) for name, each in given.items()}
    taken = [name for name in _taken(without_lists(dict(data))) if name not in drugs]
    drugs |= {name: dict(shipped_data(name)) for name in taken}
    return {**data, LIBRARY: drugs} if drugs else dict(data)


def _taken(data: Mapping[str, Any]) -> list[str]:
    """Names of drugs that a config takes, in plain data: those of `drugs`, and those that interventions give."""
    names = [entry.get("drug") for entry in _mappings(data.get("drugs"))]
    kinds = [entry.get("kind") for entry in _mappings(data.get("interventions"))]
    names += [SHORTHANDS[kind] for kind in kinds if isinstance(kind, str) and kind in SHORTHANDS]
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def _mappings(entries: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, tuple) else []
