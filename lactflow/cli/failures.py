"""How a command line ends that fails: one line a problem, or a JSON object, and the exit code; never a traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import click

from lactflow.errors import TRACEBACK, ArchiveError, ConfigError, InterruptedRunError, LactflowError, Problem, as_bug
from lactflow.systems import is_reader_gone

_INTERRUPTED = 128 + signal.SIGINT
_STANDARD_STREAMS = 3


class ReaderGoneError(Exception):
    """The reader of our output has closed it."""


@contextmanager
def own_ends() -> Iterator[None]:
    """
    Keep from click the two ends that it would report in its own way.

    Click answers a closed stdout with exit code 1, which here says that the model failed, and an interrupt with an
    empty line.
    """
    try:
        yield
    except OSError as error:
        if not is_reader_gone(error):
            raise
        raise ReaderGoneError from error
    except KeyboardInterrupt as error:
        raise InterruptedRunError(signal.SIGINT) from error


def exit_code_of(command: Callable[[], Any], args: Sequence[str]) -> int:
    """
    Run a command and report its failure.

    Parameters
    ----------
    command
        Click's `main` outside its standalone mode: returns an exit code or nothing, or raises.
    args
        The command line; with `--json` in it, failures are reported as JSON.

    Returns
    -------
    The exit code: 70 for an error of lactflow itself.
    """
    _occupy_standard_streams()
    _escape_what_cannot_be_encoded()
    as_json, code = "--json" in args, 0
    try:
        with _plain_warnings(quiet=as_json or "--quiet" in args):
            code = _code_of(command, as_json=as_json)
        # Here rather than at shutdown, where Python could only print what went wrong.
        if sys.stdout is not None:
            sys.stdout.flush()
    except (ReaderGoneError, BrokenPipeError):
        _silence()
        return code or ArchiveError.exit_code
    except OSError as error:
        _silence()
        with suppress(OSError):
            click.echo(f"standard output cannot be written: {error.strerror or error}", err=True)
        return code or ArchiveError.exit_code
    return code


def _escape_what_cannot_be_encoded() -> None:
    """Names of folders may hold bytes that are no text in the encoding of the terminal: they are printed escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _code_of(command: Callable[[], Any], *, as_json: bool) -> int:
    try:
        code = command()
    except (ReaderGoneError, BrokenPipeError):
        raise
    except (click.Abort, KeyboardInterrupt, EOFError):
        return _report([Problem("interrupted")], _INTERRUPTED, as_json=as_json)
    except click.UsageError as error:
        if not as_json and sys.stderr is not None:
            error.show()
            return error.exit_code
        return _report([Problem(" ".join(error.format_message().split()))], error.exit_code, as_json=as_json)
    except Exception as error:
        if _is_of_output(error):
            raise
        return _report(*_problems_and_code(error), as_json=as_json)
    return code if isinstance(code, int) else 0


def _problems_and_code(error: Exception) -> tuple[list[Problem], int]:
    """The problems that an exception means, and the exit code."""
    if isinstance(error, click.ClickException):
        return [Problem(error.format_message())], error.exit_code
    if isinstance(error, LactflowError):
        return _problems(error), error.exit_code
    if isinstance(error, OSError):
        return [_of_the_system(error)], ArchiveError.exit_code
    if os.environ.get(TRACEBACK) == "1":
        traceback.print_exception(error)
    bug = as_bug(error)
    return _problems(bug), bug.exit_code


def _is_of_output(error: Exception) -> bool:
    """Whether it was raised while something was printed."""
    frames = traceback.walk_tb(error.__traceback__)
    return isinstance(error, OSError) and any(frame.f_code is click.echo.__code__ for frame, _ in frames)


def _of_the_system(error: OSError) -> Problem:
    """What the operating system refused, and of what."""
    file = os.fspath(error.filename) if isinstance(error.filename, (str, os.PathLike)) else None
    message = error.strerror or str(error)
    if error.errno in (errno.EMFILE, errno.ENFILE):
        message += " (`ulimit -n` sets how many; fewer --workers need fewer)"
    return Problem(message if file is not None else f"the system refused: {message}", file=file)


_MOST_NAMED = 5
"""Units of work that a line names."""


def retried_in_words(manifest: Mapping[str, Any]) -> list[str]:
    """
    A line on what was simulated again because its worker had died; none where nothing was.

    Parameters
    ----------
    manifest
        Of a run, a comparison, a fit or a validation.
    """
    retried = manifest.get("retried") or []
    if not retried:
        return []
    named = [f"{_unit(each)}, {each['reason']}" for each in retried[:_MOST_NAMED]]
    more = len(retried) - len(named)
    named += [f"and {more} more, which manifest.json has"] if more else []
    times = "1 run was" if len(retried) == 1 else f"{len(retried)} times a run was"
    return [f"{times} simulated again, from its beginning: {'; '.join(named)}"]


def _unit(retried: Mapping[str, Any]) -> str:
    if "run" in retried:  # of a validation, by its configuration
        return str(retried["run"])
    scenario = f"{retried['scenario']}: " if "scenario" in retried else ""
    return f"{scenario}mother {retried['mother']}, replicate {retried['replicate']}"


def _problems(error: LactflowError) -> list[Problem]:
    if isinstance(error, ConfigError):
        return list(error.problems)
    # The line of an OSError with a number in it is "[Errno 2] ..."; what we raise has its sentence alone.
    return [Problem(line) for line in str(error).splitlines() if line.strip()] or [Problem(type(error).__name__)]


def _report(problems: Sequence[Problem], exit_code: int, *, as_json: bool) -> int:
    if as_json:
        shown = [
            {"message": p.message, "file": p.file, "line": p.line, "column": p.column, "key": p.key} for p in problems
        ]
        click.echo(json.dumps({"problems": shown, "exit_code": exit_code}, indent=2))
        return exit_code
    with suppress(OSError):  # the terminal may be gone; the exit code stays
        for problem in problems:
            click.secho(_one_line(str(problem)), fg="red", err=True)
    return exit_code


def _one_line(text: str) -> str:
    """File names come from users too."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


@contextmanager
def _plain_warnings(*, quiet: bool) -> Iterator[None]:
    """
    Show Python's warnings in one line without the path of a file; those of calculations are not for users.

    Parameters
    ----------
    quiet
        Whether nothing at all is shown.
    """

    def show(message: Warning | str, category: type[Warning], *_where: object) -> None:
        if not quiet and not issubclass(category, RuntimeWarning):
            with suppress(OSError):
                click.secho(f"warning: {_one_line(str(message))}", fg="yellow", err=True)

    shown = warnings.showwarning
    if os.environ.get(TRACEBACK) != "1":
        warnings.showwarning = show  # type: ignore[assignment]  # it has no use for where
    try:
        yield
    finally:
        warnings.showwarning = shown


def _occupy_standard_streams() -> None:
    """Open /dev/null in place of standard streams that are closed: no file of ours may get their numbers."""
    for number in range(_STANDARD_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one


def _silence() -> None:
    """The reader is gone: what is left in the buffers must not become a second error at shutdown."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            try:
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, stream.fileno())
                os.close(null)
            except (OSError, ValueError):
                pass
