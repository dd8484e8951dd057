"""Comparisons and runs that are resumed: as if nothing had stopped them, or refused by the field that changed."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from crew_of_one import CrewOfOne
from pairs import BASE, compared, write_configs
from sealing import read, reseal

import lactflow
from lactflow.cli import main
from lactflow.config.scenario import load_scenario
from lactflow.errors import (
    ArchiveError,
    ConfigError,
    DirectoryInUseError,
    InterruptedRunError,
    ScenarioWarning,
    SomeUnitsFailedError,
)
from lactflow.experiments import comparing as comparing_module
from lactflow.experiments.compare import Stop, resume_comparison
from lactflow.experiments.run import resume_run, run_scenario
from lactflow.experiments.verify import verify
from lactflow.recording import attempts
from lactflow.recording.recorder import RunRecorder

COHORT = ("mother.cohort=2", "record.visits=false")
KINDS = {
    "plain": {},
    "cohort": {"settings": COHORT, "replicates": 1},
    "coarse": {"configs": ["every-two-hours", "every-four-hours"], "days": 0.1, "coarse": 5},
    "vary": {"configs": ["often.yaml"], "vary": "schedule.0.hours=2,6"},
    "until-ci": {"days": 0.25, "stop": Stop(measure="made_ml_per_day", half_width=60.0, most=9)},
}


SLOW = pytest.mark.slow
WHERE = {"comparison": (0.0, 0.4, 0.9), "comparing results": (0.0, 0.6)}
"""Phases, and how far they were when a comparison was killed."""


def copying(phases):
    """Progress that copies what a kill would leave at some places of some phases, and the name of the phase."""
    phase, left = ["comparison"], []
    due = [(number, share) for number, each in enumerate(phases) for share in WHERE[each]]
    number = [0]

    def begin(name):
        phase[0] = name
        number[0] += 1

    def copy(share, _time_min):
        if due and (number[0], share) >= due[0]:
            due.pop(0)
            (folder,) = Path("outputs").iterdir()
            left.append(Path(shutil.copytree(folder, f"left/{len(left)}-{folder.name}")))

    return copy, begin, left


def same(comparison, whole):
    """Everything that a comparison says is what another says, table by table."""
    assert comparison.status == "complete"
    pd.testing.assert_frame_equal(comparison.subjects, whole.subjects)
    pd.testing.assert_frame_equal(comparison.differences, whole.differences)
    assert comparison.manifest["replicates"] == whole.manifest["replicates"]
    if whole.coarse_sweep is not None:
        pd.testing.assert_frame_equal(comparison.coarse_subjects, whole.coarse_subjects)
        assert comparison.coarse_sweep.status == "complete"
    for mine, its in zip(comparison.runs.values(), whole.runs.values(), strict=True):
        assert mine.config_text == its.config_text
        for table in its.tables:
            pd.testing.assert_frame_equal(mine[table], its[table])
            assert len(pd.read_parquet(mine.path / table)) == len(its[table])
    assert verify(comparison.path) == ("complete", [])


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=SLOW) for kind in KINDS])
def test_a_killed_comparison_ends_as_if_nothing_had_been(configs, kind):
    """Wherever it was: in either stage, between them, while results are compared."""
    stages = 2 if kind == "until-ci" else 1
    copy, begin, left = copying(["comparison", "comparing results"] * stages)
    whole = compared(**{"configs": configs, "progress": copy, "phase": begin, **KINDS[kind]})
    assert len(left) == 5 * stages
    for folder in left:
        if read(folder)["status"] == "running":
            assert lactflow.open_comparison(folder).status == "crashed"
        same(resume_comparison(folder), whole)
    assert len(lactflow.open_comparison(left[1]).manifest["resumed"]) == 1


def test_a_comparison_that_was_killed_in_its_second_stage_is_gone_on_with(configs):
    """As many replicates as the first stage said are needed."""
    left = []

    def copy(share, _time_min):
        (folder,) = Path("outputs").iterdir()
        if not left and read(folder)["planned"] is not None and share > 0.4:
            left.append(Path(shutil.copytree(folder, "left")))

    stop = Stop(measure="made_ml_per_day", half_width=10.0, most=5)
    whole = compared(configs, progress=copy, days=0.25, stop=stop)
    assert whole.manifest["replicates"] == 5
    same(resume_comparison(left[0]), whole)


@pytest.mark.parametrize("share", [pytest.param(0.0, marks=SLOW), 0.5, pytest.param(1.0, marks=SLOW)])
def test_an_interrupted_comparison_is_gone_on_with(configs, comparison, share):
    """And one that was interrupted while results were compared."""
    begun = []

    def stop(so_far, _time_min):
        if (begun or share < 1.0) and so_far >= share:
            raise InterruptedRunError(signal.SIGINT)

    with pytest.raises(InterruptedRunError):
        compared(configs, progress=stop, phase=begun.append)
    (folder,) = Path("outputs").iterdir()
    assert lactflow.open_comparison(folder).status == "interrupted"
    resumed = resume_comparison(folder)
    assert resumed.manifest["error"] is None
    same(resumed, comparison)


def test_what_has_ended_is_not_simulated_again(stopped, monkeypatch):
    """Journals of units that have ended are the same files; the others are given, and no others."""
    folder = stopped
    ended = {path: path.stat().st_ino for path in folder.glob("runs/*/journal/0-?.jsonl")}
    assert len(ended) == 3
    given = []
    real = comparing_module.Crew.run
    monkeypatch.setattr(
        comparing_module.Crew, "run", lambda self, units, *rest: (given.extend(units), real(self, units, *rest))[1]
    )
    resume_comparison(folder)
    assert len(given) == 3
    assert {path: path.stat().st_ino for path in ended} == ended


def test_a_failed_comparison_is_gone_on_with(configs, comparison, monkeypatch):
    """Units that failed are simulated again."""
    make = comparing_module.units_of
    with monkeypatch.context() as patch:
        patch.setattr(
            comparing_module,
            "units_of",
            lambda *which: [
                unit._replace(config=unit.config.replace('"format":1', '"format":7')) if unit.replicate else unit
                for unit in make(*which)
            ],
        )
        with pytest.raises(SomeUnitsFailedError, match="4 of 6 runs failed"):
            compared(configs)
    (folder,) = Path("outputs").iterdir()
    same(resume_comparison(folder), comparison)


def test_a_complete_comparison_is_left_alone(configs, comparison, monkeypatch):
    """Nothing is simulated, nothing is written, and the command prints what it printed before."""
    folder = Path(shutil.copytree(comparison.path, "complete"))
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    monkeypatch.setattr(comparing_module, "Crew", None)
    assert resume_comparison(folder).status == "complete"
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    result = call("--resume", "complete")
    assert result.exit_code == 0
    assert "complete is complete: nothing was simulated" in result.stderr
    assert any(line.startswith("milk removed ") for line in result.stdout.splitlines())


def call(*args, command="compare"):
    """The command line."""
    return CliRunner().invoke(main, [command, *args])


@pytest.fixture(scope="module")
def stopped_once(tmp_path_factory):
    """A comparison that was interrupted half way; nobody changes it."""
    folder = tmp_path_factory.mktemp("stopped")

    def stop(share, _time_min):
        if share > 0.5:
            raise InterruptedRunError(signal.SIGINT)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing_module, "Crew", CrewOfOne)
        with pytest.raises(InterruptedRunError):
            compared(write_configs(folder), out=folder / "outputs", progress=stop)
    (made,) = (folder / "outputs").iterdir()
    return made


@pytest.fixture
def stopped(stopped_once, configs):
    """A copy of that."""
    return Path(shutil.copytree(stopped_once, Path("outputs") / stopped_once.name))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"model": 0}, "manifest.json: model: was 0 when it was begun, and is"),
        ({"model": None}, "manifest.json: model: was unknown when it was begun, and is"),
        ({"versions": {"lactflow": "0.0.9"}}, "manifest.json: versions.lactflow: was 0.0.9 when it was begun, and is"),
        ({"versions": 7}, "manifest.json: versions.lactflow: was unknown when it was begun, and is"),
    ],
)
@pytest.mark.parametrize("where", ["comparison", pytest.param("run", marks=SLOW)])
def test_another_version_or_model_is_refused(stopped, changed, problem, where):
    """By its field, exit code 2; nothing is changed."""
    reseal(stopped if where == "comparison" else next(stopped.glob("runs/*")), **changed)
    before = {path: path.read_bytes() for path in stopped.rglob("*") if path.is_file()}
    result = call("--resume", str(stopped))
    assert result.exit_code == 2
    assert problem in result.stderr
    assert {path: path.read_bytes() for path in stopped.rglob("*") if path.is_file()} == before


def test_another_config_is_refused(stopped):
    """A run whose config was written to since is not the run that was begun."""
    config = next(stopped.glob("runs/seldom-*/config.yaml"))
    config.write_text(config.read_text(encoding="utf-8").replace("hours: 6", "hours: 5"), encoding="utf-8")
    result = call("--resume", str(stopped), "--json")
    assert result.exit_code == 2
    (problem,) = json.loads(result.stdout)["problems"]
    assert "config.yaml is damaged: its hash is not the one in the manifest" in problem["message"]


def test_other_packages_are_refused(stopped):
    """Version for version."""
    package = {"group": "stations", "name": "sorting", "package": "lab", "version": "2"}
    reseal(next(stopped.glob("runs/seldom-*")), plugins=[package])
    with pytest.raises(ConfigError, match=r"plugins: were lab 2 \(sorting\) when it was begun, and are none now"):
        resume_comparison(stopped)


@pytest.mark.parametrize("place", ["../elsewhere", "runs/../../elsewhere", "runs/..", 7, "/tmp/elsewhere"])
def test_a_run_elsewhere_is_refused(stopped, place):
    """A manifest does not lead out of its folder."""
    scenarios = read(stopped)["scenarios"]
    reseal(stopped, scenarios={**scenarios, "seldom": place})
    result = call("--resume", str(stopped), "--json")
    assert result.exit_code == 2
    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["key"] == "scenarios"


def test_other_libraries_are_a_warning(stopped):
    """They are not refused: what is promised of them is said elsewhere."""
    for run in stopped.glob("runs/*"):
        reseal(run, versions={**read(run)["versions"], "numpy": "0.1"})
    with pytest.warns(
        ScenarioWarning, match="was begun with other libraries, by which last digits may differ: numpy was 0.1"
    ):
        assert resume_comparison(stopped).status == "complete"


def test_a_comparison_that_goes_on_is_not_taken(configs):
    """Exit code 5, of itself or of one of its runs."""
    codes = []

    def take(share, _time_min):
        if share > 0.5 and not codes:
            (folder,) = Path("outputs").iterdir()
            codes.append(call("--resume", str(folder)).exit_code)

    compared(configs, progress=take)
    assert codes == [5]


def test_a_worker_that_has_outlived_its_parent_is_waited_for(stopped, monkeypatch):
    """And not for ever: exit code 5 then, and all is free again."""
    monkeypatch.setattr(attempts, "_PATIENCE_S", 0.1)
    run = next(stopped.glob("runs/seldom-*"))
    worker = RunRecorder(run, 0, 2)
    with pytest.raises(DirectoryInUseError, match="is in use by another process"):
        resume_comparison(stopped)
    worker.release()
    assert resume_comparison(stopped).status == "complete"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["often.yaml", "seldom.yaml"], "CONFIG"),
        (["--replicates", "4"], "--replicates"),
        (["--set", "days=3", "--days", "3"], "--days, --set"),
        (["--dry-run"], "--dry-run"),
        (["--until-ci", "3mL", "--coarse", "9"], "--coarse, --until-ci"),
    ],
)
def test_nothing_that_would_change_the_result_stands_beside_resume(stopped, options, named):
    """Exit code 2, by its name."""
    result = call("--resume", str(stopped), *options)
    assert result.exit_code == 2
    assert f"--resume continues what was begun, and excludes {named} (allowed:" in result.stderr


@pytest.mark.parametrize("command", ["compare", "run"])
def test_without_a_config_and_a_folder_there_is_nothing_to_do(command):
    """As click says it."""
    result = call(command=command)
    assert result.exit_code == 2
    assert "Missing argument 'CONFIG" in result.stderr


def test_the_command_goes_on_and_prints(stopped):
    """As JSON too, with workers of one's own choice."""
    result = call("--resume", str(stopped), "--json", "--workers", "2")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["status"] == "complete"
    assert answer["comparison_dir"] == str(stopped)
    assert answer["retried"] == []
    assert len(answer["differences"]) > 15


