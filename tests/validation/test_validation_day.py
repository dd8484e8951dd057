"""How claim C40 reads runs: means by the clock, peaks, and what a bottle must hold."""

from __future__ import annotations

from math import cos, isnan, nan, pi

import pandas as pd
import pytest

from lactflow.validation.by_clock import mean_between, peak_h
from lactflow.validation.claims_day import CLAIMS, poured
from lactflow.validation.judge import judge


def rows(levels):
    """Milk taken at clock times, 10 mL each."""
    return pd.DataFrame({"clock_h": list(levels), "removed_ml": 10.0, "level": list(levels.values())})


def test_means_are_by_volume_and_between_clock_times():
    """The end is not within."""
    table = pd.DataFrame({"clock_h": [2.0, 3.0, 4.0], "removed_ml": [10.0, 30.0, 50.0], "level": [1.0, 5.0, 9.0]})
    assert mean_between(table, "level", 2.0, 4.0) == pytest.approx(4.0)
    assert isnan(mean_between(table, "level", 5.0, 6.0))


def test_the_peak_is_where_the_mean_is_highest_and_nowhere_if_it_is_flat():
    """Two hours at a time; round-off is no wave."""
    assert peak_h(rows({1.0: 2.0, 3.0: 9.0, 9.0: 2.0, 15.0: 1.0, 21.0: 2.0}), "level") == 3.0
    assert isnan(peak_h(rows({hour + 1.0: 5.0 + 1e-9 * hour for hour in range(0, 24, 2)}), "level"))


def test_the_room_that_fat_takes_makes_no_peak():
    """Amplitudes of 2 and of 5 % of the mean."""
    for amplitude, peak in ((0.02, nan), (0.05, 3.0)):
        levels = {hour + 1.0: 1.0 + amplitude * cos((hour - 2.0) * pi / 12.0) for hour in range(0, 24, 2)}
        assert peak_h(rows(levels), "level") == pytest.approx(peak, nan_ok=True)


def test_a_bottle_pours_the_oldest_milk_first():
    """30 mL at 2 and 20 mL at 7 per litre: the second 20 mL are half of each; 60 mL there never were."""
    pumped = [(30.0, 2.0), (20.0, 7.0)]
    assert poured(pumped, 0.0, 20.0) == 2.0
    assert poured(pumped, 20.0, 20.0) == pytest.approx(4.5)
    assert poured(pumped, 40.0, 10.0) == pytest.approx(7.0)
    assert isnan(poured(pumped, 40.0, 20.0))


@pytest.mark.slow
@pytest.mark.fast_build
def test_c40_holds():
    """And fails without each of three things."""
    (result,) = judge(["C40"])
    assert result.verdict == "met"
    assert not result.known_gap
    assert len(CLAIMS[0].adversaries) == 3


def test_fat_is_judged_over_twelve_random_seeds():
    """As many runs of either kind, of one seed each; the analytes are read of the first."""
    seeds = {"on demand": set(), "every three hours": set()}
    for name, config in CLAIMS[0].runs.items():
        kind, _, seed = name.rpartition(" ")
        assert config["seed"] == int(seed)
        assert ("analytes" in config) == (seed == "1")
        seeds[kind].add(config["seed"])
    assert seeds["on demand"] == seeds["every three hours"] == set(range(1, 13))
