"""`lactflow schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

_OF = ("config", "drug", "mechanism")


@click.command("schema")
@click.argument("what", type=click.Choice(_OF), default=_OF[0])
@click.option("-o", "output", metavar="FILE", help="Write it there; an older one is replaced.")
def command(*, what: str, output: str | None) -> None:
    """The JSON Schema of a config, or of the file of a drug or of a mechanism.

    Editors complete keys by it, and mark what is wrong while a file is written.

    `lactflow init` writes it beside the config, with the line in the config by which editors that use the YAML language
    server (Visual Studio Code, Neovim, Emacs, Helix, PyCharm) find it.

    \b
    Examples:
      lactflow schema
      lactflow schema -o lactflow.schema.json
      lactflow schema drug -o drug.schema.json
    """  # noqa: D301 - \b is click's mark
    if output is None:
        click.echo(json_text(_schema_of(what)), nl=False)
        return
    write_schema(Path(output), what)
    click.echo(output)


def _schema_of(what: str) -> dict[str, Any]:
    from lactflow.config.schema import drug_schema, json_schema, schema_of
    from lactflow.diagnosis.rival import Rival

    if what == "drug":
        return drug_schema()
    return json_schema() if what == "config" else schema_of(Rival, "File of a mechanism for lactflow diagnose")


def json_text(schema: dict[str, Any]) -> str:
    """The schema as text that people can read."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schema(path: Path, what: str = _OF[0]) -> None:
    """
    Write a schema, whole or not at all.

    Parameters
    ----------
    path
        File; an older one is replaced.
    what
        `config`, `drug` or `mechanism`.

    Raises
    ------
    ArchiveError
        If it cannot be written.
    """
    from lactflow.recording.files import replace_file

    replace_file(path, json_text(_schema_of(what)).encode())
