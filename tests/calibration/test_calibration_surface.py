"""Surfaces, profiles and directions, on functions whose intervals are worked out by hand."""

from __future__ import annotations

from math import erf, sqrt

import numpy as np
import pytest

from lactflow.analysis.calibration.axes import Axis, values_at
from lactflow.analysis.calibration.directions import directions_of, flat, pairs_of
from lactflow.analysis.calibration.profiles import CHI2_95, Profile, interval_of, profiles_of, smallest
from lactflow.analysis.calibration.surface import Goals, Surface


def surface_of(function, goals, quantities=2, points=50, seed=3):
    """The surface of a function of shares, from random points."""
    shares = np.random.default_rng(seed).random((points, quantities))
    models = np.array([function(*row) for row in shares], dtype=float)
    return Surface(shares, models, Goals.of([(value, sd, 1.0) for value, sd in goals]))


def intervals_of(surface):
    """The interval of each quantity, by its profile."""
    profiles = profiles_of(surface)
    best, least = smallest(profiles)
    return [interval_of(profile, least, float(share)) for profile, share in zip(profiles, best, strict=True)]


def test_shares_and_values_go_both_ways():
    """Linear and logarithmic; outside of the range the nearer end."""
    linear, factors = Axis("a", 10.0, 20.0), Axis("b", 0.1, 10.0, logarithmic=True)
    assert linear.value(0.25) == 12.5
    assert linear.share(12.5) == 0.25
    assert factors.value(0.5) == pytest.approx(1.0, rel=1e-12)
    assert factors.share(1.0) == pytest.approx(0.5, rel=1e-12)
    assert (linear.share(25.0), linear.value(1.2)) == (1.0, 20.0)
    assert values_at([linear, factors], [0.0, 1.0]) == {"a": 10.0, "b": 10.0}


def test_loss_is_weighted_squared_distance_in_sds():
    """2 SDs with weight 1 and 1 SD with weight 3: 4 + 3."""
    goals = Goals.of([(10.0, 2.0, 1.0), (5.0, 1.0, 3.0)])
    assert goals.loss(np.array([14.0, 4.0])) == 7.0


def test_the_threshold_is_that_of_chi_squared():
    """With one degree of freedom it is the square of a normal variable, whose distribution is an error function."""
    assert erf(sqrt(CHI2_95 / 2.0)) == pytest.approx(0.95, abs=1e-14)


def test_interval_of_a_line_is_the_normal_one():
    """A target that is the quantity itself: 0.4 ± 1.96 SD."""
    (interval,) = intervals_of(surface_of(lambda x: [x], [(0.4, 0.1)], quantities=1, points=12))
    assert interval.low == pytest.approx(0.4 - sqrt(CHI2_95) * 0.1, abs=0.004)
    assert interval.high == pytest.approx(0.4 + sqrt(CHI2_95) * 0.1, abs=0.004)
    assert (interval.open_low, interval.open_high) == (False, False)


def test_intervals_of_two_targets_are_those_of_the_normal_equations():
    """Sum and difference, each with SD 0.1: both quantities have 0.1 / sqrt(2)."""
    surface = surface_of(lambda x, y: [x + y, x - y], [(1.0, 0.1), (0.2, 0.1)])
    half = sqrt(CHI2_95) * 0.1 / sqrt(2.0)
    for interval, centre in zip(intervals_of(surface), (0.6, 0.4), strict=True):
        assert interval.low == pytest.approx(centre - half, abs=0.006)
        assert interval.high == pytest.approx(centre + half, abs=0.006)


def test_a_range_that_is_too_short_leaves_an_end_open():
    """A target of 0.95 ± 0.1 excludes low values only."""
    (interval,) = intervals_of(surface_of(lambda x: [x], [(0.95, 0.1)], quantities=1, points=12))
    assert (interval.open_low, interval.open_high, interval.high) == (False, True, 1.0)


