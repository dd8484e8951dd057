"""Scenarios that come with lactflow or that packages add, and the way from what a user typed to a file."""

from __future__ import annotations

import stat
from functools import cache
from pathlib import Path

from lactflow.config.text import choices, quoted, several_nearest, shown_path
from lactflow.errors import ConfigError, PluginError, Problem
from lactflow.plugins import found, load, plugin_named

_ENDINGS = (".yaml", ".yml")
_MOST_FILES = 5
"""Files of a folder that are listed."""


FILE = "a file"
_KINDS = (
    (stat.S_ISREG, FILE),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def kind_of_file(path: Path) -> str | None:
    """
    What stands at a path, in words; None where nothing does.

    Tested before reading: to open a FIFO may take for ever.

    Parameters
    ----------
    path
        Links are followed.

    Returns
    -------
    `FILE` for what can be read at once; "a folder", "a FIFO", "a socket", "a device" for what cannot.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # a name too long or with NUL in it as well
        return None
    return next((words for is_one, words in _KINDS if is_one(mode)), "no file")


@cache
def shipped() -> dict[str, Path]:
    """
    Configs of the shipped scenarios, by name.

    A wheel carries them inside the package; in a checkout they lie beside it.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "configs", package.parent / "configs"):
        if folder.is_dir():
            return {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    return {}


def scenario_names() -> list[str]:
    """Names of the shipped scenarios, then of those that packages add."""
    return [*shipped(), *(plugin.name for plugin in found("scenarios") if plugin.name not in shipped())]


def _added_scenario(name: str) -> Path:
    """
    The config of a scenario that a package adds: a path, or a function that returns one.

    Raises
    ------
    PluginError
        If it is neither, or no file is there.
    """
    plugin = plugin_named("scenarios", name)
    thing = load(plugin)
    path = thing() if callable(thing) else thing
    if not isinstance(path, (str, Path)) or kind_of_file(Path(path)) != FILE:
        raise PluginError(f"{plugin.label} is no file: {str(path)[:200]!r} (allowed: the path of a YAML file)")
    return Path(path)


def find_source(source: str | Path) -> Path:
    """
    The config file that a user means.

    Parameters
    ----------
    source
        Path of a YAML file, or the name of a shipped scenario; a file goes before a name.

    Raises
    ------
    ConfigError
        If there is no such file or scenario; names the nearest.
    """
    text = str(source)
    path = Path(source)
    file = shown_path(source)
    what = kind_of_file(path)
    if what == FILE:
        return path
    if what is not None:
        raise ConfigError(Problem(f"is {what} (allowed: a YAML file, or the name of a shipped scenario)", file or "''"))
    if text in shipped() or text in scenario_names():  # what packages add is looked up only where it has to be
        return find_shipped(text)
    raise ConfigError(Problem(f"there is no such file or shipped scenario ({_nearest_sources(path, text)})", file))


def find_shipped(name: str) -> Path:
    """
    The config of a scenario that is shipped or that a package adds; of two with one name, the shipped one.

    Raises
    ------
    ConfigError
        If none has that name; names the nearest.
    """
    if name in shipped():
        return shipped()[name]
    if name in scenario_names():
        return _added_scenario(name)
    match = several_nearest(name, scenario_names())
    hint = f"nearest: {', '.join(match)}" if match else f"shipped: {choices(scenario_names())}"
    raise ConfigError(f"there is no shipped scenario {quoted(name)} ({hint})")


def _nearest_sources(path: Path, text: str) -> str:
    """Names like a wrong one, among YAML files of its folder and scenarios; where none is like it, what there is."""
    try:
        files = sorted(str(other) for other in path.parent.iterdir() if other.suffix in _ENDINGS) if text else []
    except (OSError, ValueError):
        files = []
    by_stem = {Path(file).stem: file for file in files}
    if found := several_nearest(path.stem, [*by_stem, *scenario_names()]):
        return f"nearest: {', '.join(shown_path(by_stem.get(each, each)) for each in found)}"
    if path.suffix not in _ENDINGS:
        return f"shipped: {choices(scenario_names())}"
    here = f"files there: {choices([shown_path(file) for file in files], _MOST_FILES)}; " if files else ""
    return f"{here}`lactflow scenarios list` names those that are shipped"
