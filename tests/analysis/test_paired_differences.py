"""Intervals and paired differences, against SciPy's numbers, by their coverage, and on toys that are known."""

from __future__ import annotations

from math import inf, isnan, nan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.analysis.intervals import (
    enough_replicates,
    mean_interval,
    student_probability,
    student_quantile,
    two_stage_interval,
)
from lactflow.analysis.paired import differences, excludes_zero, per_subject


@pytest.mark.parametrize(
    ("level", "degrees", "expected"),
    [
        # Two-sided critical values of Student's t, from printed tables.
        (0.95, 1, 12.706),
        (0.95, 2, 4.303),
        (0.95, 9, 2.262),
        (0.95, 19, 2.093),
        (0.95, 120, 1.980),
        (0.99, 3, 5.841),
        (0.99, 10, 3.169),
        (0.9, 30, 1.697),
        (0.5, 7, 0.711),
        (0.999, 5, 6.869),
    ],
)
def test_quantiles_are_those_of_printed_tables(level, degrees, expected):
    """To the last printed digit."""
    assert student_quantile(level, degrees) == pytest.approx(expected, abs=6e-4)


@given(level=st.floats(0.01, 0.999), degrees=st.integers(1, 300))
def test_a_quantile_has_its_probability(level, degrees):
    """The one undoes the other."""
    assert student_probability(student_quantile(level, degrees), degrees) == pytest.approx(level, rel=1e-9)


def test_a_mean_of_few_values():
    """By hand: 1, 2, 3 have mean 2 and SD 1; the interval is 2 +- 4.303 / sqrt(3)."""
    found = mean_interval([1.0, nan, 2.0, 3.0])
    assert found.size == 3
    assert (found.mean, found.sd) == (2.0, 1.0)
    assert found.high - 2.0 == pytest.approx(4.303 / sqrt(3.0), abs=1e-3) == 2.0 - found.low
    assert mean_interval([5.0])[:1] == (5.0,)
    assert isnan(mean_interval([5.0]).low)
    assert isnan(mean_interval([]).mean)


def subjects(values):
    """Table of one measure by replicate."""
    frame = pd.DataFrame({"mother": 0, "replicate": range(len(values)), "observed_days": 1.0, "m": values})
    return per_subject(frame, "replicate")


def test_a_against_a_is_nothing():
    """Exactly, interval and all."""
    table = subjects([3.0, 4.5, 9.0])
    (row,) = differences({"a": table, "b": table}, ["m"]).to_dict("records")
    assert (row["difference"], row["low"], row["high"], row["sd_paired"]) == (0.0, 0.0, 0.0, 0.0)
    assert row["replicates"] == 3
    assert not excludes_zero(row)


def test_pairs_without_a_value_are_left_out():
    """What one of the two does not have is no difference."""
    (row,) = differences({"a": subjects([1.0, 2.0, nan, 9.0]), "b": subjects([2.0, nan, 4.0, 11.0])}, ["m"]).to_dict(
        "records"
    )
    assert (row["replicates"], row["difference"], row["baseline_mean"]) == (2, 1.5, 5.0)


def test_mothers_are_what_is_independent():
    """Replicates of a mother are averaged before mothers are counted."""
    frame = pd.DataFrame(
        {"mother": [0, 0, 1, 1], "replicate": [0, 1, 0, 1], "observed_days": 1.0, "m": [1.0, 3.0, 5.0, 7.0]}
    )
    assert per_subject(frame, "mother")["m"].tolist() == [2.0, 6.0]
    assert per_subject(frame[frame["mother"] == 1], "mother")["m"].to_dict() == {
        1: 6.0
    }  # the only one left keeps her number
    assert per_subject(frame[frame["mother"] == 0], "replicate")["m"].tolist() == [1.0, 3.0]


def test_the_pilot_is_counted_by_its_numbers():
    """A pilot replicate that failed is not made up for by one of the second stage."""
    tables = {"a": subjects([1.0, nan, 2.0, 0.0, 0.0]), "b": subjects([2.0, 3.0, 5.0, 1.0, 1.0])}
    (row,) = differences(tables, ["m"], stopped_on="m", pilot=3).to_dict("records")
    expected = two_stage_interval([1.0, 3.0, 1.0, 1.0], 2)
    assert (row["low"], row["high"], row["replicates"]) == (expected.low, expected.high, 4)


def test_many_scenarios_have_wider_intervals():
    """Bonferroni: three comparisons at a joint 95 % are each at 98.33 %."""
    rng = np.random.default_rng(1)
    tables = {name: subjects(rng.standard_normal(10)) for name in "abcd"}
    found = differences(tables, ["m"])
    assert found["level"].tolist() == pytest.approx([1.0 - 0.05 / 3.0] * 3)
    alone = differences({name: tables[name] for name in "ab"}, ["m"])
    assert found["high"][0] > alone["high"][0]


def test_pairing_is_measured():
    """With correlation r between two of equal variance, pairing shrinks the SD to sqrt(1 - r) of that of strangers."""
    rng = np.random.default_rng(2)
    shared, own = rng.standard_normal(40_000), rng.standard_normal((2, 40_000))
    correlation = 0.91
    one, other = (sqrt(correlation) * shared + sqrt(1.0 - correlation) * noise for noise in own)
    (row,) = differences({"a": subjects(one), "b": subjects(other)}, ["m"]).to_dict("records")
    assert row["sd_independent"] == pytest.approx(sqrt(2.0), rel=0.02)
    assert row["sd_ratio"] == pytest.approx(sqrt(1.0 - correlation), rel=0.02)


def test_replicates_that_a_width_needs():
    """By hand: a pilot of 1, 2, 3 and half-width 0.5 need (4.303 / 0.5)^2 = 74.05, so 75; never less than the pilot."""
    assert enough_replicates([1.0, 2.0, 3.0], 0.5) == 75
    assert enough_replicates([1.0, 2.0, 3.0], 1e3) == 3
    assert enough_replicates([1.0, 1.0, 1.0], 1e-9) == 3
    assert enough_replicates([1.0, 2.0], 1e-9) == inf


def paired_trial(rng, pairs):
    """Pairs with a known difference of 2: a shared part, and parts of their own that are skewed."""
    shared = rng.gamma(4.0, 10.0, pairs)
    base, other = shared + rng.gamma(2.0, 3.0, pairs), 2.0 + shared + rng.gamma(2.0, 3.0, pairs)
    return {"a": subjects(base), "b": subjects(other)}


@pytest.mark.slow
def test_intervals_cover_the_truth():
    """In 93 to 97 % of 1,000 repetitions on a model with a known difference."""
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(1000):
        (row,) = differences(paired_trial(rng, 20), ["m"]).to_dict("records")
        covered += row["low"] <= 2.0 <= row["high"]
    assert 930 <= covered <= 970


@pytest.mark.slow
def test_stopping_by_width_covers_the_truth_too():
    """In 93 to 97 % of 1,000 repetitions, with a half-width no larger than asked."""
    rng, pilot, half_width = np.random.default_rng(4), 10, 1.5
    covered = 0
    for _ in range(1000):
        gaps = rng.normal(2.0, 4.0, pilot).tolist()
        needed = enough_replicates(gaps, half_width)
        gaps += rng.normal(2.0, 4.0, int(needed) - pilot).tolist()
        found = two_stage_interval(gaps, pilot)
        assert found.high - found.low <= 2.0 * half_width + 1e-9
        covered += found.low <= 2.0 <= found.high
    assert 930 <= covered <= 970
