"""What to give in place of a path at which there is no result: the result that is probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lactflow.config.text import shown_path
from lactflow.systems import shell_word

_OUTPUTS = "outputs"
"""Folder in which results are made when no other is given."""
_CONFIGS = (".yaml", ".yml")
_ABOUT = "manifest.json"
_MOST_LOOKED_AT = 10_000
"""Entries of a folder: a hint is not worth more."""


def instead_of(path: Path) -> str:
    """
    The end of a message about a path that is no result: what it is, and what to give; empty where that is not known.

    Parameters
    ----------
    path
        As the user gave it.
    """
    try:
        if path.is_dir():
            return _within(path)
        if path.is_file():
            return _of_file(path)
        return _like(path)
    except (OSError, ValueError):
        return ""


def _within(folder: Path) -> str:
    """A folder that holds results is none itself."""
    found = _results(folder.iterdir())
    if not found:
        return ""
    if len(found) == 1:
        return f"; it holds a result: {shown_path(found[0])}"
    return f"; it holds {len(found)} results, of which one is needed, such as the newest: {shown_path(found[0])}"


def _of_file(file: Path) -> str:
    """A config that was simulated, or a file of a result."""
    if file.suffix in _CONFIGS and not _is_result(file.parent):
        made = _results(_beginning(Path(_OUTPUTS), file.stem))
        newest = f"; its newest result is {shown_path(made[0])}" if made else ""
        return f" but a file; `lactflow run {shell_word(shown_path(file))}` makes a run of a config{newest}"
    above = next((folder for folder in (file.parent, *file.parent.parents) if _is_result(folder)), None)
    return " but a file" if above is None else f" but a file of {shown_path(above)}, which is to be given"


def _like(path: Path) -> str:
    """Results of which the name was given in part."""
    places = dict.fromkeys((path.parent, Path(_OUTPUTS)))
    found = _results(each for folder in places for each in _beginning(folder, path.name))
    return f" (nearest: {shown_path(found[0])})" if found else ""


def _beginning(folder: Path, name: str) -> Iterable[Path]:
    """Entries of a folder whose name begins with another one."""
    return (each for each in folder.iterdir() if each.name.startswith(name)) if name and folder.is_dir() else ()


def _results(paths: Iterable[Path]) -> list[Path]:
    """Those that are results, the newest first."""
    some = [path for _, path in zip(range(_MOST_LOOKED_AT), paths, strict=False) if _is_result(path)]
    return sorted(some, key=lambda path: ((path / _ABOUT).stat().st_mtime, path.name), reverse=True)


def _is_result(folder: Path) -> bool:
    return (folder / _ABOUT).is_file()
