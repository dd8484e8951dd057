"""The references of what a run used: the papers behind its numbers, and lactflow itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lactflow.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lactflow.parameters.declaration import DeclaredQuantity
    from lactflow.recording.reader import StoredRun
    from lactflow.sources import Source

AUTHORS = "The lactflow developers"
TITLE = "lactflow: an event-driven simulator of milk secretion"


class Reference(NamedTuple):
    """A source, and the keys of the quantities that rest on it."""

    source: Source
    quantities: list[str]

    @property
    def text(self) -> str:
        """The reference with its DOI."""
        return f"{self.source.text}, doi:{self.source.doi}" if self.source.doi else self.source.text


def references(run: StoredRun) -> list[Reference]:
    """
    Every source of the config that was played, by its key.

    Raises
    ------
    ArchiveError
        If the config is missing.
    ConfigError
        If it is none.
    """
    found: dict[str, Reference] = {}
    for item in _quantities(run):
        source = item.declaration.source
        found.setdefault(source.key, Reference(source, [])).quantities.append(item.key)
    return sorted(found.values(), key=lambda reference: reference.source.key.casefold())


def _quantities(run: StoredRun) -> Iterable[DeclaredQuantity]:
    """Declared quantities of the config that was played."""
    from lactflow.config.scenario import load_scenario
    from lactflow.parameters.declaration import declared_quantities
    from lactflow.recording.manifest import CONFIG

    config = run.path / CONFIG
    if not config.is_file():
        raise ArchiveError(f"{config} is missing")
    return declared_quantities(load_scenario(config).config)


def version_of(manifest: Mapping[str, object], otherwise: str) -> str:
    """The version of lactflow that made a result; `otherwise` where its manifest does not tell."""
    versions = manifest.get("versions")
    told = versions.get("lactflow") if isinstance(versions, dict) else None
    return told if isinstance(told, str) else otherwise


def software(version: str) -> str:
    """How to cite lactflow itself."""
    return f"{AUTHORS}. {TITLE}, version {version}"
