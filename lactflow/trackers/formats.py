"""
Format files: those that come with lactflow, and a user's mapping, read and checked in the same way.

A file in the folder `formats` is a format: adding one needs nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lactflow.config.logs.table import MOST_PROBLEMS
from lactflow.config.messages import problems_of
from lactflow.config.text import choices, nearest, quoted, shown_path
from lactflow.config.tree import Spot
from lactflow.config.yaml_source import LARGEST_BYTES, Document, Key, parse_yaml
from lactflow.errors import ArchiveError, ConfigError, Problem
from lactflow.trackers.places import names_in
from lactflow.trackers.schema import Format
from lactflow.trackers.sheet import CellTable, key_of

_ROOT = Spot((), Format)


def parse_format(raw: bytes, file: str) -> Format:
    """
    A format from YAML text.

    Parameters
    ----------
    raw
        Content, UTF-8.
    file
        Name for messages.

    Raises
    ------
    ConfigError
        With file, line and column of everything that is wrong.
    """
    document = parse_yaml(raw, file)

    def locate(path: Key, of_key: bool) -> tuple[str | None, int | None, int | None]:
        return (file, *document.place(path, of_key=of_key))

    if not isinstance(document.data, dict):
        raise ConfigError(Problem("a mapping file is a YAML mapping with format, name, clock and rows", file, 1, 1))
    try:
        found = Format.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(*problems_of(error, locate, _ROOT)) from None
    problems = [
        Problem(message, file, *document.place(key), ".".join(map(str, key))) for key, message in _contradictions(found)
    ]
    if problems:
        raise ConfigError(*problems)
    return found


@dataclass(frozen=True)
class Mapping:
    """
    A user's mapping, and where its parts stand.

    Attributes
    ----------
    format
        What it says.
    document
        Its YAML.
    """

    format: Format
    document: Document

    def check(self, table: CellTable) -> None:
        """
        Check that a file has the columns which the mapping names.

        Raises
        ------
        ConfigError
            With each column that it has not, and the nearest one that it has.
        """
        groups = {group for part in self.format.extract for group in re.compile(part.matches).groupindex}
        known = {key_of(name) for name in (*table.header, *groups)}
        shown = [name for name in table.header if name]
        problems = []
        for path, text in _texts(self.document.data, ()):
            if not _names_column(path):
                continue
            for name in names_in(text):
                if key_of(name) not in known:
                    match = nearest(name, shown)
                    hint = f"nearest: {match}" if match is not None else f"it has {len(shown)} columns"
                    message = f"the file has no column {quoted(name)} ({hint})"
                    key = ".".join(map(str, path))
                    problems.append(Problem(message, self.document.file, *self.document.place(path), key))
        if problems:
            raise ConfigError(*problems[:MOST_PROBLEMS])


def _texts(value: Any, path: Key) -> Iterator[tuple[Key, str]]:
    """Every text of a document, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _texts(below, (*path, key))
    elif isinstance(value, tuple):
        for number, below in enumerate(value):
            yield from _texts(below, (*path, number))


def _names_column(path: Key) -> bool:
    """Whether a column of the file is named here; that a bottle's content may stand in the file's name is no column."""
    if "contains_by_file" in path or path[0] == "recognise":
        return False
    if path[-1] in ("column", "unit"):
        return True
    return path[:2] in (("clock", "epoch"), ("clock", "zone"), ("clock", "start"), ("clock", "end")) or path[0] in (
        "child",
        "birth",
    )


def load_mapping(path: Path) -> Mapping:
    """
    A user's mapping.

    Raises
    ------
    ConfigError
        If it is not there, or is wrong.
    ArchiveError
        If reading fails.
    """
    file = shown_path(path)
    try:
        raw = None
        if path.is_file():
            with path.open("rb") as stream:
                raw = stream.read(LARGEST_BYTES + 1)
    except ValueError:
        raw = None
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror}") from None
    if raw is None:
        raise ConfigError(Problem("there is no such mapping file", file))
    return Mapping(parse_format(raw, file), parse_yaml(raw, file))


@cache
def shipped_formats() -> dict[str, Format]:
    """Formats that come with lactflow, by name, in the order of their names."""
    files = sorted(
        (entry for entry in _folder().iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name
    )
    formats = [parse_format(entry.read_bytes(), entry.name) for entry in files]
    return {found.name: found for found in formats}


def short_names() -> dict[str, list[str]]:
    """Names of trackers that have several formats, with these."""
    by_tracker: dict[str, list[str]] = {}
    for name, found in shipped_formats().items():
        by_tracker.setdefault(found.title.partition(",")[0], []).append(name)
    return {names[0].rpartition("-")[0]: names for names in by_tracker.values() if len(names) > 1}


def _folder() -> Traversable:
    return resources.files("lactflow.trackers") / "formats"


def named_formats(name: str) -> list[Format]:
    """
    Formats that come with lactflow, by a name or by the tracker's alone: `baby-buddy` is all of Baby Buddy.

    Raises
    ------
    ConfigError
        If there is none of that name, with the nearest one.
    """
    known_formats = shipped_formats()
    found = [one for known, one in known_formats.items() if known == name or known.startswith(f"{name}-")]
    if found and name:
        return found
    names = sorted([*short_names(), *known_formats])
    match = nearest(name, names)
    hint = f"; nearest: {match}" if match is not None else ""
    message = f"there is no format {quoted(name)} (allowed: {choices(names, 30)}{hint})"
    raise ConfigError(Problem(message, "--from"))


def _contradictions(found: Format) -> list[tuple[Key, str]]:
    """What is wrong between keys that are right by themselves."""
    wrong: list[tuple[Key, str]] = []
    if found.container == "text" and found.lines is None:
        wrong.append((("container",), "a text needs `lines`, which say what its lines are"))
    if found.container == "sqlite" and not found.tables:
        wrong.append((("container",), "a database needs `tables`, which name the tables to read"))
    for number, rule in enumerate(found.rows):
        if bool(rule.take) == (rule.skip is not None):
            wrong.append((("rows", number), "a rule has either `take` or `skip`"))
        for place, take in enumerate(rule.take):
            says = sum(part is not None for part in (take.content, take.contains, take.contains_by_file))
            if take.kind != "bottle" and says:
                wrong.append((("rows", number, "take", place), "only a bottle has a content"))
            if take.contains is not None and says > 1:
                wrong.append((("rows", number, "take", place), "a bottle has either `contains` or `content`"))
            if take.kind == "weight" and not take.weight:
                wrong.append((("rows", number, "take", place), "a row of kind weight needs `weight`"))
    return wrong
