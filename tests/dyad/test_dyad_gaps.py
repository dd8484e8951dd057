"""Times of which a log says nothing, and what stands in for them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.dyad.schedule import LogPhase, PlannedSession, filled, last_min
from lactflow.dyad.schedule.gaps import Gap, gaps_of
from lactflow.units import DAY_MIN


def every(hours: float, days: float, without: tuple[float, float] = (0.0, 0.0), first: float = 0.0):
    """Feeds every so many hours; none from one hour to another."""
    count = int(days * 24.0 / hours)
    times = [first + number * hours for number in range(count)]
    return [
        PlannedSession(60.0 * hour, "feed", (("left", 10.0),), recorded_ml=50.0, source="log")
        for hour in times
        if not without[0] <= hour < without[1]
    ]


def hours(sessions) -> list[float]:
    """Hours of those that stand in."""
    return [session.planned_min / 60.0 for session in sessions if session.source == "filled"]


def test_a_day_that_nobody_wrote_down_is_a_gap():
    """From the session before to the one after; a feed that was slept through is none."""
    assert gaps_of(every(3.0, 5.0), 0.0, 5.0 * DAY_MIN) == []
    assert gaps_of(every(3.0, 5.0, without=(48.0, 51.0)), 0.0, 5.0 * DAY_MIN) == []
    (gap,) = gaps_of(every(3.0, 5.0, without=(48.0, 72.0)), 0.0, 5.0 * DAY_MIN)
    assert gap == Gap(45.0 * 60.0, 72.0 * 60.0, 15, 16)
    assert gap.hours == 27.0


def test_her_longest_pause_is_that_of_the_days_around():
    """A night of nine hours makes 18 h the limit, and a mother who pumps once a day has no gaps at all."""
    night = [
        PlannedSession(day * DAY_MIN + 60.0 * hour, "feed", source="log")
        for day in range(6)
        for hour in (7, 12, 17, 22)
    ]
    assert gaps_of(night, 0.0, 6.0 * DAY_MIN) == []
    without = [session for session in night if not 2.0 * DAY_MIN <= session.planned_min < 2.6 * DAY_MIN]
    assert gaps_of(without, 0.0, 6.0 * DAY_MIN) == [Gap(46.0 * 60.0, 65.0 * 60.0, 7, 8)]
    assert gaps_of(every(24.0, 9.0), 0.0, 9.0 * DAY_MIN) == []


def test_a_late_beginning_and_an_early_end_are_gaps():
    """Where they are longer than her usual longest pause, which here is 3 h."""
    log = every(3.0, 3.0, first=18.0)
    assert gaps_of(log, 0.0, 3.75 * DAY_MIN) == [Gap(0.0, 1080.0, None, 0)]
    assert gaps_of(log, 1080.0, 5.0 * DAY_MIN) == [Gap(87.0 * 60.0, 5.0 * DAY_MIN, 23, None)]
    assert gaps_of(log, 15.0 * 60.0, 3.75 * DAY_MIN) == []


def test_a_log_of_two_days_has_gaps_too():
    """There nine tenths of its pauses say what is usual."""
    log = every(2.0, 2.0, without=(10.0, 26.0))
    assert gaps_of(log, 0.0, 2.0 * DAY_MIN) == [Gap(8.0 * 60.0, 26.0 * 60.0, 4, 5)]
    assert gaps_of(every(3.0, 1.0), 0.0, DAY_MIN) == []


def test_six_pauses_say_what_is_usual():
    """Five of two hours make one of eight a gap; with one fewer they say nothing, and the limit is a day."""
    log = [0.0, 2.0, 4.0, 6.0, 14.0, 16.0]
    assert gaps_of(feeds(log), 0.0, 16.0 * 60.0) == []
    assert gaps_of(feeds([*log, 18.0]), 0.0, 18.0 * 60.0) == [Gap(6.0 * 60.0, 14.0 * 60.0, 3, 4)]


def test_a_session_that_just_keeps_its_distance_stands_in():
    """Half of the usual three hours before the end of a gap, to the minute; a minute later it is too close."""
    log = feeds([*range(0, 24, 3), 22.5, *range(48, 72, 3)])
    ends = [Gap(22.5 * 60.0, 48.0 * 60.0 - early_min, 8, 9) for early_min in (0.0, 1.0)]
    assert [hours(filled(log, [gap]))[-1] for gap in ends] == [46.5, 45.0]


def test_the_days_around_stand_in_at_the_same_clock():
    """Without the volumes of the log, and apart from the sessions at both ends."""
    log = every(3.0, 5.0, without=(48.0, 72.0))
    found = filled(log, gaps_of(log, 0.0, 5.0 * DAY_MIN))
    assert hours(found) == [48.0 + 3.0 * number for number in range(8)]
    assert all(session.recorded_ml is None for session in found if session.source == "filled")
    assert [session.planned_min for session in found] == [180.0 * number for number in range(40)]


def test_a_beginning_is_filled_from_the_days_after():
    """At the same clock."""
    log = every(3.0, 3.0, first=18.0)
    assert hours(filled(log, gaps_of(log, 0.0, 3.75 * DAY_MIN))) == [0.0, 3.0, 6.0, 9.0, 12.0, 15.0]


def test_the_first_missing_day_is_like_the_last_one_the_second_like_the_one_before():
    """So that one odd day does not become her life; the second half of a pause is like the days after it."""
    days = [[8.0, 20.0], [9.0, 20.0], [10.0, 20.0], None, None, None, None, [11.0, 20.0], [12.0, 20.0], [13.0, 20.0]]
    log = [
        PlannedSession(day * DAY_MIN + 60.0 * hour, "pump", source="log")
        for day, clock in enumerate(days)
        for hour in clock or ()
    ]
    gaps = gaps_of(log, 0.0, 10.0 * DAY_MIN)
    found = [(time // 24.0, time % 24.0) for time in hours(filled(log, gaps)) if time % 24.0 != 20.0]
    assert found == [(3.0, 10.0), (4.0, 9.0), (5.0, 8.0), (6.0, 11.0)]


def test_the_end_goes_through_the_last_week_again_and_again():
    """Backwards, then from its last day on."""
    log = [PlannedSession((day + 0.3) * DAY_MIN, "pump", (("left", float(day)),), source="log") for day in range(20)]
    found = filled(log, gaps_of(log, 0.0, 36.0 * DAY_MIN))
    alike = [session.length_min for session in found if session.source == "filled"]
    assert alike[:15] == [19.0, 18.0, 17.0, 16.0, 15.0, 14.0, 13.0] * 2 + [19.0]


def test_a_log_without_another_day_fills_nothing_between_its_rows():
    """There is nothing to be like."""
    log = [PlannedSession(0.0, "pump", source="log"), PlannedSession(1500.0, "pump", source="log")]
    assert filled(log, [Gap(0.0, 1500.0, 0, 1)]) == log


@given(
    st.lists(st.floats(0.0, 20.0 * DAY_MIN), min_size=1, max_size=60),
    st.floats(-5.0 * DAY_MIN, 5.0 * DAY_MIN),
    st.floats(0.1, 40.0),
)
def test_gaps_are_filled_within_themselves_in_order_and_never_twice(times, begin, days):
    """Logged sessions stay, every stand-in lies in a gap, at the clock time of a logged one."""
    log = [PlannedSession(time, "feed", source="log") for time in sorted(set(times))]
    end = begin + days * DAY_MIN
    gaps = gaps_of(log, begin, end)
    assert all(gap.from_min < gap.to_min for gap in gaps)
    assert all(one.to_min <= other.from_min + 1e-6 for one, other in pairwise(gaps))
    found = filled(log, gaps)
    assert [session for session in found if session.source == "log"] == log
    assert [session.planned_min for session in found] == sorted(session.planned_min for session in found)
    for session in found:
        if session.source == "filled":
            assert any(gap.from_min - 1e-5 <= session.planned_min <= gap.to_min + 1e-5 for gap in gaps)
            off = [(session.planned_min - each.planned_min) / DAY_MIN for each in log]
            assert any(abs(shift - round(shift)) < 1e-6 for shift in off)


def test_a_log_ends_at_midnight_where_its_last_day_was_kept_to_its_end():
    """Otherwise ten minutes after the longest of its last sessions."""
    assert last_min(every(3.0, 3.0), 20.0) == 3.0 * DAY_MIN
    assert last_min(every(3.0, 2.5), 20.0) == pytest.approx(57.0 * 60.0 + 20.0)
    late = [*every(3.0, 3.0), PlannedSession(3.0 * DAY_MIN - 5.0, "pump", (("left", 30.0),), source="log")]
    assert last_min(late, 20.0) == 3.0 * DAY_MIN
    pumped = [*every(3.0, 2.5), PlannedSession(60.0 * 60.0, "pump", (("left", None),), source="log")]
    assert last_min(pumped, 20.0) == pytest.approx(60.0 * 60.0 + 30.0)


def phase(**keys: object) -> LogPhase:
    """A phase with a log."""
    return LogPhase.model_validate({"kind": "log", "file": "a.csv", **keys})


def test_only_the_default_fills_gaps():
    """`nobody` and `stop` leave the log as it is."""
    log = every(3.0, 5.0, without=(48.0, 72.0))
    assert len(phase().continued(log, 0.0, 5.0 * DAY_MIN)) == 40
    for gaps in ("nobody", "stop"):
        assert phase(gaps=gaps).continued(log, 0.0, 5.0 * DAY_MIN) == log


def test_nothing_is_filled_before_the_first_feed_of_life():
    """A log that begins on the day of birth begins with the first feed, whatever the hour."""
    log = every(3.0, 5.0, first=20.0)
    assert phase().gaps_within(log, 0.0, 5.0 * DAY_MIN) == []
    assert phase(first_day=1.0).gaps_within(log, -3.0 * DAY_MIN, 5.0 * DAY_MIN) == []
    assert phase().gaps_within(log, 2.0 * DAY_MIN, 7.0 * DAY_MIN)[0].before is None


def feeds(times, **more):
    """Feeds of ten minutes at these hours."""
    return [PlannedSession(60.0 * hour, "feed", (("left", 10.0),), source="log", **more) for hour in times]


FORGOTTEN = [24.0 * day + hour for day in (0, 1, 3, 4) for hour in range(0, 24, 3)]
"""The third of five days is missing."""


def test_a_gap_is_cut_by_the_phase():
    """At both of its ends."""
    log = feeds(FORGOTTEN)
    assert gaps_of(log, 2.5 * DAY_MIN, 5 * DAY_MIN) == [Gap(2.5 * DAY_MIN, 3 * DAY_MIN, 15, 16)]
    assert gaps_of(log, 0.0, 2.5 * DAY_MIN) == [Gap(45 * 60.0, 2.5 * DAY_MIN, 15, 16)]
    assert gaps_of(feeds(range(48, 96, 3)), 0.0, DAY_MIN) == [Gap(0.0, DAY_MIN, None, 0)]


def test_no_volume_stands_in():
    """A fit would count invented volumes."""
    log = feeds(FORGOTTEN, recorded_ml=50.0, recorded_sides_ml=(("left", 50.0),))
    added = [each for each in filled(log, gaps_of(log, 0.0, 5 * DAY_MIN)) if each.source == "filled"]
    assert len(added) == 8
    assert all(each.recorded_ml is None and each.recorded_sides_ml == () for each in added)


def test_feeds_close_together_stand_in_as_they_were():
    """Only where two days meet is a distance kept."""
    day = [0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 18.0, 18.5, 21.0]
    log = feeds([24.0 * number + hour for number in (0, 1, 3, 4) for hour in day])
    assert sum(each.source == "filled" for each in filled(log, gaps_of(log, 0.0, 5 * DAY_MIN))) == 9


def test_the_longest_of_the_last_sessions_ends_the_log():
    """Not the one that began last; a bottle takes no time."""
    long = PlannedSession(600.0, "feed", (("left", 60.0),), source="log")
    pump = PlannedSession(602.0, "pump", (("right", 5.0),), source="log")
    assert last_min([*feeds([0, 3, 6, 9]), long, pump], 15.0) == 670.0
    bottle = PlannedSession(660.0, "bottle", volume_ml=60.0, source="log")
    assert last_min([*feeds([0, 3, 6, 9]), bottle], 60.0) == 670.0
