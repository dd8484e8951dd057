"""
From the values of a sweep to configs: every point is checked before anything is written.

Loading a scenario takes ten milliseconds, most of it YAML and what rests on it. A quantity changes nothing of that, so
the points of a sweep are grouped: each group is loaded once, as `--set` would load it, and within it numbers are put
into the resolved data, which are then validated as a whole, with the same checks between keys. One point of every
group is loaded both ways, and they must agree; keys that decide how a config is read are never put in that way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import ValidationError

from lactflow.config.additions import config_type_of, plugins_of
from lactflow.config.messages import problems_of
from lactflow.config.model import RunConfig, contradictions
from lactflow.config.python import ConfigSource
from lactflow.config.scenario import Scenario, load_scenario
from lactflow.config.text import counted, cut, dotted
from lactflow.config.tree import ROOT, Key, Spot
from lactflow.dyad.schedule import LogPhase
from lactflow.errors import ConfigError, Problem
from lactflow.experiments.sweep.design import Design, path_of

_HOW_IT_IS_READ = frozenset(
    {
        "format",
        "name",
        "title",
        "species",
        "birth_date",
        "zone",
        "resolution",
        "replicates",
        "stations",
        "signals",
        "analytes",
        "drugs",
        "drug_library",
    }
)
"""Top-level keys that decide how the others are read, or that name things from outside."""
_BESIDE_A_LOG = frozenset({"gland", "endocrine", "mother"})
"""Top-level keys that no feeding log has to do with."""
_MOST_SHOWN = 50
"""Problems of different keys and kinds that are listed."""
_SLOWLY = 20
"""Points of one group whose problems are looked up by loading them."""


class Base(NamedTuple):
    """
    What a group of points shares.

    Attributes
    ----------
    scenario
        Loaded and checked.
    data
        Plain data of its config.
    """

    scenario: Scenario
    data: dict[str, Any]

    @classmethod
    def of(cls, scenario: Scenario) -> Base:
        """The base that a scenario is."""
        return cls(scenario, scenario.config.model_dump(by_alias=True))


class Resolved(NamedTuple):
    """
    The points of a sweep, checked.

    Attributes
    ----------
    bases
        One for each group of points.
    base_of
        Number of its base, for each point.
    quick
        Numbers of the keys whose values are put into the base; the values of all others are in it.
    warnings
        What is unusual but not wrong.
    """

    bases: list[Base]
    base_of: list[int]
    quick: tuple[int, ...]
    warnings: list[str]

    def configs(self, design: Design) -> Iterator[RunConfig]:
        """The config of each point, in order."""
        paths = [path_of(design.keys[number]) for number in self.quick]
        for base, point in zip(self.base_of, design.points, strict=True):
            yield with_values(self.bases[base], paths, [point[number] for number in self.quick])


def with_values(base: Base, paths: Sequence[Key], values: Sequence[object]) -> RunConfig:
    """
    The config of a point.

    Parameters
    ----------
    base
        Of its group.
    paths, values
        Where to put what.

    Raises
    ------
    LookupError, TypeError
        If the data have no such place.
    pydantic.ValidationError
        If a value is not allowed there.
    """
    config = base.scenario.config
    if not paths:
        return config
    data = base.data
    for path, value in zip(paths, values, strict=True):
        data = _put(data, path, value)
    return type(config).model_validate(data)


def _put(data: Any, path: Key, value: object) -> Any:
    """Plain data with one value replaced, the rest shared; every key must be there."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        return (*data[:part], _put(data[part], rest, value), *data[part + 1 :])
    return {**data, part: _put(data[part], rest, value)}


def resolve(source: ConfigSource, settings: Sequence[str], options: Mapping[str, object], design: Design) -> Resolved:
    """
    Check every point of a sweep.

    Parameters
    ----------
    source, settings, options
        As `load_scenario` takes them.
    design
        The points.

    Raises
    ------
    ConfigError
        With every problem: one line for each key and kind, with the number of points that have it.
    """
    return _Resolver(source, settings, options, design).resolved()


