"""Packets at each station at some instants, packed: nine in ten rows of a run without visits."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final

from lactflow.pipeline.packed import COMPILED, PackedLog
from lactflow.pipeline.station import Station

if TYPE_CHECKING:
    from mypy_extensions import i32  # noqa: TC004  a type of the compiler, which nobody imports when this runs

if COMPILED:
    from librt.strings import write_f64_le, write_i32_le

QUEUES: Final = Struct("<idiiiii")
"""
Layout of a packed row: station (int32), time (float64), waiting, in service, blocked, places, room (int32).

The station is its number in its pipeline; waiting, in service and blocked are packets.
"""


class QueueLog(PackedLog):
    """Packed rows, in the order of time, and at one time in the order of whoever wrote them."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(QUEUES.size)

    def add(self, now: float, station: Station) -> None:
        """Write what there is at one station; it has been brought up to the clock."""
        if COMPILED:
            writer = self._writer
            write_i32_le(writer, i32(station.number))
            write_f64_le(writer, now)
            write_i32_le(writer, i32(len(station.waiting)))
            write_i32_le(writer, i32(station.in_service))
            write_i32_le(writer, i32(len(station.done)))
            write_i32_le(writer, i32(station.places))
            write_i32_le(writer, i32(int(station.room)))
        else:
            self._rows += QUEUES.pack(
                station.number,
                now,
                len(station.waiting),
                station.in_service,
                len(station.done),
                station.places,
                int(station.room),
            )
