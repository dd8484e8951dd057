"""Pictures of comparisons: places on axes are those of the numbers, and names that users gave stay text."""

from __future__ import annotations

from importlib import import_module
from math import nan

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import lactflow
from lactflow.analysis.drawing.comparison import draw_forest, draw_pairs, forest_rows, reach_of, stacked
from lactflow.analysis.drawing.scenarios import by_day, draw_courses, draw_days, last_day
from lactflow.analysis.drawing.style import literal
from lactflow.analysis.drawing.svg import as_svg
from lactflow.errors import ConfigError

mpl.use("Agg")
plt = import_module("matplotlib.pyplot")  # once it is settled what it draws on


def difference(name, mean, gap, low, high):
    """A row of a table of differences."""
    return {
        "measure": name,
        "baseline": "a",
        "scenario": "b",
        "baseline_mean": mean,
        "difference": gap,
        "low": low,
        "high": high,
        "replicates": 3,
    }


FOUND = pd.DataFrame(
    [
        difference("removed_ml_per_day", 800.0, -80.0, -120.0, -40.0),
        difference("made_ml_per_day", 800.0, 8.0, -8.0, 24.0),
        difference("fullness", 0.5, 0.1, -1.5, 1.6),
        difference("onset_h", 60.0, 1.0, 0.5, 1.5),
        difference("sodium_mmol_per_l", 0.0, 1.0, 0.5, 1.5),
        difference("fat_g_per_l", 40.0, 1.0, nan, nan),
    ]
)
SUBJECTS = pd.DataFrame(
    {
        "scenario": ["a"] * 3 + ["b"] * 3,
        "subject": [0, 1, 2] * 2,
        "removed_ml_per_day": [800.0, 700.0, 900.0, 700.0, 640.0, 820.0],
        "made_ml_per_day": [nan] * 6,
    }
)


@pytest.fixture(autouse=True)
def closed():
    """No figure stays open."""
    yield
    plt.close("all")


def test_a_forest_has_percent_of_the_baseline():
    """By hand: -80 of 800 mL is -10 %; onset, a mean of 0 and what has no interval are left out."""
    rows = forest_rows(FOUND).set_index("measure")
    assert list(rows.index) == ["removed_ml_per_day", "made_ml_per_day", "fullness"]
    assert rows.loc["removed_ml_per_day", ["middle", "low", "high"]].tolist() == pytest.approx([-10.0, -15.0, -5.0])
    assert rows["sure"].tolist() == [True, False, False]


def test_a_forest_is_drawn_where_its_numbers_are():
    """Filled where the interval leaves out 0; an arrow at each end that is cut; the values at the right."""
    axes = draw_forest(FOUND)
    rows = forest_rows(FOUND)
    reach = reach_of(rows)
    assert 20.0 < reach < 300.0
    assert axes.get_xlim() == pytest.approx((-reach, reach))
    (whiskers,) = axes.collections
    ends = [segment[:, 0].tolist() for segment in whiskers.get_segments()]
    assert ends[0] == pytest.approx([-15.0, -5.0])
    assert ends[2] == pytest.approx([-reach, reach])
    marks = [line for line in axes.get_lines() if line.get_marker() == "s" and len(line.get_xdata())]
    filled, hollow = (line.get_xydata().ravel().tolist() for line in marks)
    assert filled == pytest.approx([-10.0, 0.0])
    assert hollow == pytest.approx([1.0, 1.0, 20.0, 2.0])
    assert marks[0].get_markerfacecolor() != marks[1].get_markerfacecolor()
    arrows = {line.get_marker(): line.get_xdata().tolist() for line in axes.get_lines() if line.get_marker() in "<>"}
    assert arrows == {"<": [-reach], ">": [reach]}
    assert "-80 (-120 to -40)" in [text.get_text() for text in axes.texts]
    assert axes.get_yticklabels()[0].get_text() == "milk removed [mL/day]"


def test_a_forest_of_nothing_that_differs_has_an_axis():
    """Of one percent: the width of rounding would be written out as powers of ten."""
    same = FOUND.assign(difference=0.0, low=0.0, high=0.0)
    assert reach_of(forest_rows(same)) == 1.0
    assert draw_forest(same).get_xlim() == (-1.0, 1.0)


def test_a_forest_in_units_has_one_unit():
    """Millilitres beside millilitres; fullness beside them is refused."""
    axes = draw_forest(FOUND, measures=["removed_ml_per_day", "made_ml_per_day"], percent=False)
    assert axes.get_xlabel() == "difference from a [mL/day]"
    assert axes.collections[0].get_segments()[0][:, 0].tolist() == [-120.0, -40.0]
    with pytest.raises(ConfigError, match="measures of different units share no axis"):
        draw_forest(FOUND, measures=["removed_ml_per_day", "fullness"], percent=False)
    with pytest.raises(ConfigError, match="no difference has an interval"):
        draw_forest(FOUND, measures=["fat_g_per_l"])


