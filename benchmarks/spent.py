"""
Runs a command and says what it and all its descendants have cost.

    python benchmarks/spent.py FILE COMMAND...       # writes JSON: wall_s, cpu_s, peak_mb

A worker that outlives the process that started it, as those of a fork server do, counts as well where the system can
hand it over (Linux). The exit code is that of the command.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import perf_counter

_PR_SET_CHILD_SUBREAPER = 36
_PEAK_UNITS_A_MB = 1e6 if sys.platform == "darwin" else 1e3


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent has ended; on Linux only."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def main(file: str, command: list[str]) -> int:
    """Run, wait for everybody, write."""
    adopt_orphans()
    begun_s = perf_counter()
    code = subprocess.run(command, check=False).returncode
    wall_s = perf_counter() - begun_s
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = {"wall_s": wall_s, "cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / _PEAK_UNITS_A_MB}
    Path(file).write_text(json.dumps(spent), encoding="ascii")
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
