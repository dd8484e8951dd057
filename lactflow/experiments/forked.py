"""A process that is forked in the middle of a simulation, to go on with a part of it, and the one that waits for it."""

from __future__ import annotations

import gc
import json
import os
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

from lactflow.errors import InterruptedRunError
from lactflow.experiments.work import ShowProgress

_LOOK_UP_S = 0.1
"""How often a stop is noticed while a child simulates."""
_MOST_FILES = 65_536

Hear = Callable[[dict[str, Any]], None]
"""Called with each answer of a child that is not about its progress; may raise to stop."""


def can_fork() -> bool:
    """Whether processes can be forked on this system."""
    return hasattr(os, "fork")


class Child:
    """
    A process that was forked to go on with something.

    Parameters
    ----------
    pid
        Its number.
    says
        Pipe on which it reports, in lines of JSON: `share` and `time_min`, or anything else.
    """

    def __init__(self, pid: int, says: int) -> None:
        self._pid, self._says = pid, says
        self._torn: list[bytes] = []

    def wait(self, progress: ShowProgress, hear: Hear) -> bool:
        """
        Wait for its end; a stop is passed on to it.

        Parameters
        ----------
        progress
            Called with what it says of its progress, and while it says nothing; may raise to stop.
        hear
            Called with its other answers.

        Returns
        -------
        Whether it came to its end; else it was killed.
        """
        share, time_min, ended = 0.0, 0.0, False
        try:
            while True:
                if select.select([self._says], [], [], _LOOK_UP_S)[0]:
                    said = os.read(self._says, 65_536)
                    if not said:
                        return ended
                    for answer in self._answers(said):
                        if "share" in answer:
                            share, time_min = answer["share"], answer["time_min"]
                            continue
                        ended = ended or "ended" in answer
                        hear(answer)
                progress(share, time_min)
        except BaseException:
            os.kill(self._pid, signal.SIGTERM)
            raise
        finally:
            os.close(self._says)
            os.waitpid(self._pid, 0)

    def _answers(self, said: bytes) -> list[dict[str, Any]]:
        """Whole answers, of what came before and of this."""
        self._torn.append(said)
        if b"\n" not in said:  # of an answer with tables, which is long: put together once
            return []
        *lines, rest = b"".join(self._torn).split(b"\n")
        self._torn = [rest]
        return [json.loads(line) for line in lines]


class Parent:
    """
    Whoever waits for this process, which was forked: it has let go of everything else when this is made.

    Parameters
    ----------
    hears
        Pipe on which it listens.
    """

    def __init__(self, hears: int) -> None:
        gc.freeze()  # memory that is only looked at stays shared
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(hears, 3)  # a child that held the pipes of its parent would hide its death
        os.closerange(4, _MOST_FILES)
        self._stopped: list[int] = []
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._stopped.append(number)

    def tell(self, **answer: Any) -> None:
        """Send an answer."""
        left = memoryview(json.dumps(answer).encode() + b"\n")
        while left:
            left = left[os.write(3, left) :]

    def show(self, share: float, time_min: float) -> None:
        """Say how far this process is; raises when it shall stop, or nobody listens."""
        try:
            self.tell(share=share, time_min=time_min)
        except BrokenPipeError:
            self._stopped.append(signal.SIGTERM)
        if self._stopped:
            raise InterruptedRunError(self._stopped[0])

    def end(self, **answer: Any) -> NoReturn:
        """Send the last answer, and end this process."""
        with suppress(BrokenPipeError):
            self.tell(ended=True, **answer)
        os._exit(0)


def fork() -> tuple[Child | None, int]:
    """
    Fork this process.

    Returns
    -------
    In the parent the child, and a number of no use; in the child None, and the pipe that `Parent` takes.
    """
    says, hears = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(says)
        return None, hears
    os.close(hears)
    return Child(pid, says), -1
