"""
Format files: those that come with lactflow, and a user's mapping, read and checked in the same way.

A file in the folder `formats` is a format: adding one needs nothing else.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from lactflow.config.messages import problems_of
from lactflow.config.text import choices, nearest, quoted, shown_path
from lactflow.config.tree import Spot
from lactflow.config.yaml_source import LARGEST_BYTES, Key, parse_yaml
from lactflow.errors import ArchiveError, ConfigError, Problem
from lactflow.trackers.schema import Format

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

    def locate(path: Key, of_key: bool) -> tuple[str | None, int | None, int | None]:  # noqa: FBT001 - as messages call it
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


def load_mapping(path: Path) -> Format:
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
        if not path.is_file():
            raise ConfigError(Problem("there is no such mapping file", file))
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_BYTES + 1)
    except ConfigError:
        raise
    except ValueError:
        raise ConfigError(Problem("there is no such mapping file", file)) from None
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror}") from None
    return parse_format(raw, file)


@cache
def shipped_formats() -> dict[str, Format]:
    """Formats that come with lactflow, by name, in the order of their names."""
    folder = resources.files("lactflow.trackers") / "formats"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name)
    formats = [parse_format(entry.read_bytes(), entry.name) for entry in files]
    return {found.name: found for found in formats}


def named_formats(name: str) -> list[Format]:
    """
    Formats that come with lactflow, by a name or by the tracker's alone: `baby-buddy` is all of Baby Buddy.

    Raises
    ------
    ConfigError
        If there is none of that name; tells the nearest.
    """
    formats = shipped_formats()
    found = [one for known, one in formats.items() if known == name or known.startswith(f"{name}-")]
    if found and name:
        return found
    match = nearest(name, list(formats))
    hint = f"; nearest: {match}" if match is not None else ""
    message = f"there is no format {quoted(name)} (allowed: {choices(list(formats), 30)}{hint})"
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
