"""
Which points are tried: a spread of them, then a search, then the surface of what was found.

Points are proposed in batches of a fixed size. A batch depends on nothing but the seed, its number and the trials of
the batches before it: the same points come whoever simulates them, however many at a time, and however often all of it
was stopped.

- `start`: the config's own values, and a Latin hypercube.
- `search`: the tree-structured Parzen estimator of Optuna, which proposes points that are more like the good trials
  than like the others. The other points of the batch count as bad ones, so that they are not alike.
- `surface`: the minimum of the response surface of all trials so far, and the ends of the intervals that it leaves each
  quantity: that is where another trial says most about what is reported in the end.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lactflow.analysis.calibration.axes import Axis
from lactflow.analysis.calibration.profiles import interval_of, profiles_of, smallest
from lactflow.analysis.calibration.surface import Goals, Surface
from lactflow.config.text import counted
from lactflow.errors import SomeUnitsFailedError
from lactflow.recording.trials import Ledger, Point, Trial

if TYPE_CHECKING:
    from lactflow.analysis.calibration.surface import Floats

BATCH = 4
"""Trials that are proposed at once."""
START, SEARCH, SURFACE = "start", "search", "surface"
_STARTED = 8
_STARTED_EACH = 3
"""Points of the start for each quantity, and how many at least."""
_SEARCHED = 0.6
"""Share of all trials after which the surface is used."""
_ALIKE = 0.01
"""Points nearer than that in all quantities, in ranges, are one."""
_COARSE_GRID = 17

Evaluate = Callable[[Sequence[Point], Callable[[Trial], None]], None]
"""Tries points, and hands over each trial once it has ended; may raise to stop."""


class Plan(NamedTuple):
    """
    What is looked for, and how long.

    Attributes
    ----------
    axes
        The quantities.
    goals
        The targets that are fitted to: the first ones of each trial.
    trials
        How many.
    seed
        Of all choices.
    batch
        Trials that are proposed at once.
    """

    axes: tuple[Axis, ...]
    goals: Goals
    trials: int
    seed: int
    batch: int = BATCH

    @property
    def started(self) -> int:
        """Trials of the start."""
        return min(self.trials, max(_STARTED, _STARTED_EACH * len(self.axes) + 1))

    def fitted(self, trial: Trial) -> Floats:
        """What the model gives for the targets that are fitted to."""
        return np.array(trial.models[: len(self.goals.values)], dtype=float)

    def loss(self, trial: Trial) -> float:
        """The loss of a trial that has not failed."""
        return float(self.goals.loss(self.fitted(trial)))


def fewest_trials(quantities: int) -> int:
    """
    Trials that are needed at least.

    Parameters
    ----------
    quantities
        That are moved.
    """
    return max(12, 5 * quantities)


def carry_on(plan: Plan, ledger: Ledger, evaluate: Evaluate) -> None:
    """
    Propose and try until all trials have ended.

    Parameters
    ----------
    plan
        What is looked for.
    ledger
        What was tried before; all that is tried is written into it.
    evaluate
        Tries points.

    Raises
    ------
    SomeUnitsFailedError
        If all trials of the start failed: then there is nothing to go by.
    """
    for batch in range(-(-plan.trials // plan.batch)):
        if batch not in ledger.batches:
            before = [trial for trial in ledger.in_order() if trial.point.number < batch * plan.batch]
            ledger.propose(batch, proposed(plan, batch, before))
        todo = [point for point in ledger.batches[batch] if point.number not in ledger.trials]
        if todo:
            evaluate(todo, ledger.add)
        if (batch + 1) * plan.batch >= plan.started:
            refuse_all_failed(ledger.in_order())


def refuse_all_failed(trials: Sequence[Trial]) -> None:
    """
    Check that not all trials failed.

    Parameters
    ----------
    trials
        That have ended.

    Raises
    ------
    SomeUnitsFailedError
        If they did, with the different reasons.
    """
    if all(trial.failed for trial in trials):
        reasons = list(dict.fromkeys(trial.reason for trial in trials))[:5]
        raise SomeUnitsFailedError("\n".join([f"all of the first {counted(len(trials), 'trial')} failed", *reasons]))


def proposed(plan: Plan, batch: int, before: Sequence[Trial]) -> list[Point]:
    """
    The points of one batch.

    Parameters
    ----------
    plan
        What is looked for.
    batch
        Its number.
    before
        All trials of the batches before it, by number.
    """
    first = batch * plan.batch
    numbers = range(first, min(first + plan.batch, plan.trials))
    spread = _spread(plan)
    found = [Point(number, START, spread[number]) for number in numbers if number < plan.started]
    rest = [number for number in numbers if number >= plan.started]
    if not rest:
        return found
    if rest[0] >= _SEARCHED * plan.trials:
        points = _from_surface(plan, batch, before, len(rest))
        found += [Point(number, SURFACE, point) for number, point in zip(rest, points, strict=False)]
        rest = rest[len(points) :]
    points = _from_search(plan, batch, before, len(rest)) if rest else []
    return [*found, *(Point(number, SEARCH, point) for number, point in zip(rest, points, strict=True))]


def _spread(plan: Plan) -> list[tuple[float, ...]]:
    """The config's own values, and a Latin hypercube."""
    rng = np.random.default_rng([plan.seed, 0])
    many = plan.started - 1
    own = tuple(axis.share(axis.start) if isfinite(axis.start) else 0.5 for axis in plan.axes)
    columns = [(rng.permutation(many) + rng.random(many)) / max(1, many) for _ in plan.axes]
    return [own, *(tuple(map(float, row)) for row in zip(*columns, strict=True))]


