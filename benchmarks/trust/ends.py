"""Commands that are ended from outside, at random moments: by `kill -9`, and by the signals that ask politely."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.trust.commands import COARSE, started, wait_for
from benchmarks.trust.experiment import Bench, Experiment, Try
from benchmarks.trust.reading import flushed, lost_of_comparison, lost_of_run, runs_below, visible

_LONG = ("--days", "900", "--out", "out", "--quiet", *COARSE)
"""Longer than anybody waits here."""
_COMMANDS = {
    "run": ("run", "every-three-hours", *_LONG),
    "run --workers 2": ("run", "every-three-hours", "--replicates", "4", "--workers", "2", *_LONG),
    "compare": ("compare", "every-two-hours", "every-four-hours", "--replicates", "2", "--workers", "2", *_LONG),
}
_SUMS = "compare, after its last run"
_SUMS_COMMAND = (
    *("compare", "every-two-hours", "every-four-hours", "--days", "0.1", "--set", "mother.cohort=25"),
    *("--workers", "2", "--out", "out", "--quiet", *COARSE),
)
"""Fifty runs: what comes after them takes a second."""
_TURNS = ("run", "run", "run", "run --workers 2", "compare")
_FLUSH_ROWS = (0, 0, 500, 2000, 8000)
"""Small flushes, so that more moments fall into one; 0 is the usual size."""
_WORKERS_S = 5.0
"""Time that workers have to end after their parent."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_HOUR_MIN = 60.0


def _wait_for_a_moment(rng: Random, out: Path, *, early: bool) -> bool:
    """Let a random time pass, before there is a folder or after the first flush; False if that never comes."""
    if early:
        time.sleep(rng.uniform(0.1, 1.5))
        return True
    if not wait_for(lambda: flushed(out)):
        return False
    time.sleep(rng.uniform(0.0, 0.8))
    return True


def _wait_for_the_last(process: subprocess.Popen[str], rng: Random, out: Path) -> bool:
    """Let a random time pass after all workers have gone; False if that never comes."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not wait_for(lambda: flushed(out)) or not wait_for(lambda: not listed.read_text(encoding="ascii")):
        return False
    time.sleep(rng.uniform(0.0, 0.3))
    return True


def _children(process: subprocess.Popen[str]) -> list[int]:
    """Processes that a process has started; it is stopped first, so that it starts no more."""
    process.send_signal(signal.SIGSTOP)
    try:
        text = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(each) for each in text.split()]


def _lives(pid: int) -> bool:
    """Whether a process is running; a zombie is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _left_alone(workers: list[int]) -> str:
    """Workers that do not end after their parent; they are killed then."""
    if wait_for(lambda: not any(map(_lives, workers)), _WORKERS_S):
        return ""
    alive = [worker for worker in workers if _lives(worker)]
    for worker in alive:
        os.kill(worker, signal.SIGKILL)
    return f"{len(alive)} workers were alive {_WORKERS_S:g} s after their parent"


def _lost_below(out: Path, *statuses: str) -> str:
    """What is lost of the one run or comparison in a folder; empty where there is none."""
    found = visible(out)
    if len(found) > 1:
        return f"{len(found)} folders: {', '.join(each.name for each in found)}"
    for folder in found:
        if (folder / "runs").is_dir() or folder.name.startswith("compare-"):
            return lost_of_comparison(folder, *statuses)
        return lost_of_run(folder, *statuses)
    return ""


def _state(out: Path) -> str:
    """How far it had come."""
    if not visible(out):
        return "before there was a folder"
    return "after the first flush" if flushed(out) else "before the first flush"


