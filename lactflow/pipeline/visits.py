"""
One row a visit, packed.

A station writes a visit once, when the packet leaves; packing it costs a fifth of a row kept as a dict. Where this
module is compiled, numbers go straight into the row, by what mypyc knows of librt; plain Python does without librt.
"""

from __future__ import annotations

from struct import Struct
from types import FunctionType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from mypy_extensions import i32  # noqa: TC004  a type of the compiler, which nobody imports when this runs


def _function() -> None:
    """Be one of Python's functions, unless this module is compiled."""


COMPILED: Final = not isinstance(_function, FunctionType)

if COMPILED:
    from librt.strings import BytesWriter, write_f64_le, write_i32_le

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

    __slots__ = ("_rows", "_writer")

    def __init__(self) -> None:
        if COMPILED:
            self._writer = BytesWriter()
        else:
            self._rows = bytearray()

    def __len__(self) -> int:
        """Number of visits."""
        return (len(self._writer) if COMPILED else len(self._rows)) // VISIT.size

    def __bytes__(self) -> bytes:
        """All rows."""
        return self._writer.getvalue() if COMPILED else bytes(self._rows)

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

    def take(self) -> bytes:
        """All rows, which are no longer here then."""
        rows = bytes(self)
        if COMPILED:
            self._writer.truncate(0)
        else:
            self._rows.clear()
        return rows

    def put_back(self, rows: bytes) -> None:
        """Rows that were taken: they come before all others."""
        if COMPILED:
            later = self.take()
            self._writer.write(rows)
            self._writer.write(later)
        else:
            self._rows[:0] = rows


def unpack(rows: bytes | bytearray | VisitLog) -> list[PackedVisit]:
    """Visits from packed rows, in the order they were written."""
    return [PackedVisit(*row) for row in VISIT.iter_unpack(bytes(rows))]