def _from_search(plan: Plan, batch: int, before: Sequence[Trial], many: int) -> list[tuple[float, ...]]:
    """Points that Optuna proposes."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    names = [axis.key for axis in plan.axes]
    ranges: dict[str, Any] = {name: optuna.distributions.FloatDistribution(0.0, 1.0) for name in names}
    seed = int(np.random.SeedSequence([plan.seed, 1, batch]).generate_state(1)[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # both options are called experimental
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True, n_startup_trials=1)
        study = optuna.create_study(sampler=sampler)
        study.add_trials([_as_frozen(plan, trial, names, ranges) for trial in before])
        drawn = [study.ask(ranges) for _ in range(many)]
    return [tuple(each.params[name] for name in names) for each in drawn]


def _as_frozen(plan: Plan, trial: Trial, names: Sequence[str], ranges: dict[str, Any]) -> Any:
    """A trial in the form of Optuna."""
    from optuna.trial import TrialState, create_trial

    params = dict(zip(names, trial.point.shares, strict=True))
    if trial.failed:
        return create_trial(state=TrialState.FAIL, params=params, distributions=ranges)
    return create_trial(value=plan.loss(trial), params=params, distributions=ranges)


def surface_of(plan: Plan, trials: Sequence[Trial]) -> Surface | None:
    """
    The response surface of trials.

    Parameters
    ----------
    plan
        What is looked for.
    trials
        That have ended.

    Returns
    -------
    None where there are too few for it that have not failed.
    """
    good = [trial for trial in trials if not trial.failed]
    if len(good) < len(plan.axes) + 3:
        return None
    shares = np.array([trial.point.shares for trial in good], dtype=float)
    return Surface(shares, np.array([plan.fitted(trial) for trial in good]), plan.goals)


def _from_surface(plan: Plan, batch: int, before: Sequence[Trial], many: int) -> list[tuple[float, ...]]:
    """The minimum of the surface, and ends of intervals in turn; none where there is no surface."""
    with one_thread():
        surface = surface_of(plan, before)
        return [] if surface is None else _on_surface(plan, batch, before, surface, many)


def one_thread() -> AbstractContextManager[object]:
    """Matrices are small: threads would wait for each other, and sums would depend on how many there are."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limits


def _on_surface(
    plan: Plan, batch: int, before: Sequence[Trial], surface: Surface, many: int
) -> list[tuple[float, ...]]:
    """As many points as are wanted, none of them near to one that was tried."""
    rng = np.random.default_rng([plan.seed, 2, batch])
    profiles = profiles_of(surface, grid=_COARSE_GRID, seed=plan.seed)
    best, least = smallest(profiles)
    ends = []
    for number, profile in enumerate(profiles):
        interval = interval_of(profile, least, float(best[number]))
        ends += [interval.at_low, interval.at_high]
    turn = (batch * (many - 1)) % len(ends)
    wanted = [_sure_best(surface, best, rng), *ends[turn:], *ends[:turn]]
    taken = [np.array(trial.point.shares) for trial in before]
    points: list[tuple[float, ...]] = []
    for point in wanted:
        if len(points) < many and not _is_taken(point, taken):
            taken.append(point)
            points.append(tuple(map(float, point)))
    while len(points) < many:
        near = np.clip(best + 0.05 * rng.standard_normal(len(best)), 0.0, 1.0)
        points.append(tuple(map(float, near)))
    return points


def _sure_best(surface: Surface, best: Floats, rng: np.random.Generator) -> Floats:
    """Where the surface itself is lowest, near its best point and near the best trials."""
    points = np.concatenate([best[None], surface.trials[:20], rng.random((200, surface.quantities))])
    for round_ in range(12):
        kept = points[np.argsort(surface.loss(points, sure=True), kind="stable")[:10]]
        near = np.repeat(kept, 12, axis=0)
        near = np.clip(near + 0.2 * 0.6**round_ * rng.standard_normal(near.shape), 0.0, 1.0)
        points = np.concatenate([kept, near])
    found: Floats = points[int(surface.loss(points, sure=True).argmin())]
    return found


def _is_taken(point: Floats, taken: Sequence[Floats]) -> bool:
    return any(float(np.abs(point - other).max()) < _ALIKE for other in taken)
