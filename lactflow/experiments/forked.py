"""
One simulation of several scenarios that have a past in common: processes that are forked in the middle of it.

Where scenarios part, the process that simulates is forked. The child continues some of them, and the parent waits
for it and then continues the others. What a killed child was at is simulated from its beginning, by the parent.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Any, NoReturn

from lactflow.errors import InterruptedRunError
from lactflow.experiments.work import ShowProgress
from lactflow.systems import STOPS

_LOOK_UP_S = 0.1
"""How often a stop is noticed while a child simulates."""
_SILENT_S = 0.1
"""Between two reports of its progress: each of them costs both processes some time."""
_MOST_FILES = 65_536

Receive = Callable[[dict[str, Any]], None]
"""Called with each answer of a child that is not about its progress; may raise to stop."""


def can_fork() -> bool:
    """Whether processes can be forked on this system."""
    return hasattr(os, "fork")


class Child:
    """
    A process that was forked to continue something.

    Parameters
    ----------
    pid
        Its number.
    answers_in
        Pipe on which it reports, in lines of JSON: `share` and `time_min`, or anything else.
    """

    def __init__(self, pid: int, answers_in: int) -> None:
        self._pid, self._answers_in = pid, answers_in
        self._torn: list[bytes] = []

    def wait(self, progress: ShowProgress, receive: Receive) -> bool:
        """
        Wait for its end; a stop is passed on to it.

        Parameters
        ----------
        progress
            Called with what it reports of its progress, and while it reports nothing; may raise to stop.
        receive
            Called with its other answers.

        Returns
        -------
        Whether it came to its end; else it was killed.
        """
        share, time_min, ended = 0.0, 0.0, False
        try:
            while True:
                if select.select([self._answers_in], [], [], _LOOK_UP_S)[0]:
                    read = os.read(self._answers_in, 65_536)
                    if not read:
                        return ended
                    for answer in self._answers(read):
                        if "share" in answer:
                            share, time_min = answer["share"], answer["time_min"]
                            continue
                        ended = ended or "ended" in answer
                        receive(answer)
                progress(share, time_min)
        except BaseException:
            os.kill(self._pid, signal.SIGTERM)
            raise
        finally:
            os.close(self._answers_in)
            os.waitpid(self._pid, 0)

    def _answers(self, read: bytes) -> list[dict[str, Any]]:
        """Whole answers, of what came before and of this."""
        self._torn.append(read)
        if b"\n" not in read:  # of an answer with tables, which is long: put together once
            return []
        *lines, rest = b"".join(self._torn).split(b"\n")
        self._torn = [rest]
        return [json.loads(line) for line in lines]


class Parent:
    """
    The process that waits for this one, which was forked: this one has let go of everything else when this is made.

    Parameters
    ----------
    answers_out
        Pipe for the answers to it.
    """

    def __init__(self, answers_out: int) -> None:
        gc.freeze()  # memory that is only looked at stays shared
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(answers_out, 3)  # a child that held the pipes of its parent would hide its death
        os.closerange(4, _MOST_FILES)
        self._stopped: list[int] = []
        self._reported_s = -_SILENT_S
        for number in STOPS:
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._stopped.append(number)

    def send(self, **answer: Any) -> None:
        """Send an answer."""
        left = memoryview(json.dumps(answer).encode() + b"\n")
        while left:
            left = left[os.write(3, left) :]

    def show(self, share: float, time_min: float) -> None:
        """Report how far this process is, now and then; raises when it shall stop, or the parent is gone."""
        now_s = time.monotonic()
        if now_s - self._reported_s >= _SILENT_S:
            self._reported_s = now_s
            try:
                self.send(share=share, time_min=time_min)
            except BrokenPipeError:
                self._stopped.append(signal.SIGTERM)
        if self._stopped:
            raise InterruptedRunError(self._stopped[0])

    def end(self, **answer: Any) -> NoReturn:
        """Send the last answer, and end this process."""
        with suppress(BrokenPipeError):
            self.send(ended=True, **answer)
        os._exit(0)


def fork() -> tuple[Child | None, int]:
    """
    Fork this process.

    Returns
    -------
    In the parent the child, and a number of no use; in the child None, and the pipe that `Parent` takes.
    """
    if sys.platform == "win32":
        raise AssertionError("ask can_fork before")
    answers_in, answers_out = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(answers_in)
        return None, answers_out
    os.close(answers_out)
    return Child(pid, answers_in), -1


class BranchedSimulation(ABC):
    """
    One simulation of several scenarios, and in each process those that it still stands for.

    Parameters
    ----------
    scenarios
        How many; they are called by their numbers.
    progress
        Called with the share that is done of all of them, and the simulated time; may raise to stop.
    """

    def __init__(self, scenarios: int, progress: ShowProgress) -> None:
        self._scenarios, self._progress = scenarios, progress
        self._mine: Sequence[int] = range(scenarios)
        self._parent: Parent | None = None
        self._over, self._reached = 0, 0.0
        self._lost: list[int] = []
        self._stopped: BaseException | None = None

    @abstractmethod
    def _simulate_mine(self) -> None:
        """Simulate all of them, with `_split` where they part, and hand on what was found of those that are left."""

    @abstractmethod
    def _simulate_again(self, number: int) -> None:
        """Simulate one that a killed child was at, from its beginning."""

    @abstractmethod
    def _fail(self, error: Exception) -> None:
        """Take note of why those that are left were not simulated to their end."""

    @abstractmethod
    def _receive(self, missing: set[int], answer: Mapping[str, Any]) -> None:
        """Take what a child reports: which of the scenarios that it stands for are no longer missing."""

    @abstractmethod
    def _last_words(self) -> dict[str, Any]:
        """What a child reports at its end."""

    def simulate(self) -> None:
        """Simulate all of them. A child that was forked meanwhile does not return, whatever happens."""
        try:
            self._simulate_all()
        except BaseException:
            if self._parent is not None:
                os._exit(1)
            raise
        if self._parent is not None:
            self._parent.end(**self._last_words())

    def _simulate_all(self) -> None:
        try:
            self._simulate_mine()
        except InterruptedRunError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug has any class, and ends its own scenarios only
            if self._stopped is not None:  # SimPy has raised a copy of it
                raise self._stopped from None
            self._fail(error)
        for number in self._lost:
            self._simulate_again(number)

    def _show(self, share: float, time_min: float) -> None:
        """How far all scenarios are, when one of those that this process simulates has got so far."""
        self._show_all((self._over + share * (self._scenarios - self._over)) / self._scenarios, time_min)

    def _show_all(self, share: float, time_min: float) -> None:
        self._reached = max(self._reached, share)  # where a child ended, the others continue from before
        self._progress(self._reached, time_min)

    def _split(self, groups: Sequence[Sequence[int]]) -> int:
        """Fork a child for each group but the first, and wait for it; which group this process continues."""
        for index, group in enumerate(groups[1:], 1):
            child, answers_out = fork()
            if child is None:
                self._become_child(group, answers_out)
                return index
            missing = set(group)
            try:
                child.wait(self._show_all, partial(self._receive, missing))
            except BaseException as error:
                self._stopped = error
                raise
            self._lost += sorted(missing)
        self._mine = groups[0]
        return 0

    def _become_child(self, group: Sequence[int], answers_out: int) -> None:
        """Let go of everything that belongs to the parent, and continue a group."""
        self._parent = Parent(answers_out)
        self._progress = self._parent.show
        self._mine, self._lost = group, []
