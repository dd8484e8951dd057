"""`lactflow import`."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.tables import echo, page_width, sentences
from lactflow.errors import ArchiveError, ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lactflow.trackers.imported import Imported
    from lactflow.trackers.schema import Format

_NARROW = 70
"""Terminals of fewer characters have what a format is below its name."""

_SETTLING = {
    "format_name": "--from",
    "mapping": "--map",
    "zone": "--zone",
    "unit": "--unit",
    "bottle": "--bottle",
    "birth": "--birth",
}


@click.command("import", short_help="Turn the export of a baby tracker into a log of lactflow.")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--from", "format_name", metavar="NAME", help="Format of the files; recognised when left out.")
@click.option("--list", "listing", is_flag=True, help="List the formats and where each was read, and do nothing else.")
@click.option("--map", "mapping", type=click.Path(), metavar="FILE.yaml", help="A mapping: which column is what.")
@click.option("--zone", metavar="AREA/CITY", help="Time zone of times in UTC; the log then carries the offset.")
@click.option(
    "--unit",
    type=click.Choice(["oz", "mL"], case_sensitive=False),
    metavar="[oz|mL]",
    help="Unit of volumes that have none in the file.",
)
@click.option("--day-first", is_flag=True, help="The day is first in dates such as 5/3/2030 and 5.3.2030.")
@click.option("--month-first", is_flag=True, help="The month is first in them.")
@click.option("--bottle", type=click.Choice(["own", "formula"]), help="Content of bottles that do not say theirs.")
@click.option("--child", metavar="NAME", help="Take one child only, by name, id or number.")
@click.option("--birth", metavar="YYYY-MM-DD", help="Date of birth, from which days of lactation count.")
@click.option("--init", "init", metavar="NAME", help="Write NAME.csv and NAME.yaml, a config that simulates the log.")
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="File for the log; stdout when left out.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object on stdout; needs -o or --init.")
@click.option("--quiet", is_flag=True, help="No report.")
def command(
    *,
    files: tuple[str, ...],
    format_name: str | None,
    listing: bool,
    mapping: str | None,
    zone: str | None,
    unit: str | None,
    day_first: bool,
    month_first: bool,
    bottle: str | None,
    child: str | None,
    birth: str | None,
    init: str | None,
    output: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Turn the exports of baby trackers into a log that lactflow simulates.

    The format is recognised by the header. What was taken, left out, repaired or assumed is reported on stderr; what a
    file leaves open (unit, order of day and month, zone, content of bottles) has to be given. Several files are one
    mother: rows that stand in two of them are counted once. Names and notes are left behind.

    \b
    Examples:
      lactflow import huckleberry.csv -o my-log.csv
      lactflow import feedings.csv pumpings.csv --unit oz --init my-log
      lactflow import my-sheet.csv --map my-mapping.yaml -o my-log.csv
    """  # noqa: D301 - \b is click's mark
    if listing:
        _list(as_json=as_json)
        return
    _check(files, format_name, mapping, init, output, as_json=as_json)
    if day_first and month_first:
        raise click.UsageError("--day-first and --month-first exclude each other.")
    from lactflow.trackers.convert import Wanted, import_logs

    wanted = Wanted(
        format_name,
        Path(mapping) if mapping is not None else None,
        zone,
        {"oz": "oz", "ml": "mL"}.get((unit or "").casefold()),
        day_first if day_first or month_first else None,
        bottle,
        child,
        _date(birth),
    )
    imported = import_logs([Path(file) for file in files], wanted)
    target = _write(imported, files, init, output)
    if as_json:
        click.echo(json.dumps(imported.account.as_object(target), indent=2, allow_nan=False))
    elif not quiet:
        _report(imported, files, target, init)


def _report(imported: Imported, files: tuple[str, ...], target: str | None, init: str | None) -> None:
    from lactflow.cli.import_report import report
    from lactflow.cli.summary import NO_ADVICE

    words = _settled(click.get_current_context().params)
    config = None if init is None else f"{init.removesuffix('.yaml')}.yaml"
    for line in report(imported, target=target, config=config, files=files, words=words):
        click.echo(line, err=True)
    click.echo(NO_ADVICE, err=True)


