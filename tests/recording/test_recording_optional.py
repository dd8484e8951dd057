"""Tables that only some runs have: there from the start where they are declared, and nowhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from made_up_facts import KEYS, made_up, record_made_up

from lactflow.analysis.run import open_run
from lactflow.analysis.tally import TALLIED, tally
from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.recording import columns
from lactflow.recording.archive import Archive
from lactflow.recording.claimed import claimed_journal, read_unit
from lactflow.recording.memory import MemoryTables
from lactflow.recording.verify import verify
from lactflow.records import IDENTITY, OPTIONAL_TABLES, TABLES, Visit, optional_tables, tables_with

USUAL = set(TABLES) - set(OPTIONAL_TABLES)


def record_some(recorder, first: int, tables) -> None:
    """Three facts of each table."""
    for table in tables:
        if TABLES[table] is not Visit:
            for number in range(first, first + 3):
                recorder.record(made_up(table, number))


def recorded(folder: Path, tables: tuple[str, ...], *, close: bool = True) -> Path:
    """A run of two mothers with two replicates each, and two flushes each."""
    archive = Archive.create(folder, "x", "format: 1\n", {}, {}, tables=tables)
    for mother, replicate in ((0, 0), (0, 1), (1, 0), (1, 1)):
        recorder = archive.writer(mother, replicate)
        recorder.stations(KEYS)
        for first in (10, 50):
            record_some(recorder, first, tables_with(tables))
            recorder.instant_over(first + 10.0)
        recorder.close(80.0)
    if close:
        archive.finish("complete")
    else:
        archive._lock.release()
    return archive.path


def test_what_is_declared_decides_which_tables_a_run_has():
    """Analytes and signals that are declared, each with its table; every other table is in every run."""
    assert optional_tables() == ()
    assert optional_tables(analytes=["caffeine"]) == ("removal_contents", "infant_doses", "bottles")
    assert optional_tables(signals=["insulin"]) == ("levels",)
    assert optional_tables(drugs=["caffeine"]) == ("drug_levels", "infant_levels", "doses", "drugs_taken")
    assert optional_tables(bottles=["night"]) == ("bottle_contents", "bottle_balance")
    declared = {"signals": ["insulin"], "analytes": ["caffeine"], "bottles": ["night"], "drugs": ["a"]}
    assert (*optional_tables(**declared), "storage_losses") == OPTIONAL_TABLES
    assert optional_tables(**declared, stored=["frozen"]) == OPTIONAL_TABLES
    assert set(tables_with(())) == USUAL
    assert tables_with(OPTIONAL_TABLES) == tuple(TABLES)
    assert [table for table in tables_with(("levels",)) if table not in USUAL] == ["levels"]


@pytest.mark.parametrize("table", ["lobes", "level"])
def test_a_table_that_is_not_optional_is_refused(tmp_path, table):
    """By name, before anything is written."""
    with pytest.raises(ValueError, match=f"'{table}' is not an optional table"):
        Archive.create(tmp_path / "out", "x", "", {}, {}, tables=(table,))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("tables", [(), ("levels",), ("removal_contents",), OPTIONAL_TABLES])
def test_a_run_has_its_tables_before_the_first_event(tmp_path, tables):
    """A folder with an empty part for each table of the run, no folder for another; a plain reader reads them."""
    archive = Archive.create(tmp_path, "x", "format: 1\n", {}, {}, tables=tables)
    present = USUAL | set(tables)
    assert {path.name for path in archive.path.iterdir() if path.is_dir()} == {"journal", *present}
    run = open_run(archive.path)
    assert set(run.tables) == set(run.manifest["rows"]) == present
    assert verify(archive.path) == ("running", [])
    for table in present:
        assert list(pd.read_parquet(archive.path / table)) == [*TABLES[table]._fields, *IDENTITY]
    archive.finish("interrupted", error="x")
    assert set(open_run(archive.path).manifest["rows"]) == present


@pytest.mark.parametrize("close", [True, False], ids=["complete", "killed"])
def test_a_run_without_optional_tables_reads_them_empty(tmp_path, flushes, close):
    """With the columns and types of the table where it is there, whole, by column, in parts and of one unit."""
    path = recorded(tmp_path / "without", (), close=close)
    with_both = open_run(recorded(tmp_path / "with", OPTIONAL_TABLES))
    run = open_run(path)
    assert verify(path) == ("complete" if close else "crashed", [])
    assert len(run["removals"]) == 24
    for table in OPTIONAL_TABLES:
        assert not (path / table).exists()
        empty = run[table]
        assert len(empty) == 0
        assert len(with_both[table]) == 24
        pd.testing.assert_series_equal(empty.dtypes, columns.from_facts(table, [], 0, 0).to_pandas().dtypes)
        assert list(empty) == list(with_both[table])
        assert list(run.read(table, [list(empty)[1], "mother"])) == [list(empty)[1], "mother"]
        assert list(run.read_in_parts(table)) == []
        assert table in with_both.only(1, 1).tables
        assert table not in run.only(1, 1).tables


def test_every_unit_writes_the_tables_of_the_run(tmp_path, flushes):
    """All mothers and replicates; rows are counted in the manifest."""
    path = recorded(tmp_path, ("levels",))
    run = open_run(path)
    assert run.manifest["rows"] == {"visits": 0, **dict.fromkeys((USUAL | {"levels"}) - {"visits"}, 24)}
    assert run["levels"].groupby(["mother", "replicate"]).size().to_dict() == dict.fromkeys(
        [(0, 0), (0, 1), (1, 0), (1, 1)], 6
    )
    assert not (path / "removal_contents").exists()
    assert verify(path) == ("complete", [])


@pytest.mark.parametrize("table", OPTIONAL_TABLES)
def test_a_table_that_is_there_and_goes_is_damage(tmp_path, flushes, table):
    """The journal names its parts, the empty one too: a folder that is gone is no run without the table."""
    path = recorded(tmp_path, OPTIONAL_TABLES)
    shutil.rmtree(path / table)
    status, problems = verify(path)
    assert status == "complete"
    assert len(problems) == 9
    assert all(f"{table}/part-" in problem and "is missing" in problem for problem in problems)
    with pytest.raises(DamagedRunError, match=f"{table}/part-0000-0000-000001.parquet is missing"):
        open_run(path)[table]


def test_the_empty_part_of_a_table_without_rows_is_missed(tmp_path):
    """A table that is declared and has no rows has one part, and that is checked as well."""
    archive = Archive.create(tmp_path, "x", "format: 1\n", {}, {}, tables=("levels",))
    shutil.rmtree(archive.path / "levels")
    assert "levels/part-0000-0000-000000.parquet is missing" in verify(archive.path).problems[0]
    archive.finish("failed", error="x")


def test_a_part_in_a_folder_that_the_run_does_not_have_is_a_stranger(tmp_path, flushes):
    """Parts of a table that the run does not have do not become its rows."""
    path = recorded(tmp_path / "without", ())
    shutil.copytree(recorded(tmp_path / "with", ("levels",)) / "levels", path / "levels")
    assert len(open_run(path)["levels"]) == 0
    assert any("levels/part-0000-0000-000001.parquet is not in the journal" in each for each in verify(path).problems)


@pytest.mark.parametrize("table", OPTIONAL_TABLES)
def test_a_fact_without_a_table_is_an_error_by_name(tmp_path, table):
    """A run that reports what its directory was not made for stops at the first such fact."""
    archive = Archive.create(tmp_path, "x", "format: 1\n", {}, {})
    recorder = archive.writer()
    with pytest.raises(ArchiveError, match=f"was made without the table '{table}'"):
        recorder.record(made_up(table, 1))
    with pytest.raises(ArchiveError, match=f"was made without the table '{table}'"):
        recorder.record_rows(TABLES[table], [tuple(made_up(table, 1))])
    archive.finish("failed", error="x")


def test_a_run_that_has_empty_tables_on_disk_still_opens(tmp_path, flushes):
    """Runs of versions that always made the folders have the tables, without rows."""
    archive = Archive.create(tmp_path, "x", "format: 1\n", {}, {}, tables=OPTIONAL_TABLES)
    recorder = archive.writer()
    record_some(recorder, 10, USUAL)
    recorder.close(20.0)
    archive.finish("complete")
    run = open_run(archive.path)
    assert run.tables == tuple(TABLES)
    assert not any(len(run[table]) for table in OPTIONAL_TABLES)
    assert verify(archive.path) == ("complete", [])


def test_measures_need_no_more_than_the_columns_that_are_named(archive, flushes):
    """Of a unit whose parts are read one by one, while the run goes on; whatever else was recorded."""
    recorder = archive.writer()
    recorder.stations(KEYS)
    for number in (10, 50):
        record_made_up(recorder, number)
        recorder.instant_over(number + 10.0)
    recorder.close(80.0)
    recorder.commit()
    journal = claimed_journal(archive.path, 0, 0)
    unit = read_unit(archive.path, 0, 0, TALLIED, journal)
    assert {table: len(parts) for table, parts in unit.parts.items()} == dict.fromkeys(TALLIED, 2)
    mine, whole = tally(MemoryTables([unit], str)), tally(open_run(archive.path))
    pd.testing.assert_frame_equal(mine.sums, whole.sums, check_exact=True)
    pd.testing.assert_frame_equal(mine.weights, whole.weights, check_exact=True)
    archive.finish("complete")


def test_a_unit_that_has_not_ended_cannot_be_read(archive):
    """By the name of its journal."""
    archive.writer()
    with pytest.raises(DamagedRunError, match=r"0-0.jsonl is missing"):
        claimed_journal(archive.path, 0, 0)
