"""`lactflow run` as people start it: a process of its own, a real simulation, a real disk."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from lactflow.analysis.run import open_run
from lactflow.recording.verify import verify
from lactflow.records import TABLES

HOUR_MIN = 60.0
PATIENCE_S = 200.0


@pytest.fixture
def start(tmp_path):
    """Start a command line in a folder of its own; gives the process."""
    started = []

    def starter(*args: str, hash_seed: str = "0") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", "from lactflow.cli import main; main()", *args],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield starter
    for process in started:
        process.kill()
        process.communicate()


def flushed_directory(out: Path) -> Path:
    """The run directory below `out`, once its first flush is in the journal."""
    give_up_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_s:
        for journal in out.glob("[!.]*/journal/0-0*.jsonl"):
            if b'"flush":1' in journal.read_bytes():
                return journal.parent.parent
        time.sleep(0.01)
    pytest.fail(f"nothing was flushed within {PATIENCE_S:.0f} s")


def check_cut_at_one_flush(path: Path) -> None:
    """Every table is there up to the same hour, by our reader; the plain one opens all of them."""
    run = open_run(path)
    assert verify(path).problems == []
    for table in run.tables:
        assert len(pd.read_parquet(path / table)) >= len(run[table])
    if not run.spans_min:
        assert all(run[table].empty for table in TABLES)
        return
    _, end_min = run.spans_min[0, 0]
    for table, column in (("visits", "entered_min"), ("lobes", "time_min"), ("breasts", "time_min")):
        assert end_min - HOUR_MIN <= run[table][column].max() <= end_min, table
    assert set(run["hormones"]["time_min"]) == set(run["lobes"]["time_min"]) == set(run["infants"]["time_min"])
    assert run["hormones"]["time_min"].diff().dropna().eq(HOUR_MIN).all()


@pytest.mark.parametrize(
    ("number", "exit_code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, 129, marks=pytest.mark.slow),
    ],
)
def test_a_signal_ends_a_run_in_order(start, tmp_path, number, exit_code):
    """The exit code of shells, one line, and all that was simulated until then."""
    process = start("run", "every-three-hours", "--days", "900")
    path = flushed_directory(tmp_path / "outputs")
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=PATIENCE_S)
    message = f"stopped by signal {number:d}; what was recorded until then is in {path.relative_to(tmp_path)}\n"
    assert (process.returncode, stdout, stderr) == (exit_code, "", message)
    run = open_run(path)
    assert (run.status, run.manifest["error"]) == ("interrupted", f"stopped by signal {number:d}")
    assert run.manifest["rows"]["visits"] == len(run["visits"]) > 0
    check_cut_at_one_flush(path)


def test_a_killed_run_is_cut_at_a_flush(start, tmp_path):
    """Whatever was flushed can be read, and its status says what happened."""
    process = start("run", "every-three-hours", "--days", "900", "--name", "killed")
    path = flushed_directory(tmp_path / "outputs")
    assert open_run(path).status == "running"
    process.kill()
    process.wait()
    assert open_run(path).status == "crashed"
    check_cut_at_one_flush(path)


@pytest.mark.slow
def test_twenty_killed_runs_are_cut_at_a_flush(start, tmp_path):
    """At any moment; the run directory may not even be there."""
    rng = random.Random(3)
    begun_s = time.monotonic()
    first = start("run", "every-three-hours", "--days", "900", "--out", "first")
    flushed_directory(tmp_path / "first")
    first_flush_s = time.monotonic() - begun_s
    first.kill()
    flushed = []
    for kill in range(20):
        process = start("run", "every-three-hours", "--days", "900", "--out", str(kill))
        if kill % 2:  # sometime after its first flush, however fast the machine is just now
            flushed_directory(tmp_path / str(kill))
        time.sleep(first_flush_s * rng.uniform(0.1, 1.0))
        process.kill()
        process.wait()
        directories = list((tmp_path / str(kill)).glob("[!.]*"))
        assert len(directories) <= 1
        for path in directories:
            assert open_run(path).status == "crashed"
            check_cut_at_one_flush(path)
            flushed.append(len(open_run(path)["visits"]))
    assert max(flushed) > 0


@pytest.mark.slow
def test_two_runs_have_equal_tables(start, tmp_path):
    """Same config and seed, other process, other hash seed."""
    command = ("run", "every-three-hours", "--days", "0.5", "--out")
    processes = {seed: start(*command, seed, hash_seed=seed) for seed in ("0", "12345")}
    runs = []
    for seed, process in processes.items():
        _, stderr = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode, stderr) == (0, "")
        (path,) = (tmp_path / seed).iterdir()
        runs.append(open_run(path))
    for table in TABLES:
        pd.testing.assert_frame_equal(runs[0][table], runs[1][table], check_exact=True)
    assert len(runs[0]["visits"]) > 0
    assert runs[0].manifest["rows"] == runs[1].manifest["rows"]


def test_a_bad_config_leaves_nothing(start, tmp_path):
    """Exit code 2, every problem in a line with its place, no folder for outputs."""
    (tmp_path / "bad.yaml").write_text("format: 1\ndays: -1\nschedule: [{kind: every}]\n", encoding="utf-8")
    process = start("run", "bad.yaml")
    stdout, stderr = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, stdout) == (2, "")
    assert stderr.splitlines() == [
        "bad.yaml:2:7: days: -1 days is outside 0 to 1000 days, 0 itself left out",
        "bad.yaml:3:12: schedule.0.hours: missing (allowed: a number from 0.25 to 240 h)",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


@pytest.mark.parametrize("at", [1, 15, 24])
def test_a_full_disk_is_one_line(invoke, monkeypatch, tmp_path, at):
    """Exit code 4; what is left is nothing, or a readable run that is not called complete."""
    real_write, writes = os.write, []

    def write(descriptor: int, content: bytes) -> int:
        writes.append(len(content))
        if len(writes) >= at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real_write(descriptor, content)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        result = invoke("run", "every-three-hours", "--days", "0.1", "--out", "out", "--quiet")
    assert len(writes) >= at
    assert result.exit_code == 4
    (line,) = result.stderr.splitlines()
    assert line.endswith("No space left on device")
    assert result.stdout == ""
    for path in (tmp_path / "out").iterdir():
        assert open_run(path).status in ("failed", "crashed")
        assert verify(path).problems == []
