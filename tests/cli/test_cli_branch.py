"""`lactflow branch`: one past, several futures."""

from __future__ import annotations

import json

import pytest

import lactflow
from lactflow.errors import ConfigError, ScenarioWarning

PAST = """format: 1
start_day: 30
days: 1
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 1.0}
schedule:
  - {kind: every, hours: 3}
"""
LATER = "  - {kind: every, from_day: 30.5, hours: 6}\n"
STRESS = "interventions: [{kind: stress, start_day: 30.5}]\n"


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A past and some configs."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "past": PAST,
        "later": PAST + LATER,
        "stress": PAST + STRESS,
        "earlier": PAST + LATER.replace("30.5", "30.25"),
        "other": PAST.replace("days: 1\n", "days: 1\nseed: 3\n"),
    }.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def test_futures_are_compared(files, invoke):
    """One future beside its past; the comparison is that of two whole runs."""
    found = invoke("branch", "past.yaml", "later.yaml", "--at", "30.5", "--replicates", "2", "--json")
    assert found.exit_code == 0, found.output
    branched = lactflow.open_comparison(json.loads(found.stdout)["comparison_dir"])
    whole = lactflow.compare(["past.yaml", "later.yaml"], replicates=2)
    assert branched.differences.equals(whole.differences)
    assert [*branched.manifest["scenarios"]] == ["past", "later"]


def test_what_the_past_takes_of_a_difference_is_printed(files, invoke):
    """With the setting that leaves it out; then nothing is printed, and differences are larger."""
    typed = ("branch", "past.yaml", "later.yaml", "--at", "30.5", "--replicates", "2")
    whole = invoke(*typed, "--name", "a")
    assert (
        "differences are means over days 30 to 31, and the shared past, which has none, is 0.5 of them" in whole.stdout
    )
    assert "--set record.warm_up_days=0.5 leaves it out" in whole.stdout
    after = invoke(*typed, "--name", "b", "--set", "record.warm_up_days=0.5")
    assert after.exit_code == 0, after.output
    assert "shared past" not in after.stdout
    first, second = (lactflow.open_comparison(path) for path in sorted((files / "outputs").iterdir()))
    differences = [each.differences.set_index("measure")["difference"] for each in (first, second)]
    assert differences[1]["removed_ml_per_day"] == pytest.approx(2.0 * differences[0]["removed_ml_per_day"])


def test_key_that_acts_earlier_is_an_error_by_name(files, invoke):
    """All of them, with file and key; nothing is written."""
    found = invoke("branch", "past.yaml", "earlier.yaml", "other.yaml", "--at", "30.5")
    assert found.exit_code == 2
    assert "earlier.yaml: schedule.1: is every from day 30.25, but nothing before" in found.stderr
    assert "other.yaml: seed: is 3, but 1 before: it acts from the start" in found.stderr
    assert not (files / "outputs").exists()


def test_day_must_be_within_the_futures(files, invoke):
    """It is named, with what is allowed."""
    found = invoke("branch", "past.yaml", "later.yaml", "--at", "20")
    assert found.exit_code == 2
    assert "--at: day 20 is not within the futures (allowed: 30 to 31)" in found.stderr


def test_past_that_is_simulated_again_is_reported(files, invoke):
    """Futures with other interventions share none."""
    found = invoke("branch", "past.yaml", "later.yaml", "stress.yaml", "--at", "30.5", "--replicates", "2")
    assert found.exit_code == 0, found.output
    assert "stress: interventions or durations are not those of later, so the past is simulated again" in found.stderr


def test_dry_run_simulates_nothing(files, invoke):
    """It estimates."""
    found = invoke("branch", "past.yaml", "later.yaml", "--at", "30.5", "--dry-run", "--json")
    assert set(json.loads(found.stdout)["estimates"]) == {"past", "later"}
    assert not (files / "outputs").exists()


def test_python_raises_and_warns(files):
    """Errors in Python speak Python."""
    with pytest.raises(ConfigError, match="acts from the start"):
        lactflow.branch("past.yaml", ["other.yaml"], at=30.5)
    with pytest.warns(ScenarioWarning, match="the past is simulated again"):
        lactflow.branch("past.yaml", ["stress.yaml"], at=30.5, replicates=2)
