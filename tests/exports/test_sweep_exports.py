"""Exports of sweeps: results and recorded tables, as the sweep has them."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from small_sweeps import BASE, CAPACITY, Here

import lactflow
from lactflow.errors import ConfigError
from lactflow.experiments.verify import verify


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Three points, with removals, and one measure of a day; nobody changes it."""
    folder = tmp_path_factory.mktemp("swept")
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    how = {"vary": {CAPACITY: [120, 180, 240]}, "record": "removals", "measures": "stored_ml@30"}
    return lactflow.sweep(folder / "base.yaml", executor=Here(), out=folder / "out", **how)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_are_those_of_the_sweep(swept, tmp_path, form):
    """The same numbers, and the key that joins them."""
    done = lactflow.export(swept.path, form, tmp_path / "x")
    read = pd.read_csv if form == "csv" else pd.read_parquet
    results, removals = (read(done.path / f"{name}.{form}") for name in ("results", "removals"))
    pd.testing.assert_frame_equal(results, swept.results, check_dtype=False, check_exact=True)
    recorded = swept.dataset["removals"].to_table().to_pandas()
    pd.testing.assert_series_equal(removals["removed_ml"], recorded["removed_ml"], check_exact=True)
    assert set(removals["key"]) == set(results["key"])
    assert any("rows of removals are of the unit that has their key" in note for note in done.notes)


def test_units_stand_with_the_columns(swept, tmp_path):
    """Of keys that are quantities, of measures, of measures of a day."""
    done = lactflow.export(swept.path, "csv", tmp_path / "x", tables=["results"])
    columns = pd.read_csv(done.path / "columns.csv").set_index("column")["unit"]
    assert columns[CAPACITY] == columns["stored_ml"] == columns["stored_ml@30"] == "mL"
    assert not (done.path / "removals.csv").exists()


def test_a_data_package_is_valid(swept, tmp_path):
    """For Frictionless."""
    frictionless = pytest.importorskip("frictionless")
    done = lactflow.export(swept.path, "datapackage", tmp_path / "x")
    report = frictionless.Package(str(done.path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["message"])


def test_a_crate_holds_all_of_it(swept, tmp_path):
    """The copy is sound, and names the papers behind the numbers."""
    done = lactflow.export(swept.path, "crate", tmp_path / "x")
    graph = json.loads((done.path / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    assert any(each["@type"] == "ScholarlyArticle" for each in graph)
    assert not [note for note in done.notes if "papers" in note]
    assert verify(done.path / swept.path.name) == ("complete", [])


def test_a_trace_is_refused_by_name(swept, tmp_path):
    """A sweep has no visits of stations."""
    with pytest.raises(
        ConfigError, match=r"is a sweep, which has no stations' visits to trace \(`lactflow run` one point\)"
    ):
        lactflow.export(swept.path, "trace", tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_what_is_not_done_is_said(swept, tmp_path):
    """And only what is there is exported."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    cut = lactflow.sweep(tmp_path / "base.yaml", vary={CAPACITY: [120]}, executor="none", out=tmp_path / "out")
    done = lactflow.export(cut.path, "csv", tmp_path / "x")
    assert done.notes == ("the sweep is incomplete: 1 of 1 unit are not in its tables",)
    assert len(pd.read_csv(done.path / "results.csv")) == 0
