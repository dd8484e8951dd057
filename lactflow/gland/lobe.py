"""
A lobe: its secretory cells as two lines of stations, its lumen, its local control.

    translation -> RER -> Golgi -> vesicle pool, docking and fusion -> lumen
    fat synthesis -> droplet growth -> budding ---------------------> lumen

From lumen to cell there are two ways: the inhibitor slows fusion and budding, and a full lumen blocks them.
Golgi and RER slow because the next station is full; no formula takes fullness to synthesis.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, repeat
from typing import NamedTuple

import simpy

from lactflow.gland.analytes import ANALYTES, FAT, WATER, Milk
from lactflow.gland.loading import droplet_cargo, vesicle_cargo
from lactflow.gland.lumen import ApicalMembrane, Lumen
from lactflow.gland.mechanism import ModifiedRate, Modifier
from lactflow.gland.resolution import rooms
from lactflow.gland.stress import UnfoldedProteinResponse
from lactflow.kinetics import inhibition
from lactflow.parameters.gland import Gland
from lactflow.pipeline import Source, Station, connect
from lactflow.pipeline.steady import fill_steadily
from lactflow.records import STATIONS, STATIONS_OF_LINE, LobeSample, StationKey


class Place(NamedTuple):
    """Which lobe this is: its breast, its number there, its share of the breast."""

    breast: str
    lobe: int
    share: float


class Lobe:
    """
    One lobe of a breast.

    Parameters
    ----------
    env
        The simulation.
    gland
        Declared quantities, per breast.
    place
        Which lobe this is.
    packet_ml
        Aqueous packet [mL-eq].
    noise
        Modifier of translation that its breast keeps up to date.
    knock_outs
        Mechanisms that are removed.
    visits
        Where stations write their visits; None for nowhere.
    first_number
        Number of its first station in the pipeline.
    """

    def __init__(
        self,
        env: simpy.Environment,
        gland: Gland,
        place: Place,
        packet_ml: float,
        *,
        noise: Modifier,
        knock_outs: Collection[str],
        visits: bytearray | None,
        first_number: int,
    ) -> None:
        self.env = env
        self.place = place
        self.active_cells = gland.established.active_cells
        self._gland = gland
        self._checked_min = env.now
        self._half_effect, self._steepness = gland.inhibitor.half_effect, gland.inhibitor.steepness
        share = place.share
        capacity_ml = gland.lumen.capacity_ml * share
        self.membrane = ApicalMembrane(gland.membrane, share, env.now)
        self.lumen = Lumen(capacity_ml, gland.lumen.largest_fullness * capacity_ml, self.membrane)
        self.stress = UnfoldedProteinResponse(gland.unfolded_protein_response)

        # Rates: each composed once, from named mechanisms.
        self._inhibitor = Modifier("feedback_inhibitor")
        self._attenuation = Modifier("unfolded_protein_response")
        self._translation = ModifiedRate(self._attenuation, noise, knock_outs=knock_outs)
        self._fusion_rate = ModifiedRate(self._inhibitor, Modifier("vesicle_fusion", absent=0.0), knock_outs=knock_outs)
        self._budding_rate = ModifiedRate(
            self._inhibitor, Modifier("droplet_budding", absent=0.0), knock_outs=knock_outs
        )
        loading = ModifiedRate(Modifier("lactose_synthase", absent=0.0), knock_outs=knock_outs)

        vesicle = vesicle_cargo(gland.composition, gland.membrane, packet_ml, loading.fraction())
        lipid_ml = packet_ml * gland.lipid_line.packet_multiple
        self._droplet = droplet_cargo(gland.composition, gland.membrane, lipid_ml)
        self._vesicle = vesicle
        translation_ml_per_min = gland.protein_line.translation_ml_per_h / 60.0 * share * self.active_cells
        self._vesicle_flow = translation_ml_per_min / packet_ml
        self._droplet_flow = translation_ml_per_min / lipid_ml

        self._build(visits, first_number, packet_ml)
        self._fill()

    # -- building ---------------------------------------------------------------------------------------

    def _build(self, visits: bytearray | None, first_number: int, packet_ml: float) -> None:
        """Make the stations of both lines, with room in whole packets and rates corrected for the rounding."""
        protein, lipid = self._gland.protein_line, self._gland.lipid_line
        room = rooms(self._gland, self.place.share, self.active_cells, packet_ml)
        number = iter(range(first_number, first_number + len(STATIONS)))

        def station(name: str, packets: float, work_min: float, waiting: int = 0) -> Station:
            places = max(1, round(packets))
            label = f"{self.place.breast} lobe {self.place.lobe} {name}"
            return Station(
                self.env, next(number), work_min, places=places, room=waiting, rate=packets / places,
                visits=visits, name=label,
            )  # fmt: skip

        self.rer = station("rer", room.rer, protein.folding_min)
        self.golgi = station("golgi", room.golgi, protein.lactose_loading_min)
        self.golgi.cargo = self._vesicle  # lactose is loaded as a packet enters, and sets its volume
        pool = max(1, round(room.vesicle_pool))
        self.fusion = station("vesicle_fusion", room.docking, protein.fusion_min, waiting=pool)
        self.growth = station("droplet_growth", room.growth, lipid.growth_min)
        self.budding = station("droplet_budding", room.budding, lipid.budding_min)
        self._fusion_correction = self.fusion.rate
        self._budding_correction = self.budding.rate
        self.stations = (self.rer, self.golgi, self.fusion, self.growth, self.budding)

    def _fill(self) -> None:
        """Start from a gland that has been secreting, and connect the lines."""
        state, composition, now = self._gland.established, self._gland.composition, self.env.now
        volume_ml = state.fullness * self.lumen.capacity_ml
        fat_g = composition.fat_g_per_l * volume_ml / 1000.0
        skim_ml = volume_ml - fat_g / composition.fat_density_g_per_ml
        amounts = [amount * skim_ml / self._vesicle.amounts[WATER] for amount in self._vesicle.amounts]
        amounts[FAT] = fat_g
        self.lumen.fill(Milk(volume_ml, amounts))
        self.feel_fullness()

        # Lobes are out of step with each other: golden-ratio phases, so that no two fire together.
        phase = (self.stations[0].number // len(STATIONS) * 0.6180339887498949) % 1.0
        protein, lipid = self._gland.protein_line, self._gland.lipid_line
        vesicles = fill_steadily(
            (self.rer, self.golgi, self.fusion),
            (protein.folding_min, protein.lactose_loading_min, protein.fusion_min),
            self._vesicle_flow, phase, now,
        )  # fmt: skip
        droplets = fill_steadily(
            (self.growth, self.budding), (lipid.growth_min, lipid.budding_min), self._droplet_flow, phase, now
        )
        for packet in chain(self.golgi.packets(), self.fusion.packets()):
            packet.cargo = self._vesicle
        for packet in chain(self.growth.packets(), self.budding.packets()):
            packet.cargo = self._droplet
        first = chain((1.0 - phase,), repeat(1.0))
        self.translation = Source(first, rate=self._vesicle_flow, now=now, first_number=vesicles)
        first = chain((1.0 - phase,), repeat(1.0))
        self.fat_synthesis = Source(first, rate=self._droplet_flow, now=now, first_number=droplets, cargo=self._droplet)
        self.initial = self.stored_and_in_transit()
        self._initially_left_rer = self._left_rer()
        self._initial_packets = (self.translation.made, self.fat_synthesis.made)
        connect(self.translation, self.rer, self.golgi, self.fusion, sink=self.lumen.vesicles)
        connect(self.fat_synthesis, self.growth, self.budding, sink=self.lumen.droplets)
        self.lumen.vesicles.budding = self.budding
        self.rer.retime_source(self._vesicle_flow * self._translation.fraction())
        self.growth.retime_source(self._droplet_flow * self._translation.fraction())

    def station_keys(self) -> list[StationKey]:
        """Names of its stations, in the order of their numbers."""
        return [
            StationKey(self.place.breast, self.place.lobe, line, name)
            for line, names in STATIONS_OF_LINE.items()
            for name in names
        ]

    # -- local control ----------------------------------------------------------------------------------

    def feel_fullness(self) -> None:
        """The inhibitor in the lumen acts: fusion and budding, the last stations, change their rates."""
        self._inhibitor.value = inhibition(self.lumen.inhibitor_per_surface(), self._half_effect, self._steepness)
        self.fusion.retime(self._fusion_correction * self._fusion_rate.fraction())
        self.budding.retime(self._budding_correction * self._budding_rate.fraction())

    def bring_up(self, now: float) -> None:
        """Bring signals up to the clock, and set the rates that follow from them."""
        self.rer.bring_up()
        self._attenuation.value = self.stress.advance(now - self._checked_min, self.rer.occupied)
        self._checked_min = now
        self.feel_fullness()
        # Both lines draw on the same cell: one factor for translation and fat synthesis.
        fraction = self._translation.fraction()
        self.rer.retime_source(self._vesicle_flow * fraction)
        self.growth.retime_source(self._droplet_flow * fraction)

    def contract(self) -> None:
        """A contraction of its myoepithelium brings budding droplets forward."""
        self.budding.advance(self._gland.lipid_line.contraction_advance_min * self.budding.rate)

    def unblock(self, now: float) -> None:
        """Milk has left the lumen: packets that waited for room go on."""
        self.fusion.unblock(now)
        self.budding.unblock(now)

    # -- reporting --------------------------------------------------------------------------------------

    def sample(self) -> LobeSample:
        """State now."""
        for station in (self.rer, self.growth):
            station.bring_up()
        self.membrane.bring_up(self.env.now)
        return LobeSample(
            time_min=self.env.now,
            breast=self.place.breast,
            lobe=self.place.lobe,
            volume_ml=self.lumen.volume_ml,
            fullness=self.lumen.fullness,
            inhibitor=self.lumen.inhibitor_per_surface(),
            fusion_rate_fraction=self.fusion.rate / self._fusion_correction,
            rer_queue=self.rer.length,
            golgi_queue=self.golgi.length,
            fusion_queue=self.fusion.length,
            growth_queue=self.growth.length,
            budding_queue=self.budding.length,
            apical_membrane_fraction=self.membrane.fraction,
            unfolded_protein=self.stress.unfolded_protein,
            upr_adaptive=self.stress.adaptive,
            upr_terminal=self.stress.terminal,
            stat5=None,
            lif=None,
            stat3=None,
            mrna=None,
            active_cells=self.active_cells,
            quiescent_cells=1.0 - self.active_cells,
            lost_cells=0.0,
            junction_leak=None,
        )

    # -- books ------------------------------------------------------------------------------------------

    def in_transit(self) -> list[float]:
        """Amount of each analyte in packets at stations."""
        amounts = [0.0] * len(ANALYTES)
        rer = self._vesicle.amounts
        for index, analyte in enumerate(ANALYTES):
            if analyte.enters_at == "rer":
                amounts[index] += rer[index] * self.rer.length
            if analyte.enters_at in ("rer", "golgi"):
                for packet in chain(self.golgi.packets(), self.fusion.packets()):
                    amounts[index] += packet.cargo.amounts[index]
            if analyte.enters_at == "droplet_growth":
                for packet in chain(self.growth.packets(), self.budding.packets()):
                    amounts[index] += packet.cargo.amounts[index]
        return amounts

    def _left_rer(self) -> int:
        """Packets that have gone on from the RER to the Golgi so far."""
        return self.translation.made - self.rer.length

    def stored_and_in_transit(self) -> list[float]:
        """Amount of each analyte in the lumen and in packets."""
        return [stored + moving for stored, moving in zip(self.lumen.amounts(), self.in_transit(), strict=True)]

    def taken_up(self) -> list[float]:
        """Amount of each analyte that the cells made or took up since the start, from counts of packets."""
        self.lumen.amounts()
        vesicles, droplets = self._initial_packets
        counts = {
            "rer": self.translation.made - vesicles,
            "golgi": self._left_rer() - self._initially_left_rer,
            "droplet_growth": self.fat_synthesis.made - droplets,
        }
        return [
            self.lumen.vesicles.entered[index]
            if analyte.enters_at == "vesicle_fusion"
            else counts[analyte.enters_at] * (self._droplet if index == FAT else self._vesicle).amounts[index]
            for index, analyte in enumerate(ANALYTES)
        ]
