"""What scenarios of one past may differ in, and from which day on they do."""

from __future__ import annotations

from math import inf

import pytest

from lactflow.config.branches import earlier_differences, parting_day
from lactflow.config.model import RunConfig

EVERY_3_H = {"kind": "every", "hours": 3.0}
EVERY_4_H = {"kind": "every", "hours": 4.0, "from_day": 40.0}
PUMP = {"kind": "pump", "times": ("11:00",), "from_day": 45.0}
ONCE = {"kind": "once", "sessions": ({"day": 43.0, "what": "pump"}, {"day": 42.5, "what": "bottle"})}
STRESS = {"kind": "stress", "start_day": 41.0}


def config(*phases, **more):
    return RunConfig.model_validate({"format": 1, "start_day": 30.0, "days": 20.0, "schedule": phases, **more})


@pytest.mark.parametrize(
    ("first", "second", "day"),
    [
        ((EVERY_3_H,), (EVERY_3_H,), inf),
        ((EVERY_3_H,), (EVERY_3_H, EVERY_4_H), 40.0),
        ((EVERY_3_H, PUMP), (EVERY_3_H, EVERY_4_H), 40.0),
        ((EVERY_3_H, PUMP), (EVERY_3_H,), 45.0),
        ((EVERY_3_H, ONCE), (EVERY_3_H,), 42.5),
        ((EVERY_3_H, PUMP), (EVERY_3_H, PUMP, ONCE), 42.5),
        (({"kind": "on_demand"},), (EVERY_3_H,), 30.0),
    ],
)
def test_schedules_part_where_the_first_phase_begins_that_is_not_shared(first, second, day):
    """Whichever of both it is in."""
    assert parting_day([config(*first), config(*second)]) == day
    assert parting_day([config(*second), config(*first)]) == day


def test_three_schedules_part_at_the_first_parting():
    """The earliest of all."""
    assert parting_day([config(EVERY_3_H), config(EVERY_3_H, PUMP), config(EVERY_3_H, EVERY_4_H)]) == 40.0


@pytest.mark.parametrize("more", [{"seed": 2}, {"gland": {"lobes_per_breast": 3}}, {"interventions": (STRESS,)}])
def test_scenarios_that_differ_in_more_have_no_past_in_common(more):
    """Names and titles do not count."""
    assert parting_day([config(EVERY_3_H), config(EVERY_3_H, EVERY_4_H, **more)]) is None
    assert parting_day([config(EVERY_3_H), config(EVERY_3_H, EVERY_4_H, name="other", title="Another")]) == 40.0


def test_what_begins_later_may_differ():
    """Phases and interventions from the day on, and what acts on nothing."""
    future = config(EVERY_3_H, EVERY_4_H, ONCE, interventions=(STRESS,), name="other", days=30.0, replicates=4)
    assert earlier_differences(config(EVERY_3_H), future, 40.0) == []


@pytest.mark.parametrize(
    ("future", "key", "text"),
    [
        (config(EVERY_3_H, seed=2), "seed", "is 2, but 1 before: it acts from the start"),
        (
            config(EVERY_3_H, gland={"lumen": {"capacity_ml": 100.0}}),
            "gland.lumen.capacity_ml",
            "it acts from the start (allowed to differ: schedule and interventions from day 42 on)",
        ),
        (
            config(EVERY_3_H, EVERY_4_H),
            "schedule.1",
            "is every from day 40, but nothing before: it acts before day 42 (allowed to differ: what begins on day",
        ),
        (config({"kind": "on_demand"}), "schedule.0", "is on_demand from the start, but every from the start"),
        (config(EVERY_3_H, interventions=(STRESS,)), "interventions.0", "is stress from day 41, but nothing before"),
        (config(EVERY_3_H, infants=({"birth_weight_kg": 3.0},)), "infants.0.birth_weight_kg", "is 3"),
    ],
)
def test_a_key_that_acts_earlier_is_named(future, key, text):
    """With both values, and what may differ."""
    (problem,) = earlier_differences(config(EVERY_3_H), future, 42.0)
    assert problem.key == key
    assert text in problem.message