def test_a_curved_surface_is_followed():
    """A saturating function: 1 - exp(-3 x) at 0.6 ± 0.02 is x = 0.305 (0.273 to 0.341)."""
    surface = surface_of(lambda x: [1.0 - np.exp(-3.0 * x)], [(0.6, 0.02)], quantities=1, points=25)
    (interval,) = intervals_of(surface)
    assert interval.low == pytest.approx(-np.log(1.0 - 0.6 + 1.96 * 0.02) / 3.0, abs=0.01)
    assert interval.high == pytest.approx(-np.log(1.0 - 0.6 - 1.96 * 0.02) / 3.0, abs=0.01)


def test_chance_is_smoothed():
    """Noise of half an SD on every trial: the interval is that of the line all the same."""
    rng = np.random.default_rng(5)
    surface = surface_of(lambda x: [x + 0.05 * rng.standard_normal()], [(0.5, 0.1)], quantities=1, points=60)
    (interval,) = intervals_of(surface)
    assert interval.low == pytest.approx(0.304, abs=0.05)
    assert interval.high == pytest.approx(0.696, abs=0.05)


def test_what_no_trial_has_seen_is_not_excluded():
    """Trials in one half of the range of a wavy function: the other half stays open."""
    shares = np.random.default_rng(1).random((20, 1)) * 0.5
    models = np.sin(12.0 * shares)
    surface = Surface(shares, models, Goals.of([(0.9, 0.05, 1.0)]))
    mean, sd = surface.models(np.array([[0.25], [0.95]]))
    assert mean[0, 0] == pytest.approx(np.sin(3.0), abs=0.05)
    assert sd[0, 0] < 0.05 < sd[1, 0]


@pytest.mark.parametrize(
    ("function", "goal", "relation", "holds"),
    [
        (lambda x, y: [(0.5 + x) * (0.5 + y)], 1.0, "product", "a * b"),
        (lambda x, y: [(0.5 + x) / (0.5 + y)], 1.25, "ratio", "a / b"),
        (lambda x, y: [x + y], 1.0, "sum", "a + b"),
        (lambda x, y: [x - y], 0.2, "difference", "a - b"),
        (lambda x, y: [x + 2.0 * y], 1.5, "weighted sum", "a + 2 * b"),
    ],
)
def test_what_is_held_together_is_named(function, goal, relation, holds):
    """Two quantities from 0.5 to 1.5 (a sum: from 0 to 1), one target."""
    curved = relation in ("product", "ratio")
    low, high = (0.5, 1.5) if curved else (0.0, 1.0)
    axes = [Axis("a", low, high), Axis("b", low, high)]
    surface = surface_of(function, [(goal, 0.02)])
    intervals = intervals_of(surface)
    decided = [not (each.open_low or each.open_high) for each in intervals]
    best, _ = smallest(profiles_of(surface))
    (pair,) = pairs_of(surface, axes, best, decided)
    assert (pair.relation, pair.holds) == (relation, holds)
    assert not all(decided)
    assert min(each.high - each.low for each in intervals) > 0.45


def test_directions_of_a_sum():
    """The sum x + y is known and x - y is not; a third quantity that does nothing is flat and in no pair."""
    surface = surface_of(lambda x, y, z: [x + y + 0.0 * z], [(1.0, 0.05)], quantities=3)
    slopes = surface.slopes(np.full(3, 0.5))
    assert slopes == pytest.approx(np.array([[20.0, 20.0, 0.0]]), abs=0.01)
    assert flat(slopes) == [False, False, True]
    known, *others = directions_of(slopes)
    assert known.parts == pytest.approx([sqrt(0.5), sqrt(0.5), 0.0], abs=1e-3)
    assert known.half_width == pytest.approx(sqrt(CHI2_95 / 800.0), rel=1e-2)
    assert known.decided
    assert not any(each.decided for each in others)
    axes = [Axis(name, 0.0, 1.0) for name in "abc"]
    (pair,) = pairs_of(surface, axes, np.full(3, 0.5), [False] * 3)
    assert (pair.first, pair.second) == (0, 1)


