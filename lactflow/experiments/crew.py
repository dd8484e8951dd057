"""
A crew of worker processes that play units of work side by side.

A worker takes one unit after another. One that dies costs the unit it had in hands and is replaced; the others go on.
Tables do not depend on who plays what: a unit is addressed by its numbers, and writes files of its own.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from lactflow.errors import ArchiveError
from lactflow.experiments.unit import Failure, ShowProgress, UnitOfWork
from lactflow.plugins import added_references

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from lactflow.experiments.worker import main; main()"
_LOOK_UP_S = 0.1
"""How often progress is told, and a signal noticed, while nothing comes from the workers."""
_PATIENCE_S = 10.0
"""Time for a worker to flush what it has, once it is told to stop."""


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker:
    """One process, and the unit it has in hands."""

    def __init__(self, plugins: str) -> None:
        # A session of its own: Ctrl-C in a terminal reaches the parent, who decides.
        command = [sys.executable, "-P", "-c", _START, json.dumps(sys.path), plugins]
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            raise ArchiveError(f"cannot start a worker process: {error.strerror or error}") from error
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.hears, self.says = self.process.stdin, self.process.stdout
        self.unit: UnitOfWork | None = None
        self.share = 0.0
        self._torn = b""

    def begin(self, unit: UnitOfWork) -> None:
        self.unit, self.share = unit, 0.0
        with suppress(BrokenPipeError):  # it died; its standard output will say so
            self.hears.write(json.dumps(unit._asdict()).encode() + b"\n")
            self.hears.flush()

    def answers(self) -> list[dict[str, Any]] | None:
        """What it has said since; None when it is dead."""
        said = os.read(self.says.fileno(), 65536)
        if not said:
            return None
        *lines, self._torn = (self._torn + said).split(b"\n")
        return [json.loads(line) for line in lines]

    def bury(self) -> int:
        """Wait for the end of a dead one; its exit code."""
        for stream in (self.hears, self.says):
            with suppress(BrokenPipeError):
                stream.close()
        return self.process.wait()


class Crew:
    """
    Workers, started when first needed.

    Leaving the context ends them: by themselves when all units have ended, else by SIGTERM, upon which they flush what
    they have.

    Parameters
    ----------
    workers
        Most processes at a time.

    Raises
    ------
    PluginError
        If something was added to lactflow in Python that another process cannot import.
    """

    def __init__(self, workers: int) -> None:
        self._most = workers
        self._plugins = json.dumps(added_references())
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        """The crew."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Send everybody home."""
        for worker in self._busy:
            worker.process.terminate()
        for worker in (*self._idle, *self._busy):
            with suppress(BrokenPipeError):
                worker.hears.close()
            worker.says.close()
            try:
                worker.process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
        self._selector.close()

    def play(self, units: Iterable[UnitOfWork], progress: ShowProgress | None = None) -> list[Failure]:
        """
        Play all units.

        Parameters
        ----------
        units
            In the order in which they are begun.
        progress
            Told how far they are together, and the simulated time of the last news; may raise to stop.

        Returns
        -------
        Units that were not played to their end, in the order of the numbers.
        """
        waiting = deque(units)
        total, ended, failures = len(waiting), 0, []
        time_min = 0.0
        while waiting or self._busy:
            self._hand_out(waiting)
            for worker, answer in self._hear():
                if "share" in answer:
                    worker.share, time_min = answer["share"], answer["time_min"]
                    continue
                ended += 1
                if "message" in answer:
                    assert worker.unit is not None
                    failures.append(Failure(worker.unit.directory, worker.unit.mother, worker.unit.replicate, **answer))
                self._dismiss(worker, dead="exit_code" in answer and worker.process.poll() is not None)
            if progress is not None:
                progress((ended + sum(worker.share for worker in self._busy)) / total, time_min)
        return sorted(failures)

    def _hand_out(self, waiting: deque[UnitOfWork]) -> None:
        """Give a unit to everybody who has none."""
        while waiting and len(self._busy) < self._most:
            worker = self._rested() or _Worker(self._plugins)
            worker.begin(waiting.popleft())
            self._busy.append(worker)
            self._selector.register(worker.says, selectors.EVENT_READ, worker)

    def _rested(self) -> _Worker | None:
        """One who has nothing to do, and has not died of it."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.poll() is None:
                return worker
            worker.bury()
        return None

    def _hear(self) -> Iterator[tuple[_Worker, dict[str, Any]]]:
        """News of the workers; that one has died is news too."""
        for key, _ in self._selector.select(_LOOK_UP_S):
            worker: _Worker = key.data
            answers = worker.answers()
            if answers is None:
                yield worker, {"message": f"its worker {_end_of(worker.bury())}", "exit_code": 1}
                continue
            for answer in answers:
                yield worker, answer

    def _dismiss(self, worker: _Worker, *, dead: bool) -> None:
        """It has ended its unit."""
        self._busy.remove(worker)
        self._selector.unregister(worker.says)
        if not dead:
            self._idle.append(worker)


def _end_of(code: int) -> str:
    """How a process has ended that had a unit in hands, by its exit code."""
    if code == 0:
        return "was stopped from outside"
    return f"died (killed by signal {-code})" if code < 0 else f"died (exit code {code})"
