"""The brake of the inhibitor, and the means that slow signals read: over straight lines between looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.gland.brake import Brake
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.inhibitor import Inhibitor
from lactflow.validation.simulated import simulated

LOOKS = st.lists(
    st.tuples(st.one_of(st.just(0.0), st.floats(1e-3, 60.0)), st.floats(0.0, 2.0), st.booleans()),
    min_size=1,
    max_size=12,
)


def brake(*knock_outs, inhibitor=0.5, volume_ml=50.0):
    """Of a lobe that holds half of its capacity."""
    parameters = Inhibitor(half_effect=0.72, steepness=4.0)
    return Brake(parameters, Mechanisms(knock_outs), now=0.0, inhibitor=inhibitor, volume_ml=volume_ml)


def braked(inhibitor):
    """A falling Hill function by hand."""
    return 1.0 / (1.0 + (inhibitor / 0.72) ** 4)


@pytest.mark.parametrize("steepness", [0.5, 1.3, 3.0, 4.0])
def test_a_level_of_a_rounding_below_nothing_is_nothing(steepness):
    """Whatever the steepness: a power of a negative number may not exist."""
    parameters = Inhibitor(half_effect=0.72, steepness=steepness)
    some = Brake(parameters, Mechanisms(()), now=0.0, inhibitor=0.5, volume_ml=50.0)
    assert some.feel(30.0, -1e-17, -1e-17, emptied=True) == 1.0


def test_it_looks_half_an_interval_ahead():
    """While the lumen fills it will rise on as it has; when milk was taken, or has gone, it counts as it is."""
    some = brake()
    assert some.feel(30.0, 0.6, 60.0, emptied=False) == pytest.approx(braked(0.65), rel=1e-12)
    assert some.feel(60.0, 0.8, 80.0, emptied=True) == pytest.approx(braked(0.8), rel=1e-12)
    assert some.feel(90.0, 0.3, 30.0, emptied=False) == pytest.approx(braked(0.3), rel=1e-12)
    assert some.feel(90.0, 0.3, 30.0, emptied=False) == pytest.approx(braked(0.3), rel=1e-12)


def test_without_an_inhibitor_there_is_no_brake():
    """But means are kept all the same: cells feel fullness in other ways too."""
    some = brake("feedback_inhibitor")
    assert some.feel(30.0, 1.9, 190.0, emptied=False) == 1.0
    assert some.means() == pytest.approx((1.2, 120.0), rel=1e-12)


def test_means_are_those_of_straight_lines():
    """By hand: up for an hour, down at a feed, up again; then the next means begin."""
    some = brake(inhibitor=0.4, volume_ml=40.0)
    some.feel(60.0, 0.8, 80.0, emptied=False)
    some.feel(70.0, 0.2, 20.0, emptied=True)
    some.feel(130.0, 0.6, 60.0, emptied=False)
    area = 60.0 * 0.6 + 10.0 * 0.5 + 60.0 * 0.4
    assert some.means() == pytest.approx((area / 130.0, 100.0 * area / 130.0), rel=1e-12)
    assert some.means() == (0.6, 60.0)  # no time has passed since
    some.feel(160.0, 1.0, 100.0, emptied=False)
    assert some.means() == pytest.approx((0.8, 80.0), rel=1e-12)


@given(LOOKS)
def test_how_often_it_looks_matters_little(looks):
    """A look in the middle of a straight line changes no mean; the brake is between 0 and 1, means between extremes."""
    plain, often = brake(), brake()
    now, before = 0.0, 0.5
    seen = [before]
    for elapsed_min, inhibitor, emptied in looks:
        middle = 0.5 * (before + inhibitor)
        often.feel(now + 0.5 * elapsed_min, middle, 100.0 * middle, emptied=emptied)
        now += elapsed_min
        for some in (plain, often):
            assert 0.0 < some.feel(now, inhibitor, 100.0 * inhibitor, emptied=emptied) <= 1.0
        before = inhibitor
        seen.append(before)
    mean, volume_ml = plain.means()
    assert often.means() == pytest.approx((mean, volume_ml), rel=1e-9, abs=1e-9)
    assert min(seen) - 1e-9 <= mean <= max(seen) + 1e-9


@pytest.mark.parametrize(("share", "felt"), [(0.0, "inhibitor"), (1.0, "fullness")])
def test_what_cells_feel_can_be_inhibitor_or_pressure(share, felt):
    """A gland that fills from birth on holds more inhibitor than fullness: the rate of fusion tells which acts."""
    lobes = simulated(
        {
            "start_day": 1,
            "days": 2.5,
            "infants": [],
            "schedule": [],
            "gland": {"inhibitor": {"pressure_share": share}, "checkpoint_min": 5.0},
        }
    ).lobes
    lobes = lobes[lobes["time_min"] > 2160.0]
    assert (lobes["inhibitor"] > 1.5 * lobes["fullness"]).all()
    expected = [braked(signal) for signal in lobes[felt]]
    assert lobes["fusion_rate_fraction"].tolist() == pytest.approx(expected, rel=0.03)
