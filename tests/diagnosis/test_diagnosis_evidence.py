"""What observations contribute, and what would be worth measuring next, against what can be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from lactflow.diagnosis.evidence import _EFFORTS, HELPS_NATS, Outlook, candidates, contributions
from lactflow.diagnosis.kinds import KINDS
from lactflow.diagnosis.probabilities import Model, Taught, entropy

EQUAL = [0.5, 0.5]
HER = np.array([0.3])


def drawn(mothers, seed=1, apart=1.0):
    """Two mechanisms that lie so far apart in what is known; and noise of the same mothers for candidates."""
    rng = np.random.default_rng(seed)
    mechanism, mother = np.repeat([0, 1], mothers), np.tile(np.arange(mothers), 2)
    readings = rng.standard_normal((2 * mothers, 1)) + apart * mechanism[:, None]
    return Taught(readings, mechanism, mother, ("a", "b"), (0, 1)), rng.standard_normal((2 * mothers, 4))


def brute_force(known, apart, sd=1.0, correlation=0.0):
    """Expected fall of entropy by a candidate whose means lie so far apart, on a grid of its values."""
    prior = np.array([norm.pdf(HER[0], 0.0), norm.pdf(HER[0], known)])
    prior /= prior.sum()
    values = np.linspace(-12.0, 12.0 + apart, 4001)
    means = [correlation * HER[0] * sd, apart + correlation * (HER[0] - known) * sd]
    densities = np.array([norm.pdf(values, mean, sd * np.sqrt(1.0 - correlation**2)) for mean in means])
    joint = prior[:, None] * densities
    total = joint.sum(axis=0)
    left = (entropy((joint / np.maximum(total, 1e-300)).T) * total).sum() * (values[1] - values[0])
    return float(entropy(prior[None])[0] - left)


@pytest.fixture(scope="module")
def falls():
    """Of five candidates: three of rising use, noise, and the known again."""
    taught, noise = drawn(4000)
    step = taught.mechanism[:, None].astype(float)
    more = [noise[:, [0]] + apart * step for apart in (0.5, 1.5, 3.0)]
    more += [noise[:, [1]], taught.readings.copy()]
    return Outlook(taught, EQUAL, more).falls(HER)


@pytest.mark.parametrize(("number", "apart"), [(0, 0.5), (1, 1.5), (2, 3.0)])
def test_the_expected_fall_is_that_of_brute_force(falls, number, apart):
    """Within what 25 values and shrinking cost."""
    assert falls[number] == pytest.approx(brute_force(1.0, apart), abs=0.05)


def test_what_is_known_already_and_what_is_noise_bring_about_nothing(falls):
    """They are below the fall from which a measurement is said to help."""
    assert abs(falls[3]) < HELPS_NATS
    assert abs(falls[4]) < HELPS_NATS


def test_the_better_candidate_comes_first(falls):
    """As in the loss of entropy of unseen mothers when each is really added."""
    assert falls[2] > falls[1] > falls[0] > max(falls[3], falls[4])


def test_a_candidate_that_goes_with_what_is_known_brings_about_less_or_more():
    """Given what she has: the covariance of the two counts, not the candidate alone."""
    taught, noise = drawn(4000)
    step = taught.mechanism[:, None].astype(float)
    own = taught.readings - step
    found, known = [], []
    for correlation in (0.0, 0.8, -0.8):
        rest = np.sqrt(1.0 - correlation**2)
        found += Outlook(taught, EQUAL, [step + correlation * own + rest * noise[:, [0]]]).falls(HER)
        known.append(brute_force(1.0, 1.0, correlation=correlation))
    assert found == pytest.approx(known, abs=0.06)
    assert found[2] > found[0] > found[1]


def test_both_breasts_together_are_one_candidate():
    """Two columns bring about more than one of them."""
    taught, noise = drawn(1000)
    both = noise[:, :2] + taught.mechanism[:, None]
    one, two = Outlook(taught, EQUAL, [both[:, [0]], both]).falls(HER)
    assert two > one > 0.0


def test_nothing_is_left_to_find_where_the_mechanism_is_known():
    """A fall cannot be more than there is."""
    taught, noise = drawn(1000, apart=12.0)
    (fall,) = Outlook(taught, EQUAL, [noise[:, [0]] + 3.0 * taught.mechanism[:, None]]).falls(np.array([0.0]))
    assert abs(fall) < 1e-3


def test_expected_falls_rank_as_those_that_come_about():
    """Over six candidates, by the mean fall of the log score of 400 unseen mothers."""
    apart = (0.0, 0.4, 0.8, 1.2, 1.8, 2.5)
    (taught, noise), (unseen, unseen_noise) = drawn(600), drawn(200, seed=2)
    columns = np.hstack([noise, -noise[:, :2]])
    unseen_columns = np.hstack([unseen_noise, -unseen_noise[:, :2]])
    more = [columns[:, [n]] + step * taught.mechanism[:, None] for n, step in enumerate(apart)]
    outlook = Outlook(taught, EQUAL, more)
    expected = np.mean([outlook.falls(readings) for readings in unseen.readings[::20]], axis=0)
    came = []
    for number, step in enumerate(apart):
        model = Model(Taught(np.hstack([taught.readings, more[number]]), *_rest(taught)), EQUAL)
        extra = unseen_columns[:, [number]] + step * unseen.mechanism[:, None]
        truth = model.probabilities(np.hstack([unseen.readings, extra]))[np.arange(400), unseen.mechanism]
        came.append(np.log(truth).mean())
    assert spearmanr(expected, came).statistic >= 0.8


def _rest(taught):
    return taught.half, taught.mother, taught.names, taught.of


def test_contributions_are_changes_of_log_odds():
    """Of independent columns: each one's own log likelihood ratio; of noise, nothing; swapped leaders swap the sign."""
    taught, noise = drawn(6000)
    readings = np.hstack([taught.readings, noise[:, [0]] + 2.0 * taught.mechanism[:, None], noise[:, [1]]])
    whole, hers = Taught(readings, *_rest(taught)), np.array([0.0, 1.8, 0.4])
    found = contributions(whole, hers, EQUAL, (0, 1))
    # log N(x; 0, 1) / N(x; m, 1) = m^2 / 2 - m x
    assert found == pytest.approx([0.5, 2.0 - 3.6, 0.0], abs=0.2)
    assert contributions(whole, hers, EQUAL, (1, 0)) == pytest.approx([-each for each in found])


