"""What is left of doses where a drug acts: by hand, and when it changes."""

from __future__ import annotations

from math import inf

import pytest

from lactflow.pharmacology.site import AtSite
from lactflow.units import DAY_MIN


def test_a_dose_comes_with_one_half_life_and_leaves_with_another():
    """By hand: nothing before, half an hour and a half after it, half of it again after four days."""
    site = AtSite([(100.0, 1.0)], 4.0, 1.5)
    assert site.level(99.0) == site.level(100.0) == 0.0
    assert site.level(190.0) == pytest.approx(0.5 * 2.0 ** (-90.0 / (4.0 * DAY_MIN)), rel=1e-12)
    assert site.level(100.0 + 8 * DAY_MIN) == pytest.approx(0.25, rel=1e-6)
    assert site.level(100.0 + 300 * DAY_MIN) == 0.0


def test_doses_add_up_and_each_changes_the_level():
    """Two at once are one of twice the size, in any order."""
    twice, once = AtSite([(0.0, 0.5), (0.0, 0.5)], 4.0, 1.5), AtSite([(0.0, 1.0)], 4.0, 1.5)
    assert twice.level(3000.0) == pytest.approx(once.level(3000.0), rel=1e-12)
    later = AtSite([(500.0, 1.0), (50.0, 1.0)], 4.0, 1.5)
    assert [later.next_change(at) for at in (0.0, 50.0, 500.0)] == [50.0, 500.0, inf]
    assert not later.constant
    assert AtSite([], 4.0, 1.5).constant
