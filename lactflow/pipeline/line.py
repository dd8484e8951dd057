"""Stations joined into a line."""

from __future__ import annotations

from typing import Protocol

from lactflow.pipeline.packet import Packet, Part
from lactflow.pipeline.source import Source
from lactflow.pipeline.station import Station


class Sink(Protocol):
    """Whatever takes packets at the end of a line."""

    def accept(self, packet: Packet, now: float) -> bool:
        """Take the packet, or refuse it for want of room; then call the station's `unblock` when there is room."""


class Outside(Part):
    """
    A sink that is no part of a line by birth: any object that accepts packets.

    Parameters
    ----------
    sink
        Takes the packets.
    """

    __slots__ = ("_sink",)

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self._sink = sink

    def accept(self, packet: Packet, now: float) -> bool:
        """Take the packet, or refuse it."""
        return self._sink.accept(packet, now)


def connect(source: Source | None, *stations: Station, sink: Sink) -> None:
    """
    Join a line and start its stations.

    Parameters
    ----------
    source
        Feeds the first station; None for stations that are fed from outside by `accept`.
    stations
        In the order in which packets pass.
    sink
        Takes what leaves the last.
    """
    end = sink if isinstance(sink, Part) else Outside(sink)
    upstream: Part | None = source
    for station, downstream in zip(stations, (*stations[1:], end), strict=True):
        station.upstream, station.downstream = upstream, downstream
        upstream = station
    if source is not None:
        source.connect(stations[0])
        stations[0].feed_from(source)
    for station in stations:
        station.start()
