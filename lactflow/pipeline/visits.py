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


class VisitLog:
    """
    Packed visits, in the order in which they were written.

    Within a lane that is the order in which packets leave. Lanes are advanced one after the other, so that their
    rows are not in the order of time: whoever takes the rows sorts them.
    """

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows = bytearray()

    def __len__(self) -> int:
        """Number of visits."""
        return len(self._rows) // VISIT.size

    def __bytes__(self) -> bytes:
        """All rows."""
        return bytes(self._rows)

    def add(  # noqa: PLR0917 - called for every visit: names cost
        self, station: int, packet: int, queue_length: int, entered: float, started: float, finished: float, left: float
    ) -> None:
        """Write one visit, with NaN for what has not happened."""
        self._rows += VISIT.pack(station, packet, queue_length, entered, started, finished, left)

    def take(self) -> bytes:
        """All rows, which are no longer here then."""
        rows = bytes(self._rows)
        self._rows.clear()
        return rows

    def put_back(self, rows: bytes) -> None:
        """Rows that were taken: they come before all others."""
        self._rows[:0] = rows


def unpack(rows: bytes | bytearray | VisitLog) -> list[PackedVisit]:
    """Visits from packed rows, in the order they were written."""
    return [PackedVisit(*row) for row in VISIT.iter_unpack(bytes(rows))]
