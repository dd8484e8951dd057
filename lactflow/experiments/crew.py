"""
A crew of worker processes that do work side by side: units of work, or any other kind of `experiments.work`.

A worker takes one piece of work after another, short ones some ahead. One that dies is replaced, and what it was at is
given again, twice at most: it may have died for want of memory, and it may be the work that kills it. Results do not
depend on who does what: a unit is addressed by its numbers, and every attempt at it writes files of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Generic, Self

from lactflow.experiments.listening import Listening, listening
from lactflow.experiments.start import start_worker
from lactflow.experiments.work import DIED, LOST, TRIES, AnyWork, Failure, OnResult, Retried, ShowProgress, Work
from lactflow.plugins import added_references
from lactflow.systems import GONE

_LOOK_UP_S = 0.1
"""How often progress is reported, and a signal noticed, while nothing comes from the workers."""
_PATIENCE_S = 10.0
"""Time for a worker to flush what it has, once it has been ordered to stop."""
_SHORT_S = 1.0
"""A worker whose pieces of work take less has the next one before it has ended one."""
_AHEAD_S = 0.2
"""Work that a worker has before it, in short pieces: so much more than it takes to hand it the next one."""
_MOST_AHEAD = 16
_LONGEST_AHEAD = 2048
"""Bytes of an order that goes ahead: a worker does not read while it works, and a pipe holds 64 kB."""


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker:
    """One process, and the numbers of the pieces of work that it has in hands: it is at the first of them."""

    def __init__(self, additions: list[tuple[str, str, str]]) -> None:
        self.process, self.orders_out, self.answers_in = start_worker(additions)
        self.has: deque[int] = deque()
        self.share = 0.0
        self._torn: list[bytes] = []
        self._shared: dict[str, int] = {}
        self._ended_s = 0.0
        self._took_s = float("inf")

    def begin(self, number: int, work: Work) -> None:
        """Hand it a piece of work, which waits for those that it has."""
        if not self.has:
            self.share, self._ended_s = 0.0, time.monotonic()
        self.has.append(number)
        lines = b""
        if work.shared is not None and work.shared not in self._shared:
            self._shared[work.shared] = len(self._shared)
            lines += _line({"shared": work.shared})
        with suppress(*GONE):  # it died; its standard output will say so
            self.orders_out.write(lines + self._line_of(work))
            self.orders_out.flush()

    def _line_of(self, work: Work) -> bytes:
        text = None if work.shared is None else self._shared[work.shared]
        return _line({"kind": work.kind, "order": work.order(), "text": text})

    def end(self) -> int:
        """What it was at has ended: its number."""
        now_s = time.monotonic()
        self._took_s, self._ended_s, self.share = now_s - self._ended_s, now_s, 0.0
        return self.has.popleft()

    def takes(self, work: Work) -> bool:
        """Whether it shall have this before it has ended another; it does not read while it is at one."""
        if self._took_s > _SHORT_S or not (work.shared is None or work.shared in self._shared):
            return False
        few = len(self.has) <= min(max(1.0, _AHEAD_S / self._took_s), _MOST_AHEAD)
        return few and len(self._line_of(work)) <= _LONGEST_AHEAD

    def answers(self, read: bytes) -> list[dict[str, Any]]:
        """Give its answers that are whole, of what it has written until now."""
        self._torn.append(read)
        if b"\n" not in read:  # of an answer with tables, which is long: put together once
            return []
        *lines, rest = b"".join(self._torn).split(b"\n")
        self._torn = [rest]
        return [json.loads(line) for line in lines]

    def bury(self) -> int:
        """Wait for the end of a dead one; its exit code."""
        for stream in (self.orders_out, self.answers_in):
            with suppress(*GONE):
                stream.close()
        return self.process.wait()


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


class _UnderWay(Generic[AnyWork]):
    """
    Work that is being done: what waits for a worker, and how what has ended did.

    Parameters
    ----------
    works
        In the order in which they are begun; its numbers stand for them.
    on_result
        Called for each that has ended well.
    """

    def __init__(self, works: Iterable[AnyWork], on_result: OnResult[AnyWork] | None) -> None:
        self.given = list(works)
        self.waiting = deque(range(len(self.given)))
        self.ended = 0
        self._on_result = on_result
        self._failures: dict[int, Failure[AnyWork]] = {}
        self._deaths = Counter[int]()

    @property
    def failures(self) -> list[Failure[AnyWork]]:
        """What did not end well, in the order in which it was given."""
        return [self._failures[number] for number in sorted(self._failures)]

    def end(self, number: int, answer: dict[str, Any]) -> None:
        """A worker has reported how a piece of work ended."""
        self.ended += 1
        work = self.given[number]
        if "message" in answer:
            self._failures[number] = Failure(work, answer["message"], answer["exit_code"])
        elif self._on_result is not None:
            self._on_result(work, answer.get("result"))

    def lose(self, number: int, how: str) -> Retried[AnyWork] | None:
        """The worker at a piece of work has died: that waits again, behind all others, unless it is too often."""
        work = self.given[number]
        self._deaths[number] += 1
        if work.is_done():
            self.end(number, {})
            return None
        if self._deaths[number] == TRIES:
            self.end(number, {"message": f"{DIED}{how}", "exit_code": 1})
            return None
        work.clear()  # nobody writes it any more
        self.waiting.append(number)
        return Retried(work, f"its worker died{how}")


class Crew:
    """
    Workers, started when first needed.

    Leaving the context ends them: by themselves when all work has ended, else by SIGTERM, upon which they flush what
    they have.

    Parameters
    ----------
    workers
        Most processes at a time.
    named
        Group and name of everything that configs of their units name and that may have been added in Python.

    Attributes
    ----------
    workers
        Most processes at a time.
    retried
        What was given again because its worker had died, in that order.

    Raises
    ------
    PluginError
        If something of that cannot be imported by another process.
    """

    def __init__(self, workers: int, named: Iterable[tuple[str, str]] = ()) -> None:
        self.retried: list[Retried[Any]] = []
        self.workers = workers
        self._additions = added_references(named)
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []
        self._listening: Listening[_Worker] = listening()

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
            with suppress(*GONE):
                worker.orders_out.close()
            self._listening.leave(worker.answers_in)
        for worker in everybody:
            try:
                worker.process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
        self._listening.close()

    def run(
        self,
        works: Iterable[AnyWork],
        progress: ShowProgress | None = None,
        on_result: OnResult[AnyWork] | None = None,
    ) -> list[Failure[AnyWork]]:
        """
        Do all work.

        Parameters
        ----------
        works
            In the order in which they are begun.
        progress
            Called with how far they are together, and the simulated time of the last news; may raise to stop.
        on_result
            Called for each that has ended well, with its result, in the order in which they end; may raise to stop.

        Returns
        -------
        What was not completed, in the order of `works`.

        Raises
        ------
        ArchiveError
            If a worker cannot be started, or what a dead one left cannot be removed.
        """
        under_way = _UnderWay(works, on_result)
        reached, time_min = 0.0, 0.0
        while under_way.waiting or self._busy:
            self._hand_out(under_way)
            for worker, answer in self._receive():
                if "share" in answer:
                    worker.share, time_min = answer["share"], answer["time_min"]
                    continue
                number = worker.end()
                if "died" in answer and progress is not None:
                    progress(reached, time_min)  # a signal may have come to all of us, which ends everything
                if "died" not in answer:
                    under_way.end(number, answer)
                elif (again := under_way.lose(number, answer["died"])) is not None:
                    self.retried.append(again)
                self._dismiss(worker, under_way.waiting)
            if progress is not None and under_way.given:
                # A death takes back what was done of a piece of work; a bar does not go back.
                reached = max(reached, self._share_of(under_way))
                progress(reached, time_min)
        return under_way.failures

    def _share_of(self, under_way: _UnderWay[Any]) -> float:
        """How much of the work has been done."""
        return (under_way.ended + sum(worker.share for worker in self._busy)) / len(under_way.given)

    def _hand_out(self, under_way: _UnderWay[Any]) -> None:
        """Give work to everybody who has none, and more of it ahead while there is enough for all."""
        given, waiting = under_way.given, under_way.waiting
        while waiting and len(self._busy) < self.workers:
            worker = self._rested() or _Worker(self._additions)
            number = waiting.popleft()
            worker.begin(number, given[number])
            self._busy.append(worker)
            self._listening.add(worker.answers_in, worker)
        for worker in self._busy:
            while len(waiting) >= self.workers and worker.takes(given[waiting[0]]):
                number = waiting.popleft()
                worker.begin(number, given[number])

    def _rested(self) -> _Worker | None:
        """One who has nothing to do, and has not died of it."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.poll() is None:
                return worker
            worker.bury()
        return None

    def _receive(self) -> Iterator[tuple[_Worker, dict[str, Any]]]:
        """News of the workers; that one has died is news too."""
        for worker, read in self._listening.news(_LOOK_UP_S):
            if not read:
                self._listening.remove(worker.answers_in)
                yield worker, {"died": _end_of(worker.bury())}
                continue
            for answer in worker.answers(read):
                yield worker, answer

    def _dismiss(self, worker: _Worker, waiting: deque[int]) -> None:
        """A worker has ended a piece of work: it continues, or rests; what a dead one had ahead comes first."""
        dead = worker.answers_in.closed
        if worker.has and not dead:
            return
        waiting.extendleft(reversed(worker.has))
        self._busy.remove(worker)
        if not dead:
            self._listening.remove(worker.answers_in)
            self._idle.append(worker)


def _end_of(code: int) -> str:
    """How a process has ended that had work in hands, by its exit code: in brackets, where anything is known."""
    if code == LOST:
        return ""
    if code == 0:
        return " (it was stopped from outside)"
    return f" (killed by signal {-code})" if code < 0 else f" (exit code {code})"
