"""
A lobe: its secretory cells as two lines of stations, its lumen, its local control.

    translation -> RER -> Golgi -> vesicle pool, docking and fusion -> lumen
    fat synthesis -> droplet growth -> budding ---------------------> lumen

From lumen to cell there are two ways: the inhibitor slows fusion and budding, and a full lumen blocks them.
Golgi and RER slow because the next station is full; no formula takes fullness to synthesis.
"""

from __future__ import annotations

from math import exp, nan
from typing import Final, NamedTuple

import simpy

from lactflow.gland.analytes import Milk
from lactflow.gland.brake import Brake
from lactflow.gland.cell.cells import Cells
from lactflow.gland.cell.receptors import Message
from lactflow.gland.contents import Contents
from lactflow.gland.exchange import Exchange, FluxOfLobe
from lactflow.gland.ledger import Ledger
from lactflow.gland.levels import Instant
from lactflow.gland.lines import Line, Lines
from lactflow.gland.loading import VesicleLoading, droplet_cargo
from lactflow.gland.lumen import Lumen
from lactflow.gland.mechanism import Mechanisms
from lactflow.gland.membrane import ApicalMembrane
from lactflow.parameters.gland import Gland
from lactflow.pipeline import Environment, QueueLog, VisitLog
from lactflow.records import StationKey
from lactflow.records.lobes import LobeLog

_RELOADED_AT: Final = 1e-3
"""Vesicles are loaded anew when the cell's maturity or citrate has moved by so much."""

_GOLDEN: Final = 0.6180339887498949
"""Multiples of the golden ratio spread evenly over 0 to 1, however many lobes there are."""

_LEAK_PORTION_H: Final = 0.02
"""Lumen and plasma exchange when so many hours of full leak have come together, at checkpoints."""

_FELT_AT: Final = 0.002
"""Fusion and budding take note of a change in their rate when it is larger than this share."""

_FOLLOWED_AT: Final = 0.005
"""Stations, capacity and membrane take note of a change in the number of cells when it is larger than this share."""


class Place(NamedTuple):
    """Which lobe this is: its breast, its number there, its share of a breast of the usual size."""

    breast: str
    lobe: int
    share: float


