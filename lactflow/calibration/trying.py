"""Trying points: the units of a batch of trials side by side; each trial is read once all of its own have ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from math import isfinite
from types import TracebackType
from typing import NamedTuple, Self

from lactflow.analysis.calibration.axes import values_at
from lactflow.calibration.objective import Objective
from lactflow.calibration.plan import Planned
from lactflow.calibration.search import Plan
from lactflow.errors import ConfigError, SomeUnitsFailedError
from lactflow.experiments.crew import Crew
from lactflow.experiments.in_memory import simulated_side_by_side
from lactflow.experiments.tables import TablesOfUnit
from lactflow.experiments.work import DIED, Failure, Retried, ShowProgress
from lactflow.kinetics import plain_sum
from lactflow.recording.memory import UnitTables
from lactflow.recording.packed import unpacked
from lactflow.recording.trials import Ledger, Point, Trial

MOST_SENT = 200_000_000
"""Characters of configs and logs after which other workers are started: they keep all that they were sent."""


class Hands:
    """
    What simulates the units of trials: this process, or one crew for all of them.

    Parameters
    ----------
    workers
        Processes.
    named
        Group and name of every addition that configs name.
    on_retried
        Called at the end with units that were given again because their workers had died, if there are some.
    """

    def __init__(
        self,
        workers: int,
        named: Sequence[tuple[str, str]] = (),
        on_retried: Callable[[Sequence[Retried[TablesOfUnit]]], None] | None = None,
    ) -> None:
        self._crew = Crew(workers, named) if workers > 1 else None
        self._workers, self._named = workers, named
        self._sent = 0
        self._retried: list[Retried[TablesOfUnit]] = []
        self._on_retried = on_retried
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        """Workers are started when they are needed."""
        if self._crew is not None:
            self._closing.enter_context(self._crew)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Send everybody home."""
        if self._crew is not None:
            self._retried += self._crew.retried
        if self._retried and self._on_retried is not None:
            self._on_retried(self._retried)
        self._closing.__exit__(kind, error, trace)

    def _crew_for(self, units: Sequence[TablesOfUnit]) -> Crew | None:
        """Workers who have room for what units are sent; None where there are none."""
        if self._crew is None:
            return None
        more = sum(map(len, {unit.shared for unit in units}))
        if self._sent and self._sent + more > MOST_SENT:
            self._retried += self._crew.retried
            self._closing.close()
            self._crew = self._closing.enter_context(Crew(self._workers, self._named))
            self._sent = 0
        self._sent += more
        return self._crew

    def simulate(
        self,
        units: Sequence[TablesOfUnit],
        progress: ShowProgress,
        on_result: Callable[[TablesOfUnit, UnitTables], None],
    ) -> list[Failure[TablesOfUnit]]:
        """
        Simulate units.

        Parameters
        ----------
        units
            In the order in which they are begun.
        progress
            Called with the share that is done, and the simulated time; may raise to stop.
        on_result
            Called with each that has ended well, and its tables.

        Returns
        -------
        What failed.
        """
        if (crew := self._crew_for(units)) is not None:
            return crew.run(units, progress, lambda unit, result: on_result(unit, unpacked(result)))
        failures: list[Failure[TablesOfUnit]] = []
        for number, unit in enumerate(units):

            def advance(share: float, time_min: float, number: int = number) -> None:
                progress((number + share) / len(units), time_min)

            outcome = simulated_side_by_side([unit], (), 1, advance)
            failures += outcome.failures
            for tables in outcome.tables.values():
                on_result(unit, tables)
        return failures


def trying(
    plan: Plan, objective: Objective, hands: Hands, ledger: Ledger, progress: ShowProgress | None
) -> Callable[[Sequence[Point], Callable[[Trial], None]], None]:
    """
    The function that tries points: see `search.Evaluate`.

    Parameters
    ----------
    plan
        What is looked for.
    objective
        What is simulated for a trial.
    hands
        What simulates it.
    ledger
        Says how many trials have ended.
    progress
        Called with the share of all trials that is done.
    """

    def evaluate(points: Sequence[Point], add: Callable[[Trial], None]) -> None:
        ended = len(ledger.trials)

        def advance(share: float, time_min: float) -> None:
            if progress is not None:
                progress((ended + share * len(points)) / plan.trials, time_min)

        batch = _Batch(plan, objective, points, add)
        batch.fail(hands.simulate(batch.units, advance, batch.take))

    return evaluate


