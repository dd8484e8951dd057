"""From blood into milk: partition by hand, and steps against the differential equation."""

from __future__ import annotations

from math import exp, expm1, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from lactflow.pharmacology.passage import (
    FAT_G_PER_ML,
    Exponential,
    LevelOver,
    effective_ml,
    gone_after,
    ion_factor,
    over_exponentials,
    partition,
    settled_ratio,
    turnover,
)


def exponentials(components, step):
    """A level by amplitudes at the beginning and rates."""
    return over_exponentials([Exponential(*each) for each in components], 0.0, step)


def test_a_level_that_follows_is_as_a_new_one():
    """With more exponentials than before, or fewer; nothing is left of the line or of what it was."""
    level = LevelOver(2.0, 3.0)
    for components in ([(4.0, 0.1)], [(1.0, 0.2), (-0.5, 0.0)], []):
        level.follow([Exponential(*each) for each in components], 2.0, 10.0)
        fresh = over_exponentials([Exponential(*each) for each in components], 2.0, 10.0)
        assert (level.mean, level.felt(0.5, gone_after(0.5))) == (fresh.mean, fresh.felt(0.5, gone_after(0.5)))
    assert level.mean == 0.0


def after(amount, level, *, volume=100.0, fresh=0.0, cleared=0.0, into=0.0):
    """Amount after a step, and all that came: volumes and clearances of the step in mL, the level per litre."""
    decays, gone, kept = turnover(cleared, volume, fresh)
    return amount * (1.0 - gone) + into / 1000.0 * kept * level.felt(decays, gone), into / 1000.0 * level.mean


def solved(amount, level, *, step, volume, fresh, cleared, into):
    """The same by the differential equation, of a function that gives the level."""

    def slope(time, state):
        came = into / step * level(time) / 1000.0
        return [came - cleared / step * state[0] / (volume - fresh * (1.0 - time / step)), came]

    found = solve_ivp(slope, (0.0, step), [amount, 0.0], rtol=1e-10, atol=1e-13, method="LSODA")
    return found.y[0, -1], found.y[1, -1]


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


AMPLITUDES = st.floats(0.0, 10.0, allow_subnormal=False).filter(lambda each: each == 0.0 or each > 1e-100)
EXPONENTIALS = st.lists(st.tuples(AMPLITUDES, st.floats(0.0, 0.2)), min_size=1, max_size=3)


@settings(max_examples=50)
@given(st.floats(0.0, 5.0), EXPONENTIALS, st.floats(1.0, 60.0), st.floats(2.0, 200.0), st.floats(0.01, 30.0))
def test_a_step_is_the_differential_equation(amount, components, step, volume, exchange):
    """dn/dt = X R C - X n / V: exact while no milk comes; what came in, less what went back, is what is there."""

    def level(time):
        return sum(each * exp(-rate * time) for each, rate in components)

    over = exponentials(components, step)
    milk = {"volume": volume, "cleared": exchange * step, "into": 1.7 * exchange * step}
    there, came = after(amount, over, **milk)
    expected, expected_came = solved(amount, level, step=step, fresh=0.0, **milk)
    scale = amount + sum(each for each, _ in components)
    assert there == pytest.approx(expected, abs=1e-7 * scale + 1e-12)
    assert came == pytest.approx(expected_came, abs=1e-7 * scale + 1e-12)
    assert amount + came - there >= -1e-12 * scale


@settings(max_examples=50)
@given(st.floats(0.0, 5.0), st.floats(1.0, 200.0), st.floats(0.0, 0.99), st.floats(0.0, 2000.0), st.floats(0.01, 50.0))
def test_milk_that_grows_is_exact_at_a_level_that_stays(amount, volume, grown, cleared, into):
    """From nearly nothing to a lumen that hardly grows; whatever is exchanged."""
    milk = {"volume": volume, "fresh": grown * volume, "cleared": cleared, "into": into}
    there, _ = after(amount, LevelOver(8.0), **milk)
    expected, _ = solved(amount, lambda _: 8.0, step=1.0, **milk)
    assert there == pytest.approx(expected, rel=1e-6, abs=1e-9)


@settings(max_examples=50)
@given(EXPONENTIALS, st.floats(0.0, 0.4), st.floats(0.0, 500.0))
def test_milk_that_grows_is_near_it_at_a_level_that_falls(components, grown, cleared):
    """Lumens grow by less than 40 % in an hour: within 1 % of all that came."""

    def level(time):
        return sum(each * exp(-rate * time) for each, rate in components)

    milk = {"volume": 100.0, "fresh": grown * 100.0, "cleared": cleared, "into": cleared + 10.0}
    there, came = after(0.0, exponentials(components, 60.0), **milk)
    expected, expected_came = solved(0.0, level, step=60.0, **milk)
    assert came == pytest.approx(expected_came, rel=1e-6)
    assert there == pytest.approx(expected, abs=0.01 * expected_came + 1e-9)


