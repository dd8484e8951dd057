"""
The files of drugs: those that come with lactflow, and a config's own.

What a file or a config says of a drug that is declared elsewhere is laid over that; a whole declaration stands in its
place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lactflow.config.drugs.quantities import wrong_quantities
from lactflow.config.logs.collection import Where, plain_path, read_bounded, unsafe_path
from lactflow.config.messages import problems_of
from lactflow.config.shipped import kind_of_file
from lactflow.config.text import choices, cut, dotted, found, nearest, quoted, shown_path
from lactflow.config.tree import Key, Spot
from lactflow.config.yaml_source import LARGEST_BYTES, Document, parse_yaml
from lactflow.errors import ConfigError, Problem
from lactflow.pharmacology import library as shipped_library
from lactflow.pharmacology.declared import Drug
from lactflow.pharmacology.rests_on import OWN, covers

_ENDINGS = (".yaml", ".yml")
_MOST_FILES = 500
_WHOLE = ("format", "kinetics", "sources")
"""What a declaration has that stands by itself."""
_WAYS = {
    "kinetics": (("clearance_l_per_h", "volume_l"), ("compartments",), ("elimination_g_per_l_h", "drink_g")),
    "passage": (("fat_partition",), ("log_d",)),
    "infant": (("clearance", "t50_weeks", "hill"), ("elimination_per_h",)),
}
"""Keys of which one group stands in the place of the others, by the section that they are in."""
_ROOT = Spot((), Drug)


@cache
def shipped_drugs() -> dict[str, Path]:
    """Files of the drugs that come with lactflow, by name."""
    folder = Path(shipped_library.__file__).parent
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


@cache
def shipped_data(name: str) -> Mapping[str, Any]:
    """
    Plain data of a shipped drug.

    Raises
    ------
    ConfigError
        If there is none of that name, with the nearest.
    """
    path = shipped_drugs().get(name)
    if path is None:
        raise ConfigError(no_such_drug(name, shipped_drugs()))
    data: Mapping[str, Any] = parse_yaml(path.read_bytes(), path.name).data
    return data


@cache
def shipped_drug(name: str) -> Drug:
    """
    A shipped drug.

    Raises
    ------
    ConfigError
        If there is none of that name, with the nearest.
    """
    return Drug.model_validate(dict(shipped_data(name)))


def no_such_drug(name: str, known: Iterable[str]) -> str:
    """Message for a drug that nothing declares; names the nearest."""
    names = sorted(known)
    match = nearest(name, names)
    hint = f"nearest: {match}; " if match is not None else ""
    return f"there is no drug {quoted(name)} ({hint}known: {choices(names, most=60)})"


def drug_of(source: str) -> Drug:
    """
    A drug by its name, or by the path of its file.

    Parameters
    ----------
    source
        Name of a shipped drug, or path; a file goes before a name.

    Raises
    ------
    ConfigError
        If there is neither, or the file declares no drug; with every problem.
    """
    path = Path(source)
    if kind_of_file(path) is not None and (path.suffix in _ENDINGS or source not in shipped_drugs()):
        return Drug.model_validate(_from_file(path, shown_path(source))[0])
    if source not in shipped_drugs() and (path.suffix in _ENDINGS or len(path.parts) > 1):
        near, shipped = _nearest_file(path), nearest(path.stem, [*shipped_drugs()])
        known = [shown_path(path.with_name(near))] if near is not None else []
        known += [f"the shipped {shipped}"] if shipped is not None else []
        hint = f"nearest: {', '.join(known)}" if known else "`lactflow drugs list` names those that are shipped"
        raise ConfigError(Problem(f"there is no such file ({hint})", shown_path(source)))
    return shipped_drug(source)


def whole(name: str, given: Any, of_file: Mapping[str, Any] | None = None) -> Any:
    """
    A whole declaration from what a library says of a drug; what is no mapping as it is.

    Parameters
    ----------
    name
        Of the drug.
    given
        What is said of it.
    of_file
        Whole, that this is laid over; the shipped one of its name, if there is one, when None.
    """
    if not isinstance(given, Mapping):
        return given
    base = shipped_data(name) if of_file is None and name in shipped_drugs() else of_file
    if base is None or all(key in given for key in _WHOLE):
        return {"format": 1, "drug": name, **given}
    merged = _laid_over(_without_other_ways(base, given), given)
    was, now = _paths(base), _paths(merged)
    own = [*(given.get("sources") or {}), *(given.get("uses") or {})]
    for part in ("sources", "uses"):
        rests = merged.get(part) or {}
        stale = {key for key in rests if key not in own and _about(key, was) and not _about(key, now)}
        merged[part] = {key: value for key, value in rests.items() if key not in stale}
    marked = {path: OWN for path in _paths(given) if not any(covers(key, path) for key in own)}
    return {**merged, "uses": {**(merged.get("uses") or {}), **marked}}


def _about(key: str, paths: Iterable[str]) -> bool:
    """Whether a key of sources or uses is about one of some numbers."""
    return any(covers(key, path) for path in paths)


def _without_other_ways(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A drug without what excludes what is laid over it: two compartments where another gives one clearance."""
    found = dict(before)
    for part, ways in _WAYS.items():
        mine, other = before.get(part), given.get(part)
        if isinstance(mine, Mapping) and isinstance(other, Mapping):
            chosen = next((way for way in ways if any(key in other for key in way)), ())
            barred = {key for way in ways if way != chosen for key in way} if chosen else set()
            found[part] = {key: value for key, value in mine.items() if key not in barred}
    return found


