"""Traits from volumes: a model that can be solved by hand, what says nothing, and coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lactflow.analysis.traits import distance, traits_from_volumes

SPREAD = 0.3
NOISE_ML = 20.0
SLOPE_ML = 100.0


def toy(mothers, volumes, *, seed, slope_ml=SLOPE_ML):
    """Volumes are a line in the first trait, with noise; not in the second. The last mother is put aside."""
    rng = np.random.default_rng(seed)
    traits = SPREAD * rng.standard_normal((mothers + 1, 2))
    seen = 100.0 + slope_ml * traits[:, :1] + NOISE_ML * rng.standard_normal((mothers + 1, volumes))
    frame = pd.DataFrame(seen)
    factors = pd.DataFrame(traits, columns=["shown", "hidden"])
    return frame.iloc[:-1], factors.iloc[:-1], frame.iloc[-1], factors.iloc[-1]


@pytest.mark.slow
def test_a_line_gives_the_posterior_of_the_textbook():
    """Normal prior, normal noise: mean and spread of the posterior are known."""
    volumes, traits, hers, truth = toy(400, 12, seed=1)
    found = traits_from_volumes(volumes, traits, hers)
    precision = 12 * (SLOPE_ML / NOISE_ML) ** 2
    mean = precision / (precision + SPREAD**-2) * (hers.mean() - 100.0) / SLOPE_ML
    sd = (precision + SPREAD**-2) ** -0.5
    row = found.loc["shown"]
    assert row["mean"] == pytest.approx(mean, abs=0.4 * sd)
    assert (row["high"] - row["low"]) / 2.0 == pytest.approx(1.96 * sd, rel=0.2)
    assert row["left"] == pytest.approx(sd / SPREAD, rel=0.15)
    assert row["identified"]
    assert row["low"] < truth["shown"] < row["high"]


def test_what_volumes_do_not_know_is_not_identified():
    """It is left as wide as women differ in it, around the usual."""
    volumes, traits, hers, _ = toy(400, 12, seed=2)
    row = traits_from_volumes(volumes, traits, hers).loc["hidden"]
    assert not row["identified"]
    assert row["left"] > 0.95
    assert row["mean"] == pytest.approx(0.0, abs=0.3 * SPREAD)
    assert (row["high"] - row["low"]) / 2.0 == pytest.approx(1.96 * SPREAD, rel=0.2)


@pytest.mark.slow
def test_intervals_cover_what_they_promise():
    """In 200 mothers the interval holds the truth in 90 to 99 of a hundred."""
    held = []
    for seed in range(200):
        volumes, traits, hers, truth = toy(60, 6, seed=seed)
        row = traits_from_volumes(volumes, traits[["shown"]], hers).loc["shown"]
        held.append(row["low"] <= truth["shown"] <= row["high"])
    assert 0.90 <= np.mean(held) <= 0.99


def test_reading_blurs():
    """Volumes that are read off badly show less."""
    volumes, traits, hers, _ = toy(200, 6, seed=3)
    sharp, blurred = (
        traits_from_volumes(volumes, traits, hers, reading_sd_ml).loc["shown", "left"] for reading_sd_ml in (0.0, 60.0)
    )
    assert blurred > 1.2 * sharp


def test_what_is_not_used_changes_nothing():
    """A column that is left out may be anything; and the others say what they say alone, but for the blur."""
    volumes, traits, hers, _ = toy(100, 6, seed=6)
    used = np.arange(6) != 2
    found = traits_from_volumes(volumes, traits, hers, 3.0, used)
    other = volumes.copy()
    other[2] = 1e6
    again = traits_from_volumes(other, traits, hers.where(used, 1e9), 3.0, used)
    pd.testing.assert_frame_equal(found, again)
    alone = traits_from_volumes(volumes.loc[:, used], traits, hers[used], 3.0)
    assert found.loc["shown", "mean"] == pytest.approx(alone.loc["shown", "mean"], abs=0.05)


def test_volumes_that_scatter_more_show_less():
    """The blur of each volume is its own."""
    volumes, traits, hers, _ = toy(200, 6, seed=7)
    some = traits_from_volumes(volumes, traits, hers, np.array([0.0, 0, 0, 60, 60, 60])).loc["shown", "left"]
    none, every = (traits_from_volumes(volumes, traits, hers, sd_ml).loc["shown", "left"] for sd_ml in (0.0, 60.0))
    assert none < some < every


def test_a_trait_without_spread_stays():
    """It has nothing to report."""
    volumes, traits, hers, _ = toy(40, 3, seed=4)
    row = traits_from_volumes(volumes, traits.assign(shown=0.0), hers).loc["shown"]
    assert row[["mean", "low", "high"]].tolist() == [0.0, 0.0, 0.0]
    assert not row["identified"]


def test_distance_shows_who_is_unlike_the_others():
    """The middle is near all, ten times the milk is far from all."""
    volumes, *_ = toy(100, 5, seed=5)
    assert distance(volumes, volumes.mean()) < 0.05
    assert distance(volumes, 10.0 * volumes.mean()) == 1.0
