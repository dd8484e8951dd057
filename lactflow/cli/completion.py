"""
What completes the options of commands: scenarios, keys and their values, measures, tables, folders of results.

Nothing here loads the model: keys and claims stand in a file beside this one, `completed.tsv`, which a test compares
with the model. Those of quantities that packages add are not completed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import click

Complete = Callable[[click.Context, click.Parameter, str], list[Any]]
"""Takes context, parameter, and the word as far as it is typed, as click calls it."""

KEPT = Path(__file__).with_name("completed.tsv")
QUANTITY, NUMBER, OTHER, CLAIM = "quantity", "number", "other", "claim"
"""What may stand at a key: a declared quantity, any other number, anything else; and a claim, which is no key."""

_PART = "part"
_MANIFEST = "manifest.json"
_MOST_FOLDERS = 200
_OUTPUTS = "outputs"


class Key(NamedTuple):
    """
    A key of a config.

    Attributes
    ----------
    key
        Dotted path; numbers of list entries are 0.
    kind
        What may stand there: `QUANTITY`, `NUMBER`, `OTHER`.
    words
        The values that may stand there, where only some may.
    help
        Unit of a quantity, what others mean.
    """

    key: str
    kind: str
    words: tuple[str, ...]
    help: str


@cache
def keys() -> tuple[Key, ...]:
    """Every key of a config, in the order of the model."""
    return tuple(each for each in _kept() if each.kind != CLAIM)


@cache
def _kept() -> tuple[Key, ...]:
    cells = (line.split("\t") for line in KEPT.read_text(encoding="utf-8").splitlines())
    return tuple(Key(key, kind, tuple(words.split()), about) for key, kind, words, about in cells)


def complete_scenarios(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Shipped names first, then files."""
    return [*complete_names(ctx, param, incomplete), _item(incomplete, kind="file")]


def complete_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Names of scenarios."""
    del ctx, param
    from lactflow.config.shipped import scenario_names

    return [_item(name) for name in scenario_names() if name.startswith(incomplete)]


def complete_drugs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Names of shipped drugs, then files."""
    del ctx, param
    folder = Path(__file__).parents[1] / "pharmacology" / "library"
    names = sorted(path.stem for path in folder.glob("*.yaml"))
    return [*(_item(name) for name in names if name.startswith(incomplete)), _item(incomplete, kind="file")]


