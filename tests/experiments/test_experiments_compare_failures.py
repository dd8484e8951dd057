"""Comparisons that do not go well: runs that fail, scenarios that record nothing, signals in every phase."""

from __future__ import annotations

import signal
from itertools import pairwise
from math import isnan
from pathlib import Path

import pytest
from click.testing import CliRunner
from crew_of_one import CrewOfOne
from pairs import BASE, compared, row

import lactflow
from lactflow.cli import main
from lactflow.errors import ArchiveError, InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments import comparing as comparing_module
from lactflow.experiments.compare import Stop
from lactflow.experiments.work import Retried
from lactflow.recording.verify import verify


def astray(monkeypatch, *names, which=lambda unit: True):
    """Units of some scenarios cannot even begin."""
    make = comparing_module.units_of

    def with_some_astray(scenario, directory):
        return [
            unit._replace(config=unit.config.replace('"format":1', '"format":7'))
            if scenario.config.name in names and which(unit)
            else unit
            for unit in make(scenario, directory)
        ]

    monkeypatch.setattr(comparing_module, "units_of", with_some_astray)


def is_first(unit):
    """Of the first mother and replicate."""
    return (unit.mother, unit.replicate) == (0, 0)


def test_a_failed_run_costs_its_pair(configs, monkeypatch):
    """Exit code 3, status failed; the other pairs are compared."""
    astray(monkeypatch, "seldom", which=is_first)
    with pytest.raises(SomeUnitsFailedError, match="1 of 6 runs failed") as caught:
        compared(configs)
    assert caught.value.exit_code == 3
    comparison = lactflow.open_comparison(next(Path("outputs").iterdir()))
    assert comparison.status == "failed"
    assert row(comparison, "removed_ml_per_day")["replicates"] == 2
    assert [run.status for run in comparison.runs.values()] == ["complete", "failed"]


def test_a_mother_who_failed_in_one_scenario_is_no_pair(configs, monkeypatch):
    """The one who is left is compared with herself, not with whoever has her number in a row."""
    astray(monkeypatch, "seldom", which=is_first)
    with pytest.raises(SomeUnitsFailedError):
        compared(configs, replicates=1, settings=["mother.cohort=2", "record.visits=false"])
    comparison = lactflow.open_comparison(next(Path("outputs").iterdir()))
    found = comparison.subjects.set_index(["scenario", "subject"])["removed_ml_per_day"]
    assert list(found.index) == [("often", 0), ("often", 1), ("seldom", 1)]
    assert row(comparison, "removed_ml_per_day")["difference"] == found["seldom", 1] - found["often", 1]


def test_a_scenario_that_recorded_nothing_costs_itself_only(configs, monkeypatch):
    """Exit code 3, a line for each unit with its reason, and the others compared; verify finds nothing wrong."""
    astray(monkeypatch, "seldom")
    third = Path("third.yaml")
    third.write_text(f"{BASE}schedule: [{{kind: every, hours: 4}}]\n", encoding="utf-8")
    with pytest.raises(SomeUnitsFailedError) as caught:
        compared([*configs, "third.yaml"])
    assert caught.value.exit_code == 3
    first, *units, last = str(caught.value).splitlines()
    assert first.startswith("3 of 9 runs failed; the others are whole in outputs")
    assert [line.partition(":")[0] for line in units] == ["seldom"] * 3
    assert all(f"mother 0, replicate {number}: ValidationError" in line for number, line in enumerate(units))
    assert last == "seldom cannot be compared: none of its runs is whole"
    comparison = lactflow.open_comparison(next(Path("outputs").iterdir()))
    assert comparison.status == "failed"
    found = comparison.differences.set_index(["measure", "scenario"])
    assert found.loc[("removed_ml_per_day", "third"), "replicates"] == 3
    assert found.loc[("removed_ml_per_day", "seldom"), "replicates"] == 0
    assert isnan(found.loc[("removed_ml_per_day", "seldom"), "difference"])
    assert set(comparison.subjects["scenario"]) == {"often", "third"}
    assert verify(comparison.path) == ("failed", [])


@pytest.mark.parametrize("names", [("often",), ("often", "seldom")])
def test_without_a_baseline_nothing_is_compared(configs, monkeypatch, names):
    """It is said, with exit code 3; the tables are there and empty of differences."""
    astray(monkeypatch, *names)
    with pytest.raises(SomeUnitsFailedError, match="nothing can be compared: no run of the baseline often is whole"):
        compared(configs, stop=Stop(measure="made_ml_per_day", half_width=25.0, most=40))
    comparison = lactflow.open_comparison(next(Path("outputs").iterdir()))
    assert comparison.differences["difference"].isna().all()
    assert (comparison.differences["replicates"] == 0).all()
    assert len(comparison.subjects) == 3 * (2 - len(names))
    result = CliRunner().invoke(main, ["report", str(comparison.path)])
    assert result.exit_code == 0, result.output


