"""Pumping when a breast is full enough: by hand where breasts fill evenly, and on the gland to a stated tolerance."""

from __future__ import annotations

from itertools import pairwise

import pytest
from made_up_day import Day, PunctualInfant
from pydantic import TypeAdapter, ValidationError

from lactflow.config.model import RunConfig
from lactflow.dyad.schedule import SchedulePhase
from lactflow.dyad.schedule.responsive import EARLY_MIN
from lactflow.dyad.session import Sessions
from lactflow.records import BreastSample, MemoryRecorder, Removal, Session
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN

PUMP = {"kind": "responsive", "fullness": 0.7, "min_interval_h": 2.0, "minutes": 15.0}
"""At 10 mL/h, a breast of 100 mL passes 0.7 seven hours after it was emptied."""


def sessions(*phases, **about):
    """What takes place within a day."""
    return Day(*phases, **about).over()


def check(took, *expected):
    """Sides, and times: each session begins at most `EARLY_MIN` early, and so do all that follow from it."""
    assert [each.sides for each in took] == [sides for _, sides in expected]
    for number, (each, (time_min, _)) in enumerate(zip(took, expected, strict=True), start=1):
        assert time_min - number * EARLY_MIN <= each.start_min <= time_min + 1e-6


def test_she_pumps_both_when_the_fuller_passes():
    """The right one fills half as fast and does not matter; empty 15 min after the start, full 7 h later."""
    took = sessions(PUMP, sides={"left": {}, "right": {"ml_per_h": 5.0}})
    check(took, (420.0, "left+right"), (855.0, "left+right"), (1290.0, "left+right"))
    assert {each.kind for each in took} == {"pump"}


def test_a_named_breast_is_the_only_one_that_counts():
    """The other one is twice as full, and is left alone."""
    took = sessions({**PUMP, "side": "left"}, days=0.5, sides={"left": {}, "right": {"ml_per_h": 20.0}})
    check(took, (420.0, "left"))


def test_the_fuller_one_may_be_pumped_alone():
    """Right passes after 3.5 h and 15 min plus 3.5 h later; left after 7 h."""
    took = sessions({**PUMP, "side": "fuller"}, days=0.32, sides={"left": {}, "right": {"ml_per_h": 20.0}})
    check(took, (210.0, "right"), (420.0, "left"), (435.1, "right"))


def test_only_the_fuller_one_of_two_that_are_due_is_pumped():
    """Both are full when the phase begins; the left one, less so, has its turn when the right one is over."""
    sides = {"left": {}, "right": {"ml_per_h": 12.0}}
    took = sessions({**PUMP, "side": "fuller", "from_day": 1.5}, days=0.52, sides=sides)
    assert took == [(720.0, "pump", "right", 0), (735.0, "pump", "left", 0)]


def test_the_least_interval_counts_from_the_start_at_that_breast():
    """0.1 is passed after an hour; from then on every two hours to the second, not 15 min later."""
    took = sessions({**PUMP, "fullness": 0.1}, days=0.3)
    check(took, (60.0, "left+right"), (180.0, "left+right"), (300.0, "left+right"), (420.0, "left+right"))
    assert [b.start_min - a.start_min for a, b in pairwise(took)] == pytest.approx([120.0] * 3)


@pytest.mark.parametrize(("side", "then_min"), [("left", 220.0), ("both", 180.0)])
def test_any_remover_counts(side, then_min):
    """A feed at the left breast at 100 puts that one off until 220; the right one has rested since 60."""
    feed = {"kind": "clock", "times": ("01:40",), "side": "left"}
    took = sessions(feed, {**PUMP, "fullness": 0.1, "side": side}, days=0.16, infants=[PunctualInfant(0)])
    assert [(each.kind, each.start_min) for each in took[1:]] == [
        ("feed", 100.0),
        ("pump", pytest.approx(then_min, abs=0.2)),
    ]


def test_she_does_not_pump_beside_a_session():
    """A feed at the left breast from 415 to 425: the right one, full at 420, waits; both are pumped."""
    feed = {"kind": "clock", "times": ("06:55",), "side": "left"}
    took = sessions(feed, PUMP, days=0.4, infants=[PunctualInfant(0)])
    assert took == [(415.0, "feed", "left", 0), (425.0, "pump", "left+right", 0)]


