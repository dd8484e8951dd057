"""
What a worker process does: it plays the units of work that come on its standard input, one a line of JSON.

It answers on its standard output, in lines of JSON as well: how far it is, and how each unit ended. Nothing but
text passes between processes, so it does not matter what the parent has imported or how it was started.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from lactflow.errors import InterruptedRunError, LactflowError
from lactflow.experiments.unit import UnitOfWork, play_unit

if TYPE_CHECKING:
    from types import FrameType

_SILENT_S = 0.1
"""Between two answers about progress: each of them costs the parent some time."""


class _Parent:
    """Whoever started this process: it is told how things go, and may say stop."""

    def __init__(self) -> None:
        self._answers = os.dup(sys.stdout.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else is printed must not garble the answers
        self._said_stop: int | None = None
        self._told_s = -_SILENT_S
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._said_stop = number

    def tell(self, **answer: Any) -> None:
        """One line."""
        os.write(self._answers, json.dumps(answer).encode() + b"\n")

    def tell_progress(self, share: float, time_min: float) -> None:
        """How far a unit is; raises when it shall stop."""
        if self._said_stop is not None:
            raise InterruptedRunError(self._said_stop)
        now_s = time.monotonic()
        if now_s - self._told_s >= _SILENT_S:
            self._told_s = now_s
            self.tell(share=share, time_min=time_min)


def main() -> None:
    """Play units until the standard input ends, or nobody listens any more."""
    parent = _Parent()
    try:
        for line in sys.stdin:
            try:
                play_unit(UnitOfWork(**json.loads(line)), parent.tell_progress)
            except InterruptedRunError:
                return
            except LactflowError as error:
                parent.tell(message=f"{type(error).__name__}: {error}", exit_code=error.exit_code)
            else:
                parent.tell(done=True)
    except BrokenPipeError:
        return  # the parent is gone; what was told until then is flushed