def test_two_known_quantities_are_no_pair():
    """Sum and difference measured: nothing is confounded."""
    surface = surface_of(lambda x, y: [x + y, x - y], [(1.0, 0.1), (0.2, 0.1)])
    assert pairs_of(surface, [Axis("a", 0.0, 1.0), Axis("b", 0.0, 1.0)], np.array([0.6, 0.4]), [False, False]) == []


class Guess:
    """In place of the surface of a target: the same mean and standard deviation everywhere."""

    def __init__(self, mean, sd):
        self.mean, self.sd = mean, sd

    def at(self, shares):
        return np.full(len(shares), self.mean), np.full(len(shares), self.sd)


def test_the_sd_of_a_guess_is_added_to_that_of_the_target():
    """As variances: a distance of 10 with SDs 3 and 4 is 2 of both together, and with weight 5 a loss of 20."""
    surface = surface_of(lambda x: [x], [(0.0, 1.0)], quantities=1, points=5)
    surface.goals = Goals.of([(7.0, 3.0, 5.0)])
    surface._targets = [Guess(17.0, 4.0)]
    assert surface.loss(np.zeros((2, 1))) == pytest.approx([20.0, 20.0], rel=1e-12)
    assert surface.loss(np.zeros((1, 1)), sure=True) == pytest.approx([5.0 * (10.0 / 3.0) ** 2], rel=1e-12)


def test_slopes_are_in_sds_and_weighted():
    """6 over the range is 3 SDs of 2, and with weight 4 twice as much; at the end of the range as in its middle."""
    surface = surface_of(lambda x: [6.0 * x], [(3.0, 2.0)], quantities=1, points=8)
    surface.goals = Goals.of([(3.0, 2.0, 4.0)])
    for share in (0.5, 0.0, 0.99):
        assert surface.slopes(np.array([share])) == pytest.approx(np.array([[6.0]]), rel=1e-6)


def test_a_surface_is_made_of_the_best_trials(monkeypatch):
    """Of six trials the three that are nearest to the target, the best first."""
    monkeypatch.setattr("lactflow.analysis.calibration.surface.MOST_TRIALS", 3)
    shares = np.array([[0.0], [0.9], [0.3], [0.6], [0.5], [0.2]])
    surface = Surface(shares, 10.0 * shares, Goals.of([(3.2, 1.0, 1.0)]))
    assert surface.trials.tolist() == [[0.3], [0.2], [0.5]]
    assert surface.best.tolist() == [0.3]


def test_the_sd_of_a_guess_has_the_unit_of_the_target():
    """The same trials in units a thousand times as small: a thousand times the SD."""
    shares = np.random.default_rng(1).random((12, 1)) * 0.5
    one, other = (Surface(shares, size * np.sin(9.0 * shares), Goals.of([(0.5, 1.0, 1.0)])) for size in (1.0, 1000.0))
    at = np.array([[0.9]])
    assert one.models(at)[1][0, 0] > 0.01
    assert other.models(at)[1] == pytest.approx(1000.0 * one.models(at)[1], rel=1e-3)


def test_a_narrow_interval_is_found_between_the_points_of_the_grid():
    """0.41 ± 1.96 * 0.002: the grid has one point every 0.025."""
    (interval,) = intervals_of(surface_of(lambda x: [x], [(0.41, 0.002)], quantities=1, points=12))
    assert interval.low == pytest.approx(0.41 - sqrt(CHI2_95) * 0.002, abs=2e-4)
    assert interval.high == pytest.approx(0.41 + sqrt(CHI2_95) * 0.002, abs=2e-4)


@pytest.mark.parametrize("sd", [0.05, 0.005, 1e-6])
def test_a_target_that_is_known_very_well_decides(sd):
    """
    Between the points of the grid, and whatever the surface guesses where no trial is.

    The trials are those of storage capacity (100 to 300 mL) for stored milk, which is 149 mL at 0.385 and 154 at 0.415.
    """
    shares = [
        0.525,
        0.774761,
        0.118243,
        0.201314,
        0.649942,
        0.289651,
        0.964788,
        0.505449,
        0.384888,
        0.374228,
        0.417837,
        0.4147,
    ]
    stored = [172.467, 217.863, 106.757, 122.834, 195.246, 135.07, 252.463, 169.064, 149.003, 147.424, 154.52, 153.991]
    surface = Surface(np.array(shares)[:, None], np.array(stored)[:, None], Goals.of([(150.0, sd, 1.0)]))
    (interval,) = intervals_of(surface)
    assert (interval.open_low, interval.open_high) == (False, False)
    assert 0.385 < interval.low <= interval.high < 0.395


