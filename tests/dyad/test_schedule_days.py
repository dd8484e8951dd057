"""Days of each kind of schedule, event by event, worked by hand; breasts and infants are made up."""

from __future__ import annotations

from math import inf

import pytest
from made_up_day import Day, PunctualInfant

from lactflow.chance import Streams
from lactflow.parameters.oxytocin import OxytocinParameters

NIGHT = {"from": "22:00", "to": "06:00"}


def starts(took, kind=None):
    """When sessions began, of one kind or of all."""
    return [session.start_min for session in took if kind in (None, session.kind)]


def test_feeds_at_equal_intervals_alternate():
    """The second of two breasts a feed is left to the session: here they are begun with in turns."""
    took = Day({"kind": "every", "hours": 6, "side": "alternate"}, infants=[PunctualInfant(0)]).over()
    assert [(each.start_min, each.sides) for each in took] == [
        (0.0, "left"), (360.0, "right"), (720.0, "left"), (1080.0, "right")
    ]  # fmt: skip


def test_feeds_by_the_clock_and_in_clusters():
    """Born at 20:00, 07:00 comes after 11 h; two clusters from 06:00 of two feeds each, and none in the night gap."""
    infants = [PunctualInfant(0)]
    clock = Day({"kind": "clock", "times": ("07:00", "19:30")}, birth_clock="20:00", infants=infants)
    assert starts(clock.over()) == [660.0, 1410.0]
    cluster = Day({"kind": "cluster", "feeds": 4, "night_gap": {"from": "18:30", "to": "05:00"}}, infants=infants)
    assert starts(cluster.over()) == [360.0, 420.0, 1080.0]


def test_sessions_wait_for_one_another():
    """Twins, a pump five minutes later, a hand in between: in the order in which they were due."""
    took = Day(
        {"kind": "clock", "times": ("01:00",), "side": "left"}, {"kind": "pump", "times": ("01:05",), "minutes": 20.0},
        {"kind": "hand", "times": ("01:15",), "minutes": 12.0},
        infants=[PunctualInfant(0), PunctualInfant(1)],
    ).over()  # fmt: skip
    assert took == [
        (60.0, "feed", "left", 0), (70.0, "feed", "left", 1), (80.0, "pump", "left+right", 0),
        (100.0, "hand", "left+right", 0),
    ]  # fmt: skip


def test_power_pumping_is_three_sessions():
    """At 0, 30 and 50 minutes."""
    assert starts(Day({"kind": "power_pump", "times": ("10:00",)}).over()) == [600.0, 630.0, 650.0]


def test_pumpings_after_feeds_alternate():
    """Feeds of ten minutes every six hours; each pumping begins seven minutes later, on the side of the other."""
    pump = {"kind": "pump", "after_feeds": True, "delay_min": 7.0, "minutes": 10.0, "side": "alternate"}
    took = Day({"kind": "every", "hours": 6}, pump, infants=[PunctualInfant(0)]).over()
    assert [(each.start_min, each.sides) for each in took if each.kind == "pump"] == [
        (17.0, "left"), (377.0, "right"), (737.0, "left"), (1097.0, "right")
    ]  # fmt: skip


def test_a_pumping_after_a_feed_of_a_twin_counts_both():
    """Feeds at 0 and 10; pumpings due at 15 and 25 on both sides, begun with left and right in turns."""
    pump = {"kind": "pump", "after_feeds": True, "minutes": 3.0, "side": "alternate"}
    bottle = {"kind": "bottle", "after_feeds": True, "delay_min": 0.0, "volume_ml": 20.0}
    infants = [PunctualInfant(0), PunctualInfant(1)]
    took = Day({"kind": "every", "hours": 24, "side": "left"}, pump, bottle, infants=infants).over()
    assert took == [
        (0.0, "feed", "left", 0), (10.0, "feed", "left", 1), (20.0, "bottle", "", 0), (20.0, "pump", "left", 0),
        (23.0, "bottle", "", 1), (25.0, "pump", "right", 1),
    ]  # fmt: skip


def test_what_follows_a_feed_in_the_night_gap_does_not_take_place():
    """The feed at 21:50 ends at 22:00, its pumping would begin in the gap; that of 21:30 begins at 21:45."""
    pump = {"kind": "pump", "after_feeds": True, "night_gap": NIGHT, "minutes": 2.0}
    took = Day({"kind": "clock", "times": ("21:30", "21:50")}, pump, infants=[PunctualInfant(0)]).over()
    assert starts(took, "pump") == [1305.0]


def test_calls_are_answered_when_they_come():
    """Hungry two hours after the end of each meal; a feed begins five minutes after its cue."""
    took = Day({"kind": "on_demand"}, days=0.35, infants=[PunctualInfant(0, 120.0, 30.0)]).over()
    assert starts(took) == [35.0, 170.0, 305.0, 440.0]


