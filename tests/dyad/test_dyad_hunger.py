"""Hunger by the clock: nights of infants, how they come to differ from days, and what they leave as it is."""

from __future__ import annotations

from math import exp, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from infants import STEADY, infant, stomach_size

from lactflow.dyad.hunger import Nights, hunger_after, hunger_by_day, reaches_min, rhythm_maturity
from lactflow.parameters.infant import InfantPhysiology
from lactflow.units import DAY_MIN

NIGHTS = {
    "night_hunger": 0.5, "night_threshold": 1.4, "night_from_h": 22.0, "night_until_h": 7.0,
    "night_from_day": 20.0, "night_days": 30.0,
}  # fmt: skip


def nights(birth_clock_min=0.0, born_min=0.0, **physiology):
    """Nights of an infant with these quantities."""
    return Nights(InfantPhysiology(**{**NIGHTS, **physiology}), born_min, birth_clock_min)


def test_day_and_night_come_to_differ():
    """By hand: not before day 20, by 1 - 1/e after thirty days more, and entirely in the end."""
    assert rhythm_maturity(20.0, 20.0, 30.0) == rhythm_maturity(3.0, 20.0, 30.0) == 0.0
    assert rhythm_maturity(50.0, 20.0, 30.0) == pytest.approx(1.0 - exp(-1.0))
    assert rhythm_maturity(2000.0, 20.0, 30.0) == pytest.approx(1.0)


def test_a_night_is_from_its_evening_to_its_morning():
    """By the clock of the birth, at ages of infants and not of the run; one age for a whole night."""
    for birth_clock_min, born_min in ((0.0, 0.0), (600.0, 0.0), (600.0, 10.0 * DAY_MIN)):
        some = nights(birth_clock_min, born_min)
        evening_min = 60.0 * DAY_MIN + born_min + 22.0 * 60.0 - birth_clock_min
        mature = rhythm_maturity((evening_min - born_min) / DAY_MIN, 20.0, 30.0)
        for time_min in (evening_min, evening_min + 539.0):
            assert some.at(time_min) == pytest.approx((1.0 - 0.5 * mature, 1.0 + 0.4 * mature, evening_min + 540.0))
        by_day = (24.0 - 9.0 * (1.0 - 0.5 * mature)) / 15.0
        for time_min in (evening_min + 540.0, evening_min + 1439.0):
            assert some.at(time_min) == pytest.approx((by_day, 1.0, evening_min + DAY_MIN))
    assert nights().at(10.0 * DAY_MIN)[:2] == (1.0, 1.0)


@given(
    from_h=st.floats(0.0, 24.0), until_h=st.one_of(st.floats(0.0, 24.0), st.just(1e-300)),
    birth_clock_min=st.floats(0.0, 1440.0), time_min=st.floats(-400.0 * DAY_MIN, 400.0 * DAY_MIN),
)  # fmt: skip
def test_every_stretch_ends_later(from_h, until_h, birth_clock_min, time_min):
    """Whatever the clock in bits, and within a day."""
    some = nights(birth_clock_min, night_from_h=from_h, night_until_h=until_h)
    for _ in range(4):
        until_min = some.at(time_min).until_min
        assert time_min < until_min <= time_min + 1.001 * DAY_MIN
        time_min = until_min


@given(at_night=st.floats(0.0, 1.0), night_h=st.floats(0.0, 23.0))
def test_the_need_of_a_day_stays(at_night, night_h):
    """What is not felt at night is felt by day."""
    assert at_night * night_h + hunger_by_day(at_night, night_h) * (24.0 - night_h) == pytest.approx(24.0)


@given(hunger_ml=st.floats(-200.0, 100.0), level_ml=st.floats(10.0, 200.0), need_per_min=st.floats(0.01, 2.0))
def test_hunger_is_at_the_level_when_it_is_said_to_be(hunger_ml, level_ml, need_per_min):
    """From a surplus too; at once where it is above, and never without need."""
    wait_min = reaches_min(hunger_ml, level_ml, need_per_min, 720.0)
    reached_ml = hunger_after(hunger_ml, wait_min, need_per_min, 720.0)
    assert reached_ml == pytest.approx(max(hunger_ml, level_ml), rel=1e-9)
    assert reaches_min(hunger_ml, level_ml, 0.0, 720.0) == (0.0 if hunger_ml >= level_ml else inf)


def test_an_infant_is_as_hungry_after_a_day_as_without_nights():
    """In steps of any length, from evening to evening; half a night makes less than half a day."""
    over = {"largest_deficit": 20.0, **STEADY}
    for steps in (1, 7, 96):
        with_nights, without = infant(90.0, **over, **NIGHTS), infant(90.0, **over, **{**NIGHTS, "night_hunger": 1.0})
        for step in range(1, steps + 1):
            for some in (with_nights, without):
                some.bring_up((90.0 + step / steps) * DAY_MIN)
        assert with_nights.hunger_ml == pytest.approx(without.hunger_ml, rel=2e-3)
    with_nights, without = infant(90.0, **over, **NIGHTS), infant(90.0, **over, **{**NIGHTS, "night_hunger": 1.0})
    before_ml = with_nights.hunger_ml
    for some in (with_nights, without):
        some.bring_up(90.0 * DAY_MIN + 360.0)
    grown = (with_nights.hunger_ml - before_ml) / (without.hunger_ml - before_ml)
    assert grown == pytest.approx(1.0 - 0.5 * rhythm_maturity(89.0 + 22.0 / 24.0, 20.0, 30.0), rel=1e-9)


@given(hour=st.floats(0.0, 24.0), hunger=st.floats(-0.5, 0.6))
def test_it_asks_when_it_is_hungry_enough_for_the_hour(hour, hunger):
    """Through evenings and mornings: its hunger is then at the threshold of that time, or above it since a morning."""
    some = infant(90.0, **STEADY, **NIGHTS, newborn_sleep_min=0.0)
    now_min = 90.0 * DAY_MIN + 60.0 * hour
    some.bring_up(now_min)
    size = stomach_size(some)
    some.hunger_ml = hunger * size
    asks_min = some.hungry_at(now_min)
    some.bring_up(asks_min)
    level_ml = 0.48 * size * nights().at(asks_min).threshold
    at_a_morning = asks_min % DAY_MIN == pytest.approx(420.0, abs=1e-6)
    assert some.hunger_ml == pytest.approx(level_ml, rel=5e-3) or (
        some.hunger_ml > level_ml and (at_a_morning or asks_min == now_min)
    )
