"""
Work that a crew hands out: data that any process can do, whatever it is.

A unit of work is one kind, others are more than one unit; here is what they have in common. An order is JSON, and so is
the answer to it, so that it does not matter which process, or which machine, does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

ShowProgress = Callable[[float, float], None]
"""Called with the share of the work that is done and the simulated time [min]; may raise to stop."""

ShowPhase = Callable[[str], None]
"""Called with what begins, in words for people."""

Doing = Callable[[Mapping[str, Any], str | None, ShowProgress], Any]
"""Does what an order says, in a worker; takes the order, the shared text, and the function that reports progress."""

DOING: Mapping[str, str] = {
    "unit": "lactflow.experiments.unit:do_unit",
    "chunk": "lactflow.experiments.sweep.work:do_chunk",
    "branches": "lactflow.experiments.branching:do_branches",
    "tables": "lactflow.experiments.tables:do_tables",
    "kept": "lactflow.experiments.run_cache:do_kept",
}
"""By the kind of work, the function that does it: module and name. It is imported when a worker first needs it."""

LOST = -1000
"""In place of the exit code of a worker: it ended, and whoever could report how is gone too."""

TRIES = 3
"""Workers that may die at a piece of work before it is set aside."""


class Work(Protocol):
    """A piece of work, as the crew that hands it out sees it."""

    @property
    def kind(self) -> str:
        """Key of `DOING`."""

    @property
    def shared(self) -> str | None:
        """A text that many pieces of work have in common, the same object or not; a worker is sent it once."""

    @property
    def named(self) -> str:
        """What it is, in messages."""

    def order(self) -> dict[str, Any]:
        """Everything that a worker needs, beside the shared text, for JSON."""

    def is_done(self) -> bool:
        """Whether it is done: tested when its worker has died without saying so."""

    def clear(self) -> None:
        """Remove what a worker that has died at it left; called before it is given again."""


AnyWork = TypeVar("AnyWork", bound=Work)

OnResult = Callable[[AnyWork, Any], None]
"""Called with a piece of work that has ended well, and its worker's answer: None where there was none."""


DIED = "its worker died three times"
"""Beginning of the message of such a failure: the machine is at fault, and not what was to be done."""


class Failure(NamedTuple, Generic[AnyWork]):
    """
    A piece of work that was not completed.

    Attributes
    ----------
    work
        Which.
    message
        Why.
    exit_code
        Of the error that stopped it.
    """

    work: AnyWork
    message: str
    exit_code: int


class Retried(NamedTuple, Generic[AnyWork]):
    """
    A piece of work that was given again, once for each time.

    Attributes
    ----------
    work
        Which.
    reason
        Why.
    """

    work: AnyWork
    reason: str


def part_of(progress: ShowProgress | None, begin: float, end: float) -> ShowProgress | None:
    """
    Progress of a part of some work as that of all of it.

    Parameters
    ----------
    progress
        Of all; None for none.
    begin, end
        Shares of all at which the part begins and ends.
    """
    if progress is None:
        return None
    return lambda share, time_min: progress(begin + share * (end - begin), time_min)


def doing(kind: str) -> Doing:
    """
    Import the function that does a kind of work.

    Parameters
    ----------
    kind
        Key of `DOING`.
    """
    module, _, name = DOING[kind].partition(":")
    function: Doing = getattr(import_module(module), name)
    return function
