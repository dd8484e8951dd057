"""The references of what a run used: the papers behind its numbers, and lactflow itself."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from pydantic import BaseModel

    from lactflow.parameters.declaration import DeclaredQuantity
    from lactflow.recording.reader import StoredRun
    from lactflow.sources import Citation

_OF_PLUGIN = ("group", "name", "package", "version")
"""Keys of an addition in the manifest."""

AUTHORS = "The lactflow developers"
TITLE = "lactflow: an event-driven simulator of milk secretion"


class Reference(NamedTuple):
    """
    A source, and the keys of the quantities that rest on it.

    Attributes
    ----------
    source
        The source.
    quantities
        All of them.
    own
        Those that the reference mother has with another value or not at all: the config brings them in.
    """

    source: Citation
    quantities: list[str]
    own: list[str]

    @property
    def text(self) -> str:
        """The reference with its DOI."""
        return f"{self.source.text}, doi:{self.source.doi}" if self.source.doi else self.source.text


def references(run: StoredRun) -> list[Reference]:
    """
    Every source of the config that was simulated, by its key.

    Raises
    ------
    DamagedRunError
        If the config is missing or not what was written.
    ConfigError
        If it is none.
    """
    return references_of([run])


def references_of(runs: Iterable[StoredRun]) -> list[Reference]:
    """
    Every source of the configs of several runs, by its key; a quantity that several runs have counts once.

    Raises
    ------
    DamagedRunError
        If a config is missing or not what was written.
    ConfigError
        If it is none.
    """
    return _by_source(item for run in runs for item in _quantities(run))


def references_of_configs(configs: Iterable[BaseModel]) -> list[Reference]:
    """Every source of several configs, by its key; a quantity that several of them have counts once."""
    return _by_source(item for config in configs for item in _quantities_of(config))


def together(references: Iterable[Reference]) -> list[Reference]:
    """References with one entry for each source, by its key; what several say of it stands there once."""
    found: dict[Citation, Reference] = {}
    for each in references:
        kept = found.setdefault(each.source, Reference(each.source, [], []))
        kept.quantities.extend(key for key in each.quantities if key not in kept.quantities)
        kept.own.extend(key for key in each.own if key not in kept.own)
    return sorted(found.values(), key=lambda reference: reference.source.key.casefold())


def references_of_reference_mother() -> list[Reference]:
    """Every source of the reference mother, by its key: of what a validation judges."""
    from lactflow.config.model import RunConfig

    return references_of_configs([RunConfig(format=1)])


def _by_source(items: Iterable[DeclaredQuantity]) -> list[Reference]:
    found: dict[Citation, Reference] = {}  # not by key: a package may call another paper alike
    usual = _usual()
    for item in items:
        source = item.declaration.source
        reference = found.setdefault(source, Reference(source, [], []))
        if item.key not in reference.quantities:
            reference.quantities.append(item.key)
        if usual.get(item.key) != item.value and item.key not in reference.own:
            reference.own.append(item.key)
    return sorted(found.values(), key=lambda reference: reference.source.key.casefold())


@cache
def _usual() -> Mapping[str, float]:
    """Values of the reference mother, by key."""
    from lactflow.config.model import RunConfig

    return {item.key: item.value for item in _quantities_of(RunConfig(format=1))}


def deciding(references: Iterable[Reference], keys: Collection[str]) -> list[Reference]:
    """
    The part of some references that decides results: what the configs bring in, and what decides a measurement.

    Parameters
    ----------
    references
        Of configs.
    keys
        Quantities that decide what measures come out, whatever the config.

    Returns
    -------
    Those sources that are left, each with the quantities that are.
    """
    kept = []
    for each in references:
        quantities = [key for key in each.quantities if key in keys or key in each.own]
        if quantities:
            kept.append(each._replace(quantities=quantities))
    return kept


def _quantities(run: StoredRun) -> Iterable[DeclaredQuantity]:
    """Declared quantities of the config that was simulated, those of packages too."""
    from lactflow.config.scenario import load_scenario

    check_packages(run.path, run.manifest)
    return _quantities_of(load_scenario(run.config_file).config)


def _quantities_of(config: BaseModel) -> Iterator[DeclaredQuantity]:
    """Declared quantities of a config, and the sizes that its conditions rest on."""
    from lactflow.config.conditions import condition_quantities
    from lactflow.config.model import RunConfig
    from lactflow.parameters.declaration import declared_quantities

    yield from declared_quantities(config)
    if isinstance(config, RunConfig):
        yield from condition_quantities(config)


def check_packages(directory: Path, manifest: Mapping[str, Any]) -> None:
    """
    Check that everything that a run took from packages is installed.

    Parameters
    ----------
    directory
        The run directory, for the message.
    manifest
        Of the run.

    Raises
    ------
    ConfigError
        With each addition that is not there, its package and version.
    """
    from lactflow.config.text import cut, quoted
    from lactflow.errors import ConfigError, Problem
    from lactflow.plugins import GROUPS, found

    plugins = manifest.get("plugins")
    used = [each for each in plugins if isinstance(each, dict)] if isinstance(plugins, list) else []
    problems = []
    for group, name, package, version in ([str(each.get(key, "")) for key in _OF_PLUGIN] for each in used):
        if group in GROUPS and name not in {plugin.name for plugin in found(group)}:
            origin = f"{cut(package)} {cut(version)}" if package else "a script (plugins.add)"
            message = f"the run used the {GROUPS[group]} {quoted(name)} of {origin}, which is not installed here"
            problems.append(Problem(message, str(directory)))
    if problems:
        raise ConfigError(*problems)


def version_of(manifest: Mapping[str, object], otherwise: str) -> str:
    """The version of lactflow that made a result; `otherwise` where its manifest does not say."""
    versions = manifest.get("versions")
    stated = versions.get("lactflow") if isinstance(versions, dict) else None
    return stated if isinstance(stated, str) else otherwise


def software(version: str) -> str:
    """How to cite lactflow itself."""
    return f"{AUTHORS}. {TITLE}, version {version}"
