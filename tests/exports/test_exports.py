"""Exports: what they hold is what the folder holds, they appear whole, and validators of their forms accept them."""

from __future__ import annotations

import csv
import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from formula_texts import HOSTILE
from small_runs import VISITS, small_run

import lactflow
from lactflow.errors import ArchiveError, ConfigError
from lactflow.exports import target
from lactflow.exports.tables import gathered, unit_of
from lactflow.exports.written import guarded
from lactflow.recording.archive import Archive
from lactflow.recording.verify import verify


def plain(frame):
    """A frame without types of words: what CSV can keep."""
    words = frame.select_dtypes(include=["category", "object", "str"]).columns
    return frame.assign(**{name: frame[name].astype(object).where(frame[name].notna(), None) for name in words})


# -- tables -----------------------------------------------------------------------------------------------


def test_parquet_holds_the_tables(run, tmp_path):
    """One file a table, the same values, units and meanings with the columns."""
    import pyarrow.parquet as pq

    done = lactflow.export(run, "parquet", tmp_path / "x")
    stored = lactflow.open_run(run)
    assert done.path == tmp_path / "x"
    assert (
        set(done.files)
        == {f"{table}.parquet" for table in stored.tables}
        == {path.name for path in done.path.iterdir()}
    )
    for table in stored.tables:
        pd.testing.assert_frame_equal(
            plain(pd.read_parquet(done.path / f"{table}.parquet")), plain(stored[table]), check_dtype=False
        )
    field = pq.read_schema(done.path / "let_downs.parquet").field("ejected_ml")
    assert field.metadata == {b"unit": b"mL", b"description": b"milk moved from the alveoli into the ducts"}


def test_csv_holds_the_tables(run, tmp_path):
    """The same numbers to the bit, nothing for null; text but for the apostrophe before what looks like a formula."""
    done = lactflow.export(run, "csv", tmp_path / "x")
    stored = lactflow.open_run(run)
    assert set(done.files) == {*(f"{table}.csv" for table in stored.tables), "columns.csv"}
    for table in stored.tables:
        with (done.path / f"{table}.csv").open(newline="", encoding="utf-8") as stream:
            header, *rows = csv.reader(stream)
        frame = stored[table]
        assert header == list(frame.columns)
        assert len(rows) == len(frame)
        for number, name in enumerate(header):
            cells = [row[number] for row in rows]
            for cell, value in zip(cells, frame[name].tolist(), strict=True):
                if pd.isna(value):
                    assert cell == ""
                elif isinstance(value, str):
                    assert cell == guarded(value)
                else:
                    assert float(cell) == value


