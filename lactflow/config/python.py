"""What Python callers give where the command line has a file and options: mappings, keywords, names of arguments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lactflow.config.text import cut
from lactflow.errors import ConfigError, Problem

ConfigSource = str | Path | Mapping[str, Any]
"""A YAML file, the name of a shipped scenario, or a config as a mapping."""
Settings = str | Sequence[str] | Mapping[str, Any]
"""`key.sub=value`, one or several; or a mapping from dotted keys to values."""


def setting_texts(settings: Settings) -> list[str]:
    """
    Settings as the command line has them.

    Parameters
    ----------
    settings
        As a public function takes them.

    Raises
    ------
    ConfigError
        If a value of a mapping is nothing that a config can hold.
    """
    if isinstance(settings, str):
        return [settings]
    if not isinstance(settings, Mapping):
        return list(settings)
    odd = {key: value for key, value in settings.items() if not is_plain(value)}
    problems = [Problem(not_plain(value), "settings", key=cut(str(key))) for key, value in odd.items()]
    if problems:
        raise ConfigError(*problems)
    return [f"{key}={json.dumps(as_json(value))}" for key, value in settings.items()]


def is_plain(value: object) -> bool:
    """Whether a value is one that YAML has: a number, text, true or false, null, a list or a mapping of such."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) for key in value) and all(map(is_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(is_plain, value))
    return value is None or isinstance(plain_number(value), str | bool | int | float)


def plain_number(value: Any) -> Any:
    """A number of NumPy as the number of Python that it is; anything else as it is."""
    item = getattr(value, "item", None)
    return item() if callable(item) and getattr(value, "shape", None) == () else value


def as_json(value: Any) -> Any:
    """A plain value, as JSON has it."""
    if isinstance(value, Mapping):
        return {str(key): as_json(each) for key, each in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list | tuple) else plain_number(value)


def as_config(value: Any) -> Any:
    """A plain value, as configs are checked: tuples for lists."""
    if isinstance(value, Mapping):
        return {key: as_config(each) for key, each in value.items()}
    return tuple(as_config(each) for each in value) if isinstance(value, list | tuple) else plain_number(value)


def not_plain(value: object) -> str:
    """What is wrong with a value that no config can hold."""
    what = f"found {cut(repr(value))}, of type {type(value).__name__}"
    return f"{what} (allowed: numbers, text, True, False, lists, mappings with text as keys)"


def source_in_words(config: ConfigSource) -> str:
    """What a run was made from, for its manifest."""
    return "a mapping" if isinstance(config, Mapping) else str(config)


@contextmanager
def python_names(*, from_python: bool = True) -> Iterator[None]:
    """
    Name arguments in errors as Python callers have written them: `settings` and `start_day` for options.

    Parameters
    ----------
    from_python
        Whether the caller is one; else nothing is changed.
    """
    try:
        yield
    except ConfigError as error:
        if not from_python:
            raise
        raise type(error)(*map(_in_python, error.problems)) from error.__cause__


def _in_python(problem: Problem) -> Problem:
    file = problem.file
    if file is None or not file.startswith("--"):
        return problem
    return replace(problem, file="settings" if file == "--set" else file[2:].replace("-", "_"))
