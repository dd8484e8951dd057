"""
How a quantity is declared.

One declaration serves the config file, `--set`, the range checks, the documentation and the citations.
Hard bounds say what the equations can stand (outside is an error); the plausible range says what has
been seen in women (outside is a warning).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lactflow.sources import Citation

Range = tuple[float, float]
Shape = Literal["clock", "endpoints", "outcome"]
"""How a quantity stands for a cause that is not known, or has not been measured; `SHAPES` has the meaning of each."""
SHAPES: Mapping[Shape, str] = {
    "clock": "a time since birth stands for what really brings or ends something",
    "endpoints": "one end of a slide between two measured states; what moves the cell from one to the other is not "
    "modelled",
    "outcome": "chosen so that a published result of the whole gland, mother or infant comes out",
}


class Declared(BaseModel):
    """A group of declared quantities: frozen, strict about types, no unknown names, no NaN."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, validate_default=True)


class WrongKeyError(ValueError):
    """
    What a check of a whole group finds wrong with one of its keys, so that messages have the place of that.

    Parameters
    ----------
    message
        One line.
    key
        Path of the key below the group.
    """

    def __init__(self, message: str, *key: str | int) -> None:
        super().__init__(message)
        self.key = key


def without_lists(value: Any) -> Any:
    """
    What stands in JSON, with tuples for its lists.

    A validator that sees a value before its type is checked gets lists where groups of keys want tuples.
    """
    if isinstance(value, dict):
        return {key: without_lists(each) for key, each in value.items()}
    return tuple(without_lists(each) for each in value) if isinstance(value, list) else value


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """
    What a sceptic asks about a number.

    Attributes
    ----------
    unit
        Unit of the value; empty for a fraction or a count.
    within
        Hard bounds; a value outside is an error.
    plausible
        What has been seen or is argued for; a value outside is a warning.
    source, locator
        Paper, and the place in it.
    note
        Meaning, and for an assumption the reason.
    shaped
        In which way it stands for a cause, see `Shape`; None where it is itself a cause or a measurement.
    """

    unit: str
    within: Range
    plausible: Range
    source: Citation
    locator: str
    note: str
    shaped: Shape | None = None


def quantity(
    default: float,
    unit: str,
    *,
    within: Range,
    plausible: Range | None = None,
    source: Citation,
    locator: str = "",
    note: str,
    shaped: Shape | None = None,
) -> Any:
    """
    Declare one quantity of a `Declared` group.

    Parameters
    ----------
    default
        Value for the reference mother, in `unit`.
    within, plausible
        Hard bounds, and the range that draws no warning (the bounds when left out).
    source, locator, note, shaped
        See `Quantity`.

    Returns
    -------
    A pydantic field.
    """
    low, high = within
    passport = Quantity(
        unit=unit,
        within=within,
        plausible=plausible or within,
        source=source,
        locator=locator,
        note=note,
        shaped=shaped,
    )
    return Field(default=default, ge=low, le=high, description=note, json_schema_extra={"quantity": passport})  # type: ignore[dict-item]


@dataclass(frozen=True)
class DeclaredQuantity:
    """A quantity where it stands in the config tree: `key` is the dotted path that `--set` takes."""

    key: str
    value: float
    declaration: Quantity


def declared_quantities(group: BaseModel, path: str = "") -> Iterator[DeclaredQuantity]:
    """
    Every declared quantity below `group`, with its value there.

    Parameters
    ----------
    group
        A config or one of its groups.
    path
        Dotted path of `group`; empty for the whole config.
    """
    for name, field in type(group).model_fields.items():
        value, written = getattr(group, name), field.alias or name
        key = f"{path}.{written}" if path else written
        extra = field.json_schema_extra
        if isinstance(value, BaseModel):
            yield from declared_quantities(value, key)
        elif isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
            for number, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from declared_quantities(item, f"{key}.{number}")
        elif isinstance(extra, dict) and isinstance(extra.get("quantity"), Quantity):
            yield DeclaredQuantity(key, value, extra["quantity"])  # type: ignore[arg-type]


def quantity_at(group: BaseModel, key: str) -> DeclaredQuantity | None:
    """
    The declared quantity at a dotted path below `group`; None where there is none.

    Parameters
    ----------
    group
        A config or one of its groups.
    key
        Such as `protein_line.rer_ml`.
    """
    *groups, name = key.split(".")
    at: object = group
    for part in groups:
        at = getattr(at, part, None) if isinstance(at, BaseModel) and part in type(at).model_fields else None
    field = type(at).model_fields.get(name) if isinstance(at, BaseModel) else None
    extra = field.json_schema_extra if field is not None else None
    if not isinstance(extra, dict) or not isinstance(extra.get("quantity"), Quantity):
        return None
    return DeclaredQuantity(key, getattr(at, name), extra["quantity"])  # type: ignore[arg-type]
