"""
YAML text to plain data that remembers where each key and value stood.

YAML 1.2 with its core schema: `10:30`, dates and `no` are text, `1e-3` is a number. The tree is built from
the parser's events rather than by a loader, because a loader drops lines and columns, forgets explicit tags, and
expands aliases and nesting before anybody can count them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from lactflow.config.text import cut, dotted, quoted
from lactflow.errors import ConfigError, Problem

Key = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, from 1."""

LARGEST_BYTES = 1_000_000
"""A config holds what differs from a reference; long schedules belong in a feeding log."""
DEEPEST = 32
MOST_ALIASES = 100
MOST_NODES = 10_000
"""Nodes after aliases are expanded: a few seconds of parsing, and far below what a bomb needs."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,400}")
_OCT_HEX = re.compile(r"0o[0-7]{1,200}|0x[0-9a-fA-F]{1,200}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_UNWELCOME = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters, halves of surrogate pairs, and what is no character at all."""


@dataclass(frozen=True)
class Document:
    """
    A YAML document.

    Attributes
    ----------
    file
        As the user named it; None for text that stands in no file.
    data
        Mappings as dicts, sequences as tuples, scalars.
    keys, values
        Where the key, and where the value of each key path stands. The path of the whole document is `()`.
    problems
        What is wrong with single values.
    wrong
        Paths of values that could not be read; None stands there.
    """

    file: str | None
    data: Any
    keys: dict[Key, Place] = field(default_factory=dict)
    values: dict[Key, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    wrong: tuple[Key, ...] = ()

    def place(self, path: Key, *, of_key: bool = False) -> Place:
        """Place of a value, or of its key; of the nearest parent that stands in the file when it does not."""
        if of_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))


