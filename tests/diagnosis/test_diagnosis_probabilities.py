"""Probabilities of mechanisms, on normal readings whose true ones are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from lactflow.diagnosis.finding import CANNOT_TELL, MECHANISM, NONE_OF_THESE, answer_of
from lactflow.diagnosis.probabilities import (
    CANNOT_SAY,
    Model,
    Taught,
    entropy,
    softened,
    usable,
    weighted,
)

MEANS = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 3.0]])
SPREADS = np.array([[[1.0, 0.5], [0.5, 1.0]], [[1.0, 0.0], [0.0, 1.0]], [[2.0, -0.6], [-0.6, 1.0]]])
EQUAL = [1.0 / 3.0] * 3


def whole(readings, mechanism, mother, names):
    """Mechanisms that are not parted in halves."""
    return Taught(readings, mechanism, mother, names, tuple(range(len(names))))


def drawn(mothers, seed=1, means=MEANS, spreads=SPREADS, repeats=1):
    """Readings of so many mothers of each mechanism; a mother has the same number in all, as virtual ones have."""
    rng = np.random.default_rng(seed)
    parts = [rng.multivariate_normal(mean, spread, mothers) for mean, spread in zip(means, spreads, strict=True)]
    mechanism = np.repeat(np.arange(len(means)), mothers * repeats)
    mother = np.tile(np.tile(np.arange(mothers), repeats), len(means))
    readings = np.concatenate([np.tile(part, (repeats, 1)) for part in parts])
    return whole(readings, mechanism, mother, tuple("abcdefgh"[: len(means)]))


def right(readings, prior=EQUAL, means=MEANS, spreads=SPREADS):
    """The true probabilities."""
    density = np.array(
        [multivariate_normal(mean, spread).pdf(readings) for mean, spread in zip(means, spreads, strict=True)]
    ).T
    return weighted(np.atleast_2d(density), np.array(prior))


@pytest.fixture(scope="module")
def model():
    """Two thousand mothers of each of three mechanisms."""
    return Model(drawn(2000), EQUAL)


def test_probabilities_are_those_that_are_known(model):
    """Within what shrinking costs; they add up to 1, and hardly need to be softened."""
    unseen = drawn(500, seed=2)
    found, known = model.probabilities(unseen.readings), right(unseen.readings)
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert np.abs(found - known).mean() < 0.02
    assert np.abs(found - known).max() < 0.25
    assert 0.75 < model.temperature < 1.1  # shrinking makes them too cautious


def test_a_prior_multiplies_the_odds(model):
    """As Bayes has it: odds with priors are odds without them, times those of the priors."""
    other = Model(model.taught, [0.7, 0.2, 0.1])
    readings = np.array([[1.0, 0.5]])
    equal, given = model.probabilities(readings)[0], other.probabilities(readings)[0]
    assert given[0] / given[1] == pytest.approx(3.5 * equal[0] / equal[1])
    assert given[0] / given[2] == pytest.approx(7.0 * equal[0] / equal[2])


def test_units_of_readings_do_not_matter(model):
    """Each column times a number and plus one gives the same answer."""
    factor, offset = np.array([1000.0, 0.01]), np.array([-50.0, 7.0])
    taught = model.taught
    moved = Model(whole(taught.readings * factor + offset, taught.mechanism, taught.mother, taught.names), EQUAL)
    readings = drawn(20, seed=3).readings
    assert moved.probabilities(readings * factor + offset) == pytest.approx(model.probabilities(readings), abs=1e-6)
    assert moved.distances(readings * factor + offset) == pytest.approx(model.distances(readings), abs=1e-6)


def test_permuted_labels_are_at_chance():
    """Mothers who taught what is not so get each mechanism as often as there are mechanisms."""
    taught = drawn(150, repeats=4)
    mechanism = np.random.default_rng(4).permutation(taught.mechanism)
    model = Model(whole(taught.readings, mechanism, taught.mother, taught.names), EQUAL)
    unseen = drawn(300, seed=5)
    truth = model.probabilities(unseen.readings)[np.arange(900), unseen.mechanism]
    assert truth.mean() == pytest.approx(1.0 / 3.0, abs=0.02)


def test_temperature_makes_the_overconfident_honest():
    """Readings of eight repeats that hardly differ teach too much from 40 mothers of twelve columns."""
    means = np.zeros((3, 12))
    means[1, 0] = means[2, 1] = 1.0
    spreads = np.array([np.eye(12)] * 3)
    model = Model(drawn(40, means=means, spreads=spreads, repeats=4), EQUAL)
    unseen = drawn(1000, seed=6, means=means, spreads=spreads)

    def gap(probabilities):
        leader = probabilities.max(axis=1)
        return leader.mean() - (probabilities.argmax(axis=1) == unseen.mechanism).mean()

    logs = model._log_densities(model._fitted, unseen.readings)
    assert model.temperature > 1.3
    assert gap(softened(logs, 1.0)) > 0.1
    assert abs(gap(model.probabilities(unseen.readings))) < 0.05


def test_mothers_are_not_judged_by_what_they_taught():
    """Where readings say nothing, mothers left out are at chance, however many columns there are to learn by heart."""
    taught = drawn(60, repeats=2)
    noise = np.random.default_rng(7).standard_normal((180, 40))
    own = np.concatenate([np.tile(noise[number * 60 : number * 60 + 60], (2, 1)) for number in range(3)])
    model = Model(whole(own, taught.mechanism, taught.mother, taught.names), EQUAL)
    seen = model.probabilities(own)[np.arange(360), taught.mechanism].mean()
    assert model.confusion().diagonal().mean() == pytest.approx(1.0 / 3.0, abs=0.05)
    assert seen > model.confusion().diagonal().mean() + 0.05


def test_confusion_is_what_others_of_the_mechanism_get(model):
    """Rows add up to 1; the diagonal is the mean that the true probabilities have too."""
    confusion = model.confusion()
    unseen = drawn(2000, seed=8)
    known = right(unseen.readings)
    expected = np.array([known[unseen.mechanism == number].mean(axis=0) for number in range(3)])
    assert confusion.sum(axis=1) == pytest.approx(1.0)
    assert confusion == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("columns", [2, 14])
def test_the_limit_of_distance_holds_nearly_all(columns):
    """99.5 % of new mothers of a mechanism, learned from 150 that were read four times; within four sigma of it."""
    rng = np.random.default_rng(9)
    root = rng.standard_normal((columns, columns))
    spread = root @ root.T + np.eye(columns)
    means, spreads = np.zeros((2, columns)), np.array([spread, spread])
    outside = []
    for seed in range(8):
        model = Model(drawn(150, seed=seed, means=means, spreads=spreads, repeats=4), [0.5, 0.5])
        new = drawn(500, seed=100 + seed, means=means, spreads=spreads).readings
        outside += [(model.distances(new) > 1.0).mean()]
    assert 0.001 < np.mean(outside) < 0.010


def test_distances_grow_with_the_readings(model):
    """Far off in every direction is outside of all; the centre of each is inside its own."""
    assert (model.distances(MEANS).diagonal() < 0.1).all()
    for far in ([9.0, 9.0], [-9.0, -9.0], [12.0, -3.0]):
        near, twice = model.distances(np.array([far])), model.distances(2.0 * np.array([far]))
        assert near.min() > 1.0
        assert (twice > near).all()


def test_an_interval_covers():
    """What very many mothers teach lies within it for about 95 %, for a mother who lies between two mechanisms."""
    her = np.array([1.0, 0.4])
    known = Model(drawn(10_000), EQUAL).probabilities(her)[0]
    inside = []
    for seed in range(25):
        low, high = Model(drawn(80, seed=seed), EQUAL).interval(her, 1)
        assert ((low >= 0.0) & (low <= high) & (high <= 1.0)).all()
        inside.append((low <= known) & (known <= high))
    assert 0.8 < np.mean(inside) < 0.995


def test_an_interval_is_narrower_with_more_mothers_and_the_same_with_the_same_seed():
    """It is about what virtual mothers leave open."""
    her = np.array([1.0, 0.4])
    few, many = (Model(drawn(mothers), EQUAL) for mothers in (40, 1000))
    widths = [np.ptp(model.interval(her, 1), axis=0).max() for model in (few, many)]
    assert widths[1] < widths[0] / 2.0
    assert np.array_equal(few.interval(her, 1), few.interval(her, 1))
    assert not np.array_equal(few.interval(her, 1), few.interval(her, 2))


def test_what_a_model_has_of_a_mechanism_is_on_the_scales(model):
    """Means of its readings, a covariance near that of them, and the ratio of two densities is the odds."""
    taught = model.taught
    for number in range(3):
        own = taught.readings[taught.mechanism == number]
        mean, covariance = model.given(number)
        assert mean == pytest.approx(own.mean(axis=0))
        assert covariance == pytest.approx(np.cov(own.T), abs=0.05)
    her = np.array([[1.0, 1.0]])
    density = [multivariate_normal(*model.given(number)).logpdf(her[0]) for number in range(3)]
    logs = model._log_densities(model._fitted, her)[0]
    assert np.diff(logs) == pytest.approx(np.diff(density), abs=1e-6)


def test_columns_that_are_the_same_in_all_say_nothing():
    """A reading below every limit is one; so is a column that repeats another."""
    taught = drawn(200)
    more = np.hstack([taught.readings, np.full((600, 1), 5.0)])
    model = Model(whole(more, taught.mechanism, taught.mother, taught.names), EQUAL)
    plain = Model(taught, EQUAL)
    readings = drawn(30, seed=11).readings
    found = model.probabilities(np.hstack([readings, np.full((90, 1), 5.0)]))
    assert found == pytest.approx(plain.probabilities(readings), abs=0.02)
    twice = Model(taught.only([0, 1, 1]), EQUAL).probabilities(readings[:, [0, 1, 1]])
    assert np.isfinite(twice).all()


def test_mothers_with_gaps_teach_nothing():
    """What she has been observed in, they must have been: the others are as they were."""
    taught = drawn(60)
    gaps = taught.readings.copy()
    gaps[::3, 1] = np.nan
    kept = usable(whole(gaps, taught.mechanism, taught.mother, taught.names))
    there = np.arange(180) % 3 != 0
    assert np.array_equal(kept.readings, taught.readings[there])
    assert np.array_equal(kept.mother, taught.mother[there])
    assert np.array_equal(kept.mechanism, taught.mechanism[there])
    without = usable(whole(gaps, taught.mechanism, taught.mother, taught.names).only([0]))
    assert len(without.readings) == 180


def test_gaps_are_filled_where_too_few_mothers_are_whole():
    """By the mean of the half; of all where it has none; by nothing where nobody has any. The given is not changed."""
    nan = np.nan
    readings = np.array([[1.0, nan, nan], [3.0, nan, nan], [nan, 4.0, nan], [7.0, 8.0, nan], [nan, nan, nan]])
    mechanism = np.array([0, 0, 1, 1, 0])
    filled = usable(whole(readings, mechanism, np.arange(5), ("a", "b"))).readings
    assert filled.tolist() == [[1, 6, 0], [3, 6, 0], [7, 4, 0], [7, 8, 0], [2, 6, 0]]
    assert np.isnan(readings).sum() == 10


def test_halves_of_a_mechanism_add_up():
    """A mechanism on both sides of another is recognised on both: one normal distribution would lie over the other."""
    rng = np.random.default_rng(12)
    ends, middle = rng.standard_normal((2, 400, 1)) + np.array([[[-4.0]], [[4.0]]]), rng.standard_normal((400, 1))
    readings = np.concatenate([*ends, middle])
    half, mother = np.repeat([0, 1, 2], 400), np.concatenate([np.arange(800), np.arange(400)])
    parted = Model(Taught(readings, half, mother, ("ends", "middle"), (0, 0, 1)), [0.5, 0.5])
    found = parted.probabilities(np.array([[-4.0], [0.0], [4.0]]))
    assert (found[:, 0] > 0.9).tolist() == [True, False, True]
    # One half has half of the probability of a mechanism: 0.5 * density(-2) over that and density(+2) of the other.
    logs = parted._log_densities(parted._fitted, np.array([[-2.0]]))
    assert softened(logs, 1.0)[0, 0] == pytest.approx(1.0 / 3.0, abs=0.05)
    assert parted.shares_of_halves(np.array([-4.0])) == pytest.approx([1.0, 0.0, 1.0], abs=1e-3)
    distances = parted.distances(np.array([[-4.0], [0.0], [4.0]]))[:, 0]
    assert (distances > 1.0).tolist() == [False, True, False]  # of the half that is nearer
    assert parted.confusion().sum(axis=1) == pytest.approx(1.0)


def test_softening_keeps_the_order_and_goes_to_equal():
    """Temperature 1 is what was said; a high one makes all alike; what is impossible stays so."""
    logs = np.log([[0.7, 0.2, 0.1]])
    assert softened(logs, 1.0) == pytest.approx(np.exp(logs))
    assert softened(logs, 2.0)[0] == pytest.approx(np.sqrt([0.7, 0.2, 0.1]) / np.sqrt([0.7, 0.2, 0.1]).sum())
    assert softened(logs, 1e6) == pytest.approx(np.full((1, 3), 1.0 / 3.0), abs=1e-5)
    assert softened(np.array([[0.0, -5000.0]]), 1.5) == pytest.approx(np.array([[1.0, 0.0]]))


def test_entropy():
    """In nats: that of equal ones is the logarithm of their number, that of a sure one none."""
    assert entropy(np.array([[0.25] * 4, [1.0, 0.0, 0.0, 0.0]])) == pytest.approx([np.log(4.0), 0.0])


@pytest.mark.parametrize(
    ("probabilities", "distances", "answer"),
    [
        ([0.85, 0.1, 0.05], [0.5, 2.0, 2.0], MECHANISM),
        ([0.85, 0.1, 0.05], [1.0, 2.0, 2.0], MECHANISM),
        ([0.85, 0.1, 0.05], [1.01, 2.0, 2.0], NONE_OF_THESE),
        ([0.85, 0.1, 0.05], [3.0, 2.0, 0.9], MECHANISM),
        ([0.5, 0.1, 0.4], [0.5, 0.5, 0.5], CANNOT_TELL),
        ([0.1, 0.39, 0.51], [0.5, 0.5, 0.5], CANNOT_TELL),
        ([0.5, 0.1, 0.4], [1.5, 1.5, 1.5], NONE_OF_THESE),
        ([0.799, 0.201], [0.5, 0.5], CANNOT_TELL),
        ([0.801, 0.199], [0.5, 0.5], MECHANISM),
    ],
)
def test_what_is_said(probabilities, distances, answer):
    """None of these before all; a leader needs four times the next one."""
    assert CANNOT_SAY == 4.0
    assert answer_of(np.array(probabilities), np.array(distances)) == answer