def test_weaning_answers_an_even_share_of_calls_with_the_breast():
    """Over one day. The share owed at each call is 1 - t/1440 more, and a feed pays one."""
    took = Day({"kind": "wean", "days": 1.0}, days=1.0, infants=[PunctualInfant(0, 120.0)]).over()
    assert [(each.start_min, each.kind) for each in took] == [
        (5.0, "feed"),  # owed 1.000
        (135.0, "bottle"),  # 0.906
        (260.0, "feed"),  # 1.729
        (395.0, "feed"),  # 0.729 + 0.729
        (530.0, "feed"),  # 0.458 + 0.635
        (660.0, "bottle"),  # 0.094 + 0.542
        (785.0, "feed"),  # 0.635 + 0.458
        (915.0, "bottle"),  # 0.094 + 0.365
        (1035.0, "bottle"),  # 0.458 + 0.281
        (1155.0, "bottle"),  # 0.740 + 0.198
        (1280.0, "feed"),  # 0.938 + 0.115
        (1410.0, "bottle"),  # 0.052 + 0.021
    ]


def test_what_is_owed_is_kept_from_one_weaning_to_the_next():
    """0.906 of a feed is owed when the second phase begins; its first call at 255 owes 1.906 in all."""
    first, second = {"kind": "wean", "days": 1.0}, {"kind": "wean", "days": 1.0, "from_day": 1.0 + 255.0 / 1440.0}
    took = Day(first, second, days=0.3, infants=[PunctualInfant(0, 120.0)]).over()
    assert [(each.start_min, each.kind) for each in took] == [
        (5.0, "feed"), (135.0, "bottle"), (260.0, "feed"), (395.0, "feed")
    ]  # fmt: skip


def test_a_call_in_the_night_waits_for_the_morning():
    """Born at 20:00: hungry at 22:15, the infant is fed at 06:00 after a cue of five minutes."""
    about = {"kind": "on_demand", "night_gap": NIGHT}
    took = Day(about, days=0.5, birth_clock="20:00", infants=[PunctualInfant(0, 120.0)]).over()
    assert starts(took) == [5.0, 605.0]


def test_a_feed_that_would_begin_in_the_night_waits_too():
    """Hungry at 21:58 and ready at 22:03: at 06:00."""
    about = {"kind": "on_demand", "night_gap": NIGHT}
    took = Day(about, days=0.5, birth_clock="20:00", infants=[PunctualInfant(0, inf, 118.0)]).over()
    assert starts(took) == [600.0]


def test_an_infant_gets_a_bottle_where_both_breasts_are_sealed():
    """After the time that getting ready took; at the breast again when the seal is off."""
    both = {"left": (0.0, 100.0), "right": (0.0, 100.0)}
    took = Day({"kind": "on_demand"}, days=0.1, infants=[PunctualInfant(0, 120.0)], sealed=both).over()
    assert [(each.start_min, each.kind) for each in took] == [(5.0, "bottle"), (130.0, "feed")]


def test_calls_stop_where_the_clock_takes_over_and_go_on_after_it():
    """The call at 240 comes too late; nobody asks until 720, then at once."""
    took = Day(
        {"kind": "on_demand"}, {"kind": "clock", "times": ("05:00",), "from_day": 1.125},
        {"kind": "none", "from_day": 1.5},
        days=0.6, infants=[PunctualInfant(0, 225.0)],
    ).over()  # fmt: skip
    assert [(each.start_min, each.kind) for each in took] == [(5.0, "feed"), (300.0, "feed"), (720.0, "bottle")]


@pytest.mark.parametrize("kind", ["on_demand", "every"])
def test_nobody_is_fed_before_birth(kind):
    """A day before it; a pump runs all the while."""
    about = {"every": {"hours": 12}}.get(kind, {})
    pump = {"kind": "pump", "times": ("12:00",)}
    took = Day({"kind": kind, **about}, pump, start_day=0.0, days=1.1, infants=[PunctualInfant(0)]).over()
    assert starts(took, "feed") == [5.0 if kind == "on_demand" else 0.0]
    assert starts(took, "pump") == [-720.0]


def test_chance_of_a_cue_is_that_of_its_hour():
    """Five minutes and up to ten more, by the first number of the hour in which the feed is due."""
    queue = Day({"kind": "every", "hours": 6}, infants=[PunctualInfant(0)]).queue
    queue._oxytocin = OxytocinParameters(cue_lead_min=5.0, cue_lead_spread_min=10.0)
    for time_min, hour in ((59.0, 0), (60.0, 1), (119.0, 1), (120.0, 2)):
        by_hand = 5.0 + 10.0 * Streams(1).at("cue", hour).random()
        assert queue._cue(time_min)[0] == pytest.approx(by_hand, rel=1e-12)
