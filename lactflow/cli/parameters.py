"""`lactflow parameters`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.completion import complete_quantity
from lactflow.cli.tables import Printed, echo, page_width, sentences, table, warn
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lactflow.parameters.declaration import DeclaredQuantity
    from lactflow.parameters.resolution import Level

_HEADINGS = ("key", "value", "unit", "low", "high", "source", "locator", "")
_NUMBERS = (1, 3, 4)
_ROOM = 30
"""Characters that the places of sources need at least, gaps between all columns among them."""


@click.command("parameters")
@click.argument("name", required=False, shell_complete=complete_quantity)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(*, name: str | None, as_json: bool) -> None:
    """Every declared quantity: key, value, unit, plausible range, source, place in it.

    Those marked with * are assumptions. Those marked with ~ are shaped: they stand for a cause that is not known or not
    measured, as a time since birth, as one end of a slide between two measured states, or as a value chosen so that a
    published result comes out.

    Those that installed packages add are at the end; they hold in configs that name the addition.

    NAME leaves those whose key contains it. A key is what `--set` takes. Values outside the plausible range draw a
    warning, those outside wider bounds (in the JSON form) an error. Below them are the named levels of `resolution`,
    and what conditions of the mother and ways of birth set (`mother.conditions`, `mother.parity`, `birth`).

    \b
    Examples:
      lactflow parameters
      lactflow parameters capacity
      lactflow parameters obesity
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.additions import offered_quantities
    from lactflow.config.model import RunConfig
    from lactflow.config.text import counted
    from lactflow.parameters.declaration import SHAPES, declared_quantities
    from lactflow.parameters.resolution import LEVELS

    offered, problems = offered_quantities()
    for problem in problems:
        warn(problem)
    packages = {item.key: plugin.origin for plugin, item in offered}
    declared = [*declared_quantities(RunConfig(format=1)), *(item for _, item in offered)]
    levels = LEVELS if name is None or name.casefold() in "resolution" else {}
    conditions = _conditions(name)
    found = _matching(declared, name, [*levels, *conditions])
    if as_json:
        listed = [_as_object(item) | _origin(packages.get(item.key)) for item in found]
        resolutions = [_as_level(each, level) for each, level in levels.items()]
        listing = {"parameters": listed, "resolutions": resolutions, "conditions": conditions}
        click.echo(json.dumps(listing, indent=2))
        return
    width = page_width()
    lines = _table(found, width) if found else []
    if name is not None:
        for item in found:
            shape = item.declaration.shaped
            ends = [] if shape is None else [f"shaped: {SHAPES[shape]}"]
            note = f"{item.key}: {item.declaration.note} [{item.declaration.source.text}]"
            lines += ["", *sentences([note, *ends], width=width)]
    if levels:
        lines += [*([""] if found else []), *_level_lines(levels, width)]
    if conditions:
        lines += [*([""] if lines else []), *_condition_lines(conditions, width)]
    if not found:
        echo(lines)
        return
    last = _count(found)
    of_packages = [item for item in found if item.key in packages]
    added = []
    if of_packages:
        origins = ", ".join(dict.fromkeys(packages[item.key] for item in of_packages))
        which = counted(len(of_packages), "quantity is", "quantities are")
        added.append(f"{which} of {origins}, and can be set in a config that names the addition")
    echo([*lines, "", *sentences([last, *added], width=width)])


def _count(found: list[DeclaredQuantity]) -> str:
    """How many quantities there are, and how many of them are assumed or shaped."""
    from lactflow.config.text import counted

    assumed = sum(_is_assumed(item) for item in found)
    shaped = sum(item.declaration.shaped is not None for item in found)
    one = "an assumption (*)" if assumed else "no assumption"
    of_them = one if len(found) == 1 else f"{assumed} of them assumptions (*)"
    stand_in = [] if shaped == 0 else ["shaped (~)" if len(found) == 1 else f"{shaped} shaped (~)"]
    return ", ".join([counted(len(found), "quantity", "quantities"), of_them, *stand_in])


def _origin(package: str | None) -> dict[str, str]:
    """The key of a quantity that a package adds."""
    return {} if package is None else {"package": package}


def _matching(
    quantities: list[DeclaredQuantity], name: str | None, others: Collection[object]
) -> list[DeclaredQuantity]:
    if name is None:
        return quantities
    found = [item for item in quantities if name.casefold() in item.key.casefold()]
    if found or others:
        return found
    from lactflow.config.text import nearest, quoted

    ends = {item.key.rsplit(".", 1)[-1]: item.key for item in quantities}
    match = nearest(name, [item.key for item in quantities])
    end = nearest(name.rsplit(".", 1)[-1], list(ends))
    hint = match or (ends[end] if end is not None else None)
    near = f"nearest: {hint}" if hint is not None else "`lactflow parameters` lists all"
    raise ConfigError(f"no quantity has {quoted(name)} in its key ({near})")


