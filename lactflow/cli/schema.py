"""`lactflow schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command("schema")
@click.option("-o", "output", metavar="FILE", help="Write it there; an older one is replaced.")
def command(*, output: str | None) -> None:
    """The JSON Schema of a config: editors complete keys by it, and mark what is wrong while a config is written.

    `lactflow init` writes it beside the config, with the line in the config by which editors that use the YAML language
    server (Visual Studio Code, Neovim, Emacs, Helix, PyCharm) find it.

    \b
    Examples:
      lactflow schema
      lactflow schema -o lactflow.schema.json
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.schema import json_schema

    if output is None:
        click.echo(json_text(json_schema()), nl=False)
        return
    write_schema(Path(output))
    click.echo(output)


def json_text(schema: dict[str, Any]) -> str:
    """The schema as text that people can read."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schema(path: Path) -> None:
    """
    Write the schema, whole or not at all.

    Raises
    ------
    ArchiveError
        If it cannot be written.
    """
    from lactflow.config.schema import json_schema
    from lactflow.recording.files import replace_file

    replace_file(path, json_text(json_schema()).encode())
