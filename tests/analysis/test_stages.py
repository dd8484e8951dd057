"""Stages of lactation, from the calendar and the schedule, and measures of each."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pandas as pd
import pytest

import lactflow
from lactflow.analysis import by_replicate, daily, stages, summary
from lactflow.analysis.at_days import AtDays, by_replicate_at
from lactflow.analysis.tally import tallied
from lactflow.config.model import RunConfig
from lactflow.errors import PluginError

MODULE = importlib.import_module("lactflow.analysis.stages")
COARSE = ("gland.lobes_per_breast=1", "resolution.packet_ml=0.5", "record.visits=false")
DEMAND = {"kind": "on_demand"}
NOBODY_FROM_62 = {"from_day": 62, "kind": "none"}
ONCE = {"kind": "once", "sessions": ({"day": 62.5, "what": "pump"},)}
PUMP = {"kind": "pump", "per_day": 6}


def at(days, schedule, **config):
    """Stages at some days."""
    valid = RunConfig.model_validate({"format": 1, "schedule": tuple(schedule), **config})
    stage = MODULE.staging(valid.model_dump(by_alias=True))
    return [stage(day) for day in days]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {"start_day": -20, "schedule": [{"from_day": 1, **DEMAND}]},
            {
                -3.0: "pregnancy",
                0.99: "pregnancy",
                1.0: "onset",
                5.99: "onset",
                6.0: "established",
                99.0: "established",
            },
        ),
        (
            {
                "start_day": 180,
                "schedule": [
                    DEMAND,
                    {"from_day": 190, "kind": "wean", "days": 42},
                    {"from_day": 232, "kind": "none"},
                ],
            },
            {189.9: "established", 190.0: "weaning", 231.0: "weaning", 240.0: "weaning"},
        ),
        ({"start_day": 60, "schedule": [DEMAND, NOBODY_FROM_62]}, {61.0: "established", 62.0: "weaning"}),
        # One of two infants is weaned; then the other one too.
        (
            {
                "start_day": 60,
                "schedule": [
                    {"infant": 0, **DEMAND},
                    {"infant": 1, **DEMAND},
                    {"infant": 1, "from_day": 62, "kind": "wean", "days": 5},
                    {"infant": 0, "from_day": 64, "kind": "wean", "days": 5},
                ],
            },
            {61.0: "established", 63.0: "established", 65.0: "weaning"},
        ),
        # Nobody ever takes milk: the calendar up to day 5, then it dries up.
        ({"start_day": 1, "schedule": []}, {1.5: "onset", 5.5: "onset", 6.0: "weaning"}),
        ({"start_day": 1, "schedule": [{"kind": "none"}]}, {1.5: "onset", 6.0: "weaning"}),
        ({"start_day": 60, "schedule": []}, {60.5: "weaning"}),
        # No birth, no onset.
        (
            {"start_day": 1, "mother": {"pregnant": False}, "schedule": [{"from_day": 91, **PUMP}]},
            {1.5: "established", 90.0: "established", 95.0: "established"},
        ),
        # Stopped on the third day.
        ({"start_day": 1, "schedule": [DEMAND, {"from_day": 3, "kind": "none"}]}, {2.5: "onset", 3.5: "weaning"}),
        # A pause is no weaning, whether it comes first or in between.
        (
            {"start_day": 30, "schedule": [DEMAND, {"from_day": 32, "kind": "none"}, {"from_day": 34, **DEMAND}]},
            {31.0: "established", 33.0: "established", 35.0: "established"},
        ),
        ({"start_day": 30, "schedule": [{"from_day": 31.25, **PUMP}]}, {30.5: "established", 31.5: "established"}),
        ({"start_day": 1, "schedule": [{"from_day": 3, **PUMP}]}, {1.5: "onset", 3.5: "onset", 7.0: "established"}),
        # A mother who pumps instead does not wean; one whose pumpings followed the feeds does.
        ({"start_day": 60, "schedule": [DEMAND, NOBODY_FROM_62, PUMP]}, {63.0: "established"}),
        (
            {
                "start_day": 60,
                "schedule": [
                    DEMAND,
                    NOBODY_FROM_62,
                    {"kind": "pump", "after_feeds": True},
                ],
            },
            {61.0: "established", 63.0: "weaning"},
        ),
        # One pumping keeps no lactation going, and makes no mother wean who feeds.
        ({"start_day": 60, "schedule": [DEMAND, NOBODY_FROM_62, ONCE]}, {61.0: "established", 63.0: "weaning"}),
        ({"start_day": 60, "schedule": [DEMAND, ONCE]}, {61.0: "established", 65.0: "established"}),
        ({"start_day": 60, "schedule": [{"kind": "power_pump", "times": ("21:00",)}]}, {61.0: "established"}),
        ({"start_day": 60, "schedule": [{"kind": "hand", "times": ("21:00",)}]}, {61.0: "established"}),
        ({"start_day": 60, "schedule": [{"kind": "bottle", "times": ("21:00",)}]}, {61.0: "weaning"}),
    ],
)
def test_a_stage_follows_from_the_calendar_and_the_schedule(config, expected):
    """At any time, without a run."""
    assert dict(zip(expected, at(expected, **config), strict=True)) == expected


def test_a_log_ends_where_nobody_goes_on():
    """The last removal counts where the log is followed by nothing; not where it is continued, or milk is pumped."""

    def asked(gaps, *beside):
        config = {"start_day": 30.0, "schedule": ({"kind": "log", "file": "x.csv", "gaps": gaps}, *beside)}
        stage = MODULE.staging(config, lambda: 39.9)
        return [stage(day) for day in (35.0, 39.5, 40.5, 44.0)]

    assert asked("nobody") == ["established", "established", "weaning", "weaning"]
    assert asked("continue") == ["established"] * 4
    assert asked("nobody", PUMP) == ["established"] * 4


def test_a_kind_that_nobody_knows_is_an_error():
    """It is not taken for a feed by oversight."""
    with pytest.raises(PluginError, match="schedule kind 'offer' is unknown"):
        MODULE.staging({"schedule": ({"kind": "offer"},)})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two women, two replicates each: the last day of pregnancy, birth, six days of feeds, a day of weaning."""
    folder = tmp_path_factory.mktemp("stages")
    config = folder / "short.yaml"
    config.write_text(
        "format: 1\nstart_day: 0\ndays: 8.5\nschedule:\n  - {from_day: 1, kind: every, hours: 3}\n"
        "  - {from_day: 7.25, kind: none}\n",
        encoding="utf-8",
    )
    return lactflow.run(config, settings=[*COARSE, "mother.cohort=2"], replicates=2, workers=1, out=folder / "outputs")