class _Batch:
    """Trials that are simulated together; each is handed over once all of its units have ended."""

    def __init__(self, plan: Plan, objective: Objective, points: Sequence[Point], add: Callable[[Trial], None]) -> None:
        self._fitted = len(plan.goals.values)
        self._objective, self._add = objective, add
        self._of: dict[TablesOfUnit, Point] = {}
        self._units: dict[Point, list[TablesOfUnit]] = {}
        self._tables: dict[Point, dict[TablesOfUnit, UnitTables]] = {}
        for each in points:
            try:
                units = objective.units(values_at(plan.axes, each.shares), f"trial {each.number}")
            except ConfigError as error:
                add(Trial(each, (), (), f"no scenario: {str(error).splitlines()[0]}"))
                continue
            self._units[each], self._tables[each] = units, {}
            self._of |= dict.fromkeys(units, each)

    @property
    def units(self) -> list[TablesOfUnit]:
        """Those of all trials, one trial after the other."""
        return list(self._of)

    def take(self, unit: TablesOfUnit, tables: UnitTables) -> None:
        """The tables of a unit; with the last one its trial has ended."""
        point = self._of[unit]
        held = self._tables[point]
        held[unit] = tables
        units = self._units[point]
        if len(held) == len(units):
            del self._tables[point]
            self._add(self._read(point, [held[each] for each in units]))

    def _read(self, point: Point, tables: Sequence[UnitTables]) -> Trial:
        """What a trial gives for the targets; it fails where one that is fitted to has no value."""
        readings = self._objective.readings(tables)
        for target, reading in zip(self._objective.targets[: self._fitted], readings, strict=False):
            if not isfinite(reading.value):
                return Trial(point, (), (), f"target {target.id} has no value")
        return Trial(point, tuple(each.value for each in readings), tuple(each.error for each in readings))

    def fail(self, failures: Sequence[Failure[TablesOfUnit]]) -> None:
        """
        Trials of which a unit failed, each with the first reason.

        Raises
        ------
        SomeUnitsFailedError
            If workers died: the points that are proposed next shall not depend on what happened to a machine.
        """
        died = [f"{each.work.named}: {each.message}" for each in failures if each.message.startswith(DIED)]
        if died:
            raise SomeUnitsFailedError("\n".join(["a trial could not be simulated; --resume tries it again", *died]))
        for failure in failures:
            point = self._of[failure.work]
            if self._tables.pop(point, None) is not None:
                self._add(Trial(point, (), (), failure.message.splitlines()[0]))


class Estimate(NamedTuple):
    """
    What a calibration will take.

    Attributes
    ----------
    trials, units
        How many points, and how many units of work in all.
    cpu_hours, wall_s
        For the simulation, and with the workers that it would have; by one unit that was simulated.
    """

    trials: int
    units: int
    cpu_hours: float
    wall_s: float


def estimate(planned: Planned, workers: int, progress: ShowProgress | None = None) -> Estimate:
    """
    Simulate one unit, the shortest, and say what all of them will take.

    Parameters
    ----------
    planned
        The calibration.
    workers
        How many units would be simulated side by side.
    progress
        Called while it is simulated; may raise to stop.

    Raises
    ------
    ConfigError
        If the config's own values are no scenario.
    SomeUnitsFailedError
        If that unit cannot be simulated.
    """
    own = {axis.key: axis.value(axis.share(axis.start)) for axis in planned.plan.axes}
    units = planned.objective.units(own, "trial 0")
    days = [float(json.loads(json.loads(unit.shared)["config"])["days"]) for unit in units]
    shortest = units[days.index(min(days))]
    simulated_side_by_side([shortest], (), 1, progress)  # which imports what the second one only uses
    began_s = time.process_time()
    outcome = simulated_side_by_side([shortest], (), 1, progress)
    seconds = (time.process_time() - began_s) / min(days) * plain_sum(days) * planned.plan.trials
    for failure in outcome.failures:
        raise SomeUnitsFailedError(f"{failure.work.named}, with the values of the config: {failure.message}")
    many = len(units) * planned.plan.trials
    return Estimate(
        planned.plan.trials, many, seconds / 3600.0, seconds / min(workers, planned.plan.batch * len(units))
    )
