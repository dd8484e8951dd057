"""Stress of the RER: unfolded protein, both arms of the response, and what is felt of them."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import FED, emitted, step

from lactflow.gland.cell.stress import UnfoldedProteinResponse
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.gland import Gland
from lactflow.parameters.unfolded_protein_response import UnfoldedProteinParameters
from lactflow.units import HOUR_MIN


def stress(*knock_outs, **parameters):
    """Of an RER that has not been stressed."""
    own = UnfoldedProteinParameters(**parameters)
    return UnfoldedProteinResponse(Gland(unfolded_protein_response=own), Mechanisms(knock_outs), FED)


def slowed(some):
    """Its factor on translation."""
    return emitted(some).translation


def test_unfolded_protein_is_what_is_above_the_threshold():
    """0 up to three quarters, 1 when all places are taken; more counts as that."""
    some = stress(threshold=0.75)
    for occupied, unfolded in ((0.0, 0.0), (0.75, 0.0), (0.8, 0.2), (0.875, 0.5), (1.0, 1.0), (1.7, 1.0)):
        step(some, 1.0, backlog=occupied)
        assert some.unfolded_protein == pytest.approx(unfolded, rel=1e-9, abs=1e-12)


@given(st.floats(1.0, 3000.0), st.integers(2, 9), st.floats(0.0, 1.0))
def test_both_arms_relax_exactly(elapsed_min, parts, occupied):
    """Adaptive and terminal arms reach the backlog by their own time constants, in one step as in many."""
    whole, split = (stress(adaptive_h=2.0, terminal_h=30.0, threshold=0.75) for _ in range(2))
    step(whole, elapsed_min, backlog=occupied)
    for _ in range(parts):
        step(split, elapsed_min / parts, backlog=occupied)
    unfolded = max(0.0, (occupied - 0.75) / 0.25)
    for arm, hours in (("adaptive", 2.0), ("terminal", 30.0)):
        by_hand = unfolded * (1.0 - exp(-elapsed_min / (hours * HOUR_MIN)))
        assert getattr(whole, arm) == pytest.approx(by_hand, rel=1e-9, abs=1e-12)
        assert getattr(split, arm) == pytest.approx(by_hand, rel=1e-9, abs=1e-12)


def test_translation_is_attenuated_and_recovers():
    """Within hours by the adaptive arm; while stress lasts most of that is undone; after it, nothing is left."""
    some = stress(adaptive_h=2.0, recovery_h=6.0, recovery_share=0.8, attenuation=2.0)
    assert slowed(some) == 1.0
    course = []
    for _ in range(48):
        step(some, HOUR_MIN, backlog=1.0)
        assert slowed(some) == pytest.approx(1.0 / (1.0 + 2.0 * (some.adaptive - some.recovery)), rel=1e-12)
        course.append(slowed(some))
    lowest_h = course.index(min(course)) + 1
    assert 2 <= lowest_h <= 6
    assert min(course) < 0.55
    assert course[-1] == pytest.approx(1.0 / (1.0 + 2.0 * 0.2), rel=0.01)
    for _ in range(72):
        step(some, HOUR_MIN, backlog=0.5)
        assert slowed(some) <= 1.0
    assert slowed(some) == pytest.approx(1.0, abs=1e-3)


def test_the_terminal_arm_needs_stress_that_lasts():
    """Six hours leave it low, three days do not; a feed now and then keeps it down."""
    brief, lasting, fed = stress(), stress(), stress()
    for hour in range(72):
        if hour < 6:
            step(brief, HOUR_MIN, backlog=1.0)
        step(lasting, HOUR_MIN, backlog=1.0)
        step(fed, HOUR_MIN, backlog=1.0 if hour % 3 == 2 else 0.4)
    assert brief.terminal < 0.25
    assert lasting.terminal > 0.85
    assert fed.terminal < 0.45


def test_without_the_response_stress_is_there_and_felt_by_nobody():
    """Unfolded protein is recorded, no arm moves."""
    some = stress("unfolded_protein_response")
    for _ in range(48):
        step(some, HOUR_MIN, backlog=1.0)
    assert some.unfolded_protein == 1.0
    assert (some.adaptive, some.recovery, some.terminal, slowed(some)) == (0.0, 0.0, 0.0, 1.0)
