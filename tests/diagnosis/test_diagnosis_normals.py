"""Normal distributions of halves: what they lend to each other, and what lies outside of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from lactflow.diagnosis.normals import APART, LENT, Normals, distances_from, learned, log_densities

WITHIN = 0.995
ONE = Normals(np.zeros((1, 2)), np.array([[[1.0, 0.8], [0.8, 1.0]]]), (10_000,))


def of_two(mothers=3):
    """One mechanism of two halves and one of a single half, each of so many mothers, with one column."""
    values = np.array([-1.0, 0.0, 1.0, 8.0, 10.0, 12.0, -3.0, 0.0, 3.0])[:, None]
    return values, np.repeat([0, 1, 2], mothers), np.arange(9)


def test_spread_is_lent_by_hand():
    """Scatters of 2, 8 and 18 with two degrees of freedom each, and `LENT` mothers lent to each of them, twice."""
    found = learned(*of_two(), of=(0, 0, 1))
    everyone = 28.0 / 6.0
    first, second = (10.0 + LENT * everyone) / (4.0 + LENT), (18.0 + LENT * everyone) / (2.0 + LENT)
    expected = [(2.0 + LENT * first) / (2.0 + LENT), (8.0 + LENT * first) / (2.0 + LENT)]
    expected += [(18.0 + LENT * second) / (2.0 + LENT)]
    assert found.means[:, 0].tolist() == [0.0, 10.0, 0.0]
    assert found.covariances[:, 0, 0] == pytest.approx(np.array(expected) + APART)
    assert found.mothers == (6, 6, 3)


def test_repeats_of_a_mother_are_no_other_mothers():
    """Read twice without error, mothers teach what they teach read once."""
    values, half, mother = of_two()
    once = learned(values, half, mother, (0, 0, 1))
    twice = learned(*(np.concatenate([each, each]) for each in (values, half, mother)), (0, 0, 1))
    assert twice.covariances == pytest.approx(once.covariances)
    assert twice.mothers == once.mothers


def test_what_few_mothers_teach_is_nearer_to_the_truth_than_their_own_covariance():
    """Forty mothers of twelve columns whose covariance is the same in all mechanisms."""
    rng = np.random.default_rng(1)
    root = rng.standard_normal((12, 12))
    true = root @ root.T / 12.0 + 0.2 * np.eye(12)
    readings = rng.multivariate_normal(np.zeros(12), true, 320)
    found = learned(readings, np.repeat(np.arange(8), 40), np.tile(np.arange(40), 8), tuple(range(8)))
    alone = [np.cov(readings[number * 40 : number * 40 + 40].T) for number in range(8)]
    off = [np.linalg.norm(np.array(each) - true, axis=(1, 2)).mean() for each in (found.covariances, alone)]
    assert off[0] < 0.75 * off[1]


def test_very_many_mothers_keep_their_own_spread():
    """What is lent counts as so many mothers, however many there are."""
    rng = np.random.default_rng(2)
    readings = rng.standard_normal((8000, 2)) * np.repeat([1.0, 3.0], 4000)[:, None]
    found = learned(readings, np.repeat([0, 1], 4000), np.tile(np.arange(4000), 2), (0, 1))
    assert np.sqrt(found.covariances[:, 0, 0]) == pytest.approx([1.0, 3.0], rel=0.05)


def test_correlations_are_lent_whatever_the_spreads_are():
    """Two mechanisms of twenty mothers, spreads of 1 and 5: neither spread makes the other correlation weaker."""
    rng = np.random.default_rng(4)
    readings = rng.multivariate_normal([0.0, 0.0], [[1.0, 0.9], [0.9, 1.0]], 40) * np.repeat([1.0, 5.0], 20)[:, None]
    found = learned(readings, np.repeat([0, 1], 20), np.tile(np.arange(20), 2), (0, 1))
    own = [np.corrcoef(readings[rows].T)[0, 1] for rows in (slice(20), slice(20, 40))]
    lent = [covariance[0, 1] / covariance[0, 0] ** 0.5 / covariance[1, 1] ** 0.5 for covariance in found.covariances]
    assert min(own) - 0.01 < min(lent) <= max(lent) < max(own)


def test_a_column_that_is_the_same_in_all_goes_with_no_other():
    """Nothing is divided by nothing."""
    readings = np.column_stack([np.random.default_rng(5).standard_normal(60), np.full(60, 3.0)])
    found = learned(readings, np.repeat([0, 1], 30), np.tile(np.arange(30), 2), (0, 1))
    assert (found.covariances[:, 0, 1] == 0.0).all()
    assert found.covariances[:, 1, 1] == pytest.approx(APART)


def test_a_half_without_mothers_is_as_wide_as_its_mechanism():
    """Mothers drawn again may lack one of a user's own mechanism; nothing is NaN."""
    values, half, mother = of_two()
    found = learned(values[half != 1], half[half != 1], mother[half != 1], (0, 0, 1))
    assert np.isfinite(log_densities(found, values)).all()
    assert found.mothers == (3, 3, 3)


def test_densities():
    """Those of scipy, to the last digits."""
    readings = np.array([[0.0, 0.0], [1.0, -2.0]])
    expected = multivariate_normal(ONE.means[0], ONE.covariances[0]).logpdf(readings)
    assert log_densities(ONE, readings)[:, 0] == pytest.approx(expected)


def test_one_observation_that_does_not_go_with_the_rest_is_outside():
    """
    Two columns of correlation 0.8: (2.6, 2.6) is usual, (1.9, -1.9) is not.

    Given the other, a column of the second is 1.9 * (1 + 0.8) off, in spreads of 0.6: 5.7 of them. The limit of one
    of two columns is that of 0.1 % in each tail: 3.09.
    """
    found = distances_from(ONE, np.array([[2.6, 2.6], [1.9, -1.9]]), WITHIN)[:, 0]
    assert found[0] < 1.0
    assert found[1] == pytest.approx(5.7 / 3.09, rel=2e-3)


def test_many_small_deviations_are_outside_together():
    """Of twenty independent columns each 2.2 off, none is outside by itself; the sum of squares is 97, its limit 45."""
    normals = Normals(np.zeros((1, 20)), np.eye(20)[None], (100_000,))
    one = np.eye(20)[:1] * 2.2
    found = distances_from(normals, np.vstack([one, np.full((1, 20), 2.2)]), WITHIN)[:, 0]
    assert found[0] < 1.0
    assert found[1] == pytest.approx((20 * 2.2**2 / 45.3) ** 0.5, rel=0.01)


@pytest.mark.parametrize("columns", [1, 6, 20])
def test_a_slip_in_one_observation_is_seen(columns):
    """A column five spreads off, the others as they come: in nearly all, however many observations there are."""
    rng = np.random.default_rng(3)
    taught = rng.standard_normal((600, columns))
    normals = learned(taught, np.repeat([0, 1], 300), np.tile(np.arange(300), 2), (0, 1))
    new = rng.standard_normal((500, columns))
    assert (distances_from(normals, new, WITHIN)[:, 0] > 1.0).mean() < 0.02
    new[:, 0] = 5.5
    assert (distances_from(normals, new, WITHIN)[:, 0] > 1.0).mean() > 0.9
