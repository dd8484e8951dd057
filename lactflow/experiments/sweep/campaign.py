"""Carrying a sweep out: what the cache has, a few units for the time of one, then everything else in portions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from lactflow.errors import ConfigError, InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments.sweep.close import restore
from lactflow.experiments.sweep.engines import Engine, EngineGoneError, Lost
from lactflow.experiments.sweep.estimate import FIRST_UNITS, chunks, spread, written
from lactflow.experiments.sweep.families import families_for
from lactflow.experiments.sweep.orders import order, units_of_order
from lactflow.experiments.sweep.plan import SWEEP, Plan, Planned, changed_field
from lactflow.experiments.sweep.results import Sweep, open_sweep
from lactflow.experiments.sweep.status import counts_of, failures_in_words
from lactflow.experiments.sweep.store import Ledgers
from lactflow.experiments.sweep.work import Desk
from lactflow.experiments.work import TRIES, ShowPhase, ShowProgress
from lactflow.kinetics import plain_sum
from lactflow.plugins import added_references
from lactflow.recording.folder import ResultFolder
from lactflow.recording.manifest import RETRIED

EngineFor = Callable[[Sequence[tuple[str, str]]], AbstractContextManager[Engine | None]]
"""
Gives the engine that hands out the work, for as long as it is needed; None for none.

