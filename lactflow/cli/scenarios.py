"""`lactflow scenarios`."""

from __future__ import annotations

import json

import click

from lactflow.cli import NearestGroup
from lactflow.cli.completion import complete_names
from lactflow.cli.tables import Printed, echo, folded, page_width, table

_NARROWEST_NAME = 12
"""Characters of a line of a name at least."""


@click.group("scenarios", cls=NearestGroup)
def command() -> None:
    """List or show the scenarios that come with lactflow.

    \b
    Examples:
      lactflow scenarios list
      lactflow scenarios show every-three-hours
    """  # noqa: D301 - \b is click's mark


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def list_scenarios(*, as_json: bool) -> None:
    """Names of the shipped scenarios and of those that packages add, with one line of purpose each.

    \b
    Example:
      lactflow scenarios list
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.shipped import find_shipped, scenario_names

    paths = {name: find_shipped(name) for name in scenario_names()}
    titles = {name: _title(path.read_bytes(), path.name) for name, path in paths.items()}
    if as_json:
        click.echo(
            json.dumps({"scenarios": [{"name": name, "title": title} for name, title in titles.items()]}, indent=2)
        )
        return
    width = page_width()
    names = [name if width is None else folded(name, max(_NARROWEST_NAME, width // 2 - 2)) for name in titles]
    echo(table([Printed("", names), Printed("", list(titles.values()))], width=width))


@command.command("show")
@click.argument("name", shell_complete=complete_names)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def show(*, name: str, as_json: bool) -> None:
    """The YAML of one shipped scenario.

    \b
    Example:
      lactflow scenarios show every-three-hours
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.shipped import find_shipped

    path = find_shipped(name)
    text = path.read_text(encoding="utf-8")
    if as_json:
        click.echo(json.dumps({"name": name, "title": _title(text.encode(), path.name), "text": text}, indent=2))
    else:
        click.echo(text, nl=False)


def _title(raw: bytes, file: str) -> str:
    from lactflow.config.yaml_source import parse_yaml

    data = parse_yaml(raw, file).data
    title = data["title"] if isinstance(data, dict) and "title" in data else ""
    return " ".join(str(title).split())
