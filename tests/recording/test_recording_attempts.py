"""Attempts at a unit of work: given several times, at once or after a death, one of them counts."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
import threading
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
from made_up_facts import KEYS, made_up, record_made_up
from sealing import read

from lactflow.analysis.run import open_run
from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.recording.archive import Archive
from lactflow.recording.attempts import Attempt, discard, going_on, not_claimed, over_at, superseded
from lactflow.recording.recorder import RunRecorder
from lactflow.recording.verify import verify
from lactflow.records import OPTIONAL_TABLES, TABLES


@pytest.fixture
def planned(tmp_path):
    """A run directory for two units of work."""
    return Archive.create(tmp_path, "x", "format: 1\n", {}, {}, tables=OPTIONAL_TABLES, units=2)


def recorded(directory, replicate=0, *, numbers=(0,), whole=True):
    """A unit with three facts of each table a flush, whole or left as a worker that failed leaves it."""
    recorder = RunRecorder(directory, 0, replicate)
    with recorder:
        recorder.stations(KEYS)
        for number in numbers:
            record_made_up(recorder, number)
            recorder._flush(number + 40.0)
        recorder.close(numbers[-1] + 40.0)
        if whole:
            recorder.commit()
    return recorder


def journals(directory):
    """Names of the journals."""
    return sorted(path.name for path in (directory / "journal").iterdir())


def parts(directory, table="removals"):
    """Names of the parts of a table."""
    return sorted(path.name for path in (directory / table).iterdir())


def test_a_unit_counts_when_it_is_committed(planned):
    """Its journal has the name of an attempt until then; what it says can be read before and after."""
    recorder = RunRecorder(planned.path, 0, 1)
    recorder.stations(KEYS)
    record_made_up(recorder, 0)
    recorder.close(40.0)
    assert journals(planned.path) == ["0-1.1.jsonl", "tables.jsonl"]
    assert len(open_run(planned.path)["removals"]) == 3
    assert recorder.commit() is True
    assert recorder.commit() is True
    assert journals(planned.path) == ["0-1.jsonl", "tables.jsonl"]
    assert len(open_run(planned.path)["removals"]) == 3
    assert parts(planned.path) == ["part-0000-0000-000000.parquet", "part-0000-0001-000001.parquet"]
    assert verify(planned.path) == ("running", [])


def test_what_is_not_written_is_not_committed(planned):
    """Rows that are recorded and not flushed."""
    recorder = RunRecorder(planned.path)
    recorder.record(made_up("removals", 1))
    with pytest.raises(ArchiveError, match="1 rows were not written"):
        recorder.commit()


def test_the_first_of_two_attempts_counts(planned):
    """The other is removed with all its files, whichever began first; rows come once."""
    first, second = (RunRecorder(planned.path) for _ in range(2))
    assert (first.attempt, second.attempt) == (Attempt(0, 0, 1), Attempt(0, 0, 2))
    for recorder in (first, second):
        recorder.stations(KEYS)
        record_made_up(recorder, 0)
        recorder.close(40.0)
    assert len(pd.read_parquet(planned.path / "removals")) == 6
    assert len(open_run(planned.path)["removals"]) == 3
    assert verify(planned.path) == ("running", [])
    assert second.commit() is True
    assert first.commit() is False
    assert journals(planned.path) == ["0-0.jsonl", "tables.jsonl"]
    assert parts(planned.path) == ["part-0000-0000-000000.parquet", "part-0000-0000.2-000001.parquet"]
    assert len(pd.read_parquet(planned.path / "removals")) == 3
    recorded(planned.path, 1)
    planned.finish("complete")
    assert verify(planned.path) == ("complete", [])


def test_a_unit_that_counts_is_not_begun_again(planned):
    """And nothing is left of the try."""
    recorded(planned.path)
    with pytest.raises(ArchiveError, match="mother 0, replicate 0 is there already"):
        RunRecorder(planned.path)
    assert journals(planned.path) == ["0-0.jsonl", "tables.jsonl"]


def test_of_several_attempts_the_farthest_is_read(planned):
    """None of them has ended; the others are removed when the run is closed."""
    recorded(planned.path, numbers=(0,), whole=False)
    recorded(planned.path, numbers=(0, 40), whole=False)
    recorded(planned.path, numbers=(0,), whole=False)
    RunRecorder(planned.path, 0, 0).release()
    run = open_run(planned.path)
    assert len(run["removals"]) == 6
    assert run.spans_min[0, 0][1] == 80.0
    assert superseded(planned.path) == [Attempt(0, 0, number) for number in (1, 3, 4)]
    planned.finish("failed", error="x")
    assert journals(planned.path) == ["0-0.2.jsonl", "tables.jsonl"]
    assert len(pd.read_parquet(planned.path / "removals")) == len(open_run(planned.path)["removals"]) == 6
    assert verify(planned.path) == ("failed", [])


def test_an_attempt_that_died_is_removed(planned):
    """Its parts, a part under a hidden name, and its journal; the empty parts of the tables stay."""
    recorded(planned.path, numbers=(0, 40), whole=False)
    (planned.path / "removals" / ".part-0000-0000-000003.parquet.tmp").write_bytes(b"half")
    discard(planned.path, over_at(planned.path, 0, 0))
    assert journals(planned.path) == ["tables.jsonl"]
    for table in TABLES:
        assert parts(planned.path, table) == ["part-0000-0000-000000.parquet"]
    recorded(planned.path)
    assert parts(planned.path) == ["part-0000-0000-000000.parquet", "part-0000-0000-000001.parquet"]


@pytest.mark.parametrize("step", ["unlink", "rename", "fsync"])
def test_removing_can_stop_anywhere(planned, monkeypatch, step):
    """What is left is readable, sound to verify, and removed by the next try; meanwhile the number is not free."""
    real = getattr(os, step)
    for at in count(1):
        recorded(planned.path, numbers=(0, 40), whole=False)
        calls = count(1)

        def stops(*args, at=at, calls=calls, **how):
            if next(calls) == at:
                raise OSError(errno.EIO, "no")
            return real(*args, **how)

        with monkeypatch.context() as patch:
            patch.setattr(os, step, stops)
            try:
                discard(planned.path, not_claimed(planned.path))
                break
            except ArchiveError:
                pass
        assert verify(planned.path) == ("running", [])
        assert len(open_run(planned.path)["removals"]) in (0, 6)
        if any(name.endswith(".going") for name in journals(planned.path)):
            second = RunRecorder(planned.path)
            assert second.attempt.number == 2
            second.release()
        discard(planned.path, not_claimed(planned.path))
        assert journals(planned.path) == ["tables.jsonl"]
        assert parts(planned.path) == ["part-0000-0000-000000.parquet"]
    assert at > 1


@pytest.mark.parametrize("both", [True, False])
def test_a_claim_that_was_cut_short_counts(planned, both):
    """Killed between the two names: the second is removed, by whoever removes, and the parts stay."""
    recorded(planned.path)
    unit = planned.path / "journal" / "0-0.jsonl"
    copy = unit.with_name("0-0.1.jsonl")
    copy.hardlink_to(unit) if both else copy.write_bytes(unit.read_bytes())  # a copy has lost its links
    assert len(open_run(planned.path)["removals"]) == 3
    assert verify(planned.path) == ("running", [])
    with pytest.raises(ArchiveError, match="is there already"):
        RunRecorder(planned.path)
    recorded(planned.path, 1)
    planned.finish("complete")
    assert journals(planned.path) == ["0-0.jsonl", "0-1.jsonl", "tables.jsonl"]
    assert len(pd.read_parquet(planned.path / "removals")) == 6
    assert verify(planned.path) == ("complete", [])


def test_where_there_are_no_links_the_journal_is_renamed(planned, monkeypatch):
    """As on some network and memory-card file systems."""

    def refused(*_args, **_how):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refused)
    first, second = (RunRecorder(planned.path) for _ in range(2))
    assert first.commit() is True
    assert second.commit() is False
    assert journals(planned.path) == ["0-0.jsonl", "tables.jsonl"]


def test_racing_attempts_leave_one(planned):
    """Eight threads with a unit each, the same: one counts, and its rows come once."""
    begin, won = threading.Barrier(8), []

    def race():
        begin.wait()
        try:
            recorder = RunRecorder(planned.path)
        except ArchiveError:
            return
        recorder.stations(KEYS)
        record_made_up(recorder, 0)
        recorder.close(40.0)
        won.append(recorder.commit())

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(won) == 1
    assert journals(planned.path) == ["0-0.jsonl", "tables.jsonl"]
    assert len(pd.read_parquet(planned.path / "removals")) == 3
    assert verify(planned.path) == ("running", [])


_WRITER = """
import sys
from pathlib import Path
from lactflow.recording.recorder import RunRecorder
recorder = RunRecorder(Path(sys.argv[1]))
print(recorder.attempt.number, flush=True)
sys.stdin.read()
"""


def test_an_attempt_goes_on_as_long_as_its_process(planned):
    """It is not removed before; the kernel knows."""
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(planned.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with writer:
        assert writer.stdout.readline() == "1\n"
        recorded(planned.path)
        assert going_on(planned.path, not_claimed(planned.path)) == [Attempt(0, 0, 1)]
        assert superseded(planned.path) == []
        writer.kill()
        writer.wait()
        assert going_on(planned.path, not_claimed(planned.path)) == []
        assert superseded(planned.path) == [Attempt(0, 0, 1)]


def test_a_lock_ends_with_the_attempt(planned):
    """Of a recorder that is left, and of one that is committed."""
    for whole in (False, True):
        recorder = recorded(planned.path, whole=whole)
        assert recorder._lock is None
    with (planned.path / "journal" / "0-0.jsonl").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_complete_is_refused_while_a_planned_unit_is_absent(planned):
    """Not begun, or begun and not ended: the run has failed, and says how many."""
    recorded(planned.path)
    recorded(planned.path, 1, whole=False)
    with pytest.raises(ArchiveError, match="is not complete: 1 of 2 runs is missing"):
        planned.finish("complete")
    run = open_run(planned.path)
    assert run.status == "failed"
    assert "1 of 2 runs is missing" in run.manifest["error"]


def test_a_run_that_is_called_complete_is_missed_a_unit(planned):
    """By whoever opens it, and by verify."""
    for replicate in range(2):
        recorded(planned.path, replicate)
    planned.finish("complete")
    assert read(planned.path)["units"] == 2
    from sealing import reseal

    reseal(planned.path, units=4)
    assert verify(planned.path) == ("complete", ["2 of 4 runs are missing"])
    with pytest.raises(DamagedRunError, match="2 of 4 runs are missing"):
        open_run(planned.path)
    reseal(planned.path, units="many")
    assert verify(planned.path).problems == ["manifest does not count units of work"]


def test_without_a_plan_what_was_begun_is_all(tmp_path):
    """A unit that has not ended is missing all the same."""
    archive = Archive.create(tmp_path, "x", "", {}, {}, tables=OPTIONAL_TABLES)
    recorded(archive.path)
    RunRecorder(archive.path, 0, 5).release()
    with pytest.raises(ArchiveError, match="1 of 2 runs is missing"):
        archive.finish("complete")


def test_a_stranger_is_no_attempt(planned):
    """Verify distinguishes parts of an attempt that does not count from parts of no attempt."""
    recorded(planned.path, whole=False)
    recorded(planned.path)
    assert verify(planned.path) == ("running", [])
    stranger = planned.path / "removals" / "part-0000-0000.7-000001.parquet"
    stranger.write_bytes((planned.path / "removals" / "part-0000-0000-000001.parquet").read_bytes())
    assert verify(planned.path).problems == [f"removals/{stranger.name} is not in the journal"]


def test_a_journal_has_lines_of_one_attempt(planned):
    """Of its own; a claimed one, of any."""
    recorded(planned.path, whole=False)
    recorder = recorded(planned.path, whole=False)
    theirs = recorder.attempt.journal(planned.path).read_bytes()
    mine = planned.path / "journal" / "0-0.1.jsonl"
    mine.write_bytes(theirs)
    with pytest.raises(DamagedRunError, match=r"0-0\.1\.jsonl has lines of several attempts"):
        open_run(planned.path)
    mine.unlink()
    assert len(open_run(planned.path)["removals"]) == 3


def test_a_run_of_an_older_version_is_read(tmp_path, planned):
    """Its first journal begins with the empty parts, and no journal says whether its unit has ended."""
    for replicate in range(2):
        recorded(planned.path, replicate)
    planned.finish("complete")
    folder = planned.path / "journal"
    first = folder / "tables.jsonl"
    unit = folder / "0-0.jsonl"
    unit.write_bytes(first.read_bytes() + unit.read_bytes())
    first.unlink()
    manifest = read(planned.path)
    for key in ("units", "manifest_sha256", "journal_sha256"):
        del manifest[key]
    old = {**manifest, "manifest_sha256": None}
    from lactflow.recording.manifest import as_json

    del old["manifest_sha256"]
    (planned.path / "manifest.json").write_bytes(as_json(old))
    run = open_run(planned.path)
    assert run.status == "complete"
    assert {len(run[table]) for table in TABLES} == {80, 6}
    assert verify(planned.path) == ("complete", [])
    assert json.loads(unit.read_text(encoding="utf-8").splitlines()[0])["flush"] == 0
    assert Path(folder / "0-1.jsonl").exists()
