"""The run directory: whole from the first moment, flushed together, closed with a status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pandas as pd
import pytest
from made_up_facts import KEYS, in_order_of_leaving, made_up, packed, record_made_up, visit_rows

from lactflow.analysis.run import open_run
from lactflow.errors import ArchiveError, ConfigError, DamagedRunError
from lactflow.recording.archive import Archive
from lactflow.recording.reader import UnknownTableError
from lactflow.recording.recorder import FLUSH_MIN
from lactflow.recording.verify import verify
from lactflow.records import IDENTITY, TABLES
from lactflow.version import build


def test_the_directory_is_there_before_the_first_event(archive):
    """Manifest, config, journal and an empty part a table; nothing hidden but the lock."""
    path = archive.path
    assert re.fullmatch(r"trial-\d{8}T\d{6}Z-[0-9a-f]{8}", path.name)
    assert {p.name for p in path.iterdir()} == {".lock", "manifest.json", "config.yaml", "log.csv", "journal", *TABLES}
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert (path / "config.yaml").read_bytes() == b"format: 1\n"
    for table in TABLES:
        frame = pd.read_parquet(path / table)
        assert len(frame) == 0
        assert list(frame) == [*TABLES[table]._fields, *IDENTITY]
        assert [p.name for p in (path / table).iterdir()] == ["part-0000-0000-000000.parquet"]
    run = open_run(path)
    assert run.status == "running"
    assert run.config_text == "format: 1\n"
    assert run.spans_min == {}
    manifest = run.manifest
    assert (manifest["format"], manifest["seed"], manifest["command"], manifest["error"]) == (1, 3, ["run"], None)
    assert set(manifest["versions"]) == {"python", "lactflow", "simpy", "numpy", "pandas", "pyarrow"}
    assert manifest["build"] == build()
    assert verify(path) == ("running", [])


def test_what_is_recorded_is_what_is_read(complete):
    """All tables, nulls among them, by the plain reader and by ours."""
    run = open_run(complete)
    assert run.status == "complete"
    assert run.tables == tuple(TABLES)
    numbers = [(n, replicate) for replicate in range(2) for start in (10, 50) for n in range(start, start + 3)]
    for table in set(TABLES) - {"visits"}:
        expected = pd.DataFrame(
            [(*made_up(table, n, nulls=n % 10 == 1), replicate, 0) for n, replicate in numbers],
            columns=[*TABLES[table]._fields, *IDENTITY],
        )
        for frame in (run[table], pd.read_parquet(complete / table).sort_values("replicate", kind="stable")):
            pd.testing.assert_frame_equal(frame.reset_index(drop=True), expected, check_dtype=False)
    visits = run["visits"]
    assert len(visits) == len(pd.read_parquet(complete / "visits")) == 160
    assert list(visits["station"].cat.categories) == [
        "rer",
        "golgi",
        "vesicle_fusion",
        "droplet_growth",
        "droplet_budding",
    ]
    packets = [row[1] for first in (10, 50) for row in in_order_of_leaving(visit_rows(40, first))]
    assert visits["packet"].tolist() == packets * 2
    assert run.manifest["rows"] == {"visits": 160, **dict.fromkeys(set(TABLES) - {"visits"}, 12)}
    assert run.manifest["simulated_min"] == 2 * (60.0 - run.spans_min[0, 0][0])
    assert list(run.read("removals", ["removed_ml", "mother"])) == ["removed_ml", "mother"]


def test_a_table_is_read_in_parts(complete):
    """The same rows in the same order, a flush of one unit at a time; none of an empty table."""
    run = open_run(complete)
    for table in TABLES:
        parts = list(run.read_in_parts(table))
        assert len(parts) == 4
        assert all(len(part) and len(part[["mother", "replicate"]].drop_duplicates()) == 1 for part in parts)
        pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), run[table])
    empty = Archive.create(complete.parent, "empty", "", {}, {})
    assert list(open_run(empty.path).read_in_parts("visits")) == []
    with pytest.raises(UnknownTableError, match="nearest is 'visits'"):
        run.read_in_parts("visit")


def test_the_journal_names_every_part(complete):
    """A line a part: where, how much, which flush, which time."""
    journal = [json.loads(line) for line in (complete / "journal" / "0-1.jsonl").read_text().splitlines()]
    assert {line["flush"] for line in journal} == {1, 2}
    assert all(line["parts"] == len(TABLES) for line in journal)
    assert journal[0]["file"] == "visits/part-0000-0001-000001.parquet"
    assert [line["to_min"] for line in journal[:: len(TABLES)]] == [20.0, 60.0]
    assert journal[-1]["from_min"] == 20.0


def test_a_flush_comes_with_rows_or_with_time(archive):
    """Memory is bounded by rows, what a crash can lose by simulated days."""
    recorder = archive.writer()
    recorder.stations(KEYS)
    buffer = recorder.visits
    recorder.record(made_up("removals", 1))
    recorder.instant_over(60.0)
    assert recorder.pending_rows == 1
    recorder.instant_over(60.0 + FLUSH_MIN)
    assert recorder.pending_rows == 0
    recorder.instant_over(60.0 + 3 * FLUSH_MIN)
    buffer.put_back(packed(visit_rows(1000)) * 66)
    recorder.instant_over(61.0 + 3 * FLUSH_MIN)
    recorder.settle()
    assert recorder.pending_rows == 0
    assert recorder.visits is buffer
    assert open_run(archive.path).manifest["rows"]["visits"] == 0
    assert len(open_run(archive.path)["visits"]) == 66_000


def test_no_visits_leaves_an_empty_table(archive):
    """Without rows for packets all other tables stay."""
    recorder = archive.writer(visits=False)
    assert recorder.visits is None
    record_made_up(recorder, 1)
    recorder.close(5.0)
    recorder.close(5.0)
    archive.finish("interrupted", error="stopped by signal 2")
    run = open_run(archive.path)
    assert (run.status, run.manifest["error"]) == ("interrupted", "stopped by signal 2")
    assert (len(run["visits"]), len(run["removals"])) == (0, 3)


def test_complete_is_refused_while_rows_are_missing(archive):
    """A run that forgot to write is not a complete one."""
    record_made_up(archive.writer(), 1)
    rows = 40 + 3 * (len(TABLES) - 1)
    with pytest.raises(ArchiveError, match=f"{rows} rows were not written"):
        archive.finish("complete")
    run = open_run(archive.path)
    assert run.status == "failed"
    assert "not written" in run.manifest["error"]


def test_the_time_that_a_run_took_is_reported(archive, monkeypatch):
    """On a clock that nobody sets: from 1000 s to 1003.5 s."""
    archive._started_s = 1000.0
    monkeypatch.setattr("lactflow.recording.archive.time", SimpleNamespace(monotonic=lambda: 1003.5))
    archive.finish("failed", error="x")
    assert open_run(archive.path).manifest["wall_s"] == 3.5


def test_a_journal_that_cannot_be_read_hides_no_error(archive):
    """A run that failed keeps its own reason; one that is said to be complete is not."""
    (archive.path / "journal" / "0-0.jsonl").write_bytes(b"?\n")
    archive.finish("failed", error="out of milk")
    manifest = json.loads((archive.path / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["status"], manifest["error"]) == ("failed", "out of milk")
    with pytest.raises(DamagedRunError, match=r"0-0\.jsonl:1: not a journal line"):
        archive.finish("complete")
    assert json.loads((archive.path / "manifest.json").read_text(encoding="utf-8"))["status"] == "failed"


def test_a_unit_of_work_is_recorded_once(complete):
    """A second writer of the same unit would overwrite the first."""
    from lactflow.recording.recorder import RunRecorder

    with pytest.raises(ArchiveError, match="mother 0, replicate 1 is there already"):
        RunRecorder(complete, 0, 1)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/tmp/x", "a b", "a\0b", "x" * 65, ".hidden", "ü", "a\n"])
def test_bad_names_write_nothing(tmp_path, name):
    """A name cannot lead out of the output folder."""
    with pytest.raises(ConfigError, match="not allowed"):
        Archive.create(tmp_path / "out", name, "", {}, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "file", ["", "..", "../x", "a/b", "/etc/x", "a\0b", ".lock", "manifest.json", "visits", "x" * 256]
)
def test_bad_file_names_write_nothing(tmp_path, file):
    """What is attached stays in the run directory and hides nothing."""
    with pytest.raises(ConfigError, match="cannot be kept"):
        Archive.create(tmp_path / "out", "x", "", {file: b""}, {})
    assert list(tmp_path.iterdir()) == []


def test_names_distinguish_configs(tmp_path):
    """Another config or another log is another directory."""
    names = set()
    for text, log in (("a", b""), ("b", b""), ("a", b"1")):
        archive = Archive.create(tmp_path, "x", text, {"log.csv": log}, {})
        names.add(archive.path.name.rpartition("-")[2])
        archive.finish("complete")
    assert len(names) == 3


def test_a_taken_name_gets_a_number(tmp_path, monkeypatch):
    """A run directory is never overwritten, and nobody waits: not for a run that ended, nor for one that goes on."""
    monkeypatch.setattr("lactflow.recording.archive._now", lambda: 1_800_000_000.5)
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail(f"waits for {seconds} s"))
    archives = [Archive.create(tmp_path, "x", "", {}, {}) for _ in range(2)]
    for archive in archives:
        archive.finish("failed", error="x")
    archives += [Archive.create(tmp_path, "x", "", {}, {})]
    archives[-1].finish("failed", error="x")
    first, *others = [archive.path.name for archive in archives]
    assert re.fullmatch(r"x-20270115T080000Z-[0-9a-f]{8}", first)
    assert others == [f"{first}-2", f"{first}-3"]
    assert sorted(p.name for p in tmp_path.iterdir()) == [first, *others]


def test_a_file_in_the_place_of_a_run_is_left_alone(tmp_path, monkeypatch):
    """Whatever has the name: file, empty folder, link to nowhere."""
    monkeypatch.setattr("lactflow.recording.archive._now", lambda: 1.8e9)
    first = Archive.create(tmp_path / "first", "x", "", {}, {})
    out = tmp_path / "out"
    out.mkdir()
    (out / first.path.name).write_text("mine", encoding="utf-8")
    (out / f"{first.path.name}-2").mkdir()
    (out / f"{first.path.name}-3").symlink_to("nowhere")
    archive = Archive.create(out, "x", "", {}, {})
    assert archive.path.name == f"{first.path.name}-4"
    assert (out / first.path.name).read_text(encoding="utf-8") == "mine"
    for each in (first, archive):
        each.finish("failed", error="x")


def test_processes_of_one_second_have_a_directory_each(tmp_path):
    """Several processes that start the same run in the same second all run."""
    script = """
