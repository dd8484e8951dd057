"""
What makes a unit of work the same as another: its key.

A key is made of everything that a result depends on, and of nothing else: the resolved config without its name, its
title and its number of replicates, the content of its logs, the plug-ins that it uses (name, version, source), the
number of the model, what is recorded, the mother and the replicate. How many mothers a cohort has does not change one
of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lactflow.analysis.at_days import AtDays, parsed
from lactflow.analysis.daily import MEASURES
from lactflow.analysis.drug_names import DRUG_MEASURES
from lactflow.config.additions import plugins_of
from lactflow.config.model import RunConfig
from lactflow.plugins import Plugin, plugin_named
from lactflow.recording.kept import sha256_of
from lactflow.records import TABLES
from lactflow.version import MODEL

MEASURES_ONLY, EVERYTHING = "measures", "full"

_WITHOUT = frozenset({"name", "title", "replicates"})


def tables_of_level(level: str) -> tuple[str, ...]:
    """
    Tables that a record level keeps beside the measures.

    Parameters
    ----------
    level
        `measures`, `full`, or names of tables; then measures of some days; with commas between them.
    """
    named = level.split(",")
    return tuple(table for table in TABLES if EVERYTHING in named or table in named)


def measures_of_level(level: str) -> tuple[AtDays, ...]:
    """
    Measures of some days that a record level has, beside those that it always has.

    Parameters
    ----------
    level
        As `tables_of_level` takes it.
    """
    return tuple(parsed(each) for each in level.split(",") if "@" in each)


def plugin_sources(config: RunConfig) -> list[dict[str, str]]:
    """
    The plug-ins that a config uses: group, name, package, version, and a hash of their source.

    The source is every Python file of the package that has it; of one without a file, the name of what is imported.

    Parameters
    ----------
    config
        Valid.
    """
    return [about_plugin(each["group"], each["name"]) for each in plugins_of(config)]


def about_plugin(group: str, name: str) -> dict[str, str]:
    """
    A plug-in as it is now: group, name, package, version, and a hash of its source.

    Parameters
    ----------
    group, name
        Which.

    Raises
    ------
    ConfigError
        If there is none of that name.
    """
    plugin: Plugin = plugin_named(group, name)
    source = _module_sha256(plugin.reference.partition(":")[0], plugin.reference)
    return {
        "group": group,
        "name": name,
        "package": plugin.package,
        "version": plugin.version,
        "source_sha256": source,
    }


@cache
def _module_sha256(module: str, reference: str) -> str:
    digest = hashlib.sha256()
    for name, content in _sources(module) or [("", reference.encode())]:
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _sources(module: str) -> list[tuple[str, bytes]]:
    """Names and contents of the Python files of a package, or of a module that is in none."""
    try:
        spec = find_spec(module.partition(".")[0])
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    if spec.submodule_search_locations:
        folders = [Path(folder) for folder in spec.submodule_search_locations]
        files = [
            (path.relative_to(folder).as_posix(), path) for folder in folders for path in sorted(folder.rglob("*.py"))
        ]
    else:
        files = [(Path(spec.origin).name, Path(spec.origin))] if spec.origin and Path(spec.origin).is_file() else []
    return [(name, path.read_bytes()) for name, path in files]


def shared_part(plugins: Sequence[Mapping[str, str]], files: Mapping[str, bytes], level: str) -> bytes:
    """
    What the keys of all units of one config share beside it.

    Parameters
    ----------
    plugins
        As `plugin_sources` gives them.
    files
        Logs by name.
    level
        What is recorded.
    """
    shared = {
        "model": MODEL,
        "record": level,
        "measures": [*MEASURES, *DRUG_MEASURES],  # a cache may be older than one of them
        "logs": {name: sha256_of(content) for name, content in sorted(files.items())},
        "plugins": list(plugins),
    }
    return json.dumps(shared, sort_keys=True, separators=(",", ":")).encode()


def point_digest(config: RunConfig, shared: bytes, level: str) -> bytes:
    """
    Digest of a resolved config and of what its units share.

    Parameters
    ----------
    config
        Valid.
    shared
        As `shared_part` gives it.
    level
        What is recorded; whether there are visits matters only where they are.
    """
    visits = config.record.visits and "visits" in tables_of_level(level)
    if config.record.visits != visits:
        config = config.model_copy(update={"record": config.record.model_copy(update={"visits": visits})})
    if config.mother.cohort is not None:
        config = config.model_copy(update={"mother": config.mother.model_copy(update={"cohort": 1})})
    text = config.model_dump_json(by_alias=True, exclude=set(_WITHOUT))
    return hashlib.sha256(text.encode() + b"\0" + shared).digest()


def unit_key(digest: bytes, mother: int, replicate: int) -> str:
    """
    Key of one unit of work: 64 hexadecimal digits.

    Parameters
    ----------
    digest
        As `point_digest` gives it.
    mother, replicate
        Numbers from 0.
    """
    return hashlib.sha256(digest + f"\0{mother}\0{replicate}".encode()).hexdigest()