def _laid_over(before: Any, given: Any) -> Any:
    """Mappings are joined key by key; anything else takes the place of what was there."""
    if not (isinstance(before, Mapping) and isinstance(given, Mapping)):
        return given
    return {**before, **{key: _laid_over(before.get(key), value) for key, value in given.items()}}


def _paths(data: Mapping[str, Any]) -> list[str]:
    """Dotted paths of the numbers of a declaration."""
    return list(_numbers(data))


def _numbers(data: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for key, value in data.items():
        at = f"{path}.{key}" if path else key
        if key in ("sources", "uses", "format") and not path:
            continue
        if isinstance(value, Mapping):
            yield from _numbers(value, at)
        elif isinstance(value, tuple):
            for number, each in enumerate(value):
                if isinstance(each, Mapping):
                    yield from _numbers(each, f"{at}.{each.get('drug', number)}")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield at


def below(
    folder: Path, shown_folder: Path, name: str, place: tuple[Key, Where], problems: list[Problem]
) -> Iterator[tuple[str, dict[str, Any], Document]]:
    """
    Declarations of a file, or of every file of a folder.

    Parameters
    ----------
    folder, shown_folder
        Of the config, and the same as the user wrote it.
    name
        Path below it.
    place
        Key that names it, and what finds the place of that.
    problems
        Those that are found are added.

    Returns
    -------
    Of each the name of the drug, the whole declaration, and the document.
    """
    key, where = place
    plain = plain_path(name)
    path = folder / plain
    what = kind_of_file(path)
    if (wrong := _not_below(folder, name)) is not None:
        message = f"{quoted(name)} {wrong} (allowed: a file or a folder below that of the config)"
        problems.append(Problem(message, *where(key), dotted(key)))
        return
    files = [path]
    if what == "a folder":
        files = sorted(each for each in path.iterdir() if each.suffix in _ENDINGS)[:_MOST_FILES]
        if not files:
            message = f"{quoted(name)} has no file of a drug (needed: one that ends in .yaml)"
            problems.append(Problem(message, *where(key), dotted(key)))
    for each in files:
        shown = shown_path(shown_folder / plain / each.name if what == "a folder" else shown_folder / plain)
        try:
            data, document = _from_file(each, shown)
        except ConfigError as error:
            problems += error.problems
        else:
            yield str(data["drug"]), data, document


def _not_below(folder: Path, name: str) -> str | None:
    """Why a path is none of a file or a folder below that of a config; None where it is."""
    path = folder / plain_path(name)
    if (reason := unsafe_path(name)) is not None:
        return reason
    try:
        real, top = path.resolve(), folder.resolve()
    except (OSError, RuntimeError):
        real, top = path, folder
    if not real.is_relative_to(top):
        return "leads out of the folder of the config"
    if real == top:
        return "is the folder of the config itself, whose other files are no drugs"
    if kind_of_file(path) is None:
        near = _nearest_file(path)
        hint = "" if near is None else f"; nearest: {shown_path(Path(plain_path(name)).with_name(near).as_posix())}"
        return f"is not beside the config{hint}"
    return None


def _nearest_file(path: Path) -> str | None:
    """Name of what stands beside a path that is not there, a folder or a YAML file, and is nearly called so."""
    try:
        beside = [each.name for each in path.parent.iterdir() if each.suffix in _ENDINGS or each.is_dir()]
    except (OSError, ValueError):
        return None
    return nearest(path.name, sorted(beside))


def _from_file(path: Path, shown: str) -> tuple[dict[str, Any], Document]:
    """
    The whole declaration of a file.

    Raises
    ------
    ConfigError
        With all that is wrong with it.
    """
    document = parse_yaml(read_bounded(path, LARGEST_BYTES, shown), shown)
    given = document.data
    if not isinstance(given, dict):
        what = "the file is empty" if given is None else f"found {found(given)}"
        raise ConfigError(Problem(f"{what} (needed: a mapping of keys that begins with format: 1)", shown, 1, 1))
    name = given.get("drug")
    data = whole(name, given) if isinstance(name, str) and name in shipped_drugs() else given
    if wrongs := wrong_with(data, document):
        raise ConfigError(*wrongs)
    return data, document


def wrong_with(data: Mapping[str, Any], document: Document) -> list[Problem]:
    """
    What is wrong with the declaration of a file.

    Parameters
    ----------
    data
        Whole.
    document
        The file, for the place of each key.
    """

    def place(path: Key, of_key: bool = False) -> tuple[str | None, int | None, int | None]:
        return document.file, *document.place(path, of_key=of_key)

    try:
        drug = Drug.model_validate(dict(data))
    except ValidationError as error:
        return [
            Problem(each.message, each.file, each.line, each.column, cut(each.key) if each.key else None)
            for each in problems_of(error, place, _ROOT)
        ]
    return [Problem(message, *place(path), cut(dotted(path))) for path, message in wrong_quantities(drug)]
