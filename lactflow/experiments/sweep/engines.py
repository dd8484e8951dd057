"""
Who works on a sweep: processes of this machine, a pool from the standard library or like one, or Dask.

All of them are handed orders, which are data (`orders.order`), and none is trusted with results: those are written by
the workers, and what is done is read from their ledgers. An engine answers with the orders that it lost.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from lactflow.errors import ConfigError, LactflowError
from lactflow.experiments.crew import Crew, cores
from lactflow.experiments.sweep.work import work_on_text
from lactflow.experiments.work import TRIES, ShowProgress

_LOOK_UP_S = 0.2
_RANGES = 8
"""Of units, that stand in a message."""
DIED = "its worker died"
_GONE = "the Dask scheduler is gone"
_DASK = {
    "distributed.comm.timeouts.connect": "10s",
    "distributed.admin.log-length": 0,
    # A worker of a local cluster looks at its stack a hundred times a second otherwise, and nobody sees what it finds.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "10s",
}
"""Settings of Dask while a sweep is worked on, which workers of a local cluster take over."""

Order = Mapping[str, Any]
DoText = Callable[[str], str]
"""Does an order that came as JSON and answers in JSON, with `message` where it is refused; importable by its name."""
OnAnswer = Callable[[Order, Mapping[str, Any]], None]
"""Called with an order that was done, and its answer."""


class Lost(NamedTuple):
    """
    An order that was not completed.

    Attributes
    ----------
    order
        Which one.
    message
        Why.
    died
        Whether its worker died; else it was refused, or the disk was.
    """

    order: Order
    message: str
    died: bool


class EngineGoneError(LactflowError):
    """The engine that handed out the work is gone; what was done is kept."""

    exit_code = 3


class Engine(Protocol):
    """
    What hands out orders.

    Attributes
    ----------
    workers
        How many are done side by side.
    tries
        How often it gives out an order whose worker dies.
    """

    workers: int
    tries: int

    @property
    def retried(self) -> list[dict[str, Any]]:
        """What it gave out again, and why, as it stands in the manifest."""

    def run(self, orders: Sequence[Order], progress: ShowProgress | None) -> list[Lost]:
        """
        Have orders done.

        Raises
        ------
        EngineGoneError
            If no more can be done.
        """


class Pool(Engine, Protocol):
    """What hands out orders of any kind, to whoever can import what does them."""

    def ask(
        self, do: DoText, orders: Sequence[Order], progress: ShowProgress | None, on_answer: OnAnswer | None = None
    ) -> list[Lost]:
        """
        Have orders done by a function.

        Parameters
        ----------
        do
            The function.
        orders
            What to do.
        progress
            Called with the share that is done; may raise to stop.
        on_answer
            Called as they end.

        Raises
        ------
        EngineGoneError
            If no more can be done.
        """


class OfExecutor:
    """
    An executor of `concurrent.futures`, or one like it.

    Parameters
    ----------
    executor
        It is not shut down.
    workers
        How many orders it does side by side, as far as is known.
    """

    def __init__(self, executor: Executor, workers: int | None = None) -> None:
        self._executor = executor
        self.tries = 1
        self.retried: list[dict[str, Any]] = []
        self.workers: int = workers or getattr(executor, "_max_workers", None) or cores()

    def run(self, orders: Sequence[Order], progress: ShowProgress | None) -> list[Lost]:
        """Have orders done; see `Engine`."""
        return self.ask(work_on_text, orders, progress)

    def ask(
        self, do: DoText, orders: Sequence[Order], progress: ShowProgress | None, on_answer: OnAnswer | None = None
    ) -> list[Lost]:
        """Have orders done by a function; see `Pool`."""
        try:
            under_way = {self._executor.submit(do, json.dumps(each)): each for each in orders}
        except RuntimeError as error:  # it was shut down, or is broken
            raise EngineGoneError(f"the executor takes no work: {error}") from error
        return _gathered(under_way, progress, on_answer)


def _gathered(
    under_way: dict[Future[str], Order], progress: ShowProgress | None, on_answer: OnAnswer | None
) -> list[Lost]:
    lost: list[Lost] = []
    total, waiting = len(under_way), set(under_way)
    try:
        while waiting:
            ended, waiting = wait(waiting, _LOOK_UP_S, FIRST_COMPLETED)
            for future in ended:
                lost += _lost(under_way.pop(future), future, on_answer)
            if progress is not None:
                progress((total - len(waiting)) / total, 0.0)
    except BaseException:
        for future in waiting:
            future.cancel()
        raise
    return lost


def _lost(ordered: Order, future: Future[str], on_answer: OnAnswer | None) -> list[Lost]:
    """What an order that has ended has lost: nothing, or itself."""
    try:
        answer = future.result()
    except (Exception, CancelledError) as error:  # noqa: BLE001 - executors have errors of their own for a dead worker
        return [Lost(ordered, f"{DIED} ({_first_line(error)})", died=True)]
    return refused(ordered, answer, on_answer)


def refused(ordered: Order, answer: str, on_answer: OnAnswer | None = None) -> list[Lost]:
    """An order whose answer is an error; nothing for one that was done, whose answer is passed on."""
    found = json.loads(answer)
    if "message" in found:
        return [Lost(ordered, found["message"], died=False)]
    if on_answer is not None:
        on_answer(ordered, found)
    return []


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]


class Chunk(NamedTuple):
    """
    An order in the form of a crew.

    Attributes
    ----------
    ordered
        The order.
    """

    ordered: Order

    @property
    def kind(self) -> str:
        """Of the work."""
        return "chunk"

    @property
    def shared(self) -> None:
        """Nothing: the plan lies in the folder."""

    @property
    def named(self) -> str:
        """Its units, in words."""
        ranges = [f"{a} to {b}" if a != b else str(a) for a, b in self.ordered["units"]]
        more = [f"and {len(ranges) - _RANGES} more ranges"] if len(ranges) > _RANGES else []
        return "units " + ", ".join([*ranges[:_RANGES], *more])

    def order(self) -> dict[str, Any]:
        """Everything that a worker needs."""
        return dict(self.ordered)

    def is_done(self) -> bool:
        """Not known: a worker passes over what is."""
        return False

    def clear(self) -> None:
        """Nothing: whatever a dead worker left counts, or is not named by any ledger."""


class OfCrew:
    """
    The crew: processes of this machine.

    Parameters
    ----------
    crew
        Its workers.
    workers
        Most processes at a time.
    """

    def __init__(self, crew: Crew, workers: int) -> None:
        self._crew, self.workers, self.tries = crew, workers, TRIES

    @property
    def retried(self) -> list[dict[str, Any]]:
        """What was given again, and why."""
        return [{"units": each.work.named, "reason": each.reason} for each in self._crew.retried]

    def run(self, orders: Sequence[Order], progress: ShowProgress | None) -> list[Lost]:
        """Have orders done; see `Engine`."""
        failures = self._crew.run([Chunk(each) for each in orders], progress)
        return [Lost(each.work.ordered, each.message, died=each.message.startswith(DIED)) for each in failures]


class OfDask:
    """
    A scheduler of dask.distributed.

    Parameters
    ----------
    client
        Connected.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self.tries = TRIES
        self.retried: list[dict[str, Any]] = []
        self.workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))

    def run(self, orders: Sequence[Order], progress: ShowProgress | None) -> list[Lost]:
        """Have orders done; see `Engine`."""
        return self.ask(work_on_text, orders, progress)

    def ask(
        self, do: DoText, orders: Sequence[Order], progress: ShowProgress | None, on_answer: OnAnswer | None = None
    ) -> list[Lost]:
        """Have orders done by a function; see `Pool`."""
        distributed: Any = import_module("distributed")
        cancelled = (distributed.client.FutureCancelledError, distributed.client.FuturesCancelledError)
        texts = [json.dumps(each) for each in orders]
        futures = self._client.map(do, texts, pure=False)
        under_way = dict(zip(futures, orders, strict=True))
        lost: list[Lost] = []
        waiting = set(futures)
        del futures  # an answer is kept by whoever holds its future
        try:
            while waiting:
                with suppress(TimeoutError):
                    distributed.wait(waiting, _LOOK_UP_S, "FIRST_COMPLETED")
                self._check()
                for future in [each for each in waiting if each.done()]:
                    waiting.discard(future)
                    lost += self._ended(under_way.pop(future), future, on_answer)
                if progress is not None:
                    progress((len(orders) - len(waiting)) / len(orders), 0.0)
        except cancelled as error:
            raise EngineGoneError(_GONE) from error
        except BaseException:
            with suppress(Exception):
                self._client.cancel(list(waiting))
            raise
        return lost

    def _check(self) -> None:
        if self._client.status != "running":
            raise EngineGoneError(_GONE)

    def _ended(self, ordered: Order, future: Any, on_answer: OnAnswer | None) -> list[Lost]:
        if future.status in ("cancelled", "lost"):
            raise EngineGoneError(_GONE)
        try:
            answer = future.result()
        except Exception as error:  # noqa: BLE001 - KilledWorker, and what else a worker may have met
            return [Lost(ordered, f"{DIED} ({_first_line(error)})", died=True)]
        return refused(ordered, answer, on_answer)


