"""Durations, volumes and weights as people write them."""

from __future__ import annotations

import pytest

from lactflow.trackers import amounts


@pytest.mark.parametrize(
    ("text", "of_number", "of_colon", "minutes"),
    [
        ("7", "minutes", "m:ss", 7.0),
        ("450", "seconds", "m:ss", 7.5),
        ("450000", "milliseconds", "h:mm", 7.5),
        ("0.25", "hours", "h:mm", 15.0),
        ("00:21", "minutes", "h:mm", 21.0),
        ("14:3", "minutes", "m:ss", 14.05),
        ("1:05:30", "minutes", "m:ss", 65.5),
        ("1h 20m", "minutes", "m:ss", 80.0),
        ("1h5m", "minutes", "m:ss", 65.0),
        ("9min", "minutes", "m:ss", 9.0),
        ("1時間20分", "minutes", "m:ss", 80.0),
        ("90 s", "minutes", "m:ss", 1.5),
        ("7,5", "minutes", "m:ss", 7.5),
    ],
)
def test_a_duration_is_read(text, of_number, of_colon, minutes):
    """By what the format states about numbers and colons, or by its own units."""
    assert amounts.minutes(text, of_number, of_colon) == pytest.approx(minutes)


@pytest.mark.parametrize("text", ["", "abc", "-3", "nan", "1:75", "1e5", "7 apples", "1,2,3"])
def test_what_is_no_duration_is_refused(text):
    """A name in the wrong column is none."""
    with pytest.raises(ValueError, match=r"is no"):
        amounts.minutes(text, "minutes", "m:ss")


@pytest.mark.parametrize(
    ("text", "factor", "ml"),
    [
        ("80", 1.0, 80.0),
        ("80ml", None, 80.0),
        ("80 mL", amounts.OUNCE_ML, 80.0),
        ("2.5oz", None, 73.93),
        ("2.5 fl. oz", None, 73.93),
        ("2,5", amounts.OUNCE_ML, 73.93),
        ("1,331", 1.0, 1331.0),
        ("0.1 l", None, 100.0),
    ],
)
def test_a_volume_is_read(text, factor, ml):
    """Its own unit goes before any other."""
    assert amounts.millilitres(text, factor) == pytest.approx(ml, abs=0.01)


def test_a_comma_before_three_digits_is_decimal_where_cells_are_not_separated_by_commas():
    """1,331 of a table with semicolons is no thousand."""
    assert amounts.millilitres("1,331", 1.0, comma_decimal=True) == pytest.approx(1.331)


def test_a_volume_without_a_unit_asks_for_it():
    """Nothing is guessed."""
    with pytest.raises(amounts.NoUnitError):
        amounts.millilitres("4", None)


@pytest.mark.parametrize(
    ("text", "factor", "kg"),
    [("4.25", 1.0, 4.25), ("4250 g", None, 4.25), ("9.5 lbs", None, 4.309), ("8 lb 3 oz", None, 3.714)],
)
def test_a_weight_is_read(text, factor, kg):
    """Kilograms, grams, pounds, pounds and ounces."""
    assert amounts.kilograms(text, factor) == pytest.approx(kg, abs=0.001)
