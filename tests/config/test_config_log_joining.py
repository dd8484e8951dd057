"""Rows become sessions: one row a breast, the same feed twice, two at the breasts at once."""

from __future__ import annotations

import pytest

from lactflow.config.logs.feeding_log import FeedingLog, read_feeding_log
from lactflow.config.logs.joining import JOIN_MIN, NEAR_MIN

HEADER = "start,kind,left_min,right_min,volume_ml,child"


def read(*rows: str, infants: int = 1) -> FeedingLog:
    """A log of one day; rows begin with the clock time."""
    lines = [HEADER, *(f"2030-05-03 {row}" + "," * (5 - row.count(",")) for row in rows)]
    return read_feeding_log("\n".join(lines).encode(), "log.csv", infants=infants)


def sides(log: FeedingLog) -> list[tuple[tuple[str, float | None], ...]]:
    """Of each session."""
    return [session.sides for session in log.sessions]


def test_a_row_a_breast_with_one_start_is_one_feed():
    """Its order is not known."""
    log = read("00:00,breast,10,0", "00:00,breast,0,12", "03:00,breast,0,9", "03:00,breast,8,0")
    assert sides(log) == [(("left", 10.0), ("right", 12.0)), (("right", 9.0), ("left", 8.0))]
    text = "\n".join(log.warnings)
    assert "rows of one feed, a breast each, are joined: 4 rows (lines 2, 3, 4, 5)" in text
    assert "the order is not known, taken as left first, then alternating: 2 rows (lines 2, 4)" in text


def test_a_row_a_breast_one_after_the_other_is_one_feed_in_that_order():
    """With a pause shorter than the declared one; an infant may come back to the first breast."""
    log = read("00:00,breast,0,5", "00:05,breast,8,0", "00:17,breast,0,3")
    assert sides(log) == [(("right", 5.0), ("left", 8.0), ("right", 3.0))]
    assert log.sessions[0].length_min == 16.0
    assert not any("order" in warning for warning in log.warnings)
    assert "3 rows (lines 2, 3, 4)" in log.warnings[0]


@pytest.mark.parametrize(("pause_min", "sessions"), [(JOIN_MIN - 1.0, 1), (JOIN_MIN, 2), (30.0, 2)])
def test_a_longer_pause_makes_two_feeds(pause_min, sessions):
    """At the other breast."""
    assert len(read("00:00,breast,5,0", f"00:{5 + pause_min:02.0f},breast,0,5").sessions) == sessions


def test_the_same_breast_again_is_another_feed():
    """However short the pause."""
    assert sides(read("00:00,breast,5,0", "00:06,breast,4,0")) == [(("left", 5.0),), (("left", 4.0),)]


def test_a_double_pumping_in_two_rows_is_one_at_both_breasts_at_once():
    """With the volume of each breast."""
    log = read("00:00,pump,15,0,60", "00:00,pump,0,15,55", "03:00,pump,15,0,60", "03:02,pump,0,15,55")
    for session in log.sessions:
        assert session.sides == (("left", 15.0), ("right", 15.0))
        assert session.recorded_sides_ml == (("left", 60.0), ("right", 55.0))
        assert session.recorded_ml == 115.0
        assert not session.in_turn
        assert session.length_min == 15.0


def test_one_breast_pumped_after_the_other_is_one_pumping_in_turn():
    """It takes the sum of its minutes."""
    (session,) = read("00:00,pump,0,15,60", "00:16,pump,12,0,55").sessions
    assert session.sides == (("right", 15.0), ("left", 12.0))
    assert session.in_turn
    assert session.length_min == 27.0
    assert session.recorded_sides_ml == (("right", 60.0), ("left", 55.0))


def test_the_same_feed_written_down_twice_is_one():
    """The longer row is kept, with what only the other says."""
    log = read("00:00,breast,14,0", "00:05,breast,15,0", "03:00,breast,15,0", "03:05,breast,14,0,60")
    assert sides(log) == [(("left", 15.0),), (("left", 15.0),)]
    assert [session.planned_min for session in log.sessions] == [0.0, 180.0]
    assert [session.recorded_ml for session in log.sessions] == [None, 60.0]
    assert "nearly repeated rows are joined; the longer one is kept: 2 rows (lines 3, 5)" in log.warnings[0]


def test_minutes_in_one_row_and_milk_in_another_are_one_pumping():
    """As apps write it that have a timer and a form."""
    for rows in (("00:00,pump,15,15", "00:02,pump,,,80"), ("00:00,pump,,,80", "00:02,pump,15,15")):
        (session,) = read(*rows).sessions
        assert session.sides == (("left", 15.0), ("right", 15.0))
        assert session.recorded_ml == 80.0


def test_a_late_overlap_is_a_forgotten_timer():
    """Not the same feed: the first one ends where the second begins."""
    later = NEAR_MIN + 5.0
    assert sides(read("00:00,breast,20,0", f"00:{later:02.0f},breast,10,0")) == [(("left", later),), (("left", 10.0),)]


def test_a_pump_at_the_other_breast_goes_on_beside_the_feed():
    """So does a hand, or an infant that comes while the pump runs; three at once are too many."""
    log = read("00:00,breast,15,0", "00:03,pump,0,15,40", "03:00,hand,0,15", "03:00,breast,15,0")
    assert [session.beside for session in log.sessions] == [False, True, False, True]
    assert [session.length_min for session in log.sessions] == [15.0] * 4
    assert "both are simulated: 2 rows (lines 3, 5)" in log.warnings[0]