def dots_of(axes):
    """Places of the dots of a picture."""
    return [patch.get_path().vertices[::2] for patch in axes.patches if patch.get_capstyle() == "round"]


def test_pairs_are_dots_over_their_mean():
    """By hand: 100, 60 and 80 mL less; the mean and its interval are those of the table."""
    axes = draw_pairs(FOUND, SUBJECTS, "removed_ml_per_day")
    (dots,) = dots_of(axes)
    assert dots[:, 0].tolist() == [-100.0, -80.0, -60.0]
    interval, mean = [line.get_xdata().tolist() for line in axes.get_lines() if line.get_color() == "#1b2128"]
    assert (interval, mean) == ([-120.0, -40.0], [-80.0])
    assert axes.texts[0].get_text() == "-80 (-120 to -40)\n3 pairs"
    with pytest.raises(ConfigError, match=r"no measure 'removed' in the comparison \(nearest: removed_ml_per_day\)"):
        draw_pairs(FOUND, SUBJECTS, "removed")
    with pytest.raises(ConfigError, match="no pair has the measure 'made_ml_per_day'"):
        draw_pairs(FOUND, SUBJECTS, "made_ml_per_day")


def test_dots_are_stacked_where_they_would_hide_one_another():
    """Those of one cell stand on one another."""
    assert stacked(np.array([0.1, 0.2, 1.1]), 0.0, 2.0, 2).tolist() == [0.0, 1.0, 0.0]


def test_names_stay_text():
    """A dollar is no mathematics, an underscore hides nothing, and the ends of long names distinguish them."""
    odd = FOUND.assign(scenario="_x $\\frac{1}{$ <b>\x00")
    axes = draw_forest(odd)
    svg = as_svg(axes.figure, "odd")
    assert "_x $\\frac{1}{$ &lt;b&gt;" in svg
    assert "\x00" not in svg
    assert len(axes.get_legend().get_texts()) == 1
    assert literal("gland.lumen.capacity_ml-is-as-long-as-150", 20) == "gland.lumen...as-150"


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Two schedules over a day and a half, in two replicates, from 06:00."""
    config = {"start_day": 30, "days": 1.5, "birth_clock": "06:00", "resolution": "coarse", "record": {"visits": False}}
    configs = [config | {"name": f"h{hours}", "schedule": [{"kind": "every", "hours": hours}]} for hours in (3, 6)]
    out = tmp_path_factory.mktemp("compared")
    return lactflow.compare(configs, replicates=2, out=out, workers=1)


def test_a_comparison_draws_itself(compared):
    """All measures, or one; the figure of the folder is the same."""
    assert compared.plot().get_xlabel() == "difference from h3"
    assert compared.plot("fat_g_per_l").get_xlabel() == "fat: difference from h3 [g/L]"
    figure = compared.write_figure()
    first = figure.read_bytes()
    assert first.startswith(b"<?xml")
    assert compared.write_figure().read_bytes() == first


def test_a_day_of_each_schedule_is_a_row(compared):
    """The last whole day: day 30 from 06:00 has no whole calendar day, so its first; sessions by the clock."""
    days = {name: last_day(run) for name, run in compared.runs.items()}
    assert [day.number for day in days.values()] == [30, 30]
    axes = draw_days(days)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["h3", "h6"]
    (feeds,) = [patch for patch in axes.patches if patch.get_label() == "feed"]
    starts = feeds.get_path().vertices[::5]
    rows = np.floor(starts[:, 1])
    for row, day in enumerate(days.values()):
        expected = sorted(day.removals["start_min"].clip(lower=0.0) / 60.0)
        assert sorted(starts[rows == row, 0]) == pytest.approx(expected)


def test_courses_have_means_and_bands(compared):
    """A line and a band for each scenario."""
    days = {name: run.daily() for name, run in compared.runs.items()}
    axes = draw_courses(days, "removed_ml_per_day")
    lines = {line.get_label(): line for line in axes.get_lines()}
    assert list(lines) == ["h3", "h6"]
    for name, frame in days.items():
        means = frame.groupby("day")["removed_ml_per_day"].mean()
        assert lines[name].get_xdata().tolist() == [day - 0.5 for day in means.index]
        np.testing.assert_allclose(lines[name].get_ydata(), means)
    assert len(axes.collections) == 2
    numbers = sorted({day for frame in days.values() for day in frame["day"]})
    assert axes.get_xlim() == (numbers[0] - 1.0, numbers[-1])
    assert all(float(tick).is_integer() for tick in axes.get_xticks())
    assert lines["h3"].get_linestyle() != lines["h6"].get_linestyle()


def test_long_courses_have_few_points():
    """Of a thousand days: stretches of seven, with their means, lowest and highest values."""
    days = pd.DataFrame({"day": range(1, 1001), "observed_days": 1.0, "fullness": np.arange(1000.0)})
    found = by_day(days, "fullness")
    assert len(found) == 143
    assert found.iloc[0].tolist() == [3.0, 0.0, 6.0]
    assert found.index[0] == 4.0