def decode(raw: bytes, file: str | None) -> str:
    """
    Text of a file.

    Raises
    ------
    ConfigError
        If it is not UTF-8, or holds control characters.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8 text"
        raise ConfigError(Problem(message, file, line, column)) from None
    if match := _UNWELCOME.search(text):
        line, column = text.count("\n", 0, match.start()) + 1, match.start() - text.rfind("\n", 0, match.start())
        raise ConfigError(Problem(f"control character {match[0]!r} is not allowed", file, line, column))
    return text


def parse_yaml(raw: bytes, file: str | None = None, *, tolerant: bool = False) -> Document:
    """
    Read a YAML document.

    Parameters
    ----------
    raw
        Content, UTF-8.
    file
        Name for messages.
    tolerant
        Whether numbers that are not finite, and keys that stand twice, are reported in the document, not raised.

    Returns
    -------
    The document; its data are `None` when the text holds nothing.

    Raises
    ------
    ConfigError
        With file, line and column, if it is not one plain document within the caps.
    """
    if len(raw) > LARGEST_BYTES:
        message = f"larger than {LARGEST_BYTES:,} bytes; long schedules belong in a feeding log"
        raise ConfigError(Problem(message, file, 1, 1))
    text = decode(raw, file)
    composer = _Composer(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            composer.take(event)
    except ConfigError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        problem = " ".join(str(error.problem or error.context or "not YAML").split())
        raise ConfigError(Problem(f"not YAML: {problem[:200]}", file, line, column)) from None
    except (YAMLError, RecursionError, ValueError) as error:
        # The line is not known here: the reader gave up before it made an event.
        raise ConfigError(Problem(f"not YAML: {quoted(' '.join(str(error).split()))}", file, 1, 1)) from None
    if composer.problems and not tolerant:
        raise ConfigError(*composer.problems)
    return Document(
        file, composer.data, composer.keys, composer.values, tuple(composer.problems), tuple(composer.wrong)
    )


class _Open:
    """A mapping or sequence that has begun."""

    __slots__ = ("anchor", "data", "key", "path")

    def __init__(self, path: Key, data: dict[str, Any] | list[Any], anchor: str | None) -> None:
        self.path = path
        self.data = data
        self.anchor = anchor
        self.key: str | None = None
        """Key of a mapping that waits for its value."""


class _Composer:
    """Builds the data from the parser's events, with a stack of its own: no recursion."""

    def __init__(self, file: str | None) -> None:
        self.data: Any = None
        self.keys: dict[Key, Place] = {}
        self.values: dict[Key, Place] = {}
        self.problems: list[Problem] = []
        self.wrong: list[Key] = []
        self._file = file
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._aliases = 0
        self._nodes = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """One event of the parser."""
        if isinstance(event, DocumentStartEvent):
            self._begin_document(event)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._end()
        elif isinstance(event, AliasEvent):
            self._alias(event)
        elif isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent)):
            self._node(event)

    def _fail(self, message: str, place: Place, path: Key | None = None) -> NoReturn:
        if path is None:
            path = self._open[-1].path if self._open else ()
        raise ConfigError(Problem(message, self._file, *place, cut(dotted(path)) or None))

    def _note(self, message: str, place: Place, path: Key) -> None:
        """Something is wrong with one value; the rest can be read all the same."""
        self.problems.append(Problem(message, self._file, *place, cut(dotted(path)) or None))

    def _begin_document(self, event: DocumentStartEvent) -> None:
        place = _place(event)
        self._documents += 1
        if self._documents > 1:
            self._fail("a second document begins here (allowed: one)", place)
        if getattr(event, "tags", None):
            self._fail("a %TAG directive is not allowed", place)
        if getattr(event, "version", None) not in (None, (1, 2)):
            self._fail("another version of YAML is declared (allowed: 1.2)", place)

    def _node(self, event: Any) -> None:
        place = _place(event)
        self._count(1, place)
        if event.tag is not None:
            self._fail(f"a tag is not allowed (found {quoted(str(event.tag))})", place)
        if isinstance(event, ScalarEvent):
            text = event.value
            if match := _UNWELCOME.search(text):
                self._fail(f"control character {match[0]!r} is not allowed", place)
            if self._expects_key():
                self._key(text if event.style is not None else _scalar(text), text, place)
                return
            path = self._next_path()
            if not text and event.style is None:
                place = self.keys.get(path, place)  # nothing stands where the value should: point at its key
            value = text if event.style is not None else self._finite(text, place)
            self._remember(event.anchor, value, 1)
            self._put(path, value, place)
            return
        if self._expects_key():
            self._fail("a key must be a plain word, not a mapping or list", place)
        if len(self._open) >= DEEPEST:
            self._fail(f"nested deeper than {DEEPEST} levels", place)
        path = self._next_path()
        self.values[path] = place
        data: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        self._open.append(_Open(path, data, event.anchor))

    def _end(self) -> None:
        closed = self._open.pop()
        value = closed.data if isinstance(closed.data, dict) else tuple(closed.data)
        self._remember(closed.anchor, value, _size(value))
        self._put(closed.path, value, self.values[closed.path])

    def _alias(self, event: AliasEvent) -> None:
        place = _place(event)
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            self._fail(f"more than {MOST_ALIASES} aliases", place)
        if event.anchor not in self._anchors:
            self._fail(f"alias {quoted(event.anchor)} has no finished anchor before it", place)
        value, size = self._anchors[event.anchor]
        self._count(size, place)
        if self._expects_key():
            self._fail("a key must be a plain word, not an alias", place)
        if len(self._open) + _depth(value) > DEEPEST:
            self._fail(f"nested deeper than {DEEPEST} levels", place)
        self._put(self._next_path(), value, place)

    def _expects_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].data, dict) and self._open[-1].key is None

    def _key(self, value: Any, text: str, place: Place) -> None:
        holder = self._open[-1]
        if not isinstance(value, str):
            self._fail(f"a key must be text (found {quoted(text)})", place)
        if value in holder.data:
            path = (*holder.path, value)
            first = self.keys[path][0]
            self._note(f"the key stands here twice, first in line {first}", place, path)
        holder.key = value
        self.keys[(*holder.path, value)] = place

    def _next_path(self) -> Key:
        """Path of the value that comes now."""
        if not self._open:
            return ()
        holder = self._open[-1]
        if isinstance(holder.data, dict):
            assert holder.key is not None
            return (*holder.path, holder.key)
        return (*holder.path, len(holder.data))

    def _put(self, path: Key, value: Any, place: Place) -> None:
        self.values[path] = place
        if not self._open:
            self.data = value
            return
        holder = self._open[-1]
        if isinstance(holder.data, dict):
            assert holder.key is not None
            holder.data[holder.key] = value
            holder.key = None
        else:
            holder.data.append(value)

    def _remember(self, anchor: str | None, value: Any, size: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = (value, size)

    def _count(self, nodes: int, place: Place) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            self._fail(f"more than {MOST_NODES:,} keys and values; long schedules belong in a feeding log", place)

    def _finite(self, text: str, place: Place) -> Any:
        value = _scalar(text)
        if _NOT_FINITE.fullmatch(text) or (isinstance(value, float) and not isfinite(value)):
            self._note(f"{quoted(text)} is not a finite number", place, self._next_path())
            self.wrong.append(self._next_path())
            return None
        return value


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _scalar(text: str) -> Any:
    """Value of a plain scalar in the core schema of YAML 1.2."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _OCT_HEX.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _size(value: Any) -> int:
    """Nodes of a value, itself included."""
    if isinstance(value, dict):
        return 1 + sum(1 + _size(item) for item in value.values())
    return 1 + sum(map(_size, value)) if isinstance(value, tuple) else 1


def _depth(value: Any) -> int:
    """Levels of mappings and lists in a value."""
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, tuple) else 0
