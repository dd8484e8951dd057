"""What two folders were made from, compared: resolved configs key by key, and versions and builds of manifests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LABELS = ("name", "title")
"""Keys of a config that change no table."""
_NOT_COMPARED = (
    "command",
    "created_utc",
    "wall_s",
    "simulated_min",
    "rows",
    "files",
    "replacing",
    "journal_sha256",
    "manifest_sha256",
    "kind",
    "scenarios",
    "coarse",
)
"""Keys of a manifest that differ for every run, or that are compared as tables, files or configs."""


class Setting(NamedTuple):
    """
    A value that two folders have not in common.

    Attributes
    ----------
    key
        Its dotted path.
    a, b
        The value in each, as JSON; None where a folder does not have it.
    """

    key: str
    a: str | None
    b: str | None


class Configured(Protocol):
    """A folder with a resolved config: a run, a sweep."""

    path: Path
    manifest: dict[str, Any]

    @property
    def config_text(self) -> str:
        """The resolved config, as YAML."""


def differing_configs(a: Configured, b: Configured) -> list[Setting]:
    """
    Keys of the resolved configs that do not have the same value; logs kept beside them by the hashes of their files.

    Raises
    ------
    DamagedRunError
        If a config is missing or not what was written.
    ConfigError
        If it is no YAML.
    """
    found = _differing(*(dict(leaves(_config(run))) for run in (a, b)))
    logs = _differing(*({f"sha256 of {name}": digest for name, digest in _logs(run)} for run in (a, b)))
    return [*found, *logs]


def _config(run: Configured) -> Any:
    from lactflow.config.yaml_source import parse_yaml

    return parse_yaml(run.config_text.encode(), str(run.path / "config.yaml")).data


def _logs(run: Configured) -> Iterator[tuple[str, Any]]:
    files = run.manifest.get("files")
    for name, digest in files.items() if isinstance(files, dict) else ():
        if name != "config.yaml" and not str(name).endswith((".html", ".parquet")):
            yield str(name), digest


def differing_manifests(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Setting]:
    """
    What two manifests say differently of versions, build, platform and whatever else is no result.

    Parameters
    ----------
    a, b
        Manifests of folders of the same kind.
    """
    return _differing(
        *(dict(leaves({k: v for k, v in manifest.items() if k not in _NOT_COMPARED})) for manifest in (a, b))
    )


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """
    Values of nested mappings and lists by their dotted paths; empty ones are values.

    Parameters
    ----------
    value
        Plain data.
    path
        Dotted path of it; empty for the whole.
    """
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    inside = list(below)
    if not inside:
        yield path, value
    for key, each in inside:
        yield from leaves(each, f"{path}.{key}" if path else str(key))


def differing_values(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Setting]:
    """
    Keys whose values are not the same.

    Parameters
    ----------
    a, b
        Values by key.
    """
    return _differing(dict(a), dict(b))


def _differing(a: dict[str, Any], b: dict[str, Any]) -> list[Setting]:
    keys = [*a, *(key for key in b if key not in a)]
    found = [Setting(key, *(_as_json(side[key]) if key in side else None for side in (a, b))) for key in keys]
    return [setting for setting in found if setting.a != setting.b]


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
