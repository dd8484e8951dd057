"""
Instructions counted by callgrind, of stretches of a process: what comes before and between is not counted.

A child that is counted switches counting on and off itself (`Stretches`); `counted` runs it under valgrind and reads
what each stretch has cost. Counts hardly depend on what else the machine does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from re import MULTILINE, findall, search
from typing import Any

from rounds import Runner

_NOTHING = "nothing"


def why_not() -> str | None:
    """Why instructions cannot be counted on this machine; None where they can."""
    missing = [name for name in ("valgrind", "callgrind_control") if shutil.which(name) is None]
    return f"{' and '.join(missing)} is not installed" if missing else None


class Stretches:
    """
    Switches the counting of this process, which runs under callgrind.

    An empty stretch is counted first: what switching costs by itself is taken off the others.
    """

    def __init__(self) -> None:
        self.begin()
        self.end(_NOTHING)

    def begin(self) -> None:
        """Count from now on."""
        _control("--instr=on")

    def end(self, name: str) -> None:
        """Count no longer; the stretch is over and has a name."""
        _control("--instr=off")
        _control(f"--dump={name}")

    def of(self, name: str, work: Callable[[], object]) -> None:
        """Count some work."""
        self.begin()
        work()
        self.end(name)


def _control(order: str) -> None:
    """
    Give an order to callgrind.

    Raises
    ------
    RuntimeError
        If it is not carried out.
    """
    done = subprocess.run(["callgrind_control", order, str(os.getpid())], capture_output=True, text=True, check=False)
    if "OK." not in done.stdout:
        raise RuntimeError(f"callgrind_control {order}: {done.stdout} {done.stderr}")


def counted(
    runner: Runner, script: Path, child: str, *, hash_seed: int = 0, **arguments: Any
) -> tuple[dict[str, int], dict[str, Any]]:
    """
    Instructions of each stretch of a child, and what it has returned.

    Parameters
    ----------
    runner
        Runs it.
    script, child, arguments
        Which child.
    hash_seed
        Of Python in it. Another one lays the heap out otherwise, and with it what lies in the way of what in the caches
        of CPython: the same work then costs up to 0.3 % more or less.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "counts"
        command = [
            "env",
            f"PYTHONHASHSEED={hash_seed}",
            "valgrind",
            "--quiet",
            "--tool=callgrind",
            "--instr-atstart=no",
            f"--callgrind-out-file={out}",
            sys.executable,
            str(script),
            "--child",
            child,
            json.dumps(arguments),
        ]
        record = runner.understood(runner.run(command)[0])
        totals: dict[str, int] = {}
        for file in sorted(Path(folder).glob("counts.*")):
            name, instructions = dumped(file.read_text(encoding="utf-8"))
            totals[name] = totals.get(name, 0) + instructions
    nothing = totals.pop(_NOTHING)
    return {name: total - nothing for name, total in totals.items()}, record


def dumped(text: str) -> tuple[str, int]:
    """
    Name of a stretch and its instructions, from a file of callgrind.

    Raises
    ------
    ValueError
        If it is none that `Stretches` has requested.
    """
    name = search(r"^desc: Trigger: dump (\S+)", text, flags=MULTILINE)
    totals = findall(r"^totals: (\d+)", text, flags=MULTILINE)
    if name is None or not totals:
        raise ValueError(f"not the counts of a stretch: {text[:200]!r}")
    return name[1], int(totals[-1])