def test_an_interrupt_is_heard_while_results_are_compared(configs):
    """The runs are whole, the comparison is interrupted, and phases are named."""
    begun = []

    def stop(share, _time_min):
        if begun and share > 0.5:
            raise InterruptedRunError(signal.SIGINT)

    with pytest.raises(InterruptedRunError):
        compared(configs, progress=stop, phase=begun.append)
    assert begun == ["comparing results"]
    comparison = lactflow.open_comparison(next(Path("outputs").iterdir()))
    assert comparison.status == "interrupted"
    assert {run.status for run in comparison.runs.values()} == {"complete"}
    assert verify(comparison.path) == ("interrupted", [])


def test_ctrl_c_ends_the_command_while_results_are_compared(configs, monkeypatch):
    """Exit code 130 before the runs are closed."""
    real = comparing_module.subjects_of

    def signalled(*args, **how):
        signal.raise_signal(signal.SIGINT)
        return real(*args, **how)

    monkeypatch.setattr(comparing_module, "subjects_of", signalled)
    result = CliRunner().invoke(main, ["compare", *configs, "--replicates", "3", "--workers", "2"])
    assert result.exit_code == 130
    assert result.stderr.startswith("stopped by signal 2; what was recorded until then is in outputs/compare-often-")


def test_progress_of_a_comparison_reaches_its_end_in_each_phase(configs):
    """Simulation, comparing, the second stage and comparing again: from nothing to all."""
    phases = [("comparison", [])]
    compared(
        configs,
        stop=Stop(measure="made_ml_per_day", half_width=25.0, most=6),
        progress=lambda share, _time_min: phases[-1][1].append(share),
        phase=lambda name: phases.append((name, [])),
    )
    assert [name for name, _ in phases] == ["comparison", "comparing results"] * 2
    for _, shares in phases:
        assert all(later >= earlier - 1e-9 for earlier, later in pairwise(shares))
        assert 0.9 < shares[-1] <= 1.0


def test_an_interrupt_is_reported_everywhere(configs):
    """The comparison and its runs say so, and there is no table of differences."""

    def stop(share, _time_min):
        if share > 0.3:
            raise InterruptedRunError(signal.SIGTERM)

    with pytest.raises(InterruptedRunError, match="is in outputs/compare-often-"):
        compared(configs, progress=stop)
    (folder,) = Path("outputs").iterdir()
    comparison = lactflow.open_comparison(folder)
    assert comparison.status == "interrupted"
    assert comparison.scenarios == ("often", "seldom")
    assert {lactflow.open_run(path).status for path in (folder / "runs").iterdir()} == {"interrupted"}
    with pytest.raises(ArchiveError, match="its status is interrupted"):
        _ = comparison.differences


def test_the_command_says_what_was_simulated_again(configs, monkeypatch):
    """As a warning, in JSON, and in the manifests of the comparison and of the run."""

    class Losing(CrewOfOne):
        def run(self, works, *rest):
            self.retried.append(Retried(works[1], "its worker died (killed by signal 9)"))
            return super().run(works, *rest)

    monkeypatch.setattr(comparing_module, "Crew", Losing)
    line = "simulated again, from its beginning: seldom: mother 0, replicate 0, its worker died (killed by signal 9)"
    assert line in CliRunner().invoke(main, ["compare", *configs, "--replicates", "2"]).stderr
    (folder,) = Path("outputs").iterdir()
    entry = {"mother": 0, "replicate": 0, "reason": "its worker died (killed by signal 9)"}
    comparison = lactflow.open_comparison(folder)
    assert comparison.status == "complete"
    assert comparison.manifest["retried"] == [{"scenario": "seldom", **entry}]
    assert [run.manifest["retried"] for run in comparison.runs.values()] == [[], [entry]]


def test_the_command_prints_what_could_be_compared(configs, monkeypatch):
    """Beside the failure, and with its exit code."""
    astray(monkeypatch, "seldom", which=is_first)
    result = CliRunner().invoke(main, ["compare", *configs, "--replicates", "3", "--workers", "2"])
    assert result.exit_code == 3
    assert any(line.startswith("milk removed ") for line in result.stdout.splitlines())
    assert "1 of 6 runs failed" in result.stderr
