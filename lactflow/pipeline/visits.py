"""One row a visit, packed; a station writes it once, when the packet leaves."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from lactflow.pipeline.packed import COMPILED, PackedLog

if TYPE_CHECKING:
    from mypy_extensions import i32  # noqa: TC004  a type of the compiler, which nobody imports when this runs

if COMPILED:
    from librt.strings import write_f64_le, write_i32_le

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


class VisitLog(PackedLog):
    """
    Packed visits, in the order in which they were written.

    Within a lane that is the order in which packets leave. Lanes are advanced one after the other, so that their
    rows are not in the order of time: whoever takes the rows sorts them.
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(VISIT.size)

    def add(  # noqa: PLR0917 - called for every visit: names cost
        self, station: int, packet: int, queue_length: int, entered: float, started: float, finished: float, left: float
    ) -> None:
        """Write one visit, with NaN for what has not happened."""
        if COMPILED:
            writer = self._writer
            write_i32_le(writer, i32(station))
            write_i32_le(writer, i32(packet))
            write_i32_le(writer, i32(queue_length))
            write_f64_le(writer, entered)
            write_f64_le(writer, started)
            write_f64_le(writer, finished)
            write_f64_le(writer, left)
        else:
            self._rows += VISIT.pack(station, packet, queue_length, entered, started, finished, left)


def unpack(rows: bytes | bytearray | VisitLog) -> list[PackedVisit]:
    """Visits from packed rows, in the order they were written."""
    return [PackedVisit(*row) for row in VISIT.iter_unpack(bytes(rows))]
