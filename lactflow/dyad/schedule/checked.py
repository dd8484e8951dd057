"""Answers of schedules from outside, checked, so that a mistake has the name of the class that made it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from math import inf, isfinite, isnan
from numbers import Integral, Real
from typing import Any, TypeVar, get_args

from lactflow.dyad.schedule.times import BottleContent, PlannedSession, Side, Source
from lactflow.dyad.schedule.view import View
from lactflow.errors import DeclarationError, LactflowError, raised_at
from lactflow.gland.storage import Stored
from lactflow.records import BREASTS

_Answer = TypeVar("_Answer")
_KINDS = ("feed", "pump", "hand", "bottle")
_WORDS = (
    ("rule", Side),
    ("content", BottleContent),
    ("instead", BottleContent),
    ("source", Source),
    ("stored", Stored),
)
_ROUND_OFF_MIN = 1e-6


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
    question: Callable[[View], Iterable[PlannedSession]], view: View, whose: object, *, due: bool = True, name: str = ""
) -> Sequence[PlannedSession]:
    """
    Sessions that are due, or that follow.

    Parameters
    ----------
    question
        `then` of an agenda, or `follows` after a session.
    view
        Mother and infants.
    whose
        The agenda, for messages.
    due
        Whether they begin now, so that none can be planned for later.
    name
        Method that is named in messages; that of `question` when left out.

    Raises
    ------
    DeclarationError
        If one of them is no session that can take place in this run, or if an agenda from outside raises.
    """
    sessions = _asked(lambda view: list(question(view)), view, whose, name or _name(question))
    latest_min = view.now_min if due else inf
    for session in sessions:
        _check(session, whose, view.breasts, len(view.infants), latest_min)
    return sessions


def planned_of(question: Callable[[], Iterable[PlannedSession]], whose: object) -> Iterator[PlannedSession]:
    """
    Sessions that a phase knows in advance; those of a kind from outside are checked one by one.

    Parameters
    ----------
    question
        `planned` of the phase.
    whose
        The phase.

    Raises
    ------
    DeclarationError
        If one from outside raises, or if one of its sessions can take place in no run, or comes before the one that it
        follows.
    """
    if _is_own(whose):
        yield from question()
        return
    try:
        sessions = iter(question())
    except LactflowError:
        raise
    except Exception as error:
        raise _raised(error, whose, "planned") from error
    before_min = -inf
    while True:
        try:
            session = next(sessions)
        except StopIteration:
            return
        except LactflowError:
            raise
        except Exception as error:
            raise _raised(error, whose, "planned") from error
        _check(session, whose, BREASTS, None, inf)
        if session.planned_min < before_min:
            after = f"comes after one at {before_min:g} min (needed: in order of time)"
            msg = f"{type(whose).__name__}.planned: a {session.kind} at {session.planned_min:g} min {after}"
            raise DeclarationError(msg)
        before_min = session.planned_min
        yield session


def _asked(question: Callable[[View], _Answer], view: View, whose: object, name: str = "") -> _Answer:
    """An answer; what somebody else's class raises is no error of this package."""
    try:
        return question(view)
    except LactflowError:
        raise
    except Exception as error:
        if _is_own(whose):
            raise
        raise _raised(error, whose, name or _name(question), f" at {view.now_min:g} min") from error


def _raised(error: Exception, whose: object, method: str, when: str = "") -> DeclarationError:
    """What to raise for an exception of somebody else's class."""
    place = raised_at(error, type(whose).__module__)
    return DeclarationError(f"{type(whose).__name__}.{method}{when}: {type(error).__name__}: {error}{place}")


def _is_own(whose: object) -> bool:
    """Whether an agenda or a phase comes with the package."""
    return type(whose).__module__.partition(".")[0] == "lactflow"


def _name(question: Any) -> str:
    """Name of a method, also of one with some arguments filled in."""
    return str(getattr(getattr(question, "func", question), "__name__", "answer"))


def _check(session: object, whose: object, breasts: Collection[str], infants: int | None, latest_min: float) -> None:
    """Refuse what is no session, or none that can take place; None for a number of infants that is not known."""
    wrong = f"{session!r} is no PlannedSession"
    if isinstance(session, PlannedSession):
        wrong = next(_problems(session, breasts, infants, latest_min), "") or _undeclared(session, whose)
    if wrong:
        msg = f"{type(whose).__name__}: {wrong}"
        raise DeclarationError(msg)


