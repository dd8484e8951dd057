"""
The ledger of a lobe: what its packets took up, what they carry, what came past them and what went back.

Packets loaded alike share one cargo and are counted; amounts are made from the counts when they are asked for.
"""

from __future__ import annotations

from typing import NamedTuple

from lactflow.gland.analytes import Cargo
from lactflow.gland.contents import Contents
from lactflow.gland.lines import Line
from lactflow.gland.lumen import Lumen
from lactflow.kinetics import plain_sum


class TakenUp(NamedTuple):
    """Amount of each analyte that packets took up since the start: made by the cells, and gained from plasma."""

    made: list[float]
    gained: list[float]


class Ledger:
    """
    The ledger of one lobe, from the moment it is opened.

    Parameters
    ----------
    contents
        Of the run.
    aqueous, lipid
        Its lines, filled as they are at the start.
    lumen
        Where they end.
    vesicle, droplet
        Cargo that vesicles are loaded with now, and that of every lipid packet.

    Attributes
    ----------
    initial
        Amount of each analyte in lumen and packets at the start.
    """

    def __init__(
        self,
        contents: Contents,
        aqueous: Line,
        lipid: Line,
        lumen: Lumen,
        *,
        vesicle: Cargo,
        droplet: Cargo,
    ) -> None:
        self._contents = contents
        self._aqueous, self._lipid, self._lumen = aqueous, lipid, lumen
        self._vesicle, self._droplet = vesicle, droplet
        self._loaded = contents.zeros()
        self._loaded_until = aqueous.loaded()
        self._initial_packets = (aqueous.source.made, lipid.source.made)
        self.initial = self.stored_and_in_transit()

    def load_with(self, vesicle: Cargo) -> None:
        """Vesicles are loaded with this cargo from now on; what was loaded until now is booked as it was then."""
        self._book_loading()
        self._vesicle = vesicle

    def _book_loading(self) -> None:
        """Count what has been loaded with the present cargo."""
        arrived = self._aqueous.loaded()
        packets = arrived - self._loaded_until
        self._loaded_until = arrived
        if packets:
            loaded = self._loaded
            for index, amount in (*self._vesicle.held, *self._vesicle.held_added):
                loaded[index] = loaded[index] + amount * packets

    def in_transit(self) -> list[float]:
        """Amount of each analyte in packets at stations."""
        aqueous, lipid = self._aqueous, self._lipid
        loaded = [packet.cargo for packet in aqueous.loaded_packets()]
        droplets = [packet.cargo for packet in lipid.loaded_packets()]
        unloaded = aqueous.unloaded()
        amounts = self._contents.zeros()
        for index in range(len(amounts)):
            for route in self._contents.packet_routes(index):
                if route.stage == "droplet_growth":
                    amounts[index] += plain_sum([cargo.amounts[index] for cargo in droplets])
                elif route.stage != "vesicle_fusion":  # what is taken up as a vesicle fuses is never under way
                    amounts[index] += plain_sum([cargo.amounts[index] for cargo in loaded])
                if route.stage == "rer":
                    amounts[index] += self._vesicle.amounts[index] * unloaded
        return amounts

    def stored_and_in_transit(self) -> list[float]:
        """Amount of each analyte in the lumen and in packets."""
        return [stored + moving for stored, moving in zip(self._lumen.amounts(), self.in_transit(), strict=True)]

    def taken_up(self) -> TakenUp:
        """What packets took up since the start."""
        lumen = self._lumen
        lumen.amounts()
        self._book_loading()
        vesicles, droplets = self._initial_packets
        translated, synthesised = self._aqueous.source.made - vesicles, self._lipid.source.made - droplets
        taken_up = TakenUp(self._contents.zeros(), self._contents.zeros())
        for index in range(len(taken_up.made)):
            for route in self._contents.packet_routes(index):
                amount = {
                    "rer": translated * self._vesicle.amounts[index],
                    "golgi": self._loaded[index],
                    "vesicle_fusion": lumen.vesicles.entered[index],
                    "droplet_growth": synthesised * self._droplet.amounts[index],
                }[route.stage]
                (taken_up.made if route.synthesised else taken_up.gained)[index] += amount
        return taken_up