Takes group and name of the additions that the sweep uses.
"""


def run_sweep(
    plan: Planned,
    out: Path,
    command: Sequence[str],
    engine: EngineFor,
    *,
    cache: Path | None = None,
    progress: ShowProgress | None = None,
    phase: ShowPhase | None = None,
) -> Sweep:
    """
    Make the folder of a sweep and have its units simulated.

    Parameters
    ----------
    plan
        Of it.
    out
        Folder in which its own is made.
    command
        The command; kept in the manifest.
    engine
        Gives the engine that hands out the work; None from it for none, then the plan is all that is written.
    cache
        Folder that keeps results for other sweeps.
    progress
        Called with the share that is done; may raise to stop.
    phase
        Called with what begins, in words.

    Raises
    ------
    SomeUnitsFailedError
        If some failed, or could not be handed out; the others are complete.
    LactflowError
        Of the kind that names the reason.
    """
    folder = written(plan, out, command, {"cache": None if cache is None else str(cache.absolute())})
    return _Campaign(folder, cache, progress, phase).carried_out(engine)


def resume_sweep(
    directory: str | Path,
    engine: EngineFor,
    *,
    cache: Path | None = None,
    progress: ShowProgress | None = None,
    phase: ShowPhase | None = None,
) -> Sweep:
    """
    Resume a sweep: units that are not complete are simulated, those that failed again.

    Parameters
    ----------
    directory
        The sweep.
    engine, progress, phase
        As `run_sweep` takes them.
    cache
        In place of the one that it had.

    Raises
    ------
    ConfigError
        If lactflow, its model or a plug-in is another one than when the sweep was planned.
    SomeUnitsFailedError
        If some failed.
    ArchiveError
        If it is no sweep, or the disk refuses.
    """
    folder = ResultFolder.reopen(Path(directory), SWEEP, _check)
    known = folder.manifest.get("cache")
    cache = Path(known) if cache is None and known is not None else cache
    return _Campaign(folder, cache, progress, phase).carried_out(engine)


def _check(manifest: dict[str, Any]) -> None:
    """
    Refuse what was begun by another version.

    Raises
    ------
    ConfigError
        With the field.
    """
    if (changed := changed_field(manifest.get(SWEEP, {}))) is not None:
        raise ConfigError(f"{changed}; results of both must not be mixed (begin a new sweep)")


_Simulate = Callable[[Sequence[Sequence[int]], ShowProgress | None], list[Lost]]
"""Has units handed out in portions, and says what was lost."""


class _Campaign:
    """One sweep, as long as its folder is held."""

    def __init__(
        self, folder: ResultFolder, cache: Path | None, progress: ShowProgress | None, phase: ShowPhase | None
    ) -> None:
        self._folder, self._cache, self._progress = folder, cache, progress
        self._phase = phase or (lambda _phase: None)
        self._ledgers = Ledgers(folder.path)

    def carried_out(self, engine: EngineFor) -> Sweep:
        """Have everything done that is not; whatever happens, the manifest states how it ended."""
        try:
            restore(self._folder.path)
            plan = Plan(self._folder.path, self._folder.manifest)
            desk = Desk(self._folder.path, self._cache, plan)
            trouble = self._worked(plan, desk, engine)
        except InterruptedRunError as error:
            self._folder.finish("interrupted", error=str(error))
            raise InterruptedRunError(error.signal_number, kept=self._folder.path) from error
        except EngineGoneError as error:
            self._folder.finish("interrupted", error=str(error))
            raise self._incomplete([str(error)]) from error
        except BaseException as error:
            self._folder.finish("failed", error=f"{type(error).__name__}: {error}")
            raise
        return self._ended(plan, trouble)

    def _worked(self, plan: Plan, desk: Desk, engine: EngineFor) -> list[str] | None:
        """Have units done; lines about what could not be handed out, None where there is no engine."""
        todo = self._todo(plan)
        named = [(each["group"], each["name"]) for each in plan.about["plugins"]]
        with engine(named) as hired:
            if hired is None:
                return None
            if todo and self._cache is not None:
                self._phase("what the cache has")
                desk.take(todo)
                todo = self._todo(plan)
            return self._handed_out(plan, desk, hired, todo, added_references(named)) if todo else []

    def _todo(self, plan: Plan) -> list[int]:
        """The first unit of each key that is not done."""
        self._ledgers.refresh()
        done = self._ledgers.claimed()
        return [unit for key, unit in plan.first_units().items() if key not in done]

    def _seconds(self) -> float:
        """CPU time that a unit takes, by those that were simulated [s]."""
        self._ledgers.refresh()
        lines = [line for line in self._ledgers.lines if line.keys and not line.cached]
        units = sum(len(line.keys) for line in lines)
        return plain_sum(line.seconds for line in lines) / units if units else 1.0

    def _handed_out(
        self, plan: Plan, desk: Desk, engine: Engine, todo: Sequence[int], additions: Sequence[tuple[str, str, str]]
    ) -> list[str]:
        """
        Hand out units: a few for the time that one takes, all others in portions of a minute.

        Those whose worker died are handed out again, one by one, and then no more.

        Returns
        -------
        Why orders were refused: a line for each reason.
        """

        def simulated(portions: Sequence[Sequence[int]], progress: ShowProgress | None) -> list[Lost]:
            return engine.run([order(self._folder.path, each, self._cache, additions) for each in portions], progress)

        self._phase("a few units, for the time that one takes")
        families = families_for(plan, todo, engine.workers)
        first = spread(families, FIRST_UNITS)
        lost = simulated(first, self._stand_still)
        rest = [family for family in families if family not in first]
        if rest:
            self._phase("units")
            lost += simulated(chunks(rest, self._seconds(), engine.workers), self._progress)
        refused = [each for each in lost if not each.died]
        refused += self._one_by_one(plan, desk, engine, [each for each in lost if each.died], simulated)
        if engine.retried:
            self._folder.update(**{RETRIED: engine.retried})
        return list(dict.fromkeys(each.message for each in refused))

    def _one_by_one(
        self, plan: Plan, desk: Desk, engine: Engine, lost: Sequence[Lost], simulated: _Simulate
    ) -> list[Lost]:
        """Hand out what is left of orders whose worker died; units that it dies of are set aside."""
        again = self._left_of(plan, lost)
        refused: list[Lost] = []
        dead: dict[int, Lost] = {}
        for _ in range(TRIES // engine.tries):
            if not again:
                break
            self._phase("units whose worker died, one by one")
            lost = simulated([[unit] for unit in sorted(again)], self._progress)
            refused += [each for each in lost if not each.died]
            dead = {unit: each for each in lost if each.died for unit in self._left_of(plan, [each])}
            again = set(dead)
        times = "" if engine.tries > 1 else f", {TRIES} times"
        for unit, each in dead.items():
            desk.set_aside([unit], f"{each.message}{times}: set aside")
        return refused

    def _stand_still(self, _share: float, time_min: float) -> None:
        """While a few units are simulated, the bar stands; a signal is noticed all the same."""
        if self._progress is not None:
            self._progress(0.0, time_min)

    def _left_of(self, plan: Plan, lost: Sequence[Lost]) -> set[int]:
        """Units of lost orders that are not done."""
        given = {unit for each in lost for unit in units_of_order(each.order)}
        return given & set(self._todo(plan)) if given else set()

    def _ended(self, plan: Plan, trouble: list[str] | None) -> Sweep:
        """Say how it ended, in the manifest and to the caller."""
        self._ledgers.refresh()
        counts = counts_of(plan, self._ledgers, "interrupted")
        if counts.complete == counts.units:
            self._folder.finish("complete")
        elif trouble is None:
            self._folder.finish("interrupted", error=None)
        else:
            lines = [*trouble, *failures_in_words(plan, self._ledgers.failures(self._ledgers.claimed()))]
            error = self._incomplete(lines, plan)
            self._folder.finish("failed", error=str(error).splitlines()[0])
            raise error
        return open_sweep(self._folder.path)

    def _incomplete(self, lines: Sequence[str], plan: Plan | None = None) -> SomeUnitsFailedError:
        plan = plan or Plan(self._folder.path, self._folder.manifest)
        self._ledgers.refresh()
        counts = counts_of(plan, self._ledgers, "interrupted")
        path = self._folder.path
        what = f"{counts.complete} of {counts.units} units are complete, in {path}"
        return SomeUnitsFailedError("\n".join([f"{what} (`lactflow sweep --resume {path}` continues)", *lines]), path)