def test_no_cell_of_text_begins_a_formula(run, tmp_path):
    """Numbers below zero stay numbers; one apostrophe taken away gives the text that was there."""
    done = lactflow.export(run, "csv", tmp_path / "x", tables=["mothers", "removal_contents"])
    with (done.path / "mothers.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["trait"].removeprefix("'") for row in rows] == HOSTILE
    assert not [row["trait"] for row in rows if row["trait"][:1] in "=+-@\t\r\n\uff1d" and row["trait"]]
    assert {row["value"] for row in rows} == {"-0.3"}
    assert "'=cmd" in (done.path / "removal_contents.csv").read_text(encoding="utf-8")
    assert {path.name for path in done.path.iterdir()} == {"mothers.csv", "removal_contents.csv", "columns.csv"}


@pytest.mark.parametrize("first", "=+-@\t\r'")
def test_what_is_guarded(first):
    """By one apostrophe; nothing else is."""
    assert guarded(f"{first}x") == f"'{first}x"
    assert guarded(f"x{first}") == f"x{first}"


def test_columns_say_their_units(run, tmp_path):
    """Each column of each table once."""
    done = lactflow.export(run, "csv", tmp_path / "x")
    columns = pd.read_csv(done.path / "columns.csv", keep_default_na=False)
    stored = lactflow.open_run(run)
    assert list(zip(columns["table"], columns["column"], strict=True)) == [
        (table, name) for table in stored.tables for name in stored[table].columns
    ]
    one = columns[(columns["table"] == "visits") & (columns["column"] == "left_min")].iloc[0]
    assert (one["type"], one["unit"]) == ("number", "min")
    assert one["description"].startswith("left for the next station")


def test_tables_of_a_comparison(comparison, tmp_path):
    """Its own; those of its runs are exported from them, which is said."""
    done = lactflow.export(comparison, "csv", tmp_path / "x")
    assert done.files == ("differences.csv", "columns.csv")
    assert done.notes == (f"tables of its 1 run are exported from {comparison / 'runs'}",)
    text = (done.path / "differences.csv").read_text(encoding="utf-8")
    assert text == '"measure","made_ml_per_day","replicates","ok"\n"\'=made",-1,3,true\n"stored",,4,false\n'
    frame = pd.read_parquet(lactflow.export(comparison, "parquet", tmp_path / "y").path / "differences.parquet")
    pd.testing.assert_frame_equal(frame, pd.read_parquet(comparison / "differences.parquet"))


def test_units_by_the_ends_of_names():
    """The longest end counts."""
    names = (
        "made_ml_per_day_left",
        "sodium_mmol_per_l",
        "recorded_ml",
        "per_day",
        "hours_above_80_percent_full_per_day",
        "ml",
    )
    assert [unit_of(name) for name in names] == ["mL/day", "mmol/L", "mL", "", "h/day", ""]
    of_drugs = ["rid_percent[caffeine]@40", "milk_plasma_ratio", "fat_g_per_day"]
    assert [unit_of(name) for name in of_drugs] == ["%", "", "g/day"]


def test_a_run_that_was_cut_off_and_one_without_rows(tmp_path):
    """What is there is exported, and what it is is said."""
    done = lactflow.export(small_run(tmp_path / "out", ending="interrupted"), "csv", tmp_path / "x")
    assert done.notes == ("the run is interrupted: this is what was recorded until then",)
    archive = Archive.create(tmp_path / "empty", "none", "format: 1\n", {}, {})
    archive.finish("failed")
    done = lactflow.export(archive.path, "parquet", tmp_path / "y")
    assert len(pd.read_parquet(done.path / "visits.parquet")) == 0
    with pytest.raises(ConfigError, match="has no rows"):
        lactflow.export(archive.path, "trace", tmp_path / "z")


def test_short_parts_are_written_together(monkeypatch):
    """In their order; none is lost."""
    import pyarrow as pa

    monkeypatch.setattr("lactflow.exports.tables.BATCH_ROWS", 5)
    batches = [pa.table({"x": list(range(start, start + 2))}) for start in range(0, 14, 2)]
    found = list(gathered(batches))
    assert [each.num_rows for each in found] == [6, 6, 2]
    assert pa.concat_tables(found)["x"].to_pylist() == list(range(14))


# -- the folder -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["csv", "parquet", "datapackage", "trace", "crate"])
def test_nothing_is_overwritten_and_nothing_is_left_of_a_failure(run, tmp_path, monkeypatch, to):
    """A folder that is there stays as it is; one that fails never appears, under no name."""
    there = tmp_path / "there"
    there.mkdir()
    with pytest.raises(ConfigError, match="exists already; nothing was written"):
        lactflow.export(run, to, there)
    assert list(there.iterdir()) == []
    before = sorted(tmp_path.iterdir())

    def full(folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(target, "_make_durable", full)
    with pytest.raises(ArchiveError, match=r"cannot write .*fresh: No space left on device"):
        lactflow.export(run, to, tmp_path / "fresh")
    assert sorted(tmp_path.iterdir()) == before


def test_a_killed_export_has_no_name(run, tmp_path):
    """`kill -9` when all is written but the name: what is left is hidden, and the next export is whole."""
    code = (
        "import os, sys, lactflow\nfrom lactflow.exports import target\n"
        "target._make_durable = lambda folder: os.kill(os.getpid(), 9)\n"
        "lactflow.export(sys.argv[1], 'csv', sys.argv[2])"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(run), str(tmp_path / "x")], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "x").exists()
    assert [path.name[:3] for path in tmp_path.iterdir() if path.name != "out"] == [".x."]
    assert (lactflow.export(run, "csv", tmp_path / "x").path / "visits.csv").is_file()


def test_a_folder_without_a_name_is_numbered(run, tmp_path, monkeypatch):
    """In `exports` of the current folder; nothing is written elsewhere."""
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    paths = [lactflow.export(run, "csv", tables=["mothers"]).path for _ in range(3)]
    name = f"{run.name}-csv"
    assert paths == [Path("exports") / end for end in (name, f"{name}-2", f"{name}-3")]
    assert {path.relative_to(tmp_path).parts[0] for path in set(tmp_path.rglob("*")) - before} == {"exports"}


def test_not_into_the_folder_itself(run):
    """Readers of its tables would find the files of the export."""
    with pytest.raises(ConfigError, match="is in the folder that is exported"):
        lactflow.export(run, "csv", run / "visits" / "csv")
    assert verify(run).problems == []


def test_what_cannot_be_exported(run, comparison, tmp_path):
    """Forms and tables that are not there, a trace of no run, days and mothers that were not simulated."""
    for arguments, words in (
        ({"to": "xlsx"}, "there is no export to 'xlsx'"),
        ({"to": "csv", "tables": ["visit"]}, "has no table 'visit'"),
        ({"to": "trace", "unit": (3, 0)}, "has no rows of mother 3, replicate 0 .it has: mother 0 replicate 0"),
        ({"to": "trace", "from_day": 4}, "none of the days from 4 to None .it has days 1 to 1"),
        ({"to": "crate", "license_url": "MIT"}, "--license takes the address"),
        ({"to": "crate", "authors": ["0000-0002-1825-0097"]}, "--author takes a name"),
    ):
        with pytest.raises(ConfigError, match=words):
            lactflow.export(run, out=tmp_path / "x", **arguments)
    with pytest.raises(ConfigError, match="is a comparison; a trace is made of a run"):
        lactflow.export(comparison, "trace", tmp_path / "x")
    assert not (tmp_path / "x").exists()


# -- data packages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_frictionless_accepts_data_packages(run, tmp_path, form):
    """Descriptor, hashes and every cell."""
    frictionless = pytest.importorskip("frictionless")
    done = lactflow.export(run, "datapackage", tmp_path / "x", table_format=form)
    assert done.files[0] == "datapackage.json"
    report = frictionless.validate(str(done.path / "datapackage.json"))
    assert report.valid, report.flatten(["name", "fieldName", "type", "note"])
    assert report.stats["tasks"] == len(lactflow.open_run(run).tables)


def test_data_packages_describe_every_column(run, comparison, tmp_path):
    """Type, unit, meaning, and what is never empty, from the data dictionary; licence where one is named."""
    done = lactflow.export(
        run, "datapackage", tmp_path / "x", license_url="https://creativecommons.org/licenses/by/4.0/"
    )
    descriptor = json.loads((done.path / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["licenses"] == [{"path": "https://creativecommons.org/licenses/by/4.0/"}]
    resource = next(each for each in descriptor["resources"] if each["name"] == "visits")
    content = (done.path / "visits.csv").read_bytes()
    assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert fields["left_min"] == {
        "name": "left_min",
        "type": "number",
        "unit": "min",
        "description": "left for the next station or the lumen; null when still there at the end",
    }
    assert fields["breast"]["constraints"] == {"required": True, "enum": ["left", "right"]}
    assert fields["packet"]["constraints"] == {"required": True}
    assert "constraints" not in fields["station"], "a package may add others"
    assert fields["mother"]["type"] == "integer"
    of_comparison = lactflow.export(comparison, "datapackage", tmp_path / "y")
    (resource,) = json.loads((of_comparison.path / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert [field["type"] for field in resource["schema"]["fields"]] == ["string", "number", "integer", "boolean"]
    assert resource["schema"]["fields"][1]["unit"] == "mL/day"


def test_frictionless_would_notice_a_changed_cell(run, tmp_path):
    """A hash that is another, a text in a column of numbers."""
    frictionless = pytest.importorskip("frictionless")
    done = lactflow.export(run, "datapackage", tmp_path / "x")
    file = done.path / "mothers.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("-0.3", "few", 1), encoding="utf-8")
    report = frictionless.validate(str(done.path / "datapackage.json"))
    assert {row[0] for row in report.flatten(["type"])} >= {"hash-count", "type-error"}


def test_visits_of_a_run_without_them(tmp_path):
    """An empty table, and a trace that says so."""
    run = small_run(tmp_path / "out", visits=())
    done = lactflow.export(run, "trace", tmp_path / "x")
    assert done.notes == ("the run has no visits (it was made with --no-visits): the trace has no stations",)


def test_the_rows_that_are_read_are_those_of_the_visits(run, tmp_path):
    """As many as were given."""
    done = lactflow.export(run, "csv", tmp_path / "x", tables=["visits"])
    assert len(pd.read_csv(done.path / "visits.csv")) == len(VISITS)
