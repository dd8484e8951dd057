"""
The lumen of a lobe's alveoli.

It holds milk up to a hard limit; a packet that does not fit stays in the cell. Both lines meet here and in the apical
membrane, and nowhere else. Where tight junctions are open, milk is exchanged with plasma at constant volume, both
being iso-osmotic, and its skim phase is resorbed.

Packets with the same cargo are booked by their count, and amounts are made from the counts when somebody
looks: a packet costs the same however many analytes there are. What a run adds is kept in objects of its own
(`gland.added`), which what exchanges it and what carries it through write to; lists hold what every run has.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from lactflow.gland.added import Added, Poured
from lactflow.gland.analytes import ALWAYS_THERE, FAT, INHIBITOR, WATER, Cargo, Milk
from lactflow.gland.contents import Contents, Plasma
from lactflow.gland.membrane import ApicalMembrane
from lactflow.kinetics import globule_speed
from lactflow.parameters.gland import Gland
from lactflow.pipeline import Packet, Part, Station

_LEAST_ML: Final = 1e-3
"""Room that is left in a lobe whose cells are lost."""


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
    added
        What the run adds, in the order of its indices, which follow those that every run has.

    Parameters
    ----------
    gland
        Declared quantities.
    capacity_ml
        Storage capacity at the start.
    membrane
        The apical membrane around it.
    contents
        What milk carries in this run; the analytes that every run has when left out.
    """

    def __init__(
        self, gland: Gland, capacity_ml: float, membrane: ApicalMembrane, contents: Contents | None = None
    ) -> None:
        contents = Contents(gland) if contents is None else contents
        self._parameters = gland.lumen
        self._resorption = list(contents.resorption)
        self._fat_density = gland.composition.fat_density_g_per_ml
        self.membrane = membrane
        self.volume_ml = 0.0
        self.resize(capacity_ml)
        partitions = dict(contents.partitions)
        self.added = [Added(partitions.get(index, 0.0), contents.resorption[index]) for index in contents.extras]
        self._packets_bring_added = bool(contents.vesicle_loads or contents.droplet_loads)
        self.vesicles = FusionSite(self, contents)
        self.droplets = BuddingSite(self, contents)
        self._amounts = [0.0] * ALWAYS_THERE
        self._entered = [0.0] * ALWAYS_THERE
        self._left = [0.0] * ALWAYS_THERE

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
        return [*self.settle(), *[each.amount for each in self.added]]

    @property
    def made(self) -> list[float]:
        """What cells made of each analyte that no packet carries."""
        return [0.0] * ALWAYS_THERE + [each.made for each in self.added]

    @property
    def entered(self) -> list[float]:
        """What came of each analyte from plasma, past the packets."""
        return self._entered + [each.entered for each in self.added]

    @property
    def left(self) -> list[float]:
        """What went of each analyte back to plasma."""
        return self._left + [each.left for each in self.added]

    def settle(self) -> list[float]:
        """Make amounts of the packets that were counted; returns those of the analytes that every run has."""
        self.vesicles.settle(self._amounts)
        self.droplets.settle(self._amounts)
        return self._amounts

    def inhibitor_per_surface(self) -> float:
        """Inhibitor per apical surface; the surface is taken as proportional to capacity."""
        return self.vesicles.and_pending(INHIBITOR, self._amounts[INHIBITOR]) / self.capacity_ml

    def amount_of(self, analyte: int) -> float:
        """Amount of one analyte now, without settling the others."""
        if analyte < ALWAYS_THERE:
            amount = self._amounts[analyte]
        else:
            amount = self.added[analyte - ALWAYS_THERE].amount
            if not self._packets_bring_added:
                return amount
        return self.droplets.and_pending(analyte, self.vesicles.and_pending(analyte, amount))

    def fat_ml(self) -> float:
        """Volume of the globules now, without settling what is there."""
        return (self._amounts[FAT] + self.droplets.pending_fat_g()) / self._fat_density

    def fill(self, milk: Milk) -> None:
        """Pour milk in: the initial state, and what flows back from the ducts."""
        self.volume_ml += milk.volume_ml
        amounts, come = self.settle(), milk.amounts
        for analyte in range(ALWAYS_THERE):
            amounts[analyte] = amounts[analyte] + come[analyte]
        place = ALWAYS_THERE
        for each in self.added:
            each.amount += come[place]
            place += 1

    def receive(self, analyte: int, entered: float) -> None:
        """Book what cells carried through of what every run has; too little to count as volume."""
        # In two steps each: compiled, `+=` on a place of a list makes numbers of objects.
        amounts, came = self._amounts, self._entered
        amounts[analyte] = amounts[analyte] + entered
        came[analyte] = came[analyte] + entered

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
        amounts, entered, left, resorption = self.settle(), self._entered, self._left, self._resorption
        water_ml, fat_g = amounts[WATER], amounts[FAT]
        flow_ml = exchanged * water_ml
        for analyte, per_ml in plasma.crossing:
            came = flow_ml * per_ml
            if analyte >= ALWAYS_THERE:
                self.added[analyte - ALWAYS_THERE].leak(came, exchanged, resorbed)
                continue
            amount = amounts[analyte]
            went = exchanged * amount
            went += resorption[analyte] * resorbed * (amount + came - went)
            amounts[analyte] = amount + came - went
            entered[analyte] = entered[analyte] + came
            left[analyte] = left[analyte] + went
        for analyte, per_ml in plasma.entering:
            came = flow_ml * per_ml
            if analyte >= ALWAYS_THERE:
                self.added[analyte - ALWAYS_THERE].enter(came, resorbed)
                continue
            amount = amounts[analyte]
            went = resorption[analyte] * resorbed * amount
            amounts[analyte] = amount + (came - went)
            entered[analyte] = entered[analyte] + came
            left[analyte] = left[analyte] + went
        resorbed_g = resorption[FAT] * resorbed * fat_g
        if plasma.partitioned:
            self._leak_partitioned(plasma, exchanged, resorbed, resorbed_g)
        amounts[FAT] = fat_g - resorbed_g
        left[FAT] = left[FAT] + resorbed_g
        went = resorbed * water_ml
        amounts[WATER] = water_ml - went
        left[WATER] = left[WATER] + went
        self.volume_ml -= went + resorbed_g / self._fat_density

    def _leak_partitioned(self, plasma: Plasma, exchanged: float, resorbed: float, resorbed_g: float) -> None:
        """The same for what is dissolved in skim and fat: plasma meets the skim, and both phases are resorbed."""
        water_ml, fat_ml = self._amounts[WATER], self._amounts[FAT] / self._fat_density
        for analyte, per_ml, both_ways in plasma.partitioned:
            added = self.added[analyte - ALWAYS_THERE]
            partition = added.partition
            whole_ml = water_ml + partition * fat_ml
            if whole_ml <= 0.0:
                continue
            amount = added.amount
            came = exchanged * water_ml * per_ml
            went = exchanged * water_ml / whole_ml * amount if both_ways else 0.0
            share = (resorbed * water_ml + partition * resorbed_g / self._fat_density) / whole_ml
            went += added.resorption * share * (amount + came - went)
            added.pass_over(0.0, came, went)

    def eject(self, volume_ml: float, globules: Globules, ducts: Milk, poured: Poured) -> None:
        """
        Press milk out into the ducts; its globules lag behind the skim phase.

        Parameters
        ----------
        volume_ml
            A part of what is there; globules go at their speed in the middle of it.
        globules
            How much they lag.
        ducts
            Where the milk goes, but for what the run adds.
        poured
            Where that goes.
        """
        amounts, there = self.settle(), ducts.amounts
        speed = globule_speed((self.volume_ml - 0.5 * volume_ml) / self.capacity_ml, globules.lag, globules.steepness)
        water_ml, all_fat_g = amounts[WATER], amounts[FAT]
        fat_g = all_fat_g * min(1.0, volume_ml / self.volume_ml) * speed
        fat_ml = fat_g / globules.density_g_per_ml
        skim_share = min(1.0, (volume_ml - fat_ml) / water_ml) if water_ml > 0.0 else 0.0
        pressed_ml = water_ml * skim_share + fat_ml
        self.volume_ml -= pressed_ml
        ducts.volume_ml += pressed_ml
        for analyte in range(FAT):  # by index, in place: compiled, this is a third of what lists of parts cost
            held = amounts[analyte]
            part = held * skim_share
            amounts[analyte] = held - part
            there[analyte] = there[analyte] + part
        amounts[FAT] = all_fat_g - fat_g
        there[FAT] = there[FAT] + fat_g
        all_fat_ml = all_fat_g / globules.density_g_per_ml
        vessels = poured.added
        for place, added in enumerate(self.added):
            share = skim_share
            if added.partition > 0.0:
                share = min(1.0, added.share_of(water_ml, all_fat_ml, water_ml * skim_share, fat_ml))
            part = added.amount * share
            added.amount -= part
            vessels[place].amount += part


