"""Volumes of a feeding log beside those of the model."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import lactflow
from lactflow.analysis.recorded import agreement
from lactflow.cli import main

LOG = """start,kind,left_min,right_min,volume_ml,left_ml,right_ml
2001-01-01 02:00,pump,15,15,,70,50
2001-01-01 06:00,breast,10,10,80,,
2001-01-01 09:00,breast,10,10,,,
2001-01-01 12:00,pump,,,110,,
2001-01-01 15:00,bottle_own_milk,,,60,,
"""
CONFIG = """
format: 1
days: 1
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 0.5}
schedule: [{kind: log, file: log.csv}]
"""


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A day of a log with some volumes."""
    monkeypatch.chdir(tmp_path)
    Path("log.csv").write_text(LOG, encoding="utf-8")
    Path("day.yaml").write_text(CONFIG, encoding="utf-8")
    return "day.yaml"


def test_every_volume_stands_beside_the_models(config):
    """Each once: by breast where the log distinguishes them, by session elsewhere; bottles and blanks have none."""
    with pytest.warns(lactflow.errors.ScenarioWarning):
        run = lactflow.run(config)
    table = run.recorded()
    assert table[["kind", "breast", "recorded_ml"]].to_numpy().tolist() == [
        ["pump", "left", 70.0],
        ["pump", "right", 50.0],
        ["feed", "both", 80.0],
        ["pump", "both", 110.0],
    ]
    removed = run["removals"].groupby("session")["removed_ml"].sum()
    assert table["simulated_ml"][:2].sum() == pytest.approx(removed[0], rel=1e-12)
    assert table["simulated_ml"][3] == pytest.approx(removed[3], rel=1e-12)
    assert (table["difference_ml"] == table["simulated_ml"] - table["recorded_ml"]).all()
    pumped = run["sessions"].query("session == 3").iloc[0]
    assert pumped["end_min"] - pumped["start_min"] >= 15.0
    assert run["sessions"]["recorded_ml"].notna().tolist() == [True, True, False, True, False]


def test_the_summary_shows_how_far_they_are_apart(config):
    """In words, and as JSON."""
    result = CliRunner().invoke(main, ["run", config, "--quiet"])
    assert "the log has 4 volumes, 78 mL on average; the model gave" in result.stdout
    assert "r " in result.stdout


def test_a_run_without_volumes_has_none_to_compare(config):
    """An empty table, and no words about it."""
    Path("log.csv").write_text(LOG.splitlines()[0] + "\n2001-01-01 02:00,breast,15,15,,,\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["run", config, "--quiet"])
    assert "the log has" not in result.stdout
    assert len(lactflow.open_run(result.stdout.splitlines()[0]).recorded()) == 0


def test_a_session_that_the_end_of_the_run_cuts_is_marked_and_not_compared(config):
    """The pumping of 12:00 is cut after five minutes."""
    with pytest.warns(lactflow.errors.ScenarioWarning):
        run = lactflow.run(config, days=(12 * 60 + 5) / 1440)
    table = run.recorded()
    assert table["cut"].tolist() == [False, False, False, True]
    assert table["planned_min"].iloc[-1] - table["planned_min"].iloc[0] == 600.0
    found = agreement(table)
    assert found.sessions == 3
    assert found.bias_ml == pytest.approx(table["difference_ml"][:3].mean())


def test_agreement_by_hand():
    """Simulated 10, 20, 33 against recorded 12, 18, 30: bias 1, SD 2.646, r 0.993."""
    table = pd.DataFrame({"simulated_ml": [10.0, 20.0, 33.0], "recorded_ml": [12.0, 18.0, 30.0]})
    found = agreement(table)
    assert (found.sessions, found.recorded_ml, found.simulated_ml) == (3, 20.0, 21.0)
    assert (found.bias_ml, found.sd_ml) == (pytest.approx(1.0), pytest.approx(math.sqrt(7.0)))
    assert found.correlation == pytest.approx(210.0 / math.sqrt(266.0 * 168.0))
    assert math.isnan(agreement(table[:1]).sd_ml)
    assert agreement(table[:0]).sessions == 0


def test_a_log_of_pumpings_needs_no_infant(config):
    """A mother who only pumps has none; a log with feeds and nobody to feed is refused."""
    no_infant = CONFIG + "infants: []\n"
    Path("day.yaml").write_text(no_infant, encoding="utf-8")
    result = CliRunner().invoke(main, ["run", config, "--quiet"])
    assert result.exit_code == 2
    assert (
        result.stderr == "day.yaml:7:10: infants: there is no infant for the feeds of log.csv (allowed: one infant)\n"
    )
    pumped = [line for line in LOG.splitlines() if "breast" not in line]
    Path("log.csv").write_text("\n".join(pumped) + "\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["run", config, "--quiet"])
    assert result.exit_code == 0, result.output
    assert "the log has 3 volumes" in result.stdout