def _settled(given: Mapping[str, Any]) -> list[str]:
    """Files and options that settle something, as they are typed; a child's name is left out."""
    words = list(given["files"])
    for name, option in _SETTLING.items():
        if given[name] is not None:
            words += [option, str(given[name])]
    words += [f"--{name.replace('_', '-')}" for name in ("day_first", "month_first") if given[name]]
    return [*words, "--child", "NAME"] if given["child"] is not None else words


def _check(
    files: tuple[str, ...],
    format_name: str | None,
    mapping: str | None,
    init: str | None,
    output: str | None,
    *,
    as_json: bool,
) -> None:
    """What is wrong with the command line before anything is read."""
    if not files:
        raise click.UsageError("Missing argument 'FILES...'; --list shows the formats.")
    if format_name is not None and mapping is not None:
        raise click.UsageError("--from and --map exclude each other: a mapping is a format.")
    if init is not None and output is not None:
        raise click.UsageError("--init and -o exclude each other: --init NAME writes NAME.csv.")
    if as_json and output is None and init is None:
        raise click.UsageError("--json needs -o FILE (or --init NAME): the log cannot go to stdout beside the report.")


def _date(text: str | None) -> date | None:
    from lactflow.config.text import date_of

    if text is None:
        return None
    try:
        return date_of(text)
    except ValueError as error:
        raise ConfigError(Problem(str(error), "--birth")) from None


def _write(imported: Imported, files: tuple[str, ...], init: str | None, output: str | None) -> str | None:
    """The log, and the config where one is wanted; gives the path of the log, None for stdout."""
    text = imported.csv()
    if init is not None:
        from lactflow.cli.import_config import write_config

        return write_config(init, imported, text)
    if output is None or output == "-":
        click.echo(text, nl=False)
        return None
    path = Path(output)
    if any(path.exists() and Path(file).exists() and path.samefile(file) for file in files):
        raise ConfigError(Problem("is one of the files that are read (needed: another one)", "-o"))
    _write_new(path, text)
    return str(path)


def _write_new(path: Path, text: str) -> None:
    """Write a file whole or not at all, and over no other."""
    from lactflow.config.text import shown_path

    shown = shown_path(path)
    if path.is_dir():
        raise ConfigError(Problem("is a folder (needed: a file)", "-o"))
    if path.is_file():
        raise ConfigError(Problem("exists already; nothing was written (choose another -o)", shown))
    # What is no ordinary file (a terminal, a pipe) is written as it is.
    plain = not path.exists()
    part = path.with_name(f".{path.name}.part-{os.getpid()}") if plain else path
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        if plain:
            part.replace(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise ConfigError(Problem(f"there is no folder for {shown}", "-o")) from None
    except OSError as error:
        if plain:
            part.unlink(missing_ok=True)
        raise ArchiveError(f"{shown} cannot be written: {error.strerror}") from None


def _list(*, as_json: bool) -> None:
    from lactflow.trackers.formats import shipped_formats, short_names

    formats = shipped_formats()
    if as_json:
        listed = [
            {
                "name": name,
                "title": found.title,
                "container": found.container,
                "note": found.note,
                "source": [{"where": one.where, "read": one.read} for one in found.source],
            }
            for name, found in formats.items()
        ]
        click.echo(json.dumps({"formats": listed, "short_names": short_names()}, indent=2))
        return
    echo(_listed(formats, short_names(), page_width()))


def _listed(formats: Mapping[str, Format], short: Mapping[str, Sequence[str]], width: int | None) -> list[str]:
    """Formats and what they were read in, then the short names; on a narrow terminal each below its name."""
    narrow = width is not None and width < _NARROW
    column = 2 if narrow else max(len(name) for name in formats) + 2
    lines: list[str] = []

    def add(name: str, texts: Sequence[tuple[int, str]]) -> None:
        parts = [
            f"{'':<{column + indent}}{line}"
            for indent, text in texts
            for line in sentences([text], width=None if width is None else width - column - indent)
        ]
        if narrow:
            lines.append(name)
        else:
            parts[0] = f"{name:<{column}}{parts[0][column:]}"
        lines.extend(parts)

    for name, found in formats.items():
        add(name, [(0, found.title), *((2, f"read in {source.where}") for source in found.source)])
    lines += ["", *sentences(["Short names, which are all formats of a tracker:"], width=width)]
    for name, of_tracker in short.items():
        add(name, [(0, ", ".join(of_tracker))])
    last = "Any other sheet: --map FILE.yaml says which column is what (docs/guides/import.md)."
    return [*lines, "", *sentences([last], width=width)]