class _Site(Part):
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

    def __init__(self, lumen: Lumen, contents: Contents) -> None:
        super().__init__()
        self._lumen = lumen
        self._membrane = lumen.membrane
        self._cargo = contents.no_cargo
        self._count = 0.0
        self.entered = contents.zeros()
        self.entered_ml = 0.0

    def _change_cargo(self, cargo: Cargo) -> None:
        self._lumen.settle()
        self._cargo = cargo

    def and_pending(self, analyte: int, amount: float) -> float:
        """An amount with what came in since the last `settle`."""
        return amount + self._count * self._cargo.amounts[analyte]

    def pending_fat_g(self) -> float:
        """Fat that came in since the last `settle`."""
        return self._count * self._cargo.fat_g

    def total_ml(self) -> float:
        """Volume of all packets that came in so far."""
        return self.entered_ml + self._count * self._cargo.volume_ml

    def settle(self, amounts: list[float]) -> None:
        """Add what the packets counted since brought: to these amounts, and to what the run adds."""
        count = self._count
        if count > 0.0:
            self._count = 0.0
            self.entered_ml += self._cargo.volume_ml * count
            entered = self.entered
            for analyte, amount in self._cargo.held:
                brought = amount * count
                amounts[analyte] = amounts[analyte] + brought
                entered[analyte] = entered[analyte] + brought
            for analyte, amount in self._cargo.held_added:
                brought = amount * count
                self._lumen.added[analyte - ALWAYS_THERE].amount += brought
                entered[analyte] = entered[analyte] + brought


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
        self._count += 1.0
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
        self._count += 1.0
        return True
