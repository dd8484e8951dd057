"""
A process that has imported the model, and forks a worker on request.

A worker that has to import takes half a second before it begins, as long as a short run; a forked one takes a few
milliseconds. The server is started once and serves until this process ends. It does not fork this process, which may
have threads, open files and locks; the server has none of them, and is not used where it finds that it has threads.

Only Linux has it: elsewhere threads cannot be counted, and system libraries may not survive a fork.

The server of `multiprocessing` is not used because its workers import the user's script anew, so that a script without
`if __name__ == "__main__"` fails, and because its list of modules is one for the whole program of the user.
"""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NoReturn

from lactflow.experiments.work import LOST
from lactflow.interpreter import seldom_collected

assert sys.platform == "linux"

_GOES_ON = 1000
"""In place of an exit code: it has not ended."""

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from lactflow.experiments.fork_server import serve; serve()"
)
_NO_THREADS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""Environment in which numpy and pyarrow start no threads when they are imported."""
_NEEDED = ("lactflow.experiments.unit", "lactflow.experiments.worker", "numpy.random", "pyarrow.parquet")
_THREADS = Path("/proc/self/task")
_DESCRIPTORS = 4
_LOOK_UP_S = 0.002
"""How often it is checked whether a worker has ended that was ordered to."""


class Forked:
    """
    A worker that the server has forked, with those methods of `subprocess.Popen` that a crew needs.

    Attributes
    ----------
    pid
        Its process number. It is no other process's before the server has reported how it ended.
    """

    def __init__(self, server: ForkServer, pid: int) -> None:
        self.pid = pid
        self._server = server
        self._code: int | None = None

    def poll(self) -> int | None:
        """Exit code, negative for a signal, `LOST` where it is not known; None while it runs."""
        if self._code is None:
            self._code = self._server.end_of(self.pid)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """
        Wait for its end.

        Parameters
        ----------
        timeout
            Longest time [s].

        Raises
        ------
        subprocess.TimeoutExpired
            If it still runs after that.
        """
        begun_s = time.monotonic()
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() - begun_s > timeout:
                raise subprocess.TimeoutExpired("worker", timeout)
            time.sleep(_LOOK_UP_S)
        return code

    def terminate(self) -> None:
        """Order it to stop."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """Stop it at once."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class ForkServer:
    """
    The server, from outside; made by `fork_server`.

    Raises
    ------
    OSError
        If it cannot be started.
    """

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._ready: bool | None = None
        self._lock = Lock()
        self._connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # A session of its own: Ctrl-C in a terminal reaches the parent, who decides.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, "-P", "-c", _START, json.dumps(sys.path)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **_NO_THREADS},
            )

    @property
    def ready(self) -> bool:
        """Whether it can fork; waits until it has imported."""
        with self._lock:
            if self._ready is None:
                try:
                    self._ready = self._connection.recv(64) == b"1"
                except OSError:
                    self._ready = False
            return self._ready

    def fork(self, descriptors: Sequence[int]) -> Forked:
        """
        Fork a worker.

        Parameters
        ----------
        descriptors
            Its standard input, output and error, and the folder that it works in.

        Raises
        ------
        OSError
            If the system refuses, or the server is gone.
        """
        found = self._request(b"fork", descriptors)
        if found is None or found <= 0:
            number = errno.EPIPE if found is None else -found
            raise OSError(number, os.strerror(number))
        return Forked(self, found)

    def end_of(self, pid: int) -> int | None:
        """Exit code of a worker, None while it runs."""
        found = self._request(f"{pid}".encode())
        if found is not None:
            return None if found == _GOES_ON else found
        try:
            os.kill(pid, 0)
        except OSError:
            return LOST
        return None

    def close(self) -> None:
        """End the server; its workers end when their standard input ends."""
        self._ready = False
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _request(self, request: bytes, descriptors: Sequence[int] = ()) -> int | None:
        """What it answers; None when it is gone."""
        with self._lock:
            try:
                socket.send_fds(self._connection, [request], descriptors)
                answer = self._connection.recv(64)
            except OSError:
                answer = b""
            if not answer:
                self._ready = False
                return None
            return int(answer)


_servers: list[ForkServer] = []


def fork_server() -> ForkServer | None:
    """Give the server of this process, started where there is none; None where it cannot be had."""
    usable = [server for server in _servers if server.owner == os.getpid() and server._ready is not False]  # noqa: SLF001
    if not usable:
        try:
            usable = [ForkServer()]
        except OSError:
            return None
        if not _servers:
            atexit.register(_close_all)
        _servers.extend(usable)
    return usable[-1]


def _close_all() -> None:
    for server in _servers:
        if server.owner == os.getpid():
            server.close()


@seldom_collected()  # of imports there is little garbage
def serve() -> None:
    """Be the server: import, say how many threads there are, then fork on request, until no request can come."""
    for module in _NEEDED:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # what is imported is shared with the workers until it is written to
    connection = socket.socket(fileno=0)
    try:
        connection.send(f"{len(list(_THREADS.iterdir()))}".encode())
        while True:
            request, descriptors, _, _ = socket.recv_fds(connection, 64, _DESCRIPTORS)
            if not request:
                return
            answer = _forked(connection, descriptors) if request == b"fork" else _ended(int(request))
            connection.send(f"{answer}".encode())
    except OSError:
        return  # the parent is gone


def _ended(pid: int) -> int:
    """Exit code of a worker."""
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return LOST
    return os.waitstatus_to_exitcode(status) if found else _GOES_ON


def _forked(connection: socket.socket, descriptors: Sequence[int]) -> int:
    """Process number of a new worker; an error number, negative, where the system refuses."""
    try:
        if len(descriptors) < _DESCRIPTORS:
            return -errno.EMFILE
        pid = os.fork()
        if not pid:
            _work(connection, descriptors)
    except OSError as error:
        return -(error.errno or errno.EAGAIN)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
    return pid


def _work(connection: socket.socket, descriptors: Sequence[int]) -> NoReturn:
    """Be a worker, and end as a process that was started for it would."""
    code = 1
    try:
        connection.detach()
        *standard, folder = descriptors
        os.fchdir(folder)
        for place, descriptor in enumerate(standard):
            os.dup2(descriptor, place)
        for descriptor in descriptors:
            os.close(descriptor)
        importlib.invalidate_caches()
        from lactflow.experiments.worker import main

        main()
        code = 0
    except BaseException:  # noqa: BLE001 - as Python does at the end of a process
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)
