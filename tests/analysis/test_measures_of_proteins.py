"""Secretory IgA and lactoferrin a day: sums of what was removed, unknown where the milk does not carry them."""

from __future__ import annotations

import math

import pytest

import lactflow
from lactflow.analysis.daily import MEASURES

TEXT = """
format: 1
start_day: 31
days: 1.5
resolution: {packet_ml: 1.0}
gland: {lobes_per_breast: 1}
record: {visits: false}
schedule: [{kind: pump, times: ["02:00", "08:00", "14:00", "20:00"], minutes: 10}]
infants: []
analytes: [siga]
"""
PROTEINS = ["siga_g_per_day", "lactoferrin_g_per_day"]


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """A day and a half of pumping."""
    path = tmp_path_factory.mktemp("proteins") / "day.yaml"
    path.write_text(TEXT)
    return path


def test_they_are_what_was_removed_over_the_days_observed(config, tmp_path):
    """By day and over the run, in a folder as in memory; half a day counts as half."""
    run = lactflow.run(config, out=tmp_path, workers=1)
    rows = run["removal_contents"].merge(run["removals"][["session", "breast", "start_min"]], on=["session", "breast"])
    rows = rows[rows["analyte"] == "siga"]
    on_day = [rows.loc[rows["start_min"] // 1440.0 == day, "amount"].sum() for day in (30.0, 31.0)]
    daily = run.daily()
    assert daily["siga_g_per_day"].tolist() == pytest.approx([on_day[0], 2.0 * on_day[1]], rel=1e-12)
    assert daily["lactoferrin_g_per_day"].isna().all()
    assert run.summary()["siga_g_per_day"] == pytest.approx(sum(on_day) / 1.5, rel=1e-12)
    assert 0.4 < run.summary()["siga_g_per_day"] < 0.9


def test_they_are_unknown_without(config, tmp_path):
    """Not 0: nothing in the run says how much there is."""
    summary = lactflow.run(config, out=tmp_path, workers=1, analytes=[]).summary()
    assert all(math.isnan(summary[name]) for name in PROTEINS)
    assert [name for name in MEASURES if name.endswith("_g_per_day")] == ["fat_g_per_day", *PROTEINS]


@pytest.mark.slow
def test_a_sweep_has_them(config, tmp_path):
    """More of the flux, more a day: in proportion."""
    sweep = lactflow.sweep(
        config, vary={"analytes.siga.per_day": [0.2, 0.4]}, out=tmp_path, workers=1, settings=["analytes={siga: {}}"]
    )
    low, high = sweep.results["siga_g_per_day"]
    assert 1.8 < high / low < 2.05
