"""Every error that lactflow raises on purpose, and the exit code the command line gives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


class LactflowError(Exception):
    """
    The root of all errors raised on purpose; anything else is a bug.

    Attributes
    ----------
    declaration
        The declaration from outside the package that is at fault; None where none is, or it is not known which.
    """

    exit_code = 1
    declaration: object = None


@contextmanager
def blamed_on(declaration: object) -> Iterator[None]:
    """Errors that are raised within are those of this declaration, unless they name a nearer one."""
    try:
        yield
    except LactflowError as error:
        if error.declaration is None:
            error.declaration = declaration
        raise


@dataclass(frozen=True)
class Problem:
    """
    One thing wrong with what the user gave, and where it stands.

    Attributes
    ----------
    message
        What is wrong, what was found, what is allowed, the nearest known name: one line.
    file
        Path as the user wrote it, None when it did not come from a file.
    line, column
        Place in the file, from 1; None when unknown.
    key
        Dotted path of the config key, None for a file that cannot be read at all.
    """

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        """`file:line:column: key.path: message`, leaving out what is unknown."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        # An option or an argument that has the name of its key says it once.
        same = self.key is not None and place in (self.key, f"--{self.key.replace('_', '-')}")
        key = None if same else self.key
        return ": ".join(part for part in (place, key, self.message) if part)


class ConfigError(LactflowError, ValueError):
    """The command line, the config or a feeding log is wrong; carries every problem found."""

    exit_code = 2

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class DeclarationError(LactflowError, ValueError):
    """A declaration, or what refers to one, is wrong: an unknown name, a name that is declared twice, a bad value."""

    exit_code = 2


class PluginError(ConfigError):
    """An addition to lactflow is missing, cannot be loaded, or is not what its group needs."""


class ScenarioWarning(UserWarning):
    """Something about a scenario is unusual, but not wrong."""


class ArchiveError(LactflowError, OSError):
    """A run directory cannot be read or written."""

    exit_code = 4


class DirectoryInUseError(ArchiveError):
    """Another process is writing this run directory."""

    exit_code = 5


class DamagedRunError(ArchiveError):
    """A run directory was read, and what stands there is not what was written."""

    exit_code = 1


class BalanceError(LactflowError, ArithmeticError):
    """A quantity was made or lost out of nothing: the model is wrong."""


class NoProgressError(LactflowError, RuntimeError):
    """The simulated clock stands still while events continue."""


class SomeUnitsFailedError(LactflowError):
    """
    Some of several runs failed; the others are whole.

    Parameters
    ----------
    message
        One line for all, and one for each.
    kept
        Run directory in which the others are, where there is one.
    failed
        Mother and replicate of those that failed.
    """

    exit_code = 3

    def __init__(self, message: str, kept: object = None, failed: Sequence[tuple[int, int]] = ()) -> None:
        super().__init__(message)
        self.kept = kept
        self.failed = tuple(failed)


def raised_at(error: BaseException, module: str) -> str:
    """
    Where code from outside raised an exception, for the end of a message: ` (file.py:12)`.

    That is the last line of the package of the addition, else the last one outside of lactflow; empty where there is
    none.

    Parameters
    ----------
    error
        The exception.
    module
        Module of the addition.
    """
    own = other = ""
    trace = error.__traceback__
    while trace is not None:
        package = str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        place = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})"
        if package == module.partition(".")[0] != "lactflow":
            own = place
        elif package != "lactflow":
            other = place
        trace = trace.tb_next
    return own or other


TRACEBACK = "LACTFLOW_TRACEBACK"
"""Environment variable: 1 has the traceback of an error of lactflow itself printed, and warnings of libraries shown."""


_LONGEST_MESSAGE = 500
"""Characters of the message of an exception that is a bug: some libraries write pages."""


class BugError(LactflowError):
    """Something that lactflow did not expect: an error of its own, made of whatever was raised."""

    exit_code = 70


def as_bug(error: BaseException) -> BugError:
    """
    The message for an unexpected exception: its type and message, in one line.

    Parameters
    ----------
    error
        The exception.
    """
    message = " ".join(str(error)[:_LONGEST_MESSAGE].split())
    named = f"{type(error).__name__}: {message}" if message else type(error).__name__
    if isinstance(error, MemoryError):
        return BugError(f"{named}: there is not enough memory")
    return BugError(f"{named}: an error of lactflow itself, a bug, please report it with the command and its files")


class InterruptedRunError(LactflowError):
    """
    The run was stopped by a signal; what was recorded until then is kept.

    Parameters
    ----------
    signal_number
        Which signal.
    kept
        Where that is, once it is known.
    """

    def __init__(self, signal_number: int, kept: object = None) -> None:
        where = "" if kept is None else f"; what was recorded until then is in {kept}"
        super().__init__(f"stopped by signal {signal_number}{where}")
        self.signal_number = signal_number
        self.exit_code = 128 + signal_number
