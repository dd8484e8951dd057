"""`lactflow verify`."""

from __future__ import annotations

import json

import click

from lactflow.errors import DamagedRunError


@click.command("verify")
@click.argument("directory", metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def command(ctx: click.Context, *, directory: str, as_json: bool) -> None:
    """Check a run directory: journal, hashes, row counts, balance; tell its status.

    Damage gives exit code 1, a directory that cannot be read 4.

    \b
    Example:
      lactflow verify "$(ls -d outputs/every-three-hours-* | tail -n 1)"
    """  # noqa: D301 - \b is click's mark
    from lactflow.recording.verify import verify

    status, problems = verify(directory)
    if as_json:
        click.echo(json.dumps({"status": status, "problems": list(problems)}, indent=2))
    else:
        for problem in problems:
            click.secho(problem, fg="red", err=True)
        click.echo(f"{status}: {f'{len(problems)} problems' if problems else 'sound'}")
    if problems:
        ctx.exit(DamagedRunError.exit_code)
