"""Coarse differences corrected by few others: worked by hand, at its limits, and by its coverage."""

from __future__ import annotations

import json
from math import isnan, nan, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from coarse_criteria import COVERAGE, LEAST_CORRELATION, VIRTUAL_COMPARISONS
from hypothesis import example, given
from hypothesis import strategies as st

from lactflow.analysis.intervals import mean_interval
from lactflow.analysis.paired import differences
from lactflow.analysis.two_level import CORRECTED, two_level_mean


def test_two_pairs_and_two_more_by_hand():
    """
    Values 11, 14 with coarse ones 10, 12; more coarse ones 20, 30.

    All four coarse ones have mean 18, and those that are paired are 1.5 too low: 19.5. The paired are half of all, so
    the parts are 11 - 5 and 14 - 6 with variance 2 over 2, and half of 20 and 30: variance a quarter of 50 over 2. One
    and 6.25 add up to 7.25, with 7.25^2 / (1 + 6.25^2) = 1.31 degrees of freedom: one, where Student's t is 12.706.
    """
    found = two_level_mean([11.0, 14.0], [10.0, 12.0], [20.0, 30.0])
    assert (found.mean, found.correction, found.degrees) == (19.5, 1.5, 1)
    assert (found.size, found.coarse_size) == (2, 4)
    assert found.high - found.mean == pytest.approx(12.706 * sqrt(7.25), rel=1e-4)
    assert found.mean - found.low == pytest.approx(12.706 * sqrt(7.25), rel=1e-4)
    assert found.correlation == pytest.approx(1.0)


def test_too_few_values():
    """A mean of what there is, and no interval."""
    assert isnan(two_level_mean([], [], [1.0, 2.0, 3.0]).mean)
    alone = two_level_mean([5.0], [4.0], [10.0, 12.0])
    assert (alone.mean, alone.degrees) == (pytest.approx(26.0 / 3.0 + 1.0), 0)
    assert isnan(alone.low)
    assert isnan(two_level_mean([5.0, 6.0], [4.0, 7.0], [10.0]).low)
    assert two_level_mean([5.0, 7.0], [4.0, 9.0], []).mean == 6.0


def test_what_does_not_vary_is_known():
    """A schedule against itself: nothing, interval and all."""
    found = two_level_mean([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0])
    assert (found.mean, found.low, found.high) == (0.0, 0.0, 0.0)
    assert isnan(found.correlation)


@given(
    values=st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=2, max_size=9),
    more=st.lists(st.integers(-99, 99), min_size=2, max_size=20),
    shift=st.integers(-1000, 1000),
)
@example([(0, 0), (0, 0)], [0, 0, 0, 0, 0, 0, 0, -1, 35, 44, 46, 75, 78, -79, 95], -4)  # 14 degrees, or 13.99...
def test_the_mean_is_that_of_all_coarse_ones_corrected(values, more, shift):
    """By the definition; and what all coarse values have in common that the others have not drops out."""
    exact, coarse = (list(map(float, each)) for each in zip(*values, strict=True))
    found = two_level_mean(exact, coarse, more)
    off = np.mean(exact) - np.mean(coarse)
    assert found.mean == pytest.approx(np.mean([*coarse, *more]) + off, abs=1e-9)
    biased = two_level_mean(exact, [each + shift for each in coarse], [each + shift for each in more])
    assert biased.mean == pytest.approx(found.mean, abs=1e-7)
    assert biased.high - biased.low == pytest.approx(found.high - found.low, abs=1e-7)


def test_perfect_twins_give_the_interval_of_all():
    """Where coarse values are the others, it is as if all had been simulated, but for the degrees of freedom."""
    rng = np.random.default_rng(1)
    every = rng.normal(-20.0, 6.0, 200)
    found, plain = two_level_mean(every[:20], every[:20], every[20:]), mean_interval(every.tolist())
    assert found.mean == pytest.approx(plain.mean, rel=1e-12)
    assert found.high - found.low == pytest.approx(plain.high - plain.low, rel=0.05)


RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "coarse-pairs.json"


def measured():
    """Standard deviations of differences at both resolutions and their correlations: the least, a middle, the best."""
    found = json.loads(RESULTS.read_text(encoding="utf-8"))["levels"]["coarsest"]
    pairs = [pair for measure in CORRECTED for pair in found[measure]["pairs"].values()]
    pairs.sort(key=lambda pair: pair["correlation"])
    return [(each["sd_default"], each["sd_coarse"], each["correlation"]) for each in (pairs[0], pairs[5], pairs[-1])]


