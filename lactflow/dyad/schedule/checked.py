"""Answers of schedules from outside, checked, so that a mistake has the name of the class that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isfinite, isnan
from numbers import Real
from typing import TypeVar, get_args

from lactflow.dyad.schedule.times import PlannedSession, Side
from lactflow.dyad.schedule.view import View
from lactflow.errors import DeclarationError, LactflowError

_Answer = TypeVar("_Answer")
_KINDS = ("feed", "pump", "hand", "bottle")


def time_of(question: Callable[[View], float], view: View, whose: object) -> float:
    """
    When the next session is due [min since birth].

    Parameters
    ----------
    question
        `when` of an agenda or a phase.
    view
        Mother and infants.
    whose
        The agenda or phase, for messages.

    Raises
    ------
    DeclarationError
        If that is no number, or if one from outside raises.
    """
    at_min = _asked(question, view, whose)
    if not isinstance(at_min, Real) or isnan(at_min):
        msg = f"{type(whose).__name__}: the next session is at {at_min!r} (allowed: minutes since birth, or infinity)"
        raise DeclarationError(msg)
    return float(at_min)


def sessions_of(
    question: Callable[[View], Iterable[PlannedSession]], view: View, whose: object
) -> Sequence[PlannedSession]:
    """
    Sessions that are due.

    Parameters
    ----------
    question
        `then` of an agenda, or `follows` after a session.
    view
        Mother and infants.
    whose
        The agenda, for messages.

    Raises
    ------
    DeclarationError
        If one of them is no session that can take place in this run, or if an agenda from outside raises.
    """
    sessions = _asked(lambda view: list(question(view)), view, whose)
    for session in sessions:
        wrong = _wrong(session, view)
        if wrong:
            msg = f"{type(whose).__name__}: {wrong}"
            raise DeclarationError(msg)
    return sessions


def _asked(question: Callable[[View], _Answer], view: View, whose: object) -> _Answer:
    """An answer; what somebody else's class raises is no error of this package."""
    try:
        return question(view)
    except LactflowError:
        raise
    except Exception as error:
        if type(whose).__module__.partition(".")[0] == "lactflow":
            raise
        msg = f"{type(whose).__name__} at {view.now_min:g} min: {type(error).__name__}: {error}"
        raise DeclarationError(msg) from error


def _wrong(session: object, view: View) -> str:
    """What is wrong with a session; empty where nothing is."""
    if not isinstance(session, PlannedSession):
        return f"{session!r} is no PlannedSession"
    return next(_problems(session, view), "")


def _problems(session: PlannedSession, view: View) -> Iterator[str]:
    kind = session.kind
    if kind not in _KINDS:
        yield f"a session is of kind {kind!r} (allowed: {', '.join(_KINDS)})"
    if not isfinite(session.planned_min):
        yield f"a {kind} is planned at {session.planned_min:g} min (allowed: finite)"
    for side, _ in session.sides:
        if side not in view.breasts:
            yield f"a {kind} is at the breast {side!r} (allowed: {', '.join(view.breasts)})"
    if session.rule is not None and session.rule not in get_args(Side):
        yield f"a {kind} has the rule {session.rule!r} (allowed: {', '.join(get_args(Side))})"
    if kind != "bottle" and not session.sides and session.rule is None:
        yield f"a {kind} names no breast (needed: sides or rule)"
    is_fed = kind == "feed" or (kind == "bottle" and view.infants)
    if is_fed and not 0 <= session.infant < len(view.infants):
        yield f"a {kind} is for infant {session.infant} (there are {len(view.infants)}, counted from 0)"
