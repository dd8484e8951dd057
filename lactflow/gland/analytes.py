"""
What milk carries: how an analyte is declared, and amounts of milk.

Lumens, ducts, removals, bottles and the balance hold one amount for each analyte of the run (`gland.contents`). The ten
that every run has come first, in the order of the constants below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from lactflow.gland.routes import Route
from lactflow.kinetics import plain_sum
from lactflow.parameters.chemistry import (
    FAT_KCAL_PER_G,
    LACTOSE_G_PER_MMOL,
    LACTOSE_KCAL_PER_G,
    PROTEIN_KCAL_PER_G,
)


class Kept(NamedTuple):
    """Share of a substance that is left in expressed milk by the way in which the milk is stored; all of it: 1."""

    refrigerated: float = 1.0
    frozen: float = 1.0
    pasteurised: float = 1.0


WHOLE: Final = Kept()
"""Of what no way of storing takes any."""


class Analyte(NamedTuple):
    """
    One substance in milk.

    Attributes
    ----------
    name, unit
        As in the balance; `unit` is that of its amounts.
    routes
        How it gets into milk; at least one.
    fat_partition
        Concentration in milk fat over concentration in skim, at equilibrium; 0 for what is dissolved in skim only.
    resorption
        Speed at which it is resorbed, relative to the phases that it is dissolved in.
    part_of
        Name of the analyte whose total counts it already: `protein`, in the same unit; empty for none. It changes
        nothing in that total. What no declared part accounts for is reported beside the parts.
    kept
        What is left of it in milk that is stored.
    """

    name: str
    unit: str
    routes: tuple[Route, ...] = ()
    fat_partition: float = 0.0
    resorption: float = 1.0
    part_of: str = ""
    kept: Kept = WHOLE


WATER: Final = 0
LACTOSE: Final = 1
PROTEIN: Final = 2
SODIUM: Final = 3
POTASSIUM: Final = 4
CHLORIDE: Final = 5
CITRATE: Final = 6
OTHER: Final = 7
INHIBITOR: Final = 8
FAT: Final = 9
"""
Index of the analytes that every run has. Water is the skim phase with its solutes; fat is the globules. Other solutes
are phosphate, urea, amino acids and what else makes milk iso-osmotic with plasma.
"""

ALWAYS_THERE: Final = 10
"""Number of analytes that every run has; those that a run adds follow."""

OSMOLES = (LACTOSE, SODIUM, POTASSIUM, CHLORIDE, CITRATE, OTHER)
"""What counts for the osmolality of milk."""


class Cargo:
    """
    What one packet brings to the lumen. Packets loaded alike share one cargo.

    Attributes
    ----------
    amounts
        One for each analyte.
    volume_ml
        Milk volume it adds.
    membrane_m2
        Apical membrane it brings, or takes along.
    fat_g
        Fat in it.
    held, held_added
        The analytes of which there is any, each with its amount, of those that every run has and of those that this
        one adds: most are in the packets of one line or in none.
    """

    __slots__ = ("amounts", "fat_g", "held", "held_added", "membrane_m2", "volume_ml")

    def __init__(self, amounts: Sequence[float], volume_ml: float, membrane_m2: float) -> None:
        self.amounts: tuple[float, ...] = tuple(amounts)
        self.held: list[tuple[int, float]] = []
        self.held_added: list[tuple[int, float]] = []
        for analyte in range(len(amounts)):  # by index: compiled, `enumerate` makes objects of all that it gives
            amount = amounts[analyte]
            if amount != 0.0:
                (self.held if analyte < ALWAYS_THERE else self.held_added).append((analyte, amount))
        self.fat_g: float = self.amounts[FAT]
        self.volume_ml = volume_ml
        self.membrane_m2 = membrane_m2


class Milk:
    """
    An amount of milk: its volume and what is in it.

    Attributes
    ----------
    volume_ml
        Skim and fat.
    amounts
        One for each analyte; when none are given, none of the analytes that every run has.
    """

    __slots__ = ("amounts", "volume_ml")

    def __init__(self, volume_ml: float = 0.0, amounts: list[float] | None = None) -> None:
        self.volume_ml = volume_ml
        self.amounts = amounts if amounts is not None else [0.0] * ALWAYS_THERE

    def scaled(self, share: float) -> Milk:
        """A share of it, as other milk."""
        return Milk(self.volume_ml * share, [amount * share for amount in self.amounts])

    def add(self, milk: Milk) -> None:
        """Pour `milk` in."""
        self.volume_ml += milk.volume_ml
        mine, other = self.amounts, milk.amounts  # by index: compiled, `zip` makes objects of all that it gives
        if len(mine) != len(other):
            msg = f"milk with {len(other)} analytes cannot be poured into milk with {len(mine)}"
            raise ValueError(msg)
        self.amounts = [mine[analyte] + other[analyte] for analyte in range(len(other))]

    def take(self, volume_ml: float) -> Milk:
        """Take out a volume of the mixture, at most all of it."""
        if volume_ml >= self.volume_ml:
            taken = Milk(self.volume_ml, self.amounts)
            self.volume_ml, self.amounts = 0.0, [0.0] * len(taken.amounts)
            return taken
        share = volume_ml / self.volume_ml
        mine = self.amounts
        other = [amount * share for amount in mine]
        self.volume_ml -= volume_ml
        self.amounts = [mine[analyte] - other[analyte] for analyte in range(len(other))]
        return Milk(volume_ml, other)

    def energy_kcal(self) -> float:
        """Energy of its fat, protein and lactose."""
        lactose_g = self.amounts[LACTOSE] * LACTOSE_G_PER_MMOL
        return (
            FAT_KCAL_PER_G * self.amounts[FAT]
            + PROTEIN_KCAL_PER_G * self.amounts[PROTEIN]
            + LACTOSE_KCAL_PER_G * lactose_g
        )

    def osmolality(self) -> float | None:
        """Osmoles per litre of its skim phase [mOsm/L, taken as mOsm/kg]; None when there is none."""
        if self.amounts[WATER] <= 0.0:
            return None
        return plain_sum([self.amounts[index] for index in OSMOLES]) / self.amounts[WATER] * 1000.0

    def per_litre(self, analyte: int) -> float | None:
        """Amount per litre of milk; None when there is no milk."""
        return self.amounts[analyte] / self.volume_ml * 1000.0 if self.volume_ml > 0.0 else None