def test_each_stage_has_the_days_it_holds(run):
    """A day counts whole: the weaning that begins at 06:00 of day 7 has all of it."""
    table = stages(run)
    assert table[["mother", "replicate"]].drop_duplicates().to_numpy().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    spans = table.drop_duplicates("stage")[["stage", "from_day", "to_day", "observed_days"]]
    assert spans.to_numpy().tolist() == [
        ["pregnancy", 0, 0, 1.0],
        ["onset", 1, 5, 5.0],
        ["established", 6, 6, 1.0],
        ["weaning", 7, 8, 1.5],
    ]
    assert run.stages().equals(table)


def test_measures_of_a_stage_are_those_of_its_days(run):
    """Milk of a stage is that of its days; what belongs to the run stands with the onset."""
    by_day = daily(run)
    for _, row in stages(run).iterrows():
        own = by_day[
            (by_day["mother"] == row["mother"])
            & (by_day["replicate"] == row["replicate"])
            & by_day["day"].between(row["from_day"], row["to_day"])
        ]
        expected = np.average(own["removed_ml_per_day"], weights=own["observed_days"])
        assert row["removed_ml_per_day"] == pytest.approx(expected)
        assert math.isnan(row["onset_h"]) == (row["stage"] != "onset" or math.isnan(own_onset(run, row)))
    assert stages(run).query("stage == 'weaning'")["removed_ml_per_day"].max() < 400.0


def own_onset(run, row):
    """The onset of one unit of work."""
    table = by_replicate(run).set_index(["mother", "replicate"])
    return table.loc[(row["mother"], row["replicate"]), "onset_h"]


def test_the_overview_is_the_summary_with_a_spread(run):
    """Means are those of `summary`; the spread is between women, each being the mean of her replicates."""
    found = MODULE.overview(run)
    assert (found.women, found.replicates) == (2, 2)
    assert [each.stage for each in found.stages] == ["pregnancy", "onset", "established", "weaning"]
    expected = summary(run)
    assert list(found.whole.measures) == list(expected)
    assert pd.Series(found.whole.measures).equals(pd.Series(expected))
    of_each = by_replicate(run)
    women = of_each.groupby("mother")["made_ml_per_day"].mean()
    assert found.whole.sd["made_ml_per_day"] == pytest.approx(women.std(ddof=1))
    assert found.onsets == of_each["onset_h"].count()
    one = MODULE.overview(run, units=[(1, 0), (1, 1)])
    assert (one.women, one.replicates) == (1, 2)
    replicates = of_each.query("mother == 1")["made_ml_per_day"]
    assert one.whole.sd["made_ml_per_day"] == pytest.approx(replicates.std(ddof=1))
    assert math.isnan(MODULE.overview(run, units=[(0, 0)]).whole.sd["made_ml_per_day"])


def test_tallies_at_hand_change_nothing(run):
    """All that is made of one counting, with and without a warm-up, is what each counts by itself."""
    for warm_up_days in (0.0, 3.0):
        counted = tallied(run, warm_up_days * 1440.0)
        assert (counted.whole is counted.after) == (warm_up_days == 0.0)
        pd.testing.assert_frame_equal(daily(run, counted), daily(run), check_exact=True)
        wanted = [AtDays("removed_ml_per_day", 3, 5), AtDays("fullness")]
        how = [(by_replicate, ()), (by_replicate_at, (wanted,))]
        for function, more in how:
            pd.testing.assert_frame_equal(
                function(run, *more, warm_up_days, counted), function(run, *more, warm_up_days), check_exact=True
            )
        assert str(MODULE.overview(run, warm_up_days, tallied=counted)) == str(MODULE.overview(run, warm_up_days))


def test_a_warm_up_leaves_stages_out(run):
    """What is left of them counts; nothing is left of all."""
    assert list(stages(run, warm_up_days=3.0)["stage"].unique()) == ["onset", "established", "weaning"]
    assert stages(run, warm_up_days=3.0)["from_day"].iloc[0] == 3
    assert MODULE.overview(run, warm_up_days=100.0) is None
    assert stages(run, warm_up_days=100.0).empty
    with pytest.raises(ValueError, match="warm_up_days"):
        stages(run, warm_up_days=-1.0)
