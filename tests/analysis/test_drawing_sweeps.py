"""Pictures of sweeps, rankings and calibrations: places on axes are those of the numbers."""

from __future__ import annotations

from importlib import import_module
from math import nan

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from lactflow.analysis.drawing.calibrated import draw_distances, draw_intervals, draw_losses, draw_profile
from lactflow.analysis.drawing.key_axis import KeyAxis
from lactflow.analysis.drawing.ranking import draw_ranking
from lactflow.analysis.drawing.swept import draw_against_keys, draw_over_keys, draw_spread
from lactflow.errors import ConfigError

mpl.use("Agg")
plt = import_module("matplotlib.pyplot")  # once it is settled what it draws on
CAPACITY = "gland.lumen.capacity_ml"


@pytest.fixture(autouse=True)
def closed():
    """No figure stays open."""
    yield
    plt.close("all")


def labelled(axes):
    """Lines of a picture by what the legend calls them."""
    return {line.get_label(): line for line in axes.get_lines()}


def test_a_band_is_that_of_the_units():
    """Mean, 5th and 95th percentile of the units of a point, by hand."""
    rows = pd.DataFrame({"a.b": [1.0, 1.0, 3.0, 3.0], "stored_ml": [10.0, 20.0, 40.0, 40.0]})
    axes = draw_over_keys(rows, "stored_ml", KeyAxis("a.b", rows["a.b"], "mL"))
    (line,) = axes.get_lines()
    assert line.get_xydata().tolist() == [[1.0, 15.0], [3.0, 40.0]]
    (band,) = axes.collections
    (outline,) = (path.vertices for path in band.get_paths())
    assert sorted({y for x, y in outline.tolist() if x == 1.0}) == pytest.approx([10.5, 19.5])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("a.b [mL]", "milk in both breasts [mL]")


def test_words_have_no_line_between_them():
    """A mark from percentile to percentile for each."""
    rows = pd.DataFrame({"side": ["left", "both"], "stored_ml": [10.0, 20.0]})
    axes = draw_over_keys(rows, "stored_ml", KeyAxis("side", rows["side"]))
    (line,) = axes.get_lines()
    assert line.get_linestyle() == "None"
    assert line.get_xydata().tolist() == [[0.0, 10.0], [1.0, 20.0]]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["left", "both"]


def test_a_second_key_has_lines_of_different_dashes():
    """Named by its values, as they are written."""
    rows = pd.DataFrame([(a, b, 2.0 * a) for a in range(3) for b in ("$x", "_y")], columns=["a", "p.b", "stored_ml"])
    axes = draw_over_keys(rows, "stored_ml", KeyAxis("a", rows["a"]), KeyAxis("p.b", rows["p.b"]))
    lines = labelled(axes)
    assert list(lines) == [r"p.b = \$x", "p.b = _y"]
    assert len({line.get_linestyle() for line in lines.values()}) == 2


def test_keys_have_places_by_their_size_or_its_logarithm():
    """A key whose values go over decades is logarithmic; words stand in a row; one value stands in the middle."""
    linear, decades = pd.Series([1.0, 2.0, 3.0]), pd.Series([1.0, 10.0, 100.0])
    assert KeyAxis("a", linear).shares(linear).tolist() == [0.0, 0.5, 1.0]
    axis = KeyAxis("a", decades)
    assert axis.shares(decades).tolist() == pytest.approx([0.0, 0.5, 1.0])
    assert axis.label == "a, logarithmic"
    axes = plt.figure().add_subplot()
    axis.apply(axes)
    assert axes.get_xscale() == "log"
    words = pd.Series(["x", "y", "x"])
    assert KeyAxis("w", words).values(words).tolist() == [0.0, 1.0, 0.0]
    alone = pd.Series([7.0, 7.0])
    assert KeyAxis("a", alone).shares(alone).tolist() == [0.5, 0.5]


