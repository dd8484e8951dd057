"""Which points are proposed, and what is reported of trials, from trials that are made by hand."""

from __future__ import annotations

import warnings

import numpy as np
import optuna
import pytest
from stub_trials import plan_of, trying

from lactflow.analysis.calibration.axes import Axis
from lactflow.analysis.calibration.profiles import profiles_of
from lactflow.calibration.findings import AT_LEAST, AT_MOST, DECIDED, _chi_squared_95, _ends, findings_of
from lactflow.calibration.search import SEARCH, SURFACE, _is_taken, carry_on, proposed
from lactflow.calibration.targets import Target
from lactflow.recording.trials import Ledger, Point, Trial

TWO = [("a", 0.0, 10.0), ("b", 0.0, 10.0)]


def trials_at(shares, function, failed=()):
    """Trials at shares, of a function of them; some failed."""
    return [
        Trial(Point(number, "start", tuple(map(float, at))), (), (), "it cannot be")
        if number in failed
        else Trial(Point(number, "start", tuple(map(float, at))), tuple(function(*at)), (0.0,))
        for number, at in enumerate(shares)
    ]


@pytest.fixture(scope="module")
def before():
    """Twelve trials of a hundred; the best is not the last, and one failed."""
    shares = np.random.default_rng(7).random((12, 2))
    return trials_at(shares, lambda a, b: (10.0 * (a + b),), failed=[4])


def shares_of(points):
    """Where points are."""
    return [each.shares for each in points]


