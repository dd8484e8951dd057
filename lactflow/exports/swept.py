"""The tables of a sweep as exports take them: its results, and what was recorded of its units."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from lactflow.config.text import counted
from lactflow.errors import LactflowError
from lactflow.experiments.sweep.keys import tables_of_level
from lactflow.experiments.sweep.results import Sweep, open_sweep
from lactflow.experiments.sweep.writer import KEY
from lactflow.exports.tables import Field, Source, gathered, kind_of_type, optional_columns, unit_of
from lactflow.parameters.declaration import declared_quantities
from lactflow.recording import columns as recorded
from lactflow.records import TABLES

if TYPE_CHECKING:
    from pathlib import Path

RESULTS = "results"
_ABOUT = {
    "unit": "number of the unit of work, in the order of the plan",
    "point": "number of the point: a combination of values of the keys that vary",
    "mother": "number of the mother",
    "replicate": "number of the replicate",
    "observed_days": "length of the window that measures are taken over",
    KEY: "hash of all that the results of the unit depend on; the same in all tables",
}


def of_sweep(directory: Path) -> tuple[list[Source], tuple[str, ...]]:
    """
    Tables of a sweep, and the notes on them.

    Parameters
    ----------
    directory
        The sweep, whatever is done of it.

    Raises
    ------
    DamagedRunError
        If its plan or a part is not what was written.
    """
    sweep = open_sweep(directory)
    counts = sweep.counts
    notes = []
    if counts.complete < counts.units:
        left = counts.units - counts.complete
        notes.append(f"the sweep is {counts.status}: {left:,} of {counted(counts.units, 'unit')} are not in its tables")
    tables = tables_of_level(sweep.plan.level)
    if tables:
        notes.append(f"rows of {', '.join(tables)} are of the unit that has their {KEY} in {RESULTS}")
    return [_results(sweep), *(_recorded(sweep, table) for table in tables)], tuple(notes)


def _results(sweep: Sweep) -> Source:
    """A row for each unit: the keys that vary, mother, replicate, measures."""
    import pyarrow as pa

    units = _units_of_keys(sweep)
    rows = pa.Table.from_pandas(sweep.results, preserve_index=False).replace_schema_metadata(None)
    varied = set(sweep.plan.varied)
    fields = tuple(
        Field(
            name,
            kind_of_type(rows.schema.field(name).type),
            units.get(name, "") if name in varied else unit_of(name),
            "varied key of the config" if name in varied else _ABOUT.get(name, ""),
            required=name in _ABOUT or name in varied,
        )
        for name in rows.schema.names
    )
    described = pa.schema(
        [
            rows.schema.field(each.name).with_metadata({"unit": each.unit, "description": each.description})
            for each in fields
        ]
    )
    about = "A unit of work that is complete: a point, a mother, a replicate, with its measures."
    return Source(RESULTS, about, fields, described, lambda: iter([rows.cast(described)]))


def _units_of_keys(sweep: Sweep) -> dict[str, str]:
    """Units of declared quantities; none where the configs cannot be read."""
    try:
        config = sweep.plan.config(0)[0]
    except (LactflowError, OSError):
        return {}
    return {item.key: item.declaration.unit for item in declared_quantities(config)}


def _recorded(sweep: Sweep, table: str) -> Source:
    """A recorded table: its columns, and the key of the unit."""
    import pyarrow as pa

    rows = sweep.table_dataset(table)
    schema, optional = recorded.schema(table), optional_columns(table)
    described = {column.name: column.about for column in recorded.columns(table)}
    names = [name for name in described if name in rows.schema.names]
    key = pa.field(KEY, pa.string(), metadata={"unit": "", "description": _ABOUT[KEY]})
    whole = pa.schema([*(schema.field(name) for name in names), key])
    fields = tuple(
        Field(
            name,
            kind_of_type(schema.field(name).type),
            described[name].unit,
            described[name].description,
            described[name].values if name != "station" else (),
            name not in optional,
        )
        for name in names
    )

    def batches() -> Iterator[Any]:
        found = rows.to_batches(columns=whole.names, use_threads=False)
        return gathered(pa.Table.from_batches([batch]).cast(whole) for batch in found if batch.num_rows)

    about = cleandoc(TABLES[table].__doc__ or "").replace("\n", " ")
    return Source(table, about, (*fields, Field(KEY, "string", "", _ABOUT[KEY], (), True)), whole, batches)
