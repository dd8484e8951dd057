"""Numbers, axes, strips and bands: what they say is what was meant."""

from __future__ import annotations

import pytest

from lactflow.report.numbers import TimeAxis, clock, evenly, in_words, number, round_steps, signed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (652.34, "652"),
        (12345.6, "12,346"),
        (39.71, "39.7"),
        (8.666, "8.67"),
        (0.5341, "0.534"),
        (0.01234, "0.0123"),
        (0.0099998, "0.0100"),
        (99.97, "100"),
        (-0.0004, "-0.00040"),
        (3e-12, "3.00e-12"),
        (float("nan"), "-"),
        (None, "-"),
    ],
)
def test_numbers_have_the_digits_that_count(value, text):
    """Three of them, without exponents where it can be."""
    assert number(value) == text


def test_signs_are_reported():
    """A plus as well."""
    assert [signed(value) for value in (1.5, -1.5, 0.0, None)] == ["+1.50", "-1.50", "0", "-"]


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0.5, "0.5 min"), (14.4, "14 min"), (216.0, "3.6 h"), (4320.0, "3 days"), (388800.0, "270 days")],
)
def test_lengths_of_time_are_reported_in_their_unit(minutes, text):
    """As people say them."""
    assert in_words(minutes) == text


def test_marks_are_round():
    """And no zero is negative."""
    assert round_steps(-20.3, 249.0, 6) == [0.0, 50.0, 100.0, 150.0, 200.0]
    assert str(round_steps(-20.3, 249.0)[0]) == "0.0"


def test_times_of_day_are_rounded():
    """To the minute, and midnight is 00:00."""
    assert [clock(minute) for minute in (390.4, 1439.9)] == ["06:30", "00:00"]


def test_short_runs_are_reported_in_hours():
    """Since their start, with marks that divide a day; longer ones in days since birth."""
    short, long = TimeAxis(41760.0, 46080.0), TimeAxis(41760.0, 84960.0)
    assert (short.label, short.ends, short.marks()) == (
        "hours since the start",
        (0.0, 72.0),
        [0, 12, 24, 36, 48, 60, 72],
    )
    assert (long.label, long.ends) == ("days since birth", (29.0, 59.0))
    assert TimeAxis(0.0, 1440.0).label == "hours since birth"


def test_a_day_in_part_has_its_own_middle():
    """The middle of what was recorded of it."""
    axis = TimeAxis(720.0, 2000.0)
    assert [axis.middle_of(day) for day in (1, 2)] == [1080.0, 1720.0]


def test_some_are_chosen_evenly():
    """The ends among them."""
    assert evenly(101, 3) == [0, 50, 100]
    assert evenly(2, 5) == [0, 1]
    assert evenly(0, 5) == []