def test_a_single_observation_contributes_all_beyond_the_prior():
    """Odds of the prior are what is left without it."""
    taught, _ = drawn(6000)
    prior = [0.8, 0.2]
    (found,) = contributions(taught, np.array([0.0]), prior, (0, 1))
    probabilities = Model(taught, prior).probabilities(np.array([[0.0]]))[0]
    assert found == pytest.approx(np.log(probabilities[0] / probabilities[1]) - np.log(4.0))
    assert found == pytest.approx(0.5, abs=0.05)


def test_two_observations_that_repeat_one_another_contribute_little_each():
    """Given the other, each of them is known."""
    taught, _ = drawn(2000)
    found = contributions(taught.only([0, 0]), np.array([-1.0, -1.0]), EQUAL, (0, 1))
    assert all(abs(each) < 0.5 * abs(contributions(taught, np.array([-1.0]), EQUAL, (0, 1))[0]) for each in found)


def test_candidates_are_all_that_can_be_simulated():
    """Milk of each breast where it is sampled; glucose and albumin where the run has them; all at one time."""
    plain, asked = candidates(14_400.0, ()), candidates(14_400.0, ("glucose", "albumin", "siga"))
    assert [each.name for each in asked] == list(_EFFORTS)
    assert set(asked) - set(plain) == {each for each in asked if each.name in ("glucose", "albumin")}
    for each in asked:
        assert each.effort
        assert each.name in KINDS
        assert {(one.kind, one.time_min, one.value) for one in each.observations} == {(each.name, 14_400.0, None)}
    sides = {each.name: [one.breast for one in each.observations] for each in asked}
    assert sides["sodium"] == ["left", "right"]
    assert sides["pump"] == sides["weight"] == sides["prolactin"] == [""]