class _Resolver:
    """Checks the points of one sweep."""

    def __init__(
        self, source: ConfigSource, settings: Sequence[str], options: Mapping[str, object], design: Design
    ) -> None:
        self._source, self._settings, self._options, self._design = source, settings, options, design
        self._paths = [path_of(key) for key in design.keys]
        self._problems: dict[tuple[str | None, str | None, int | None], tuple[Problem, int]] = {}
        self._warnings: dict[str, None] = dict.fromkeys(design.notes)

    def resolved(self) -> Resolved:
        """All points, checked."""
        quick = [number for number in range(len(self._paths)) if self._is_quick(number)]
        slow = [number for number in range(len(self._paths)) if number not in quick]
        groups: dict[str, list[int]] = {}
        for number, point in enumerate(self._design.points):
            groups.setdefault(repr([point[each] for each in slow]), []).append(number)
        bases: list[Base] = []
        base_of = [0] * len(self._design.points)
        for members in groups.values():
            base = self._load(self._texts(members[0], slow), len(members), slow)
            if base is None:
                self._check_values(quick, members)
                continue
            for number in members:
                base_of[number] = len(bases)
            bases.append(base)
            if quick:
                self._check(base, quick, members)
            else:
                self._warnings.update(dict.fromkeys(base.scenario.warnings))
        if self._problems:
            raise ConfigError(*self._shown())
        return Resolved(bases, base_of, tuple(quick), list(self._warnings))

    @cached_property
    def _unvaried(self) -> Scenario | None:
        """The scenario without the values of any point; None where it is wrong by itself."""
        try:
            return load_scenario(self._source, self._settings, **self._options)
        except ConfigError:
            return None

    @cached_property
    def _beside_a_log(self) -> bool:
        """Whether a feeding log is there, or may be, or anything that packages add."""
        phases = any(path[0] == "schedule" and not self._numbers(n) for n, path in enumerate(self._paths))
        if self._unvaried is None:
            return True
        config = self._unvaried.config
        return phases or any(isinstance(phase, LogPhase) for phase in config.schedule) or bool(plugins_of(config))

    def _numbers(self, number: int) -> bool:
        return all(type(point[number]) in (int, float, bool) for point in self._design.points)

    def _is_quick(self, number: int) -> bool:
        """Whether values of a key may be put into resolved data."""
        path = self._paths[number]
        if path[0] in _HOW_IT_IS_READ or path == ("gland", "lobes_per_breast") or not self._numbers(number):
            return False
        return path[0] in _BESIDE_A_LOG or not self._beside_a_log

    def _texts(self, number: int, keys: Sequence[int]) -> list[str]:
        """Values of some keys of a point, as `--set` takes them."""
        point = self._design.points[number]
        return [f"{self._design.keys[each]}={json.dumps(point[each])}" for each in keys]

    def _load(self, texts: Sequence[str], points: int, keys: Sequence[int]) -> Base | None:
        """A scenario with some more settings; None where it is wrong, which is noted for so many points."""
        try:
            scenario = load_scenario(self._source, (*self._settings, *texts), **self._options)
        except ConfigError as error:
            for problem in error.problems:
                self._note(self._renamed(problem, [self._design.keys[each] for each in keys]), points)
            return None
        return Base.of(scenario)

    def _renamed(self, problem: Problem, keys: Sequence[str]) -> Problem:
        """A problem of `--set` that a point has brought, with the option that the key came from."""
        key = problem.key or ""
        mine = next((each for each in keys if key == each or key.startswith(f"{each}.")), None)
        if problem.file != "--set" or mine is None:
            return problem
        return Problem(problem.message, self._design.options[mine], key=problem.key)

    def _note(self, problem: Problem, points: int = 1) -> None:
        """Problems of one key and of one place are one line, with the number of points that have them."""
        kind = (problem.file, problem.key if problem.key is not None else problem.message, problem.line)
        first, before = self._problems.get(kind, (problem, 0))
        self._problems[kind] = (first, before + points)

    def _shown(self) -> list[Problem]:
        total = len(self._design.points)
        shown = []
        for problem, points in list(self._problems.values())[:_MOST_SHOWN]:
            mine = problem.file in self._design.options.values()
            where = (
                "" if total == 1 or (points == total and not mine) else f" (in {points:,} of {counted(total, 'point')})"
            )
            shown.append(Problem(problem.message + where, problem.file, problem.line, problem.column, problem.key))
        if len(self._problems) > _MOST_SHOWN:
            shown.append(Problem(f"... and {counted(len(self._problems) - _MOST_SHOWN, 'more problem')}"))
        return shown

    def _check(self, base: Base, quick: Sequence[int], members: Sequence[int]) -> None:
        """The points of one group: the first by loading it as well, the others by their data."""
        first = self._first(base, quick, members)
        if first is None:
            return
        paths = [self._paths[number] for number in quick]
        looked_up = 0
        for number in members:
            problems = self._wrong(base, paths, [self._design.points[number][each] for each in quick])
            if problems is None:
                looked_up += 1
                if looked_up <= _SLOWLY:
                    self._load(self._texts(number, range(len(self._paths))), 1, range(len(self._paths)))
                else:
                    self._note(Problem("some points have no place for their values"))
                continue
            for problem in problems:
                self._note(problem)
        self._warn(quick, members)

    def _check_values(self, quick: Sequence[int], members: Sequence[int]) -> None:
        """Values of a group that cannot be loaded, for other reasons, one by one: all problems are listed at once."""
        if self._unvaried is None:
            for each in quick:
                self._check_alone(each, members)
            return
        base = Base.of(self._unvaried)
        paths = [self._paths[number] for number in quick]
        for number in members:
            try:
                with_values(base, paths, [self._design.points[number][each] for each in quick])
            except ValidationError as error:
                for problem in problems_of(error, self._where):
                    self._note(problem)
            except (LookupError, TypeError):
                continue

    def _check_alone(self, number: int, members: Sequence[int]) -> None:
        """The lowest and the highest value of a key, of a scenario that is wrong by itself."""
        key, points = self._design.keys[number], self._design.points
        values = [points[each][number] for each in members]
        for value in dict.fromkeys((min(values), max(values))):
            try:
                load_scenario(self._source, (*self._settings, f"{key}={json.dumps(value)}"), **self._options)
            except ConfigError as error:
                for problem in error.problems:
                    if (renamed := self._renamed(problem, [key])) is not problem:
                        self._note(renamed, values.count(value))

    def _first(self, base: Base, quick: Sequence[int], members: Sequence[int]) -> Base | None:
        """
        The first point that is right by its data, loaded; None where it is wrong there, for whatever reason.

        Raises
        ------
        AssertionError
            If loading gives another config than putting in the values does.
        """
        paths = [self._paths[number] for number in quick]
        everything = range(len(self._paths))
        number = next(
            (
                each
                for each in members[:_SLOWLY]
                if self._wrong(base, paths, [self._design.points[each][n] for n in quick]) == []
            ),
            members[0],
        )
        before = dict(self._problems)
        loaded = self._load(self._texts(number, everything), len(members), everything)
        values = [self._design.points[number][each] for each in quick]
        if loaded is None:
            if self._wrong(base, paths, values):
                self._problems = before  # counted one by one
                return base
            return None
        put = with_values(base, paths, values)
        if put.model_dump_json() != loaded.scenario.config.model_dump_json():
            raise AssertionError(f"{self._texts(number, everything)}: loaded and put in, the configs differ")
        return loaded

    def _wrong(self, base: Base, paths: Sequence[Key], values: Sequence[object]) -> list[Problem] | None:
        """What is wrong with a point of a group; None where its data have no place for a value."""
        try:
            config = with_values(base, paths, values)
        except ValidationError as error:
            kind = type(base.scenario.config)
            return problems_of(error, self._where, ROOT if kind is RunConfig else Spot((), kind))
        except (LookupError, TypeError):
            return None
        found = contradictions(config)
        return [Problem(message, *self._where(key), cut(dotted(key))) for key, message in found]

    def _where(self, path: Key, of_key: bool = False) -> tuple[str | None, int | None, int | None]:
        """The option that a key path was given by; nothing for one of the config itself."""
        del of_key
        mine = next((n for n, each in enumerate(self._paths) if path[: len(each)] == each), None)
        return (None if mine is None else self._design.options[self._design.keys[mine]]), None, None

    def _warn(self, quick: Sequence[int], members: Sequence[int]) -> None:
        """What is unusual about the points with the lowest and the highest value of each key."""
        if self._problems:
            return
        everything = range(len(self._paths))
        points = self._design.points
        ends = [chosen(members, key=lambda number: points[number][each]) for each in quick for chosen in (min, max)]
        for number in dict.fromkeys(ends):
            loaded = self._load(self._texts(number, everything), 1, everything)
            if loaded is not None:
                self._warnings.update(dict.fromkeys(loaded.scenario.warnings))


def base_from_json(text: str, logs: Mapping[str, Any]) -> Base:
    """
    A base that was kept as JSON.

    Parameters
    ----------
    text
        The resolved config.
    logs
        Sessions of its feeding logs by name.

    Raises
    ------
    PluginError
        If a kind of schedule that it uses cannot be loaded.
    """
    config = config_type_of(json.loads(text)).model_validate_json(text)
    return Base.of(Scenario(config, dict(logs), {}, ()))
