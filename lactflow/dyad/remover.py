"""Whoever takes milk from a breast: an infant, a pump. The gland does not know them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from math import inf, sqrt
from typing import Protocol

from lactflow.gland.analytes import Milk
from lactflow.parameters.dyad import Pump as PumpParameters


class Remover(Protocol):
    """
    One who takes milk.

    Attributes
    ----------
    kind
        As in the tables: `feed`, `pump`, `hand`.
    trigger
        What its suction is to oxytocin: `suckling` or `pump`.
    efficiency
        Share of what a contraction moves that it gets.
    empty_below_ml
        It ends after two let-downs in a row that gave less than this; 0 for never.
    """

    kind: str
    trigger: str
    efficiency: float
    empty_below_ml: float

    @property
    def suction_ml_per_min(self) -> float:
        """Largest flow."""

    def wants_ml(self) -> float:
        """Milk it would still take in this session; infinity for all there is."""

    def take(self, milk: Milk) -> None:
        """It has got this."""

    def dozes(self) -> Iterator[bool]:
        """Whether it falls asleep, after each let-down."""


class Pump:
    """
    An electric pump; expression by hand is taken to be like it.

    Flow goes with vacuum, and efficiency with its square root, up to all of what contraction moves.
    """

    trigger = "pump"
    empty_below_ml = 0.0

    def __init__(self, kind: str, parameters: PumpParameters, vacuum_mmhg: float | None = None) -> None:
        self.kind = kind
        strength = 1.0 if vacuum_mmhg is None else vacuum_mmhg / parameters.usual_vacuum_mmhg
        self.efficiency = min(1.0, parameters.efficiency * sqrt(strength))
        self.suction_ml_per_min = parameters.suction_ml_per_min * strength
        self.longest_min = parameters.longest_min

    def wants_ml(self) -> float:
        """All there is."""
        return inf

    def take(self, milk: Milk) -> None:
        """Into the bottle."""

    def dozes(self) -> Iterator[bool]:
        """Never."""
        return repeat(False)
