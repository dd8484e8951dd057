"""Runs of many units of work: one file a table, whatever comes between."""

from __future__ import annotations

import pandas as pd
import pytest

from lactflow.analysis.run import open_run
from lactflow.config.scenario import load_scenario
from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.experiments.run import new_archive, resume_run, run_scenario, units_of
from lactflow.experiments.unit import run_unit
from lactflow.recording import archive as archive_module
from lactflow.recording import merging
from lactflow.recording.archive import Archive
from lactflow.recording.verify import verify

UNITS = 4


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Runs are put together from three units on."""
    monkeypatch.setattr(archive_module, "FEWEST_UNITS", 3)


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "many.yaml"
    path.write_text(
        "format: 1\nstart_day: 30\ndays: 0.5\ngland: {lobes_per_breast: 1}\nresolution: {packet_ml: 1.0}\n"
        "schedule: [{kind: every, hours: 3}]\nrecord: {visits: false}\n"
    )
    return load_scenario(path, replicates=UNITS)


@pytest.fixture
def apart(scenario, tmp_path, monkeypatch):
    """The same run, not put together."""
    with monkeypatch.context() as patch:
        patch.setattr(archive_module, "FEWEST_UNITS", 100)
        return run_scenario(scenario, tmp_path / "apart", ["test"], workers=1)


def files(path):
    return sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())


def assert_same(run, other):
    """All tables, by the reader and as a plain read gives them; both are sound."""
    for table in other.tables:
        assert run[table].equals(other[table]), table
        plain = pd.read_parquet(run.path / table)
        assert [tuple(row) for row in plain.astype(str).itertuples(index=False)] == [
            tuple(row) for row in pd.read_parquet(other.path / table).astype(str).itertuples(index=False)
        ], table
        assert [part.to_csv() for part in run.read_in_parts(table)] == [
            part.to_csv() for part in other.read_in_parts(table)
        ]
    assert run.spans_min == other.spans_min
    assert verify(run.path) == verify(other.path) == ("complete", [])
    assert run.manifest["rows"] == other.manifest["rows"]


def test_run_has_one_file_a_table(scenario, apart, tmp_path):
    """Rows and their order are those of a run with a file for each unit."""
    run = run_scenario(scenario, tmp_path / "out", ["test"], workers=1)
    assert_same(run, apart)
    found = files(run.path)
    assert len(found) <= 25
    assert "removals/part-merged.parquet" in found
    assert not any("part-0000-0001" in file or file.startswith("journal/0-") for file in found)
    assert run.only(0, 2)["removals"].equals(apart.only(0, 2)["removals"])


def test_number_of_files_does_not_grow(scenario, tmp_path):
    """Three units or four."""
    less = load_scenario(tmp_path / "many.yaml", replicates=3)
    runs = [run_scenario(each, tmp_path / "out", ["test"], workers=1) for each in (less, scenario)]
    assert files(runs[0].path) == files(runs[1].path)


def test_units_that_end_in_another_order_keep_theirs(scenario, apart, tmp_path):
    """The last one first."""
    archive = new_archive(scenario, tmp_path / "out", "many")
    units = units_of(scenario, archive.path)
    archive.put_together([(unit.mother, unit.replicate) for unit in units])
    for unit in reversed(units):
        run_unit(unit)
        archive.ended(unit.mother, unit.replicate)
    archive.finish("complete")
    assert_same(open_run(archive.path), apart)


def test_few_units_stay_apart(scenario, tmp_path, monkeypatch):
    """A run with less than so many has a file for each."""
    monkeypatch.setattr(archive_module, "FEWEST_UNITS", UNITS + 1)
    run = run_scenario(scenario, tmp_path / "out", ["test"], workers=1)
    assert not any("merged" in file for file in files(run.path))


def test_visits_stay_where_they_are(tmp_path, scenario):
    """A file for each unit; their lines are in the journal of all."""
    config = scenario.config
    scenario = load_scenario(tmp_path / "many.yaml", ["record.visits=true"], replicates=UNITS)
    assert scenario.config.record.visits != config.record.visits
    run = run_scenario(scenario, tmp_path / "out", ["test"], workers=1)
    assert len([file for file in files(run.path) if file.startswith("visits/part-0000-000")]) == UNITS + 1
    assert verify(run.path).problems == []
    assert run["visits"]["replicate"].nunique() == UNITS


def test_damage_is_found(scenario, tmp_path):
    """A bit of the one file, or of the journal of all, wherever it is."""
    run = run_scenario(scenario, tmp_path / "out", ["test"], workers=1)
    path = run.path / "removals" / "part-merged.parquet"
    sound = path.read_bytes()
    path.write_bytes(bytes([sound[0] ^ 1]) + sound[1:])
    assert any("part-merged.parquet is damaged" in problem for problem in verify(run.path).problems)
    with pytest.raises(DamagedRunError, match=r"part-merged\.parquet is damaged"):
        open_run(run.path)["removals"]
    path.write_bytes(sound)
    assert verify(run.path).problems == []
    journal = run.path / "journal" / "merged.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"group":1', b'"group":2', 1))
    assert "merged.jsonl:" in verify(run.path).problems[0]
    path.unlink()
    with pytest.raises(DamagedRunError):
        open_run(run.path)["removals"]


STEPS = ("replace_file", "take_places", "_keep_empty_parts", "_take_place", "sync_folders")


@pytest.mark.parametrize("at", [(step, after) for step in STEPS for after in (False, True)], ids=str)
def test_whatever_stops_it_the_run_is_whole(at, scenario, apart, tmp_path, monkeypatch):
    """Before or after every step: the rows are there for the reader, and going on ends it."""
    step, after = at
    inner = getattr(merging, step)

    class Killed(BaseException):
        pass

    def killed(*given):
        if after:
            inner(*given)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(merging, step, killed)
        patch.setattr(Archive, "_write_manifest", lambda *_: None)
        with pytest.raises(Killed):
            run_scenario(scenario, tmp_path / "out", ["test"], workers=1)
    (path,) = (tmp_path / "out").iterdir()
    crashed = open_run(path)
    assert crashed.status == "crashed"
    for table in apart.tables:
        assert crashed[table].equals(apart[table]), table
    assert_same(resume_run(path, workers=1), apart)
    assert len(files(path)) <= 25


def test_a_disk_that_refuses_leaves_the_run_apart(scenario, tmp_path, monkeypatch):
    """It is not complete, nothing of it is lost, and it can be resumed."""

    def refuse(self, rows):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(merging._Table, "add", refuse)
        with pytest.raises(ArchiveError, match="put the tables together"):
            run_scenario(scenario, tmp_path / "out", ["test"], workers=1)
    (path,) = (tmp_path / "out").iterdir()
    assert open_run(path).status == "failed"
    assert not any("merged" in file for file in files(path))
    assert resume_run(path, workers=1).status == "complete"
