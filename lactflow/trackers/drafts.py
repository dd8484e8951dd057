"""Rows of a log in the making: what was read of one row, the notes on it, and the user's options."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Draft:
    """
    A row of a log before its clock is settled.

    Attributes
    ----------
    kind
        `breast`, `pump`, `hand`, `bottle_own_milk`, `bottle_formula`, `weight`.
    left_min, right_min, volume_ml, left_ml, right_ml
        None where it was not written down.
    first
        `left`, `right` or empty.
    value_kg
        Of a weight.
    """

    kind: str
    left_min: float | None = None
    right_min: float | None = None
    volume_ml: float | None = None
    left_ml: float | None = None
    right_ml: float | None = None
    first: str = ""
    value_kg: float | None = None

    @property
    def minutes(self) -> float:
        """Time that it takes: a pump is at both breasts at once."""
        left, right = self.left_min or 0.0, self.right_min or 0.0
        return max(left, right) if self.kind == "pump" else left + right

    @property
    def ml(self) -> float:
        """Milk."""
        if self.left_ml is not None or self.right_ml is not None:
            return (self.left_ml or 0.0) + (self.right_ml or 0.0)
        return self.volume_ml or 0.0


@dataclass(slots=True)
class DraftNotes:
    """Notes on one row."""

    wrong: list[str] = field(default_factory=list)
    dropped: str = ""
    repaired: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    left_out_minutes: float = 0.0
    left_out_ml: float = 0.0
    comma: str = ""
    colon: str = ""
    unit_ml: float = 1.0


@dataclass(frozen=True)
class Given:
    """
    The user's options for the quantities.

    Attributes
    ----------
    unit
        Of volumes without one: `oz` or `mL`.
    bottle
        What was in bottles: `own` or `formula`.
    file_name
        Of the file, in lower case: some trackers say there what a bottle held.
    """

    unit: str | None = None
    bottle: str | None = None
    file_name: str = ""
