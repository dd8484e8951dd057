"""
A crew of worker processes that simulate units of work side by side.

A worker takes one unit after another, short ones some ahead. One that dies costs the unit it was at and is replaced;
the others go on. Tables do not depend on who simulates what: a unit is addressed by its numbers, and writes files of
its own.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from lactflow.experiments.fork_server import LOST
from lactflow.experiments.start import start_worker
from lactflow.experiments.unit import Failure, ShowProgress, UnitOfWork
from lactflow.plugins import added_references

_LOOK_UP_S = 0.1
"""How often progress is told, and a signal noticed, while nothing comes from the workers."""
_PATIENCE_S = 10.0
"""Time for a worker to flush what it has, once it is told to stop."""
_SHORT_S = 1.0
"""A worker whose units take less has the next one before it has ended one."""
_AHEAD_S = 0.2
"""Work that a worker has before it, in short units: so much more than it takes to hand it the next one."""
_MOST_AHEAD = 16


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker:
    """One process, and the units it has in hands: it is at the first of them."""

    def __init__(self, additions: list[tuple[str, str, str]]) -> None:
        self.process, self.hears, self.says = start_worker(additions)
        self.units: deque[UnitOfWork] = deque()
        self.share = 0.0
        self._torn = b""
        self._configs: dict[str, int] = {}
        self._ended_s = 0.0
        self._took_s = float("inf")

    def begin(self, unit: UnitOfWork) -> None:
        """Hand it a unit, which waits for those that it has."""
        if not self.units:
            self.share, self._ended_s = 0.0, time.monotonic()
        self.units.append(unit)
        orders: list[dict[str, object]] = []
        if unit.config not in self._configs:
            self._configs[unit.config] = len(self._configs)
            orders.append({"config": unit.config})
        orders.append({"unit": [self._configs[unit.config], *unit[1:]]})
        with suppress(BrokenPipeError):  # it died; its standard output will say so
            self.hears.write(b"".join(json.dumps(order).encode() + b"\n" for order in orders))
            self.hears.flush()

    def end(self) -> UnitOfWork:
        """The unit that it was at has ended."""
        now_s = time.monotonic()
        self._took_s, self._ended_s, self.share = now_s - self._ended_s, now_s, 0.0
        return self.units.popleft()

    def takes(self, unit: UnitOfWork) -> bool:
        """Whether it shall have this unit before it has ended another; it does not read while it is at one."""
        if self._took_s > _SHORT_S or unit.config not in self._configs:
            return False
        return len(self.units) <= min(max(1.0, _AHEAD_S / self._took_s), _MOST_AHEAD)

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
    named
        Group and name of everything that configs of their units name and that may have been added in Python.

    Raises
    ------
    PluginError
        If something of that cannot be imported by another process.
    """

    def __init__(self, workers: int, named: Iterable[tuple[str, str]] = ()) -> None:
        self._most = workers
        self._additions = added_references(named)
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
        everybody = (*self._idle, *self._busy)
        for worker in everybody:
            with suppress(BrokenPipeError):
                worker.hears.close()
            worker.says.close()
        for worker in everybody:
            try:
                worker.process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
        self._selector.close()

    def play(self, units: Iterable[UnitOfWork], progress: ShowProgress | None = None) -> list[Failure]:
        """
        Simulate all units.

        Parameters
        ----------
        units
            In the order in which they are begun.
        progress
            Told how far they are together, and the simulated time of the last news; may raise to stop.

        Returns
        -------
        Units that were not simulated to their end, in the order of the numbers.
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
                unit = worker.end()
                if "message" in answer:
                    failures.append(Failure(unit.directory, unit.mother, unit.replicate, **answer))
                self._dismiss(worker, waiting)
            if progress is not None:
                progress((ended + sum(worker.share for worker in self._busy)) / total, time_min)
        return sorted(failures)

    def _hand_out(self, waiting: deque[UnitOfWork]) -> None:
        """Give a unit to everybody who has none, and more of them ahead while there are enough for all."""
        while waiting and len(self._busy) < self._most:
            worker = self._rested() or _Worker(self._additions)
            worker.begin(waiting.popleft())
            self._busy.append(worker)
            self._selector.register(worker.says, selectors.EVENT_READ, worker)
        for worker in self._busy:
            while len(waiting) >= self._most and worker.takes(waiting[0]):
                worker.begin(waiting.popleft())

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
                self._selector.unregister(worker.says)
                yield worker, {"message": f"its worker {_end_of(worker.bury())}", "exit_code": 1}
                continue
            for answer in answers:
                yield worker, answer

    def _dismiss(self, worker: _Worker, waiting: deque[UnitOfWork]) -> None:
        """It has ended a unit: it goes on with the next, or rests; what a dead one had ahead is for the others."""
        dead = worker.says.closed
        if worker.units and not dead:
            return
        waiting.extendleft(reversed(worker.units))
        self._busy.remove(worker)
        if not dead:
            self._selector.unregister(worker.says)
            self._idle.append(worker)


def _end_of(code: int) -> str:
    """How a process has ended that had a unit in hands, by its exit code."""
    if code == LOST:
        return "died"
    if code == 0:
        return "was stopped from outside"
    return f"died (killed by signal {-code})" if code < 0 else f"died (exit code {code})"
