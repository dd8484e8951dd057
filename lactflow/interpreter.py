"""
Settings of the interpreter while a model runs, and as before afterwards; also where several threads run models.

Collections of garbage: a run keeps its rows in lists until a flush, and a model makes next to no cycles of references.
Python's collector, which looks for such cycles whenever 700 objects are new, looks through those rows again and again:
an eighth of the time of a run without visits.

Turns of threads: one thread simulates and another writes tables. The one that writes leaves the interpreter for every
column that it compresses, and to come back it waits as long as the other may keep it, 5 ms as Python has it: it would
write no sooner than if both were one thread. With short turns, a run with visits takes a quarter less time.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

SELDOM = 100_000
"""New objects before the collector looks; garbage in cycles, if a model makes any, stays below so many objects."""
TURN_S = 2e-5
"""For how long a thread may keep the interpreter that another one waits for [s]."""

_lock = Lock()
_Value = TypeVar("_Value")


class _Setting(Generic[_Value]):
    """
    A setting that contexts change.

    Parameters
    ----------
    get, put
        Read and write it.
    changed
        What it is to be, by what it was.
    """

    def __init__(
        self, get: Callable[[], _Value], put: Callable[[_Value], None], changed: Callable[[_Value], _Value]
    ) -> None:
        self._get, self._put, self._changed = get, put, changed
        self._before: list[_Value] = []

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """Change it until the context is left: the last one that is puts back what the first found."""
        with _lock:
            self._before.append(self._get())
            self._put(self._changed(self._before[-1]))
        try:
            yield
        finally:
            with _lock:
                if len(self._before) == 1:
                    self._put(self._before[0])
                self._before.pop()


def _seldom(usual: tuple[int, int, int]) -> tuple[int, int, int]:
    return (SELDOM, *usual[1:]) if 0 < usual[0] < SELDOM else usual


_collections = _Setting(gc.get_threshold, lambda thresholds: gc.set_threshold(*thresholds), _seldom)
_turns = _Setting(sys.getswitchinterval, sys.setswitchinterval, lambda usual_s: min(usual_s, TURN_S))


@contextmanager
def seldom_collected() -> Iterator[None]:
    """
    Collect garbage seldom until the context is left, then as before; a decorator too.

    A collector that is off stays off, and one that looks more seldom is left as it is.
    """
    with _collections.meanwhile():
        yield


@contextmanager
def short_turns() -> Iterator[None]:
    """Let threads take short turns until the context is left; turns that are shorter are left as they are."""
    with _turns.meanwhile():
        yield
