"""Units of work over processes: same tables, and a failure that costs its unit only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

import lactflow
from lactflow.config.scenario import load_scenario
from lactflow.errors import InterruptedRunError, ScenarioWarning, SomeUnitsFailedError
from lactflow.experiments import run as run_module
from lactflow.experiments.crew import Crew
from lactflow.experiments.run import run_scenario, units_of
from lactflow.recording.archive import Archive

SHORT = {"days": 0.25, "replicates": 3}
COARSE = ("gland.lobes_per_breast=3", "resolution.packet_ml=0.3")


def workers_of(parent):
    """Process numbers of the children of a process."""
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@pytest.fixture
def archive(tmp_path):
    """A run directory for three replicates, and their units."""
    scenario = load_scenario("every-three-hours", **SHORT)
    archive = Archive.create(tmp_path, "x", scenario.text, scenario.files, {})
    yield archive, units_of(scenario, archive.path)
    archive.finish("failed")


def test_tables_do_not_depend_on_workers(tmp_path):
    """One process or two: every table of three replicates is the same; progress never falls, and ends at one."""
    shares: dict[int, list[float]] = {1: [], 2: []}
    one, two = (
        lactflow.run(
            "every-three-hours", out=tmp_path / str(n), workers=n, settings=COARSE,
            progress=lambda share, _time_min, n=n: shares[n].append(share), **SHORT,
        )
        for n in shares
    )  # fmt: skip
    for each in shares.values():
        assert all(later >= earlier - 1e-9 for earlier, later in pairwise(each))
        assert each[-1] == 1.0
    assert one.status == two.status == "complete"
    assert one.manifest["rows"] == two.manifest["rows"]
    assert set(one["removals"]["replicate"]) == {0, 1, 2}
    for table in one.tables:
        pd.testing.assert_frame_equal(one[table], two[table])


def test_a_dead_worker_costs_its_unit_only(archive):
    """One worker is killed: its unit is told as failed, the other units are whole."""
    killed = []

    def kill_one(share, _time_min):
        if share > 0.1 and not killed:
            killed.append(workers_of(os.getpid())[0])
            os.kill(killed[0], signal.SIGKILL)

    path, units = archive[0].path, archive[1]
    with Crew(2) as crew:
        failures = crew.play(units, kill_one)
    (failure,) = failures
    assert "worker died" in failure.message
    spans = lactflow.open_run(path).spans_min
    whole = {unit.replicate for unit in units} - {failure.replicate}
    assert all(spans[0, replicate][1] - spans[0, replicate][0] == 360.0 for replicate in whole)


def test_a_bug_in_a_worker_is_the_reason_of_its_unit(archive, capfd):
    """Not its death: nothing is on the screen, and the worker goes on with the next unit."""
    first, *others = archive[1]
    odd = first._replace(config=first.config.replace('"format":1', '"format":7'))
    with Crew(1) as crew:
        (failure,) = crew.play([odd, *others])
        (worker,) = crew._idle
        assert worker.process.poll() is None
    assert failure.replicate == 0
    assert failure.message.startswith("ValidationError: 1 validation error for RunConfig format")
    assert failure.message.endswith("a bug, please report it with the command and its files")
    assert len(failure.message.splitlines()) == 1
    assert failure.exit_code == 70
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)])
def test_a_worker_that_is_told_to_stop_flushes(archive, number):
    """By either signal: what it has is on the disk."""
    stopped = []

    def stop_it(share, _time_min):
        if share > 0.02 and not stopped:
            stopped.append(workers_of(os.getpid())[0])
            os.kill(stopped[0], number)

    first = archive[1][0]
    with Crew(1) as crew:
        (failure,) = crew.play([first._replace(config=first.config.replace('"days":0.25', '"days":9.0'))], stop_it)
    assert failure.message == "its worker was stopped from outside"
    assert len(lactflow.open_run(archive[0].path)["lobes"]) > 0


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_failed_unit_is_told_and_the_others_go_on(tmp_path, monkeypatch, workers):
    """A unit that cannot be written: exit code 3, status failed, the others are whole."""
    make = run_module.units_of

    def with_one_astray(scenario, directory):
        first, *others = make(scenario, directory)
        return [first._replace(directory=str(directory / "nowhere")), *others]

    monkeypatch.setattr(run_module, "units_of", with_one_astray)
    scenario = load_scenario("every-three-hours", **SHORT)
    with pytest.raises(SomeUnitsFailedError, match="1 of 3 runs failed; the others are whole") as caught:
        run_scenario(scenario, tmp_path, ["test"], workers=workers)
    assert caught.value.exit_code == 3
    (directory,) = tmp_path.iterdir()
    run = lactflow.open_run(directory)
    assert run.status == "failed"
    assert "replicate 0: ArchiveError" in run.manifest["error"]
    assert set(run.spans_min) == {(0, 1), (0, 2)}


def test_an_interrupt_ends_all_workers_and_keeps_what_was_flushed(tmp_path):
    """Progress that raises stops the workers; nobody is left, the status is told, tables can be read."""

    def stop(share, _time_min):
        if share > 0.2:
            raise InterruptedRunError(signal.SIGINT)

    scenario = load_scenario("every-three-hours", COARSE, days=12.0, replicates=3)
    with pytest.raises(InterruptedRunError):
        run_scenario(scenario, tmp_path, ["test"], stop, workers=2)
    assert workers_of(os.getpid()) == []
    (directory,) = tmp_path.iterdir()
    run = lactflow.open_run(directory)
    assert run.status == "interrupted"
    assert len(run["removals"]) > 0


@pytest.mark.slow
def test_workers_do_not_outlive_their_parent(tmp_path):
    """The parent is killed: within seconds its workers are gone, and the run is told as crashed."""
    code = (
        f"import lactflow; lactflow.run('every-three-hours', days=300, replicates=2, out={str(tmp_path)!r}, workers=2)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 60.0
    while len(workers := workers_of(parent.pid)) < 2 or not list(tmp_path.glob("*/journal/0-1.jsonl")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    parent.kill()
    parent.wait()
    while any(Path(f"/proc/{worker}/exe").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    (directory,) = tmp_path.iterdir()
    assert lactflow.open_run(directory).status == "crashed"


def test_a_warning_is_told_and_kept(tmp_path):
    """What is odd about a scenario is a Python warning, and stands in the manifest."""
    with pytest.warns(ScenarioWarning, match="plausible range"):
        run = lactflow.run("every-three-hours", settings="gland.lumen.capacity_ml=500", out=tmp_path, days=0.1)
    assert "capacity_ml = 500" in run.manifest["warnings"][0]
