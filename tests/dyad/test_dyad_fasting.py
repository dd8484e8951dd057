"""A fast of the mother, in hours: what it leaves of her supply, and what that does to her milk."""

from __future__ import annotations

from math import exp, inf

import pytest
from pydantic import TypeAdapter, ValidationError

from lactflow.config.model import RunConfig
from lactflow.config.oddities import oddities
from lactflow.dyad.interventions import AnyIntervention, course_of
from lactflow.dyad.schedule.times import Period
from lactflow.endocrine.course import Course
from lactflow.endocrine.signal import LevelWindow
from lactflow.endocrine.substrate import substrate_in
from lactflow.parameters.fasting import FastingParameters
from lactflow.units import DAY_MIN
from lactflow.validation.runs import pumped
from lactflow.validation.simulated import merged, simulated

INTERVENTION = TypeAdapter(AnyIntervention)
BY_HAND = FastingParameters(reserve_h=10.0, decline_h=20.0, least_share=0.5)


def supply(*interventions, birth_clock_min=0.0):
    """Her supply over time."""
    run = Period(0.0, 60.0 * DAY_MIN, birth_clock_min)
    return substrate_in(course_of([INTERVENTION.validate_python(each) for each in interventions], run), BY_HAND)


def test_stores_last_for_hours_and_then_the_supply_falls():
    """By hand: all of it for ten hours, then halfway to a half with a time constant of twenty; fed again, all of it."""
    some = supply({"kind": "fasting", "start_day": 3.0, "hours": 40.0})
    began = 2.0 * DAY_MIN
    assert [some.level(began + 60.0 * hours) for hours in (-1.0, 0.0, 10.0)] == [1.0, 1.0, 1.0]
    assert some.level(began + 60.0 * 30.0) == pytest.approx(0.5 + 0.5 * exp(-1.0), rel=1e-12)
    assert some.level(began + 60.0 * 40.0) == 1.0
    assert some.next_change(0.0) == began
    assert some.next_change(began) == began + 2400.0
    assert some.next_change(began + 2400.0) == inf


def test_a_fast_begins_at_a_clock_time():
    """Born at noon, the first 18:00 of day 3 is six hours after its start."""
    fast = INTERVENTION.validate_python({"kind": "fasting", "start_day": 3.0, "start_time": "18:00", "hours": 25.0})
    assert fast.span(720.0) == (2.0 * DAY_MIN + 360.0, 2.0 * DAY_MIN + 360.0 + 1500.0)
    assert [(change.time_min, change.action) for change in course_of([fast], Period(0.0, inf, 720.0)).changes] == [
        (3240.0, "start"), (4740.0, "end"),
    ]  # fmt: skip


def test_a_fast_is_on_top_of_what_else_is_said_of_her_supply():
    """The two multiply."""
    some = supply(
        {"kind": "fasting", "start_day": 1.0, "hours": 240.0},
        {"kind": "blood_substrate", "start_day": 1.0, "level": 0.8},
    )
    assert some.level(60.0 * 30.0) == pytest.approx(0.8 * (0.5 + 0.5 * exp(-1.0)), rel=1e-12)


def test_without_a_fast_nothing_is_added():
    """The supply is what interventions say, to the bit."""
    course = Course()
    course.hold("substrate", LevelWindow(0.0, 10.0, 0.7))
    assert substrate_in(course, BY_HAND).level(5.0) == 0.7
    assert substrate_in(Course(), BY_HAND).constant


@pytest.mark.parametrize("wrong", [{}, {"hours": 0.0}, {"hours": 300.0}, {"hours": 20.0, "end_day": 4.0}])
def test_a_fast_needs_its_hours_and_no_end(wrong):
    """More than ten days are refused."""
    with pytest.raises(ValidationError):
        INTERVENTION.validate_python({"kind": "fasting", "start_day": 3.0, **wrong})


def test_a_fast_that_nobody_has_measured_draws_a_warning():
    """Beyond 42 h."""
    for hours, lines in ((42.0, 0), (43.0, 1)):
        config = RunConfig.model_validate(
            {
                "format": 1, "schedule": ({"kind": "on_demand"},),
                "interventions": ({"kind": "fasting", "start_day": 31.0, "hours": hours},),
            }
        )  # fmt: skip
        assert len([line for line in oddities(config, {}) if "beyond what has been measured" in line]) == lines


@pytest.mark.slow
def test_a_day_costs_nothing_and_42_hours_cost_a_sixth():
    """Within 1 % over a day (Allegaert 2020); 12 to 20 % after 42 h (Mohammad 2009), protein up and lactose down."""
    times = [f"{hour:02d}:00" for hour in range(0, 24, 3)]
    fed = simulated(pumped(times, start_day=60, days=3))
    fast = {"interventions": [{"kind": "fasting", "start_day": 61.0, "hours": 42.0}]}
    hungry = simulated(merged(pumped(times, start_day=60, days=3), fast))
    day, last = (61.0, 62.0), (61.0 + 38.0 / 24.0, 61.0 + 42.0 / 24.0)
    assert hungry.made_ml_per_day(*day) / fed.made_ml_per_day(*day) == pytest.approx(1.0, abs=0.01)
    assert 0.80 < hungry.made_ml_per_day(*last) / fed.made_ml_per_day(*last) < 0.88
    for column, up in (("protein_g_per_l", True), ("lactose_g_per_l", False)):
        ratio = hungry.concentration(column, *last) / fed.concentration(column, *last)
        assert (1.0 < ratio < 1.1) if up else (0.95 < ratio < 1.0)
