"""Options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from lactflow.cli.completion import complete_folders, complete_setting

_Command = TypeVar("_Command", bound=Callable[..., Any])


_CHANGES = (
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        shell_complete=complete_setting,
        help="Change one key of the config; repeatable.",
    ),
    click.option("--days", type=float, help="Duration in days, fractions allowed."),
    click.option("--seed", type=int, help="Seed of all random numbers."),
)
_EXECUTION = (
    click.option(
        "--workers", type=click.IntRange(1, 256), help="Processes that share the work; all cores when left out."
    ),
    click.option("--out", default="outputs", show_default=True, metavar="DIR", help="Folder for what is written."),
    click.option("--name", help="First part of the name of what is written."),
    click.option("--dry-run", is_flag=True, help="Check everything and estimate; run nothing."),
    click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else."),
    click.option("--quiet", is_flag=True, help="No progress, no warnings."),
)


def scenario_options(command: _Command) -> _Command:
    """
    Give a command the options by which scenarios are changed and simulated.

    Parameters
    ----------
    command
        Takes `settings`, `days`, `seed`, `workers`, `out`, `name`, `dry_run`, `as_json`, `quiet`.
    """
    for option in reversed((*_CHANGES, *_EXECUTION)):
        command = option(command)
    return command


def resume_option(about: str) -> Callable[[_Command], _Command]:
    """
    Give a command the option `--resume DIR`.

    Parameters
    ----------
    about
        Its help.
    """
    return click.option("--resume", metavar="DIR", shell_complete=complete_folders, help=about)


_BESIDE_RESUME = {"resume", "workers", "as_json", "quiet"}


def needs_config_or_resume(ctx: click.Context, argument: str, resume: str | None) -> None:
    """
    Check that a command has what it shall simulate, or a folder to resume, and nothing that would change that.

    Parameters
    ----------
    ctx
        Of the command.
    argument
        Name of the argument that says what it shall simulate.
    resume
        The folder, or None.

    Raises
    ------
    click.UsageError
        If the argument is missing, or something else stands beside the folder.
    """
    parameters = {parameter.name: parameter for parameter in ctx.command.params}
    if resume is None:
        if not ctx.params[argument]:
            raise click.MissingParameter(ctx=ctx, param=parameters[argument])
        return
    typed = click.core.ParameterSource.COMMANDLINE
    given = [name for name in parameters if name is not None and ctx.get_parameter_source(name) is typed]
    others = [
        parameters[name] for name in given if name not in _BESIDE_RESUME and ctx.params.get(name) not in ((), None)
    ]
    if others:
        names = ", ".join(sorted(each.opts[0] if isinstance(each, click.Option) else "CONFIG" for each in others))
        message = f"--resume continues what was begun, and excludes {names} (allowed: --workers, --json, --quiet)"
        raise click.UsageError(message, ctx=ctx)
