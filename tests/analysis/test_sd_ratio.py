"""The interval of what common random numbers are worth: worked by hand, at its ends, and by its coverage."""

from __future__ import annotations

from math import isnan, nan, sqrt

import numpy as np
import pandas as pd
import pytest
from coarse_criteria import COVERAGE, VIRTUAL_COMPARISONS
from hypothesis import given
from hypothesis import strategies as st

from lactflow.analysis.intervals import sd_ratio_interval
from lactflow.analysis.paired import differences
from lactflow.report.differences import ratio_in_words


def test_three_pairs_by_hand():
    """
    Differences 1, 2, 3 and sums 4, 0, 2 have variances in the proportion 1 to 4 and correlation -0.5.

    The ratio is sqrt(2 / (1 + 4)). With one degree of freedom t is 12.706, so the middle of the interval is
    1 + 2 * 0.75 * 161.45 = 243.17 and the quotient of the variances lies between 4 / 486.34 and 4 * 486.34.
    """
    first, other = [1.5, -1.0, -0.5], [2.5, 1.0, 2.5]
    low, high = sd_ratio_interval(first, other)
    assert low == pytest.approx(sqrt(2.0 / (1.0 + 4.0 * 486.34)), rel=1e-3)
    assert high == pytest.approx(sqrt(2.0 / (1.0 + 4.0 / 486.34)), rel=1e-3)


def test_what_has_no_spread():
    """Too few pairs, or nothing that varies, decide nothing; always alike and always opposite decide all."""
    assert all(isnan(end) for end in sd_ratio_interval([1.0, 2.0], [3.0, 5.0]))
    assert all(isnan(end) for end in sd_ratio_interval([1.0, 1.0, 1.0], [2.0, 2.0, 2.0]))
    assert sd_ratio_interval([1.0, 2.0, 4.0], [1.0, 2.0, 4.0]) == (0.0, 0.0)
    assert sd_ratio_interval([1.0, 2.0, 4.0], [-1.0, -2.0, -4.0]) == (sqrt(2.0), sqrt(2.0))


@given(
    pairs=st.lists(
        st.tuples(st.integers(-50, 50).map(float), st.integers(-50, 50).map(float)), min_size=4, max_size=12
    ),
    scale=st.sampled_from([0.5, 2.0, 1024.0]),
)
def test_an_interval_holds_its_ratio_and_knows_no_unit(pairs, scale):
    """Between 0 and the square root of 2, around what was found, the same in any unit and with baseline swapped."""
    first, other = map(np.array, zip(*pairs, strict=True))
    spread = first.var(ddof=1) + other.var(ddof=1)
    if spread == 0.0:
        return
    low, high = sd_ratio_interval(first, other)
    ratio = (other - first).std(ddof=1) / sqrt(spread)
    assert 0.0 <= low <= ratio * (1.0 + 1e-9)
    assert ratio * (1.0 - 1e-9) <= high <= sqrt(2.0) * (1.0 + 1e-9)
    assert sd_ratio_interval(scale * first, scale * other) == pytest.approx((low, high), rel=1e-9)
    assert sd_ratio_interval(other, first) == pytest.approx((low, high), rel=1e-9)


def test_a_table_has_it_at_the_level_of_the_row():
    """Two others at a joint 95 % have ratios at 97.5 % each."""
    rng = np.random.default_rng(1)
    tables = {name: pd.DataFrame({"m": rng.standard_normal(10)}) for name in "abc"}
    for row in differences(tables, ["m"]).to_dict("records"):
        ends = sd_ratio_interval(tables["a"]["m"], tables[row["scenario"]]["m"], 0.975)
        assert (row["sd_ratio_low"], row["sd_ratio_high"]) == ends
        assert row["sd_ratio_low"] < row["sd_ratio"] < row["sd_ratio_high"]


def test_words():
    """With its interval where there is one; comparisons of older versions have none."""
    assert ratio_in_words({"sd_ratio": 0.541, "sd_ratio_low": 0.312, "sd_ratio_high": 0.858}) == "0.54 (0.31 to 0.86)"
    assert ratio_in_words({"sd_ratio": 0.541, "sd_ratio_low": nan, "sd_ratio_high": nan}) == "0.54"
    assert ratio_in_words({"sd_ratio": 0.541}) == "0.54"


@pytest.mark.parametrize("size", [5, 10, 60])
@pytest.mark.parametrize(("sd", "ratio"), [((1.9, 3.1), 0.54), ((1.9, 7.6), 0.78), ((3.1, 7.6), 0.73)])
def test_the_interval_covers_the_ratio(size, sd, ratio):
    """With the standard deviations and the ratios of feeds every two, three and four hours."""
    shared = (sd[0] ** 2 + sd[1] ** 2) * (1.0 - ratio**2) / 2.0
    rng = np.random.default_rng(size)
    trials = rng.multivariate_normal(
        [740.0, 730.0], [[sd[0] ** 2, shared], [shared, sd[1] ** 2]], (VIRTUAL_COMPARISONS, size)
    )
    ends = np.array([sd_ratio_interval(trial[:, 0], trial[:, 1]) for trial in trials])
    assert COVERAGE[0] <= np.mean((ends[:, 0] <= ratio) & (ratio <= ends[:, 1])) <= COVERAGE[1]
