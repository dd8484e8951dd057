"""A run as labelled arrays: each number stands where its row says, and what is not there is NaN."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

import lactflow
from lactflow.analysis.as_xarray import AXES, PARTS
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.experiments.memory import simulated_in_memory
from lactflow.records import STATIONS

xr = pytest.importorskip("xarray")
SIGNALS = (("mood", 1.0, ""), ("caffeine", 2.0, "mg/L"))
CONFIG = {"start_day": 1, "days": 1.5, "resolution": "coarse", "schedule": [{"kind": "on_demand"}]}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two replicates of a day and a half from birth on, with twins."""
    config = CONFIG | {"infants": [{}, {}], "record": {"visits": False, "sample_min": 120}}
    return lactflow.run(config, replicates=2, out=tmp_path_factory.mktemp("xarray"), workers=1)


@pytest.fixture(scope="module")
def arrays(run):
    """All of it."""
    return run.to_xarray()


@pytest.mark.parametrize("table", [table for table in AXES if table != "levels"])
def test_every_row_of_a_table_is_found_by_its_labels(run, arrays, table):
    """And there are no other numbers than those of the rows."""
    axes = ["mother", "replicate", "time_min", *AXES[table]]
    rows = run[table]
    for column in rows.columns.difference(axes):
        values = arrays[f"{table}_{column}"]
        assert values.dims == tuple(axes)
        found = [values.sel(dict(zip(axes, key, strict=True))).item() for key in rows[axes].itertuples(index=False)]
        np.testing.assert_array_equal(found, rows[column].astype(float))
        assert values.count() == rows[column].count()


def test_measures_of_days_have_their_own_names(run, arrays):
    """One that is of the whole run has no axis of days."""
    days = run.daily().set_index(["mother", "replicate", "day"])
    assert arrays["removed_ml_per_day"].dims == ("mother", "replicate", "day")
    for (mother, replicate, day), row in days.iterrows():
        one = arrays.sel(mother=mother, replicate=replicate, day=day)
        assert one["removed_ml_per_day"].item() == row["removed_ml_per_day"]
        assert one["observed_days"].item() == row["observed_days"]
    assert arrays["onset_h"].dims == ("mother", "replicate")
    assert arrays["onset_h"].count() == 0  # not within a day and a half


def test_units_and_meaning_stand_beside_the_numbers(arrays):
    """As the columns have them; what has no unit has none."""
    assert arrays["breasts_volume_ml"].attrs == {"long_name": "milk in alveoli and ducts", "units": "mL"}
    assert arrays["removed_ml_per_day"].attrs == {"long_name": "milk removed", "units": "mL/day"}
    assert "units" not in arrays["lobes_fullness"].attrs
    assert arrays["time_min"].attrs["units"] == "min"
    assert all(each.attrs["long_name"] for each in arrays.data_vars.values())
    assert arrays.attrs["seed"] == 1
    assert arrays.attrs["config"].startswith("# The resolved config")


def test_axes_are_in_the_order_of_the_model(arrays):
    """Stations from the first to the last, and not by the alphabet."""
    assert arrays["station"].to_numpy().tolist() == list(STATIONS)
    assert arrays["breast"].to_numpy().tolist() == ["left", "right"]


def test_what_a_replicate_does_not_have_is_nan():
    """One that was stopped at noon beside one that was not."""
    scenario = load_scenario(CONFIG | {"record": {"visits": False}})
    first = simulated_in_memory(scenario.config, scenario.logs)
    half = load_scenario(CONFIG | {"days": 0.5, "record": {"visits": False}})
    second = simulated_in_memory(half.config, half.logs, replicate=1)
    found = type(first).together([first, second]).to_xarray(["breasts", "daily"])
    noon_min = 720.0
    volume = found["breasts_volume_ml"].sel(mother=0, replicate=1)
    there = volume.count("breast").to_series()
    assert (there[:noon_min] == 2).all()
    assert (there[noon_min + 1.0 :] == 0).all()
    whole = found["breasts_volume_ml"].sel(replicate=0)
    assert whole.count() == whole.size == 2 * volume.sizes["time_min"]
    assert found["made_ml_per_day"].sel(replicate=1, day=2).count() == 0


def test_parts_are_those_that_are_asked_for(run):
    """In one order, whatever the order of the question; one may be text."""
    assert list(run.to_xarray("infants").data_vars) == [
        f"infants_{name}" for name in ("weight_kg", "stomach_ml", "intake_ml", "solids_kcal")
    ]
    both = run.to_xarray(["hormones", "daily"])
    assert {str(name).partition("_")[0] for name in both.data_vars} >= {"hormones", "removed"}
    assert "lobes_fullness" not in both
    assert "levels" in PARTS


