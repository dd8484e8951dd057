"""Ends that nobody wants: bugs, lack of memory, streams and terminals that are gone, files that are no files."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

import lactflow
from lactflow.analysis.run import open_run
from lactflow.errors import ScenarioWarning
from lactflow.recording.verify import verify

SMALL = "format: 1\ndays: 0.1\ngland: {lobes_per_breast: 1}\nresolution: {packet_ml: 0.5}\n"
BUG = "an error of lactflow itself, a bug, please report it with the command and its files"
PATIENCE_S = 200.0


@pytest.fixture
def broken(monkeypatch):
    """A run raises what nobody expected."""

    def breaker(error):
        def run_scenario(*args, **how):
            raise error

        monkeypatch.setattr("lactflow.experiments.run.run_scenario", run_scenario)

    return breaker


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ZeroDivisionError("float division by zero"), f"ZeroDivisionError: float division by zero: {BUG}"),
        (KeyError("plasma"), f"KeyError: 'plasma': {BUG}"),
        (ValueError("two\nlines"), f"ValueError: two lines: {BUG}"),
        (RecursionError(), f"RecursionError: {BUG}"),
        (MemoryError(), "MemoryError: there is not enough memory"),
        (AssertionError("x" * 10_000), f"AssertionError: {'x' * 500}: {BUG}"),
    ],
)
def test_a_bug_is_one_line(invoke, broken, error, line):
    """Exit code 70, the type and message, and what to do; the same as JSON."""
    broken(error)
    result = invoke("run", "every-three-hours", "--quiet")
    assert (result.exit_code, result.stderr, result.stdout) == (70, f"{line}\n", "")
    result = invoke("run", "every-three-hours", "--json")
    assert (result.exit_code, result.stderr) == (70, "")
    answer = json.loads(result.stdout)
    assert answer["exit_code"] == 70
    assert [problem["message"] for problem in answer["problems"]] == [line]


def test_the_traceback_of_a_bug_is_there_for_who_asks(broken, monkeypatch, tmp_path):
    """By an environment variable; the line still comes last."""
    from click.testing import CliRunner

    from lactflow.cli import main

    broken(ZeroDivisionError("x"))
    monkeypatch.setenv("LACTFLOW_TRACEBACK", "1")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["run", "every-three-hours"])
    assert "Traceback (most recent call last)" in result.stderr
    assert result.stderr.endswith(f"ZeroDivisionError: x: {BUG}\n")
    assert result.exit_code == 70


def test_a_bug_in_the_model_is_reported_in_the_manifest(invoke, monkeypatch, tmp_path):
    """The run is failed, and its tables can be read."""

    def simulate(*args, **how):
        raise TypeError("unsupported")

    monkeypatch.setattr("lactflow.experiments.unit.simulate", simulate)
    Path("small.yaml").write_text(SMALL, encoding="utf-8")
    assert invoke("run", "small.yaml", "--quiet").exit_code == 70
    (path,) = (tmp_path / "outputs").iterdir()
    run = open_run(path)
    assert (run.status, run.manifest["error"]) == ("failed", "TypeError: unsupported")
    assert invoke("run", "small.yaml", "--quiet", "--replicates", "2", "--workers", "1").exit_code == 3


def test_warnings_of_calculations_stay_away_from_users(invoke, monkeypatch):
    """Others are one line without a path; with --json there are none."""

    def run_scenario(*args, **how):
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("overflow encountered in add", RuntimeWarning, stacklevel=1)
            warnings.warn("this will change", FutureWarning, stacklevel=1)
        raise MemoryError

    monkeypatch.setattr("lactflow.experiments.run.run_scenario", run_scenario)
    result = invoke("run", "every-three-hours")
    assert result.stderr.splitlines() == ["warning: this will change", "MemoryError: there is not enough memory"]
    assert invoke("run", "every-three-hours", "--json").stderr == ""


# -- processes of their own ---------------------------------------------------------------------------------


def command_line(*args, redirected="", limit=""):
    """A command in a shell that closes streams or limits it, and whose Python is ours."""
    program = f'"{sys.executable}" -c "from lactflow.cli import main; main()"'
    return ["/bin/sh", "-c", f"{limit} exec {program} {' '.join(args)} {redirected}"]


@pytest.fixture
def small(tmp_path):
    """A folder with a config that takes no time."""
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def ended(folder, command):
    """Run a command to its end."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


