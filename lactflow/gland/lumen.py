"""
The lumen of a lobe's alveoli.

It holds milk up to a hard limit; a packet that does not fit stays in the cell. Both lines meet here and in the apical
membrane, and nowhere else. Where tight junctions are open, milk is exchanged with plasma at constant volume, both
being iso-osmotic, and its skim phase is resorbed.

Packets with the same cargo are booked by their count, and amounts are made from the counts when somebody
looks: a packet costs the same however many analytes there are.
"""

from __future__ import annotations

from operator import add
from typing import Final, NamedTuple

from lactflow.gland.analytes import FAT, INHIBITOR, WATER, Cargo, Milk
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
    made, entered, left
        Ledger of what no packet carries: amount of each analyte that cells made, that came from plasma, and that went
        back there.

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
        self._resorption = contents.resorption
        self._partitions = contents.partitions
        self._fat_density = gland.composition.fat_density_g_per_ml
        self.membrane = membrane
        self.volume_ml = 0.0
        self.resize(capacity_ml)
        self.vesicles = FusionSite(self, contents)
        self.droplets = BuddingSite(self, contents)
        self._amounts = contents.zeros()
        self.made = contents.zeros()
        self.entered = contents.zeros()
        self.left = contents.zeros()

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

    def totals_ml(self) -> tuple[float, float]:
        """Volume of all vesicles, and of all droplets, that came in so far."""
        return self.vesicles.total_ml(), self.droplets.total_ml()

    def amounts(self) -> list[float]:
        """Amount of each analyte now."""
        self.vesicles.settle(self._amounts)
        self.droplets.settle(self._amounts)
        return self._amounts

    def inhibitor_per_surface(self) -> float:
        """Inhibitor per apical surface; the surface is taken as proportional to capacity."""
        return self.vesicles.and_pending(INHIBITOR, self._amounts[INHIBITOR]) / self.capacity_ml

    def amount_of(self, analyte: int) -> float:
        """Amount of one analyte now, without settling the others."""
        return self.droplets.and_pending(analyte, self.vesicles.and_pending(analyte, self._amounts[analyte]))

    def fat_ml(self) -> float:
        """Volume of the globules now, without settling what is there."""
        return self.droplets.and_pending(FAT, self._amounts[FAT]) / self._fat_density

    def fill(self, milk: Milk) -> None:
        """Pour milk in: the initial state, and what flows back from the ducts."""
        self.volume_ml += milk.volume_ml
        self._amounts = list(map(add, self.amounts(), milk.amounts))

    def pass_over(self, analyte: int, *, made: float, entered: float, left: float) -> None:
        """Book what came to the lumen and left it past the packets; too little to count as volume."""
        amounts = self._amounts
        amounts[analyte] = amounts[analyte] + (made + entered - left)
        self.made[analyte] += made
        self.entered[analyte] += entered
        self.left[analyte] += left

    def receive(self, analyte: int, entered: float) -> None:
        """Book what cells carried through from plasma: `pass_over` for the many times that nothing else happens."""
        # In two steps each: compiled, `+=` on a place of a list makes numbers of objects.
        amounts, came = self._amounts, self.entered
        amounts[analyte] = amounts[analyte] + entered
        came[analyte] = came[analyte] + entered

    def turn_over(self, analyte: int, gone: float, arrived: float, came: float) -> None:
        """
        Book an exchange with plasma of an analyte that no packet brings.

        Parameters
        ----------
        analyte
            Its index.
        gone
            Share of what was there that has gone back.
        arrived, came
            Amount that is there of what came since, and all that came.
        """
        amounts, entered, left = self._amounts, self.entered, self.left
        before = amounts[analyte]
        went = came - arrived + gone * before
        went = max(went, 0.0)
        amounts[analyte] = before + came - went
        entered[analyte] = entered[analyte] + came
        left[analyte] = left[analyte] + went

    def synthesise_over(self, analyte: int, gone: float, arrived: float, came: float, made: float) -> None:
        """
        Book an exchange with plasma of an analyte that cells make and no packet brings.

        Parameters
        ----------
        analyte
            Its index.
        gone
            Share of what was there that has gone back.
        arrived, came, made
            Amount that is there of what came since, all that came, and what cells made of that.
        """
        amounts, all_made, all_entered, left = self._amounts, self.made, self.entered, self.left
        before, gained = amounts[analyte], came - made
        went = came + gone * before - arrived
        went = max(went, 0.0)
        amounts[analyte] = before + (made + gained - went)
        all_made[analyte] = all_made[analyte] + made
        all_entered[analyte] = all_entered[analyte] + gained
        left[analyte] = left[analyte] + went

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
        amounts, entered, left, resorption = self.amounts(), self.entered, self.left, self._resorption
        water_ml, fat_g = amounts[WATER], amounts[FAT]
        flow_ml = exchanged * water_ml
        for analyte, per_ml in plasma.crossing:
            amount = amounts[analyte]
            came = flow_ml * per_ml
            went = exchanged * amount
            went += resorption[analyte] * resorbed * (amount + came - went)
            amounts[analyte] = amount + came - went
            entered[analyte] += came
            left[analyte] += went
        for analyte, per_ml in plasma.entering:
            came = flow_ml * per_ml
            went = resorption[analyte] * resorbed * amounts[analyte]
            amounts[analyte] += came - went
            entered[analyte] += came
            left[analyte] += went
        resorbed_g = resorption[FAT] * resorbed * fat_g
        if plasma.partitioned:
            self._leak_partitioned(plasma, exchanged, resorbed, resorbed_g)
        amounts[FAT] = fat_g - resorbed_g
        left[FAT] += resorbed_g
        went = resorbed * water_ml
        amounts[WATER] = water_ml - went
        left[WATER] += went
        self.volume_ml -= went + resorbed_g / self._fat_density

    def _leak_partitioned(self, plasma: Plasma, exchanged: float, resorbed: float, resorbed_g: float) -> None:
        """The same for what is dissolved in skim and fat: plasma meets the skim, and both phases are resorbed."""
        amounts, fat_density = self._amounts, self._fat_density
        water_ml, fat_ml = amounts[WATER], amounts[FAT] / fat_density
        for (analyte, per_ml, both_ways), (_, partition) in zip(plasma.partitioned, self._partitions, strict=True):
            whole_ml = water_ml + partition * fat_ml
            if whole_ml <= 0.0:
                continue
            amount = amounts[analyte]
            came = exchanged * water_ml * per_ml
            went = exchanged * water_ml / whole_ml * amount if both_ways else 0.0
            share = (resorbed * water_ml + partition * resorbed_g / fat_density) / whole_ml
            went += self._resorption[analyte] * share * (amount + came - went)
            self.pass_over(analyte, made=0.0, entered=came, left=went)

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
        if self._partitions:
            water_ml, all_fat_ml = amounts[WATER], amounts[FAT] / globules.density_g_per_ml
            for analyte, partition in self._partitions:
                whole_ml = water_ml + partition * all_fat_ml
                share = (water_ml * skim_share + partition * fat_ml) / whole_ml if whole_ml > 0.0 else 0.0
                parts[analyte] = amounts[analyte] * min(1.0, share)
        pressed_ml = parts[WATER] + fat_ml
        self.volume_ml -= pressed_ml
        ducts.volume_ml += pressed_ml
        there = ducts.amounts  # by index, in place: compiled, this is a third of what three lists cost
        for analyte in range(len(parts)):
            part = parts[analyte]
            amounts[analyte] = amounts[analyte] - part
            there[analyte] = there[analyte] + part


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
        self._count = 0
        self.entered = contents.zeros()
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
            entered = self.entered
            for analyte, amount in self._cargo.held:
                brought = amount * count
                amounts[analyte] += brought
                entered[analyte] += brought


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
