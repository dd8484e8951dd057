"""Pregnancies and births beside the first one: what they set going, and when it declines."""

from __future__ import annotations

from math import exp, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.endocrine.births import Births, Pregnancy, gestation_share, left_since, next_of
from lactflow.endocrine.prolactin import Prolactin, declined
from lactflow.endocrine.signal import Steps
from lactflow.parameters.prolactin import ProlactinParameters
from lactflow.units import DAY_MIN

SECOND = Pregnancy(300.0 * DAY_MIN, 580.0 * DAY_MIN)
PARAMETERS = ProlactinParameters()


def test_hormones_rise_from_nothing_to_the_level_of_term():
    """By hand: half way through, a power of 2 gives a quarter; nothing before, no more than all after."""
    assert gestation_share(0.0, 2.0) == gestation_share(-5.0, 1.3) == 0.0
    assert gestation_share(140.0, 2.0) == 0.25
    assert gestation_share(280.0, 1.7) == gestation_share(300.0, 1.7) == 1.0


@given(st.floats(-300.0, 3000.0), st.floats(1.0, 200.0))
def test_one_birth_is_the_reference_to_the_bit(day, decay_days):
    """Until a later pregnancy ends, what declines from birth on is what it is in every other run."""
    births = Births(pregnant=True, later=(Pregnancy(2999.0 * DAY_MIN, 3001.0 * DAY_MIN),), power=1.2)
    assert left_since(day * DAY_MIN, decay_days) == declined(day * DAY_MIN, decay_days)
    assert births.left(day * DAY_MIN, decay_days) == declined(day * DAY_MIN, decay_days)


def test_a_birth_at_term_begins_anew():
    """All of it is there again, and declines from then on."""
    births = Births(pregnant=True, later=(SECOND,), power=1.2)
    assert births.left(SECOND.end_min - 1.0, 21.0) == pytest.approx(exp(-580.0 / 21.0), rel=1e-3)
    assert births.left(SECOND.end_min, 21.0) == 1.0
    assert births.left(SECOND.end_min + 21.0 * DAY_MIN, 21.0) == pytest.approx(exp(-1.0), rel=1e-12)


def test_what_a_pregnancy_builds_up_has_no_jump_at_its_end():
    """Half of it at half of it, by a power of 1; all of it right before and right after."""
    births = Births(pregnant=True, later=(SECOND,), power=1.0)
    assert births.of_pregnancy(440.0 * DAY_MIN, 5.0) == 0.5
    assert births.of_pregnancy(SECOND.end_min - 1.0, 5.0) == pytest.approx(1.0, abs=1e-5)
    assert births.of_pregnancy(SECOND.end_min, 5.0) == 1.0


def test_a_pregnancy_that_ends_early_has_set_going_what_it_had_reached():
    """A quarter of the way, a quarter."""
    early = Births(pregnant=True, later=(Pregnancy(300.0 * DAY_MIN, 370.0 * DAY_MIN),), power=1.0)
    assert early.left(370.0 * DAY_MIN, 21.0) == 0.25
    assert early.left(391.0 * DAY_MIN, 21.0) == pytest.approx(0.25 * exp(-1.0), rel=1e-12)


def test_without_a_pregnancy_nothing_declines():
    """There is nothing to; with one in the run, there is."""
    assert Births(pregnant=False, later=(), power=1.2).left(0.0, 21.0) == 0.0
    assert Births(pregnant=False, later=(SECOND,), power=1.2).left(SECOND.end_min, 21.0) == 1.0


def test_the_next_change_is_a_beginning_or_an_end():
    """In order; none after the last."""
    times, now = [], 0.0
    while (now := next_of((SECOND, Pregnancy(700.0 * DAY_MIN, 980.0 * DAY_MIN)), now)) < inf:
        times.append(now / DAY_MIN)
    assert times == [300.0, 580.0, 700.0, 980.0]


# -- prolactin ----------------------------------------------------------------------------------------------


def suckled(births, time_min, bouts=40):
    """Prolactin after bouts every three hours that end at a time: level right before the last, and at its peak."""
    prolactin = Prolactin(PARAMETERS, Steps(1.0), time_min - bouts * 180.0, births)
    for bout in range(bouts):
        at_min = time_min - (bouts - bout) * 180.0
        prolactin.begin_bout(at_min)
        prolactin.end_bout(at_min + 15.0)
    return prolactin.level(time_min), prolactin.level(time_min - 180.0 + 45.0)


def test_without_a_pregnancy_prolactin_is_low_and_answers_less():
    """The level of a woman who does not lactate; suckling raises it, by less than after a birth."""
    never = Births(pregnant=False, later=(), power=1.2)
    assert Prolactin(PARAMETERS, Steps(1.0), 0.0, never).level(0.0) == PARAMETERS.nonlactating_ng_per_ml
    low, high = suckled(never, 30.0 * DAY_MIN)
    usual_low, usual_high = suckled(None, 30.0 * DAY_MIN)
    assert PARAMETERS.nonlactating_ng_per_ml < low < high
    assert low < usual_low
    assert high - low < usual_high - usual_low


def test_a_later_pregnancy_brings_prolactin_back_to_its_level_of_term():
    """Seldom suckled, it has fallen; at the second birth there is as much as at the first."""
    prolactin = Prolactin(PARAMETERS, Steps(1.0), 0.0, Births(pregnant=True, later=(SECOND,), power=1.2))
    assert prolactin.level(SECOND.begin_min) == pytest.approx(PARAMETERS.nonlactating_ng_per_ml, rel=1e-6)
    at_term = PARAMETERS.nonlactating_ng_per_ml + PARAMETERS.term_ng_per_ml
    assert prolactin.level(SECOND.end_min) == pytest.approx(at_term, rel=1e-9)
    assert prolactin.next_change(SECOND.begin_min) == SECOND.end_min
