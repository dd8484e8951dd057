"""Kills, races and Dask: nothing is lost, nothing is doubled, and the results are those of an undisturbed sweep."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal
from small_sweeps import BASE, CAPACITY, Here, recorded

import lactflow

pytestmark = pytest.mark.slow

POINTS, REPLICATES = 10, 6
UNITS = POINTS * REPLICATES
KILLS = 8
"""Most of them in one test; `benchmarks/sweep_kills.py` has hundreds."""
needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="needs dask.distributed")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The sweep, done in one go."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    return lactflow.sweep(folder / "base.yaml", **asked(), executor=Here(), out=folder / "out")


def asked():
    """The points, and what is recorded."""
    capacities = [100 + 15 * number for number in range(POINTS)]
    return {"vary": {CAPACITY: capacities}, "replicates": REPLICATES, "record": "removals", "days": 1.0}


@pytest.fixture
def planned(base):
    """The sweep, planned."""
    return lactflow.sweep(base, **asked(), executor="none", out="out").path


def start(*args):
    """A process of lactflow, in a group of its own."""
    command = [sys.executable, "-m", "lactflow", *map(str, args)]
    environment = {**os.environ, "PYTHONPATH": str(Path(lactflow.__file__).parents[1])}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment
    )


def done(*args):
    """Output of a process that succeeds."""
    process = start(*args)
    said, error = process.communicate(timeout=300)
    assert process.returncode == 0, error
    return said


def descendants(pid):
    """Processes that a process has started, and those that these have."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = list(parents.get(pid, ()))
    return found + [each for child in found for each in descendants_in(parents, child)]


def descendants_in(parents, pid):
    """Of one process, in a table of parents."""
    found = parents.get(pid, [])
    return [*found, *(each for child in found for each in descendants_in(parents, child))]


def is_that_of(sweep, undisturbed):
    """Results and rows of a recorded table, each once."""
    assert sweep.counts[:4] == ("complete", UNITS, UNITS, 0)
    assert_frame_equal(sweep.results, undisturbed.results, check_exact=True)
    mine, its = (recorded(each) for each in (sweep, undisturbed))
    assert_frame_equal(mine, its[list(mine)], check_exact=True)


def lines(folder):
    """Lines in the ledgers of a sweep: how often somebody has written."""
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("ledger/*.jsonl"))


def wait_for(condition, process):
    """Until something is so, or a process has ended."""
    while process.poll() is None and not condition():
        time.sleep(0.02)


@pytest.mark.parametrize("whom", ["parent", "worker"])
def test_random_kills_lose_nothing(planned, undisturbed, whom):
    """`kill -9` of the parent, or of whoever works for it, again and again; resumed until it is complete."""
    rng = random.Random(whom)
    kills = 0
    for _ in range(20):
        before = lines(planned)
        process = start("sweep", "--resume", planned, "--workers", 2, "--json")
        wait_for(lambda before=before: lines(planned) > before, process)
        time.sleep(rng.uniform(0.0, 1.0))
        victims = [process.pid] if whom == "parent" else descendants(process.pid)
        if victims and process.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(rng.choice(victims), signal.SIGKILL)
                kills += 1
        said, error = process.communicate(timeout=300)
        if whom == "worker":
            assert process.returncode == 0, error
            assert json.loads(said)["complete"] == UNITS
        if kills == KILLS or lactflow.open_sweep(planned).counts.complete == UNITS:
            break
    assert kills > 0
    done("sweep", "--resume", planned, "--json")
    is_that_of(lactflow.open_sweep(planned), undisturbed)
    done("sweep", "close", planned)
    is_that_of(lactflow.open_sweep(planned), undisturbed)


def test_a_kill_of_everybody_during_closing(planned, undisturbed):
    """Closing is killed at random moments, while shards go on."""
    rng = random.Random(3)
    shards = [start("sweep", "work", planned, "--shard", f"{part}/4") for part in range(1, 5)]
    for _ in range(10):
        process = start("sweep", "close", planned)
        time.sleep(rng.uniform(0.3, 1.5))
        process.kill()
        process.communicate()
    for shard in shards:
        _, error = shard.communicate(timeout=300)
        assert shard.returncode == 0, error
    done("sweep", "close", planned)
    is_that_of(lactflow.open_sweep(planned), undisturbed)


