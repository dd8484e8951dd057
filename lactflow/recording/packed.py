"""
The tables of a unit of work as JSON, for another process: Arrow's stream format, compressed, in base64.

Every float arrives as it was, and so does the order of rows and where parts begin.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.ipc

from lactflow.recording.memory import KeptUnit, UnitTables


def packed(unit: UnitTables, known: Mapping[str, int] | None = None) -> dict[str, Any]:
    """
    The tables of a unit of work, for JSON.

    Parameters
    ----------
    unit
        For instance a closed `TableRecorder`.
    known
        How many parts of each table whoever gets this has already: the first ones, which are left out.
    """
    left = {table: parts[(known or {}).get(table, 0) :] for table, parts in unit.parts.items()}
    return {
        "unit": unit.unit,
        "kept": sorted(unit.kept),
        "span_min": unit.span_min,
        "tables": {table: _packed(parts) for table, parts in left.items() if parts},
    }


def unpacked(data: Mapping[str, Any], known: Mapping[str, Sequence[Any]] | None = None) -> KeptUnit:
    """
    What `packed` has made, after JSON.

    Parameters
    ----------
    data
        Of one unit of work.
    known
        The parts that were left out.
    """
    mother, replicate = data["unit"]
    span_min, first, more = data["span_min"], known or {}, data["tables"]
    return KeptUnit(
        unit=(mother, replicate),
        kept=frozenset(data["kept"]),
        parts={
            table: [*first.get(table, ()), *(_unpacked(more[table]) if table in more else ())]
            for table in dict.fromkeys((*first, *more))
        },
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
    options = pa.ipc.IpcReadOptions(use_threads=False)  # a process with threads is not forked as safely
    with pa.ipc.open_stream(b64decode(text), options=options) as stream:
        return [pa.Table.from_batches([batch]) for batch in stream]
