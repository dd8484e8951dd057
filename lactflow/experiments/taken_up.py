"""Run directories that are resumed: held again, if everything is as it was when they were begun."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lactflow.config.additions import plugins_of
from lactflow.config.scenario import Scenario, load_scenario
from lactflow.errors import ConfigError, Problem, ScenarioWarning
from lactflow.recording.archive import Archive
from lactflow.recording.folder import RUNS
from lactflow.recording.kept import kept_problems
from lactflow.recording.manifest import CONFIG, MANIFEST, changes, read_manifest, versions


def taken_up_run(path: Path) -> tuple[Scenario, Archive]:
    """
    Hold a run directory to resume it, and load its scenario.

    Parameters
    ----------
    path
        The run directory.

    Raises
    ------
    ConfigError
        If something is another than when it was begun.
    ArchiveError
        If another process is writing it, or it cannot be read.
    """

    def check(manifest: Mapping[str, Any]) -> None:
        refuse(changes_in_run(path, manifest))
        warn_of_libraries(path, manifest)

    archive = Archive.reopen(path, check)
    return load_scenario(path / CONFIG), archive


def refuse(problems: Sequence[Problem]) -> None:
    """
    Raise where there is a problem.

    Parameters
    ----------
    problems
        Any number of them.

    Raises
    ------
    ConfigError
        With all of them.
    """
    if problems:
        raise ConfigError(*problems)


def changes_in_run(path: Path, manifest: Mapping[str, Any]) -> list[Problem]:
    """
    Why a run cannot be resumed: a problem for each field that is another than when it was begun.

    Parameters
    ----------
    path
        The run directory.
    manifest
        Its manifest.
    """
    found = changes(manifest, path / MANIFEST) + [Problem(problem) for problem in kept_problems(path, manifest)]
    if found:
        return found
    try:
        config = load_scenario(path / CONFIG).config
    except ConfigError as error:
        return list(error.problems)
    was, now = manifest.get("plugins"), plugins_of(config)
    if was == now:
        return []
    message = f"were {_named_packages(was)} when it was begun, and are {_named_packages(now)} now (allowed: the same)"
    return [Problem(message, str(path / MANIFEST), key="plugins")]


def warn_of_libraries(path: Path, manifest: Mapping[str, Any]) -> None:
    """
    Warn of libraries that are others than when a folder was begun: results may differ from theirs in the last digits.

    Parameters
    ----------
    path
        The folder.
    manifest
        Its manifest, of this version of lactflow.
    """
    then = manifest["versions"]
    others = [
        f"{name} was {then.get(name)} and is {now} now" for name, now in versions().items() if then.get(name) != now
    ]
    if others:
        message = f"{path} was begun with other libraries, by which last digits may differ: {'; '.join(others)}"
        warnings.warn(message, ScenarioWarning, stacklevel=2)


def _named_packages(plugins: object) -> str:
    found = plugins if isinstance(plugins, list) else []
    return ", ".join(f"{each['package']} {each['version']} ({each['name']})" for each in found) or "none"


def changes_in_comparison(path: Path, manifest: Mapping[str, Any]) -> list[Problem]:
    """
    Why a comparison cannot be resumed: a problem for each field of it, or of a run, that is another now.

    Parameters
    ----------
    path
        The folder.
    manifest
        Its manifest.

    Raises
    ------
    ArchiveError
        If a run is missing, or cannot be read.
    """
    file = path / MANIFEST
    found = changes(manifest, file)
    if found:
        return found
    if (manifest.get("coarse") or {}).get("runs"):
        message = "was begun by a version that kept runs of coarse replicates (begin a new comparison)"
        return [Problem(message, str(file), key="coarse")]
    places = manifest.get("scenarios")
    if not isinstance(places, dict):
        return [Problem("does not say where its runs are", str(file), key="scenarios")]
    for place in places.values():
        name = str(place).removeprefix(f"{RUNS}/")
        if name == str(place) or "/" in name or name.startswith("."):
            return [Problem(f"{place!r} is no run in it", str(file), key="scenarios")]
        run = path / place
        found += changes_in_run(run, read_manifest(run)[0])
    return found
