"""Whoever takes milk from a breast: an infant, a pump, a hand. The gland does not know them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from math import exp, inf, sqrt
from typing import Protocol

from lactflow.gland.analytes import Milk
from lactflow.parameters.dyad import ExpressionParameters, HandParameters, PumpParameters


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


class Practice:
    """
    How far let-down to pump and hand has been learned, each for itself.

    Parameters
    ----------
    parameters
        Declared quantities of learning.
    practised
        Whether it was learned before the run.
    """

    def __init__(self, parameters: ExpressionParameters, *, practised: bool) -> None:
        self._parameters = parameters
        self._sessions = dict.fromkeys(("pump", "hand"), inf if practised else 0.0)

    def add(self, kind: str) -> None:
        """One more session."""
        self._sessions[kind] += 1.0

    def pulse_share(self, kind: str) -> float:
        """Rate of oxytocin pulses relative to that at an infant."""
        learning = self._parameters.learning_sessions
        missing = exp(-self._sessions[kind] / learning) if learning > 0.0 else 0.0
        return 1.0 - (1.0 - self._parameters.novice_pulse_share) * missing


class Expression:
    """
    The mother herself, by pump or by hand: it takes all there is, for as long as she likes.

    Attributes
    ----------
    longest_min
        How long it takes when nobody says; by hand, at each breast.
    """

    trigger = "pump"
    empty_below_ml = 0.0

    def __init__(self, kind: str, efficiency: float, flow_ml_per_min: float, longest_min: float) -> None:
        self.kind = kind
        self.efficiency = efficiency
        self.suction_ml_per_min = flow_ml_per_min
        self.longest_min = longest_min

    @classmethod
    def by_pump(cls, pump: PumpParameters, vacuum_mmhg: float | None = None) -> Expression:
        """With an electric pump; flow goes with vacuum, efficiency with its root, up to all that contraction moves."""
        strength = 1.0 if vacuum_mmhg is None else vacuum_mmhg / pump.usual_vacuum_mmhg
        efficiency = min(1.0, pump.efficiency * sqrt(strength))
        return cls("pump", efficiency, pump.suction_ml_per_min * strength, pump.longest_min)

    @classmethod
    def by_hand(cls, hand: HandParameters) -> Expression:
        """By hand."""
        return cls("hand", hand.efficiency, hand.flow_ml_per_min, hand.longest_min)

    def wants_ml(self) -> float:
        """All there is."""
        return inf

    def take(self, milk: Milk) -> None:
        """Into the bottle."""

    def dozes(self) -> Iterator[bool]:
        """Never."""
        return repeat(False)
