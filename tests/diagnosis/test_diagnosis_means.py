"""Many observations of one kind: means of stretches of time, and limits in them."""

from __future__ import annotations

import pytest
from records import read

from lactflow.diagnosis.observing import MOST_OF_ONE, observations_of

DAY = 1440.0


def found(folder, *rows):
    """Observations of a record, and what of it is not used."""
    return observations_of(read(folder, *rows))


def test_many_of_one_kind_are_taken_together(tmp_path):
    """By time, evenly; of each breast on its own; their lines and times are kept."""
    rows = [f"2031-05-{4 + day:02d} 08:00,weight,,{3200 + 10 * day},g," for day in range(10)]
    each, _ = found(tmp_path, *rows, "2031-05-04 09:00,sodium,left,20,mmol/L,")
    weights = [one for one in each if one.kind == "weight"]
    assert len(weights) == MOST_OF_ONE
    assert [len(one.times_min) for one in weights] == [2, 3, 3, 2]
    assert [line for one in weights for line in one.lines] == list(range(3, 13))
    assert weights[1].value == pytest.approx((3.22 + 3.23 + 3.24) / 3.0)
    assert weights[1].time_min == pytest.approx(4 * DAY)
    assert weights[1].name == "weight, mean of days 4 to 6"
    assert len(each) == 5


def test_the_mean_of_readings_and_limits_is_a_limit(tmp_path):
    """The truth of one of them lies below, and so does that of the mean."""
    rows = [
        f"2031-05-{4 + day:02d} 08:00,sodium,left,{value},mmol/L,"
        for day, value in enumerate(("<5", 7, 8, 9, 9, 9, 9, ">90"))
    ]
    each, unused = found(tmp_path, *rows)
    assert [(one.value, one.below, one.above) for one in each] == [
        (6.0, True, False),
        (8.5, False, False),
        (9.0, False, False),
        (49.5, False, True),
    ]
    assert unused == ()


def test_limits_of_both_sides_are_no_reading(tmp_path):
    """They are left out of a mean, which nothing is left of where there is nothing else; that is said."""
    values = ("<5", 7, ">90", 8, 8, 8, 9, 9, 9, "<3", ">80", "<3")
    rows = [f"2031-05-{4 + day:02d} 08:00,sodium,left,{value},mmol/L," for day, value in enumerate(values)]
    each, unused = found(tmp_path, *rows)
    assert [(one.value, one.below, one.above) for one in each] == [
        (7.0, False, False),
        (8.0, False, False),
        (9.0, False, False),
    ]
    assert each[0].lines == (4,)
    assert each[0].name == "sodium, left breast, day 3"
    why = "some lie below a limit and some above one, and together they have no mean"
    assert unused == (
        f"sodium, left breast, 2 of 3 of days 2 to 4: {why}",
        f"sodium, left breast, 3 of 3 of days 11 to 13: {why}",
    )
