"""Units of work over processes: same tables, and a failure that costs its unit only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import lactflow
from lactflow.cli.failures import retried_in_words
from lactflow.config.scenario import load_scenario
from lactflow.errors import InterruptedRunError, ScenarioWarning, SomeUnitsFailedError
from lactflow.experiments import crew as crew_module
from lactflow.experiments import fork_server
from lactflow.experiments import run as run_module
from lactflow.experiments import work as work_module
from lactflow.experiments import worker as worker_module
from lactflow.experiments.crew import Crew
from lactflow.experiments.run import run_scenario, units_of
from lactflow.experiments.start import start_worker
from lactflow.experiments.unit import run_unit
from lactflow.recording.archive import Archive
from lactflow.recording.verify import verify

SHORT = {"days": 4.0, "replicates": 3}
COARSE = ("gland.lobes_per_breast=3", "resolution.packet_ml=0.3")
TINY = ("gland.lobes_per_breast=1", "resolution.packet_ml=0.5")


def children_of(parent):
    """Process numbers of the children of a process; none where it is gone."""
    file = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(each) for each in file.read_text().split()] if file.exists() else []


def workers_of(parent):
    """Process numbers of the workers that the server of a process has forked and that go on."""
    forked = [each for child in children_of(parent) for each in children_of(child)]
    return [each for each in forked if Path(f"/proc/{each}/exe").exists()]


@pytest.fixture
def archive(tmp_path):
    """A run directory for three replicates, and their units."""
    scenario = load_scenario("every-three-hours", **SHORT)
    archive = Archive.create(tmp_path, "x", scenario.text, scenario.files, {})
    yield archive, units_of(scenario, archive.path)
    if not archive.finished:
        archive.finish("failed")


def test_tables_do_not_depend_on_workers(tmp_path):
    """One process or two: every table of three replicates is the same; progress never falls, and ends at one."""
    shares: dict[int, list[float]] = {1: [], 2: []}
    one, two = (
        lactflow.run(
            "every-three-hours",
            out=tmp_path / str(n),
            workers=n,
            settings=COARSE,
            progress=lambda share, _time_min, n=n: shares[n].append(share),
            **SHORT,
        )
        for n in shares
    )
    for each in shares.values():
        assert all(later >= earlier - 1e-9 for earlier, later in pairwise(each))
        assert each[-1] == 1.0
    assert one.status == two.status == "complete"
    assert one.manifest["rows"] == two.manifest["rows"]
    assert set(one["removals"]["replicate"]) == {0, 1, 2}
    for table in one.tables:
        pd.testing.assert_frame_equal(one[table], two[table])


def test_a_dead_worker_costs_nothing(archive, tmp_path, dying):
    """Its unit is given again, and is the same as in a run of which no worker died; what is retried is known."""
    path, units, deaths = archive[0].path, archive[1], dying("0-1")
    with Crew(2) as crew:
        assert crew.run(units) == []
    assert deaths() == 1
    assert [(each.work.replicate, each.reason) for each in crew.retried] == [
        (1, "its worker died (killed by signal 9)")
    ]
    archive[0].finish("complete")
    assert verify(path) == ("complete", [])
    undisturbed = lactflow.run("every-three-hours", out=tmp_path / "other", workers=1, **SHORT)
    run = lactflow.open_run(path)
    for table in run.tables:
        pd.testing.assert_frame_equal(run[table], undisturbed[table])
        assert len(pd.read_parquet(path / table)) == len(run[table])


def test_a_unit_whose_worker_dies_three_times_is_set_aside(archive, dying):
    """The others are whole; what the last of the three has flushed is kept."""
    path, units, deaths = archive[0].path, archive[1], dying("0-1", times=9)
    with Crew(2) as crew:
        (failure,) = crew.run(units)
    assert deaths() == 3
    assert failure == (units[1], "its worker died three times (killed by signal 9)", 1)
    assert [each.work for each in crew.retried] == [units[1]] * 2
    assert [unit.is_done() for unit in units] == [True, False, True]
    assert {number for _, number in lactflow.open_run(path).spans_min} >= {0, 2}


def test_a_run_says_what_was_simulated_again(tmp_path, dying):
    """In its manifest, and as a warning of its summary."""
    dying("0-2")
    run = run_scenario(load_scenario("every-three-hours", COARSE, **SHORT), tmp_path, ["x"], workers=2)
    (entry,) = run.manifest["retried"]
    assert run.status == "complete"
    assert entry == {"mother": 0, "replicate": 2, "reason": "its worker died (killed by signal 9)"}
    unit = "mother 0, replicate 2, its worker died (killed by signal 9)"
    assert retried_in_words(run.manifest) == [f"1 run was simulated again, from its beginning: {unit}"]
    seven = retried_in_words({"retried": [{**entry, "scenario": "mine"}] * 7})
    assert seven[0].startswith("7 times a run was simulated again, from its beginning: mine: mother 0, replicate")
    assert seven[0].endswith("; and 2 more, which manifest.json has")
    assert retried_in_words({}) == []


def test_work_of_a_dead_worker_waits_for_the_others(archive, dying):
    """It may have died of it."""
    ended, deaths = [], dying("0-0")
    with Crew(1) as crew:
        crew.run(archive[1], on_result=lambda work, result: ended.append((work.replicate, result)))
    assert deaths() == 1
    assert ended == [(1, None), (2, None), (0, None)]


def test_work_that_was_done_by_a_dead_worker_is_not_done_again(archive):
    """It may have died before it could say so."""
    (first, *_), ended = archive[1], []
    under_way = crew_module._UnderWay([first], lambda work, result: ended.append((work, result)))
    under_way.waiting.clear()
    run_unit(first)
    assert under_way.lose(0, " (killed by signal 9)") is None
    assert ended == [(first, None)]
    assert under_way.failures == []
    assert not under_way.waiting


def test_a_worker_that_dies_costs_none_of_the_units_that_it_has_ahead(tmp_path, monkeypatch):
    """Another simulates them, all but the one that it was at, without counting a try."""
    for name in ("_SHORT_S", "_AHEAD_S"):
        monkeypatch.setattr(crew_module, name, 100.0)  # whatever the disk of the moment
    scenario = load_scenario("every-three-hours", ["record.visits=false", *TINY], days=0.1, replicates=12)
    archive = Archive.create(tmp_path, "x", scenario.text, scenario.files, {}, units=12)
    ahead = []

    with Crew(1) as crew:

        def kill_one(_share, _time_min):
            (worker,) = crew._busy or [None]
            if worker is not None and len(worker.has) > 2 and not ahead:
                ahead.extend(worker.has)
                worker.process.kill()

        assert crew.run(units_of(scenario, archive.path), kill_one) == []
    archive.finish("complete")
    assert len(ahead) > 2
    assert len(crew.retried) <= 1  # it may have ended its last unit before it was killed
    assert {each.work.replicate for each in crew.retried} <= set(ahead[:2])


def test_an_order_that_is_long_does_not_go_ahead(archive, monkeypatch):
    """A worker does not read while it works, and a full pipe would hold up everybody."""
    for name in ("_SHORT_S", "_AHEAD_S"):
        monkeypatch.setattr(crew_module, name, 100.0)
    monkeypatch.setattr(crew_module, "_LONGEST_AHEAD", 10)
    most = []
    with Crew(1) as crew:
        crew.run(archive[1], lambda _share, _time_min: most.extend(len(worker.has) for worker in crew._busy))
    assert max(most) == 1


def test_a_worker_answers_with_what_came_of_it(monkeypatch):
    """Of any kind of work: its order and the text that it shares go in, what JSON can hold comes out."""
    monkeypatch.setattr(work_module, "DOING", {"sum": f"{__name__}:summed"})
    answers, shared = [], []
    parent = SimpleNamespace(send=lambda **answer: answers.append(answer), send_progress=None)
    for said in (
        {"shared": "ten"},
        {"kind": "sum", "order": {"numbers": [1, 2]}, "text": 0},
        {"kind": "sum", "order": {"numbers": []}, "text": None},
    ):
        worker_module._follow(said, shared, [], parent)
    assert answers == [{"done": True, "result": {"ten": 3}}, {"done": True, "result": {"None": 0}}]


def test_a_long_answer_is_put_together():
    """It comes in pieces; what comes after it is the next one."""
    worker = object.__new__(crew_module._Worker)
    worker._torn = []
    pieces = (b'{"result": "', b"x" * 5000, b"y" * 5000, b'"}\n{"share"', b": 0.5}", b"\n")
    found = [worker.answers(piece) for piece in pieces]
    assert found == [[], [], [], [{"result": "x" * 5000 + "y" * 5000}], [], [{"share": 0.5}]]


def summed(order, shared, _progress):
    """A kind of work."""
    return {str(shared): sum(order["numbers"])}


def test_workers_are_forked_from_a_server_without_threads(archive, monkeypatch):
    """Where there is none they are started as any process is, with the same end of all units."""
    server = fork_server.fork_server()
    assert server.ready
    assert len(list(Path(f"/proc/{server._process.pid}/task").iterdir())) == 1
    assert fork_server.fork_server() is server
    monkeypatch.setattr(sys, "platform", "elsewhere")
    first, *_ = archive[1]
    with Crew(1) as crew:
        assert crew.run([first]) == []
        (worker,) = crew._idle
        assert isinstance(worker.process, subprocess.Popen)
    assert len(lactflow.open_run(archive[0].path)["lobes"]) > 0


def test_a_server_that_is_gone_is_replaced(archive):
    """With the unit of its worker whole: that one goes on by itself."""
    gone = []

    def end_server(share, _time_min):
        if share > 0.02 and not gone:
            gone.append(fork_server.fork_server())
            gone[0]._process.kill()
            gone[0]._process.wait()

    with Crew(2) as crew:
        assert crew.run(archive[1], end_server) == []
    spans = lactflow.open_run(archive[0].path).spans_min
    assert {end - start for start, end in spans.values()} == {5760.0}
    assert fork_server.fork_server() is not gone[0]
    assert fork_server.fork_server().ready


def test_a_forked_worker_has_the_folder_and_environment_of_now(archive, tmp_path, monkeypatch):
    """Not those of when the server was started: a folder may be named from where one is."""
    assert fork_server.fork_server().ready
    monkeypatch.chdir(tmp_path.parent)
    monkeypatch.setenv("LACTFLOW_WRITTEN_BY_A_TEST", "\udcff and more")
    unit = archive[1][0]._replace(directory=str(archive[0].path.relative_to(tmp_path.parent)))
    seen = []

    def look(_share, _time_min):
        for worker in workers_of(os.getpid()):
            seen.append(Path(f"/proc/{worker}/cwd").readlink())  # noqa: PERF401

    with Crew(1) as crew:
        assert crew.run([unit], look) == []
    assert set(seen) == {tmp_path.parent}


@pytest.mark.parametrize("order", ["kill", "exit"])
def test_how_a_forked_worker_ended_is_known(order):
    """By a signal, or with an exit code when nobody speaks to it any more."""
    started = start_worker([])
    assert started.process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        started.process.wait(0.01)
    if order == "kill":
        started.process.kill()
    with suppress(BrokenPipeError):  # what was written to a killed one and not read
        started.orders_out.close()
    assert started.process.wait(10.0) == (-signal.SIGKILL if order == "kill" else 0)
    started.process.terminate()  # does nothing to whoever has that number now
    started.answers_in.close()


def test_a_bug_in_a_worker_is_the_reason_of_its_unit(archive, capfd):
    """Not its death: nothing is on the screen, it is not given again, and the worker goes on with the next unit."""
    first, *others = archive[1]
    odd = first._replace(config=first.config.replace('"format":1', '"format":7'))
    with Crew(1) as crew:
        (failure,) = crew.run([odd, *others])
        (worker,) = crew._idle
        assert worker.process.poll() is None
    assert failure.work.replicate == 0
    assert crew.retried == []
    assert failure.message.startswith("ValidationError: 1 validation error for RunConfig format")
    assert failure.message.endswith("a bug, please report it with the command and its files")
    assert len(failure.message.splitlines()) == 1
    assert failure.exit_code == 70
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)])
def test_a_worker_that_is_ordered_to_stop_flushes(archive, dying, number):
    """By either signal: what it has is on the disk."""
    deaths = dying("0-0", times=9, number=number)
    with Crew(1) as crew:
        (failure,) = crew.run(archive[1][:1])
    assert deaths() == 3
    assert failure.message == "its worker died three times (it was stopped from outside)"
    assert len(lactflow.open_run(archive[0].path)["lobes"]) > 0


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_failed_unit_is_reported_and_the_others_continue(tmp_path, monkeypatch, workers):
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
    """Progress that raises stops the workers; nobody is left, the status is recorded, tables can be read."""

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
    """The parent is killed: within seconds its workers are gone, and the run is reported as crashed."""
    code = (
        f"import lactflow; lactflow.run('every-three-hours', days=300, replicates=2, out={str(tmp_path)!r}, workers=2)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 60.0
    while len(workers := workers_of(parent.pid)) < 2 or not list(tmp_path.glob("*/journal/0-1.*.jsonl")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    parent.kill()
    parent.wait()
    while any(Path(f"/proc/{worker}/exe").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    (directory,) = tmp_path.iterdir()
    assert lactflow.open_run(directory).status == "crashed"


def test_a_warning_is_reported_and_kept(tmp_path):
    """What is odd about a scenario is a Python warning, and stands in the manifest."""
    with pytest.warns(ScenarioWarning, match="plausible range"):
        run = lactflow.run("every-three-hours", settings="gland.lumen.capacity_ml=500", out=tmp_path, days=0.1)
    assert "capacity_ml = 500" in run.manifest["warnings"][0]
