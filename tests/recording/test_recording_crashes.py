"""Kills, failing disks and damage: what is left is readable, and says what it is."""

from __future__ import annotations

import errno
import os
import random
import shutil
import time
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_up_facts import KEYS, made_up, record_made_up
from sealing import make_old

from lactflow.analysis.run import open_run
from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.recording.archive import Archive
from lactflow.recording.files import replace_file
from lactflow.recording.folder import ResultFolder
from lactflow.recording.verify import verify
from lactflow.records import OPTIONAL_TABLES, TABLES

_VISITS, _FACTS = 200, 5


def _kill_and_look(endless_writer, name: str, seconds: float) -> None:
    """Kill a writer and read what it left: whole flushes, at most the one under way lost."""
    process, path = endless_writer(name)
    time.sleep(seconds)
    process.kill()
    printed = process.stdout.read().split("\n")
    process.wait()
    begun = max((int(line) for line in printed[:-1]), default=0)
    run = open_run(path)
    assert run.status == "crashed"
    flushes = len(run["visits"]) // _VISITS
    assert begun - 1 <= flushes <= begun + 1
    for table in TABLES:
        rows = _VISITS if table == "visits" else _FACTS
        assert len(run[table]) == flushes * rows
        assert len(pd.read_parquet(path / table)) in (flushes * rows, (flushes + 1) * rows)
    assert verify(path) == ("crashed", [])


@pytest.mark.parametrize("seconds", [0.11, *(pytest.param(each, marks=pytest.mark.slow) for each in (0.0, 0.4))])
def test_a_killed_run_ends_at_a_flush(endless_writer, seconds):
    """Every table is readable and ends at the same flush."""
    _kill_and_look(endless_writer, "killed", seconds)


@pytest.mark.slow
def test_twenty_killed_runs_end_at_a_flush(endless_writer):
    """The moment of the kill does not matter."""
    rng = random.Random(1)
    for kill in range(20):
        _kill_and_look(endless_writer, f"killed-{kill}", rng.uniform(0.0, 0.5))


def test_a_torn_journal_line_does_not_count(archive, flushes):
    """A flush whose lines are not all there has not happened, in any table."""
    recorder = archive.writer()
    recorder.stations(KEYS)
    for number in (0, 40):
        record_made_up(recorder, number)
        recorder.instant_over(number + 40.0)
        recorder.settle()
    archive._lock.release()
    journal = archive.path / "journal" / "0-0.1.jsonl"
    whole = journal.read_bytes()
    first, second = whole.index(b'"flush":1'), whole.index(b'"flush":2')
    for length in [*range(second + 30, len(whole), 211), len(whole) - 1]:
        journal.write_bytes(whole[:length])
        run = open_run(archive.path)
        assert {len(run[table]) for table in TABLES} == {40, 3}
        assert verify(archive.path) == ("crashed", [])
    journal.write_bytes(whole[: first + 30])
    assert {len(open_run(archive.path)[table]) for table in TABLES} == {0}
    assert "is not in the journal" in verify(archive.path).problems[0]


def test_a_flush_is_on_the_disk_before_it_counts(archive, flushes, monkeypatch):
    """All parts under hidden names, then each under its own, then the journal; every step durable before the next."""
    steps: list[tuple[str, int]] = []

    def noted(step, word, inode):
        def call(what, *rest, **keywords):
            steps.append((word, inode(what)))
            return step(what, *rest, **keywords)

        return call

    recorder = archive.writer()
    recorder.stations(KEYS)
    record_made_up(recorder, 0)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", noted(os.write, "write", lambda descriptor: os.fstat(descriptor).st_ino))
        patch.setattr(os, "fsync", noted(os.fsync, "sync", lambda descriptor: os.fstat(descriptor).st_ino))
        patch.setattr(os, "replace", noted(os.replace, "rename", lambda path: Path(path).stat().st_ino))
        recorder.instant_over(40.0)
        recorder.settle()
    names = {path.stat().st_ino: path.relative_to(archive.path).as_posix() for path in archive.path.rglob("*")}
    parts = {table: f"{table}/part-0000-0000-000001.parquet" for table in TABLES}
    phases = (
        [("write", part) for part in parts.values()],
        [("sync", part) for part in parts.values()],  # in any order, as threads have it
        [("rename", part) for part in parts.values()],
        [("sync", table) for table in (*parts, "journal")],
        [("write", "journal/0-0.1.jsonl")],
        [("sync", "journal/0-0.1.jsonl")],
    )
    taken = iter((word, names[inode]) for word, inode in steps)
    assert [sorted(islice(taken, len(phase))) for phase in phases] == [sorted(phase) for phase in phases]
    assert next(taken, None) is None


