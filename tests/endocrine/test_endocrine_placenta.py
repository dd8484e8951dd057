"""Hormones of the placenta: high to the end, then cleared, with a fragment later."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.endocrine.placenta import PlacentalHormone, PlacentaPart
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.placenta import Decline

DAY_MIN = 1440.0
PROGESTERONE = Endocrine().progesterone.decline()


def test_progesterone_collapses():
    """Term level before birth; a fifth after an hour, a tenth after a day, below the luteal level on day 3 (C04)."""
    hormone = PlacentalHormone(PROGESTERONE)
    assert hormone.level(-20 * DAY_MIN) == hormone.level(0.0) == 150.0
    assert hormone.level(60.0) == pytest.approx(32.3, abs=0.5)
    assert hormone.level(DAY_MIN) == pytest.approx(16.7, abs=0.2)
    assert hormone.level(3 * DAY_MIN) == pytest.approx(4.3, abs=0.1)
    assert hormone.level(60 * DAY_MIN) == pytest.approx(PROGESTERONE.floor, rel=1e-9)


def test_each_half_life_is_one():
    """With all in one phase, half is left after a half-life."""
    hormone = PlacentalHormone(Decline(10.0, 0.0, 1.0, 7.0, 99.0))
    assert hormone.level(7.0) == pytest.approx(5.0, rel=1e-12)
    assert hormone.level(21.0) == pytest.approx(1.25, rel=1e-12)


def test_placental_lactogen_is_gone_after_a_day():
    """Undetectable on the first day."""
    assert PlacentalHormone(Endocrine().placental_lactogen.decline()).level(DAY_MIN) < 1e-9


def test_retained_fragment_keeps_its_share_until_it_is_out():
    """A fragment of a third holds a third of the level; when it is out, that falls as the rest did."""
    whole = PlacentalHormone(PROGESTERONE)
    parts = (PlacentaPart(0.65, 0.0), PlacentaPart(0.35, 16 * DAY_MIN))
    retained = PlacentalHormone(PROGESTERONE, parts)
    assert retained.level(10 * DAY_MIN) == pytest.approx(0.35 * 150.0, rel=0.01)
    later = retained.level(16 * DAY_MIN + 60.0) - PROGESTERONE.floor
    assert later == pytest.approx(0.35 * (whole.level(60.0) - PROGESTERONE.floor), rel=0.01)
    assert (retained.next_change(-1.0), retained.next_change(0.0)) == (0.0, 16 * DAY_MIN)
    assert retained.next_change(16 * DAY_MIN) == inf


@given(earlier=st.floats(0.0, 1e5), later=st.floats(0.0, 1e5))
def test_never_rises_after_birth(earlier, later):
    """Nothing makes it any more."""
    earlier, later = sorted((earlier, later))
    hormone = PlacentalHormone(PROGESTERONE)
    assert PROGESTERONE.floor <= hormone.level(later) <= hormone.level(earlier) <= PROGESTERONE.term
