"""`lactflow export`: what is printed, what goes together, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from small_runs import small_run

from lactflow.cli.export import FORMS
from lactflow.exports import export as module


@pytest.fixture
def run(tmp_path):
    """A run with two replicates."""
    return str(small_run(tmp_path / "out", units=((0, 0), (0, 1))))


def test_forms_are_those_of_the_library():
    """The command names them without importing it."""
    assert get_args(module.Form) == module.FORMS
    assert sorted(FORMS) == sorted(module.FORMS)


def test_where_it_is(invoke, run):
    """The folder on stdout, or the file where there is one; what must be known on stderr."""
    result = invoke("export", run, "--to", "csv", "-o", "tables")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "tables\n", "")
    assert Path("tables/visits.csv").is_file()
    result = invoke("export", run, "--to", "trace")
    assert result.stdout == f"exports/{Path(run).name}-trace/trace.json\n"
    assert result.stderr == "note: the trace has mother 0, replicate 0: one of 2 (--mother, --replicate)\n"
    assert Path(result.stdout.strip()).is_file()
    result = invoke("export", run, "--to", "trace", "--replicate", "1", "--from-day", "1", "--to-day", "1", "--json")
    answer = json.loads(result.stdout)
    assert result.stderr == ""
    assert answer["files"] == ["trace.json"]
    assert answer["export_dir"].endswith("-trace-2")
    trace = json.loads(Path(answer["export_dir"], "trace.json").read_text(encoding="utf-8"))
    assert trace["otherData"]["replicate"] == 1


def test_tables_of_a_data_package(invoke, run):
    """Parquet by an option, and one table alone."""
    args = ("--tables-as", "parquet", "--table", "visits", "-o", "package", "--json")
    answer = json.loads(invoke("export", run, "--to", "datapackage", *args).stdout)
    assert answer == {
        "export_dir": "package",
        "to": "datapackage",
        "files": ["datapackage.json", "visits.parquet"],
        "notes": [],
    }


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "Missing option '--to'"),
        (["--to", "xlsx"], "'xlsx' is not one of"),
        (["--to", "csv", "--from-day", "2"], "--from-day goes with --to trace, not with csv"),
        (["--to", "parquet", "--license", "https://x.org"], "--license goes with --to crate or datapackage"),
        (["--to", "crate", "--table", "visits"], "--table goes with --to csv or parquet or datapackage"),
        (["--to", "csv", "--table", "visit"], "has no table 'visit'"),
        (["--to", "csv", "-o", "out"], "out: exists already"),
        (["--to", "crate", "--license", "MIT"], "--license takes the address of a licence"),
    ],
)
def test_bad_command_lines(invoke, run, args, words):
    """2, and nothing is written."""
    before = sorted(Path().iterdir())
    result = invoke("export", run, *args)
    assert result.exit_code == 2
    assert words in result.stderr
    assert sorted(Path().iterdir()) == before


def test_folders_that_are_none(invoke, run):
    """4, and 1 for damage."""
    Path("none").mkdir()
    assert invoke("export", "none", "--to", "csv").exit_code == 4
    next(Path(run).glob("visits/*-000001.parquet")).write_bytes(b"x")
    result = invoke("export", run, "--to", "csv", "-o", "x")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert not Path("x").exists()
