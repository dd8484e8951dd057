"""The server of the app: marimo's own, as a process that keeps everything on this machine and leaves nothing behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path

from lactflow.errors import ArchiveError, ConfigError, Problem
from lactflow.explore.explorer import SOURCE, Explorer
from lactflow.explore.page import arguments

APP = Path(__file__).with_name("app.py")
_NEEDED = ("marimo", "matplotlib")
_LOOK_EVERY_S = 0.2
"""How often a signal is noticed."""
_PATIENCE_S = 5.0
"""Time that the server has to end in order."""


def serve(
    config: str | None,
    settings: Sequence[str],
    *,
    host: str,
    port: int | None,
    headless: bool,
    say: Callable[[str], None],
    check: Callable[[], None],
    seed: int | None = None,
    days: float | None = None,
) -> None:
    """
    Serve the app until `check` raises.

    Parameters
    ----------
    config, settings, seed, days
        What is explored; `SOURCE` when no config is named.
    host, port
        Where; a free port when None.
    headless
        Whether no browser is opened.
    say
        Is given the address of the page.
    check
        Called now and then; raises to end the server.

    Raises
    ------
    ConfigError
        With every problem of the config; if marimo is not installed, or the port cannot be had.
    ArchiveError
        If the server ends by itself.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise ConfigError("the app needs marimo and matplotlib: pip install 'lactflow[notebooks]'")
    Explorer(config or SOURCE, settings, seed=seed, days=days)  # its problems are reported here, and not on the page
    port = free_port(host, port)
    say(f"http://{host}:{port} (Ctrl-C ends it)")
    line = command_line(host, port, headless=headless, page=arguments(config, settings, seed, days))
    with tempfile.TemporaryDirectory(prefix="lactflow-explore-") as folder:
        # A session of its own: Ctrl-C reaches this process, which ends the server in order.
        server = subprocess.Popen(line, env=environment(folder), start_new_session=True)  # noqa: S603 - our own interpreter
        try:
            code = _ended(server, check)
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(_PATIENCE_S)
            server.kill()
            server.wait()
    raise ArchiveError(f"the server of the app ended by itself, with exit code {code}")


def _ended(server: subprocess.Popen[bytes], check: Callable[[], None]) -> int:
    """The exit code of a server, when it ends."""
    while True:
        try:
            return server.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            check()


def command_line(host: str, port: int, *, headless: bool, page: Sequence[str]) -> list[str]:
    """
    The command of the server.

    Parameters
    ----------
    host, port, headless
        As `serve` takes them.
    page
        Arguments of the page.
    """
    options = ["--host", host, "--port", str(port), "--no-token", "--no-sandbox", *(["--headless"] if headless else [])]
    return [sys.executable, "-m", "marimo", "--quiet", "--yes", "run", str(APP), *options, "--", *page]


def environment(folder: str) -> dict[str, str]:
    """
    Environment of the server: it looks for no updates, and its settings, logs and state go to a folder that is removed.

    Parameters
    ----------
    folder
        Exists while the server does.
    """
    import matplotlib as mpl

    own = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "CACHE", "STATE", "DATA")}
    return {
        **os.environ,
        **own,
        "MARIMO_SKIP_UPDATE_CHECK": "1",
        # Its list of fonts takes seconds to make, and is there already.
        "MPLCONFIGDIR": mpl.get_cachedir(),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }


def free_port(host: str, port: int | None) -> int:
    """
    A port on which the page can be served.

    Parameters
    ----------
    host
        Address.
    port
        The one that is wanted; any when None.

    Raises
    ------
    ConfigError
        If the address or the port cannot be had.
    """
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port or 0, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind)) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            return int(tried.getsockname()[1])
    except OSError as error:
        option = "--host" if port is None else "--port"
        raise ConfigError(Problem(f"{host}:{port or 0} cannot be had: {error.strerror or error}", option)) from error
