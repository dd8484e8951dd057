"""What a run shows while it is under way, and how a signal stops it."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

from lactflow.errors import InterruptedRunError, LactflowError
from lactflow.systems import HANG_UP, STOPS
from lactflow.units import DAY_MIN

ShowProgress = Callable[[float, float], None]
"""Called with the share of the work that is done and the simulated time [min]; may raise to stop."""

_SIGNALS = (signal.SIGINT, *STOPS)
_SAME_SIGNAL_S = 0.3


@contextmanager
def stopping_on_signals() -> Iterator[ShowProgress]:
    """
    Turn the first signal into an orderly end of the run, at the next report of progress.

    A second signal kills at once. One that comes right after the first does not count as a second: `timeout` and some
    shells send each signal to the process and to its group. A hang-up that is ignored, under `nohup`, stays ignored.

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
    heard = [each for each in _SIGNALS if each != HANG_UP or signal.getsignal(each) != signal.SIG_IGN]
    before: dict[int, Any] = {each: signal.signal(each, note) for each in heard}
    try:
        yield check
    except OSError as error:
        reason = _reason_of(error, received)
        if reason is error:
            raise
        raise reason from None
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _reason_of(error: OSError, received: Sequence[int]) -> Exception:
    """With the terminal gone, nothing can be shown any more: that is not why a run ends that a signal has stopped."""
    if isinstance(error.__context__, InterruptedRunError):
        return error.__context__
    return InterruptedRunError(received[0]) if received and not isinstance(error, LactflowError) else error


@contextmanager
def shown(label: str, *, quiet: bool) -> Iterator[ShowProgress]:
    """
    A bar on stderr by simulated time; nothing where stderr is no terminal.

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


class PhasedBar:
    """
    One bar after another, a phase each; made by `shown_by_phase`.

    Parameters
    ----------
    bars
        Holds the bar that is shown.
    quiet
        No bar, even on a terminal.
    """

    def __init__(self, bars: ExitStack, *, quiet: bool) -> None:
        self._bars = bars
        self._quiet = quiet
        self._show: ShowProgress = _show_nothing

    def begin(self, label: str) -> None:
        """Show the bar of another phase."""
        self._show = _show_nothing
        self._bars.close()
        self._show = self._bars.enter_context(shown(label, quiet=self._quiet))

    def __call__(self, fraction: float, simulated_min: float) -> None:
        """Show how far the phase is."""
        self._show(fraction, simulated_min)


@contextmanager
def shown_by_phase(label: str, *, quiet: bool) -> Iterator[PhasedBar]:
    """
    As `shown`, for work in several phases.

    Parameters
    ----------
    label
        The first phase.
    quiet
        No bar, even on a terminal.
    """
    with ExitStack() as bars:
        bar = PhasedBar(bars, quiet=quiet)
        bar.begin(label)
        yield bar


def _show_nothing(fraction: float, simulated_min: float) -> None:
    """Between two bars."""
