"""`lactflow verify`."""

from __future__ import annotations

import json

import click

from lactflow.cli.completion import complete_folders
from lactflow.errors import DamagedRunError


@click.command("verify")
@click.argument("directory", metavar="DIR", shell_complete=complete_folders)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def command(ctx: click.Context, *, directory: str, as_json: bool) -> None:
    """Check a run, comparison, fit, sweep, calibration, validation or diagnosis, and show its status.

    Manifest, config, logs and results are compared with their hashes; in runs also journal, tables, row counts and
    balance. The runs of a comparison or a fit, and the parts of a sweep, are checked too. Damage gives exit code 1; a
    folder that cannot be read gives 4.

    \b
    Example:
      lactflow verify "$(ls -d outputs/every-three-hours-* | tail -n 1)"
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.text import counted
    from lactflow.experiments.verify import verify

    status, problems = verify(directory)
    if as_json:
        click.echo(json.dumps({"status": status, "problems": list(problems)}, indent=2))
    else:
        for problem in problems:
            click.secho(problem, fg="red", err=True)
        click.echo(f"{status}: {counted(len(problems), 'problem') if problems else 'sound'}")
    if problems:
        ctx.exit(DamagedRunError.exit_code)
