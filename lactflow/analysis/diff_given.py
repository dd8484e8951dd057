"""What two result folders were made from, compared where they keep it in files of their own: those of diagnoses do."""

from __future__ import annotations

import json
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import Any

from lactflow.analysis.diff_settings import Setting, differing_values, leaves
from lactflow.errors import DamagedRunError
from lactflow.recording.kept import FILES, read_kept

KEEPING = ("diagnosis",)
"""Kinds of folders that keep what they were made from as YAML, JSON and CSV beside their tables."""
_NAME = "mechanism"
"""Key of the entries of a list that are paired by it, not by their place."""


def differing_files(a: tuple[Path, dict[str, Any]], b: tuple[Path, dict[str, Any]]) -> list[Setting]:
    """
    What the files say differently that two folders were made from: keys of YAML and JSON, lines of records and logs.

    Parameters
    ----------
    a, b
        Each folder, with its manifest.

    Raises
    ------
    DamagedRunError
        If a file is missing or not what was written.
    """
    names = dict.fromkeys(name for _, manifest in (a, b) for name in manifest.get(FILES, {}))
    found = []
    for name in names:
        if name.endswith((".yaml", ".json")):
            found += differing_values(*(dict(leaves(_plain(side, name))) for side in (a, b)))
        elif name.endswith(".csv"):
            found += _differing_lines(name, *(_lines(side, name) for side in (a, b)))
    return found


def _content(side: tuple[Path, dict[str, Any]], name: str) -> bytes:
    """A file of a folder; empty where it has none."""
    path, manifest = side
    return read_kept(path, manifest, name) if name in manifest.get(FILES, {}) else b""


def _plain(side: tuple[Path, dict[str, Any]], name: str) -> Any:
    """A YAML or JSON file as plain data; a list of entries with names by them, under the name of the file."""
    from lactflow.config.yaml_source import parse_yaml

    raw = _content(side, name)
    if name.endswith(".yaml"):
        return parse_yaml(raw, str(side[0] / name)).data or {}
    try:
        data = json.loads(raw or b"[]")
    except ValueError as error:
        raise DamagedRunError(f"{side[0] / name} is damaged: {error}") from error
    named = isinstance(data, list) and all(isinstance(each, dict) and _NAME in each for each in data)
    return {name.removesuffix(".json"): {str(each[_NAME]): each for each in data} if named else data}


def _lines(side: tuple[Path, dict[str, Any]], name: str) -> list[str]:
    """A file as lines of text; bytes that are none stand there escaped."""
    return _content(side, name).decode("utf-8", errors="backslashreplace").splitlines()


def _differing_lines(name: str, a: list[str], b: list[str]) -> list[Setting]:
    """Lines that one of two files has and the other has not, by their numbers; the order of lines may differ."""
    only_a, only_b = _alone(a, b), _alone(b, a)
    return [
        Setting(f"{name}:{(one or other)[0]}", one and one[1], other and other[1])
        for one, other in zip_longest(only_a, only_b)
    ]


def _alone(lines: list[str], others: list[str]) -> list[tuple[int, str]]:
    """Lines without an equal among others, with their numbers."""
    left = Counter(others)
    found = []
    for number, line in enumerate(lines, 1):
        if left[line]:
            left[line] -= 1
        else:
            found.append((number, line))
    return found
