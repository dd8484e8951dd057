"""
Configs of legal values, drawn from the JSON Schema of the config.

Each key by itself holds what it may hold; keys can still contradict one another, and what the loader reports then is
put right by taking the key away that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any

MOODS = ("schedules", "one", "few", "many", "edges")
"""How many quantities are not usual: none, one, a few, half of them, half of them and at their bounds."""
_LONGEST_DAYS = 1.0
_GROUPS = ("endocrine", "gland", "dyad", "mother")
_COUNTS = {"one": 1, "few": 6}
_HALF = 0.5
_LOG = "log.csv"
_NAME = "^[A-Za-z0-9_-]+$"
"""What names of bottles are made of."""
_MOST_KNOCK_OUTS, _MOST_INTERVENTIONS, _MOST_PHASES, _MOST_INFANTS, _MOST_MOTHERS = 15, 6, 5, 4, 3
_DAY_KEYS = ("from_day", "to_day", "start_day", "end_day")
_LARGEST = re.compile(r"largest allowed: ([0-9.e+-]+)")

Group = dict[str, Any]
Path = tuple[str, ...]


class UndrawableError(Exception):
    """A key whose values the schema does not give, such as the name of a file."""


class Drawing:
    """
    Draws configs.

    Parameters
    ----------
    schema
        `RunConfig.model_json_schema()`.
    rng
        Random numbers.
    """

    def __init__(self, schema: Group, rng: Random) -> None:
        self._schema, self._defs, self._rng = schema, schema["$defs"], rng
        self._start_day, self._days = 0.0, 0.0

    def config(self, mood: str) -> Group:
        """One config, as plain data."""
        rng = self._rng
        self._start_day = self._first_day()
        self._days = rng.choice((0.001, _LONGEST_DAYS, rng.uniform(0.1, _LONGEST_DAYS)))
        config: Group = {
            "format": 1,
            "start_day": self._start_day,
            "days": self._days,
            "seed": rng.choice((0, 2**63 - 1, rng.randrange(2**63))),
            "replicates": rng.choice((1, 1, 1, 2)),
            "birth_clock": self._clock(),
            **self._quantities(mood),
        }
        self._at(config, "resolution")["packet_ml"] = rng.choice((0.3, 0.5, 1.0))
        self._at(config, "gland")["lobes_per_breast"] = rng.choice((1, 2, 2, 3))
        if rng.random() < 0.2:
            self._at(config, "mother")["cohort"] = rng.randint(1, _MOST_MOTHERS)
        config["infants"] = [self._infant(mood) for _ in range(rng.choice((0, 1, 1, 1, 2, _MOST_INFANTS)))]
        config["knock_outs"] = self._some(self._property("knock_outs")["items"]["enum"], _MOST_KNOCK_OUTS)
        config["interventions"] = self._entries("interventions", _MOST_INTERVENTIONS)
        config["schedule"] = self._entries("schedule", _MOST_PHASES)
        config["record"] = self._object(self._property("record"), share=0.4)
        for name, spec in self._schema["properties"].items():
            if name not in {*config, *_GROUPS, "name", "title", "species"} and rng.random() < 0.2:
                try:
                    config[name] = self._value(name, spec)
                except UndrawableError:
                    continue
        return config

    def _first_day(self) -> float:
        """Late days are seldom: the past of the gland is worked out up to there, which takes its time."""
        rng = self._rng
        if rng.random() < 0.05:
            return rng.choice((1000.0, rng.uniform(200.0, 1000.0)))
        return rng.choice((-60.0, 1.0, rng.uniform(-60.0, 10.0), rng.uniform(1.0, 60.0), rng.uniform(1.0, 200.0)))

    # -- quantities -------------------------------------------------------------------------------------

    def _quantities(self, mood: str) -> Group:
        """Groups with the quantities that are not usual in this mood."""
        leaves = [leaf for group in _GROUPS for leaf in self._leaves((group,), self._property(group))]
        if mood in ("many", "edges"):
            chosen = [leaf for leaf in leaves if self._rng.random() < _HALF]
        else:
            chosen = self._rng.sample(leaves, _COUNTS.get(mood, 0))
        config: Group = {}
        for path, spec in chosen:
            self._at(config, *path[:-1])[path[-1]] = self._value(path[-1], spec, edges=mood == "edges")
        return config

    def _leaves(self, path: Path, spec: Group) -> Iterator[tuple[Path, Group]]:
        """Numbers, words and switches below a group, with their paths."""
        spec = self._resolved(spec)
        if "properties" in spec:
            for name, each in spec["properties"].items():
                yield from self._leaves((*path, name), each)
        elif spec.get("type") in ("number", "integer", "boolean") or "enum" in spec:
            yield path, spec

    @staticmethod
    def _at(config: Group, *path: str) -> Group:
        """The group at a path, made when missing."""
        for name in path:
            config = config.setdefault(name, {})
        return config

    def _infant(self, mood: str) -> Group:
        return {} if mood == "schedules" else self._object(self._property("infants")["items"], share=0.5)

    # -- lists ------------------------------------------------------------------------------------------

    def _some(self, names: list[str], most: int) -> list[str]:
        """Often none, seldom all."""
        wanted = self._rng.choice((0, 0, 1, 2, self._rng.randint(0, most)))
        return self._rng.sample(names, min(wanted, len(names)))

    def _entries(self, name: str, most: int) -> list[Group]:
        """Entries of one list of the config, of any kind."""
        kinds = self._property(name)["items"]["oneOf"]
        entries = []
        for _ in range(self._rng.randint(0, most)):
            try:
                entries.append(self._object(self._rng.choice(kinds), share=0.6))
            except UndrawableError:
                continue
        return entries

    # -- single values ----------------------------------------------------------------------------------

    def _property(self, name: str) -> Group:
        found: Group = self._schema["properties"][name]
        return found

    def _resolved(self, spec: Group) -> Group:
        while "$ref" in spec:
            spec = self._defs[spec["$ref"].rpartition("/")[2]]
        return spec

    def _object(self, spec: Group, share: float) -> Group:
        """A mapping with all keys that it needs, and a share of the others."""
        spec = self._resolved(spec)
        needed = spec.get("required", ())
        drawn: Group = {}
        for name, each in spec["properties"].items():
            if name in needed or self._rng.random() < share:
                try:
                    drawn[name] = self._value(name, each)
                except UndrawableError:
                    if name in needed:
                        raise
        return drawn

    def _value(self, name: str, spec: Group, *, edges: bool = False) -> Any:  # noqa: PLR0911 - one answer a type
        """A value that a key may have."""
        spec, rng = self._resolved(spec), self._rng
        if "const" in spec:
            return spec["const"]
        if "enum" in spec:
            return rng.choice(spec["enum"])
        if "anyOf" in spec or "oneOf" in spec:
            return self._value(name, rng.choice(spec.get("anyOf") or spec["oneOf"]), edges=edges)
        if "properties" in spec:
            return self._object(spec, share=0.4)
        kind = spec.get("type")
        if kind == "null":
            return None
        if kind == "boolean":
            return rng.random() < _HALF
        if kind in ("number", "integer"):
            return self._number(name, spec, edges=edges)
        if kind == "array" and "items" in spec:
            least = spec.get("minItems", 0)
            return [self._value(name, spec["items"]) for _ in range(rng.randint(least, least + 2))]
        if kind == "string":
            return self._text(name, spec)
        raise UndrawableError(name)

    def _number(self, name: str, spec: Group, *, edges: bool) -> float | int:
        """A number: near the run for days; else at a bound, or anywhere between."""
        rng = self._rng
        low = spec.get("minimum", spec.get("exclusiveMinimum"))
        high = spec.get("maximum", spec.get("exclusiveMaximum"))
        if low is None or high is None:
            raise UndrawableError(name)
        if name in _DAY_KEYS or (name == "days" and spec.get("type") == "integer"):
            value = self._start_day + rng.uniform(-0.1, 1.3) * self._days
        elif edges or rng.random() < _HALF:
            value = rng.choice((low, high))
        elif low > 0.0 and rng.random() < _HALF:
            value = low * (high / low) ** rng.random()
        else:
            value = rng.uniform(low, high)
        value = min(max(value, low), high)
        if spec["type"] == "integer":
            return int(value)
        least = spec.get("exclusiveMinimum")
        return float(value + (high - low) * 1e-6 if value == least else value)

    def _text(self, name: str, spec: Group) -> str:
        if spec.get("pattern") == _NAME:
            return self._rng.choice(("day", "night"))
        if name == "file":
            return _LOG
        if name in ("times", "from", "to", "first", "birth_clock"):
            return self._clock()
        raise UndrawableError(name)

    def _clock(self) -> str:
        return f"{self._rng.randrange(24):02d}:{self._rng.choice((0, 0, 15, 30, 59)):02d}"


def repaired(config: Group, message: str, key: str | None) -> bool:
    """
    Take away what contradicts, by what the loader states about it; a packet that is too coarse gets the size it names.

    Parameters
    ----------
    config
        Changed in place.
    message, key
        Of one problem.

    Returns
    -------
    Whether anything was changed.
    """
    largest = _LARGEST.search(message)
    if largest and key == "resolution.packet_ml":
        before = config["resolution"]["packet_ml"]
        config["resolution"]["packet_ml"] = min(before, float(largest[1])) * 0.999
        return True
    path = (key or "").split(".")
    if path[0] in ("schedule", "interventions") and len(path) > 1:
        place = int(path[1])
        if place < len(config.get(path[0], ())):
            # Its place is kept until all problems of one load are put right.
            config[path[0]][place] = None
        return True
    *above, last = path
    group: Any = config
    for name in above:
        group = group.get(name) if isinstance(group, dict) else None
    if isinstance(group, dict) and last in group and path != ["format"]:
        del group[last]
        return True
    return config.pop(path[0], None) is not None if path[0] != "format" else False


def tidied(config: Group) -> None:
    """Close the gaps that `repaired` leaves in lists."""
    for name in ("schedule", "interventions"):
        config[name] = [each for each in config.get(name, ()) if each is not None]
