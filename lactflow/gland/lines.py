"""
The two lines of a lobe, declared once as data, and built from that.

    translation -> RER -> Golgi -> vesicle pool, docking and fusion
    fat synthesis -> droplet growth -> budding

Amounts are given per breast with all cells active; a lobe owns its share of them, and its active cells make it what it
is. Room in packets is amount over packet; the rate corrects the rounding, so capacity does not depend on the packet.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count, repeat
from typing import NamedTuple

import simpy

from lactflow.gland.analytes import Cargo
from lactflow.parameters.gland import Gland
from lactflow.pipeline import Packet, Sink, Source, Station, connect
from lactflow.pipeline.steady import fill_steadily
from lactflow.records import STATIONS_OF_LINE

_STEADY = 1e-3
"""A source takes note of a change in its flow when it is larger than this share."""


class StationDesign(NamedTuple):
    """
    One station of a line.

    Attributes
    ----------
    name
        As in the tables.
    work_min
        Dwell time.
    places_ml
        Places of service [mL-eq per breast with all cells active].
    least_places
        Packets that the smallest lobe must have places for, so that a queue is a queue; it bounds `packet_ml` from
        above.
    waiting_ml, least_waiting
        Room to wait before the places, likewise.
    """

    name: str
    work_min: float
    places_ml: float
    least_places: float
    waiting_ml: float = 0.0
    least_waiting: float = 0.0


class LargestPacket(NamedTuple):
    """Largest `packet_ml` [mL-eq] that a gland allows, and the station that allows no more."""

    packet_ml: float
    station: str


class LineDesign(NamedTuple):
    """One line: its name, its stations in order, and how many aqueous packets one of its packets stands for."""

    name: str
    stations: tuple[StationDesign, ...]
    packet_multiple: float = 1.0


def aqueous_line(gland: Gland) -> LineDesign:
    """RER, Golgi, vesicle fusion."""
    line = gland.protein_line
    return LineDesign(
        "aqueous",
        (
            StationDesign("rer", line.folding_min, line.rer_ml, 2.0),
            StationDesign("golgi", line.lactose_loading_min, line.golgi_ml, 2.0),
            StationDesign("vesicle_fusion", line.fusion_min, line.docking_sites_ml, 1.0, line.vesicle_pool_ml, 2.0),
        ),
    )


def lipid_line(gland: Gland) -> LineDesign:
    """Droplet growth, budding."""
    line = gland.lipid_line
    return LineDesign(
        "lipid",
        (
            StationDesign("droplet_growth", line.growth_min, line.growth_ml, 1.0),
            StationDesign("droplet_budding", line.budding_min, line.budding_ml, 1.0),
        ),
        line.packet_multiple,
    )


def largest_packet(gland: Gland, smallest_share: float, active_cells: float) -> LargestPacket:
    """
    Largest `packet_ml` for which every place of the smallest lobe still holds the least it must.

    Parameters
    ----------
    gland
        Declared quantities.
    smallest_share
        Share of the breast that the smallest lobe owns.
    active_cells
        Secreting cells at the start, relative to all cells of a gland at term.
    """
    cells = smallest_share * active_cells
    return min(
        LargestPacket(cells * room_ml / least / line.packet_multiple, design.name)
        for line in (aqueous_line(gland), lipid_line(gland))
        for design in line.stations
        for room_ml, least in (
            (design.places_ml, design.least_places),
            (design.waiting_ml, design.least_waiting),
        )
        if least > 0.0
    )


class Line:
    """
    One line of a lobe; `line["golgi"]` is its station of that name.

    Parameters
    ----------
    env
        The simulation.
    design
        What it consists of.
    packet_ml
        Its packet [mL-eq].
    cells
        Active cells of the lobe: its share of the breast times the active cells of the breast.
    visits
        Where stations write their visits; None for nowhere.
    first_number
        Number of its first station in the pipeline.
    label
        Of the lobe, for messages.

    Attributes
    ----------
    stations
        In order.
    source
        Where its packets come from.
    corrections
        Rate of each station that makes up for the rounding of its places.

    Raises
    ------
    ValueError
        If its stations are not those that the tables know.
    """

    source: Source

    def __init__(
        self,
        env: simpy.Environment,
        design: LineDesign,
        packet_ml: float,
        cells: float,
        *,
        visits: bytearray | None,
        first_number: int,
        label: str,
    ) -> None:
        self._names = tuple(station.name for station in design.stations)
        if self._names != STATIONS_OF_LINE[design.name]:
            raise ValueError(
                f"the {design.name} line is built of {self._names}, but records.STATIONS_OF_LINE says "
                f"{STATIONS_OF_LINE[design.name]}"
            )
        self._design = design
        self._packet_ml = packet_ml
        self.corrections: list[float] = []
        self.stations: list[Station] = []
        for number, station in zip(count(first_number), design.stations, strict=False):
            places, room, correction = self._rooms(station, cells)
            self.corrections.append(correction)
            self.stations.append(
                Station(
                    env, number, station.work_min, places=places, room=room, rate=correction,
                    visits=visits, name=f"{label} {station.name}",
                )
            )  # fmt: skip
        self.entrance, self.last = self.stations[0], self.stations[-1]

    def __getitem__(self, name: str) -> Station:
        """The station of that name."""
        return self.stations[self._names.index(name)]

    def _rooms(self, station: StationDesign, cells: float) -> tuple[int, int, float]:
        """Places, room to wait, and the rate that makes up for the rounding of the places."""
        packets = station.places_ml * cells / self._packet_ml
        places = max(1, round(packets))
        waiting = max(1, round(station.waiting_ml * cells / self._packet_ml)) if station.waiting_ml > 0.0 else 0
        return places, waiting, packets / places

    def start(self, flow: float, phase: float, now: float, sink: Sink, cargo: Cargo | None = None) -> None:
        """
        Fill it as a constant flow would have, and connect it.

        Parameters
        ----------
        flow
            Packets per minute.
        phase
            Where it is between two packets, 0 to 1.
        now
            Clock time.
        sink
            Where packets go at its end.
        cargo
            Of every packet that its source makes; None when they are loaded later.
        """
        work = [station.work_min for station in self._design.stations]
        packets = fill_steadily(self.stations, work, flow, phase, now)
        first = chain((1.0 - phase,), repeat(1.0))
        self.source = Source(first, rate=flow, now=now, first_number=packets, cargo=cargo)
        connect(self.source, *self.stations, sink=sink)

    def run_at(self, flow: float) -> None:
        """Let its source make so many packets per minute from now on."""
        rate = self.source.rate
        if not rate * (1.0 - _STEADY) <= flow <= rate * (1.0 + _STEADY):
            self.entrance.retime_source(flow)

    def resize(self, cells: float) -> None:
        """Change its places with the number of active cells; packets on a place that goes away finish there."""
        for index, (station, design) in enumerate(zip(self.stations, self._design.stations, strict=True)):
            places, room, correction = self._rooms(design, cells)
            if places != station.places or room != station.room:
                station.resize(places, room)
            if station is not self.last:  # the lobe sets the rate of the last one, which the inhibitor slows
                station.retime(correction)
            self.corrections[index] = correction

    def outflow(self) -> float:
        """Packets per minute that leave it, while its last station serves as it does now; 0 while that is blocked."""
        last = self.last
        return 0.0 if last.done else len(last.serving) * last.rate / self._design.stations[-1].work_min

    def packets_from(self, name: str) -> Iterator[Packet]:
        """All packets at a station and at those after it."""
        for station in self.stations[self._names.index(name) :]:
            yield from station.packets()

    def length_between(self, first: str, end: str) -> int:
        """Number of packets at the stations from one up to another, which is left out."""
        stations = self.stations[self._names.index(first) : self._names.index(end)]
        return sum(station.length for station in stations)

    def arrived_at(self, name: str) -> int:
        """Packets that have come to a station so far."""
        return self.source.made - self.length_between(self._names[0], name)
