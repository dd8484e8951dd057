"""Pictures of runs: what is drawn is what the tables have, and what cannot be drawn is one line."""

from __future__ import annotations

from importlib import import_module

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import lactflow
from lactflow.analysis.drawing import style
from lactflow.analysis.drawing.day import stored_over
from lactflow.errors import ConfigError
from lactflow.parameters.growth_standard import standard_at

mpl.use("Agg")
plt = import_module("matplotlib.pyplot")  # once it is settled what it draws on
DAY_30_MIN = 29 * 1440.0


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two replicates of a day and a half with feeds and a pumping, birth at 06:00."""
    schedule = [{"kind": "every", "hours": 3}, {"kind": "pump", "times": ["04:30"], "minutes": 10}]
    config = {"start_day": 30, "days": 1.5, "birth_clock": "06:00", "resolution": "coarse", "schedule": schedule}
    out = tmp_path_factory.mktemp("drawing")
    return lactflow.run(config | {"record": {"visits": False}}, replicates=2, out=out, workers=1)


@pytest.fixture(autouse=True)
def closed():
    """No figure stays open."""
    yield
    plt.close("all")


def labelled(axes):
    """Lines of a picture by what the legend calls them."""
    return {line.get_label(): line for line in axes.get_lines()}


def test_stored_milk_has_a_corner_at_each_end_of_a_session():
    """By hand: a session from 10 to 20 min takes a breast of 200 mL from 0.5 to 0.2; the sample within is left out."""
    breasts = pd.DataFrame(
        {"time_min": [0.0, 15.0, 30.0], "volume_ml": [90.0, 70.0, 50.0], "capacity_ml": [200.0, 200.0, 200.0]}
    )
    removals = pd.DataFrame({"start_min": [10.0], "end_min": [20.0], "fullness_start": [0.5], "fullness_end": [0.2]})
    found = stored_over(breasts, removals)
    assert found["time_min"].tolist() == [0.0, 10.0, 20.0, 30.0]
    assert found["volume_ml"].tolist() == [90.0, 100.0, 40.0, 50.0]


def test_a_day_has_both_breasts_sessions_let_downs_and_the_night(run):
    """As in the tables of the first replicate; hours on the clock, of a birth at 06:00."""
    axes = run.plot.day(30)
    sessions, let_downs = run["sessions"], run["let_downs"]
    first = sessions[(sessions["replicate"] == 0) & (sessions["start_min"] < DAY_30_MIN + 1440.0)]
    shown = [text.get_text() for text in axes.texts]
    assert shown == [f"{taken:.0f}" for taken in first["intake_ml"] if taken >= 0.5]
    lines = labelled(axes)
    assert {"left breast", "right breast", "capacity"} <= set(lines)
    ticks = let_downs[let_downs["replicate"] == 0].drop_duplicates("let_down")
    ticks = ticks[ticks["time_min"] < DAY_30_MIN + 1440.0]
    np.testing.assert_allclose(lines["let-downs"].get_xdata() * 60.0 + DAY_30_MIN, ticks["time_min"])
    assert [label.get_text() for label in axes.get_xticklabels()][:3] == ["06:00", "09:00", "12:00"]
    assert axes.get_xlim() == (0.0, 24.0)
    assert {text.get_text() for text in axes.get_legend().get_texts()} >= {"left breast", "feed", "pump"}


def test_the_last_whole_day_is_drawn_when_none_is_named(run):
    """Of a day and a half: the first."""
    assert run.plot.day().get_title(loc="left").startswith("Day 30;")


def test_a_picture_is_drawn_where_it_is_asked_for(run):
    """On axes that are given; of another replicate; on a figure of its own else."""
    _, (above, below) = plt.subplots(2)
    assert run.plot.day(30, above) is above
    assert run.plot.day(30, below, replicate=1) is below
    assert [each.get_text() for each in above.texts] != [each.get_text() for each in below.texts]
    assert run.plot.day(30).figure is not above.figure


def test_a_course_has_the_mean_and_the_band_of_its_days(run):
    """Of days that were seen for half or more."""
    axes = run.plot.course("removed_ml_per_day")
    days = run.daily()
    line = labelled(axes)["mean"]
    assert line.get_xdata().tolist() == [29.5, 30.5]
    np.testing.assert_allclose(line.get_ydata(), days.groupby("day")["removed_ml_per_day"].mean())
    assert axes.get_ylabel() == "milk removed [mL/day]"


def test_growth_lies_on_the_curves_of_the_who(run):
    """Five of them, and each infant."""
    axes = run.plot.growth()
    ends = {text.get_text(): text.xy for text in axes.texts}
    assert list(ends) == ["-2 z", "-1 z", "median", "+1 z", "+2 z"]
    age, weight = ends["+2 z"]
    assert weight == pytest.approx(standard_at(float(age)).weight_kg(2.0))
    infants = run["infants"]
    mine = infants[infants["replicate"] == 0]
    np.testing.assert_allclose(labelled(axes)["infant"].get_ydata(), mine["weight_kg"])


def test_growth_has_the_weight_at_birth(run, tmp_path):
    """A line across, as the config has it; a marker where birth is in the picture; one for each twin."""
    line = labelled(run.plot.growth())["birth weight 3.40 kg"]
    assert list(line.get_ydata()) == [3.4, 3.4]
    assert line.get_marker() == "None"  # the run begins on day 30
    twins = [{"birth_weight_kg": 2.6}, {"birth_weight_kg": 2.9}]
    config = {"start_day": 1, "days": 0.1, "resolution": "coarse", "record": {"visits": False}}
    schedule = [{"kind": "every", "hours": 3}]
    born = lactflow.run(config | {"infants": twins, "schedule": schedule}, out=tmp_path, workers=1)
    lines = labelled(born.plot.growth())
    first, second = (lines[f"birth weight {kg} kg, infant {number}"] for number, kg in enumerate(("2.60", "2.90")))
    assert (first.get_marker(), second.get_marker()) == ("o", "s")
    assert first.get_color() != second.get_color()


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda run: run.plot.day(40), "day 40 is not in the run (its days: 30 to 31)"),
        (lambda run: run.plot.day(30, replicate=7), "day 30 is not in the run (its days: none)"),
        (lambda run: run.plot.course("fat"), "there is no measure of days 'fat' (nearest: fat_g_per_l)"),
        (lambda run: run.plot.course("onset_h"), "there is no measure of days 'onset_h'"),
    ],
)
def test_what_is_not_there_is_one_line(run, draw, words):
    """With what there is."""
    with pytest.raises(ConfigError) as error:
        draw(run)
    assert str(error.value).startswith(words)


def test_a_run_without_infants_has_no_growth(tmp_path):
    """A mother who pumps."""
    config = {"days": 0.1, "infants": [], "resolution": "coarse", "schedule": [{"kind": "pump", "per_day": 8}]}
    run = lactflow.run(config | {"record": {"visits": False}}, out=tmp_path, workers=1)
    with pytest.raises(ConfigError, match="the run has no infants"):
        run.plot.growth()


def test_nights_are_shaded_by_the_clock():
    """From 22 to 06: of a day that begins at 06:00, the hours 16 to 24; of one from midnight, 0 to 6 and 22 to 24."""
    for birth_clock_min, spans in ((360.0, [(16.0, 24.0)]), (0.0, [(0.0, 6.0), (22.0, 24.0)])):
        _, axes = plt.subplots()
        style.shade_nights(axes, DAY_30_MIN, DAY_30_MIN + 1440.0, birth_clock_min, 60.0)
        found = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in axes.patches]
        np.testing.assert_allclose(found, spans)