def test_a_part_that_the_run_does_not_have_is_empty(run):
    """No signal of a package."""
    found = run.to_xarray(["levels", "hormones"])
    assert found["levels_level"].size == 0
    assert found["hormones_prolactin_ng_per_ml"].count() == len(run["hormones"])


def test_the_unit_of_a_signal_stands_beside_its_name(run, monkeypatch):
    """Signals that a run adds have units of their own."""
    samples = [(60.0 * hour, name, hour * size, unit, 0, 0) for hour in range(2) for name, size, unit in SIGNALS]
    frame = pd.DataFrame(samples, columns=["time_min", "signal", "level", "unit", "mother", "replicate"])
    monkeypatch.setattr(type(run), "__getitem__", lambda _, table: {"levels": frame}[table])
    levels = run.to_xarray("levels")["levels_level"]
    assert levels["signal"].to_numpy().tolist() == ["mood", "caffeine"]
    assert levels["unit"].to_numpy().tolist() == ["", "mg/L"]
    assert levels.sel(signal="caffeine", time_min=60.0).item() == 2.0


def test_arrays_go_through_a_file(arrays, tmp_path):
    """Of netCDF, with their attributes."""
    pytest.importorskip("scipy")
    arrays.to_netcdf(tmp_path / "run.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "run.nc", engine="scipy") as stored:
        assert stored.attrs == arrays.attrs
        pd.testing.assert_series_equal(
            stored["breasts_volume_ml"].to_series(), arrays["breasts_volume_ml"].to_series(), check_index_type=False
        )


def test_an_unknown_part_is_one_line(run):
    """With the nearest."""
    with pytest.raises(ConfigError) as error:
        run.to_xarray(["breast"])
    assert str(error.value).startswith("there is no part 'breast' (allowed: daily, hormones, ")
    assert str(error.value).endswith("nearest: breasts)")


def test_without_xarray_the_extra_is_named(run, monkeypatch):
    """Before anything is read."""
    monkeypatch.setitem(__import__("sys").modules, "xarray", None)
    with pytest.raises(ConfigError, match=r"pip install 'lactflow\[xarray\]'"):
        run.to_xarray()


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Two schedules in two replicates."""
    short = {"start_day": 30, "days": 1, "resolution": "coarse", "record": {"visits": False}}
    configs = [short | {"name": f"h{hours}", "schedule": [{"kind": "every", "hours": hours}]} for hours in (6, 3)]
    return lactflow.compare(configs, replicates=2, out=tmp_path_factory.mktemp("compared"), workers=1)


def test_a_comparison_has_what_was_compared_and_its_differences(compared):
    """Each number where its row says; the baseline, which is first, differs from nothing."""
    arrays = compared.to_xarray()
    assert arrays["scenario"].to_numpy().tolist() == ["h6", "h3"]
    for row in compared.subjects.to_dict("records"):
        one = arrays.sel(scenario=row["scenario"], subject=row["subject"])
        for name in ("removed_ml_per_day", "fat_g_per_day", "onset_h"):
            np.testing.assert_equal(one[name].item(), row[name])
    assert arrays["measure"].to_numpy().tolist() == compared.differences["measure"].to_list()
    for row in compared.differences.to_dict("records"):
        one = arrays.sel(scenario=row["scenario"], measure=row["measure"])
        for name in ("difference", "low", "high", "mean", "baseline_mean", "replicates"):
            np.testing.assert_equal(one[name].item(), row[name])
    assert arrays["difference"].sel(scenario="h6").count() == 0
    assert arrays["fat_g_per_day"].attrs == {"long_name": "fat in the milk removed", "units": "g/day"}
    assert arrays["unit"].sel(measure="fat_g_per_day").item() == "g/day"
    assert arrays.attrs["baseline"] == "h6"


def test_tables_of_a_comparison_have_the_unit_of_each_measure(compared):
    """That of its means, its difference and its interval; it survives a selection."""
    for table in (compared.differences, compared.subjects):
        assert table.head(3).attrs["units"]["removed_ml_per_day"] == "mL/day"
    assert {*compared.differences["measure"]} == {*compared.differences.attrs["units"]}


def test_fat_of_a_day_is_its_concentration_times_its_milk(compared):
    """In each subject, whose length is a whole day."""
    rows = compared.subjects
    np.testing.assert_allclose(rows["fat_g_per_day"], rows["fat_g_per_l"] * rows["removed_ml_per_day"] / 1000.0)


def test_without_xarray_a_comparison_says_so_too(compared, monkeypatch):
    """With the command that mends it."""
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ConfigError, match=r"pip install 'lactflow\[xarray\]'"):
        compared.to_xarray()