import sys
from pathlib import Path
from lactflow.recording import archive
archive._now = lambda: 1.8e9
print("ready", flush=True)
sys.stdin.readline()
print(archive.Archive.create(Path(sys.argv[1]), "x", "", {}, {}).path.name, flush=True)
sys.stdin.readline()
"""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    names = sorted(process.stdout.readline().strip() for process in processes)
    assert names == [names[0], *(f"{names[0]}-{number}" for number in (2, 3, 4))]
    assert {open_run(tmp_path / name).status for name in names} == {"running"}
    for process in processes:
        process.communicate("end\n")
        assert process.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert {open_run(tmp_path / name).status for name in names} == {"crashed"}


def test_readers_may_come_while_it_is_written(archive, flushes):
    """A plain read and a cut one work at any moment of a run."""
    done = threading.Event()

    def write() -> None:
        recorder = archive.writer()
        recorder.stations(KEYS)
        for number in range(0, 400, 40):
            record_made_up(recorder, number)
            recorder.instant_over(number + 40.0)
        recorder.settle()
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not done.is_set():
        run = open_run(archive.path)
        assert 3 * len(run["visits"]) == 40 * len(run["removals"])
        pd.read_parquet(archive.path / "visits")
    thread.join()
    assert len(open_run(archive.path)["visits"]) == 400


def test_no_run_directory_is_one_line(tmp_path):
    """Missing, empty, not a folder, or of another format: an error that names the path."""
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "newer").mkdir()
    (tmp_path / "newer" / "manifest.json").write_text('{"format": 2, "status": "complete"}')
    reasons = {"gone": "is missing", "file": "not a directory", "empty": "no manifest.json", "newer": "has format 2"}
    for name, reason in reasons.items():
        for read in (open_run, verify):
            with pytest.raises(ArchiveError, match=reason) as caught:
                read(tmp_path / name)
            assert caught.value.exit_code == 4
            assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1, "status": "fine"}', b"\xff\xfe{}"])
def test_a_damaged_manifest_is_reported_as_damage(complete, content):
    """What cannot be read is not guessed."""
    (complete / "manifest.json").write_bytes(content)
    with pytest.raises(DamagedRunError, match=r"manifest\.json"):
        open_run(complete)
    status, problems = verify(complete)
    assert status == "damaged"
    assert "manifest.json" in problems[0]


def test_an_unknown_table_has_a_nearest_name(complete):
    """For a slip of the finger, what was meant is named."""
    with pytest.raises(UnknownTableError, match="no table 'removal'; nearest is 'removals'") as caught:
        open_run(complete)["removal"]
    assert isinstance(caught.value, KeyError)
    assert "\\" not in str(caught.value)
