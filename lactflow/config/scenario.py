"""A scenario, ready to be simulated: config, feeding logs, warnings, and the resolved text that repeats it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lactflow.config.additions import config_type_of, joined, load_each, shadowed_kinds
from lactflow.config.additions_checked import check_each
from lactflow.config.conditions import contradicting, twice
from lactflow.config.drugs.checked import clashing, wrong_drugs
from lactflow.config.drugs.collected import LIBRARY, Declaration, unknown_drugs, with_library
from lactflow.config.earlier import with_present_keys
from lactflow.config.logs.collection import Library, read_bounded
from lactflow.config.logs.days import settled
from lactflow.config.logs.feeding_log import LARGEST_BYTES, read_feeding_log
from lactflow.config.messages import problems_of
from lactflow.config.mistaken import log_instead_of_config
from lactflow.config.model import RunConfig, contradictions
from lactflow.config.oddities import oddities
from lactflow.config.overrides import Overrides
from lactflow.config.python import ConfigSource, as_config, is_plain, not_plain
from lactflow.config.resolution import with_level
from lactflow.config.shipped import find_source
from lactflow.config.text import cut, dotted, found, shown_path
from lactflow.config.tree import ROOT, Spot, follow
from lactflow.config.yaml_source import LARGEST_BYTES as LARGEST_CONFIG_BYTES
from lactflow.config.yaml_source import Document, Key, parse_yaml
from lactflow.dyad.schedule import LogPhase, PlannedSession
from lactflow.errors import ConfigError, Problem
from lactflow.parameters.stations import StationRow

_HEADER = "# The resolved config: every value, defaults too. `lactflow run` on this file repeats the run.\n"


_OF_DRUGS = frozenset({LIBRARY, "drugs", "gland", "mother"})
"""Keys that decide what is wrong with drugs."""


@dataclass(frozen=True)
class Scenario:
    """
    A scenario that has been loaded and checked.

    Attributes
    ----------
    config
        Resolved; its logs are named as in `files`.
    logs
        Sessions of each feeding log, by the name that the config gives it.
    files
        Logs to copy beside the resolved config, by name.
    warnings
        What is unusual but not wrong, one line each.
    """

    config: RunConfig
    logs: dict[str, tuple[PlannedSession, ...]]
    files: dict[str, bytes]
    warnings: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """The resolved config as YAML; it loads to an equal config. It is written when it is needed."""
        return resolved_text(self.config)


def load_scenario(source: ConfigSource, settings: Sequence[str] = (), **options: object) -> Scenario:
    """
    Load a scenario and check all of it.

    Parameters
    ----------
    source
        YAML file, the name of a shipped scenario, or a mapping: its `format` may be left out, and its feeding logs are
        looked for in the current folder.
    settings
        `key.sub=value`, as `--set` takes them.
    options
        Top-level keys of the config by name; None stands for not given.

    Raises
    ------
    ConfigError
        With every problem found.
    """
    path, document = (None, _given(source)) if isinstance(source, Mapping) else _read(source)
    written = reduce(_without, document.wrong, document.data)
    # Settings and options may name a kind of schedule that a package adds.
    kind = config_type_of(Overrides(settings, options).apply(written))
    overrides = Overrides(settings, options, Spot((), kind) if kind is not RunConfig else ROOT)
    where = _Places(document, overrides)
    data, of_level = with_level(overrides.apply({"name": _plain_name(path), **written} if path else written))
    data, renamed = with_present_keys(data)
    folder, shown = (path.parent, Path(document.file or "").parent) if path else (Path(), Path())
    data, of_drugs, where.drugs = with_library(data, folder, shown, where)
    config, problems, wrong = _validated(data, where, kind)
    reported = {(problem.line, problem.column) for problem in document.problems}
    problems = [problem for problem in problems if (problem.line, problem.column) not in reported]
    problems += [*document.problems, *overrides.problems, *of_drugs]
    problems += [Problem(text, *where(key), dotted(key)) for key, text in of_level]
    wrong |= {str(path[0]) for path in (*document.wrong, *(key for key, _ in of_level)) if path}
    wrong |= {LIBRARY} if of_drugs else set()
    if wrong & _OF_DRUGS and LIBRARY not in wrong:
        problems += [Problem(text, *where(key), dotted(key)) for key, text in unknown_drugs(data)]
    library = None
    if config is not None:
        library = _logs_of(config, folder, shown, where)
        config, of_days = settled(_with_flat_names(config, library), {*data} - wrong, library.logs)
        stations, of_additions = _added(config, data, where)
        problems += of_additions
        wrongs = [*of_days, *contradictions(config, wrong | {str(key[0]) for key, _ in of_days}, stations)]
        wrongs += [] if wrong & {"mother", "birth"} else [*contradicting(config), *twice(config)]
        wrongs += [] if wrong & _OF_DRUGS else [*wrong_drugs(config)]
        wrongs += [(("infants",), text) for text in library.feeds_without_infant()]
        problems += [*library.problems, *(Problem(text, *where(key), cut(dotted(key))) for key, text in wrongs)]
    if config is None or library is None or problems:
        raise ConfigError(*sorted(problems, key=_reading_order))
    warnings = (*renamed, *oddities(config, library.logs))
    logs = {name: log.sessions for name, log in library.logs.items()}
    return Scenario(config, logs, dict(library.files), warnings)


def _read(source: str | Path) -> tuple[Path, Document]:
    """The file of a config, and what is in it."""
    path = find_source(source)
    file = shown_path(source if Path(source) == path else path.name)
    raw = read_bounded(path, LARGEST_CONFIG_BYTES, file)
    if (mistaken := log_instead_of_config(raw, file)) is not None:
        raise ConfigError(Problem(mistaken, file))
    document = parse_yaml(raw, file, tolerant=True)
    if not isinstance(document.data, dict):
        what = "the file is empty" if document.data is None else f"found {found(document.data)}"
        message = f"{what} (needed: a mapping of keys that begins with format: 1)"
        raise ConfigError(Problem(message, file, *document.place(())))
    return path, document


def _given(config: Mapping[str, Any]) -> Document:
    """A config that was given as a mapping; nothing of it stands at a line of a file."""
    odd = {key: value for key, value in config.items() if not is_plain({key: value})}
    problems = [Problem(not_plain(value), key=cut(str(key))) for key, value in odd.items()]
    if problems:
        raise ConfigError(*problems)
    return Document(None, {"format": 1, **as_config(config)})


def _logs_of(config: RunConfig, folder: Path, shown_folder: Path, where: _Places) -> Library:
    """The logs of the schedule, read."""
    library = Library(folder, shown_folder, where, infants=len(config.infants), zone=config.zone)
    for number, phase in enumerate(config.schedule):
        if isinstance(phase, LogPhase):
            library.add(phase.file, ("schedule", number, "file"))
    return library


def _with_flat_names(config: RunConfig, library: Library) -> RunConfig:
    """The config with its logs named as they lie in the run directory."""
    schedule = tuple(
        phase.model_copy(update={"file": library.flat_names.get(phase.file, phase.file)})
        if isinstance(phase, LogPhase)
        else phase
        for phase in config.schedule
    )
    return config.model_copy(update={"schedule": schedule})


def _reading_order(problem: Problem) -> tuple[bool, str, float, int]:
    """As they stand in the files, options first; what has no line comes last."""
    return not str(problem.file).startswith("--"), str(problem.file), problem.line or float("inf"), problem.column or 0


class _Places:
    """
    Where a key path stands: in an option, in the file, or nowhere.

    Attributes
    ----------
    drugs
        Where drugs are declared that stand in files of their own, or in a list.
    """

    def __init__(self, document: Document, overrides: Overrides) -> None:
        self.drugs: Mapping[str, Sequence[Declaration]] = {}
        self._document = document
        self._overrides = overrides

    def __call__(self, path: Key, of_key: bool = False) -> tuple[str | None, int | None, int | None]:
        option = self._overrides.option(path)
        if option is not None:
            return option, None, None
        document, path = self._document_of(path)
        return (None, None, None) if document.file is None else (document.file, *document.place(path, of_key=of_key))

    def _document_of(self, path: Key) -> tuple[Document, Key]:
        """The document that a key stands in, and its path there."""
        declared = self.drugs.get(str(path[1]), ()) if path[:1] == (LIBRARY,) and len(path) > 1 else ()
        places = [(each.document or self._document, (*each.before, *path[2:])) for each in declared]
        first = places[0] if places else (self._document, path)
        return next((each for each in places if each[1] in each[0].values), first)


def _plain_name(path: Path) -> str:
    """Name of the run directory when the config gives none: the file's, in the letters allowed there."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip(".-")[:64] or "run"


