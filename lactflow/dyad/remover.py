"""Whoever takes milk from a breast: an infant, a pump. The gland does not know them."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Protocol

from lactflow.parameters.dyad import Infant as InfantParameters
from lactflow.parameters.dyad import Pump as PumpParameters
from lactflow.records import InfantSample


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
    suction_ml_per_min
        Largest flow.
    longest_min
        Longest time at a breast when the schedule gives none.
    side_change_min
        Pause between the breasts.
    empty_below_ml
        It ends after two let-downs in a row that gave less than this; 0 for never.
    """

    kind: str
    trigger: str
    efficiency: float
    suction_ml_per_min: float
    longest_min: float
    side_change_min: float
    empty_below_ml: float

    def wants_ml(self) -> float:
        """Milk it would still take in this session; infinity for all there is."""

    def take(self, volume_ml: float) -> None:
        """It has got so much."""


class Infant:
    """
    An infant with a fixed appetite.

    Attributes
    ----------
    intake_ml
        Milk taken since the start of the run.
    """

    kind = "feed"
    trigger = "suckling"
    efficiency = 1.0

    def __init__(self, number: int, parameters: InfantParameters) -> None:
        self.number = number
        self.suction_ml_per_min = parameters.suction_ml_per_min
        self.longest_min = parameters.longest_min
        self.side_change_min = parameters.side_change_min
        self.empty_below_ml = parameters.empty_below_ml
        self.intake_ml = 0.0
        self._appetite_ml = parameters.appetite_ml
        self._wants_ml = 0.0

    def get_hungry(self) -> None:
        """A session begins."""
        self._wants_ml = self._appetite_ml

    def wants_ml(self) -> float:
        """What its appetite has left."""
        return self._wants_ml

    def take(self, volume_ml: float) -> None:
        """Swallow."""
        self._wants_ml -= volume_ml
        self.intake_ml += volume_ml

    def samples(self, time_min: float) -> Iterator[InfantSample]:
        """State at one instant; weight and stomach are not modelled yet."""
        yield InfantSample(time_min, self.number, None, None, self.intake_ml)


class Pump:
    """An electric pump; expression by hand is taken to be like it."""

    trigger = "pump"
    side_change_min = 0.0
    empty_below_ml = 0.0

    def __init__(self, kind: str, parameters: PumpParameters) -> None:
        self.kind = kind
        self.efficiency = parameters.efficiency
        self.suction_ml_per_min = parameters.suction_ml_per_min
        self.longest_min = parameters.longest_min

    def wants_ml(self) -> float:
        """All there is."""
        return inf

    def take(self, volume_ml: float) -> None:
        """Into the bottle."""
