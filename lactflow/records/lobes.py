"""State of each lobe at some instants, packed: a run without visits has few other rows that are as long."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final

from lactflow.pipeline.packed import COMPILED, PackedLog

if TYPE_CHECKING:
    from mypy_extensions import i32  # noqa: TC004  a type of the compiler, which nobody imports when this runs

if COMPILED:
    from librt.strings import write_f64_le, write_i32_le

LOBES: Final = Struct("<i5d5i12d")
"""Layout of a packed row: a station of the lobe (int32), then the numbers of a `LobeSample` in their order."""


class LobeLog(PackedLog):
    """Packed rows, in the order of time, and at one time in the order of whoever wrote them."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(LOBES.size)

    def add(  # noqa: PLR0917 - called for every lobe at every sample: names cost
        self,
        station: int,
        time_min: float,
        volume_ml: float,
        fullness: float,
        inhibitor: float,
        fusion_rate_fraction: float,
        rer: int,
        golgi: int,
        fusion: int,
        growth: int,
        budding: int,
        apical_membrane_fraction: float,
        unfolded_protein: float,
        upr_adaptive: float,
        upr_terminal: float,
        stat5: float,
        lif: float,
        stat3: float,
        mrna: float,
        active_cells: float,
        quiescent_cells: float,
        lost_cells: float,
        junction_leak: float,
    ) -> None:
        """Write the state of a lobe: the number of one of its stations, and the numbers of a `LobeSample`."""
        if COMPILED:
            writer = self._writer
            write_i32_le(writer, i32(station))
            write_f64_le(writer, time_min)
            write_f64_le(writer, volume_ml)
            write_f64_le(writer, fullness)
            write_f64_le(writer, inhibitor)
            write_f64_le(writer, fusion_rate_fraction)
            write_i32_le(writer, i32(rer))
            write_i32_le(writer, i32(golgi))
            write_i32_le(writer, i32(fusion))
            write_i32_le(writer, i32(growth))
            write_i32_le(writer, i32(budding))
            write_f64_le(writer, apical_membrane_fraction)
            write_f64_le(writer, unfolded_protein)
            write_f64_le(writer, upr_adaptive)
            write_f64_le(writer, upr_terminal)
            write_f64_le(writer, stat5)
            write_f64_le(writer, lif)
            write_f64_le(writer, stat3)
            write_f64_le(writer, mrna)
            write_f64_le(writer, active_cells)
            write_f64_le(writer, quiescent_cells)
            write_f64_le(writer, lost_cells)
            write_f64_le(writer, junction_leak)
        else:
            self._rows += LOBES.pack(
                station, time_min, volume_ml, fullness, inhibitor, fusion_rate_fraction,
                rer, golgi, fusion, growth, budding, apical_membrane_fraction,
                unfolded_protein, upr_adaptive, upr_terminal, stat5, lif, stat3,
                mrna, active_cells, quiescent_cells, lost_cells, junction_leak,
            )  # fmt: skip
