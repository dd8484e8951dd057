"""`lactflow diff`: what is printed, and the exit codes."""

from __future__ import annotations

import json

import pytest
from small_runs import FACTS, let_down, small_run

CHANGED = [let_down(1, 70.0, 6.0) if fact == let_down(1, 70.0) else fact for fact in FACTS]


@pytest.fixture
def runs(tmp_path):
    """Three runs: two alike, one with another let-down and another config."""
    other = small_run(tmp_path / "c", CHANGED, config="format: 1\ndays: 3\n", build="older", units=((0, 0), (0, 1)))
    return str(small_run(tmp_path / "a")), str(small_run(tmp_path / "b")), str(other)


def test_identical(invoke, runs):
    """0, in words and as JSON."""
    result = invoke("diff", *runs[:2])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "identical: 18 rows in 12 tables"
    answer = json.loads(invoke("diff", *runs[:2], "--json").stdout)
    assert (answer["identical"], answer["first"], answer["config"], answer["runs"]) == (True, None, [], {})


def test_different(invoke, runs):
    """1; the first event with both rows, the tables that differ, config, builds, units."""
    result = invoke("diff", runs[0], runs[2])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    first = lines.index(
        "first difference: 70 min after birth (day 1, 1 h 10 min), table let_downs, mother 0, replicate 0"
    )
    assert lines[first + 1] == "  differs in: ejected_ml"
    assert lines[first + 2].startswith("  A: let_down = 1, time_min = 70.0, breast = left, session = nothing, ")
    assert lines[first + 3].endswith("ejected_ml = 6.0, removed_ml = 0.0, fat_g_per_l = nothing")
    assert ["let_downs", "2", "2", "1", "1"] in [line.split() for line in lines]
    assert not [line for line in lines if line.startswith("visits")]
    assert "only in B: mother 0 replicate 1" in lines
    assert ["days", "-", "3"] in [line.split() for line in lines]
    assert any(line.startswith("build") and '"older"' in line for line in lines)
    assert lines[-1] == "different: 11 of 12 tables identical"


def test_different_as_json(invoke, runs):
    """The same with full numbers."""
    result = invoke("diff", runs[0], runs[2], "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["first"]["time_min"] == 70.0
    assert answer["first"]["b"]["ejected_ml"] == 6.0
    assert answer["units"] == {"only_a": [], "only_b": [[0, 1]]}
    assert answer["config"] == [{"key": "days", "a": None, "b": "3"}]
    table = next(each for each in answer["tables"] if each["table"] == "let_downs")
    assert (table["only_a"], table["only_b"], table["identical"]) == (1, 1, False)


def test_what_cannot_be_compared(invoke, runs, tmp_path):
    """4 for no folder and for damage, which is no difference; one line each."""
    (tmp_path / "none").mkdir()
    result = invoke("diff", runs[0], str(tmp_path / "none"))
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "is not a run directory" in result.stderr
    (tmp_path / "b" / runs[1].rsplit("/", 1)[1] / "config.yaml").unlink()
    result = invoke("diff", *runs[:2])
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "config.yaml is missing" in result.stderr
