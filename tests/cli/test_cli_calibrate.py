"""`lactflow calibrate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CAPACITY = "gland.lumen.capacity_ml"
SMALL = """format: 1
start_day: 30
days: 0.5
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 1.0}
schedule: [{kind: every, hours: 3}]
"""
TABLE = "id,observable,value,sd,use,source\nstored,stored_ml,150,5,,Ward 2031\nfat,fat_g_per_l,40,4,check,\n"
TYPED = ["calibrate", "small.yaml", "--quantity", f"{CAPACITY}=100:300", "--targets", "t.csv", "--trials", "12"]


@pytest.fixture
def call(invoke):
    """Call lactflow in a folder with a config and a table of targets."""
    Path("small.yaml").write_text(SMALL)
    Path("t.csv").write_text(TABLE)
    return invoke


def test_command(call):
    """JSON and tables; a dry run writes nothing; verify, cite and report take the folder."""
    dry = call(*TYPED, "--dry-run", "--json")
    assert dry.exit_code == 0, dry.output
    answered = json.loads(dry.stdout)
    assert (answered["estimate"]["trials"], answered["estimate"]["units"]) == (12, 12)
    assert (answered["fitted"], answered["held_out"]) == (["stored"], ["fat"])
    assert f"Looked for: {CAPACITY}, 100 to 300 mL" in call(*TYPED, "--dry-run").stdout
    assert not Path("outputs").exists()
    found = call(*TYPED, "--workers", "1", "--json")
    assert found.exit_code == 0, found.output
    answer = json.loads(found.stdout)
    assert answer["status"] == "complete"
    assert answer["quantities"][0]["verdict"] == "decided"
    assert [row["use"] for row in answer["targets"]] == ["fitted", "held out"]
    assert Path(answer["config"]).exists()
    path = answer["calibration_dir"]
    assert call("verify", path).stdout == "complete: sound\n"
    cited = call("cite", path)
    assert cited.exit_code == 0
    assert "compared with: Ward 2031\n" in cited.stdout
    assert cited.stdout.splitlines()[-1].startswith("lactflow itself: ")
    reported = call("report", path)
    assert reported.exit_code == 0
    assert reported.stdout == f"{Path(path) / 'report.html'}\n"
    page = (Path(path) / "report.html").read_text(encoding="utf-8")
    assert page.count("Not fitted to") == 2
    assert call("verify", path).stdout == "complete: sound\n"
    shown = call("calibrate", "--resume", path)
    assert shown.exit_code == 0
    assert CAPACITY in shown.stdout
    assert "not fitted to" in shown.stdout
    assert shown.stdout.rstrip().endswith(f"A config with these values: {answer['config']}")
    dry_run = call("run", answer["config"], "--dry-run")
    assert dry_run.exit_code == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["calibrate"], "CONFIG"),
        (["calibrate", "small.yaml", "--quantity", CAPACITY], "--targets"),
        (["calibrate", "small.yaml", "--targets", "t.csv"], "--quantity: there is nothing to look for"),
        (
            [*TYPED, "--quantity", "gland.lumen.capcity_ml"],
            "is the key of no quantity (nearest: gland.lumen.capacity_ml)",
        ),
        ([*TYPED, "--quantity", CAPACITY], "--quantity: gland.lumen.capacity_ml: given twice"),
        ([*TYPED, "--quantity", "infants.0.appetite=1"], "'1' is no range (allowed: low:high or low:high:log)"),
        ([*TYPED, "--quantity", "infants.0.appetite=1:0.8"], "1:0.8 is empty (allowed: low below high)"),
        ([*TYPED, "--quantity", "infants.0.appetite=0.8:1.2:lg"], "is no range"),
        ([*TYPED, "--quantity", "infants.0.appetite=0.8:900"], "0.8:900 is beyond"),
        (
            [*TYPED, "--quantity", "mother.variation.prolactin=0:0.5:log"],
            "0:0.5:log has no logarithm (allowed: low above 0)",
        ),
        ([*TYPED, "--quantity", "infants.0.appetite=nan:1"], "'nan:1' is no range"),
        ([*TYPED[:-2], "--mothers", "20000"], "'--mothers': 20000 is not in the range 1<=x<=10000"),
        ([*TYPED[:-1], "5"], "--trials: 5 is too few for 1 quantity (allowed: 12 or more)"),
        ([*TYPED, "--target", "stord"], "--target: there is no target 'stord' (nearest: stored)"),
        ([*TYPED, "--target", "fat"], "--target: fat is for checking only"),
        ([*TYPED[:4], "--targets", "none.csv"], "none.csv"),
        ([*TYPED[:4], "--targets", "validate", "--mothers", "9"], "--mothers"),
        (["calibrate", "small.yaml", "--resume", "x"], "--resume"),
    ],
)
def test_bad_input_is_one_line_each(call, typed, words):
    """Exit code 2, and nothing written."""
    found = call(*typed)
    assert found.exit_code == 2
    assert words in found.stderr
    assert found.stdout == ""
    assert not Path("outputs").exists()


def test_all_problems_come_at_once(call):
    """Of quantities, of the table and of the number of trials."""
    Path("t.csv").write_text("id,observable,value,sd\nx,nothing,1,1\n")
    found = call(*TYPED[:-1], "3", "--quantity", "gland.nothing", "--json")
    problems = json.loads(found.stdout)["problems"]
    assert {problem["file"] for problem in problems} == {"--quantity", "--trials", "t.csv"}


def test_a_missing_library_is_one_line(call, monkeypatch):
    """With the command that installs it."""
    monkeypatch.setattr("lactflow.calibration.plan.find_spec", lambda name: None if name == "optuna" else object())
    found = call(*TYPED)
    assert found.exit_code == 2
    assert found.stderr == "a calibration needs Optuna and scikit-learn: pip install 'lactflow[calibrate]'\n"
