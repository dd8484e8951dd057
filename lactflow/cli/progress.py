"""What a run shows while it goes on, and how a signal stops it."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from lactflow.errors import InterruptedRunError
from lactflow.units import DAY_MIN

ShowProgress = Callable[[float, float], None]
"""Told the share of the work that is done and the simulated time [min]; may raise to stop."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SAME_SIGNAL_S = 0.3


@contextmanager
def stopping_on_signals() -> Iterator[ShowProgress]:
    """
    Turn the first signal into an orderly end of the run, at the next instant that progress is told.

    A second signal kills at once. One that comes right after the first does not count as a second: `timeout` and some
    shells send each signal to the process and to its group.

    Yields
    ------
    To be called with progress; raises `InterruptedRunError` once a signal has come.
    """
    received: list[int] = []
    first_s = 0.0

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal first_s
        del frame
        if not received:
            first_s = time.monotonic()
            received.append(number)
        elif time.monotonic() - first_s > _SAME_SIGNAL_S:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    def check(fraction: float, simulated_min: float) -> None:
        del fraction, simulated_min
        if received:
            raise InterruptedRunError(received[0])

    if threading.current_thread() is not threading.main_thread():
        yield check  # only the main thread may set handlers
        return
    before: dict[int, Any] = {each: signal.signal(each, note) for each in _SIGNALS}
    try:
        yield check
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def shown(label: str, *, quiet: bool) -> Iterator[ShowProgress]:
    """
    A bar on stderr by simulated time; nothing where nobody looks.

    Parameters
    ----------
    label
        What is under way.
    quiet
        No bar, even on a terminal.
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _fraction, _simulated_min: None
        return
    import rich.progress
    from rich.console import Console

    columns = [
        rich.progress.TextColumn("{task.description}"),
        rich.progress.BarColumn(),
        rich.progress.TaskProgressColumn(),
        rich.progress.TimeRemainingColumn(),
    ]
    with rich.progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=1.0)
        yield lambda fraction, simulated_min: bar.update(
            task, completed=fraction, description=f"{label}, day {_day(simulated_min)}"
        )


def _day(simulated_min: float) -> int:
    """Day 1 is the first 24 h after birth."""
    return int(simulated_min // DAY_MIN) + 1
