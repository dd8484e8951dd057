"""The clock of a log: offsets, time zones, journeys, slips of the pen in dates."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lactflow.config.logs.feeding_log import FeedingLog, read_feeding_log

HEADER = "start,kind,left_min,right_min,volume_ml"


def read(*rows: str, zone: str | None = None) -> FeedingLog:
    """A log of these rows."""
    return read_feeding_log("\n".join([HEADER, *rows]).encode(), "log.csv", zone=zone)


def intervals(log: FeedingLog) -> list[float]:
    """From start to start [min]."""
    return [after.planned_min - before.planned_min for before, after in pairwise(log.sessions)]


def test_offsets_make_time_exact():
    """Over the end of summer time; the clock is that of the first row."""
    log = read(
        "2030-11-03T01:50:00-04:00,breast,20,0,",
        "2030-11-03T01:15:00-05:00,breast,0,15,",
        "2030-11-03T04:00:00-05:00,breast,10,0,",
        "2030-11-03T12:00:00Z,pump,15,15,80",
    )
    assert intervals(log) == [25.0, 165.0, 180.0]
    assert log.sessions[-1].planned_min == 8 * 60.0
    assert log.warnings == (
        "log.csv: the offset changes; times are put on the clock of the first row: 3 rows (lines 3, 4, 5)",
    )


def test_rows_without_offset_are_on_the_clock_of_the_first_one():
    """Reported with their lines."""
    log = read("2030-06-03 01:00+02:00,breast,5,0,", "2030-06-03 04:00,breast,5,0,", "2030-06-03 05:00Z,breast,5,0,")
    assert [session.planned_min for session in log.sessions] == [60.0, 240.0, 420.0]
    assert "without an offset are read on the clock of the first offset: 1 row (line 3)" in "\n".join(log.warnings)


REPEATED = (
    "2030-11-03 00:10,breast,12,0,",
    "2030-11-03 01:30,breast,12,0,",
    "2030-11-03 01:30,breast,12,0,",
    "2030-11-03 03:00,breast,10,0,",
)


def test_an_hour_that_the_clock_repeats_needs_a_zone():
    """Without one the second row is a repeated one, and the report says what would decide."""
    log = read(*REPEATED)
    assert intervals(log) == [80.0, 90.0]
    (warning,) = log.warnings
    assert "(line 4)" in warning
    assert "the clock may have gone back that night" in warning
    assert "`zone`" in warning
    for rows in (REPEATED, REPEATED[::-1]):
        assert intervals(read(*rows, zone="America/New_York")) == [80.0, 60.0, 90.0]


def test_an_hour_that_the_clock_skips_is_reported():
    """A spring night has 23 h."""
    rows = ("2030-03-31 01:00,breast,5,0,", "2030-03-31 02:30,breast,5,0,", "2030-03-31 04:00,breast,5,0,")
    log = read(*rows, zone="Europe/Berlin")
    assert intervals(log) == [90.0, 30.0]
    assert "skipped this hour" in log.warnings[0]
    assert intervals(read(*rows)) == [90.0, 90.0]


def test_other_nights_have_no_such_hour():
    """A row that stands twice on a usual night is dropped without further ado."""
    log = read(*(row.replace("2030-11-03", "2030-11-05") for row in REPEATED))
    assert "clock" not in log.warnings[0]


def test_a_clock_that_goes_back_and_stays_is_reported_with_its_line():
    """A journey to the west; a single row out of order is none."""
    rows = [f"2030-06-03 {hour:02}:00,breast,5,0," for hour in (6, 9, 12, 7, 10, 13)]
    log = read(*rows)
    assert "the clock goes back here and stays back" in log.warnings[0]
    assert "1 row (line 5)" in log.warnings[0]
    log = read(*(f"2030-06-03 {hour:02}:00,breast,5,0," for hour in (6, 9, 12, 7, 15, 18)))
    assert log.warnings == ("log.csv: rows that stand before earlier ones are put in order: 1 row (line 5)",)


def days(*dates: str) -> list[str]:
    """A row a day."""
    return [f"{date} 09:00,breast,5,0," for date in dates]


@pytest.mark.parametrize("wrong", ["2033-05-05", "2020-05-05", "0203-05-05"])
def test_a_mistyped_year_is_set_aside(wrong):
    """Wherever it stands, and nothing else is blamed."""
    right = [f"2030-05-{day:02}" for day in range(1, 11)]
    for number in (0, 4, 9):
        dates = [*right[:number], wrong, *right[number:]]
        log = read(*days(*dates))
        assert [session.planned_min for session in log.sessions] == [540.0 + 1440.0 * day for day in range(10)]
        assert log.warnings == (
            f"log.csv: rows far from all others are set aside (is {wrong} right?): 1 row (line {number + 2})",
        )


def test_a_mistyped_month_is_set_aside_where_its_neighbours_show_it():
    """At the end of a file it may as well be a new beginning after a pause."""
    right = [f"2030-05-{day:02}" for day in range(1, 11)]
    log = read(*days(*right[:4], "2030-06-05", *right[5:]))
    assert len(log.sessions) == 9
    assert "(is 2030-06-05 right?): 1 row (line 6)" in log.warnings[0]
    assert len(read(*days(*right, "2030-06-05")).sessions) == 11


def test_two_halves_of_a_log_are_no_slip():
    """Neither is few enough."""
    log = read(*days(*(f"2030-05-{day:02}" for day in range(1, 6)), *(f"2031-05-{day:02}" for day in range(1, 4))))
    assert len(log.sessions) == 8
    assert log.warnings == ()


def test_the_clock_is_that_of_the_earliest_row():
    """Wherever it stands in the file."""
    log = read("2030-05-03T10:00+02:00,breast,5,0,", "2030-05-03T02:00-04:00,breast,5,0,")
    assert [session.planned_min for session in log.sessions] == [120.0, 240.0]
