"""Settings from the command line, laid over the plain data of a config before it is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lactflow.config.drugs.collected import LIBRARY
from lactflow.config.messages import unknown_key
from lactflow.config.named import NAMED, by_name
from lactflow.config.text import choices, counted, cut, dotted, found, quoted
from lactflow.config.tree import ROOT, Key, Spot, names_additions, nearest_path, step
from lactflow.config.yaml_source import parse_yaml
from lactflow.errors import ConfigError, Problem
from lactflow.plugins import GROUPS

OPTION = "--set"

_ENTRY = re.compile(r"[0-9]{1,100}")
"""Number of a list entry: any that somebody may have typed."""


class _NoPlaceError(LookupError):
    """The data have no place for a setting."""


class Overrides:
    """
    Settings and options, applied to a config.

    Parameters
    ----------
    settings
        `key.sub=value`, the value in YAML.
    options
        Values of top-level keys by name; None for one that was not given.
    root
        Type of the config, where it is not the usual one.

    Attributes
    ----------
    problems
        What could not be applied.
    """

    def __init__(self, settings: Sequence[str], options: Mapping[str, object], root: Spot = ROOT) -> None:
        self._root = root
        self.problems: list[Problem] = []
        self._changes: list[tuple[str, Key, Any]] = []
        for name, value in options.items():
            if value is not None:
                self._add(f"--{name.replace('_', '-')}", (name,), _plain(value))
        for setting in settings:
            self._parse(setting)
        self._refuse_contradictions()

    def apply(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data with every change made in it; `data` itself stays as it is."""
        for option, path, value in self._changes:
            try:
                data = _changed(data, path, value, self._root)
            except _NoPlaceError as error:
                self.problems.append(Problem(str(error), option, key=cut(dotted(path))))
        return data

    def option(self, path: Key) -> str | None:
        """The option that set the value at `path` or above it, None when no option did."""
        changes = ((option, changed) for option, changed, _ in reversed(self._changes))
        return next((option for option, changed in changes if path[: len(changed)] == changed), None)

    def _refuse_contradictions(self) -> None:
        """One of the options with a name of its own, and a setting of the same key: which of them is meant?"""
        named = {path: option for option, path, _ in self._changes if option != OPTION}
        for option, path, _ in self._changes:
            if option == OPTION and path in named:
                key = dotted(path)
                self.problems.append(Problem(f"also given by {named[path]} (allowed: one of them)", option, key=key))

    def _parse(self, setting: str) -> None:
        key, equals, text = setting.partition("=")
        if not equals or not key.strip():
            self.problems.append(Problem(f"{quoted(setting)} is no setting (allowed: key.sub=value)", OPTION))
            return
        path = tuple(int(part) if _ENTRY.fullmatch(part) else part for part in key.strip().split("."))
        try:
            value = parse_yaml(text.encode("utf-8", "surrogatepass"), OPTION).data
        except ConfigError as error:
            self.problems += [Problem(problem.message, OPTION, key=cut(dotted(path))) for problem in error.problems]
            return
        self._add(OPTION, path, value)

    def _add(self, option: str, path: Key, value: Any) -> None:
        spot = self._root
        for number, part in enumerate(path):
            below = step(spot, part)
            if below.annotation is None:
                message = self._unknown(path, number, spot)
                self.problems.append(Problem(message, option, key=cut(dotted(path))))
                return
            spot = below
        self._changes.append((option, path, value))

    def _unknown(self, path: Key, number: int, spot: Spot) -> str:
        """Why nothing stands at a path from its part of this number on."""
        known = spot.known()
        if path[0] in NAMED and number > 0:
            return unknown_key(path, known, self._root) if number > 1 else _not_named(str(path[0]), path[1], known)
        if path[0] != LIBRARY and len(path) > 1 and (match := nearest_path(path)) is not None:
            return f"unknown key (nearest: {match})"
        return unknown_key(path[: number + 1], known)


def _changed(data: Any, path: Key, value: Any, spot: Spot) -> Any:
    """
    `data` with the value at `path` replaced, everything else shared with the old one.

    Raises
    ------
    _NoPlaceError
        If a list has no entry of that number, or a value stands where keys should.
    """
    if not path:
        return value
    part, rest = path[0], path[1:]
    below = step(spot, part)
    if isinstance(part, int):
        entries = _entries(spot) if data is None else data
        if not isinstance(entries, tuple):
            raise _NoPlaceError(f"{dotted(spot.path)} is {found(entries)}, not a list")
        if part >= len(entries):
            here = f"it has {counted(len(entries), 'entry', 'entries')}; numbers count from 0"
            raise _NoPlaceError(f"{dotted(spot.path)} has no entry {cut(str(part))} ({here})")
        changed = _changed(entries[part], rest, value, below)
        return (*entries[:part], changed, *entries[part + 1 :])
    if data is None:
        data = {}
    if spot.path == (LIBRARY,) and isinstance(data, str | tuple):
        return _over_files(data, path, value, spot)
    if names_additions(spot):
        data = by_name(data)
    if not isinstance(data, dict):
        raise _NoPlaceError(f"{dotted(spot.path)} is {found(data)}, not a mapping of keys")
    return {**data, part: _changed(data.get(part), rest, value, below)}


def _over_files(data: str | tuple[Any, ...], path: Key, value: Any, spot: Spot) -> tuple[Any, ...]:
    """A library of files with something laid over one of its drugs: in the last mapping of the list, or in one more."""
    entries = (data,) if isinstance(data, str) else data
    if not entries or not isinstance(entries[-1], dict):
        entries = (*entries, {})
    return (*entries[:-1], _changed(entries[-1], path, value, spot))


def _not_named(key: str, name: str | int, known: list[str]) -> str:
    """Why a quantity of an addition cannot be set: the config does not name it, or it has none."""
    others = f"it names {choices(known)}; " if known else ""
    return f"the config names no {GROUPS[key]} {str(name)!r} that has quantities ({others}names are listed in {key})"


def _entries(spot: Spot) -> tuple[Any, ...]:
    """Entries of a list that the config leaves to its default, as the groups of keys that they are."""
    default = spot.field.default if spot.field is not None else ()
    return tuple({} for _ in default) if isinstance(default, tuple) else ()


def _plain(value: object) -> Any:
    """Lists as tuples, which is how the config wants them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return tuple(_plain(item) for item in value) if isinstance(value, (list, tuple)) else value