def test_the_name_of_a_new_journal_is_durable_before_its_lines(archive, flushes, monkeypatch):
    """Once, with the first flush."""
    synced: list[str] = []

    def noted(descriptor):
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(archive.path).as_posix())

    recorder = archive.writer(0, 1)
    recorder.stations(KEYS)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", noted)
        for number in (0, 40):
            record_made_up(recorder, number)
            recorder.instant_over(number + 40.0)
            recorder.settle()
    assert synced.count("journal") == 1
    assert synced.index("journal") < synced.index("journal/0-1.1.jsonl")


class _FailingOnce:
    """A step of the file system that fails at one call, and works before and after."""

    def __init__(self, step, at: int, number: int) -> None:
        self.step, self.at, self.number, self.calls = step, at, number, 0

    def __call__(self, *arguments, **keywords):
        self.calls += 1
        if self.calls == self.at:
            raise OSError(self.number, os.strerror(self.number))
        return self.step(*arguments, **keywords)


def _record(out) -> tuple[Archive | None, ArchiveError | None]:
    """What a run does with an archive, when the disk refuses too."""
    archive = None
    try:
        archive = Archive.create(out, "x", "format: 1\n", {}, {}, tables=OPTIONAL_TABLES)
        try:
            recorder = archive.writer()
            recorder.stations(KEYS)
            try:
                for number in (0, 40):
                    record_made_up(recorder, number)
                    recorder.instant_over(number + 40.0)
            finally:
                recorder.close(80.0)
        except ArchiveError as error:
            archive.finish("failed", error=str(error))
            raise
        archive.finish("complete")
    except ArchiveError as error:
        return archive, error
    return archive, None


STEPS = ["write", "fsync", "replace", "rename", "open", "mkdir", "ftruncate", "link"]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_the_file_system_fails_once(tmp_path, monkeypatch, flushes, step):
    """Each of some hundred steps in turn."""
    _fail_each(tmp_path, monkeypatch, step, every=1)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_the_file_system_fails_once(tmp_path, monkeypatch, flushes, step):
    """The first, the fourteenth, the twenty-seventh, ... step of each kind."""
    _fail_each(tmp_path, monkeypatch, step, every=13)


def _fail_each(tmp_path, monkeypatch, step, every):
    """An error of one line; what is left is nothing, or a readable run that is not called complete."""
    _record(tmp_path / "first")  # libraries that are imported on the way take steps too
    counting = _FailingOnce(getattr(os, step), 0, 0)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, counting)
        _record(tmp_path / "sound")
    assert counting.calls > 0
    for at in range(1, counting.calls + 1, every):
        out, number = tmp_path / str(at), (errno.ENOSPC, errno.EIO)[at % 2]
        with monkeypatch.context() as patch:
            patch.setattr(os, step, _FailingOnce(getattr(os, step), at, number))
            archive, error = _record(out)
        assert error is not None
        assert "\n" not in str(error)
        assert os.strerror(number) in str(error)
        if archive is None:
            assert not out.exists() or list(out.iterdir()) == []
            continue
        run = open_run(archive.path)
        assert run.status in ("failed", "crashed")
        rows = {table: len(run[table]) for table in TABLES}
        assert set(rows.values()) <= {rows["removals"], rows["removals"] // 3 * 40}
        assert verify(archive.path).problems == []
        for table in TABLES:
            assert len(pd.read_parquet(archive.path / table)) >= rows[table]
            assert [p.name for p in (archive.path / table).iterdir() if p.name.startswith(".")] == []
        shutil.rmtree(out)


def test_a_refused_flush_is_taken_along_by_the_next(archive, flushes, monkeypatch):
    """Rows are kept until they are on the disk, and come once."""
    recorder = archive.writer()
    recorder.stations(KEYS)
    record_made_up(recorder, 0)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _FailingOnce(os.fsync, 21, errno.ENOSPC))
        recorder.instant_over(40.0)
        with pytest.raises(ArchiveError, match="No space left on device"):
            recorder.settle()
    assert len(open_run(archive.path)["visits"]) == 0
    record_made_up(recorder, 40)
    recorder.close(80.0)
    archive.finish("complete")
    assert len(open_run(archive.path)["visits"]) == 80
    assert verify(archive.path).problems == []


