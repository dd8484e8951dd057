"""
The tables of a unit of work as JSON, for another process: Arrow's stream format, compressed, in base64.

Every float arrives as it was, and so does the order of rows and where parts begin.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.ipc

if TYPE_CHECKING:
    from lactflow.recording.memory import UnitTables


class UnpackedUnit(NamedTuple):
    """
    The tables of a unit of work that another process has simulated.

    Attributes
    ----------
    unit
        Mother and replicate.
    kept
        Names of the tables that were kept.
    parts
        Arrow tables by the name of their table, in the order of time.
    span_min
        First and last recorded instant [min since birth]; None without rows.
    """

    unit: tuple[int, int]
    kept: frozenset[str]
    parts: Mapping[str, Sequence[Any]]
    span_min: tuple[float, float] | None


def packed(unit: UnitTables) -> dict[str, Any]:
    """
    The tables of a unit of work, for JSON.

    Parameters
    ----------
    unit
        For instance a closed `TableRecorder`.
    """
    return {
        "unit": unit.unit,
        "kept": sorted(unit.kept),
        "span_min": unit.span_min,
        "tables": {table: _packed(parts) for table, parts in unit.parts.items()},
    }


def unpacked(data: Mapping[str, Any]) -> UnpackedUnit:
    """
    What `packed` has made, after JSON.

    Parameters
    ----------
    data
        Of one unit of work.
    """
    mother, replicate = data["unit"]
    span_min = data["span_min"]
    return UnpackedUnit(
        unit=(mother, replicate),
        kept=frozenset(data["kept"]),
        parts={table: _unpacked(text) for table, text in data["tables"].items()},
        span_min=None if span_min is None else (span_min[0], span_min[1]),
    )


def _packed(parts: Sequence[Any]) -> str:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.ipc.new_stream(sink, parts[0].schema, options=options) as stream:
        for part in parts:
            stream.write_table(part.combine_chunks())  # one batch for each part
    return b64encode(sink.getvalue()).decode()


def _unpacked(text: str) -> list[Any]:
    with pa.ipc.open_stream(b64decode(text)) as stream:
        return [pa.Table.from_batches([batch]) for batch in stream]