def dots_of(axes):
    """Places of the dots of a picture, a path each."""
    return [patch.get_path().vertices[::2] for patch in axes.patches if patch.get_capstyle() == "round"]


def test_strips_have_the_units_and_the_means_of_parts():
    """By hand: the measure from 0 to 4 fills a strip; three units at one place have one mean."""
    rows = pd.DataFrame({"a": [1.0, 1.0, 1.0, 2.0], "b": ["x", "y", "x", "y"], "stored_ml": [0.0, 1.0, 2.0, 4.0]})
    axes = draw_against_keys(rows, "stored_ml", [KeyAxis(key, rows[key]) for key in ("a", "b")])
    first, second = dots_of(axes)
    assert first[:, 0].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert second[:, 0].tolist() == [0.0, 1.0, 0.0, 1.0]
    assert first[:, 1].tolist() == pytest.approx([0.94, 0.78, 0.62, 0.3])
    assert (second[:, 1] - first[:, 1]).tolist() == pytest.approx([1.0] * 4)
    line = next(line for line in axes.get_lines() if len(line.get_xdata()) == 2 and line.get_color() == "#1b2128")
    assert line.get_xydata().ravel().tolist() == pytest.approx([0.0, 0.78, 1.0, 0.3])
    assert [text.get_text() for text in axes.texts] == ["a: 1.00 to 2.00", "b: 2 values"]


def test_a_spread_has_a_dot_for_each_unit():
    """At its value, and a line at the mean."""
    axes = draw_spread(pd.DataFrame({"stored_ml": [4.0, 1.0, 1.0]}), "stored_ml")
    (dots,) = dots_of(axes)
    assert dots[:, 0].tolist() == [1.0, 1.0, 4.0]
    assert dots[0, 1] < dots[1, 1]
    assert labelled(axes)["mean"].get_xdata() == [2.0, 2.0]


RANKING = pd.DataFrame(
    {
        "measure": "stored_ml",
        "rank": [2.0, 1.0],
        "key": ["b", CAPACITY],
        "mu_star": [5.0, 10.0],
        "low": [1.0, 8.0],
        "high": [9.0, 12.0],
        "mu": [-5.0, 10.0],
        "chance_share": [0.5, nan],
    }
)


def test_bars_are_as_long_as_the_effects():
    """In the order of the ranks; sign by colour and in words, interval, and the share of chance within."""
    axes = draw_ranking(RANKING, "stored_ml")
    up, down, chance = (
        [(bar.get_y() + 0.5 * bar.get_height(), bar.get_width()) for bar in of] for of in axes.containers
    )
    assert up == [(0.0, 10.0)]
    assert down == [(1.0, 5.0)]
    assert chance == [(1.0, 2.5)]
    (intervals,) = axes.collections
    assert [segment[:, 0].tolist() for segment in intervals.get_segments()] == [[8.0, 12.0], [1.0, 9.0]]
    assert [text.get_text() for text in axes.texts] == ["10.0, raises it", "5.00, lowers it"]
    assert [label.get_text() for label in axes.get_yticklabels()] == [CAPACITY, "b"]
    with pytest.raises(ConfigError, match="no quantity has a size"):
        draw_ranking(RANKING.assign(mu_star=nan), "stored_ml")


def quantity(**more):
    """A row of the table of quantities."""
    ends = {"low": 100.0, "high": 200.0, "range_low": 100.0, "range_high": 300.0}
    row = {"key": CAPACITY, "unit": "mL", "start": 200.0, "value": 150.0, "logarithmic": False, "verdict": "at most"}
    return row | ends | more


