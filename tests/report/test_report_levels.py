"""The charts of signals that a run adds to the hormones."""

from __future__ import annotations

import pandas as pd
import pytest

from lactflow.report.blocks import LineChart, Note
from lactflow.report.numbers import TimeAxis
from lactflow.report.run_course import levels

AXIS = TimeAxis(0.0, 120.0)


def samples(*signals):
    """Three samples of each signal, an hour apart: 0, 1 and 2 times its number."""
    rows = [
        (60.0 * hour, name, float(number * hour), unit)
        for hour in range(3)
        for number, (name, unit) in enumerate(signals, 1)
    ]
    return {"levels": pd.DataFrame(rows, columns=["time_min", "signal", "level", "unit"])}


def test_each_signal_has_a_chart_with_its_unit():
    """In the order of the table, with the values at the samples."""
    first, second = levels(samples(("caffeine", "mg/L"), ("mood", "")), AXIS, [])
    assert (first.title, first.y_label, first.name) == ("caffeine", "mg/L", "level-0")
    assert (second.title, second.y_label, second.name) == ("mood", "level", "level-1")
    (drawn,) = second.series
    assert list(drawn.values) == [0.0, 2.0, 4.0]
    assert first.x == pytest.approx([0.0, 1.0, 2.0])


def test_many_signals_are_not_all_drawn_and_none_is_left_out_silently():
    """Twenty-four charts, and the names of the others."""
    *charts, note = levels(samples(*((f"s{number}", "") for number in range(26))), AXIS, [])
    assert len(charts) == 24
    assert all(isinstance(each, LineChart) for each in charts)
    assert note == Note("Not drawn, and in the table levels: s24, s25.")


def test_a_run_without_samples_says_so():
    """It was killed before the first one."""
    assert levels(samples(), AXIS, []) == [Note("The table levels has no rows.")]
