"""All kinds of schedule, and the type of an entry of `schedule` in a config that follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import Field

from lactflow.dyad.schedule.beside import BottlePhase, HandPhase, PowerPumpingPhase, PumpingPhase
from lactflow.dyad.schedule.demand import NoFeedsPhase, OnDemandPhase, WeanPhase
from lactflow.dyad.schedule.discard import DiscardPhase
from lactflow.dyad.schedule.feeds import ClockPhase, ClusterPhase, EveryPhase
from lactflow.dyad.schedule.log import LogPhase
from lactflow.dyad.schedule.once import OncePhase
from lactflow.dyad.schedule.phase import Phase
from lactflow.dyad.schedule.responsive import ResponsivePhase

KINDS: tuple[type[Phase], ...] = (
    OnDemandPhase,
    EveryPhase,
    ClockPhase,
    ClusterPhase,
    LogPhase,
    WeanPhase,
    NoFeedsPhase,
    PumpingPhase,
    ResponsivePhase,
    PowerPumpingPhase,
    HandPhase,
    BottlePhase,
    OncePhase,
    DiscardPhase,
)
"""Every kind that comes with the package, in the order in which messages and documentation list them."""


@cache
def check_kind(kind: type[Phase]) -> str:
    """
    Check that a class is a kind of schedule.

    Parameters
    ----------
    kind
        The class.

    Returns
    -------
    Its word in a config.

    Raises
    ------
    TypeError
        If it is no subclass of `Phase`, lacks a method, or has no `kind: Literal[...]` with one word.
    """
    name = getattr(kind, "__name__", repr(kind))
    if not (isinstance(kind, type) and issubclass(kind, Phase)):
        msg = f"{name} is no kind of schedule: it must be a subclass of lactflow.dyad.schedule.Phase"
        raise TypeError(msg)
    if kind.__abstractmethods__:
        msg = f"{name} is no kind of schedule: it lacks {', '.join(sorted(kind.__abstractmethods__))}"
        raise TypeError(msg)
    field = kind.model_fields.get("kind")
    words = get_args(field.annotation) if field is not None and get_origin(field.annotation) is Literal else ()
    if len(words) != 1:
        msg = f'{name} is no kind of schedule: it must declare its word in a config, as `kind: Literal["word"]`'
        raise TypeError(msg)
    return str(words[0])


def kinds_by_word(extra: Iterable[type[Phase]] = ()) -> dict[str, type[Phase]]:
    """
    Every kind of schedule by its word in a config.

    Parameters
    ----------
    extra
        Kinds from outside, besides those of the package.

    Raises
    ------
    TypeError
        If one is no kind of schedule.
    ValueError
        If two have the same word.
    """
    found: dict[str, type[Phase]] = {}
    for kind in (*KINDS, *extra):
        word = check_kind(kind)
        if word in found:
            msg = f"two kinds of schedule are called {word!r}: {found[word].__name__} and {kind.__name__}"
            raise ValueError(msg)
        found[word] = kind
    return found


def schedule_entry(extra: Iterable[type[Phase]] = ()) -> Any:
    """
    The type of one entry of `schedule`: any kind, told apart by its word.

    Parameters
    ----------
    extra
        Kinds from outside, besides those of the package.

    Raises
    ------
    TypeError, ValueError
        As `kinds_by_word`.
    """
    members: Any = tuple(kinds_by_word(extra).values())
    return Annotated[reduce(or_, members), Field(discriminator="kind")]
