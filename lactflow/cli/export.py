"""`lactflow export`."""

from __future__ import annotations

import json

import click

from lactflow.cli.completion import complete_folders

FORMS = ("csv", "parquet", "trace", "crate", "datapackage")


@click.command("export")
@click.argument("directory", metavar="DIR", shell_complete=complete_folders)
@click.option("--to", "to", required=True, type=click.Choice(FORMS), help="What to make; see above.")
@click.option("-o", "--output", metavar="FOLDER", help="Folder to make; exports/NAME-FORM when left out.")
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Only this table; repeatable.")
@click.option(
    "--tables-as",
    type=click.Choice(("csv", "parquet")),
    default=None,
    help="Files of a data package; csv when left out.",
)
@click.option("--mother", type=click.IntRange(min=0), help="Mother of a trace; the first when left out.")
@click.option("--replicate", type=click.IntRange(min=0), help="Replicate of a trace; the first when left out.")
@click.option("--from-day", type=int, help="First day of a trace.")
@click.option("--to-day", type=int, help="Last day of a trace, all of it.")
@click.option(
    "--author", "authors", multiple=True, metavar="NAME", help="Author of a crate, ORCID iD behind; repeatable."
)
@click.option("--license", "license_url", metavar="URL", help="Licence of the data of a crate or data package.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(*, directory: str, to: str, output: str | None, as_json: bool, **options: object) -> None:
    """Write a run, comparison, fit, validation, sweep or diagnosis in a form for other programs, and print where it is.

    \b
    csv          a file for each table, and columns.csv with units
    parquet      a file for each table, units and meanings in its columns
    datapackage  tables, and datapackage.json for Frictionless
    crate        the whole folder, and ro-crate-metadata.json (RO-Crate)
    trace        visits of one mother for https://ui.perfetto.dev

    FOLDER must not exist; it appears when all of it is written. In CSV, text that a spreadsheet would take for a
    formula has an apostrophe before it.

    \b
    Examples:
      lactflow export "$(ls -d outputs/every-three-hours-* | tail -n 1)" --to csv
      lactflow export "$(ls -d outputs/every-three-hours-* | tail -n 1)" --to trace --to-day 31
    """  # noqa: D301 - \b is click's mark
    from lactflow.exports.export import export

    done = export(directory, to, output, **_checked(to, options))  # type: ignore[arg-type]
    for note in done.notes:
        if not as_json:
            click.echo(f"note: {note}", err=True)
    if as_json:
        shown = {"export_dir": str(done.path), "to": done.to, "files": list(done.files), "notes": list(done.notes)}
        click.echo(json.dumps(shown, indent=2))
    else:
        click.echo(str(done.path / done.files[0]) if len(done.files) == 1 else str(done.path))


_OPTIONS = {
    "tables": ("--table", ("csv", "parquet", "datapackage")),
    "tables_as": ("--tables-as", ("datapackage",)),
    "mother": ("--mother", ("trace",)),
    "replicate": ("--replicate", ("trace",)),
    "from_day": ("--from-day", ("trace",)),
    "to_day": ("--to-day", ("trace",)),
    "authors": ("--author", ("crate",)),
    "license_url": ("--license", ("crate", "datapackage")),
}
"""Forms that each option belongs to."""


def _checked(to: str, options: dict[str, object]) -> dict[str, object]:
    """
    Arguments of `export` from options of the command line.

    Raises
    ------
    UsageError
        If an option does not go with the form.
    """
    for name, (option, forms) in _OPTIONS.items():
        if options[name] not in (None, ()) and to not in forms:
            raise click.UsageError(f"{option} goes with --to {' or '.join(forms)}, not with {to}")
    mother, replicate = options.pop("mother"), options.pop("replicate")
    if mother is not None or replicate is not None:
        options["unit"] = (mother or 0, replicate or 0)
    form = options.pop("tables_as")
    return {**options, **({} if form is None else {"table_format": form})}
