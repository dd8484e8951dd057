"""
The lumen of a lobe's alveoli.

It holds milk up to a hard limit; a packet that does not fit stays in the cell. Both lines meet here and in the apical
membrane, and nowhere else. Where tight junctions are open, milk is exchanged with plasma at constant volume, both
being iso-osmotic, and its skim phase is resorbed.

Packets with the same cargo are booked by their count, and amounts are made from the counts when somebody
looks: a packet costs the same however many analytes there are.
"""

from __future__ import annotations

from operator import add, sub
from typing import NamedTuple

from lactflow.gland.analytes import (
    ANALYTES,
    CHLORIDE,
    FAT,
    INHIBITOR,
    NO_CARGO,
    OTHER,
    POTASSIUM,
    PROTEIN,
    SODIUM,
    WATER,
    Cargo,
    Milk,
)
from lactflow.gland.membrane import ApicalMembrane
from lactflow.kinetics import globule_speed
from lactflow.parameters.gland import Gland
from lactflow.parameters.tight_junctions import JunctionParameters
from lactflow.pipeline import Packet, Station

_LEAST_ML = 1e-3
"""Room that is left in a lobe whose cells are lost."""


class Plasma(NamedTuple):
    """
    The fluid on the other side of the tight junctions.

    Attributes
    ----------
    crossing
        Analytes that cross, each with its concentration in plasma [amount/mL].
    protein_g_per_ml
        Protein of the fluid that enters.
    """

    crossing: tuple[tuple[int, float], ...]
    protein_g_per_ml: float


def plasma_of(junctions: JunctionParameters, osmolality: float) -> Plasma:
    """Plasma with the declared ions; what is left of the osmolality is other solutes."""
    ions = {
        SODIUM: junctions.plasma_sodium_mmol_per_l,
        POTASSIUM: junctions.plasma_potassium_mmol_per_l,
        CHLORIDE: junctions.plasma_chloride_mmol_per_l,
    }
    concentrations = {**ions, OTHER: max(0.0, osmolality - sum(ions.values()))}
    crossing = [(index, concentrations.get(index, 0.0)) for index, analyte in enumerate(ANALYTES) if analyte.crosses]
    return Plasma(
        tuple((index, concentration / 1000.0) for index, concentration in crossing),
        junctions.entering_protein_g_per_l / 1000.0,
    )


class Globules(NamedTuple):
    """How fat globules move when milk is ejected: lag and steepness of `kinetics.globule_speed`, and their density."""

    lag: float
    steepness: float
    density_g_per_ml: float


class Lumen:
    """
    Alveolar storage of one lobe.

    Attributes
    ----------
    volume_ml
        Milk, always up to date.
    capacity_ml, limit_ml, residual_ml
        Storage capacity, the volume beyond which nothing enters, and the volume that no contraction moves.
    membrane
        The apical membrane around it.
    vesicles, droplets
        Where the two lines end.
    entered, left
        Ledger: amount of each analyte that came from plasma, and that went back there.
    """

    def __init__(self, gland: Gland, capacity_ml: float, membrane: ApicalMembrane) -> None:
        self._parameters = gland.lumen
        self._protein_resorption = gland.tight_junctions.protein_resorption
        self._fat_resorption = gland.tight_junctions.fat_resorption
        self._fat_density = gland.composition.fat_density_g_per_ml
        self.membrane = membrane
        self.volume_ml = 0.0
        self.resize(capacity_ml)
        self.vesicles = FusionSite(self)
        self.droplets = BuddingSite(self)
        self._amounts = [0.0] * len(ANALYTES)
        self.entered = [0.0] * len(ANALYTES)
        self.left = [0.0] * len(ANALYTES)

    def resize(self, capacity_ml: float) -> None:
        """Change the storage capacity, and with it the hard limit and what no contraction moves."""
        self.capacity_ml = capacity_ml = max(capacity_ml, _LEAST_ML)
        self.limit_ml = self._parameters.largest_fullness * capacity_ml
        self.residual_ml = self._parameters.residual_fraction * capacity_ml

    @property
    def fullness(self) -> float:
        """Volume over capacity."""
        return self.volume_ml / self.capacity_ml

    def secreted_ml(self) -> float:
        """Volume of all packets that came in so far."""
        return self.vesicles.total_ml() + self.droplets.total_ml()

    def amounts(self) -> list[float]:
        """Amount of each analyte now."""
        self.vesicles.settle(self._amounts)
        self.droplets.settle(self._amounts)
        return self._amounts

    def inhibitor_per_surface(self) -> float:
        """Inhibitor per apical surface; the surface is taken as proportional to capacity."""
        return self.vesicles.and_pending(INHIBITOR, self._amounts[INHIBITOR]) / self.capacity_ml

    def fill(self, milk: Milk) -> None:
        """Pour milk in: the initial state, and what flows back from the ducts."""
        self.volume_ml += milk.volume_ml
        amounts = self.amounts()
        for analyte, amount in enumerate(milk.amounts):
            amounts[analyte] += amount

    def receive(self, analyte: int, amount: float) -> None:
        """Take in what cells carry through from plasma; too little to count as volume."""
        self._amounts[analyte] += amount
        self.entered[analyte] += amount

    def leak(self, plasma: Plasma, exchanged: float, resorbed: float) -> None:
        """
        Exchange with plasma at constant volume, then resorption.

        Parameters
        ----------
        plasma
            The fluid outside.
        exchanged, resorbed
            Shares of the skim phase exchanged and resorbed since the last time.
        """
        amounts, entered, left = self.amounts(), self.entered, self.left
        water_ml = amounts[WATER]
        flow_ml = exchanged * water_ml
        for analyte, per_ml in plasma.crossing:
            amount = amounts[analyte]
            came = flow_ml * per_ml
            went = exchanged * amount
            went += resorbed * (amount + came - went)
            amounts[analyte] = amount + came - went
            entered[analyte] += came
            left[analyte] += went
        came = flow_ml * plasma.protein_g_per_ml
        went = self._protein_resorption * resorbed * amounts[PROTEIN]
        amounts[PROTEIN] += came - went
        entered[PROTEIN] += came
        left[PROTEIN] += went
        went = resorbed * amounts[INHIBITOR]
        amounts[INHIBITOR] -= went
        left[INHIBITOR] += went
        fat_g = self._fat_resorption * resorbed * amounts[FAT]
        amounts[FAT] -= fat_g
        left[FAT] += fat_g
        went = resorbed * water_ml
        amounts[WATER] = water_ml - went
        left[WATER] += went
        self.volume_ml -= went + fat_g / self._fat_density

    def eject(self, volume_ml: float, globules: Globules, ducts: Milk) -> None:
        """
        Press milk out into the ducts; its globules lag behind the skim phase.

        Parameters
        ----------
        volume_ml
            A part of what is there; globules go at their speed in the middle of it.
        globules
            How much they lag.
        ducts
            Where the milk goes.
        """
        amounts = self.amounts()
        speed = globule_speed((self.volume_ml - 0.5 * volume_ml) / self.capacity_ml, globules.lag, globules.steepness)
        fat_g = amounts[FAT] * min(1.0, volume_ml / self.volume_ml) * speed
        fat_ml = fat_g / globules.density_g_per_ml
        skim_share = min(1.0, (volume_ml - fat_ml) / amounts[WATER]) if amounts[WATER] > 0.0 else 0.0
        parts = [amount * skim_share for amount in amounts]
        parts[FAT] = fat_g
        pressed_ml = parts[WATER] + fat_ml
        self._amounts = list(map(sub, amounts, parts))
        self.volume_ml -= pressed_ml
        ducts.volume_ml += pressed_ml
        ducts.amounts = list(map(add, ducts.amounts, parts))


