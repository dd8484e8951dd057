"""Women of a cohort together: fans by day, how they are spread, and what was published of the same days."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

import lactflow
from lactflow.analysis.at_days import AtDays
from lactflow.analysis.drawing.cohort import at_days, by_woman, draw_cohort, grouped_by, spread_days, women_of
from lactflow.analysis.published_spreads import published_spreads
from lactflow.analysis.tally import tallied
from lactflow.errors import ConfigError
from lactflow.report.run_cohort import cohort

TINY = [
    "gland.lobes_per_breast=1",
    "resolution.packet_ml=1",
    "record={visits: false, sample_min: 360}",
    "start_day=2",
    "schedule=[{kind: every, hours: 6}]",
]


def small(out, *more, **options):
    """A run of two days, from day 2 on."""
    return lactflow.run("every-three-hours", settings=[*TINY, *more], days=2.0, out=out, workers=1, **options)


@pytest.fixture(scope="module")
def women(tmp_path_factory):
    """Nine women in two replicates each."""
    return small(tmp_path_factory.mktemp("women"), "mother.cohort=9", replicates=2)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """One mother, once."""
    return small(tmp_path_factory.mktemp("alone"))


def test_replicates_of_a_woman_are_averaged(women):
    """A column for each woman; the median and the bands are over these."""
    days = women.daily()
    table = by_woman(days, "removed_ml_per_day")
    assert table.shape == (2, 9)
    hers = days[(days["mother"] == 3) & (days["day"] == 3)]["removed_ml_per_day"]
    assert table.loc[3, 3] == pytest.approx(hers.mean())
    axes = women.plot.cohort()
    labels = axes.get_legend_handles_labels()[1]
    assert {"90 % of the women", "the middle 50 %", "median", "Saint 1984: mean and range, n = 9"} == set(labels)
    median = next(each for each in axes.lines if each.get_label() == "median")
    np.testing.assert_allclose(median.get_ydata(), table.median(axis=1))
    np.testing.assert_allclose(median.get_xdata(), [1.5, 2.5])


def test_few_women_are_drawn_one_by_one(women):
    """Quantiles of three mean nothing."""
    days = women.daily()
    axes = draw_cohort(women, "fat_g_per_l", days=days[days["mother"] < 3])
    assert axes.get_legend_handles_labels()[1] == ["each of 3 women", "median"]
    assert len(axes.lines) == 4


def test_women_are_spread_on_the_days_of_a_published_spread(women):
    """Day 3 of Saint 1984, which the run has; a measure that nothing was published of is of the whole run."""
    assert spread_days(women, "removed_ml_per_day") == (3, 3)
    assert spread_days(women, "fat_g_per_l") is None
    wanted = [at_days("removed_ml_per_day", (3, 3)), AtDays("fat_g_per_l")]
    found = women_of(women, wanted)
    assert list(found) == ["removed_ml_per_day@3", "fat_g_per_l"]
    assert len(found) == 9
    axes = women.plot.women(days=(3, 3))
    assert axes.get_xlabel() == "milk removed, day 3 [mL/day]"
    assert sum(each.get_height() for each in axes.patches) == 9
    assert "Saint 1984: mean and range, n = 9" in axes.get_legend_handles_labels()[1]
    assert "Saint 1984: mean and range, n = 9" not in women.plot.women().get_legend_handles_labels()[1]


def test_what_cannot_be_drawn_is_refused(women, alone):
    """One woman, a measure of a run as one of days, and none at all."""
    with pytest.raises(ConfigError, match="one mother and one replicate"):
        alone.plot.cohort()
    with pytest.raises(ConfigError, match="there is no measure of days 'onset_h'"):
        women.plot.cohort("onset_h")
    with pytest.raises(ConfigError, match=r"there is no measure 'fat_g' \(nearest: fat_g_per_l\)"):
        women.plot.women("fat_g")
    with pytest.raises(ConfigError, match="fewer than two women have 'removed_ml_per_day'"):
        women.plot.women(days=(200, 210))


def test_a_page_says_that_it_is_of_a_cohort_and_of_how_many(women, alone):
    """With fans, spreads and a table beside published ones; a run of one woman has nothing of it."""
    assert cohort(alone, partial(tallied, alone)) == []
    note, *blocks = cohort(women, partial(tallied, women))
    assert note.text.startswith("This is a cohort: 9 virtual women who differ as women do")
    assert "each in 2 replicates" in note.text
    assert {each.choice for each in blocks[:-1]} == {"cohort", "women"}
    table = blocks[-1]
    row = next(each for each in table.rows if each[0] == "milk removed, day 3 [mL/day]")
    assert row[1] == "9"
    assert row[6:9] == ["408", "98.3 to 775 (range)", "9"]
    assert row[9].startswith("Saint L, Smith M, Hartmann PE 1984")


def test_replicates_of_one_mother_are_no_cohort():
    """They differ by random numbers alone, and the page says so."""
    table = pd.DataFrame({"mother": [0, 0], "replicate": [0, 1]})
    assert grouped_by(table) == ("replicate", "replicates")


def test_published_spreads_are_of_days_that_overlap():
    """One of a whole run is of any."""
    third, fifth, later = published_spreads("removed_ml_per_day")
    assert third.is_of((1, 7))
    assert not third.is_of((5, 7))
    assert fifth.is_of((5, 7))
    assert later.is_of((180, 400))
    assert not later.is_of(None)
    (onset,) = published_spreads("onset_h")
    assert onset.is_of(None)
    assert published_spreads("fullness") == ()
