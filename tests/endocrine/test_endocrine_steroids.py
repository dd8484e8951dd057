"""Estrogen and progesterone beside those of the first pregnancy: levels in the blood, and growth of the gland."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.chance import Streams
from lactflow.dyad.interventions import EstrogenProgesterone, PregnancyCourse, course_of
from lactflow.dyad.schedule import Period
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.course import Course
from lactflow.endocrine.signal import LevelWindow
from lactflow.endocrine.steroids import (
    Given,
    first_progesterone,
    given_level,
    growing_by_steroids,
    growth_by_steroids,
)
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.units import DAY_MIN

RUN = Period(0.0, 700.0 * DAY_MIN, 0.0)


def blood(*interventions, pregnant=True):
    """The blood of a mother with these interventions."""
    course = course_of(interventions, RUN, pregnant=pregnant)
    return Blood(Endocrine(), Gland(), course, Streams(1), 0.0)


def given_from_day_1(**amounts):
    """Steroids from the first day on."""
    return EstrogenProgesterone(kind="estrogen_progesterone", start_day=1.0, **amounts)


def level(some, name, day):
    """A level at the beginning of a day."""
    return some[name].level((day - 1.0) * DAY_MIN)


# -- given --------------------------------------------------------------------------------------------------


def test_what_is_given_comes_and_goes_with_its_half_life():
    """By hand: half of it after one half-life, three quarters after two; half of what is there a half-life later."""
    assert given_level(8.0, 10.0, -inf, 10.0) == 4.0
    assert given_level(8.0, 20.0, -10.0, 10.0) == 6.0
    assert given_level(8.0, 20.0, 10.0, 10.0) == 2.0
    assert given_level(8.0, -1.0, -inf, 10.0) == 0.0


def test_what_is_given_twice_adds_up():
    """Two windows of 3 and 4 at once settle at 7, and what ends is forgotten."""
    some = Given((LevelWindow(0.0, 1000.0, 3.0), LevelWindow(0.0, inf, 4.0)), 10.0)
    assert some.level(900.0) == pytest.approx(7.0, rel=1e-12)
    assert some.level(2000.0) == pytest.approx(4.0, rel=1e-12)
    assert (some.next_change(-5.0), some.next_change(0.0), some.next_change(1000.0)) == (0.0, 1000.0, inf)


def test_a_dose_gives_the_level_that_is_declared_for_it():
    """4 mg of estradiol by mouth as the level of 160 pg/mL; progesterone likewise."""
    doses = blood(given_from_day_1(estradiol_mg=4.0, progesterone_mg=400.0), pregnant=False)
    levels = blood(given_from_day_1(estradiol_pg_per_ml=160.0, progesterone_ng_per_ml=10.0), pregnant=False)
    for name in ("estradiol", "progesterone"):
        assert level(doses, name, 30.0) == pytest.approx(level(levels, name, 30.0), rel=1e-12)
    assert level(levels, "progesterone", 60.0) == pytest.approx(10.2, rel=1e-9)


# -- a later pregnancy --------------------------------------------------------------------------------------


def test_a_later_pregnancy_changes_no_bit_before_it_begins():
    """Neither hormones nor what the gland feels of them."""
    usual, later = blood(), blood(PregnancyCourse(kind="pregnancy", start_day=300.0))
    for day in (1.0, 3.5, 40.0, 299.9, 300.0):
        for name in ("progesterone", "estradiol", "placental_lactogen", "prolactin"):
            assert level(usual, name, day) == level(later, name, day)


def test_levels_of_the_second_pregnancy_are_those_of_print():
    """Of the first trimester on day 60; of term at its end; then they fall as after the first."""
    some = blood(PregnancyCourse(kind="pregnancy", start_day=300.0))
    assert 8.0 <= level(some, "progesterone", 360.0) <= 48.0
    assert 188.0 <= level(some, "estradiol", 360.0) <= 2497.0
    assert 1278.0 <= level(some, "estradiol", 440.0) <= 7192.0
    assert 36.0 <= level(some, "prolactin", 384.0) <= 213.0
    for name in ("progesterone", "estradiol", "placental_lactogen"):
        first = blood()[name]
        assert level(some, name, 580.0) == pytest.approx(first.level(0.0), rel=1e-9)
        after = some[name].level(579.0 * DAY_MIN + 720.0)
        assert after == pytest.approx(first.level(720.0), rel=1e-6)


def test_without_a_pregnancy_there_is_no_placenta():
    """Levels without any from the first minute on; a birth that has been is no later steroid."""
    some = blood(pregnant=False)
    endocrine = Endocrine()
    assert level(some, "progesterone", 1.0) == endocrine.progesterone.floor_ng_per_ml
    assert level(some, "placental_lactogen", 1.0) == 0.0
    assert growing_by_steroids(some.context) is None
    assert first_progesterone(some.context) is some["progesterone"]
    assert Course(pregnant=False).placenta() == ()


# -- growth -------------------------------------------------------------------------------------------------


def test_either_steroid_alone_makes_nothing_grow():
    """By hand: at both half effects a quarter of the most."""
    assert growth_by_steroids(0.05, 0.0, 50.0, 200.0, 10.0) == growth_by_steroids(0.05, 500.0, 0.0, 200.0, 10.0) == 0.0
    assert growth_by_steroids(0.04, 200.0, 10.0, 200.0, 10.0) == pytest.approx(0.01, rel=1e-12)


@given(st.floats(0.0, 1e5), st.floats(0.0, 1e3))
def test_growth_stays_below_its_most(estradiol, progesterone):
    """Whatever the levels."""
    assert 0.0 <= growth_by_steroids(0.05, estradiol, progesterone, 200.0, 10.0) <= 0.05
