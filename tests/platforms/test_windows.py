"""
Commands where everything is missing that Windows does not have, and refused that it refuses.

`windows/sitecustomize.py` says what; it is read by each process here, and by the workers that these start.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import lactflow

ROOT = Path(__file__).parents[2]
WINDOWS = {
    "LACTFLOW_AS_ON_WINDOWS": "1",
    "PYTHONPATH": os.pathsep.join([str(Path(__file__).with_name("windows")), str(ROOT)]),
    "WINDIR": "C:\\Windows",
}
LEGAL = re.compile(r'[^<>:"/\\|?*\x00-\x1f]*[^<>:"/\\|?*\x00-\x1f. ]')
DEVICE = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def on_windows(*arguments, **variables):
    """A Python as it would be there."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **WINDOWS, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output_of(process):
    """What it printed; it has to end well."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


def command(*words):
    """What a command prints there."""
    return output_of(on_windows("-m", "lactflow", *map(str, words)))


def check_names(folder):
    """All names in a folder can be had there."""
    for path in folder.rglob("*"):
        assert LEGAL.fullmatch(path.name), path
        assert not DEVICE.fullmatch(path.name), path


def test_a_run_is_written_verified_and_the_same(tmp_path):
    """The same tables as on this system, to the bit; no name that Windows does not have."""
    words = ("run", "every-three-hours", "--days", "0.2", "--quiet", "--json", "--out")
    run = Path(json.loads(command(*words, tmp_path / "there"))["run_dir"])
    assert "complete: sound" in command("verify", run)
    here = subprocess.run(
        [sys.executable, "-m", "lactflow", *words, tmp_path / "here"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    other = lactflow.open_run(json.loads(here.stdout)["run_dir"])
    for table in ("removals", "lobes", "hormones", "balance", "visits"):
        pd.testing.assert_frame_equal(lactflow.open_run(run)[table], other[table])
    check_names(tmp_path / "there")


def test_a_folder_is_held_by_one(tmp_path):
    """By a byte far behind the end of the lock; what is behind the lock of a journal can be written."""
    (tmp_path / "first").mkdir()
    code = f"""
import os
from pathlib import Path
from lactflow.errors import DirectoryInUseError
from lactflow.recording.attempts import begin_attempt, going_on
from lactflow.recording.files import append_at
from lactflow.recording.lock import DirectoryLock, is_held
place = Path({str(tmp_path)!r})
held = DirectoryLock(place / "first")
try:
    (place / "first").rename(place / "second")
except PermissionError:
    print("open files")
held.before_move()
(place / "first").rename(place / "second")
held.moved(place / "second")
print(is_held(place / "second"))
try:
    DirectoryLock(place / "second")
except DirectoryInUseError:
    print("in use")
held.release()
print(is_held(place / "second"))
(place / "second" / "journal").mkdir()
attempt, descriptor = begin_attempt(place / "second", 0, 0)
print(append_at(attempt.journal(place / "second"), 0, b"a line\\n"), len(going_on(place / "second", [attempt])))
os.close(descriptor)
print(len(going_on(place / "second", [attempt])), attempt.journal(place / "second").read_bytes())
"""
    assert output_of(on_windows("-c", code)).split("\n") == [
        *("open files", "True", "in use", "False", "7 1", "0 b'a line\\n'", "")
    ]


def test_what_is_typed_next_can_be_typed_there(tmp_path):
    """Single quotes are no quotes in its shell."""
    out = command("run", "every-three-hours", "--days", "0.1", "--quiet", "--out", tmp_path / "a b")
    *_, report, code, verify, _ = out.split("\n")
    assert re.search(r"""-c "import pandas; print\(pandas.read_parquet\('[^']+/removals'\)\)"$""", code)
    for line in (report, verify):
        assert re.search(r' (report|verify) "[^"\']+"$', line)


def test_without_any_locks_a_run_is_written(tmp_path):
    """As in a browser, where there is one process."""
    code = f"""
import sys
sys.modules["fcntl"] = None
from lactflow.cli import main
main(["run", "every-three-hours", "--days", "0.1", "--quiet", "--out", {str(tmp_path)!r}])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (run,) = tmp_path.iterdir()
    assert lactflow.open_run(run).status == "complete"


@pytest.mark.slow
def test_workers_compare_sweep_and_report(tmp_path):
    """Started one by one; each command that writes, and each that reads what another wrote."""
    words = ("every-three-hours", "every-two-hours", "--days", "0.3", "--workers", "2", "--json", "--out", tmp_path)
    compared = Path(json.loads(command("compare", *words))["comparison_dir"])
    assert "complete: sound" in command("verify", compared)
    command("report", compared)
    run = next((compared / "runs").iterdir())
    command("report", run)
    for kind in ("csv", "crate", "datapackage", "trace"):
        command("export", run, "--to", kind, "-o", tmp_path / kind)
    varied = ("--vary", "gland.lumen.capacity_ml=120,180", "--days", "0.2", "--workers", "2", "--json")
    sweep = json.loads(command("sweep", "every-three-hours", *varied, "--out", tmp_path))["sweep_dir"]
    command("sweep", "close", sweep)
    assert "sound" in command("verify", sweep)
    check_names(tmp_path)


@pytest.mark.slow
def test_a_comparison_that_is_stopped_is_resumed(tmp_path):
    """Its workers are ordered to stop, flush, and let go of what they hold."""
    words = ("every-three-hours", "every-two-hours", "--days", "20", "--workers", "2", "--out", str(tmp_path))
    stopped = on_windows("-m", "lactflow", "compare", *words, "--replicates", "2", "--quiet")
    deadline_s = time.monotonic() + 60
    while not list(tmp_path.glob("compare-*/runs/*/removals/part-0000-000?-000001.parquet")):
        assert time.monotonic() < deadline_s
        assert stopped.poll() is None, stopped.communicate()
        time.sleep(0.05)
    stopped.send_signal(signal.SIGINT)
    _, err = stopped.communicate(timeout=60)
    assert stopped.returncode == 130, err
    (folder,) = tmp_path.iterdir()
    command("compare", "--resume", folder, "--workers", "2", "--quiet")
    assert "complete: sound" in command("verify", folder)
