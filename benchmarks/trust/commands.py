"""lactflow as people start it: a process of its own; or its command line in this process, which is faster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

Read = TypeVar("Read")
COARSE = ("--set", "resolution.packet_ml=0.5", "--set", "gland.lobes_per_breast=2")
"""A coarse gland: a day takes 60 ms."""
PATIENCE_S = 120.0
"""Longest wait for anything, on a machine that others use too."""
BUG = 70
"""Exit code for an error of lactflow itself."""

_START = """
import json, signal, sys, time
options = json.loads(sys.argv.pop(1))
# A shell may have left these ignored, and what is ignored is inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from lactflow.recording import recorder
if options["flush_rows"]:
    assert hasattr(recorder, "FLUSH_ROWS")
    recorder.FLUSH_ROWS = options["flush_rows"]
if options["at_s"]:
    import lactflow.cli.run, lactflow.experiments.run, lactflow.config.scenario
    time.sleep(max(0.0, options["at_s"] - time.time()))
from lactflow.cli import main
main()
"""


@contextmanager
def started(
    args: Sequence[str], cwd: Path, *, flush_rows: int = 0, at_s: float = 0.0, hash_seed: int = 0
) -> Iterator[subprocess.Popen[str]]:
    """
    A command line of lactflow in a process of its own; killed when the context is left.

    Parameters
    ----------
    args
        The command line.
    cwd
        Folder in which it runs.
    flush_rows
        Rows that make a flush; the usual number when 0. Workers keep the usual number.
    at_s
        Time of day at which the command begins, with everything imported [s since the epoch]; at once when 0.
    hash_seed
        Of Python's hashes.
    """
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    # Without compiled modules every start costs seconds.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    options = json.dumps({"flush_rows": flush_rows, "at_s": at_s})
    process = subprocess.Popen(
        [sys.executable, "-c", _START, options, *args],
        cwd=cwd,
        env=environment,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(found: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Whether something comes true in time."""
    deadline_s = time.monotonic() + patience_s
    while not found():
        if time.monotonic() > deadline_s:
            return False
        time.sleep(0.01)
    return True


class Ended(NamedTuple):
    """
    How a command line ended that ran in this process.

    Attributes
    ----------
    exit_code
        As a shell would see it.
    stdout, stderr
        What was printed.
    traceback
        Kind and message of an exception that lactflow did not handle, or its report of an error of its own; empty
        when there was none.
    warnings
        Python's warnings, one line each.
    """

    exit_code: int
    stdout: str
    stderr: str
    traceback: str
    warnings: tuple[str, ...]

    def json(self) -> Any:
        """The object on stdout; an empty one where there is none."""
        try:
            return json.loads(self.stdout)
        except ValueError:
            return {}

    @property
    def text(self) -> str:
        """All that was printed."""
        return self.stdout + self.stderr


def called(*args: str, cwd: Path | None = None) -> Ended:
    """
    A command line of lactflow, in this process.

    Parameters
    ----------
    args
        The command line.
    cwd
        Folder in which it runs; the current one when None.
    """
    from click.testing import CliRunner

    from lactflow.cli import main

    with warnings.catch_warnings(record=True) as caught, chdir(cwd or Path.cwd()):
        warnings.simplefilter("always")
        result = CliRunner().invoke(main, list(args))
    error = result.exception
    traceback = ""
    if error is not None and not isinstance(error, SystemExit):
        traceback = described(error)
    elif result.exit_code == BUG or "Traceback (most recent call last)" in result.output:
        traceback = f"exit code {result.exit_code}: {result.output.strip()[-300:]}"
    noted = tuple(f"{each.category.__name__}: {each.message}" for each in caught if _is_odd(each.category))
    return Ended(result.exit_code, result.stdout, result.stderr, traceback, noted)


class Attempt(NamedTuple, Generic[Read]):
    """
    How it ended to call something of lactflow.

    Attributes
    ----------
    value
        What came out; None when it raised.
    refused
        The message of an error that lactflow raises on purpose.
    traceback
        Kind, message and place of any other error.
    """

    value: Read | None
    refused: str = ""
    traceback: str = ""

    @property
    def failed(self) -> str:
        """Whatever it raised."""
        return self.refused or self.traceback


def attempt(call: Callable[..., Read], *arguments: Any) -> Attempt[Read]:
    """Call something, whatever it raises."""
    from lactflow.errors import LactflowError

    try:
        return Attempt(call(*arguments))
    except LactflowError as error:
        return Attempt(None, refused=str(error) or type(error).__name__)
    except Exception as error:  # noqa: BLE001 - what nobody expects is what is looked for
        return Attempt(None, traceback=described(error))


def described(error: BaseException) -> str:
    """Kind, message and place of an exception."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}: {str(error)[:200]} ({place})"


def _is_odd(category: type[Warning]) -> bool:
    """Whether a user of the command line would wonder about a warning; those of lactflow itself have their own way."""
    from lactflow.errors import ScenarioWarning

    return not issubclass(category, (ScenarioWarning, DeprecationWarning, ResourceWarning))
