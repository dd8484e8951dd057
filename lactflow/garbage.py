"""
Fewer collections of garbage while a model runs.

A run keeps its rows in lists until a flush, and a model makes next to no cycles of references. Python's collector,
which looks for such cycles whenever 700 objects are new, looks through those rows again and again: an eighth of the
time of a run without visits.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SELDOM = 100_000
"""New objects before the collector looks; garbage in cycles, if a model makes any, stays below so many objects."""

_lock = Lock()
_usual: list[tuple[int, int, int]] = []
"""Thresholds from before, one for each run under way: the first is what the last run puts back."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """
    Collect garbage seldom until the context is left, then as before; also where several threads run models.

    A collector that is off stays off, and one that looks more seldom is left as it is.
    """
    with _lock:
        usual = gc.get_threshold()
        _usual.append(usual)
        if 0 < usual[0] < SELDOM:
            gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        with _lock:
            if len(_usual) == 1:
                gc.set_threshold(*_usual[0])
            _usual.pop()