def _problems(
    session: PlannedSession, breasts: Collection[str], infants: int | None, latest_min: float
) -> Iterator[str]:
    kind = session.kind
    if kind not in _KINDS:
        yield f"a session is of kind {kind!r} (allowed: {', '.join(_KINDS)})"
    if not _is_number(session.planned_min):
        yield f"planned_min: a {kind} is planned at {session.planned_min!r} min (allowed: a finite number)"
    if session.planned_min > latest_min + _ROUND_OFF_MIN:
        yield (
            f"planned_min: a {kind} that is due is planned at {session.planned_min:g} min "
            f"(allowed: now, {latest_min:g} min, or earlier; `when` says what is later)"
        )
    yield from _problems_of_sides(session, breasts)
    for field, values in _WORDS:
        value, allowed = getattr(session, field), get_args(values)
        if value not in allowed and (value is not None or field == "source"):
            yield f"{field}: a {kind} has the {field} {value!r} (allowed: {', '.join(allowed)})"
    for field in ("volume_ml", "offered_ml", "vacuum_mmhg", "recorded_ml"):
        value = getattr(session, field)
        if value is not None and not (_is_number(value) and value >= 0.0):
            yield f"{field} of a {kind} is {value!r} (allowed: 0 or more, finite, or None)"
    if kind != "bottle" and not session.sides and session.rule is None:
        yield f"a {kind} names no breast (needed: sides or rule)"
    yield from _problems_of_infant(session, infants)


def _undeclared(session: PlannedSession, whose: object) -> str:
    """What is wrong with its bottles: a phase says beforehand which it fills and gives, and how milk is stored."""
    name = session.bottle
    how = getattr(whose, "stored_how", session.stored)
    if session.stored not in (None, how):
        return (
            f"stored: a {session.kind} says {session.stored!r} (allowed: what `stored_how` of its phase says, {how!r})"
        )
    if name is None or not hasattr(whose, "into_bottles"):
        return ""
    named = {"pump": whose.into_bottles, "hand": whose.into_bottles, "bottle": getattr(whose, "from_bottles", None)}
    if named.get(session.kind) == name:
        return ""
    return f"bottle: a {session.kind} names {name!r} (allowed: what `into_bottles` or `from_bottles` of its phase says)"


def _problems_of_sides(session: PlannedSession, breasts: Collection[str]) -> Iterator[str]:
    kind, sides = session.kind, session.sides
    pairs = isinstance(sides, (tuple, list)) and all(
        isinstance(each, (tuple, list)) and len(each) == 2 for each in sides
    )
    if not pairs:
        yield f'sides of a {kind} are {sides!r} (allowed: a tuple of pairs, as `(("left", 10.0),)`)'
    for side, minutes in sides:
        if not isinstance(side, str) or side not in breasts:
            yield f"sides: a {kind} is at the breast {side!r} (allowed: {', '.join(breasts)})"
        if minutes is not None and not (_is_number(minutes) and minutes > 0.0):
            yield f"sides: a {kind} is at the breast {side!r} for {minutes!r} min (allowed: above 0, finite, or None)"
    names = [side for side, _ in sides]
    if kind == "pump" and len(set(names)) < len(names):
        yield f"sides: a pump is at {', '.join(map(repr, names))} (allowed: each breast once)"


def _problems_of_infant(session: PlannedSession, infants: int | None) -> Iterator[str]:
    kind = session.kind
    for field in ("infant", "child"):
        value = getattr(session, field)
        if not isinstance(value, Integral) and (value is not None or field == "infant"):
            yield f"{field} of a {kind} is {value!r} (allowed: a number of an infant, counted from 0)"
    is_fed = kind == "feed" or (kind == "bottle" and infants)
    if infants is not None and is_fed and not 0 <= session.infant < infants:
        yield f"infant: a {kind} is for infant {session.infant} (there are {infants}, counted from 0)"


def _is_number(value: object) -> bool:
    """Whether it is a finite number, which true and false are not."""
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)
