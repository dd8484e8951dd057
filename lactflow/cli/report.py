"""`lactflow report`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lactflow.cli.completion import complete_folders


@click.command("report", short_help="Write one offline HTML page of a run, fit, sweep or other result.")
@click.argument("directory", metavar="DIR", shell_complete=complete_folders)
@click.option("--out", metavar="FILE", help="Where the page goes; report.html in DIR when left out.")
@click.option("--open", "opened", is_flag=True, help="Open it in the browser.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(*, directory: str, out: str | None, opened: bool, as_json: bool) -> None:
    """Write one HTML page of what lactflow has made, and print where it is.

    DIR is the folder of a run, a comparison (`lactflow branch` makes one too), a fit, a diagnosis, a validation, a
    sweep or a calibration. The page needs no network and no other file. What made the folder may go on, or have
    been killed: the page shows what is there. Of a sweep that `lactflow sensitivity` has ranked it shows the
    ranking as well.

    \b
    Examples:
      lactflow report "$(ls -d outputs/every-three-hours-* | tail -n 1)"
      lactflow report "$(ls -d outputs/every-three-hours-* | tail -n 1)" --open
    """  # noqa: D301 - \b is click's mark
    from lactflow.report.page import write_report

    file = write_report(directory, out)
    click.echo(json.dumps({"report": str(file)}, indent=2) if as_json else str(file))
    if opened:
        import webbrowser

        webbrowser.open(Path(file).resolve().as_uri())
