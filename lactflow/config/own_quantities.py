"""
Quantities that additions bring along, as groups of keys of a config.

An addition with quantities is a class: a group of quantities (`lactflow.parameters.declaration`) with a method
`declare`, which gives what the addition declares at those values. The numbers of a station stand in its row
(`own_quantity`), and its group is made from that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import Field, ValidationError, create_model

from lactflow.config.named import NoQuantities
from lactflow.errors import PluginError
from lactflow.parameters.declaration import Declared
from lactflow.parameters.stations import OwnQuantity, StationRow

_FIELDS: Mapping[str, str] = {"work": "work_min", "places": "places_ml", "waiting": "waiting_ml"}
"""Fields of a row that may be quantities of its own, and their keys in a config."""


def checked_group(thing: Any, label: str) -> type[Declared]:
    """
    The quantities of an addition that is a class.

    Parameters
    ----------
    thing
        The class.
    label
        Of the addition, for messages.

    Raises
    ------
    PluginError
        If it has no method `declare`, or a key without a valid default.
    """
    if not callable(getattr(thing, "declare", None)):
        raise PluginError(f"{label} has quantities, but no method declare(self) that gives what it declares with them")
    try:
        thing()
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        key = ".".join(map(str, wrong["loc"]))
        raise PluginError(f"{label}: {key}: {wrong['msg']} (needed: a default within its range for each key)") from None
    return thing  # type: ignore[no-any-return]


def group_of_rows(rows: Sequence[StationRow]) -> type[Declared]:
    """
    The quantities that stations bring along: those of one row, or a group below the name of each of several.

    Parameters
    ----------
    rows
        Of one addition. Equal rows have the same group, so that configs of them can be compared.
    """
    rows = tuple(rows)
    found = next((group for known, group in _made if known == rows), None)
    if found is None:
        found = _of_one(rows[0]) if len(rows) == 1 else _of_several(rows)
        _made.append((rows, found))
    return found


_made: list[tuple[tuple[StationRow, ...], type[Declared]]] = []


def with_values(rows: Sequence[StationRow], quantities: Declared) -> list[StationRow]:
    """
    Rows of stations with the values of a config.

    Parameters
    ----------
    rows
        Of one addition.
    quantities
        Of the type that `group_of_rows` makes of them.
    """
    if len(rows) == 1:
        return [_with_values(rows[0], quantities)]
    groups = [getattr(quantities, name) for name in type(quantities).model_fields]
    return [_with_values(row, group) for row, group in zip(rows, groups, strict=True)]


def _own(row: StationRow) -> Iterator[tuple[str, OwnQuantity]]:
    """The quantities of a row, by key."""
    for field, key in _FIELDS.items():
        amount = getattr(row, field)
        if isinstance(amount, OwnQuantity):
            yield key, amount


def _with_values(row: StationRow, quantities: Declared) -> StationRow:
    amounts = {
        field: replace(getattr(row, field), value=getattr(quantities, key))
        for field, key in _FIELDS.items()
        if isinstance(getattr(row, field), OwnQuantity)
    }
    return replace(row, **amounts)


def _of_one(row: StationRow) -> type[Declared]:
    """A group of keys for the quantities of one row."""
    fields: dict[str, Any] = {}
    for key, amount in _own(row):
        low, high = amount.declaration.within
        fields[key] = (
            float,
            Field(
                default=amount.value,
                ge=low,
                le=high,
                description=amount.declaration.note,
                json_schema_extra={"quantity": amount.declaration},  # type: ignore[dict-item]
            ),
        )
    return create_model("OwnQuantities", __base__=Declared, **fields) if fields else NoQuantities


def _of_several(rows: Sequence[StationRow]) -> type[Declared]:
    """A group for each row, by its name."""
    groups = [(row.name, _of_one(row)) for row in rows]
    if all(group is NoQuantities for _, group in groups):
        return NoQuantities
    fields: dict[str, Any] = {
        f"row_{number}": (group, Field(default_factory=group, alias=name))
        for number, (name, group) in enumerate(groups)
    }
    return create_model("OwnQuantities", __base__=Declared, **fields)
