"""
Additions that a laboratory makes without changing lactflow: stations, signals, analytes, schedules and more.

A package offers them as entry points, in the groups of `GROUPS`:

    [project.entry-points."lactflow.analytes"]
    caffeine = "our_lab.caffeine:CAFFEINE"

A script or a notebook adds them by `add`, and lactflow offers some itself (`SHIPPED`). Either way they are data,
functions, or objects with the methods of a protocol, and nothing of them takes part in a run unless its config names
them. They are looked up when a config is checked and when a run is built, never while it is under way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module, metadata
from typing import NamedTuple

from lactflow.errors import ConfigError, PluginError
from lactflow.version import __version__

GROUPS: Mapping[str, str] = {
    "stations": "station",
    "signals": "signal",
    "analytes": "analyte",
    "schedules": "kind of schedule",
    "scenarios": "scenario",
    "report_sections": "report section",
}
"""Groups of additions, each with the word for one of them. Entry points are in `lactflow.` and the group."""

SHIPPED: Mapping[str, Mapping[str, str]] = {
    "analytes": {
        "melatonin": "lactflow.gland.by_clock:Melatonin",
        "cortisol": "lactflow.gland.by_clock:Cortisol",
        "tryptophan": "lactflow.gland.by_clock:Tryptophan",
        "siga": "lactflow.gland.immune:SecretoryIgA",
        "lactoferrin": "lactflow.gland.immune:Lactoferrin",
        "lysozyme": "lactflow.gland.immune:Lysozyme",
        "igm": "lactflow.gland.immune:ImmunoglobulinM",
        "igg": "lactflow.gland.immune:ImmunoglobulinG",
        "albumin": "lactflow.gland.immune:Albumin",
        "hmo": "lactflow.gland.sugars:Oligosaccharides",
        "glucose": "lactflow.gland.sugars:Glucose",
    },
}
"""
What lactflow offers itself beside the reference model: by group and name, where it is defined.