def test_eight_processes_race_on_one_sweep(planned, undisturbed):
    """Each believes that all of it is his: every unit is there, and counts once."""
    racers = [start("sweep", "work", planned, "--json") for _ in range(8)]
    units = 0
    for racer in racers:
        said, error = racer.communicate(timeout=600)
        assert racer.returncode == 0, error
        units += json.loads(said)["done"]
    assert units >= UNITS
    is_that_of(lactflow.open_sweep(planned), undisturbed)
    done("sweep", "close", planned)
    is_that_of(lactflow.open_sweep(planned), undisturbed)


@needs_dask
def test_a_local_cluster_of_dask(planned, undisturbed):
    """As processes of this machine do it."""
    done("sweep", "--resume", planned, "--executor", "dask", "--workers", 2, "--json")
    is_that_of(lactflow.open_sweep(planned), undisturbed)


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, processes of their own on loopback."""
    environment = {**os.environ, "PYTHONPATH": str(Path(lactflow.__file__).parents[1])}
    log = tmp_path / "scheduler.log"

    def begin(*args, to):
        return subprocess.Popen(
            [sys.executable, "-m", *args], stdout=to, stderr=subprocess.STDOUT, start_new_session=True, env=environment
        )

    with log.open("wb") as said, (tmp_path / "workers.log").open("wb") as other:
        scheduler = begin(
            "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", to=said
        )
        deadline = time.monotonic() + 60.0
        while (found := re.search(r"tcp://(127\.0\.0\.1:\d+)", log.read_text(errors="replace"))) is None:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        workers = [
            begin(
                "distributed.cli.dask_worker",
                f"tcp://{found[1]}",
                "--nthreads",
                "1",
                "--no-dashboard",
                "--local-directory",
                str(tmp_path / f"worker-{number}"),
                to=other,
            )
            for number in range(2)
        ]
        yield f"dask://{found[1]}", scheduler, workers
        for each in (*workers, scheduler):
            with suppress(ProcessLookupError):
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()


@needs_dask
def test_a_scheduler_elsewhere_and_a_worker_that_is_killed(planned, undisturbed, cluster):
    """Another one takes what it had."""
    address, _, workers = cluster
    process = start("sweep", "--resume", planned, "--executor", address, "--json")
    wait_for(lambda: lines(planned) > 2, process)
    assert process.poll() is None
    os.killpg(workers[0].pid, signal.SIGKILL)
    _, error = process.communicate(timeout=300)
    assert process.returncode == 0, error
    is_that_of(lactflow.open_sweep(planned), undisturbed)


@needs_dask
def test_a_scheduler_that_is_killed(planned, undisturbed, cluster):
    """The client says so, what was done is kept, and `--resume` goes on."""
    address, scheduler, _ = cluster
    process = start("sweep", "--resume", planned, "--executor", address)
    wait_for(lambda: lines(planned) > 2, process)
    assert process.poll() is None
    os.killpg(scheduler.pid, signal.SIGKILL)
    _, error = process.communicate(timeout=300)
    assert process.returncode == 3, error
    assert "--resume" in error
    assert "Traceback" not in error
    assert 0 < lactflow.open_sweep(planned).counts.complete < UNITS
    done("sweep", "--resume", planned, "--json")
    is_that_of(lactflow.open_sweep(planned), undisturbed)


@needs_dask
def test_a_scheduler_that_is_not_there(planned):
    """One line, exit code 2, soon."""
    process = start("sweep", "--resume", planned, "--executor", "dask://127.0.0.1:9")
    _, error = process.communicate(timeout=60)
    assert process.returncode == 2
    assert error.strip().splitlines()[-1].startswith("no Dask scheduler answers at dask://127.0.0.1:9")