def test_a_breast_that_was_emptied_before_it_was_full_is_left_alone():
    """Fed from 415 to 425, both begin anew."""
    took = sessions({"kind": "clock", "times": ("06:55",)}, PUMP, days=0.7, infants=[PunctualInfant(0)])
    check(took, (415.0, "left+right"), (845.0, "left+right"))


def test_she_does_not_pump_when_somebody_else_is_next():
    """A hand waits from 420 on while the infant is fed, and empties both breasts by 437."""
    feed, hand = {"kind": "clock", "times": ("06:55",), "side": "left"}, {"kind": "hand", "times": ("07:00",)}
    took = sessions(feed, {**hand, "minutes": 12.0}, PUMP, days=0.65, infants=[PunctualInfant(0)])
    check(took, (415.0, "left"), (425.0, "left+right"), (857.0, "left+right"))


def test_she_pumps_when_what_was_next_does_not_take_place():
    """The left breast is sealed from 420 on, so its pumping is dropped when the feed is over; the right one is full."""
    pump = {"kind": "pump", "times": ("07:00",), "side": "left", "minutes": 5.0}
    feed = {"kind": "clock", "times": ("06:55",), "side": "left"}
    seal = {"left": (420.0, 1e9)}
    took = sessions(feed, pump, {**PUMP, "side": "right"}, days=0.5, sealed=seal, infants=[PunctualInfant(0)])
    assert took == [(415.0, "feed", "left", 0), (425.0, "pump", "right", 0)]


def test_a_night_gap_puts_it_off():
    """Born at 20:00, full at 03:00: pumped at 06:00 sharp."""
    night = {"from": "22:00", "to": "06:00"}
    took = sessions({**PUMP, "night_gap": night}, birth_clock="20:00", days=0.5)
    assert [each.start_min for each in took] == pytest.approx([600.0], abs=1e-3)


def test_missed_hours_put_it_off():
    """Until 09:00 of the first day; the second day is missed whole."""
    miss = ({"days": (1,), "to": "09:00"}, {"days": (2,)})
    took = sessions({**PUMP, "miss": miss, "min_interval_h": 12.0}, days=3.0)
    assert [each.start_min for each in took] == pytest.approx([540.0, 1260.0, 2880.0, 3600.0, 4320.0][:4], abs=1e-3)


def test_it_begins_with_its_day():
    """Full by then: at once."""
    took = sessions({**PUMP, "from_day": 1.5}, days=0.6)
    assert took == [(720.0, "pump", "left+right", 0)]


@pytest.mark.parametrize(("ml_per_h", "time_min"), [(20.0, 310.0), (5.0, 640.0), (0.0, None)])
def test_a_change_of_rate_is_noticed(ml_per_h, time_min):
    """33.3 mL at 200 min; the other 36.7 mL take 110 or 440 min, or never come."""
    day = Day({**PUMP, "side": "left", "min_interval_h": 12.0}, days=0.5)
    took = day.at(200.0, lambda: day.breasts[0].change_rate(ml_per_h)).over()
    check(took, *([] if time_min is None else [(time_min, "left")]))


def test_what_never_fills_is_neither_pumped_nor_watched():
    """It stays at 0.6 from 360 min on: a few looks until then, and none for the rest of ten days."""
    day = Day(PUMP, days=10.0, limit_ml=60.0)
    assert day.over() == []
    assert all(breast.asked <= 5 for breast in day.breasts)


def test_a_sealed_breast_is_pumped_when_the_seal_is_off():
    """At 600; where it stays on nobody comes, and nobody looks again and again."""
    took = sessions({**PUMP, "side": "left"}, days=0.5, sealed={"left": (0.0, 600.0)})
    assert took == [(600.0, "pump", "left", 0)]
    day = Day(PUMP, days=10.0, sealed={"left": (0.0, 1e9), "right": (0.0, 1e9)})
    assert day.over() == []
    assert all(breast.asked <= 20 for breast in day.breasts)


