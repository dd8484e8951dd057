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
from typing import TYPE_CHECKING, Any

from lactflow.errors import InterruptedRunError, LactflowError
from lactflow.experiments.unit import UnitOfWork, play_unit

if TYPE_CHECKING:
    from types import FrameType


def main() -> None:
    """Play units until the standard input ends, or nobody listens any more."""
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else is printed must not garble the answers
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        stopped.append(number)

    def tell(**answer: Any) -> None:
        os.write(answers, json.dumps(answer).encode() + b"\n")

    def advance(share: float, time_min: float) -> None:
        if stopped:
            raise InterruptedRunError(stopped[0])
        tell(share=share, time_min=time_min)

    signal.signal(signal.SIGTERM, stop)
    try:
        for line in sys.stdin:
            unit = UnitOfWork(**json.loads(line))
            try:
                play_unit(unit, advance)
            except InterruptedRunError:
                return
            except LactflowError as error:
                tell(message=f"{type(error).__name__}: {error}", exit_code=error.exit_code)
            else:
                tell(done=True)
    except BrokenPipeError:
        return  # the parent is gone; what was told until then is flushed