@contextmanager
def dask(address: str | None, workers: int | None = None) -> Iterator[Pool]:
    """
    Dask: a scheduler that is there, or a cluster of this machine for as long as it is needed.

    Parameters
    ----------
    address
        `dask://host:port`; None for a local cluster.
    workers
        Processes of a local cluster; as many as there are cores when None.

    Raises
    ------
    ConfigError
        If Dask is not installed, or nobody answers at the address.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise ConfigError("--executor dask needs dask.distributed: pip install 'lactflow[dask]'") from error
    for name in ("distributed", *(each for each in logging.root.manager.loggerDict if each.startswith("distributed."))):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters to a user is reported once, by us
    with import_module("dask").config.set(_DASK):
        if address is None:
            local = distributed.LocalCluster(n_workers=workers or cores(), threads_per_worker=1, dashboard_address=None)
            with local, distributed.Client(local) as client:
                yield OfDask(client)
            return
        place = "tcp://" + address.removeprefix("dask://")
        try:
            client = distributed.Client(place, timeout="10s")
        except (OSError, TimeoutError, ValueError) as error:
            raise ConfigError(f"no Dask scheduler answers at {address}: {_first_line(error)}") from error
        try:
            yield OfDask(client)
        finally:
            with suppress(Exception):
                client.close(timeout=5)
