"""
What a worker process does: the work that comes on its standard input, in lines of JSON.

The first line has the import path, the environment and what was added in Python; a line has a text that several pieces
of work share, or a piece of work: its kind, its order, and the number of its shared text.

It answers on its standard output, in lines of JSON as well: how far it is, how each piece of work ended, and what came
of it. Nothing but text passes between processes, so it does not matter what the parent has imported or how it was
started. Whatever a piece of work raises, a bug or a lack of memory, ends it and is its reason; the model is imported
within the first, so that this holds for its import as well.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
import warnings
from typing import TYPE_CHECKING, Any

from lactflow.errors import TRACEBACK, BugError, InterruptedRunError, LactflowError, as_bug
from lactflow.experiments.work import doing
from lactflow.interpreter import seldom_collected
from lactflow.systems import GONE, STOPS

if TYPE_CHECKING:
    from types import FrameType

_SILENT_S = 0.1
"""Between two answers about progress: each of them costs the parent some time."""


class _Parent:
    """The process that started this one: it gets reports, and may order a stop."""

    def __init__(self) -> None:
        self._answers = os.dup(sys.stdout.fileno())
        # Whatever else is printed must not garble the answers.
        printed = os.open(os.devnull, os.O_WRONLY) if sys.stderr is None else sys.stderr.fileno()
        os.dup2(printed, sys.stdout.fileno())
        self._ordered_stop: int | None = None
        self._reported_s = -_SILENT_S
        for number in STOPS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._ordered_stop = number

    def send(self, **answer: Any) -> None:
        """One line."""
        left = memoryview(json.dumps(answer).encode() + b"\n")
        while left:
            try:
                left = left[os.write(self._answers, left) :]
            except GONE as error:
                raise BrokenPipeError from error

    def send_progress(self, share: float, time_min: float) -> None:
        """How far a piece of work is; raises when it shall stop."""
        if self._ordered_stop is not None:
            raise InterruptedRunError(self._ordered_stop)
        now_s = time.monotonic()
        if now_s - self._reported_s >= _SILENT_S:
            self._reported_s = now_s
            self.send(share=share, time_min=time_min)


@seldom_collected()
def main() -> None:
    """Follow orders until the standard input ends, or nobody reads the answers any more."""
    warnings.simplefilter("ignore", RuntimeWarning)  # of calculations; their lines would stand on the user's screen
    parent = _Parent()
    first = json.loads(sys.stdin.readline() or "{}")
    # One that was forked has those of the server, which was started before.
    sys.path[:] = first.get("path", sys.path)
    os.environ.clear()
    os.environ.update(first.get("environment", {}))
    additions: list[list[str]] = first.get("additions", [])
    shared: list[str] = []
    try:
        for line in sys.stdin:
            try:
                _follow(json.loads(line), shared, additions, parent)
            except InterruptedRunError:
                return
            except BrokenPipeError:
                raise
            except Exception as error:  # noqa: BLE001 - a bug has any class
                message, exit_code = message_and_code(error)
                parent.send(message=message, exit_code=exit_code)
    except BrokenPipeError:
        return  # the parent is gone; what was reported until then is flushed


def message_and_code(error: Exception) -> tuple[str, int]:
    """Why a piece of work did not end well, and the exit code of that; of a bug the traceback too, on request."""
    if isinstance(error, LactflowError):
        return f"{type(error).__name__}: {error}", error.exit_code
    if os.environ.get(TRACEBACK) == "1":
        traceback.print_exception(error)
    return str(as_bug(error)), BugError.exit_code


def _follow(order: dict[str, Any], shared: list[str], additions: list[list[str]], parent: _Parent) -> None:
    """Remember a shared text, or do a piece of work; what the parent has added is imported before the first."""
    if "shared" in order:
        shared.append(order["shared"])
        return
    from lactflow.plugins import add_references

    add_references([(group, name, reference) for group, name, reference in additions])
    additions.clear()
    text = None if order["text"] is None else shared[order["text"]]
    parent.send(done=True, result=doing(order["kind"])(order["order"], text, parent.send_progress))