def _is_assumed(item: DeclaredQuantity) -> bool:
    from lactflow.sources import ASSUMED

    return item.declaration.source == ASSUMED


def _as_object(item: DeclaredQuantity) -> dict[str, Any]:
    declaration = item.declaration
    low, high = declaration.plausible
    lowest, highest = declaration.within
    return {
        "key": item.key,
        "value": item.value,
        "unit": declaration.unit,
        "low": low,
        "high": high,
        "source": declaration.source.key,
        "locator": declaration.locator,
        "assumed": _is_assumed(item),
        "shaped": declaration.shaped,
        "lowest_allowed": lowest,
        "highest_allowed": highest,
        "reference": declaration.source.text,
        "doi": declaration.source.doi,
        "note": declaration.note,
    }


def _as_level(name: str, level: Level) -> dict[str, Any]:
    return {
        "name": name,
        "lobes_per_breast": level.lobes,
        "packet_ml": level.packet_ml,
        "source": level.source.key,
        "note": level.note,
    }


def _level_lines(levels: Mapping[str, Level], width: int | None) -> list[str]:
    """What each name of `resolution` stands for."""
    from lactflow.config.resolution import in_words

    lines = []
    for name, level in levels.items():
        about = {"level": name, "lobes_per_breast": level.lobes, "packet_ml": level.packet_ml}
        lines += sentences([f"resolution = {in_words(about)}: {level.note} [{level.source.key}]"], width=width)
    return lines


def _conditions(name: str | None) -> list[dict[str, Any]]:
    """What conditions of the mother and ways of birth set: one object for each effect, and for each refused name."""
    from lactflow.parameters.conditions import ACTING, CONDITIONS, REFUSED

    wanted = "" if name is None else name.casefold()
    found: list[dict[str, Any]] = [
        {
            "condition": condition,
            "on": effect.on,
            "size": effect.size,
            "low": effect.low,
            "high": effect.high,
            "unit": ACTING[effect.on].unit,
            "words": ACTING[effect.on].words,
            "keys": list(ACTING[effect.on].keys),
            "source": effect.source.key,
            "locator": effect.locator,
            "reference": effect.source.text,
            "note": effect.note,
        }
        for condition, effects in CONDITIONS.items()
        for effect in effects
        if wanted in condition.casefold()
    ]
    refused = [each for each in REFUSED if wanted in each]
    return [*found, *({"condition": each, "refused": REFUSED[each]} for each in refused)]


def _condition_lines(conditions: list[dict[str, Any]], width: int | None) -> list[str]:
    lines = []
    for each in conditions:
        if "refused" in each:
            lines += sentences([f"{each['condition']}: refused, {each['refused']}"], width=width)
            continue
        unit = f" {each['unit']}" if each["unit"] else ""
        size = f"{each['size']:g}{unit} ({each['low']:g} to {each['high']:g})"
        lines += sentences(
            [f"{each['condition']}: {each['words']}, {size}: {each['note']} [{each['source']}]"], width=width
        )
    return lines


def _cells(item: DeclaredQuantity) -> tuple[str, ...]:
    declaration = item.declaration
    low, high = declaration.plausible
    mark = ("*" if _is_assumed(item) else "") + ("~" if declaration.shaped is not None else "")
    numbers = f"{item.value:.4g}", declaration.unit, f"{low:.4g}", f"{high:.4g}"
    return (item.key, *numbers, declaration.source.key, declaration.locator, mark)


def _table(items: list[DeclaredQuantity], width: int | None) -> list[str]:
    """A line each; where a line has no room for that, a block each."""
    cells = list(zip(*map(_cells, items), strict=True))
    columns = [
        Printed(heading, column, number=number in _NUMBERS, style="bold yellow" if heading == "" else "")
        for number, (heading, column) in enumerate(zip(_HEADINGS, cells, strict=True))
    ]
    if width is None or sum(each.width for each in columns[:-2]) + _ROOM <= width:
        return table(columns, width=width)
    lines = []
    for key, value, unit, low, high, source, locator, mark in map(_cells, items):
        what = " ".join([value, *([unit] if unit else [])])
        place = f"{source}, {locator}" if locator else source
        lines += [
            key,
            *(f"  {line}" for line in sentences([f"{what} ({low} to {high}); {place} {mark}"], width=width - 2)),
        ]
    return [line.rstrip() for line in lines]
