"""Measures of some days: how they are asked for, and that they are those of these days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_sweeps import BASE

import lactflow
from lactflow.analysis.at_days import AtDays, all_parsed, by_replicate_at, parsed
from lactflow.analysis.daily import by_replicate, daily
from lactflow.errors import ConfigError


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Days 30 and 31, in two replicates."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    return lactflow.run(folder / "base.yaml", days=2.0, replicates=2, workers=1, out=folder / "out")


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("sodium_mmol_per_l", ("sodium_mmol_per_l", None, None), "sodium_mmol_per_l"),
        ("sodium_mmol_per_l@5", ("sodium_mmol_per_l", 5, 5), "sodium_mmol_per_l@5"),
        (" removed_ml_per_day@20:30 ", ("removed_ml_per_day", 20, 30), "removed_ml_per_day@20:30"),
        ("stored_ml@-3:0", ("stored_ml", -3, 0), "stored_ml@-3:0"),
        ("stored_ml@4:4", ("stored_ml", 4, 4), "stored_ml@4"),
    ],
)
def test_what_can_be_asked_for(text, asked, shown):
    """A day, several days, days before birth; one day is written one way."""
    assert parsed(text) == asked
    assert str(parsed(text)) == shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sodium_mmol@5", r"no measure 'sodium_mmol' \(nearest: sodium_mmol_per_l\)"),
        ("sodium_mmol_per_l@", r"no days that can be read \(allowed: sodium_mmol_per_l@5, sodium_mmol_per_l@20:30\)"),
        ("sodium_mmol_per_l@5.5", "no days that can be read"),
        ("stored_ml@30:20", r"day 20 is before day 30 \(allowed: stored_ml@20:30\)"),
        ("onset_h@3", r"onset_h is of a whole run \(allowed: onset_h\)"),
    ],
)
def test_what_cannot(text, said):
    """One line, with what is allowed."""
    with pytest.raises(ConfigError, match=said):
        parsed(text)


def test_all_mistakes_at_once():
    """And each measure once."""
    with pytest.raises(ConfigError) as found:
        all_parsed(["stored", "stored_ml", "stored_ml@2:1"])
    assert len(found.value.problems) == 2
    assert all_parsed(["stored_ml@2", "stored_ml@2:2", "fullness"]) == [AtDays("stored_ml", 2, 2), AtDays("fullness")]


def test_one_day_is_a_row_of_daily(run):
    """Of every unit of work; the whole run is as without days."""
    found = by_replicate_at(run, all_parsed(["made_ml_per_day@31", "fullness@31"]))
    rows = daily(run)
    rows = rows[rows["day"] == 31]
    np.testing.assert_array_equal(found["made_ml_per_day@31"], rows["made_ml_per_day"])
    np.testing.assert_array_equal(found["fullness@31"], rows["fullness"])
    pd.testing.assert_frame_equal(found.iloc[:, :-2], by_replicate(run))


def test_several_days_weigh_by_time(run):
    """Two days are the whole of a run of two days, a warm-up leaves them whole; days that are not there are NaN."""
    found = by_replicate_at(run, all_parsed(["made_ml_per_day@30:31", "stored_ml@99"]), warm_up_days=1.0)
    whole = by_replicate(run)
    np.testing.assert_allclose(found["made_ml_per_day@30:31"], whole["made_ml_per_day"], rtol=1e-12)
    assert (found["made_ml_per_day"] != whole["made_ml_per_day"]).all()
    assert found["stored_ml@99"].isna().all()