def _added(config: RunConfig, data: dict[str, Any], where: _Places) -> tuple[tuple[StationRow, ...], list[Problem]]:
    """Stations that packages add, and what is wrong with anything that the config names of packages."""
    loaded, problems = load_each(config)
    lacking = {(problem.key or "").partition(".")[0] for problem in problems}
    problems += check_each(config, loaded, lacking)
    added = joined(loaded)
    stations = () if problems else added.stations
    wrongs = [*clashing(config, [*added.analytes, *added.signals]), *shadowed_kinds(config)]
    placed = [_placed(problem, data, where) for problem in problems]
    return stations, [*placed, *(Problem(text, *where(key), dotted(key)) for key, text in wrongs)]


def _placed(problem: Problem, data: dict[str, Any], where: _Places) -> Problem:
    """A problem of an addition, at the place where the config names it."""
    key, _, name = (problem.key or "").partition(".")
    names = data.get(key)
    if isinstance(names, tuple) and name in names:
        return Problem(problem.message, *where((key, names.index(name))), f"{key}.{names.index(name)}")
    return Problem(problem.message, *where((key, name), of_key=True), cut(dotted((key, name)))) if name else problem


def _validated(
    data: dict[str, Any], where: _Places, kind: type[RunConfig]
) -> tuple[RunConfig | None, list[Problem], set[str]]:
    """
    The config, or what is left of it without the keys that are wrong; the problems; the top-level keys concerned.

    The rest is kept so that contradictions and missing files are reported together with it.
    """
    try:
        return kind.model_validate(data), [], set()
    except ValidationError as error:
        root = ROOT if kind is RunConfig else Spot((), kind)
        problems = problems_of(error, where, root)
        paths = [follow(detail["loc"], root).path for detail in error.errors(include_url=False)]
    wrong = {str(path[0]) for path in paths if path}
    try:
        return kind.model_validate({**reduce(_without, paths, data), "format": 1}), problems, wrong
    except ValidationError:
        return None, problems, wrong