class _Site:
    """
    Where packets of one line enter the lumen; counts packets of the same cargo.

    Attributes
    ----------
    entered
        Amount of each analyte that came in so far, as of the last `settle`.
    entered_ml
        Volume that came in, likewise.
    """

    __slots__ = ("_cargo", "_count", "_lumen", "_membrane", "entered", "entered_ml")

    def __init__(self, lumen: Lumen) -> None:
        self._lumen = lumen
        self._membrane = lumen.membrane
        self._cargo = NO_CARGO
        self._count = 0
        self.entered = [0.0] * len(ANALYTES)
        self.entered_ml = 0.0

    def _change_cargo(self, cargo: Cargo) -> None:
        self._lumen.amounts()
        self._cargo = cargo

    def and_pending(self, analyte: int, amount: float) -> float:
        """An amount with what came in since the last `settle`."""
        return amount + self._count * self._cargo.amounts[analyte]

    def total_ml(self) -> float:
        """Volume of all packets that came in so far."""
        return self.entered_ml + self._count * self._cargo.volume_ml

    def settle(self, amounts: list[float]) -> None:
        """Add what the packets counted since brought."""
        count = self._count
        if count:
            self._count = 0
            self.entered_ml += self._cargo.volume_ml * count
            for analyte, amount in enumerate(self._cargo.amounts):
                if amount:
                    amounts[analyte] += amount * count
                    self.entered[analyte] += amount * count


class FusionSite(_Site):
    """
    Vesicles fuse: milk and membrane come in.

    Attributes
    ----------
    budding
        The station that may wait for membrane.
    """

    __slots__ = ("budding",)
    budding: Station

    def accept(self, packet: Packet, now: float) -> bool:
        """Let a vesicle packet fuse, if the lumen has room for it."""
        lumen = self._lumen
        cargo: Cargo = packet.cargo
        volume_ml = lumen.volume_ml + cargo.volume_ml
        if volume_ml > lumen.limit_ml:
            return False
        lumen.volume_ml = volume_ml
        if cargo is not self._cargo:
            self._change_cargo(cargo)
        self._count += 1
        membrane = self._membrane
        membrane.supply(cargo.membrane_m2, now)
        if membrane.area_m2 >= membrane.wanted_m2:
            self.budding.unblock(now)
        return True


class BuddingSite(_Site):
    """Droplets bud: fat comes in, membrane leaves with it."""

    __slots__ = ()

    def accept(self, packet: Packet, now: float) -> bool:
        """Let a lipid packet leave the cell, if the lumen has room and there is membrane to wrap it."""
        lumen = self._lumen
        cargo: Cargo = packet.cargo
        volume_ml = lumen.volume_ml + cargo.volume_ml
        if volume_ml > lumen.limit_ml or not self._membrane.spend(cargo.membrane_m2, now):
            return False
        lumen.volume_ml = volume_ml
        if cargo is not self._cargo:
            self._change_cargo(cargo)
        self._count += 1
        return True