def complete_setting(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """`KEY=VALUE`: a key part by part, then its values, where only some are allowed."""
    del ctx, param
    key, equals, typed = incomplete.partition("=")
    if not equals:
        return list(_next_parts(incomplete, keys(), "="))
    return [_item(f"{key}={word}") for each in _named(key) for word in each.words if word.startswith(typed)]


def complete_varied(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """`KEY=A,B,C`: a key part by part, then values, each once."""
    key, equals, typed = incomplete.partition("=")
    if not equals:
        return complete_setting(ctx, param, incomplete)
    *given, last = typed.split(",")
    before = "".join(f"{word}," for word in given)
    words = [word for each in _named(key) for word in each.words if not word.startswith("[")]
    return [_item(f"{key}={before}{word}") for word in words if word.startswith(last) and word not in given]


def complete_sampled(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """`KEY=LOW:HIGH`: a key of a number part by part."""
    del ctx, param
    numbers = [each for each in keys() if each.kind in (QUANTITY, NUMBER)]
    return [] if "=" in incomplete else list(_next_parts(incomplete, numbers, "="))


def complete_quantity(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """The key of a declared quantity, part by part."""
    del ctx, param
    return list(_next_parts(incomplete, [each for each in keys() if each.kind == QUANTITY], ""))


def complete_measure(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Names of measures; a day is typed by hand."""
    del ctx, param
    from lactflow.analysis.in_words import MEASURES

    return [_item(name, f"{each.label}, {each.unit}") for name, each in MEASURES.items() if name.startswith(incomplete)]


def complete_record(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """`measures`, `full`, or tables, each once."""
    del ctx, param
    from lactflow.records import TABLES

    *given, last = incomplete.split(",")
    words = [*TABLES] if given else ["measures", "full", *TABLES]
    before = "".join(f"{word}," for word in given)
    return [_item(f"{before}{word}") for word in words if word.startswith(last) and word not in given]


def complete_folders(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Folders of results, newest first: those below `outputs` before anything is typed; other folders on the way."""
    del ctx, param
    before, slash, last = incomplete.rpartition("/")
    found = list(_folders(Path(before + slash) if slash else Path(), before + slash, last))
    if not incomplete:
        found = [*_folders(Path(_OUTPUTS), f"{_OUTPUTS}/", ""), *found]
    return found


def complete_folders_and_scenarios(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """What may be a scenario, or a folder of results."""
    return [*complete_folders(ctx, param, incomplete), *complete_scenarios(ctx, param, incomplete)]


def complete_claims(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Targets and claims that `lactflow validate` takes by their names."""
    del ctx, param
    claims = [(each.key, each.help) for each in _kept() if each.kind == CLAIM]
    return [_item(*each) for each in (*claims, *_targets()) if each[0].startswith(incomplete)]


def _targets() -> Iterator[tuple[str, str]]:
    from csv import DictReader

    with (Path(__file__).parents[1] / "validation" / "targets.csv").open(encoding="utf-8", newline="") as stream:
        yield from ((row["id"], f"{row['quantity']}, {row['condition']}") for row in DictReader(stream))


def _folders(folder: Path, before: str, typed: str) -> Iterator[Any]:
    """Folders that begin so, those with results first, by their age."""
    try:
        inside = [each for each in folder.iterdir() if each.name.startswith(typed) and not each.name.startswith(".")]
        aged = sorted(((each.stat().st_mtime, each) for each in inside if each.is_dir()), reverse=True)[:_MOST_FOLDERS]
    except OSError:
        return
    results = [each for _, each in aged if (each / _MANIFEST).is_file()]
    yield from (_item(f"{before}{each.name}") for each in results)
    yield from (_item(f"{before}{each.name}/", kind=_PART) for _, each in aged if each not in results)


def _next_parts(typed: str, among: Iterable[Key], end: str) -> Iterator[Any]:
    """
    Completions of a key, to its next dot or its end.

    Parameters
    ----------
    typed
        As far as it is typed; the number of a list entry is any number.
    among
        Keys that are meant.
    end
        What follows a whole key.
    """
    given = typed.split(".")
    depth = len(given)
    seen = set()
    groups = _groups()
    for each in among:
        parts = each.key.split(".")
        if len(parts) < depth or not _begins(given, parts):
            continue
        whole = len(parts) == depth
        if whole and each.key in groups and not each.words:
            continue
        value = ".".join([*given[:-1], given[-1] if parts[depth - 1] == "0" and given[-1] else parts[depth - 1]])
        item = _item(f"{value}{end}", each.help, _PART if end else "plain") if whole else _item(f"{value}.", "", _PART)
        if item.value not in seen:
            seen.add(item.value)
            yield item


@cache
def _groups() -> frozenset[str]:
    """Keys that stand for the keys below them; lists have values of their own."""
    above = (each.key.rpartition(".")[0] for each in keys())
    return frozenset(key for key in above if not key.endswith(".0"))


def _begins(given: list[str], parts: list[str]) -> bool:
    *before, last = given
    same = all(mine == part or (part == "0" and mine.isdecimal()) for mine, part in zip(before, parts, strict=False))
    part = parts[len(before)]
    return same and (part.startswith(last) or (part == "0" and last.isdecimal()))


def _named(key: str) -> list[Key]:
    """Keys of this path, one for each kind of entry that has it."""
    path = re.sub(r"(?<=\.)\d+(?=\.|$)", "0", key)
    return [each for each in keys() if each.key == path]


def _item(value: str, about: str = "", kind: str = "plain") -> Any:
    from click.shell_completion import CompletionItem

    return CompletionItem(value, type=kind, help=about or None)
