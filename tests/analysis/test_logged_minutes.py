"""How much of a log was simulated: minutes of the file against minutes at the breast."""

from __future__ import annotations

import warnings
from math import isnan

import pytest

import lactflow
from lactflow.analysis.logged import logged_minutes_simulated
from lactflow.errors import ScenarioWarning

CONFIG = """format: 1
start_day: 40
days: 1
resolution: {packet_ml: 0.5}
gland: {lobes_per_breast: 2}
record: {visits: false}
"""
LOG = """start,kind,left_min,right_min,volume_ml
2030-05-03 02:00,breast,10,10,
2030-05-03 06:00,breast,100,0,
2030-05-03 10:00,breast,10,0,
2030-05-03 14:00,pump,15,10,80
2030-05-03 18:00,pump,,,80
2030-05-04 18:00,breast,30,0,
"""


def share(tmp_path, schedule, more=""):
    """Of a day with this schedule."""
    (tmp_path / "log.csv").write_text(LOG)
    (tmp_path / "a.yaml").write_text(f"{CONFIG}{more}schedule:\n  - {schedule}\n")
    with warnings.catch_warnings(action="ignore", category=ScenarioWarning):
        return logged_minutes_simulated(lactflow.run(tmp_path / "a.yaml", out=tmp_path, workers=1))


def test_what_was_cut_counts_as_logged(tmp_path):
    """Of 20, 100, 10 and 15 minutes in the day that is run, 40 are cut from a forgotten timer."""
    found = share(tmp_path, "{kind: log, file: log.csv, gaps: nobody}")
    assert found == pytest.approx(105.0 / 145.0, abs=1e-6)


def test_so_does_what_is_missed_or_sealed(tmp_path):
    """A feed that a miss takes out, a breast that is sealed; replicates count alike."""
    miss = "{kind: log, file: log.csv, gaps: nobody, miss: [{days: [40], from: '09:00', to: '11:00'}]}"
    assert share(tmp_path, miss, "replicates: 2\n") == pytest.approx(95.0 / 145.0, abs=1e-6)
    seal = "interventions: [{kind: seal, side: left, start_day: 40}]\n"
    sealed = share(tmp_path, "{kind: log, file: log.csv, gaps: nobody}", seal)
    assert sealed == pytest.approx((10.0 + 10.0) / 145.0, abs=0.02)


def test_a_run_without_a_log_has_no_share(tmp_path):
    """It is not a number."""
    assert isnan(share(tmp_path, "{kind: every, hours: 3}"))