@settings(max_examples=50)
@given(st.floats(-4.0, 4.0), st.floats(2.0, 200.0), st.floats(0.0, 900.0))
def test_a_straight_line_is_exact_while_no_milk_comes(rise, volume, cleared):
    """What rises is felt late by milk that follows slowly."""
    milk = {"volume": volume, "cleared": cleared, "into": 30.0}
    there, came = after(0.1, LevelOver(5.0, rise), **milk)
    expected, expected_came = solved(0.1, lambda time: 5.0 + rise * time, step=1.0, fresh=0.0, **milk)
    assert there == pytest.approx(expected, rel=1e-6)
    assert came == pytest.approx(expected_came, rel=1e-6)


def test_a_step_by_hand():
    """100 mL of which 20 came, 40 mL cleared: 0.8**2 is kept of what was there; 12 mL/L come at 5 mg/L."""
    decays, gone, kept = turnover(40.0, 100.0, 20.0)
    assert decays == pytest.approx(2.0 * log(1.25), rel=1e-12)
    assert gone == pytest.approx(0.36, rel=1e-12)
    assert kept == pytest.approx((100.0 - 80.0 * 0.64) / 60.0, rel=1e-12)
    there, came = after(2.0, LevelOver(5.0), volume=100.0, fresh=20.0, cleared=40.0, into=12.0)
    assert came == pytest.approx(0.06, rel=1e-12)
    assert there == pytest.approx(2.0 * 0.64 + 0.06 * kept, rel=1e-12)


def test_a_part_of_a_straight_line():
    """From 2 by 6 over the step: its middle half begins at 3.5 and rises by 3."""
    part = LevelOver(2.0, 6.0).part(0.25, 0.5)
    assert (part.begin, part.rise, part.mean) == (3.5, 3.0, 5.0)


@pytest.mark.parametrize("decays", [0.0, 1e-12, 1e-5, 0.999e-3, 1.001e-3, 0.1, 50.0])
def test_what_is_gone_is_exact_of_the_slowest(decays):
    """Also where a difference from 1 would lose its digits."""
    assert gone_after(decays) == pytest.approx(-expm1(-decays), rel=2e-13)


@pytest.mark.parametrize("apart", [0.0, 0.9e-4, 1.1e-4, -0.9e-4, -1.1e-4])
def test_equal_rates_have_their_own_form(apart):
    """A level that falls about as fast as milk gives back: n = b a h exp(-k h) at equal rates."""
    back, step, volume = 0.1, 10.0, 20.0
    over = exponentials([(1000.0, back + apart / step)], step)
    there, _ = after(0.0, over, volume=volume, cleared=back * volume * step, into=2.0 * step)
    by_hand = 2.0 * step * exp(-back * step) * (-expm1(-apart) / apart if apart else 1.0)
    assert there == pytest.approx(by_hand, rel=1e-10)


def test_milk_that_is_left_alone_comes_to_the_partition():
    """At a constant level, after many steps: the amount is ratio times level times effective volume."""
    amount = 0.0
    for _ in range(200):
        amount, _ = after(amount, exponentials([(3.0, 0.0)], 30.0), cleared=4.0 * 30.0, into=0.8 * 4.0 * 30.0)
    assert amount == pytest.approx(0.8 * 3.0 * 100.0 / 1000.0, rel=1e-9)


@pytest.mark.parametrize("exchange", [0.0, 3.0, 20.0, 200.0, 1e6])
@pytest.mark.parametrize("hours", [0.1, 1.0, 3.0])
def test_milk_that_is_taken_as_it_comes_settles_whatever_the_steps(exchange, hours):
    """20 mL/h come to 50 mL and are taken again: the closed form, in steps of minutes as in those of hours."""
    flow, ratio, level = 20.0, 0.8, 4.0
    carried = exchange / (exchange + 100.0)
    amount, fresh = 0.0, flow * hours
    for _ in range(3000):
        into = ratio * (exchange * hours + carried * fresh)
        amount, _ = after(
            amount, LevelOver(level), volume=50.0 + fresh, fresh=fresh, cleared=exchange * hours, into=into
        )
        amount *= 50.0 / (50.0 + fresh)
    settled = settled_ratio(ratio, exchange, carried, flow) * level / 1000.0 * 50.0
    assert amount == pytest.approx(settled, rel=1e-9)


def test_an_empty_lumen_takes_up_and_gives_back():
    """No milk, and no milk but what comes: nothing is divided by zero, and a fast drug is level at once."""
    assert after(0.0, LevelOver(5.0), volume=0.0, fresh=0.0, cleared=10.0, into=10.0)[0] < 1e-9
    there, _ = after(0.0, LevelOver(5.0), volume=1.0, fresh=1.0, cleared=1e6, into=1e6)
    assert there == pytest.approx(0.005, rel=1e-5)
    assert turnover(0.0, 0.0, 0.0) == (0.0, 0.0, 1.0)