@pytest.mark.parametrize(
    ("args", "redirected"),
    [
        (("run", "small.yaml"), "<&- >&- 2>&-"),
        (("--nix",), "2>&-"),
        *(
            pytest.param(*each, marks=pytest.mark.slow)
            for each in (
                (("run", "small.yaml"), ">&-"),
                (("run", "small.yaml"), "2>&-"),
                (("parameters", "capacity"), ">&-"),
                (("run", "nix.yaml"), ">&- 2>&-"),
                (("compare", "small.yaml", "small.yaml", "--replicates", "2", "--workers", "2"), ">&- 2>&-"),
            )
        ),
    ],
)
def test_closed_streams_are_no_failure(small, args, redirected):
    """Nobody listens, or nobody speaks: what was asked for is done, and a mistake still has its exit code."""
    result = ended(small, command_line(*args, redirected=redirected))
    assert result.returncode == (2 if args[-1] in ("nix.yaml", "--nix") else 0)
    assert "Traceback" not in result.stdout + result.stderr
    folders = list(small.glob("outputs/*"))
    assert len(folders) == ("small.yaml" in args)
    for folder in folders:
        assert verify(folder) == ("complete", [])


@pytest.mark.parametrize(
    "args",
    [
        ("parameters", "--json"),
        pytest.param(("parameters",), marks=pytest.mark.slow),
        pytest.param(("run", "small.yaml", "--quiet"), marks=pytest.mark.slow),
    ],
)
def test_a_full_stdout_is_reported_as_such(small, args):
    """Exit code 4, and what could not be written."""
    result = ended(small, command_line(*args, redirected="> /dev/full"))
    assert result.returncode == 4
    assert result.stderr == "standard output cannot be written: No space left on device\n"


def test_too_few_descriptors_are_one_line(small):
    """With what needed one more."""
    args = ("run", "small.yaml", "--quiet", "--replicates", "2", "--workers", "2")
    # Libraries are there before: the limit holds for what lactflow opens itself.
    code = (
        "import resource, sys; from lactflow.cli import main; from lactflow.experiments import run, crew; "
        "import lactflow.config.scenario, pyarrow.parquet; "
        "begin = crew._Worker.__init__\n"
        "def limited(worker, *rest):\n"
        "    resource.setrlimit(resource.RLIMIT_NOFILE, (6, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))\n"
        "    begin(worker, *rest)\n"
        "crew._Worker.__init__ = limited\n"
        f"sys.argv[1:] = {list(args)!r}; main()"
    )
    result = ended(small, [sys.executable, "-c", code])
    assert result.returncode == 4
    assert result.stderr.splitlines()[-1] == "cannot start a worker process: Too many open files"
    assert "Traceback" not in result.stderr


def running(folder, command, **how):
    """A long run that has begun."""
    (folder / "long.yaml").write_text(SMALL.replace("days: 0.1", "days: 900"), encoding="utf-8")
    process = subprocess.Popen(command, cwd=folder, **how)
    give_up_s = time.monotonic() + PATIENCE_S
    while not any(b'"flush":1,' in path.read_bytes() for path in folder.glob("outputs/[!.]*/journal/0-0*.jsonl")):
        assert time.monotonic() < give_up_s
        assert process.poll() is None
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("workers", [2, pytest.param(1, marks=pytest.mark.slow)])
def test_a_hang_up_is_heard(small, workers):
    """Exit code 129; the run is interrupted and sound, and no worker is left."""
    args = ("run", "long.yaml", "--quiet", "--replicates", "2", "--workers", str(workers))
    process = running(small, command_line(*args), stderr=subprocess.PIPE, text=True)
    process.send_signal(signal.SIGHUP)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 129
    assert stderr.startswith("stopped by signal 1; what was recorded until then is in outputs/long-")
    (path,) = small.glob("outputs/*")
    assert open_run(path).status == "interrupted"