def kills(bench: Bench) -> Iterator[Try]:
    """`kill -9` at random moments; what is left is read."""
    for number in range(bench.size):
        rng, kind = bench.random(number), _TURNS[number % len(_TURNS)]
        folder = bench.disk / str(number)
        folder.mkdir()
        rows, out = rng.choice(_FLUSH_ROWS), folder / "out"
        with started(_COMMANDS[kind], folder, flush_rows=rows) as process:
            came = _wait_for_a_moment(rng, out, early=number // len(_TURNS) % 3 == 2)
            workers = _children(process)
            ended = process.poll()
            process.kill()
            process.wait()
        alone = _left_alone(workers)
        lost = alone or _lost_below(out, "crashed")
        if not came or ended is not None:
            lost = f"nothing was flushed in time, or it ended by itself (exit code {ended})"
        yield Try(kind, _state(out), lost and f"try {number}: {lost}")
        shutil.rmtree(folder)


def signals(bench: Bench) -> Iterator[Try]:
    """SIGINT, SIGTERM and SIGHUP at random moments; exit code, status and what was flushed are looked at."""
    for number in range(bench.size):
        rng, sent = bench.random(number), _SIGNALS[number % len(_SIGNALS)]
        turn = number // len(_SIGNALS)
        early, late = turn % 4 == 3, turn % 10 == 9
        kind = _SUMS if late else _TURNS[turn * 2 % len(_TURNS)]
        folder = bench.disk / str(number)
        folder.mkdir()
        out = folder / "out"
        with started(_SUMS_COMMAND if late else _COMMANDS[kind], folder) as process:
            came = _wait_for_the_last(process, rng, out) if late else _wait_for_a_moment(rng, out, early=early)
            process.send_signal(sent)
            try:
                _, stderr = process.communicate(timeout=60.0)
            except subprocess.TimeoutExpired:
                stderr = "still there after 60 s"
        code, lost = process.returncode, "" if came else "nothing was flushed in time"
        if late and not code:
            ended, lost = "complete before the signal came", _lost_below(out, "complete")
        else:
            ended, lost = _state(out), lost or _lost_after_signal(out, sent, code, stderr)
        yield Try(f"{sent.name}, {kind}", ended, lost and f"try {number}: {lost}")
        shutil.rmtree(folder)


def _lost_after_signal(out: Path, sent: signal.Signals, code: int, stderr: str) -> str:
    """What is wrong after an orderly end, or after one before there was anything to put in order."""
    if not visible(out):
        # While Python starts nobody listens yet: a signal then ends the process as it ends any other.
        return "" if code in (128 + sent, -sent) else f"exit code {code} before there was a folder"
    if code != 128 + sent:
        return f"exit code {code} after {sent.name}: {stderr.strip()[-200:]}"
    if len(stderr.strip().splitlines()) != 1:
        return f"not one line after {sent.name}: {stderr.strip()[-200:]}"
    return _lost_below(out, "interrupted") or next(filter(None, map(_not_flushed, runs_below(out))), "")


def _not_flushed(run: Path) -> str:
    """What a run had recorded and did not keep: rows that its manifest counts, or the hours before its end."""
    import lactflow

    stored = lactflow.open_run(run)
    counted: dict[str, Any] = stored.manifest["rows"]
    for table, rows in counted.items():
        if len(stored[table]) != rows:
            return f"{run.name}: the manifest counts {rows} rows of {table}, {len(stored[table])} can be read"
    samples = stored["hormones"]
    for unit, (_, end_min) in stored.spans_min.items():
        mine = samples[(samples["mother"] == unit[0]) & (samples["replicate"] == unit[1])]
        times_min = sorted(mine["time_min"])
        # A sample an hour, and the span ends at a whole hour.
        if not times_min or end_min - times_min[-1] > _HOUR_MIN:
            return f"{run.name}: the last sample is from {times_min[-1:]} min, the run ended at {end_min:g} min"
        if any(after - before > 1.001 * _HOUR_MIN for before, after in pairwise(times_min)):
            return f"{run.name}: hours without samples"
    return ""


EXPERIMENTS = (
    Experiment(
        name="kills",
        title="`kill -9` at random moments",
        size=60,
        how="Runs, runs with two workers and comparisons are killed before they have a folder, or up to 0.8 s after "
        "their first flush, which is of the usual size or of 500 to 8,000 rows",
        lost="a row in the journal that cannot be read, a table that pandas cannot open, `lactflow verify` finding "
        "fault or another status than `crashed`, or a worker alive 5 s later.",
        tries=kills,
    ),
    Experiment(
        name="signals",
        title="SIGINT, SIGTERM, SIGHUP at random moments",
        size=30,
        how="Sent to runs, runs with two workers and comparisons, while they run and while a comparison works out "
        "its results",
        lost="another exit code than 130, 143 or 129 (before there is a folder, death by the signal counts as well), "
        "more than one line on stderr, another status than `interrupted`, a row that the manifest counts and that "
        "cannot be read, or an hour without samples before the end.",
        tries=signals,
    ),
)