def test_what_is_no_comparison_is_not_gone_on_with(tmp_path, comparison):
    """A run, and a folder of somebody else's: nothing is made in it."""
    run = next(comparison.path.glob("runs/*"))
    assert f"{run} is not a comparison" in call("--resume", str(run)).stderr
    (tmp_path / "mine").mkdir()
    result = call("--resume", str(tmp_path / "mine"))
    assert result.exit_code == 4
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_folder_of_a_comparison_appears_with_its_runs(configs, monkeypatch):
    """A comparison that cannot make them leaves nothing."""
    real, made = comparing_module.new_archive, []

    def refused(*args):
        if made:
            raise ArchiveError("no more room")
        made.append(real(*args))
        return made[0]

    monkeypatch.setattr(comparing_module, "new_archive", refused)
    with pytest.raises(ArchiveError, match="no more room"):
        compared(configs)
    assert list(Path("outputs").iterdir()) == []


def test_a_run_is_gone_on_with(tmp_path):
    """Interrupted with one of three replicates whole: equal to one that was not; complete, it is left alone."""
    config = tmp_path / "often.yaml"
    config.write_text(f"{BASE}schedule: [{{kind: every, hours: 2}}]\nreplicates: 3\n", encoding="utf-8")
    scenario = load_scenario(config)
    whole = run_scenario(scenario, tmp_path / "whole", ["x"], workers=1)

    def stop(share, _time_min):
        if share > 0.5:
            raise InterruptedRunError(signal.SIGINT)

    with pytest.raises(InterruptedRunError):
        run_scenario(scenario, tmp_path / "stopped", ["x"], stop, workers=1)
    (folder,) = (tmp_path / "stopped").iterdir()
    assert len(list(folder.glob("journal/0-?.jsonl"))) == 1
    run = resume_run(folder, workers=1)
    assert run.status == "complete"
    assert run.manifest["rows"] == whole.manifest["rows"]
    for table in whole.tables:
        pd.testing.assert_frame_equal(run[table], whole[table])
    assert verify(folder) == ("complete", [])
    result = call("--resume", str(folder), command="run")
    assert result.exit_code == 0, result.output
    assert "is complete: nothing was simulated" in result.stderr
    assert resume_run(folder).manifest == run.manifest