class Surroundings(NamedTuple):
    """
    What acts on a lobe when its signals are brought up.

    Attributes
    ----------
    message
        What acts on the cells of its breast.
    translation, fat
        Factors on translation and fat synthesis, the same in all lobes of a breast: those of the message, and chance.
    """

    message: Message
    translation: float = 1.0
    fat: float = 1.0


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
    lines
        Its two lines; the same in all lobes of a run.
    cells
        Its cells at the start; they are its own from now on.
    milk
        What a whole breast holds at the start; the lobe has its share of it.
    surroundings
        At the start.
    mechanisms
        Which mechanisms there are.
    visits
        Where stations write their visits; None for nowhere.
    first_number
        Number of its first station in the pipeline.
    contents
        What milk carries in this run; the analytes that every run has when left out.
    """

    def __init__(
        self,
        env: simpy.Environment,
        gland: Gland,
        place: Place,
        packet_ml: float,
        *,
        lines: Lines,
        cells: Cells,
        milk: Milk,
        surroundings: Surroundings,
        mechanisms: Mechanisms,
        visits: VisitLog | None,
        first_number: int,
        contents: Contents | None = None,
    ) -> None:
        self.env = env
        self.place = place
        self.cells = cells
        self._apical_area_m2: float = gland.membrane.apical_area_m2
        self._resorption_per_h: float = gland.tight_junctions.resorption_per_h
        self._exchange_per_h: float = gland.tight_junctions.exchange_per_h
        self._contents = contents = Contents(gland) if contents is None else contents
        self._checked_min = env.now
        self._felt = nan
        self._pressure_share = gland.inhibitor.pressure_share
        self._immature_fat = gland.composition.immature_fat_fraction
        self._contraction_advance_min = gland.lipid_line.contraction_advance_min
        self._followed = (cells.secreting, cells.plasticity.capacity)
        share = place.share
        self._largest_capacity_ml = gland.lumen.capacity_ml * share
        self.membrane = ApicalMembrane(gland.membrane, share * cells.plasticity.capacity, env.now)
        self.lumen = Lumen(gland, self._largest_capacity_ml * cells.plasticity.capacity, self.membrane, contents)
        self.lumen.fill(milk.scaled(share))
        self._brake = Brake(
            gland.inhibitor, mechanisms,
            now=env.now, inhibitor=self._inhibition(), volume_ml=self.lumen.volume_ml,
        )  # fmt: skip
        self._can_fuse = float(mechanisms.present("vesicle_fusion"))
        self._can_bud = float(mechanisms.present("droplet_budding"))

        lipid_ml = packet_ml * lines.lipid.packet_multiple
        self._loading = VesicleLoading(gland.composition, gland.membrane, mechanisms, packet_ml, contents)
        self._droplet = droplet_cargo(gland.composition, gland.membrane, lipid_ml, contents)
        translation_ml_per_min = gland.protein_line.translation_ml_per_h / 60.0 * share
        self._vesicle_flow = translation_ml_per_min / packet_ml
        self._droplet_flow = translation_ml_per_min / lipid_ml
        acting, on_uptake = contents.acting_on("fluxes", place.breast), contents.acting_on("uptake", place.breast)
        self._fluxes = [FluxOfLobe(flux, self.lumen, share, acting) for flux in contents.fluxes]
        self._follows = any(each.factor >= 0 or each.acting >= 0 for each in self._fluxes)
        self._flux_since = self._leak_since = contents.levels.at(env.now)
        self._exchange = Exchange(contents, self.lumen, share, env.now, on_uptake) if contents.passages else None
        self._leaked_h = 0.0

        self._build_lines(packet_ml, lines, visits, first_number)
        self._start(surroundings, (first_number // lines.stations * _GOLDEN) % 1.0)

    def _build_lines(self, packet_ml: float, lines: Lines, visits: VisitLog | None, first_number: int) -> None:
        """Build the stations of both lines."""
        env, place = self.env, self.place
        active = place.share * self.cells.secreting
        label = f"{place.breast} lobe {place.lobe}"
        if isinstance(env, Environment):
            env.open_lane()  # its stations meet in its lumen and its membrane, and touch no other lobe
        self.aqueous = Line(
            env, lines.aqueous, packet_ml, active, visits=visits, first_number=first_number, label=label
        )
        self.lipid = Line(
            env, lines.lipid, packet_ml * lines.lipid.packet_multiple, active, visits=visits, label=label,
            first_number=first_number + len(self.aqueous.stations),
        )  # fmt: skip
        self.rer, self.golgi, self.fusion = self.aqueous.entrance, self.aqueous.loading, self.aqueous.last
        self.growth, self.budding = self.lipid.entrance, self.lipid.last
        self.stations = (*self.aqueous.stations, *self.lipid.stations)

    def _start(self, surroundings: Surroundings, phase: float) -> None:
        """Fill both lines as they would have been; lobes are out of step, so that no two fire together."""
        now = self.env.now
        self._reload(surroundings.message)
        vesicles, droplets = self._flows(surroundings)
        self.aqueous.start(vesicles, phase, now, self.lumen.vesicles)
        self.lipid.start(droplets, phase, now, self.lumen.droplets, self._droplet)
        self.lumen.vesicles.budding = self.budding
        for packet in self.aqueous.loaded_packets():
            packet.cargo = self._vesicle
        for packet in self.lipid.loaded_packets():
            packet.cargo = self._droplet
        self.ledger = Ledger(
            self._contents, self.aqueous, self.lipid, self.lumen, vesicle=self._vesicle, droplet=self._droplet
        )
        self.feel_fullness(now)

    def station_keys(self) -> list[StationKey]:
        """Names of its stations, in the order of their numbers."""
        return [
            StationKey(self.place.breast, self.place.lobe, line.name, name)
            for line in (self.aqueous, self.lipid)
            for name in line.names
        ]

    # -- local control ----------------------------------------------------------------------------------

    def _inhibition(self) -> float:
        """What cells feel of the milk in the lumen: inhibitor per surface, distension, or some of both."""
        inhibitor, share = self.lumen.inhibitor_per_surface(), self._pressure_share
        return inhibitor + share * (self.lumen.fullness - inhibitor)

    def feel_fullness(self, now: float, *, emptied: bool = False) -> None:
        """The milk in the lumen acts: fusion and budding, the last stations, change their rates."""
        fraction = self._brake.feel(now, self._inhibition(), self.lumen.volume_ml, emptied=emptied)
        if not abs(fraction - self._felt) <= _FELT_AT * fraction:
            self._felt = fraction
            self._pace_last_stations()

    def _pace_last_stations(self) -> None:
        """Let fusion and budding run at the rate that the inhibitor leaves them."""
        self.fusion.retime(self.aqueous.corrections[-1] * self._felt * self._can_fuse)
        self.budding.retime(self.lipid.corrections[-1] * self._felt * self._can_bud)

    def bring_up(self, now: float, surroundings: Surroundings) -> None:
        """Bring cells and lumen up to the clock, and set the rates that follow from them."""
        self.feel_fullness(now)
        elapsed_min = now - self._checked_min
        if elapsed_min > 0.0:
            self._checked_min = now
            cells = self.cells
            message = surroundings.message
            inhibitor, volume_ml = self._brake.means()
            self.rer.bring_up()
            cells.advance(
                elapsed_min, message,
                filled=volume_ml / self._largest_capacity_ml, inhibitor=inhibitor, backlog=self.rer.occupied,
            )  # fmt: skip
            if self._exchange is not None:
                self.cross(self._contents.levels.at(now))
            self._leak(elapsed_min, now)
            self._follow_cells(now)
            self._load(message)
        vesicles, droplets = self._flows(surroundings)
        self.aqueous.run_at(vesicles)
        self.lipid.run_at(droplets)

    def _flows(self, surroundings: Surroundings) -> tuple[float, float]:
        """Packets per minute of both lines: they draw on the same cell, and fat synthesis matures too."""
        cells, immature = self.cells, self._immature_fat
        made = cells.secreting * cells.genes.mrna * cells.translation
        mature = immature + (1.0 - immature) * cells.genes.maturity
        vesicles = self._vesicle_flow * (made * surroundings.translation)
        return vesicles, self._droplet_flow * (made * surroundings.fat) * mature

    def cross(self, instant: Instant) -> None:
        """Exchange milk with plasma until now, before it moves; nothing where no analyte is exchanged by clearance."""
        if self._exchange is not None and self._exchange.until_min < instant.time_min:
            self._exchange.bring_up(instant, self.cells.plasticity.cells, self.cells.genes.mrna)

    def _leak(self, elapsed_min: float, now: float) -> None:
        """Let cells carry antibodies through, and plasma and lumen exchange where junctions are open."""
        cells, levels = self.cells, self._contents.levels
        mrna, living = cells.genes.mrna, cells.plasticity.cells
        since = self._flux_since
        if self._follows:
            self._flux_since = levels.at(now)
        for flux in self._fluxes:
            carried = (flux.resting + flux.active * mrna) * living
            if flux.factor >= 0:
                carried *= levels.mean(flux.factor, since, self._flux_since)
            if flux.acting >= 0:
                carried *= 1.0 + flux.answers * (levels.mean(flux.acting, since, self._flux_since) - 1.0)
            if flux.added is not None:
                flux.added.receive(carried * elapsed_min)
            else:
                self.lumen.receive(flux.analyte, carried * elapsed_min)
        self._leaked_h += cells.junctions.leak * elapsed_min / 60.0
        if self._leaked_h > _LEAK_PORTION_H:
            resorbed = 1.0 - exp(-self._resorption_per_h * self._leaked_h)
            exchanged = 1.0 - exp(-self._exchange_per_h * self._leaked_h)
            self.lumen.leak(self._contents.plasma(now, self._leak_since), exchanged, resorbed)
            self._leaked_h, self._leak_since = 0.0, levels.at(now)
            if self.fusion.done or self.budding.done:
                self.unblock(now)

    def _follow_cells(self, now: float) -> None:
        """Capacity, membrane and stations follow the number of cells, when that has changed."""
        plasticity, share = self.cells.plasticity, self.place.share
        secreting = self.cells.secreting
        active, capacity = self._followed
        if (
            abs(secreting - active) <= _FOLLOWED_AT * active
            and abs(plasticity.capacity - capacity) <= _FOLLOWED_AT * capacity
        ):
            return
        self._followed = (secreting, plasticity.capacity)
        self.lumen.resize(self._largest_capacity_ml * plasticity.capacity)
        self.membrane.resize(self._apical_area_m2 * share * plasticity.capacity, now)
        active = share * secreting
        self.aqueous.resize(active)
        self.lipid.resize(active)
        self._pace_last_stations()

    def _load(self, message: Message) -> None:
        """Load vesicles as the cell does now, when that has changed; book what was loaded until now as it was then."""
        genes, before = self.cells.genes, self._loaded_by
        if (
            abs(genes.maturity - before[0]) > _RELOADED_AT
            or abs(genes.mrna - before[1]) > _RELOADED_AT
            or message.substrate != before[2]
            or abs(genes.lactalbumin - before[3]) > _RELOADED_AT
        ):
            self._reload(message)
            self.ledger.load_with(self._vesicle)

    def _reload(self, message: Message) -> None:
        genes = self.cells.genes
        self._loaded_by = (genes.maturity, genes.mrna, message.substrate, genes.lactalbumin)
        activity = message.substrate * genes.lactalbumin
        self._vesicle = self.golgi.cargo = self._loading.cargo(genes.maturity, genes.mrna, activity)

    def contract(self) -> None:
        """A contraction of its myoepithelium brings budding droplets forward."""
        self.budding.advance(self._contraction_advance_min * self.budding.rate)

    def filling_ml_per_min(self) -> float:
        """Milk that its lines bring into the lumen at present [mL/min]; what is resorbed is not taken off."""
        vesicles, droplets = self.aqueous.outflow(), self.lipid.outflow()
        return vesicles * self._vesicle.volume_ml + droplets * self._droplet.volume_ml

    def unblock(self, now: float) -> None:
        """Milk has left the lumen: packets that waited for room go on."""
        self.fusion.unblock(now)
        self.budding.unblock(now)

    # -- reporting --------------------------------------------------------------------------------------

    def sample(self, now: float, log: LobeLog | None) -> None:
        """Write its state now, where somebody wants it."""
        for station in (self.rer, self.growth):
            station.bring_up()
        self.membrane.bring_up(now)
        cells, lumen = self.cells, self.lumen
        plasticity, stress, genes, involution = cells.plasticity, cells.stress, cells.genes, cells.involution
        active = plasticity.active
        if log is not None:
            log.add(
                self.rer.number,
                now,
                lumen.volume_ml,
                lumen.fullness,
                lumen.inhibitor_per_surface(),
                self.fusion.rate / self.aqueous.corrections[-1],
                self.rer.length,
                self.golgi.length,
                self.fusion.length,
                self.growth.length,
                self.budding.length,
                self.membrane.fraction,
                stress.unfolded_protein,
                stress.adaptive,
                stress.terminal,
                genes.stat5,
                involution.lif,
                involution.stat3,
                genes.mrna,
                active,
                plasticity.cells - active,
                plasticity.lost,
                cells.junctions.leak,
            )

    def write_queues(self, now: float, log: QueueLog) -> None:
        """Write the packets at each of its stations now; called after `sample`."""
        for station in self.stations:
            log.add(now, station)
