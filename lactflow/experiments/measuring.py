"""
Measures of units of work that have ended, taken while others are simulated.

A thread of the process that was called reads what units have recorded and tallies many of them at once: a worker would
take thirty times as long to tally each of its units alone. So little is left to do when the last unit has ended, and
what has ended before a crash is read again on resuming.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lactflow.analysis.tally import TALLIED
from lactflow.recording.claimed import claimed_journal, read_unit

if TYPE_CHECKING:
    from types import TracebackType

    from lactflow.experiments.unit import UnitOfWork
    from lactflow.experiments.work import ShowProgress
    from lactflow.recording.memory import KeptUnit

AT_ONCE = 50
"""Units that are tallied at once, at most."""
ROWS_AT_ONCE = 500_000
"""Rows that are tallied at once, about: some 50 MB."""
_LOOK_UP_S = 0.1
"""How often a signal is noticed while results are waited for."""

Measures = dict[str, float]

OnMeasured = Callable[["UnitOfWork", Measures | None], None]
"""Called with each unit once it is measured, in the other thread; with None where no time is left of it."""


class Measuring:
    """
    Measures of units, taken in another thread.

    Leaving the context ends the thread; what has not been measured then is not.

    Parameters
    ----------
    warm_up_days
        Time left out at the start of each [days].
    on_measured
        Called with each unit that is measured; may raise to stop.
    """

    def __init__(self, warm_up_days: float, on_measured: OnMeasured | None = None) -> None:
        self._warm_up_days = warm_up_days
        self._on_measured = on_measured
        self._thread = ThreadPoolExecutor(1, "measure")
        self._under_way: list[Future[None]] = []
        self._gathered: list[tuple[UnitOfWork, KeptUnit]] = []
        self._rows = 0
        self._found: dict[str, dict[tuple[int, int], Measures]] = {}

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the thread."""
        self._thread.shutdown(cancel_futures=True)

    def add(self, unit: UnitOfWork) -> None:
        """Have a unit measured that has ended whole."""
        self._under_way.append(self._thread.submit(self._take, unit))

    def settle(self, progress: ShowProgress | None = None) -> None:
        """
        Wait until everything that was given is measured.

        Parameters
        ----------
        progress
            Called with the share that is done; may raise to stop.

        Raises
        ------
        DamagedRunError
            If a part is not what was written.
        ArchiveError
            If the disk refuses.
        """
        under_way = [*self._under_way, self._thread.submit(self._measure)]
        self._under_way = []
        show_while(under_way, progress)

    def of(self, directory: Path) -> dict[tuple[int, int], Measures]:
        """Measures of the units of a run directory, by mother and replicate; without those of which no time is left."""
        return self._found.get(str(directory), {})

    def _take(self, unit: UnitOfWork) -> None:
        """Read a unit, and measure those that were read when they are many: in the other thread."""
        directory = Path(unit.directory)
        journal = claimed_journal(directory, unit.mother, unit.replicate)
        self._gathered.append((unit, read_unit(directory, unit.mother, unit.replicate, TALLIED, journal)))
        self._rows += sum(part.rows for part in journal.parts if part.table in TALLIED)
        if len(self._gathered) >= AT_ONCE or self._rows >= ROWS_AT_ONCE:
            self._measure()

    def _measure(self) -> None:
        from lactflow.analysis.units import by_unit

        gathered, self._gathered, self._rows = self._gathered, [], 0
        for (unit, _), measures in zip(
            gathered, by_unit([kept for _, kept in gathered], self._warm_up_days), strict=True
        ):
            if measures is not None:
                self._found.setdefault(unit.directory, {})[unit.mother, unit.replicate] = measures
            if self._on_measured is not None:
                self._on_measured(unit, measures)


def show_while(under_way: Collection[Future[None]], progress: ShowProgress | None) -> None:
    """
    Wait for what other threads do.

    Parameters
    ----------
    under_way
        What that is.
    progress
        Called with the share of it that is done; may raise to stop.

    Raises
    ------
    Exception
        What one of them raised, once all are over.
    """
    waiting = set(under_way)
    while waiting:
        _, waiting = wait_for(waiting, _LOOK_UP_S)
        if progress is not None:
            progress(1.0 - len(waiting) / len(under_way), 0.0)
    for each in under_way:
        each.result()