def test_one_sealed_breast_leaves_the_other():
    """It is pumped alone."""
    check(sessions(PUMP, days=0.5, sealed={"left": (0.0, 1e9)}), (420.0, "right"))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"fullness": 0.0}, "greater than or equal to 0.05"),
        ({"fullness": 1.1}, "less than or equal to 1"),
        ({"minutes": 0.9}, "greater than or equal to 1 "),
        ({"minutes": 121.0}, "less than or equal to 120 "),
        ({"side": "alternate"}, "'both', 'left', 'right' or 'fuller'"),
        ({"minutes": 40.0, "min_interval_h": 0.5}, "a session of 40 min does not end within min_interval_h = 0.5 h"),
        ({"times": ("06:00",)}, "Extra inputs"),
    ],
)
def test_what_cannot_be_kept_is_refused(keys, words):
    """With what is wrong."""
    with pytest.raises(ValidationError, match=words):
        TypeAdapter(SchedulePhase).validate_python({**PUMP, **keys})


# -- on the gland -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pumped(play):
    """Two days of pumping at half of the capacity; packets of 0.5 mL, a sample a minute."""
    phase = {"kind": "responsive", "fullness": 0.5, "min_interval_h": 0.5, "minutes": 12.0}
    return play(
        visits=False, days=2.0, infants=(), schedule=(phase,), gland={"lobes_per_breast": 2},
        resolution={"packet_ml": 0.5}, record={"sample_min": 1.0},
    )  # fmt: skip


def test_sessions_begin_at_their_fullness(pumped):
    """The fuller breast is within 0.01 of it, a few packets; with packets of 0.1 mL it is 0.002."""
    removals = pumped.table(Removal)
    fuller = removals.groupby("session").fullness_start.max()
    assert len(fuller) > 10
    assert fuller.between(0.499, 0.51).all()
    assert set(removals.kind) == {"pump"}


def test_sessions_begin_when_it_is_passed(pumped):
    """Within five minutes of the first sample at which a breast is as full, and no sample is fuller in between."""
    samples, took = pumped.table(BreastSample), pumped.table(Session)
    fullness = (samples.volume_ml / samples.capacity_ml).groupby(samples.time_min).max()
    for start_min, end_min in zip(took.start_min.iloc[1:], took.end_min, strict=False):
        passed = fullness[(fullness.index > end_min) & (fullness.index <= start_min) & (fullness >= 0.5)]
        assert len(passed) == 0 or start_min - passed.index[0] < 5.0


def test_the_flow_that_is_seen_is_what_fills_a_breast(monkeypatch):
    """Over five hours, looked at every five minutes: the sum of what is foreseen is what came, to 5 %."""
    seen = {"left": [], "right": []}

    class Looking(MemoryRecorder):
        def record(self, fact):
            if isinstance(fact, BreastSample):
                breast = at[fact.breast]
                seen[fact.breast].append((breast.volume_ml, breast.filling_ml_per_min()))
            super().record(fact)

    def sessions(env, breasts, *others, **about):
        at.update((breast.side, breast) for breast in breasts)
        return Sessions(env, breasts, *others, **about)

    at = {}
    monkeypatch.setattr("lactflow.simulation.Sessions", sessions)
    config = RunConfig.model_validate({
        "format": 1, "days": 5.0 / 24.0, "schedule": (), "infants": (), "gland": {"lobes_per_breast": 2},
        "resolution": {"packet_ml": 0.1}, "record": {"sample_min": 5.0},
    })  # fmt: skip
    simulate(config, Looking(visits=False))
    for looks in seen.values():
        volumes, flows = zip(*looks, strict=True)
        assert len(looks) == 61
        assert volumes[-1] - volumes[0] > 30.0
        assert 5.0 * sum(flows[:-1]) == pytest.approx(volumes[-1] - volumes[0], rel=0.05)


def test_a_sealed_gland_is_left_alone(play):
    """Both breasts sealed for the run: no session, and the run ends."""
    seals = tuple({"kind": "seal", "side": side, "start_day": 30.0} for side in ("left", "right"))
    played = play(
        visits=False, days=1.0, infants=(), interventions=seals, gland={"lobes_per_breast": 2},
        resolution={"packet_ml": 0.5}, schedule=({"kind": "responsive", "fullness": 0.5},),
    )  # fmt: skip
    assert len(played.table(Session)) == 0
    assert played.table(BreastSample).time_min.max() == 30.0 * DAY_MIN
