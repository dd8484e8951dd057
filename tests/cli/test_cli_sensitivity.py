"""`lactflow sensitivity`."""

from __future__ import annotations

import json

CAPACITY = "gland.lumen.capacity_ml"
SMALL = """format: 1
start_day: 30
days: 0.5
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 1.0}
schedule: [{kind: every, hours: 3}]
"""


def test_command(tmp_path, monkeypatch, invoke):
    """A table and JSON; a dry run simulates nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL)
    typed = ["sensitivity", "small.yaml", "--quantity", CAPACITY, "--trajectories", "2", "--replicates", "1"]
    dry = invoke(*typed, "--dry-run", "--json")
    assert json.loads(dry.stdout)["estimate"]["units"] <= 4
    assert not (tmp_path / "outputs").exists()
    found = invoke(*typed, "--measure", "stored_ml", "--json")
    assert found.exit_code == 0, found.output
    answer = json.loads(found.stdout)
    assert answer["method"] == "morris"
    assert answer["ranking"][0]["key"] == CAPACITY
    printed = invoke("sensitivity", answer["sweep_dir"], "--measure", "stored_ml")
    assert "stored_ml" in printed.stdout
    assert CAPACITY in printed.stdout
    wrong = invoke("sensitivity", "small.yaml", "--measure", "nothing")
    assert wrong.exit_code == 2
    assert "--measure: there is no measure 'nothing'" in wrong.stderr


def test_what_is_left_out_is_said_once(tmp_path, monkeypatch, invoke):
    """By the screening, and again by nobody."""
    monkeypatch.chdir(tmp_path)
    keys = ["--quantity", "gland.protein_line.vesicle_pool_ml", "--quantity", CAPACITY]
    how = ["--set", "resolution=coarse", "--days", "0.05", "--trajectories", "4", "--workers", "1"]
    found = invoke("sensitivity", "on-demand", *keys, *how)
    assert found.exit_code == 0, found.output
    assert found.stderr.count("of 12 points are no scenario") == 1
