"""Every step of the file system fails once: no room left, an error of the device, a kill right there, a short write."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

from benchmarks.trust.commands import COARSE
from benchmarks.trust.experiment import Bench, Experiment, Try
from benchmarks.trust.reading import lost_of_comparison, lost_of_run, visible

_RUN = ("run", "every-three-hours", "--days", "0.3", "--out", "out", "--quiet", *COARSE)
_COMPARE = (
    *("compare", "every-two-hours", "every-four-hours", "--days", "0.2", "--replicates", "2", "--workers", "1"),
    *("--out", "out", "--quiet", *COARSE),
)
_NAMES = ("write", "fsync", "open", "replace", "rename", "mkdir", "ftruncate", "unlink", "close")
_COMPARE_NAMES = _NAMES[:-1]
"""Pipes to workers are closed too, and no disk makes that fail."""
_FLUSH_ROWS = 1500
_MODES = ("ENOSPC", "ENOSPC", "EIO", "kill")
_SHORT_SHARE = 0.3
"""Of the writes."""
_FAILED = 4


class _Disk:
    """The process whose file system fails, commanded from here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        script = Path(__file__).with_name("failing_disk.py")
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        warm = folder / "warm"
        warm.mkdir()
        self._send(args=_RUN, folder=str(warm), flush_rows=_FLUSH_ROWS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def _send(self, **what: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def attempt(self, name: str, args: Sequence[str], names: Sequence[str], at: int, mode: str) -> tuple[Path, int]:
        """Folder and exit code of one try."""
        folder = self._folder / name
        folder.mkdir()
        self._send(args=args, folder=str(folder), at=at, mode=mode, names=names)
        assert self._process.stdout is not None
        return folder, json.loads(self._process.stdout.readline())["code"]

    def steps(self, name: str, args: Sequence[str], names: Sequence[str]) -> list[str]:
        """Names of all steps of a command that nothing happens to."""
        folder, code = self.attempt(name, args, names, 0, "")
        assert code == 0, (folder / "stderr").read_text(encoding="utf-8")
        taken: list[str] = json.loads((folder / "steps.json").read_text(encoding="ascii"))
        return taken


def steps(bench: Bench) -> Iterator[Try]:
    """Fail at one step, then read what is left; all steps of a run, and some of a comparison."""
    with _Disk(bench.memory) as disk:
        of_run = disk.steps("all of a run", _RUN, _NAMES)
        of_compare = disk.steps("all of a comparison", _COMPARE, _COMPARE_NAMES)
        compared = max(1, bench.size // 10)
        chosen = bench.random(-1).sample(range(len(of_run)), min(len(of_run), bench.size - compared))
        where = [("run", at) for at in (range(len(of_run)) if bench.whole else sorted(chosen))]
        where += [("compare", bench.random(-2 - number).randrange(len(of_compare))) for number in range(compared)]
        # A short run has fewer steps than tries are wanted: some fail in a second way.
        where += [("run", at % len(of_run)) for at in range(max(0, bench.size - len(where)))]
        for number, (command, at) in enumerate(where):
            is_run = command == "run"
            step = (of_run if is_run else of_compare)[at]
            mode = _mode(bench.random(number), step)
            args, names = (_RUN, _NAMES) if is_run else (_COMPARE, _COMPARE_NAMES)
            folder, code = disk.attempt(f"try-{number}", args, names, at + 1, mode)
            ended, lost = _looked_at(folder, code, mode, compare=not is_run)
            yield Try(f"{command}, {mode}", ended, lost and f"step {at + 1} ({step}): {lost}")
            shutil.rmtree(folder)


def _mode(rng: Random, step: str) -> str:
    if step == "write" and rng.random() < _SHORT_SHARE:
        return "short"
    return rng.choice(_MODES)


def _looked_at(folder: Path, code: int | None, mode: str, *, compare: bool) -> tuple[str, str]:
    """How a try ended, and what was lost."""
    stderr = (folder / "stderr").read_text(encoding="utf-8", errors="replace").strip()
    left = visible(folder / "out")
    if code == -9 and mode == "kill":
        ended, statuses = "killed", ["crashed", "complete"]
    elif code == 0:
        # What fails is sometimes of no account: the removal of what is not there, for one.
        ended, statuses = "complete all the same", ["complete"]
    # A run that is complete, and whose summary cannot be read, is one of these.
    elif code == _FAILED and len(stderr.splitlines()) == 1:
        ended, statuses = "exit code 4", ["failed", "crashed", "complete"]
    else:
        return "otherwise", f"{mode} gives exit code {code}: {stderr[-300:]}"
    if code == 0 and len(left) != 1:
        return ended, f"{mode} gives exit code 0, and {len(left)} folders"
    looked = [lost_of_comparison(each, *statuses) if compare else lost_of_run(each, *statuses) for each in left]
    return f"{ended}, {'readable' if left else 'nothing left'}", next(filter(None, looked), "")


EXPERIMENTS = (
    Experiment(
        name="steps",
        title="every file-system step fails once",
        size=230,
        how="Each write, fsync, open, replace, rename, mkdir, ftruncate, unlink and close of a small run of several "
        "flushes, and some of those of a comparison: no space left, an input/output error, `kill -9` at the step, or "
        "a short write",
        lost="another end than exit code 4 with one line (the kill, and steps of no account, left aside), a folder "
        "that cannot be read, a journalled row that is missing, or `complete` where rows are missing.",
        tries=steps,
    ),
)