def test_a_file_that_cannot_be_replaced_stays_and_nothing_else_does(tmp_path, monkeypatch):
    """Neither half of the new content, nor the hidden file that it was written to."""
    path = tmp_path / "manifest.json"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _FailingOnce(os.fsync, 1, errno.ENOSPC))
        with pytest.raises(ArchiveError, match="No space left on device"):
            replace_file(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["manifest.json"]
    assert path.read_bytes() == b"old"


def test_a_new_folder_of_results_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    """Its manifest, the name of that in it, and then its own name."""
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    folder = ResultFolder.create(tmp_path, "results", "comparison", {})
    built = synced[1]
    assert synced == [built / "manifest.json", built, tmp_path]
    assert built.parent == tmp_path
    assert built.name.startswith(f".{folder.path.name}.")
    folder.finish("failed")


def _damage(path, how: str) -> None:
    content = bytearray(path.read_bytes())
    if how == "flip":
        content[len(content) // 3] ^= 4
    path.write_bytes(content[: len(content) // 2] if how == "cut" else content)
    if how == "gone":
        path.unlink()


@pytest.mark.parametrize("how", ["flip", "cut", "gone"])
@pytest.mark.parametrize("table", TABLES)
def test_a_damaged_part_is_named(complete, table, how):
    """One bit is enough."""
    file = f"{table}/part-0000-0001-000002.parquet"
    _damage(complete / file, how)
    status, problems = verify(complete)
    assert status == "complete"
    assert len(problems) == 1
    assert file in problems[0]
    with pytest.raises(DamagedRunError, match=file):
        open_run(complete)[table]


def test_every_flipped_bit_is_an_error_to_the_reader(complete):
    """A table is never silently different, wherever the bit is: page, name of a column, footer."""
    path = complete / "visits" / "part-0000-0000-000001.parquet"
    content = bytearray(path.read_bytes())
    for place in range(0, len(content), 97):
        content[place] ^= 1
        path.write_bytes(content)
        content[place] ^= 1
        with pytest.raises(DamagedRunError, match=path.name):
            open_run(complete)["visits"]


def test_readers_of_parquet_can_see_a_flipped_bit(complete):
    """Any reader that looks at the checksums of pages: here in the page of the first column."""
    path = complete / "removals" / "part-0000-0000-000001.parquet"
    page = pq.ParquetFile(path).metadata.row_group(0).column(0)
    content = bytearray(path.read_bytes())
    content[page.data_page_offset + page.total_compressed_size - 1] ^= 1
    path.write_bytes(content)
    with pytest.raises(OSError, match="CRC"):
        pq.read_table(path, page_checksum_verification=True)


def test_a_sound_run_has_no_problems(complete):
    """What was just written is what is there."""
    assert verify(complete) == ("complete", [])


def test_strange_and_missing_parts_are_reported(complete):
    """In a complete run the journal knows every part, and the manifest every row."""
    sound = (complete / "journal" / "0-1.jsonl").read_bytes()
    stranger = complete / "removals" / "part-0000-0000-000003.parquet"
    stranger.write_bytes(b"PAR1")
    assert verify(complete).problems == ["removals/part-0000-0000-000003.parquet is not in the journal"]
    stranger.unlink()
    lines = sound.splitlines(keepends=True)
    (complete / "journal" / "0-1.jsonl").write_bytes(b"".join(lines[: len(TABLES)]))
    assert "manifest counts 160 rows of visits, the journal 120" in verify(complete).problems
    with pytest.raises(DamagedRunError, match="manifest counts"):
        open_run(complete)


@pytest.mark.parametrize("line", [b"{}", b"?", b"[]", b'{"table": "visits"}', b"\xff"])
def test_a_damaged_journal_line_is_reported(complete, line):
    """Only the last line may be torn, and only when the run did not end."""
    journal = complete / "journal" / "0-0.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([lines[0], line + b"\n", *lines[2:]]))
    assert "0-0.jsonl:2: not a" in verify(complete).problems[0]
    with pytest.raises(DamagedRunError, match=r"0-0\.jsonl:2"):
        open_run(complete)
    journal.write_bytes(b"".join(lines) + line)
    problems = verify(complete).problems
    assert "journal of mother 0, replicate 0: the last flush is not complete" in problems
    assert all("journal" in problem for problem in problems)


@pytest.mark.parametrize("unit", ["0-0", "0-1"])
def test_one_torn_journal_is_enough(complete, unit):
    """Of a complete run with several, in a folder without the hash that would reveal it."""
    make_old(complete)
    journal = complete / "journal" / f"{unit}.jsonl"
    journal.write_bytes(journal.read_bytes() + b"{")
    with pytest.raises(DamagedRunError, match="is called complete, but its journal is not"):
        open_run(complete)


def test_a_journal_cannot_send_a_reader_elsewhere(complete):
    """A part is in its own folder, whatever a line says."""
    journal = complete / "journal" / "0-0.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"visits/part-0000-0000-000001", b"../visits/part-0000-0000-01"))
    with pytest.raises(DamagedRunError, match="not a line of this journal"):
        open_run(complete)


@pytest.mark.parametrize("residual", [1e-6, None])
def test_a_broken_balance_is_reported(archive, residual):
    """A complete run accounts for every quantity."""
    recorder = archive.writer()
    recorder.record(made_up("balance", 1)._replace(quantity="lactose", residual=residual))
    recorder.close(10.0)
    archive.finish("complete")
    assert verify(archive.path).problems == [f"balance of lactose, mother 0, replicate 0: residual {residual}"]


def test_a_missing_balance_is_reported(archive):
    """A complete run without books is not checked, and says so."""
    archive.writer().close(0.0)
    archive.finish("complete")
    assert verify(archive.path).problems == ["balance of mother 0, replicate 0 is missing"]
