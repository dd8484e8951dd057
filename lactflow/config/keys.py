"""Quantities of a config by their keys: to read one, to hold a factor at its bounds, and to set several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lactflow.config.model import RunConfig
from lactflow.parameters.declaration import Quantity

Path = tuple[str | int, ...]


def with_quantities(config: RunConfig, values: Mapping[str, float]) -> RunConfig:
    """
    The config with other values of some quantities.

    Parameters
    ----------
    config
        Of a run.
    values
        By dotted key.

    Raises
    ------
    pydantic.ValidationError
        If a value is outside its hard bounds.
    """
    data = config.model_dump(by_alias=True)
    for key, value in values.items():
        data = _changed(data, path_of(key), value)
    return type(config).model_validate(data)


def path_of(key: str) -> Path:
    """A dotted key as a path."""
    return tuple(int(part) if part.isdecimal() else part for part in key.split("."))


def matching(config: RunConfig, key: str) -> list[Path]:
    """Key paths that a key stands for: one, or one for each infant where it has a `*`."""
    parts = path_of(key)
    if "*" not in parts:
        return [parts]
    return [tuple(number if part == "*" else part for part in parts) for number in range(len(config.infants))]


def held(config: RunConfig, key: str, factor: float = 1.0) -> float:
    """A quantity times a factor, held at its hard bounds."""
    return scaled_at(config, path_of(key), factor)


def within(config: RunConfig, key: str, value: float) -> float:
    """A value of a quantity, held at its hard bounds."""
    low, high = at(config, path_of(key))[1].within
    return min(max(value, low), high)


def usual_at(config: RunConfig, key: str) -> float:
    """Value of a quantity in the reference mother."""
    return usual(config, path_of(key))


def scaled_at(config: RunConfig, path: Path, factor: float) -> float:
    """A quantity times a factor, held at its hard bounds."""
    value, declared = at(config, path)
    low, high = declared.within
    return min(max(value * factor, low), high)


def usual(config: RunConfig, path: Path) -> float:
    """Value of a quantity in the reference mother."""
    return float(type(group_of(config, path)).model_fields[str(path[-1])].default)


def group_of(config: RunConfig, path: Path) -> Any:
    """The group of keys that a quantity stands in."""
    group: Any = config
    for part in map(str, path[:-1]):
        group = group[int(part)] if part.isdecimal() else getattr(group, part)
    return group


def at(config: RunConfig, path: Path) -> tuple[float, Quantity]:
    """Value and declaration of a quantity."""
    name, group = str(path[-1]), group_of(config, path)
    extra: Any = type(group).model_fields[name].json_schema_extra
    return float(getattr(group, name)), extra["quantity"]


def _changed(data: Any, path: Path, value: float) -> Any:
    """Plain data with one value replaced."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        return (*data[:part], _changed(data[part], rest, value), *data[part + 1 :])
    return {**data, part: _changed(data[part], rest, value)}
