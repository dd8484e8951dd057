"""Columns: one schema a table, nulls, packed visits."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import repeat

import pyarrow as pa
import pytest
from made_up_facts import KEYS, in_order_of_leaving, made_up, packed, visit_rows

from lactflow.pipeline import QUEUES, Environment, Part, QueueLog, Source, Station, connect
from lactflow.pipeline.visits import VISIT
from lactflow.recording import columns
from lactflow.records import BREASTS, IDENTITY, LINES, STATIONS, TABLES, Visit
from lactflow.records.lobes import LOBES, LobeLog


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_unit_and_description(table):
    """The schema is the data dictionary: nothing is left without a meaning."""
    schema = columns.schema(table)
    assert schema.names == [*TABLES[table]._fields, *IDENTITY]
    for field in schema:
        assert set(field.metadata) == {b"unit", b"description"}
        assert field.metadata[b"description"]
        suffixes = {
            "_min": b"min",
            "_ml": b"mL",
            "_ml_per_h": b"mL/h",
            "_kg": b"kg",
            "_g_per_l": b"g/L",
            "_mmol_per_l": b"mmol/L",
            "_mosm_per_kg": b"mOsm/kg",
            "_kcal_per_l": b"kcal/L",
        }
        for suffix, unit in suffixes.items():
            if field.name.endswith(suffix) and not field.name.endswith(f"_per{suffix}"):
                assert field.metadata[b"unit"] == unit
    assert {schema.field(name).type for name in IDENTITY} == {pa.int32()}


def test_types_are_those_of_the_declaration():
    """Whole numbers are int32, measured ones float64, words dictionaries in visits only."""
    visits, removals = columns.schema("visits"), columns.schema("removals")
    assert visits.field("breast").type == pa.dictionary(pa.int8(), pa.string())
    assert removals.field("breast").type == pa.string()
    assert visits.field("packet").type == pa.int32()
    assert columns.schema("sessions").field("infant").type == pa.int32()
    assert removals.field("fat_g_per_l").type == pa.float64()


@pytest.mark.parametrize("table", TABLES)
def test_facts_become_rows_and_none_becomes_null(table):
    """What is recorded is what stands in the table, in order."""
    facts = [made_up(table, number, nulls=number % 2 == 1) for number in range(7)]
    rows = columns.from_facts(table, facts, mother=4, replicate=9).to_pylist()
    assert [tuple(row.values()) for row in rows] == [(*fact, 9, 4) for fact in facts]
    assert columns.from_facts(table, [], 0, 0).num_rows == 0


def test_nan_becomes_null():
    """Null is the one way to say that there is no number."""
    fact = made_up("breasts", 1)._replace(secretion_ml_per_h=math.nan)
    table = columns.from_facts("breasts", [fact], 0, 0)
    assert table["secretion_ml_per_h"].null_count == 1


def test_a_word_that_is_not_declared_is_refused():
    """A dictionary column holds declared words only."""
    with pytest.raises(ValueError, match="station = 'kitchen' is none of rer, golgi"):
        columns.from_facts("visits", [made_up("visits", 1)._replace(station="kitchen")], 0, 0)


def test_packed_visits_are_the_same_as_facts():
    """Both ways to write a visit give one table, byte for byte of meaning."""
    rows = visit_rows(123)
    facts = [
        Visit(*KEYS[number], packet, *(None if math.isnan(time) else time for time in times), queue_length)
        for number, packet, queue_length, *times in in_order_of_leaving(rows)
    ]
    quick = columns.StationColumns(KEYS).visits(packed(rows), mother=1, replicate=2)
    assert quick.equals(columns.from_facts("visits", facts, mother=1, replicate=2))
    assert quick["left_min"].null_count > quick["finished_min"].null_count > quick["started_min"].null_count > 0
    quick.validate(full=True)
    for name, words in (("breast", BREASTS), ("line", LINES), ("station", STATIONS)):
        assert quick[name].chunk(0).dictionary.to_pylist() == list(words)


def test_packed_layout_is_that_of_the_stations():
    """The structured type and the struct of the pipeline are one layout."""
    assert columns.PACKED_VISIT.itemsize == VISIT.size


def test_a_station_nobody_announced_is_an_error():
    """A wrong number does not become a wrong name."""
    with pytest.raises(IndexError):
        columns.StationColumns(KEYS[:2]).visits(packed(visit_rows(5)), 0, 0)


def test_writing_needs_no_pandas(tmp_path):
    """A run does not wait for a library that it does not use."""
    script = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from lactflow.recording.archive import Archive
from lactflow.records import HormoneSample, StationKey, InterventionChange
archive = Archive.create(Path(sys.argv[2]), "light", "", {}, {})
recorder = archive.writer()
recorder.stations([StationKey("left", 0, "lipid", "droplet_growth")])
recorder.visits.add(0, 0, 0, 0.0, 0.0, 0.0, 0.0)
recorder.record(HormoneSample(0.0, 1.0, 2.0, 3.0, 4.0, 5.0))
recorder.record(InterventionChange(0.0, "seal", "start"))
recorder.close(1.0)
archive.finish("complete")
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script, ".", str(tmp_path)], check=True)


@pytest.mark.parametrize("table", [name for name in TABLES if name != "visits"])
def test_some_columns_are_what_they_are_among_all(table):
    """In the order of the table, with units and descriptions, and with the unit of work at the end."""
    facts = [made_up(table, number, nulls=number % 2 == 1) for number in range(5)]
    wanted = TABLES[table]._fields[::2]
    some = columns.from_facts(table, facts, 4, 9, set(wanted))
    assert some.schema.names == [*wanted, *IDENTITY]
    assert some.equals(columns.from_facts(table, facts, 4, 9).select([*wanted, *IDENTITY]), check_metadata=True)


# -- packed samples ----------------------------------------------------------------------------------------


def test_layouts_of_packed_samples_are_those_of_their_tables():
    """A column more in one place alone is an error here."""
    assert columns.packed_samples("lobes").itemsize == LOBES.size
    assert columns.packed_samples("queues").itemsize == QUEUES.size
    assert LOBES.format[1:] == "i5d5i12d"
    layout = columns.packed_samples("lobes")
    kinds = "".join(layout[name].char for name in layout.names)
    assert kinds == "i" + "d" * 5 + "i" * 5 + "d" * 12


@pytest.mark.parametrize("names", [None, ["stat5", "growth_queue", "breast"]])
def test_a_packed_sample_of_a_lobe_is_the_row_that_was_written(names):
    """Every number in its own column, and the names of the lobe that the station belongs to."""
    fact = made_up("lobes", 3)
    log = LobeLog()
    for number in (0, len(KEYS) - 1):
        log.add(number, fact.time_min, *fact[3:])
    rows = columns.StationColumns(KEYS).samples("lobes", log.take(), 5, 6, names).to_pylist()
    assert len(log) == 0
    for row, key in zip(rows, (KEYS[0], KEYS[-1]), strict=True):
        whole = {**fact._asdict(), "breast": key.breast, "lobe": key.lobe, "replicate": 6, "mother": 5}
        assert row == (whole if names is None else {name: whole[name] for name in (*whole,) if name in row})
        assert set(row) == (set(whole) if names is None else {*names, "replicate", "mother"})


def test_a_packed_sample_of_a_station_is_what_is_there():
    """Waiting, served and done packets of one station, and what it has room for."""
    env = Environment()
    line = [Station(env, number, 1.0, places=2, room=3) for number in (4, 5)]
    connect(Source(repeat(0.25, 9)), *line, sink=Part())  # which takes nothing: packets are blocked
    env.run(until=1.9)
    log = QueueLog()
    for station in line:
        station.bring_up()
        log.add(1.9, station)
    rows = columns.StationColumns(KEYS).samples("queues", log.take(), 0, 0).to_pylist()
    for row, station in zip(rows, line, strict=True):
        key = KEYS[station.number]
        assert (row["breast"], row["lobe"], row["station"]) == (key.breast, key.lobe, key.station)
        assert (row["time_min"], row["places"], row["room"]) == (1.9, 2, 3)
        counted = (len(station.waiting), station.in_service, len(station.done))
        assert (row["waiting"], row["in_service"], row["blocked"]) == counted
    assert sum(row["waiting"] + row["in_service"] + row["blocked"] for row in rows) > 0
