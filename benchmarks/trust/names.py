"""Hostile names and paths, and several processes that want one directory."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.trust.commands import COARSE, Ended, attempt, called, started
from benchmarks.trust.experiment import Bench, Experiment, Try
from benchmarks.trust.material import LOG, Material, hostile
from benchmarks.trust.reading import lost_to_verify, visible

_SHORT = ("--days", "0.01", "--no-visits", "--quiet", *COARSE)
_WRITTEN = ("x", "evil")
"""Beginnings of names that commands in names would write."""


class Sandbox:
    """
    A folder with what may be written to and read, within another with what may not.

    Parameters
    ----------
    outside
        The outer folder; made.
    """

    def __init__(self, outside: Path) -> None:
        self.outside, self.inside = outside, outside / "in" / "side"
        self.inside.mkdir(parents=True)
        for folder in (outside, outside / "in"):
            (folder / "secret.csv").write_text(LOG, encoding="utf-8")
        (self.inside / "there.csv").write_text(LOG, encoding="utf-8")
        (self.inside / "below").mkdir()
        (self.inside / "link.csv").symlink_to(outside / "secret.csv")
        (self.inside / "linked").symlink_to(outside, target_is_directory=True)
        (self.inside / "loop").symlink_to("loop")
        os.mkfifo(self.inside / "pipe")
        self._before = self._seen()

    def _seen(self) -> dict[str, str]:
        """Everything outside, with its content."""
        found = {}
        for path in self.outside.rglob("*"):
            if path.is_relative_to(self.inside):
                continue
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            found[str(path)] = hashlib.sha256(content).hexdigest()
        return found

    def escaped(self) -> str:
        """What was written or changed outside; empty for nothing."""
        now = self._seen()
        changed = sorted(name for name in {*now, *self._before} if now.get(name) != self._before.get(name))
        strange = [path.name for path in self.inside.iterdir() if path.name in _WRITTEN]
        return ", ".join([*changed, *strange])


def _judged(ended: Ended, allowed: tuple[int, ...], sandbox: Sandbox) -> tuple[str, str]:
    """How a command with a hostile name ended, and what was lost."""
    escaped = sandbox.escaped()
    if ended.traceback:
        return "traceback", ended.traceback
    if escaped:
        return "written elsewhere", f"written or changed: {escaped}"
    if ended.exit_code not in allowed:
        return f"exit code {ended.exit_code}", f"exit code {ended.exit_code}: {ended.text[-200:]}"
    return "taken as a name" if ended.exit_code == 0 else f"refused, exit code {ended.exit_code}", ""


def _name(sandbox: Sandbox, text: str) -> tuple[str, str]:
    ended = called("run", "every-three-hours", f"--name={text}", *_SHORT, "--out", "out", cwd=sandbox.inside)
    return _judged(ended, (0, 2), sandbox)


def _init(sandbox: Sandbox, text: str) -> tuple[str, str]:
    return _judged(called("init", "--", text, cwd=sandbox.inside), (0, 2), sandbox)


def _out(sandbox: Sandbox, text: str) -> tuple[str, str]:
    ended = called("run", "every-three-hours", *_SHORT, f"--out={text}", cwd=sandbox.inside)
    return _judged(ended, (0, 2, 4), sandbox)


def _log(sandbox: Sandbox, text: str) -> tuple[str, str]:
    """None of these logs may be read."""
    name = text.replace("{outside}", str(sandbox.outside))
    config = {"format": 1, "schedule": [{"kind": "log", "file": name}]}
    (sandbox.inside / "config.yaml").write_text(json.dumps(config), encoding="utf-8")
    return _judged(called("run", "config.yaml", *_SHORT, cwd=sandbox.inside), (2,), sandbox)


def _journal(sandbox: Sandbox, text: str) -> tuple[str, str]:
    """A line of a journal names a file elsewhere."""
    import lactflow

    run = Material(sandbox.inside / "material").run
    outside = sandbox.outside / "part-0000-0000-000001.parquet"
    part = max((run / "removals").glob("part-*"))
    shutil.copy(part, outside)
    journal = next(each for each in (run / "journal").iterdir() if part.name.encode() in each.read_bytes())
    name = text.replace("{outside}", str(sandbox.outside)).encode()
    journal.write_bytes(journal.read_bytes().replace(f"removals/{part.name}".encode(), name))
    read = attempt(lambda: lactflow.open_run(run)["removals"])
    if read.traceback:
        return "traceback", read.traceback
    return ("refused", "") if read.refused else ("read", f"a part named {text} is read")


_CASES: tuple[tuple[str, Callable[[Sandbox, str], tuple[str, str]], tuple[str, ...]], ...] = (
    ("--name", _name, hostile("names")),
    ("init NAME", _init, hostile("names")),
    ("--out", _out, hostile("folders")),
    ("schedule: file", _log, hostile("logs")),
    ("file in a journal", _journal, hostile("journals")),
)


def names(bench: Bench) -> Iterator[Try]:
    """One hostile name at a time, in a folder of its own."""
    # In turns, so that few tries are of all kinds.
    cases = [
        (kind, tried, texts[turn])
        for turn in range(max(len(texts) for *_, texts in _CASES))
        for kind, tried, texts in _CASES
        if turn < len(texts)
    ]
    for number, (kind, tried, text) in enumerate(cases[: bench.size]):
        outside = bench.memory / str(number)
        ended, lost = tried(Sandbox(outside), text)
        yield Try(kind, ended, lost and f"{text[:60]!r}: {lost}")
        shutil.rmtree(outside)


_RACERS = 8
_AHEAD_S = 3.0
"""Time for all processes to start and import what they need."""


def races(bench: Bench) -> Iterator[Try]:
    """Processes begin the same run in the same second; each has a directory of its own, or is refused one."""
    for race in range(-(-bench.size // _RACERS)):
        folder = bench.disk / str(race)
        folder.mkdir()
        racers = min(_RACERS, bench.size - race * _RACERS)
        # Just after a second has begun.
        at_s = int(time.time() + _AHEAD_S) + 1.02
        args = ("run", "every-three-hours", "--days", "10", "--quiet", "--json", "--out", "out", *COARSE)
        with ExitStack() as stack:
            processes = [stack.enter_context(started(args, folder, at_s=at_s)) for _ in range(racers)]
            outputs = [process.communicate() for process in processes]
        codes = [process.returncode for process in processes]
        found = visible(folder / "out")
        directories = Counter(
            json.loads(stdout)["run_dir"] for code, (stdout, _) in zip(codes, outputs, strict=True) if code == 0
        )
        broken = next(filter(None, (lost_to_verify(each, "complete") for each in found)), "")
        for code, (stdout, stderr) in zip(codes, outputs, strict=True):
            lost = ""
            if code not in (0, 5):
                lost = f"exit code {code}: {(stdout + stderr).strip()[-200:]}"
            elif code == 0 and directories[json.loads(stdout)["run_dir"]] > 1:
                lost = "two processes wrote one directory"
            elif len(found) != codes.count(0) or not found:
                lost = f"{codes.count(0)} runs ended well and {len(found)} directories are there"
            kept = "a directory of its own" if code == 0 else f"exit code {code}"
            yield Try(f"{racers} processes", kept, lost or broken)
        shutil.rmtree(folder)


EXPERIMENTS = (
    Experiment(
        name="names",
        title="hostile names and paths",
        size=sum(len(texts) for *_, texts in _CASES),
        how="Names of runs and of new configs, output folders, paths of logs in a config, and of parts in a journal: "
        "upwards, absolute, links out of the folder and in a circle, pipes and devices, control characters, reserved "
        "and long names, commands",
        lost="a file written or changed outside the folder, a file read from outside, or another end than exit code "
        "0, 2 or (for a folder that cannot be made) 4.",
        tries=names,
    ),
    Experiment(
        name="races",
        title="processes that begin the same run in the same second",
        size=16,
        how="Two races of eight processes",
        lost="two processes in one directory, another exit code than 0 or 5, or a directory that `lactflow verify` "
        "does not call complete.",
        tries=races,
    ),
)