def test_two_targets_that_are_known_very_well_decide_both():
    """As above, for two quantities at once."""
    grid = np.linspace(0.2, 0.8, 6)
    shares = np.array([(x, y) for x in grid for y in grid])

    def models(x, y):
        return [x + 2.0 * y, np.exp(x) - y**2]

    surface = Surface(
        shares,
        np.array([models(*row) for row in shares]),
        Goals.of([(value, 1e-4, 1.0) for value in models(0.5137, 0.4321)]),
    )
    for interval, centre in zip(intervals_of(surface), (0.5137, 0.4321), strict=True):
        assert (interval.open_low, interval.open_high) == (False, False)
        assert centre - 0.01 < interval.low <= interval.high < centre + 0.01


def interval_by_hand(losses, within, least=0.0):
    """The interval of a profile of these losses, from one end of the range to the other."""
    shares = np.linspace(0.0, 1.0, len(losses))
    found = interval_of(Profile(shares, np.array(losses), shares[:, None]), least, within)
    return found.low, found.high, found.open_low, found.open_high, float(found.at_low[0]), float(found.at_high[0])


def test_intervals_by_hand():
    """Ends are crossings of the threshold on straight lines; gaps belong to it, and what was found."""
    crossing = 0.25 * (10.0 - CHI2_95) / 8.0
    assert interval_by_hand([10.0, 2.0, 0.0, 2.0, 10.0], 0.5) == pytest.approx(
        (crossing, 1.0 - crossing, False, False, 0.25, 0.75)
    )
    assert interval_by_hand([0.0, 10.0, 10.0, 10.0, 0.0], 0.5) == (0.0, 1.0, True, True, 0.0, 1.0)
    assert interval_by_hand([10.0, 0.0, 10.0, 10.0, 10.0], 0.75)[1] == 0.75
    assert interval_by_hand([10.0, 10.0, 10.0, 0.0, 10.0], 0.25)[0] == 0.25
    # Nothing is within: the value that was found, and no end of the range is left open, even where it is at one.
    assert interval_by_hand([10.0, 12.0, 14.0], 0.0, least=-1.0)[2:4] == (False, False)
    assert interval_by_hand([14.0, 12.0, 10.0], 1.0, least=-1.0)[2:4] == (False, False)


def test_pairs_are_named_from_three_times_as_wide_on():
    """Slopes (1, 0) and (r, 1): one is sqrt(1 + r²) times as wide without the other: 2.9 times, and 3.1 times."""
    axes = [Axis("a", 0.0, 1.0), Axis("b", 0.0, 1.0)]
    best = np.array([0.5, 0.5])
    for times, pairs in ((2.9, 0), (3.1, 1)):
        across = sqrt(times**2 - 1.0)
        surface = surface_of(lambda x, y, k=across: [x + k * y, y], [(0.5 + 0.5 * across, 0.02), (0.5, 0.02)])
        found = pairs_of(surface, axes, best, [False, False])
        assert len(found) == pairs
        assert all(each.inflation == pytest.approx(3.1, rel=0.01) for each in found)
        assert pairs_of(surface, axes, best, [True, True]) == []


def test_directions_are_decided_by_their_half_width():
    """95 % half-widths of 0.49 and 0.51 of a range; the best known comes first."""
    slopes = np.diag([sqrt(CHI2_95) / 0.51, sqrt(CHI2_95) / 0.49])
    known, other = directions_of(slopes)
    assert (known.half_width, other.half_width) == pytest.approx((0.49, 0.51))
    assert (known.decided, other.decided) == (True, False)
    assert (known.ratio, other.ratio) == pytest.approx((1.0, (0.49 / 0.51) ** 2))
    assert flat(slopes) == [True, False]
