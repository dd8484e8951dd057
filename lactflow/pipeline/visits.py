"""
One row a visit, packed.

A station writes a visit once, when the packet leaves; packing it costs a fifth of a row kept as a dict.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

VISIT = Struct("<iiidddd")
"""Layout of a packed visit: station, packet, queue_length (int32); entered, started, finished, left (float64)."""


class PackedVisit(NamedTuple):
    """
    One packet at one station.

    Attributes
    ----------
    station, packet
        Number of the station in its pipeline; number of the packet.
    queue_length
        Packets waiting for service when it entered.
    entered, started, finished, left
        Clock times; NaN for what has not happened yet.
    """

    station: int
    packet: int
    queue_length: int
    entered: float
    started: float
    finished: float
    left: float


def unpack(rows: bytes | bytearray) -> list[PackedVisit]:
    """Visits from packed rows, in the order they were written."""
    return [PackedVisit(*row) for row in VISIT.iter_unpack(rows)]
