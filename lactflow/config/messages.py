"""What pydantic found wrong, as messages for users: where it is, what was found, what is allowed, the nearest name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from lactflow import plugins
from lactflow.config.text import choices, counted, cut, dotted, found, nearest, quoted
from lactflow.config.tree import ROOT, Key, Spot, follow, nearest_key
from lactflow.errors import Problem
from lactflow.parameters.declaration import WrongKeyError

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

MOST_PROBLEMS = 50
"""Problems reported one by one; with more, it is most likely another kind of file."""

Locate = Callable[[Key, bool], tuple[str | None, int | None, int | None]]
"""File, line and column of a key path; of the key rather than of the value when the flag is set."""

_RANGE = frozenset({"greater_than", "greater_than_equal", "less_than", "less_than_equal"})
_LENGTH = frozenset({"too_long", "too_short", "string_too_long", "string_too_short"})


def problems_of(error: ValidationError, locate: Locate, root: Spot = ROOT) -> list[Problem]:
    """
    All that pydantic found wrong, one line each.

    Parameters
    ----------
    error
        Of the whole config.
    locate
        Gives the place of a key path.
    root
        What was validated, where it is not a config.
    """
    details = [detail for detail in error.errors(include_url=False) if not _is_echo(detail)]
    problems = [_problem(detail, locate, root) for detail in details[:MOST_PROBLEMS]]
    if len(details) > MOST_PROBLEMS:
        file, _, _ = locate((), False)
        more = counted(len(details) - MOST_PROBLEMS, "more problem")
        problems.append(Problem(f"... and {more}", file))
    return problems


def unknown_key(path: Key, siblings: Sequence[str], root: Spot = ROOT) -> str:
    """Message for a key that does not exist."""
    match = nearest_key(path, list(siblings)) if root is ROOT else nearest(str(path[-1]), siblings)
    if match is not None:
        return f"unknown key (nearest: {match})"
    return f"unknown key (allowed: {choices(siblings)})" if siblings else "unknown key (nothing is allowed here)"


def _is_echo(detail: ErrorDetails) -> bool:
    """Whether a list is called too short only because entries of it are wrong, which is reported by itself."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _problem(detail: ErrorDetails, locate: Locate, root: Spot) -> Problem:
    path, message, at_key = _message(detail, root)
    return Problem(message, *locate(path, at_key), cut(dotted(path)) or None)


def _message(detail: ErrorDetails, root: Spot) -> tuple[Key, str, bool]:  # noqa: PLR0911 - one answer for each kind of error
    """Key path, message, and whether the key rather than its value is at fault."""
    kind, value = detail["type"], detail["input"]
    context: dict[str, Any] = detail.get("ctx", {})
    spot = follow(detail["loc"], root)
    path = spot.path
    if kind == "extra_forbidden":
        return path, unknown_key(path, follow(detail["loc"][:-1], root).known(), root), True
    if kind == "missing":
        return path, f"missing (allowed: {spot.allowed()})", False
    if kind == "union_tag_not_found":
        return (*path, spot.tag), f"missing (allowed: {choices(_kinds(spot))})", False
    if kind == "union_tag_invalid":
        given = value.get(spot.tag) if isinstance(value, dict) else None
        return (*path, spot.tag), _unknown_name(given, _kinds(spot)), False
    if kind == "literal_error":
        return path, _unknown_literal(spot, value), False
    if kind in _RANGE:
        return path, _out_of_range(spot, value), False
    if kind in _LENGTH:
        return path, _wrong_length(kind, value, context), False
    if kind == "finite_number":
        return path, f"{value} is not a finite number (allowed: {spot.allowed()})", False
    if kind == "value_error":
        below = error.key if isinstance(error := context.get("error"), WrongKeyError) else ()
        return (*path, *below), _own_words(value, context), bool(below)
    return path, _wrong_type(spot, value), False


def _wrong_type(spot: Spot, value: Any) -> str:
    if spot.is_whole_number() and isinstance(value, float) and value.is_integer():
        return f"{found(value)} is written with a point or an exponent (allowed: {spot.allowed()}, in digits alone)"
    return f"found {found(value)} (allowed: {spot.allowed()})"


def _unknown_name(given: Any, known: list[str]) -> str:
    if not isinstance(given, str):
        return f"found {found(given)} (allowed: {choices(known)})"
    match = nearest(given, known)
    hint = f"; nearest: {match}" if match is not None else ""
    return f"{quoted(given)} is unknown (allowed: {choices(known)}{hint})"


def _kinds(spot: Spot) -> list[str]:
    """Words of the kinds that may stand here; in the schedule also those that packages add, used or not."""
    in_schedule = spot.path[:1] == ("schedule",) and spot.tag == "kind"
    added = [plugin.name for plugin in plugins.found("schedules")] if in_schedule else []
    return list(dict.fromkeys((*spot.kinds(), *added)))


def _unknown_literal(spot: Spot, value: Any) -> str:
    names = spot.names()
    if isinstance(value, str) and value not in names:
        return _unknown_name(value, names)
    return f"found {found(value)} (allowed: {choices(names)})"


def _out_of_range(spot: Spot, value: Any) -> str:
    low, high, excluded = spot.bounds()
    shown = found(value)
    if low is None or high is None:
        return f"{shown}{spot.unit} is out of range (allowed: {spot.allowed()})"
    exception = f", {found(low)} itself left out" if excluded else ""
    return f"{shown}{spot.unit} is outside {found(low)} to {found(high)}{spot.unit}{exception}"


def _wrong_length(kind: str, value: Any, context: dict[str, Any]) -> str:
    limit = f"at most {context['max_length']}" if kind.endswith("long") else f"at least {context['min_length']}"
    one, many = ("character", "characters") if isinstance(value, str) else ("entry", "entries")
    return f"has {len(value)} {one if len(value) == 1 else many} (allowed: {limit})"


def _own_words(value: Any, context: dict[str, Any]) -> str:
    """Message of one of our own checks: of a text, which it may or may not repeat, or of a whole mapping."""
    words = str(context.get("error", "not allowed"))
    if isinstance(value, str):
        if repr(value) in words:
            return words.replace(repr(value), quoted(value))
        return f"{quoted(value)} is not allowed (allowed: {words})"
    return words
