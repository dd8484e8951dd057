"""A line that has been running: fill it as a constant flow would have."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from lactflow.pipeline.packet import Packet
from lactflow.pipeline.station import Station


def fill_steadily(stations: Sequence[Station], dwell: Sequence[float], flow: float, phase: float, now: float) -> int:
    """
    Put into each station the packets that would be in service there, had they come at a constant rate.

    A station takes no more than it has places for; none waits and none is blocked. Their entries lie before `now`.

    Parameters
    ----------
    stations
        Of one line, in order, empty and not yet connected.
    dwell
        Work of a packet at each.
    flow
        Packets per unit of time.
    phase
        Time since the last packet entered the first station, in intervals between packets, 0 to 1.
    now
        Clock time.

    Returns
    -------
    Number of packets put in; their numbers run from 0, the oldest.
    """
    placed: list[tuple[Station, list[Packet]]] = []
    age = phase / flow if flow > 0.0 else 0.0
    for station, work in zip(stations, dwell, strict=True):
        stay = work / station.rate if station.rate > 0.0 else inf
        packets: list[Packet] = []
        while flow > 0.0 and age < stay and len(packets) < station.places:
            packet = Packet(0)
            packet.entered = packet.started = now - age
            packet.queue_length = 0
            packet.due = now - age + stay
            packets.append(packet)
            age += 1.0 / flow
        placed.append((station, packets[::-1]))
        age = max(0.0, age - stay)
    number = 0
    for station, packets in reversed(placed):
        for packet in packets:
            packet.number = number
            number += 1
        station.preload(packets)
    return number
