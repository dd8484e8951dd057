"""Options that commands share, and completion of what they take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def complete_scenarios(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Shipped names first, then files."""
    del ctx, param
    from click.shell_completion import CompletionItem

    from lactflow.config.shipped import scenario_names

    names = [CompletionItem(name) for name in scenario_names() if name.startswith(incomplete)]
    return [*names, CompletionItem(incomplete, type="file")]


_CHANGES = (
    click.option(
        "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key of the config; repeatable."
    ),
    click.option("--days", type=float, help="Duration in days, fractions allowed."),
    click.option("--seed", type=int, help="Seed of all random numbers."),
)
_PLAY = (
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
    for option in reversed((*_CHANGES, *_PLAY)):
        command = option(command)
    return command
