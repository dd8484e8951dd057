"""
A process whose file system fails at one step; started by `steps`, and never imported by it.

It imports lactflow once and forks for every try, which reads one line of JSON: the command line, the folder, the number
of the step that fails (0 for none), how it fails (`ENOSPC`, `EIO`, `kill`, `short`), and the names of the steps. The
answer is a line of JSON too: the exit code, negative for a signal, None for a process that does not end.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

STEPS_FILE = "steps.json"
_PATIENCE_S = 60.0


class Shim:
    """Counts the steps of the file system, and lets one of them fail."""

    def __init__(self, at: int, mode: str) -> None:
        self._at, self._mode = at, mode
        self.taken: list[str] = []

    def wrap(self, name: str) -> None:
        """Put itself before one function of `os`."""
        step: Callable[..., Any] = getattr(os, name)

        def taken(*arguments: Any, **keywords: Any) -> Any:
            self.taken.append(name)
            if len(self.taken) != self._at:
                return step(*arguments, **keywords)
            if self._mode == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if self._mode == "short":
                descriptor, content = arguments
                return step(descriptor, content[: max(1, len(content) // 2)])
            if name == "close":
                step(*arguments)  # it reports a failure, but the number is free
            number = getattr(errno, self._mode)
            raise OSError(number, os.strerror(number))

        setattr(os, name, taken)


def command(args: Sequence[str]) -> int:
    """A command line of lactflow; its exit code."""
    from lactflow.cli import main

    try:
        main(list(args))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def attempt(args: Sequence[str], folder: Path, at: int, mode: str, names: Sequence[str]) -> None:
    """One try, in a process of its own; does not return."""
    os.chdir(folder)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        file = os.open(name, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, descriptor)
        os.close(file)
    shim, code = Shim(at, mode), 1
    originals = {name: getattr(os, name) for name in names}
    for name in names:
        shim.wrap(name)
    try:
        code = command(args)
    except BaseException:  # noqa: BLE001 - whatever it is, the caller shall see it
        import traceback

        traceback.print_exc()
    for name, step in originals.items():
        setattr(os, name, step)
    sys.stdout.flush()
    sys.stderr.flush()
    Path(STEPS_FILE).write_text(json.dumps(shim.taken), encoding="ascii")
    os._exit(code)


def waited(child: int) -> int | None:
    """The exit code of a child; None for one that had to be killed."""
    deadline_s = time.monotonic() + _PATIENCE_S
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline_s:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(0.002)


def serve() -> None:
    """Answer until no request comes any more."""
    from lactflow.recording import recorder

    warm = json.loads(sys.stdin.readline())
    assert hasattr(recorder, "FLUSH_ROWS")
    recorder.FLUSH_ROWS = warm["flush_rows"]
    os.chdir(warm["folder"])
    shown = os.dup(1)
    os.dup2(2, 1)
    # Whatever is imported on the way takes steps as well; here it has been.
    command(warm["args"])
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            attempt(request["args"], Path(request["folder"]), request["at"], request["mode"], request["names"])
        os.write(shown, json.dumps({"code": waited(child)}).encode() + b"\n")


if __name__ == "__main__":
    serve()
