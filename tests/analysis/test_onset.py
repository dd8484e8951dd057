"""Onset of copious milk, from secretion that is known by hand."""

from __future__ import annotations

from math import isnan

import numpy as np
import pandas as pd
import pytest

from lactflow.analysis.onset import COPIOUS_ML_PER_H, LATEST_START_H, onset_h


def breasts(rate_of_both, from_h=-24, to_h=120, every_h=1.0):
    """Samples of two breasts that share a rate; the first sample of a run has none."""
    hours = [from_h + every_h * number for number in range(round((to_h - from_h) / every_h) + 1)]
    rows = [(hour * 60.0, side, 0.5 * rate_of_both(hour)) for hour in hours for side in ("left", "right")]
    frame = pd.DataFrame(rows, columns=["time_min", "breast", "secretion_ml_per_h"])
    frame.loc[frame.time_min == frame.time_min.min(), "secretion_ml_per_h"] = float("nan")
    return frame


def test_a_step_is_found_where_it_is():
    """From nothing to twice the level at 60 h: half of six hours are above it then."""
    assert onset_h(breasts(lambda hour: 2.0 * COPIOUS_ML_PER_H * (hour >= 60))) == pytest.approx(60.0, abs=1.0)


def test_a_ramp_is_found_where_it_crosses():
    """An even rise is its own mean."""
    assert onset_h(breasts(lambda hour: COPIOUS_ML_PER_H * max(0.0, hour) / 50.0)) == pytest.approx(50.0, abs=1.0)


def test_an_hour_of_much_milk_is_no_onset():
    """Six hours are averaged."""
    assert isnan(onset_h(breasts(lambda hour: 4.0 * COPIOUS_ML_PER_H * (hour == 30))))


def test_what_comes_before_birth_does_not_count():
    """However much it is."""
    assert isnan(onset_h(breasts(lambda hour: 99.0 * (hour < -4))))


@pytest.mark.parametrize("from_h", [LATEST_START_H, 700.0])
def test_a_run_that_begins_later_has_none(from_h):
    """Nor has one without samples."""
    assert isnan(onset_h(breasts(lambda _: 99.0, from_h=int(from_h), to_h=int(from_h) + 40)))
    assert isnan(onset_h(breasts(lambda _: 1.0).iloc[:0]))


@pytest.mark.parametrize("every_min", [7.0, 60.0, 180.0])
def test_the_mean_is_that_of_six_hours_around_a_sample(every_min):
    """As pandas has it, with gaps, in any order of the rows."""
    chance = np.random.default_rng(5)
    for _ in range(5):
        number = int(chance.integers(2, 300))
        times = np.repeat(np.arange(number) * every_min, 2)
        rates = 12.0 * chance.random(2 * number) * np.linspace(0.0, 1.8, 2 * number)
        rates[chance.random(2 * number) < 0.1] = np.nan
        samples = pd.DataFrame({"time_min": times, "secretion_ml_per_h": rates}).sample(frac=1.0, random_state=number)
        made = samples.groupby("time_min")["secretion_ml_per_h"].sum(min_count=1).dropna().loc[1e-9:]
        clock = pd.to_timedelta(made.index.to_numpy(), unit="m")
        means = pd.Series(made.to_numpy(), index=clock).rolling("6h", center=True).mean()
        reached = means.index[means >= COPIOUS_ML_PER_H]
        expected = reached[0].total_seconds() / 3600.0 if len(reached) else np.nan
        assert onset_h(samples) == pytest.approx(expected, nan_ok=True)
