"""
What a config asks for beside the reference model: stations, signals, analytes and kinds of schedule that packages add.

They are named in the config and looked up here, when it is checked and when a run is built: see `lactflow.plugins`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from lactflow.chance import Streams
from lactflow.config.model import RunConfig, config_type, run_window
from lactflow.dyad.interventions import course_of
from lactflow.dyad.schedule import Phase
from lactflow.dyad.schedule.kinds import check_kind, kinds_by_word
from lactflow.endocrine.blood import Blood, SignalRow
from lactflow.endocrine.influences import TARGETS, Influence
from lactflow.errors import ConfigError, PluginError, Problem
from lactflow.gland.analytes import Analyte
from lactflow.gland.cell.senses import CellMechanismBuilder
from lactflow.gland.contents import Contents
from lactflow.gland.lines import lines_of
from lactflow.parameters.stations import StationRow
from lactflow.plugins import Plugin, found, load, plugin_named
from lactflow.records import BREASTS

_Declaration = TypeVar("_Declaration")
_NAMED = ("stations", "signals", "analytes")
"""Keys of a config that name additions; kinds of schedule are named by their word in `schedule`."""
_ALLOWED: Mapping[str, tuple[type, ...]] = {
    "stations": (StationRow,),
    "signals": (SignalRow, Influence),
    "analytes": (Analyte,),
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


def additions_of(config: RunConfig) -> Additions:
    """
    The additions that a config names, loaded.

    Raises
    ------
    ConfigError
        With every name that no package adds, and everything that cannot be loaded or is not what its group needs.
    """
    problems: list[Problem] = []
    declared: dict[str, list[object]] = {}
    for group in _NAMED:
        declared[group] = []
        for number, name in enumerate(getattr(config, group)):
            try:
                declared[group] += _declarations(plugin_named(group, name))
            except ConfigError as error:
                problems += [Problem(each.message, key=f"{group}.{number}") for each in error.problems]
    if problems:
        raise ConfigError(*problems)
    return Additions(
        stations=_of_type(declared["stations"], StationRow),
        signals=_of_type(declared["signals"], SignalRow),
        influences=_of_type(declared["signals"], Influence),
        analytes=_of_type(declared["analytes"], Analyte),
    )


def check_additions(config: RunConfig, additions: Additions) -> None:
    """
    Build what is added as a run would, so that a mistake is found before one begins.

    Parameters
    ----------
    config
        Valid but for what is added.
    additions
        Loaded.

    Raises
    ------
    ConfigError, DeclarationError, StationRowError
        With what is wrong, by name.
    """
    if additions == NO_ADDITIONS:
        return
    lines_of(config.gland, additions.stations)
    span = run_window(config)
    blood = Blood(
        config.endocrine, config.gland, course_of(config.interventions, span), Streams(config.seed), span.from_min,
        signals=additions.signals, influences=additions.influences,
    )  # fmt: skip
    for name, target in TARGETS.items():
        for side in (None, *BREASTS) if target.one_sided else (None,):
            blood.acting_on(name, side)
    Contents(config.gland, additions.analytes, blood)


def _of_type(things: Sequence[object], kind: type[_Declaration]) -> tuple[_Declaration, ...]:
    return tuple(thing for thing in things if isinstance(thing, kind))


def _declarations(plugin: Plugin) -> list[object]:
    """
    What an addition declares: one declaration, several, or a function that returns them.

    Raises
    ------
    PluginError
        If it is anything else.
    """
    thing, allowed = load(plugin), _ALLOWED[plugin.group]
    if callable(thing) and not isinstance(thing, allowed):
        try:
            thing = thing()
        except Exception as error:
            raise PluginError(f"{plugin.label} cannot be made: {type(error).__name__}: {error}") from error
    several = isinstance(thing, (list, tuple)) and not hasattr(thing, "_fields")
    things = list(thing) if several else [thing]  # type: ignore[call-overload]
    strange = next((each for each in things if not isinstance(each, allowed)), None)
    if not things or strange is not None:
        names = " or ".join(each.__name__ for each in allowed)
        what = type(thing if strange is None else strange).__name__
        raise PluginError(f"{plugin.label} is {what} (allowed: {names}, several, or a function that makes them)")
    return things


def config_type_of(data: object) -> type[RunConfig]:
    """
    The type of a config, with the kinds of schedule that packages add and the config uses.

    Parameters
    ----------
    data
        Plain data of the config; nothing in it is relied on.

    Raises
    ------
    PluginError
        If one of them cannot be loaded or is no kind of schedule.
    """
    return config_type(kinds_of(data))


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


def plugins_of(config: RunConfig) -> list[dict[str, str]]:
    """
    What a run takes from packages, for its manifest: group, name, package, version of each.

    Parameters
    ----------
    config
        Valid.
    """
    named = [plugin_named(group, name) for group in _NAMED for name in getattr(config, group)]
    named += [plugin for plugin, _ in _kinds_in(config.model_dump(mode="json", include={"schedule"}))]
    return [
        {"group": each.group, "name": each.name, "package": each.package, "version": each.version} for each in named
    ]