def test_a_hang_up_that_is_ignored_stays_ignored(small):
    """As `nohup` has it: the run goes on."""
    args = ("run", "long.yaml", "--quiet")
    process = running(small, command_line(*args, limit="trap '' HUP;"), stderr=subprocess.DEVNULL)
    try:
        process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert process.poll() is None
    finally:
        process.terminate()
        assert process.wait(PATIENCE_S) == 143


def test_a_terminal_that_is_closed_interrupts(small):
    """The bar cannot be drawn any more, and that is not the reason that is kept."""
    ours, theirs = pty.openpty()
    # The first process of a session takes the terminal it opens, and is hung up on when that goes.
    code = (
        f"import os; os.setsid(); os.close(os.open({os.ttyname(theirs)!r}, os.O_RDWR)); "
        "from lactflow.cli import main; main()"
    )
    process = running(
        small,
        [sys.executable, "-c", code, "run", "long.yaml"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
        close_fds=True,
    )
    os.close(theirs)
    os.close(ours)
    assert process.wait(PATIENCE_S) == 129
    (path,) = small.glob("outputs/*")
    run = open_run(path)
    assert (run.status, run.manifest["error"]) == ("interrupted", "stopped by signal 1")


# -- what is no file ------------------------------------------------------------------------------------------


def make_socket(path):
    """A socket in the file system."""
    with socket.socket(socket.AF_UNIX) as place:
        place.bind(path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (os.mkfifo, "is a FIFO"),
        (os.mkdir, "is a folder"),
        (lambda path: Path(path).symlink_to("/dev/zero"), "is a device"),
        (make_socket, "is a socket"),
    ],
)
def test_what_is_no_file_is_refused_at_once(invoke, make, words):
    """As a config and as a log: one line, exit code 2, nothing is waited for."""
    make("odd")
    for args in (("run", "odd"), ("compare", "odd", "odd"), ("fit", "odd")):
        result = invoke(*args)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"odd: {words} (allowed: ")
        assert len(result.stderr.splitlines()) == 1
    Path("with-log.yaml").write_text("format: 1\nschedule: [{kind: log, file: odd}]\n", encoding="utf-8")
    result = invoke("run", "with-log.yaml")
    assert result.exit_code == 2
    assert re.search(r"'odd' (is not a file in|leads out of) the folder of the config\n$", result.stderr)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A small run; nobody changes it."""
    folder = tmp_path_factory.mktemp("ran")
    config = folder / "small.yaml"
    config.write_text(SMALL, encoding="utf-8")
    with pytest.warns(ScenarioWarning):
        return lactflow.run(config, out=folder, workers=1).path


@pytest.mark.parametrize("file", ["manifest.json", "config.yaml", "journal/0-0.jsonl", ".lock"])
def test_a_fifo_in_a_run_directory_is_not_waited_for(invoke, ran, file):
    """Somebody has put one in the place of a file: damage, or nothing at all for the lock."""
    path = Path(shutil.copytree(ran, "copy"))
    (path / file).unlink()
    os.mkfifo(path / file)
    for command in ("verify", "cite", "report"):
        result = invoke(command, str(path))
        assert result.exit_code in (0, 1)
        assert len(result.stderr.splitlines()) <= 2
    assert invoke("verify", str(path)).exit_code == (0 if file == ".lock" else 1)


def test_names_that_are_no_text_are_printed_escaped(tmp_path):
    """The run is complete, and its folder can be found."""
    command = [
        sys.executable,
        "-m",
        "lactflow",
        "run",
        "every-three-hours",
        "--days",
        "0.01",
        "--no-visits",
        "--out",
        b"\xff",
    ]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    assert "\\udcff/every-three-hours-" in done.stdout
