"""Block feeding: all feeds of some hours at one breast, those of the next hours at the other one."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from lactflow.dyad.schedule import Period, Plan, SchedulePhase
from lactflow.records import Removal

PHASE = TypeAdapter(SchedulePhase)
COARSE = {"gland": {"lobes_per_breast": 3}, "resolution": {"packet_ml": 0.3}}


def test_feeds_of_a_block_are_at_one_breast():
    """Four-hourly feeds in blocks of eight hours, from the start of the phase on: two left, two right."""
    phase = {"kind": "every", "hours": 4, "side": "alternate", "block_hours": 8.0, "from_day": 1.5}
    plan = Plan([PHASE.validate_python(phase)], 1.0, 1.5, "00:00", logs={})
    assert [(each.planned_min / 60.0, each.sides) for each in plan.sessions()] == [
        (12.0 + 4.0 * number, ((side, None),))
        for number, side in enumerate(["left", "left", "right", "right", "left", "left"])
    ]


@pytest.mark.parametrize("kind", [{"kind": "on_demand"}, {"kind": "wean", "days": 9.0}, {"kind": "none"}])
def test_calls_are_answered_at_the_breast_of_the_block(kind):
    """Blocks of six hours from 100 min on; a block begins at its very first minute, but for round-off."""
    phase = PHASE.validate_python({**kind, "side": "alternate", "block_hours": 6.0})
    period = Period(100.0, 1e6, 0.0)
    for time_min, side in (
        (100.0, "left"),
        (459.0, "left"),
        (460.0 - 1e-9, "right"),
        (460.0, "right"),
        (821.0, "left"),
    ):
        assert phase.side_at(time_min, period) == side


@pytest.mark.parametrize(
    ("phase", "message"),
    [
        ({"block_hours": 4.0}, "block_hours needs side: alternate, and side is both"),
        ({"side": "left", "block_hours": 4.0}, "block_hours needs side: alternate, and side is left"),
        ({"side": "alternate", "block_hours": 0.0}, "greater than 0"),
    ],
)
def test_blocks_are_of_breasts_that_take_turns(phase, message):
    """Hours of a block are above 0, and need breasts that take turns."""
    with pytest.raises(ValidationError, match=message):
        PHASE.validate_python({"kind": "on_demand", **phase})


def test_a_pump_has_no_blocks():
    """It takes its breasts at once."""
    with pytest.raises(ValidationError):
        PHASE.validate_python({"kind": "pump", "per_day": 8, "side": "alternate", "block_hours": 4.0})


def test_block_feeding_on_demand(play):
    """Two days in blocks of twelve hours: every feed is at the breast of its block, and both breasts are fed from."""
    schedule = ({"kind": "on_demand", "side": "alternate", "block_hours": 12.0},)
    removals = play(start_day=30.0, days=2.0, schedule=schedule, **COARSE).table(Removal)
    blocks = (removals["start_min"] - 29 * 1440.0) // 720.0
    near_the_end = (removals["start_min"] - 29 * 1440.0) % 720.0 < 15.0  # asked for just before the block was over
    expected = blocks.map(lambda block: "left" if block % 2 == 0 else "right")
    assert (removals["breast"] == expected)[~near_the_end].all()
    assert set(removals["breast"]) == {"left", "right"}
