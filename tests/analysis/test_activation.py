"""Sodium over potassium, and when sodium has fallen: worked by hand from made-up rows, and over a first week."""

from __future__ import annotations

from math import isnan, nan

import pandas as pd
import pytest

import lactflow
from lactflow.analysis.activation import ACTIVATED_MMOL_PER_L, activation_h, activations
from lactflow.analysis.daily import OF_RUN

HOUR = 60.0


def removals(*sodium, from_h=8.0):
    """One removal of 10 mL every 8 h."""
    hours = [from_h + 8.0 * number for number in range(len(sodium))]
    return pd.DataFrame(
        {
            "mother": 0,
            "replicate": 0,
            "session": range(len(sodium)),
            "start_min": [HOUR * hour for hour in hours],
            "removed_ml": 10.0,
            "sodium_mmol_per_l": sodium,
        }
    )


class Rows:
    """A run that has these removals."""

    def __init__(self, table, begin_min):
        self._table = table
        self.spans_min = {(0, 0): (begin_min, 1e5)}

    def read(self, table, names=None):
        assert table == "removals"
        return self._table[list(names)]


@pytest.mark.parametrize(
    ("sodium", "expected"),
    [
        ((60.0, 40.0, 16.0, 12.0), 24.0),
        ((60.0, 40.0, 16.01, 12.0), 32.0),
        ((60.0, 40.0, 15.0, 30.0), 24.0),
        ((60.0, 40.0, 17.0, 16.5), nan),
    ],
)
def test_it_is_the_first_session_with_little_sodium(sodium, expected):
    """At or below 16 mmol/L; mastitis that comes later does not undo it."""
    assert activation_h(removals(*sodium)) == pytest.approx(expected, nan_ok=True)


def test_both_breasts_of_a_session_count_together():
    """18 mmol/L in 10 mL and 14 in 30 are 15; a session without milk says nothing, nor does milk of before birth."""
    rows = removals(9.0, nan, 18.0, 14.0)
    rows["session"] = [0, 1, 2, 2]
    rows["start_min"] = [-100.0, 500.0, 600.0, 610.0]
    rows["removed_ml"] = [10.0, 0.0, 10.0, 30.0]
    assert activation_h(rows) == 10.0
    rows["removed_ml"] = [10.0, 0.0, 30.0, 10.0]
    assert isnan(activation_h(rows))


def test_a_run_that_begins_late_does_not_know_it():
    """What comes before is missed; each unit of work has a row."""
    rows = removals(60.0, 12.0)
    assert activations(Rows(rows, 0.0))["activation_h"].tolist() == [16.0]
    (late,) = activations(Rows(rows, 25.0 * HOUR)).to_dict("records")
    assert isnan(late["activation_h"])
    assert (late["mother"], late["replicate"]) == (0, 0)


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """From the day before birth."""
    config = {
        "start_day": 0,
        "days": 5.5,
        "resolution": "coarse",
        "record": {"visits": False},
        "schedule": [{"kind": "every", "hours": 3}],
    }
    return lactflow.run(config, out=tmp_path_factory.mktemp("week"), workers=1)


def test_activation_comes_in_the_first_days(week):
    """The session that it names has little sodium, and those before have more; only the run and its onset have it."""
    found = week.summary()["activation_h"]
    rows = week["removals"]
    rows = rows[rows["removed_ml"] > 0.0].assign(sodium=rows["sodium_mmol_per_l"] * rows["removed_ml"])
    milk = rows.groupby("session").agg({"start_min": "min", "sodium": "sum", "removed_ml": "sum"})
    level = (milk["sodium"] / milk["removed_ml"]).set_axis(milk["start_min"] / HOUR)
    assert 36.0 < found < 110.0
    assert level[found] <= ACTIVATED_MMOL_PER_L
    assert (level[level.index < found] > ACTIVATED_MMOL_PER_L).all()
    assert week.daily()[list(OF_RUN)].isna().all(axis=None)
    by_stage = week.stages().set_index("stage")["activation_h"]
    assert by_stage.notna().to_dict() == {stage: stage == "onset" for stage in by_stage.index}


def test_sodium_over_potassium_is_that_of_all_milk(week):
    """Weighted by volume; it falls as milk comes."""
    rows = week["removals"]
    sodium, potassium = ((rows[f"{ion}_mmol_per_l"] * rows["removed_ml"]).sum() for ion in ("sodium", "potassium"))
    assert week.summary()["na_k_ratio"] == pytest.approx(sodium / potassium, rel=1e-9)
    days = week.daily().set_index("day")["na_k_ratio"]
    assert days[2] > days[5] > 0.4