def test_a_pump_at_the_breast_of_the_infant_does_not():
    """The feed ends where the pumping begins."""
    log = read("00:00,breast,15,0", "00:12,pump,15,0")
    assert [session.beside for session in log.sessions] == [False, False]
    assert sides(log)[0] == (("left", 12.0),)


def test_two_infants_feed_at_once():
    """One a breast; what is not given is assumed and reported."""
    log = read("00:00,breast,12,0", "00:00,breast,0,12", "03:00,breast,0,9", infants=2)
    assert [(session.child, session.beside) for session in log.sessions] == [(0, False), (1, True), (0, False)]
    assert "in turn: 3 rows (lines 2, 3, 4)" in "\n".join(log.warnings)


def test_rows_of_different_children_are_never_joined():
    """Those of one child are."""
    rows = ("00:00,breast,5,0,,1", "00:06,breast,0,8,,2", "03:00,breast,5,0,,1", "03:06,breast,0,8,,1")
    log = read(*rows, infants=2)
    assert [(session.child, len(session.sides)) for session in log.sessions] == [(0, 1), (1, 1), (0, 2)]


def test_the_milk_of_a_feed_that_is_cut_to_nothing_is_kept():
    """It becomes a feed without minutes."""
    log = read("00:00,breast,15,0,60", "00:00,pump,15,0,40")
    assert [(session.kind, session.sides, session.recorded_ml) for session in log.sessions] == [
        ("feed", (("left", None),), 60.0),
        ("pump", (("left", 15.0),), 40.0),
    ]


def test_a_pump_beside_a_feed_at_both_breasts_is_at_the_one_where_the_infant_is_not():
    """Where nobody says which came first, it is the one that leaves room; a breast is never taken twice."""
    log = read("08:00,breast,20,20", "08:05,pump,0,10,40", "12:00,breast,20,20", "12:05,pump,10,0,40")
    assert [session.beside for session in log.sessions] == [False, True, False, True]
    assert [session.length_min for session in log.sessions] == [40.0, 10.0, 40.0, 10.0]
    assert [session.sides[0][0] for session in log.sessions] == ["left", "right", "right", "left"]
    late = read("08:00,breast,20,20", "08:15,pump,0,30,40")  # still there when the infant comes
    assert sides(late)[0] == (("left", 15.0),)


def test_twins_may_change_sides_together():
    """Each takes both breasts, one after the other, at the same time."""
    log = read("08:00,breast,10,10,,1", "08:00,breast,10,10,,2", infants=2)
    assert [(session.child, session.beside) for session in log.sessions] == [(0, False), (1, True)]
    assert [session.sides[0][0] for session in log.sessions] == ["left", "right"]


def test_three_at_once_are_too_many():
    """The one whose breast is taken again ends there."""
    log = read("08:00,breast,30,0", "08:05,pump,0,10", "08:10,hand,0,10")
    assert [session.beside for session in log.sessions] == [False, True, True]
    assert sides(log) == [(("left", 30.0),), (("right", 5.0),), (("right", 10.0),)]


def test_milk_in_one_of_two_rows_of_the_same_pumping_is_kept():
    """A volume of 0 is no milk; two volumes that differ are reported."""
    log = read("18:00,pump,15,15,0", "18:02,pump,15,15,120")
    assert [session.recorded_ml for session in log.sessions] == [120.0]
    log = read("18:00,pump,15,15,90", "18:02,pump,14,15,120")
    assert [session.recorded_ml for session in log.sessions] == [90.0]
    assert "different volumes: that of the longer one is kept: 1 row (line 3)" in "\n".join(log.warnings)


def test_minutes_of_the_file_are_known_whatever_becomes_of_them():
    """Cut, dropped and joined rows too; what was written down twice counts once."""
    log = read("00:00,breast,75,0", "03:00,breast,0.2,0", "06:00,breast,10,0", "06:10,breast,0,5", "09:00,pump,9,7")
    assert log.logged == ((0.0, 75.0), (180.0, 0.2), (360.0, 15.0), (540.0, 9.0))
    assert read("00:00,breast,15,0", "00:05,breast,14,0").logged == ((0.0, 15.0),)


def test_joined_rows_stay_in_order_of_time():
    """The longer of two rows of one feed may be the later one; what lies between is not lost."""
    log = read("05:00,breast,10,10", "08:00,breast,12,0", "08:04,hand,20,15", "08:06,breast,20,0", "11:00,breast,10,10")
    times = [session.planned_min for session in log.sessions]
    assert times == sorted(times) == [300.0, 480.0, 484.0, 660.0]
    assert [session.kind for session in log.sessions] == ["feed", "feed", "hand", "feed"]


def test_the_same_feed_of_two_children_is_no_repeated_row():
    """Each has had one; the second waits for the breast, and neither is cut."""
    log = read(
        "02:00,breast,10,0,,1", "02:00,breast,10,0,,2", "05:00,breast,20,0,,1", "05:15,breast,20,0,,2", infants=2
    )
    assert [session.child for session in log.sessions] == [0, 1, 0, 1]
    assert [session.length_min for session in log.sessions] == [10.0, 10.0, 20.0, 20.0]


def test_two_pumpings_with_milk_are_two():
    """One row does not complete another that has milk of its own."""
    log = read("02:00,pump,,,60", "02:08,pump,15,15,50")
    assert [session.recorded_ml for session in log.sessions] == [60.0, 50.0]
