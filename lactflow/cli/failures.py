"""How a command line ends that fails: one line a problem, or a JSON object, and the exit code; never a traceback."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from lactflow.errors import ArchiveError, ConfigError, InterruptedRunError, LactflowError, Problem

_INTERRUPTED = 128 + signal.SIGINT


class ReaderGoneError(Exception):
    """Whoever read our output has closed it."""


@contextmanager
def own_ends() -> Iterator[None]:
    """
    Keep from click the two ends that it would tell in its own way.

    Click answers a closed stdout with exit code 1, which here says that the model failed, and an interrupt with an
    empty line.
    """
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except KeyboardInterrupt as error:
        raise InterruptedRunError(signal.SIGINT) from error


def exit_code_of(play: Callable[[], Any], args: Sequence[str]) -> int:
    """
    Play a command and tell its failure.

    Parameters
    ----------
    play
        Click's `main` outside its standalone mode: returns an exit code or nothing, or raises.
    args
        The command line; `--json` in it asks for failures as JSON.

    Returns
    -------
    The exit code; exceptions that are nobody's fault but ours pass through.
    """
    try:
        code = _played(play, as_json="--json" in args)
        # Here rather than at shutdown, where Python could only print what went wrong.
        sys.stdout.flush()
    except (ReaderGoneError, BrokenPipeError):
        _silence()
        return ArchiveError.exit_code
    except OSError as error:
        _silence()
        click.echo(f"output cannot be written: {error.strerror or error}", err=True)
        return ArchiveError.exit_code
    return code


def _played(play: Callable[[], Any], *, as_json: bool) -> int:  # noqa: PLR0911 - one answer for each kind of end
    try:
        code = play()
    except click.UsageError as error:
        if not as_json:
            error.show()
            return error.exit_code
        return _tell([Problem(" ".join(error.format_message().split()))], error.exit_code, as_json=True)
    except click.ClickException as error:
        return _tell([Problem(error.format_message())], error.exit_code, as_json=as_json)
    except LactflowError as error:
        return _tell(_problems(error), error.exit_code, as_json=as_json)
    except (click.Abort, KeyboardInterrupt, EOFError):
        return _tell([Problem("interrupted")], _INTERRUPTED, as_json=as_json)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        file = os.fspath(error.filename) if isinstance(error.filename, (str, os.PathLike)) else None
        message = error.strerror or str(error)
        return _tell([Problem(message, file=file)], ArchiveError.exit_code, as_json=as_json)
    return code if isinstance(code, int) else 0


def _problems(error: LactflowError) -> list[Problem]:
    if isinstance(error, ConfigError):
        return list(error.problems)
    # The line of an OSError with a number in it is "[Errno 2] ..."; what we raise has its sentence alone.
    return [Problem(line) for line in str(error).splitlines() if line.strip()] or [Problem(type(error).__name__)]


def _tell(problems: Sequence[Problem], exit_code: int, *, as_json: bool) -> int:
    if as_json:
        shown = [
            {"message": p.message, "file": p.file, "line": p.line, "column": p.column, "key": p.key} for p in problems
        ]
        click.echo(json.dumps({"problems": shown, "exit_code": exit_code}, indent=2))
    else:
        for problem in problems:
            click.secho(_one_line(str(problem)), fg="red", err=True)
    return exit_code


def _one_line(text: str) -> str:
    """File names come from users too."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _silence() -> None:
    """Nobody reads any more: what is left in the buffers must not become a second error at shutdown."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            try:
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, stream.fileno())
                os.close(null)
            except (OSError, ValueError):
                pass
