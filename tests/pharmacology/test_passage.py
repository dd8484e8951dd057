"""From blood into milk: partition by hand, and steps against the differential equation."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from lactflow.pharmacology.passage import (
    FAT_G_PER_ML,
    effective_ml,
    exchanged,
    ion_factor,
    partition,
    settled_ratio,
)


@pytest.mark.parametrize(
    ("kind", "pka", "ph_milk", "expected"),
    [("base", 9.5, 7.2, 1.581), ("base", 9.5, 7.1, 1.988), ("base", 9.5, 6.8, 3.958), ("acid", 4.5, 7.1, 0.502)],
)
def test_ions_stay_where_they_are(kind, pka, ph_milk, expected):
    """By hand, against plasma of 7.4: bases gather in milk, which is more acid, and acids do not."""
    assert ion_factor(kind, pka, ph_milk, 7.4) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("kind", ["neutral", "zwitterion"])
def test_what_has_no_charge_is_level(kind):
    """Whatever the acidity."""
    assert ion_factor(kind, 9.0, 6.8, 7.4) == 1.0


def test_equal_acidity_makes_no_difference():
    """For acids and bases."""
    assert ion_factor("base", 8.0, 7.4, 7.4) == ion_factor("acid", 8.0, 7.4, 7.4) == 1.0


def test_partition_by_hand():
    """Half as much unbound in plasma as in skim, twice as much for the charge: level; a transporter of 22."""
    assert partition(2.0, 0.4, 0.8) == 1.0
    assert partition(2.0, 0.4, 0.8, 22.0) == 22.0


def test_fat_holds_more_or_less_than_skim():
    """100 mL with 3.72 g of fat: 4 mL of fat that count eleven times, or not at all."""
    fat_g = 4.0 * FAT_G_PER_ML
    assert effective_ml(100.0, fat_g, 11.0) == pytest.approx(140.0)
    assert effective_ml(100.0, fat_g, 0.0) == pytest.approx(96.0)
    assert effective_ml(100.0, fat_g, 1.0) == 100.0


def test_slow_drugs_are_diluted_by_fresh_milk():
    """Without exchange what is carried decides, with all of it the partition does."""
    assert settled_ratio(2.0, 0.0, 0.3, 20.0) == pytest.approx(0.6)
    assert settled_ratio(2.0, 1e9, 0.3, 20.0) == pytest.approx(2.0, rel=1e-6)
    assert settled_ratio(2.0, 20.0, 0.0, 20.0) == pytest.approx(1.0)


@given(
    st.floats(0.0, 5.0),
    st.lists(st.tuples(st.floats(0.0, 10.0), st.floats(0.0, 0.2)), min_size=1, max_size=3),
    st.floats(1.0, 60.0),
    st.floats(2.0, 200.0),
    st.floats(0.01, 30.0),
)
def test_a_step_is_the_differential_equation(amount, components, step, volume, exchange):
    """dn/dt = X R C - X n / V + carried; what came in, less what went back, is what is there."""
    ratio, carried = 1.7, 3.0

    def level(time):
        return sum(each * exp(-rate * time) for each, rate in components) / 1000.0

    def slope(time, state):
        inward = ratio * (exchange + carried / step) * level(time)
        return [inward - exchange * state[0] / volume, inward]

    there, gained = exchanged(
        amount,
        components,
        step,
        volume_ml=volume,
        exchange_ml_per_min=exchange,
        ratio=ratio,
        carried_ml=carried,
    )
    solved = solve_ivp(slope, (0.0, step), [amount, 0.0], rtol=1e-10, atol=1e-13, method="LSODA")
    scale = amount + sum(each for each, _ in components)
    assert there == pytest.approx(solved.y[0, -1], abs=1e-7 * scale + 1e-12)
    assert gained == pytest.approx(solved.y[1, -1], abs=1e-7 * scale + 1e-12)
    assert amount + gained - there >= -1e-12 * scale


def test_equal_rates_have_their_own_form():
    """A level that falls as fast as milk gives back: n = b a h exp(-k h)."""
    there, _ = exchanged(0.0, [(1000.0, 0.1)], 10.0, volume_ml=20.0, exchange_ml_per_min=2.0, ratio=1.0, carried_ml=0.0)
    assert there == pytest.approx(2.0 * 10.0 * exp(-1.0), rel=1e-9)


def test_milk_that_is_left_alone_comes_to_the_partition():
    """At a constant level, after many steps: the amount is ratio times level times effective volume."""
    amount = 0.0
    for _ in range(200):
        amount, _ = exchanged(
            amount, [(3.0, 0.0)], 30.0, volume_ml=100.0, exchange_ml_per_min=4.0, ratio=0.8, carried_ml=0.0
        )
    assert amount == pytest.approx(0.8 * 3.0 * 100.0 / 1000.0, rel=1e-9)