def share_covered(rng, model, pairs, coarse, draw):
    """Share of virtual comparisons whose interval holds the truth, the coarse resolution being off by a tenth."""
    sd, sd_coarse, correlation = model
    truth, off, covered = -20.0, -2.0, 0
    for _ in range(VIRTUAL_COMPARISONS):
        own, other = draw(rng, coarse), draw(rng, coarse)
        values = truth + sd * own
        near = truth + off + sd_coarse * (correlation * own + sqrt(1.0 - correlation**2) * other)
        found = two_level_mean(values[:pairs], near[:pairs], near[pairs:])
        covered += found.low <= truth <= found.high
    return covered / VIRTUAL_COMPARISONS


def normal(rng, size):
    """Standard normal."""
    return rng.standard_normal(size)


def skewed(rng, size):
    """Gamma with a skewness of 1, mean 0, SD 1: now and then an infant sleeps through a feed."""
    return (rng.gamma(4.0, 1.0, size) - 4.0) / 2.0


@pytest.mark.slow
@pytest.mark.parametrize("draw", [normal, skewed])
@pytest.mark.parametrize(("pairs", "coarse"), [(5, 50), (10, 100), (20, 200)])
def test_the_interval_covers_the_truth(pairs, coarse, draw):
    """In 93 to 97 % of 2,000 virtual comparisons, with the correlations measured and the least that is allowed."""
    rng = np.random.default_rng(pairs)
    for model in (*measured(), (6.0, 6.1, LEAST_CORRELATION)):
        assert COVERAGE[0] <= share_covered(rng, model, pairs, coarse, draw) <= COVERAGE[1]


def subjects(base, gaps):
    """Tables of a baseline and another, one measure that is corrected and one that is not."""
    frame = {"removed_ml_per_day": base, "upr_exposure_h_per_day": base}
    other = {"removed_ml_per_day": base + gaps, "upr_exposure_h_per_day": base + gaps}
    return {"a": pd.DataFrame(frame), "b": pd.DataFrame(other)}


def test_differences_take_coarse_replicates_where_they_follow():
    """Milk removed does; what has a threshold is estimated from the replicates at its own resolution alone."""
    rng = np.random.default_rng(2)
    base, gaps = rng.normal(740.0, 5.0, 60), rng.normal(-20.0, 6.0, 60)
    off = rng.normal(1.0, 0.3, 60)
    tables, coarse = subjects(base[:10], gaps[:10]), subjects(base - 3.0, gaps - off)
    measures = ["removed_ml_per_day", "upr_exposure_h_per_day"]
    milk, hours = differences(tables, measures, coarse=coarse).to_dict("records")
    expected = two_level_mean(gaps[:10], (gaps - off)[:10], (gaps - off)[10:])
    assert (milk["difference"], milk["low"], milk["high"]) == pytest.approx(expected[:3], rel=1e-9)
    assert milk["mean"] - milk["baseline_mean"] == pytest.approx(milk["difference"], rel=1e-9)
    assert milk["baseline_mean"] == pytest.approx((base - 3.0).mean() + 3.0, rel=1e-12)
    assert (milk["replicates"], milk["coarse_replicates"]) == (10, 60)
    assert milk["correction"] == pytest.approx(off[:10].mean(), rel=1e-9)
    assert milk["coarse_correlation"] > 0.98
    (plain,) = differences(tables, measures[1:]).to_dict("records")
    assert hours == pytest.approx(plain, nan_ok=True)
    assert (hours["coarse_replicates"], isnan(hours["correction"])) == (0, True)


def test_what_failed_costs_its_own_pair():
    """A coarse replicate without its other, and one without its coarse twin, are not paired."""
    base, gaps = np.arange(8.0), np.array([1.0, 2.0, nan, 4.0, 5.0, 6.0, 7.0, 8.0])
    tables, coarse = subjects(base[:4], gaps[:4]), subjects(base, gaps)
    coarse["b"] = coarse["b"].drop(index=1)
    (row,) = differences(tables, ["removed_ml_per_day"], coarse=coarse).to_dict("records")
    assert (row["replicates"], row["coarse_replicates"]) == (2, 6)
    assert row["difference"] == pytest.approx(two_level_mean([1.0, 4.0], [1.0, 4.0], [5.0, 6.0, 7.0, 8.0]).mean)