def _without(data: Any, path: Key) -> Any:
    """`data` without the key at `path`; as it is where nothing stands there, or an entry of a list."""
    if isinstance(data, dict) and path and path[0] in data:
        if len(path) == 1:
            return {key: value for key, value in data.items() if key != path[0]}
        return {**data, path[0]: _without(data[path[0]], path[1:])}
    if isinstance(data, tuple) and len(path) > 1 and isinstance(path[0], int) and path[0] < len(data):
        return (*data[: path[0]], _without(data[path[0]], path[1:]), *data[path[0] + 1 :])
    return data


def changed(scenario: Scenario, **keys: object) -> Scenario:
    """
    The scenario with other values of top-level keys, which are taken as they are.

    Parameters
    ----------
    scenario
        Loaded and checked.
    keys
        Such as `seed` and `replicates`, which nothing else in a config depends on.
    """
    return replace(scenario, config=scenario.config.model_copy(update=keys))


def logs_beside(config: RunConfig, folder: Path) -> dict[str, tuple[PlannedSession, ...]]:
    """
    Sessions of each feeding log that a resolved config names, read from the folder they were copied to.

    Raises
    ------
    ConfigError
        If one is not there, or cannot be read.
    """
    return logs_among(config, {name: read_bounded(folder / name, LARGEST_BYTES, name) for name in _named_logs(config)})


def logs_among(config: RunConfig, files: Mapping[str, bytes]) -> dict[str, tuple[PlannedSession, ...]]:
    """
    Sessions of each feeding log that a resolved config names, read from what stands in the logs.

    Parameters
    ----------
    config
        Resolved.
    files
        As `Scenario` has them.

    Raises
    ------
    ConfigError
        If one cannot be read.
    """
    return {
        name: read_feeding_log(files[name], name, len(config.infants), config.zone).sessions
        for name in _named_logs(config)
    }


def _named_logs(config: RunConfig) -> set[str]:
    return {phase.file for phase in config.schedule if isinstance(phase, LogPhase)}


def resolved_text(config: RunConfig) -> str:
    """
    A config as YAML with every default in it.

    All text is in double quotes, so that readers of older YAML find `"10:30"` to be text as well.
    """
    return _HEADER + as_yaml(config.model_dump(by_alias=True))


def as_yaml(data: dict[str, Any]) -> str:
    """Plain data of a config as YAML, all text in double quotes."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 4096
    stream = io.StringIO()
    yaml.dump(_quoted_text(data), stream)
    return stream.getvalue()


def _quoted_text(value: Any) -> Any:
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict):
        return {key: _quoted_text(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_quoted_text(item) for item in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value
