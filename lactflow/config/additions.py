"""
What a config uses beside the reference model: stations, signals, analytes and kinds of schedule that packages add.

They are named in the config and looked up here, when it is checked and when a run is built: see `lactflow.plugins`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from lactflow.config.drugs.compiled import of_drugs
from lactflow.config.model import Key, RunConfig, config_type
from lactflow.config.named import NAMED, GroupOf, Named, NoQuantities, entries_of, names_in
from lactflow.config.own_quantities import checked_group, group_of_rows, with_values
from lactflow.dyad.schedule import Phase
from lactflow.dyad.schedule.kinds import check_kind, kinds_by_word
from lactflow.endocrine.blood import SignalRow
from lactflow.endocrine.influences import Influence
from lactflow.errors import ConfigError, PluginError, Problem
from lactflow.gland.analytes import Analyte
from lactflow.gland.cell.senses import CellMechanismBuilder
from lactflow.parameters.declaration import Declared, DeclaredQuantity, declared_quantities
from lactflow.parameters.stations import StationRow
from lactflow.plugins import Plugin, found, load, plugin_named

_Declaration = TypeVar("_Declaration")
MOST_NAMED = 200
"""Additions of one kind that a config may name."""
_ALLOWED: Mapping[str, tuple[type, ...]] = {
    "stations": (StationRow,),
    "signals": (SignalRow, Influence),
    "analytes": (Analyte, SignalRow),
}


class Additions(NamedTuple):
    """
    What a run has beside the reference model.

    Attributes
    ----------
    stations
        Stations of the lines of every lobe.
    signals
        Signals of the blood.
    influences
        What they do, or what anything else does.
    analytes
        What milk carries.
    cell_mechanisms
        Mechanisms of the cells by name; from Python only.
    """

    stations: tuple[StationRow, ...] = ()
    signals: tuple[SignalRow, ...] = ()
    influences: tuple[Influence, ...] = ()
    analytes: tuple[Analyte, ...] = ()
    cell_mechanisms: Mapping[str, CellMechanismBuilder] = {}


NO_ADDITIONS = Additions()


class Loaded(NamedTuple):
    """One addition that a config names, and what it declares."""

    plugin: Plugin
    declarations: Sequence[Any]


def additions_of(config: RunConfig) -> Additions:
    """
    The additions that a config names, loaded; and what its drugs are.

    Raises
    ------
    ConfigError
        With every name that no package adds, and everything that cannot be loaded or is not what its group needs.
    """
    loaded, problems = load_each(config)
    if problems:
        raise ConfigError(*problems)
    added, drugs = joined(loaded), of_drugs(config)
    return added._replace(
        signals=(*added.signals, *drugs.signals),
        influences=(*added.influences, *drugs.influences),
        analytes=(*added.analytes, *drugs.analytes),
    )


def load_each(config: RunConfig) -> tuple[list[Loaded], list[Problem]]:
    """Every addition that a config names, by itself; and a problem for each that is none, at its key and name."""
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    for group in NAMED:
        for name, quantities in entries_of(getattr(config, group)):
            try:
                plugin = plugin_named(group, name)
                loaded.append(Loaded(plugin, _declarations(plugin, quantities)))
            except ConfigError as error:
                problems += [Problem(each.message, key=f"{group}.{name}") for each in error.problems]
    return loaded, problems


def joined(loaded: Iterable[Loaded]) -> Additions:
    """All that some additions declare."""
    declared = [thing for each in loaded for thing in each.declarations]
    return Additions(
        stations=_of_type(declared, StationRow),
        signals=_of_type(declared, SignalRow),
        influences=_of_type(declared, Influence),
        analytes=_of_type(declared, Analyte),
    )


def _of_type(things: Sequence[object], kind: type[_Declaration]) -> tuple[_Declaration, ...]:
    return tuple(thing for thing in things if isinstance(thing, kind))


def _declarations(plugin: Plugin, quantities: Declared | None) -> list[Any]:
    """
    What an addition declares: one declaration, several, or what a function or a class with quantities gives.

    Raises
    ------
    PluginError
        If it is anything else.
    """
    thing: Any = load(plugin)
    if _is_group(plugin, thing):
        group = checked_group(thing, plugin.label)
        thing = _made(plugin, (quantities if isinstance(quantities, group) else group()).declare)  # type: ignore[attr-defined]
    elif callable(thing) and not isinstance(thing, _ALLOWED[plugin.group]):
        thing = _made(plugin, thing)
    declared = _checked(plugin, thing)
    if plugin.group == "stations" and quantities is not None:
        return with_values(declared, quantities)
    return declared


def _is_group(plugin: Plugin, thing: object) -> bool:
    """Whether an addition is a class with quantities; those of stations stand in their rows."""
    return plugin.group != "stations" and isinstance(thing, type) and issubclass(thing, Declared)


def _made(plugin: Plugin, make: Callable[[], object]) -> object:
    """What a function of a package gives."""
    try:
        return make()
    except Exception as error:
        raise PluginError(f"{plugin.label} cannot be made: {type(error).__name__}: {error}") from error


def _checked(plugin: Plugin, thing: Any) -> list[Any]:
    """The declarations of an addition, which are what its group needs."""
    allowed = _ALLOWED[plugin.group]
    several = isinstance(thing, (list, tuple)) and not hasattr(thing, "_fields")
    things = list(thing) if several else [thing]
    strange = [each for each in things if not isinstance(each, allowed)]
    if not things or strange:
        names = " or ".join(each.__name__ for each in allowed)
        what = f"an empty {type(thing).__name__}" if not things else _in_words(strange[0])
        raise PluginError(f"{plugin.label} is {what} (allowed: {names}, several, or a function that makes them)")
    return things


def _in_words(strange: object) -> str:
    """What is no declaration: its type, and how that most often comes about."""
    return "nothing: it returns None" if strange is None else type(strange).__name__


def group_of(plugin: Plugin) -> type[Declared]:
    """
    The quantities of an addition, as keys of a config; none for most.

    Raises
    ------
    PluginError
        If it cannot be loaded, or is not what its group needs.
    """
    if plugin.group == "stations":
        return group_of_rows(_declarations(plugin, None))
    thing = load(plugin)
    return checked_group(thing, plugin.label) if _is_group(plugin, thing) else NoQuantities


def offered_quantities() -> tuple[list[tuple[Plugin, DeclaredQuantity]], list[str]]:
    """
    Every quantity of everything that packages add, with its default; and a line for each addition that is none.

    Keys are those of a config that names the addition.
    """
    found_quantities: list[tuple[Plugin, DeclaredQuantity]] = []
    problems: list[str] = []
    for group in NAMED:
        try:
            plugins = found(group)
        except PluginError as error:
            problems.append(str(error))
            continue
        for plugin in plugins:
            try:
                quantities = group_of(plugin)()
            except ValueError as error:
                problems.append(str(error))
            else:
                items = declared_quantities(quantities, f"{group}.{plugin.name}")
                found_quantities += [(plugin, item) for item in items]
    return found_quantities, problems


def config_type_of(data: object) -> type[RunConfig]:
    """
    The type of a config, with the kinds of schedule and the quantities that packages add and the config uses.

    Parameters
    ----------
    data
        Plain data of the config; nothing in it is relied on.

    Raises
    ------
    PluginError
        If a kind of schedule cannot be loaded or is none. What is wrong with the other additions is found when they
        are loaded.
    """
    values = data if isinstance(data, dict) else {}
    groups = ((key, _groups_in(key, values.get(key))) for key in NAMED)
    return config_type(kinds_of(data), tuple((key, named) for key, named in groups if named is not None))


def _groups_in(key: str, value: object) -> tuple[GroupOf, ...] | None:
    """The additions that a key names, with their quantities; None where a list of names is all that it can be."""
    names = names_in(value)
    groups = tuple((name, _group_named(key, name)) for name in names[:MOST_NAMED])
    has_quantities = any(group is not None and group is not NoQuantities for _, group in groups)
    return groups if (has_quantities or isinstance(value, dict)) and len(names) <= MOST_NAMED else None


def _group_named(key: str, name: str) -> type[Declared] | None:
    try:
        return group_of(plugin_named(key, name))
    except ConfigError:
        return None


def kinds_of(data: object) -> tuple[type[Phase], ...]:
    """
    The kinds of schedule that packages add and a config uses.

    Parameters
    ----------
    data
        Plain data of the config; nothing in it is relied on.

    Raises
    ------
    PluginError
        If one of them cannot be loaded or is no kind of schedule.
    """
    return tuple(kind for _, kind in _kinds_in(data))


def config_from_json(text: str) -> RunConfig:
    """
    A config that was resolved before.

    Parameters
    ----------
    text
        As JSON.

    Raises
    ------
    PluginError
        If a kind of schedule that it uses cannot be loaded.
    """
    return config_type_of(json.loads(text)).model_validate_json(text)


def _kinds_in(data: object) -> Iterator[tuple[Plugin, type[Phase]]]:
    """Kinds of schedule that packages add, and that some phase is called by."""
    entries = data.get("schedule") if isinstance(data, dict) else None
    entries = entries if isinstance(entries, (list, tuple)) else ()
    words = {str(entry.get("kind")) for entry in entries if isinstance(entry, dict)} - set(kinds_by_word())
    for plugin in found("schedules") if words else ():
        if plugin.name in words:
            kind: Any = load(plugin)
            try:
                word = check_kind(kind)
            except TypeError as error:
                raise PluginError(f"{plugin.label}: {error}") from error
            if word != plugin.name:
                raise PluginError(f"{plugin.label} calls itself {word!r} (allowed: the name that the package gives it)")
            yield plugin, kind


def shadowed_kinds(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """
    Kinds of schedule that a config uses and that come with lactflow, where a package has one of the same name: the key
    of the first use, and one line.

    Parameters
    ----------
    config
        Valid.
    """
    try:
        offered = {plugin.name: plugin for plugin in found("schedules")} if config.schedule else {}
    except PluginError:  # two packages with one name: an error where it is used
        return
    seen: set[str] = set()
    for number, phase in enumerate(config.schedule):
        word = str(getattr(phase, "kind", ""))
        if word in offered and word not in seen and word in kinds_by_word():
            seen.add(word)
            message = f"{offered[word].label} has the name of a kind that comes with lactflow (needed: another name)"
            yield ("schedule", number, "kind"), message


def plugins_of(config: RunConfig) -> list[dict[str, str]]:
    """
    What a run takes from packages, for its manifest: group, name, package, version of each.

    Parameters
    ----------
    config
        Valid.
    """
    named = [plugin_named(group, name) for group in NAMED for name, _ in entries_of(getattr(config, group))]
    named += [plugin for plugin, _ in _kinds_in(config.model_dump(mode="json", include={"schedule"}))]
    return [
        {"group": each.group, "name": each.name, "package": each.package, "version": each.version} for each in named
    ]


def plugin_quantities(config: RunConfig) -> dict[str, float]:
    """Quantities of what a run takes from packages, for its manifest: values by the key that `--set` takes."""
    return {
        item.key: item.value
        for group in NAMED
        if isinstance(named := getattr(config, group), Named)
        for item in declared_quantities(named, group)
    }
