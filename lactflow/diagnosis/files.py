"""Files of rival mechanisms: those that come with lactflow, and a user's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from lactflow.config.logs.collection import read_bounded
from lactflow.config.messages import Locate, problems_of
from lactflow.config.shipped import kind_of_file
from lactflow.config.text import choices, found, nearest, quoted, shown_path
from lactflow.config.tree import Key, Spot
from lactflow.config.yaml_source import LARGEST_BYTES, Document, parse_yaml
from lactflow.diagnosis import rivals as shipped_rivals
from lactflow.diagnosis.rival import Rival
from lactflow.errors import ConfigError, Problem

NONE = "none"
"""Name of the mechanism that changes nothing."""
JUDGED_FIRST = (
    NONE,
    "late_onset",
    "small_gland",
    "low_prolactin",
    "weak_transfer",
    "infrequent_removal",
    "retained_fragment",
    "mastitis",
)
"""The order in which tables list those that come with lactflow; others follow by name."""
_ENDINGS = (".yaml", ".yml")
_ROOT = Spot((), Rival)


@cache
def shipped_files() -> dict[str, Path]:
    """Files that come with lactflow, by the name of the mechanism and in the order of tables."""
    folder = Path(shipped_rivals.__file__).parent
    there = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    return {name: there[name] for name in (*JUDGED_FIRST, *sorted(set(there) - set(JUDGED_FIRST)))}


@cache
def shipped(name: str) -> Rival:
    """
    A mechanism that comes with lactflow.

    Raises
    ------
    ConfigError
        If there is none of this name, with the nearest.
    """
    path = shipped_files().get(name)
    if path is None:
        match = nearest(name, list(shipped_files()))
        hint = f"nearest: {match}; " if match is not None else ""
        raise ConfigError(f"there is no mechanism {quoted(name)} ({hint}known: {choices(list(shipped_files()))})")
    return read_rival(path, path.name)


def read_rival(path: Path, shown: str) -> Rival:
    """
    A mechanism from its file.

    Parameters
    ----------
    path
        YAML.
    shown
        The same for messages.

    Raises
    ------
    ConfigError
        With every problem found.
    """
    document = parse_yaml(read_bounded(path, LARGEST_BYTES, shown), shown)
    if not isinstance(document.data, dict):
        what = "the file is empty" if document.data is None else f"found {found(document.data)}"
        raise ConfigError(Problem(f"{what} (needed: a mapping of keys that begins with format: 1)", shown, 1, 1))
    try:
        return Rival.model_validate(document.data).standing_in(document)
    except ValidationError as error:
        raise ConfigError(*problems_of(error, _places(document), _ROOT)) from None


def _places(document: Document) -> Locate:
    def place(path: Key, of_key: bool = False) -> tuple[str | None, int | None, int | None]:
        return document.file, *document.place(path, of_key=of_key)

    return place


def chosen(sources: Sequence[str] = ()) -> tuple[Rival, ...]:
    """
    The mechanisms that rival one another.

    Parameters
    ----------
    sources
        Files of a user's own, which are added, each in the place of a shipped one of its name that is not named; and
        names of shipped ones. Of those by which the method was judged the named ones are the only ones, all where none
        is named; the others are added where they are named. `none` is always there.

    Raises
    ------
    ConfigError
        If a name is unknown, a file is wrong, or two files, or a file and a name, are of one mechanism.
    """
    own: dict[str, Rival] = {}
    names: list[str] = []
    problems: list[Problem] = []
    for source in sources:
        path = Path(source)
        if path.suffix not in _ENDINGS and kind_of_file(path) is None:
            names.append(shipped(source).mechanism)
            continue
        rival = read_rival(path, shown_path(source))
        if rival.mechanism in own:
            problems.append(Problem(f"{rival.mechanism} is declared by another file too", shown_path(source)))
        own[rival.mechanism] = rival
    for rival in own.values():
        if rival.mechanism == NONE:
            message = f"{NONE} is what changes nothing, and always there (allowed: another name)"
            problems.append(Problem(message, *rival.place(("mechanism",))))
        elif rival.mechanism in names:
            message = f"{rival.mechanism} is named twice: the shipped one, and by this file (allowed: one of them)"
            problems.append(Problem(message, *rival.place(("mechanism",))))
    if problems:
        raise ConfigError(*problems)
    some = any(shipped(name).judged for name in names)
    kept = [name for name in shipped_files() if name in (NONE, *names) or (shipped(name).judged and not some)]
    return tuple(own.pop(name) if name in own else shipped(name) for name in kept) + tuple(own.values())
