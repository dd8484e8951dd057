"""Names of what is declared: each is used as it is written there, and only once."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from lactflow.errors import DeclarationError, blamed_on


def check_known(what: str, name: str, known: Iterable[str]) -> None:
    """
    Check that a name is declared.

    Parameters
    ----------
    what
        What it names, for the message.
    name
        As it was used.
    known
        All names that are declared.

    Raises
    ------
    DeclarationError
        If it is not among them; the message has the nearest one.
    """
    known = sorted(known)
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    hint = f"; nearest: {near[0]}" if near else ""
    msg = f"there is no {what} {name!r} (declared: {', '.join(known) or 'none'}{hint})"
    raise DeclarationError(msg)


def check_once(what: str, declared: Iterable[tuple[str, object]]) -> None:
    """
    Check that no name is declared twice.

    Parameters
    ----------
    what
        What they name, for the message.
    declared
        Each name with its declaration; of two of one name the later is at fault.

    Raises
    ------
    DeclarationError
        If one comes twice.
    """
    seen: set[str] = set()
    for name, declaration in declared:
        if name in seen:
            msg = f"the {what} {name!r} is declared twice"
            with blamed_on(declaration):
                raise DeclarationError(msg)
        seen.add(name)
