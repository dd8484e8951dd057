"""
The lumen of a lobe's alveoli and the apical membrane around it.

Vesicles fuse with the membrane and leave their area in it; droplets leave wrapped in some of it; what is above
the resting area is retrieved by endocytosis. The lumen holds milk up to a hard limit; a packet that does not
fit stays in the cell. Both lines thus meet here, and only here.

Packets with the same cargo are booked by their count, and amounts are made from the counts when somebody
looks: a packet costs the same however many analytes there are.
"""

from __future__ import annotations

from math import exp, inf
from operator import add, sub
from typing import NamedTuple

from lactflow.gland.analytes import ANALYTES, FAT, INHIBITOR, NO_CARGO, WATER, Cargo, Milk
from lactflow.kinetics import globule_speed
from lactflow.parameters.secretion import Membrane
from lactflow.pipeline import Packet, Station


class ApicalMembrane:
    """
    Area of apical membrane of one lobe.

    Attributes
    ----------
    area_m2, resting_m2
        Present and resting area.
    wanted_m2
        Area at which the droplet that waits for membrane can leave; infinity when none waits.
    supplied_m2, spent_m2, retrieved_m2
        Ledger: brought by fusion, taken by globules, retrieved by endocytosis.
    """

    __slots__ = (
        "_least_m2",
        "_since_min",
        "_time_constant_min",
        "area_m2",
        "resting_m2",
        "retrieved_m2",
        "spent_m2",
        "supplied_m2",
        "wanted_m2",
    )

    def __init__(self, parameters: Membrane, share: float, time_min: float) -> None:
        self.resting_m2 = self.area_m2 = parameters.apical_area_m2 * share
        self._least_m2 = parameters.smallest_fraction * self.resting_m2
        self._time_constant_min = parameters.endocytosis_min
        self._since_min = time_min
        self.wanted_m2 = inf
        self.supplied_m2 = self.spent_m2 = self.retrieved_m2 = 0.0

    def bring_up(self, now: float) -> None:
        """Retrieve what endocytosis has taken until `now`."""
        excess_m2 = self.area_m2 - self.resting_m2
        if excess_m2 > 0.0:
            kept_m2 = excess_m2 * exp((self._since_min - now) / self._time_constant_min)
            self.area_m2 = self.resting_m2 + kept_m2
            self.retrieved_m2 += excess_m2 - kept_m2
        self._since_min = now

    def supply(self, area_m2: float, now: float) -> None:
        """A vesicle fuses."""
        excess_m2 = self.area_m2 - self.resting_m2
        if excess_m2 > 0.0:  # `bring_up`, spelled out: this is done for every vesicle packet
            kept_m2 = excess_m2 * exp((self._since_min - now) / self._time_constant_min)
            self.retrieved_m2 += excess_m2 - kept_m2
            self.area_m2 = self.resting_m2 + kept_m2 + area_m2
        else:
            self.area_m2 += area_m2
        self._since_min = now
        self.supplied_m2 += area_m2

    def spend(self, area_m2: float, now: float) -> bool:
        """A droplet wants to leave with so much area; False when too little would be left."""
        self.bring_up(now)
        if self.area_m2 - area_m2 < self._least_m2:
            self.wanted_m2 = self._least_m2 + area_m2
            return False
        self.wanted_m2 = inf
        self.area_m2 -= area_m2
        self.spent_m2 += area_m2
        return True

    @property
    def fraction(self) -> float:
        """Area over resting area."""
        return self.area_m2 / self.resting_m2


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
    capacity_ml, limit_ml
        Storage capacity, and the volume beyond which nothing enters.
    membrane
        The apical membrane around it.
    vesicles, droplets
        Where the two lines end.
    """

    def __init__(self, capacity_ml: float, limit_ml: float, membrane: ApicalMembrane) -> None:
        self.capacity_ml = capacity_ml
        self.limit_ml = limit_ml
        self.membrane = membrane
        self.volume_ml = 0.0
        self.vesicles = FusionSite(self)
        self.droplets = BuddingSite(self)
        self._amounts = [0.0] * len(ANALYTES)

    @property
    def fullness(self) -> float:
        """Volume over capacity."""
        return self.volume_ml / self.capacity_ml

    def secreted_ml(self) -> float:
        """Volume of all packets that came in so far."""
        self.amounts()
        return self.vesicles.entered_ml + self.droplets.entered_ml

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