It is looked up, named in a config and listed in manifests as that of any package, and no package can take its names.
"""


class Plugin(NamedTuple):
    """
    One addition.

    Attributes
    ----------
    group, name
        What it is, and what configs call it.
    reference
        Where it is defined: `module:attribute`.
    package, version
        The distribution that offers it; both empty for one that was added from Python.
    """

    group: str
    name: str
    reference: str
    package: str = ""
    version: str = ""

    @property
    def origin(self) -> str:
        """Where it comes from: package and version, or the module that added it."""
        return f"{self.package} {self.version}" if self.package else self.reference.partition(":")[0]

    @property
    def label(self) -> str:
        """For messages: `analyte 'caffeine' of our-lab 1.2`."""
        return f"{GROUPS[self.group]} {self.name!r} of {self.origin}"


_added: dict[tuple[str, str], tuple[Plugin, object]] = {}


def add(group: str, name: str, thing: object) -> None:
    """
    Add something for the rest of this process; worker processes import it from its module.

    Parameters
    ----------
    group
        One of `GROUPS`.
    name
        What configs will call it; it replaces what was added by the same name before.
    thing
        As the group needs it: see `docs/guides/additions.md`. Or `module:attribute`, which is imported when it is
        needed; that is the form for data that worker processes need as well.

    Raises
    ------
    PluginError
        If the group is unknown, the name is no identifier or is taken by an installed package, or a reference cannot be
        imported.

    Examples
    --------
    >>> from lactflow import plugins
    >>> plugins.add("scenarios", "our-ward", "our-ward.yaml")
    >>> [plugin.name for plugin in plugins.found("scenarios")]
    ['our-ward']
    >>> plugins.remove("scenarios", "our-ward")
    """
    _check_group(group)
    if not name.replace("-", "_").isidentifier():
        raise PluginError(f"{name!r} is no name of an addition (allowed: letters, digits, underscore, hyphen)")
    if name in _installed(group):
        raise PluginError(f"the name is taken by {_installed(group)[name].label}")
    if isinstance(thing, str) and group != "scenarios":
        plugin = Plugin(group, name, thing)
        thing = load(plugin)
    else:
        module, attribute = getattr(thing, "__module__", None) or "", getattr(thing, "__qualname__", "")
        plugin = Plugin(group, name, f"{module or '__main__'}:{attribute}")
    _added[group, name] = (plugin, thing)


def remove(group: str, name: str) -> None:
    """
    Take away what `add` has added.

    Raises
    ------
    PluginError
        If nothing of that name was added.
    """
    _check_group(group)
    if _added.pop((group, name), None) is None:
        raise PluginError(f"no {GROUPS[group]} {name!r} was added")


def found(group: str) -> list[Plugin]:
    """
    All additions of a group, by name.

    Raises
    ------
    PluginError
        If two packages offer the same name.
    """
    _check_group(group)
    added = {name: plugin for (of, name), (plugin, _) in _added.items() if of == group}
    return [plugin for _, plugin in sorted((_installed(group) | added).items())]


def plugin_named(group: str, name: str) -> Plugin:
    """
    An addition that must exist.

    Raises
    ------
    ConfigError
        If there is none of that name, with the nearest one.
    """
    known = {plugin.name: plugin for plugin in found(group)}
    if name in known:
        return known[name]
    word = GROUPS[group]
    match = get_close_matches(name, known, 1)
    hint = f"nearest: {match[0]}" if match else f"found: {', '.join(known) or 'none'}"
    raise ConfigError(f"no package adds the {word} {name!r} ({hint}; entry points of the group lactflow.{group})")


def load(plugin: Plugin) -> object:
    """
    The thing itself: its module is imported.

    Raises
    ------
    PluginError
        If that fails, with the package and the reason.
    """
    if (plugin.group, plugin.name) in _added:
        return _added[plugin.group, plugin.name][1]
    module, _, attributes = plugin.reference.partition(":")
    try:
        thing: object = import_module(module)
        for attribute in attributes.split(".") if attributes else ():
            thing = getattr(thing, attribute)
    except Exception as error:
        raise PluginError(f"{plugin.label} cannot be loaded: {type(error).__name__}: {error}") from error
    return thing


def added_references(named: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """
    What `add` has added of some names, for another process: group, name, `module:attribute`.

    Parameters
    ----------
    named
        Group and name of additions; those of installed packages are left out: other processes find them by themselves.

    Raises
    ------
    PluginError
        If another process could not import it.
    """
    plugins = [_added[each][0] for each in dict.fromkeys(named) if each in _added]
    for plugin in plugins:
        module, _, attribute = plugin.reference.partition(":")
        if module == "__main__" or not attribute.isidentifier():
            raise PluginError(
                f"the {GROUPS[plugin.group]} {plugin.name!r} cannot be imported by worker processes (allowed: the name "
                "of a class or function of a module, `module:attribute` for data, or workers=1)"
            )
    return [plugin[:3] for plugin in plugins]


def add_references(references: list[tuple[str, str, str]]) -> None:
    """
    Add what another process has added.

    Raises
    ------
    PluginError
        If it cannot be imported.
    """
    for group, name, reference in references:
        add(group, name, reference)


def _check_group(group: str) -> None:
    if group not in GROUPS:
        raise PluginError(f"{group!r} is no group of additions (allowed: {', '.join(GROUPS)})")


@cache
def _installed(group: str) -> dict[str, Plugin]:
    """Entry points of a group."""
    plugins: dict[str, Plugin] = {}
    for plugin in _entry_points(group):
        if plugin.name in plugins and plugins[plugin.name] != plugin:
            raise PluginError(f"{plugins[plugin.name].label} and {plugin.label} have the same name")
        plugins[plugin.name] = plugin
    return plugins


def _entry_points(group: str) -> Iterator[Plugin]:
    for name, reference in SHIPPED.get(group, {}).items():
        yield Plugin(group, name, reference, "lactflow", __version__)
    for point in metadata.entry_points(group=f"lactflow.{group}"):
        package, version = (point.dist.name, point.dist.version) if point.dist is not None else ("", "")
        yield Plugin(group, point.name, point.value, package, version)