def test_the_search_asks_what_the_sampler_of_optuna_does(before):
    """All quantities together, the rest of the batch counted as bad, failed trials as failed, seed and batch used."""
    plan = plan_of(TWO, [(6.0, 0.5)], trials=100)
    found = proposed(plan, 3, before)
    assert [each.stage for each in found] == [SEARCH] * 4
    ranges = {name: optuna.distributions.FloatDistribution(0.0, 1.0) for name in "ab"}
    seed = int(np.random.SeedSequence([1, 1, 3]).generate_state(1)[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True, n_startup_trials=1)
        study = optuna.create_study(sampler=sampler)
        for trial in before:
            how = {"state": optuna.trial.TrialState.FAIL} if trial.failed else {"value": plan.loss(trial)}
            params = dict(zip("ab", trial.point.shares, strict=True))
            study.add_trial(optuna.trial.create_trial(params=params, distributions=ranges, **how))
        points = [study.ask(ranges) for _ in range(4)]
    assert shares_of(found) == [(each.params["a"], each.params["b"]) for each in points]
    assert shares_of(proposed(plan, 3, before)) == shares_of(found)


@pytest.mark.parametrize("batch", [0, 3, 20])
def test_points_of_every_stage_depend_on_the_seed(before, batch):
    """Start, search, surface; and the latter two on the number of the batch."""
    plan = plan_of(TWO, [(6.0, 0.5)], trials=100)
    found = shares_of(proposed(plan, batch, before))
    assert shares_of(proposed(plan, batch, before)) == found
    assert shares_of(proposed(plan._replace(seed=2), batch, before)) != found
    if batch:
        assert shares_of(proposed(plan, batch + 1, before)) != found


def test_the_seed_is_used_for_all_that_a_surface_is_asked(before, monkeypatch):
    """Points beside its profiles, where there are too few ends of intervals, and profiles of what is reported."""
    plan = plan_of(TWO, [(6.0, 0.5)], trials=100, batch=10)
    seeds = []

    def profiles_without_seed(surface, *, grid=5, seed):
        seeds.append(seed)
        return profiles_of(surface, grid=grid)

    monkeypatch.setattr("lactflow.calibration.search.profiles_of", profiles_without_seed)
    monkeypatch.setattr("lactflow.calibration.findings.profiles_of", profiles_without_seed)
    points = [shares_of(proposed(plan._replace(seed=seed), batch, before)) for seed, batch in ((1, 8), (2, 8), (2, 9))]
    findings_of(plan._replace(seed=3), [Target("t", "", 6.0, 0.5)], before)
    assert seeds == [1, 2, 2, 3]
    assert points[0] != points[1] != points[2]


def test_the_surface_asks_for_its_minimum_and_for_both_ends():
    """A line, 4 ± 0.5: at 0.4, and next to 0.302 and 0.498, on a grid of 17 values."""
    plan = plan_of(TWO[:1], [(4.0, 0.5)], trials=20)
    before = trials_at(np.linspace(0.0, 1.0, 12)[:, None], lambda a: (10.0 * a,))
    found = proposed(plan, 3, before)
    assert [each.stage for each in found] == [SURFACE] * 4
    shares = [share for (share,) in shares_of(found)]
    assert min(abs(share - 0.4) for share in shares) < 0.005
    assert any(0.3 < share < 0.36 for share in shares)
    assert any(0.44 < share < 0.5 for share in shares)
    assert _is_taken(np.array([0.5, 0.5]), [np.array([0.509, 0.491])])
    assert not _is_taken(np.array([0.5, 0.5]), [np.array([0.5, 0.511])])


def test_points_do_not_depend_on_which_trial_of_a_batch_ends_first():
    """As it is with many workers."""

    def function(a, b):
        return (a + b, a * b)

    plan = plan_of(TWO, [(10.0, 0.5), (21.0, 2.0)], trials=20)
    ledgers = [Ledger(), Ledger()]
    carry_on(plan, ledgers[0], trying(plan, function))
    evaluate = trying(plan, function)
    carry_on(plan, ledgers[1], lambda points, add: evaluate(points[::-1], add))
    assert list(ledgers[1].trials) != list(ledgers[0].trials)
    assert ledgers[1].in_order() == ledgers[0].in_order()


def few(models, goals, errors=()):
    """What is found of a few trials of one quantity: too few for a surface."""
    plan = plan_of(TWO[:1], goals)
    rows = enumerate(models)
    trials = [Trial(Point(number, "start", (0.1 * number,)), row, errors or (0.0,) * len(row)) for number, row in rows]
    targets = [Target(f"t{number}", "", *goal) for number, goal in enumerate(goals)]
    held = [Target(f"h{number}", "", 0.0, 1.0, fitted=False) for number in range(len(models[0]) - len(goals))]
    return findings_of(plan, [*targets, *held], trials)


def test_of_equal_losses_the_first_trial_is_taken():
    """1 SD above, 2 SDs above, 1 SD below."""
    found = few([(5.0,), (6.0,), (3.0,)], [(4.0, 1.0)])
    assert (found.values, found.loss) == ({"a": 0.0}, 1.0)


def test_targets_that_are_not_met_are_noted_from_the_95_quantile_on():
    """Three targets and one quantity leave two degrees of freedom: 5.99."""
    for loss, noted in ((5.8, False), (6.2, True)):
        found = few([(loss**0.5, 0.0, 0.0)], [(0.0, 1.0)] * 3)
        assert any("the targets are not met" in note for note in found.notes) == noted
    quantiles = {1: 3.841, 2: 5.991, 5: 11.070, 20: 31.410}
    for freedom, quantile in quantiles.items():
        assert _chi_squared_95(freedom) == pytest.approx(quantile, rel=0.03)


def test_chance_of_a_target_that_is_held_out_is_no_matter():
    """Nothing is fitted to it; of one that is fitted to, from half of its SD on."""
    assert not any("chance" in note for note in few([(4.0, 0.0)], [(4.0, 1.0)], (0.49, 9.0)).notes)
    assert any("chance moves t0 by" in note for note in few([(4.0, 0.0)], [(4.0, 1.0)], (0.51, 9.0)).notes)


@pytest.mark.parametrize(
    ("share", "verdict", "end"),
    [(0.005, AT_MOST, "0"), (0.995, AT_LEAST, "10"), (0.02, AT_MOST, None), (0.995, DECIDED, None)],
)
def test_a_value_at_the_end_of_its_range_is_noted(share, verdict, end):
    """Within a hundredth of the range, where that end is not excluded."""
    notes = _ends([Axis("a", 0.0, 10.0)], Trial(Point(0, "start", (share,)), (1.0,), (0.0,)), [verdict])
    assert [f"at the end of its range, {end}:" in note for note in notes] == ([] if end is None else [True])
