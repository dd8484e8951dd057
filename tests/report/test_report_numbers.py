"""Numbers, axes, strips and bands: what they say is what was meant."""

from __future__ import annotations

import pandas as pd
import pytest

from lactflow.analysis.digits import apart
from lactflow.report.blocks import Table, filled
from lactflow.report.numbers import TimeAxis, clock, evenly, in_words, number, round_steps, signed
from lactflow.report.render import with_code
from lactflow.report.run_days import by_breast


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


NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((-13.87, -90.43, 62.69, 776.8), ("-14", "-90", "+63")),
        ((-0.025, -1.684, 1.634, 4.85), ("0", "-1.7", "+1.6")),
        ((0.0749, 0.00203, 0.1478, 0.367), ("+0.075", "+0.002", "+0.148")),
        ((9.26e-5, 6.34e-5, 1.2e-4, 0.511), ("+0.0001", "+0.0001", "+0.0001")),
        ((1.0334, -3.156, 5.223, 0.0), ("+1.0", "-3.2", "+5.2")),
        ((1234.5, 1000.4, 1468.6, 9000.0), ("+1,234", "+1,000", "+1,469")),
        ((-1.8182, -1.8182, -1.8182, 8.0), ("-1.82", "-1.82", "-1.82")),
        ((-53.7, NAN, NAN, 783.5), ("-53.7", "-", "-")),
        ((0.0, 0.0, 0.0, NAN), ("0", "0", "0")),
    ],
)
def test_differences_are_as_fine_as_their_intervals(values, texts):
    """Two digits of half the width, and none beyond the fourth of the mean; without a width three that count."""
    assert apart(*values) == texts


def test_columns_that_say_nothing_are_left_out():
    """Words and identifiers go with their columns; the first column stays, and so does a table without rows."""
    rows = [["a", "-", "1", "", "x"], ["b", "-", "-", "", "-"]]
    found = filled(Table("t", ["name", "n", "value", "source", "key"], rows, frozenset({3, 4}), False, frozenset({4})))
    assert (found.columns, found.rows) == (["name", "value", "key"], [["a", "1", "x"], ["b", "-", "-"]])
    assert (found.words, found.identifiers) == ({2}, {2})
    assert filled(Table("t", ["name", "n"], [["-", "-"]])).columns == ["name"]
    assert filled(Table("t", ["name", "n"], [])).columns == ["name", "n"]


def test_code_in_a_sentence_is_code_and_nothing_else_is():
    """Between two backticks of a line; all of it is escaped first."""
    assert with_code("`a <b>` & c") == "<code>a &lt;b&gt;</code> &amp; c"
    assert with_code("one ` alone\nand `` of nothing") == "one ` alone\nand `` of nothing"


def test_milk_of_each_breast_is_a_course_of_its_own():
    """Nothing where the session took from the other one; no course for a breast that gave none."""
    rows = pd.DataFrame({"breast": ["left", "right", "left"], "sodium": [8.0, 20.0, 9.0]})
    found = by_breast(rows, "sodium")
    assert found["left"].dropna().tolist() == [8.0, 9.0]
    assert found["right"].isna().tolist() == [True, False, True]
    assert list(by_breast(rows[rows["breast"] == "right"], "sodium")) == ["right"]


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