def test_intervals_are_shares_of_their_ranges():
    """By hand: 100 to 200 of 100 to 300 is the lower half; by factors 10 is the middle of 1 to 100."""
    decades = {"range_low": 1.0, "range_high": 100.0, "low": 10.0, "high": 100.0, "value": 10.0, "start": nan}
    axes = draw_intervals(pd.DataFrame([quantity(), quantity(**decades, logarithmic=True, verdict="decided")]))
    assert [(bar.get_x(), bar.get_width()) for of in axes.containers for bar in of] == [
        pytest.approx((0.0, 0.5)),
        pytest.approx((0.5, 0.5)),
    ]
    assert labelled(axes)["found"].get_xdata() == pytest.approx([0.25, 0.5])
    assert labelled(axes)["in the config"].get_xdata() == pytest.approx([0.5, nan], nan_ok=True)
    assert [text.get_text() for text in axes.texts] == ["150.0, at most", "10.00, decided"]


def test_targets_stand_at_their_distances():
    """The error is half an SD; without a value there is no mark; what is beyond six SDs is an arrow there."""
    rows = [
        {"id": "a", "use": "fitted", "sd": 2.0, "model_error": 1.0, "z": 1.0},
        {"id": "b", "use": "held out", "sd": 2.0, "model_error": nan, "z": -2.0},
        {"id": "c", "use": "held out", "sd": 2.0, "model_error": 1.0, "z": nan},
        {"id": "d", "use": "fitted", "sd": 2.0, "model_error": 1.0, "z": 9.0},
    ]
    axes = draw_distances(pd.DataFrame(rows))
    lines = labelled(axes)
    assert lines["fitted to"].get_xydata().tolist() == [[1.0, 0.0]]
    assert lines["not fitted to"].get_xydata().tolist() == [[-2.0, 1.0]]
    assert lines["fitted to"].get_marker() != lines["not fitted to"].get_marker()
    (errors,) = axes.collections
    assert [segment[:, 0].tolist() for segment in errors.get_segments()] == [[0.5, 1.5]]
    assert next(line for line in axes.get_lines() if line.get_marker() == ">").get_xydata().tolist() == [[6.0, 2.0]]
    with pytest.raises(ConfigError, match="no value for any target"):
        draw_distances(pd.DataFrame(rows[2:3]))


def test_a_profile_crosses_its_line():
    """In order of the values; the interval and the value that was found; far losses leave the picture."""
    rows = pd.DataFrame({"key": CAPACITY, "value": [300.0, 100.0, 200.0], "above_least": [1e9, 0.0, 3.84]})
    axes = draw_profile(rows, quantity())
    lines = labelled(axes)
    assert lines["loss"].get_xdata().tolist() == [100.0, 200.0, 300.0]
    assert lines["loss"].get_ydata()[:2].tolist() == [0.0, 3.84]
    assert lines["3.84"].get_ydata() == pytest.approx([3.84, 3.84], abs=0.002)
    assert lines["value found"].get_xdata() == [150.0, 150.0]
    band = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    assert (band.x0, band.x1) == pytest.approx((100.0, 200.0))
    assert axes.get_ylim()[1] == pytest.approx(15.37, abs=0.01)
    assert axes.get_xlabel() == f"{CAPACITY} [mL]"


def test_losses_go_down():
    """The smallest so far never rises; failed trials are marked at the bottom; without losses there is nothing."""
    rows = pd.DataFrame(
        {
            "trial": [0, 1, 2, 3],
            "stage": ["start", "start", "search", "surface"],
            "loss": [100.0, nan, 1000.0, 10.0],
            "status": ["complete", "failed", "complete", "complete"],
        }
    )
    axes = draw_losses(rows)
    lines = labelled(axes)
    assert axes.get_yscale() == "log"
    np.testing.assert_array_equal(lines["smallest so far"].get_ydata(), [100.0, 100.0, 10.0])
    assert [lines[stage].get_ydata().tolist() for stage in ("start", "search", "surface")] == [
        [100.0],
        [1000.0],
        [10.0],
    ]
    assert lines["failed"].get_xdata().tolist() == [1]
    with pytest.raises(ConfigError, match="no trial has a loss"):
        draw_losses(rows.assign(loss=nan))
