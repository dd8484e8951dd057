"""How a worker process is started: forked by the server where that can be had, else as a Python of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import IO, NamedTuple, Protocol

from lactflow.errors import ArchiveError
from lactflow.systems import GONE

if sys.platform == "linux":
    from lactflow.experiments.fork_server import ForkServer, fork_server

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from lactflow.experiments.worker import main; main()"


class Process(Protocol):
    """What a crew needs of a process, as `subprocess.Popen` has it."""

    pid: int

    def poll(self) -> int | None:
        """Exit code, None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""

    def terminate(self) -> None:
        """Order it to stop."""

    def kill(self) -> None:
        """Stop it at once."""


class Started(NamedTuple):
    """
    A worker process.

    Attributes
    ----------
    process
        The process.
    orders_out, answers_in
        Its standard input and output.
    """

    process: Process
    orders_out: IO[bytes]
    answers_in: IO[bytes]


def prepare_workers() -> None:
    """Have the server imported by the time that it is needed; returns at once."""
    if sys.platform == "linux":
        fork_server()


def start_worker(additions: Sequence[tuple[str, str, str]]) -> Started:
    """
    Start a worker, with the folder, the import path and the environment that this process has now.

    Parameters
    ----------
    additions
        What its units of work need of what was added in Python: group, name, reference.

    Raises
    ------
    ArchiveError
        If the system refuses.
    """
    try:
        started = _forked() or _spawned()
    except OSError as error:
        raise ArchiveError(f"cannot start a worker process: {error.strerror or error}") from error
    first = {"path": sys.path, "environment": dict(os.environ), "additions": additions}
    with suppress(*GONE):  # it died; its standard output will say so
        started.orders_out.write(json.dumps(first).encode() + b"\n")
    return started


class _Spawned(subprocess.Popen[bytes]):
    """A Python of its own, in its own session, or what Windows has of it: Ctrl-C reaches the parent, who decides."""

    def __init__(self) -> None:
        group = 0
        if sys.platform == "win32":
            group = subprocess.CREATE_NEW_PROCESS_GROUP
        super().__init__(
            [sys.executable, "-P", "-c", _START, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            creationflags=group,
        )

    def terminate(self) -> None:
        """Order it to stop: on Windows as Ctrl-Break does, where there is a console, since `terminate` kills there."""
        if sys.platform == "win32":
            try:
                self.send_signal(signal.CTRL_BREAK_EVENT)
            except OSError:
                super().terminate()
        else:
            super().terminate()


def _spawned() -> Started:
    process = _Spawned()
    assert process.stdin is not None
    assert process.stdout is not None
    return Started(process, process.stdin, process.stdout)


def _forked() -> Started | None:
    if sys.platform == "linux":
        server = fork_server()
        if server is not None and server.ready:
            return _forked_by(server)
    return None


if sys.platform == "linux":

    def _forked_by(server: ForkServer) -> Started:
        with ExitStack() as ours, ExitStack() as theirs:
            orders_in, orders_out = os.pipe()
            theirs.callback(os.close, orders_in)
            ours.callback(os.close, orders_out)
            answers_in, answers_out = os.pipe()
            theirs.callback(os.close, answers_out)
            ours.callback(os.close, answers_in)
            folder = os.open(".", os.O_PATH | os.O_DIRECTORY)
            theirs.callback(os.close, folder)
            process = server.fork([orders_in, answers_out, _stderr(theirs), folder])
            ours.pop_all()
        return Started(process, os.fdopen(orders_out, "wb"), os.fdopen(answers_in, "rb"))


def _stderr(closing: ExitStack) -> int:
    """Standard error of this process; nowhere, where that is closed."""
    try:
        os.fstat(2)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        closing.callback(os.close, nowhere)
        return nowhere
    return 2
