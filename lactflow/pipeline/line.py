"""Stations joined into a line."""

from __future__ import annotations

from lactflow.pipeline.source import Source
from lactflow.pipeline.station import Sink, Station


def connect(source: Source | None, *stations: Station, sink: Sink) -> None:
    """
    Join a line and start its stations' processes.

    Parameters
    ----------
    source
        Feeds the first station; None for stations that are fed from outside by `accept`.
    stations
        In the order in which packets pass.
    sink
        Takes what leaves the last.
    """
    upstream: Station | Source | None = source
    for station, downstream in zip(stations, [*stations[1:], sink], strict=True):
        station.upstream, station.downstream = upstream, downstream
        upstream = station
    if source is not None:
        source.connect(stations[0])
        stations[0].feed_from(source)
    for station in stations:
        station.start()
