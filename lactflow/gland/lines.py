"""
The two lines of a lobe, built from the rows of `lactflow.parameters.stations`.

    translation -> RER -> Golgi -> vesicle pool, docking and fusion
    fat synthesis -> droplet growth -> budding

Amounts are given per breast with all cells active; a lobe owns its share of them, and its active cells make it what it
is. Room in packets is amount over packet; the rate corrects the rounding, so capacity does not depend on the packet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final, NamedTuple

import simpy

from lactflow.gland.analytes import Cargo
from lactflow.gland.stations import rows_of_lines, value_in
from lactflow.parameters.gland import Gland
from lactflow.parameters.stations import StationRow
from lactflow.pipeline import Packet, Sink, Source, Station, VisitLog, connect
from lactflow.pipeline.steady import fill_steadily

_STEADY: Final = 1e-3
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
    """
    One line.

    Attributes
    ----------
    name
        As in the tables.
    stations
        In the order in which packets pass.
    loaded_at
        Station at which packets get their cargo; until then one is what it was made with.
    packet_multiple
        How many aqueous packets one of its packets stands for.
    """

    name: str
    stations: tuple[StationDesign, ...]
    loaded_at: str
    packet_multiple: float = 1.0


class Lines(NamedTuple):
    """The lines of every lobe of a run, in the order of the numbers of their stations."""

    aqueous: LineDesign
    lipid: LineDesign

    @property
    def stations(self) -> int:
        """How many stations a lobe has."""
        return sum(len(line.stations) for line in self)


def lines_of(gland: Gland, extra: Sequence[StationRow] = ()) -> Lines:
    """
    The lines of a gland, once for all lobes of a run.

    Parameters
    ----------
    gland
        Declared quantities.
    extra
        Stations beside those of `lactflow.parameters.stations.ROWS`.

    Raises
    ------
    StationRowError
        If a row is wrong.
    """
    rows = rows_of_lines(gland, extra)
    return Lines(
        _line("aqueous", rows["aqueous"], gland), _line("lipid", rows["lipid"], gland, gland.lipid_line.packet_multiple)
    )


def aqueous_line(gland: Gland, extra: Sequence[StationRow] = ()) -> LineDesign:
    """RER, Golgi, vesicle fusion, and what `extra` has of the line; see `lines_of`."""
    return lines_of(gland, extra).aqueous


def lipid_line(gland: Gland, extra: Sequence[StationRow] = ()) -> LineDesign:
    """Droplet growth, budding, and what `extra` has of the line; see `lines_of`."""
    return lines_of(gland, extra).lipid


def _line(name: str, rows: Sequence[StationRow], gland: Gland, packet_multiple: float = 1.0) -> LineDesign:
    designs = tuple(
        StationDesign(
            row.name,
            value_in(gland, row.work),
            value_in(gland, row.places),
            row.least_places,
            value_in(gland, row.waiting),
            row.least_waiting,
        )
        for row in rows
    )
    (loaded_at,) = (row.name for row in rows if row.loads)
    return LineDesign(name, designs, loaded_at, packet_multiple)


def largest_packet(
    gland: Gland, smallest_share: float, active_cells: float, extra: Sequence[StationRow] = ()
) -> LargestPacket:
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
    extra
        Stations beside those of `lactflow.parameters.stations.ROWS`.

    Raises
    ------
    StationRowError
        If a row is wrong.
    """
    cells = smallest_share * active_cells
    return min(
        LargestPacket(cells * room_ml / least / line.packet_multiple, design.name)
        for line in lines_of(gland, extra)
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
    name
        As in the tables.
    names, stations
        Names and stations, in order.
    loading
        The station at which packets get their cargo.
    source
        Where its packets come from.
    corrections
        Rate of each station that makes up for the rounding of its places.
    """

    source: Source

    def __init__(
        self,
        env: simpy.Environment,
        design: LineDesign,
        packet_ml: float,
        cells: float,
        *,
        visits: VisitLog | None,
        first_number: int,
        label: str,
    ) -> None:
        self.name = design.name
        self.names = tuple(station.name for station in design.stations)
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
        self.loading = self[design.loaded_at]
        self._loading = self.names.index(design.loaded_at)

    def __getitem__(self, name: str) -> Station:
        """The station of that name."""
        return self.stations[self.names.index(name)]

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
        self.source = Source(1.0, rate=flow, now=now, first_work=1.0 - phase, first_number=packets, cargo=cargo)
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
        return 0.0 if last.done else last.in_service * last.rate / self._design.stations[-1].work_min

    def loaded_packets(self) -> Iterator[Packet]:
        """All packets that have their cargo: those at the loading station and after it."""
        for station in self.stations[self._loading :]:
            yield from station.packets()

    def unloaded(self) -> int:
        """Number of packets that have no cargo yet: those before the loading station."""
        return sum(station.length for station in self.stations[: self._loading])

    def loaded(self) -> int:
        """Packets that have got their cargo so far."""
        return self.source.made - self.unloaded()
