"""Volumes that are expected from each other: a model that can be solved by hand, slips of the pen, forecasts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lactflow.analysis.volumes import BOUND, Forecaster, VolumeModel, few_enough

ROOT, SPREAD, CHANCE = 9.0, 1.0, 0.7
"""Roots of volumes are 9 (81 mL), with an SD of 1 between women and of 0.7 from one session to the next."""


def women(number, volumes, *, seed, chance=CHANCE):
    """Volumes of women: what a woman gives, and chance of each session."""
    rng = np.random.default_rng(seed)
    roots = ROOT + SPREAD * rng.standard_normal((number, 1)) + chance * rng.standard_normal((number, volumes))
    return np.maximum(0.0, roots) ** 2


@pytest.fixture(scope="module")
def model():
    """Learned from 400 women with 30 volumes each."""
    return VolumeModel(women(400, 30, seed=1))


def test_one_factor_gives_what_the_textbook_says(model):
    """A volume is expected at the mean of the others, drawn to that of all women; a later one likewise."""
    hers = women(1, 30, seed=2)[0]
    known = np.ones(30, dtype=bool)
    known[20:] = False
    found = model.expected(hers, known)
    for number in (0, 25):
        others = np.sqrt(hers[[at for at in range(20) if at != number]])
        weight = SPREAD**2 / (SPREAD**2 + CHANCE**2 / len(others))
        assert found.mean[number] == pytest.approx(ROOT + weight * (others.mean() - ROOT), abs=0.25)
        sd = np.sqrt(CHANCE**2 + SPREAD**2 * (1.0 - weight))
        assert found.sd[number] == pytest.approx(sd, rel=0.1)
    assert found.ml == pytest.approx(np.maximum(found.mean, 0.0) ** 2)
    low, high = found.between(1.0)
    assert (low < found.ml).all()
    assert (found.ml < high).all()


def test_several_women_at_once_are_each_alone(model):
    """Rows do not know of each other."""
    hers = women(3, 30, seed=3)
    known = np.arange(30) < 20
    together = model.expected(hers, known)
    for row, alone in zip(together.mean, (model.expected(each, known) for each in hers), strict=True):
        assert row == pytest.approx(alone.mean, rel=1e-9)


@pytest.mark.parametrize("factor", [10.0, 0.05])
def test_an_added_or_lost_zero_is_found_and_nothing_else(model, factor):
    """In each of twenty women; the volume is expected where it was."""
    for seed in range(20):
        hers = women(1, 30, seed=100 + seed)[0]
        honest = hers[7]
        hers[7] = honest * factor
        found = model.screened(hers)
        assert np.flatnonzero(~found.kept).tolist() == [7]
        assert found.expected.ml[7] == pytest.approx(honest, rel=0.6)
        assert few_enough(1, 30)


def test_slips_do_not_hide_each_other(model):
    """Six of thirty have a zero too many: all are found."""
    hers = women(1, 30, seed=5)[0]
    hers[::5] *= 10.0
    found = model.screened(hers)
    assert np.flatnonzero(~found.kept).tolist() == list(range(0, 30, 5))
    assert few_enough(6, 30)
    assert not few_enough(7, 30)


def test_honest_volumes_are_kept(model):
    """Of 6000 volumes of women who were not learned from fewer than one in a thousand is left out."""
    left_out = [int((~model.screened(hers).kept).sum()) for hers in women(200, 30, seed=6)]
    assert sum(left_out) < 6


def test_a_woman_who_scatters_more_is_not_full_of_slips(model):
    """Twice the chance is a scatter of two; the bound goes with it."""
    found = [model.screened(hers) for hers in women(40, 30, seed=7, chance=2.0 * CHANCE)]
    assert np.median([each.scatter for each in found]) == pytest.approx(2.0, rel=0.15)
    assert sum(int((~each.kept).sum()) for each in found) <= 2
    assert all(each.scatter >= 1.0 for each in found)


@pytest.mark.parametrize("value", [0.0, 80.0, 1e308])
def test_volumes_that_do_not_vary_break_nothing(model, value):
    """All 0, all the same, all too large to square: numbers come out."""
    found = model.screened(np.full(30, value))
    assert np.isfinite(found.scatter)
    assert found.kept.shape == (30,)


def test_virtual_mothers_who_are_all_alike_break_nothing():
    """Without any spread between them."""
    found = VolumeModel(np.full((40, 10), 50.0)).screened(np.full(10, 50.0))
    assert found.kept.all()


@pytest.mark.slow
def test_forecasts_hold_what_their_intervals_promise():
    """Of 3000 volumes of women who were not learned from 93 to 97 of a hundred lie within; the mean is not off."""
    held = np.arange(30) >= 20
    columns = pd.RangeIndex(30)
    forecaster = Forecaster(pd.DataFrame(women(300, 30, seed=8), columns=columns), held, 0.0)
    inside, off = [], []
    for hers in women(300, 30, seed=9):
        found = forecaster.of(pd.Series(hers, index=columns))
        assert found.index.tolist() == list(range(20, 30))
        inside.append((found["low_ml"] <= hers[held]) & (hers[held] <= found["high_ml"]))
        off.append(found["forecast_ml"] - hers[held])
    assert 0.93 <= np.mean(inside) <= 0.98
    assert abs(np.mean(off)) < 2.0


def test_a_forecast_does_not_know_what_it_forecasts_nor_a_slip():
    """Later volumes change nothing, and a zero too many among the earlier ones next to nothing."""
    held = np.arange(30) >= 20
    hers = pd.Series(women(1, 30, seed=10)[0])
    forecaster = Forecaster(pd.DataFrame(women(200, 30, seed=11)), held, 0.0)
    found = forecaster.of(hers)
    later = hers.where(~held, 1000.0)
    assert forecaster.of(later)["forecast_ml"].tolist() == found["forecast_ml"].tolist()
    slip = hers.copy()
    slip[3] *= 10.0
    assert forecaster.of(slip)["forecast_ml"].to_numpy() == pytest.approx(found["forecast_ml"].to_numpy(), rel=0.05)


def test_a_bound_is_what_it_is():
    """Beyond what a normal distribution has, and below a factor of ten on a root of 9 with an SD of 1."""
    assert 4.0 < BOUND < 19.0
