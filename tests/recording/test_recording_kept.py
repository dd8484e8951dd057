"""Files with hashes are written and replaced in steps: wherever one fails, what is there has a known hash."""

from __future__ import annotations

import errno
import os

import pandas as pd
import pytest
from sealing import read

from lactflow.analysis.run import open_run
from lactflow.errors import ArchiveError, DirectoryInUseError
from lactflow.recording.archive import Archive
from lactflow.recording.folder import ResultFolder, StoredFolder, table_of
from lactflow.recording.kept import FILES, REPLACING, kept_problems
from lactflow.recording.verify import verify


class Measurement(StoredFolder):
    """A result folder of a test's own."""

    kind = "measurement"


class Stop:
    """The process ends at one step of the file system, and does no more; or that step alone fails."""

    def __init__(self, step, at: int, *, once: bool = False) -> None:
        self.step, self.at, self.calls, self.once = step, at, 0, once

    def __call__(self, *arguments, **keywords):
        self.calls += 1
        if self.at and (self.calls == self.at if self.once else self.calls >= self.at):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return self.step(*arguments, **keywords)


@pytest.mark.parametrize("step", ["write", "fsync", "replace", "open"])
def test_a_config_is_replaced_and_never_wrong(tmp_path, monkeypatch, step):
    """Wherever it stops: the config is the old or the new one, and verify knows both."""
    texts = {"format: 1\n", "format: 1\nreplicates: 9\n"}
    for at in range(40):
        archive = Archive.create(tmp_path, "x", "format: 1\n", {}, {})
        stopper = Stop(getattr(os, step), at)
        with monkeypatch.context() as patch:
            patch.setattr(os, step, stopper)
            try:
                archive.replace_config("format: 1\nreplicates: 9\n", 9)
            except ArchiveError:
                assert at
        assert verify(archive.path) == ("running", [])
        assert open_run(archive.path).config_text in texts
        archive.finish("failed", error="x")  # as a run does that cannot go on
        assert verify(archive.path) == ("failed", [])
        assert open_run(archive.path).config_text in texts
        if at > stopper.calls:
            break
    else:
        pytest.fail("there was always another step")
    assert at > 3
    assert read(archive.path).get(REPLACING) is None


def test_results_are_written_and_never_wrong(tmp_path, monkeypatch):
    """A file that is written twice has the hash of what is there, wherever the writer stops."""
    for at in range(60):
        folder = ResultFolder.create(tmp_path, "x", "measurement", {})
        stopper = Stop(os.fsync, at)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", stopper)
            try:
                folder.write("a.txt", b"first")
                folder.write("b.txt", b"other")
                folder.write("a.txt", b"second")
            except ArchiveError:
                assert at
        assert verify(folder.path) == ("running", [])
        folder._lock.release()
        assert verify(folder.path) == ("crashed", [])
        if at > stopper.calls:
            break
    else:
        pytest.fail("there was always another step")
    assert set(read(folder.path)[FILES]) == {"a.txt", "b.txt"}
    (folder.path / "a.txt").write_bytes(b"third")
    assert verify(folder.path).problems == [
        f"{folder.path / 'a.txt'} is damaged: its hash is not the one in the manifest"
    ]


def test_a_file_is_added_to_a_folder_that_is_finished(tmp_path):
    """A figure that is drawn later; not while somebody else writes there."""
    writer = ResultFolder.create(tmp_path, "x", "measurement", {})
    folder = Measurement(writer.path)
    with pytest.raises(DirectoryInUseError):
        folder.write("figure.svg", b"<svg/>")
    writer.finish("complete", found=7)
    folder = Measurement(writer.path)
    for content in (b"<svg/>", b"<svg></svg>"):
        assert folder.write("figure.svg", content).read_bytes() == content
        assert verify(folder.path) == ("complete", [])
    assert (folder.status, Measurement(folder.path).manifest["found"]) == ("complete", 7)
    (folder.path / "figure.svg").write_bytes(b"<svg>")
    assert "figure.svg" in verify(folder.path).problems[0]


@pytest.mark.parametrize("step", ["open", "write", "fsync", "rename", "mkdir"])
def test_a_result_folder_appears_whole_or_not_at_all(tmp_path, monkeypatch, step):
    """Whatever step fails: one line, and nothing is left."""
    for at in range(1, 30):
        out = tmp_path / f"{step}-{at}"
        out.mkdir()
        stopper = Stop(getattr(os, step), at, once=True)
        with monkeypatch.context() as patch:
            patch.setattr(os, step, stopper)
            try:
                folder = ResultFolder.create(out, "x", "measurement", {})
            except ArchiveError:
                folder = None
        if folder is None:
            assert list(out.iterdir()) == []
            continue
        folder.finish("complete")
        assert verify(folder.path) == ("complete", [])
        return
    pytest.fail("there was always another step")


def test_frames_of_results_are_read_from_what_was_checked(tmp_path):
    """And are what was written."""
    frame = pd.DataFrame({"measure": ["a", "b"], "low": [1.0, float("nan")]})
    folder = ResultFolder.create(tmp_path, "x", "measurement", {})
    folder.write("t.parquet", frame.to_parquet(index=False))
    folder.finish("complete")
    pd.testing.assert_frame_equal(table_of(folder.path, read(folder.path), "t.parquet"), frame)


def test_names_that_lead_out_of_the_folder_are_not_read(tmp_path):
    """A manifest made by hand reveals nothing of files elsewhere: neither whether they exist nor what they hold."""
    inside = tmp_path / "run"
    inside.mkdir()
    (tmp_path / "secret").write_text("x")
    for name in ("../secret", "../nothing", "/etc/passwd", "a/../../secret"):
        assert kept_problems(inside, {FILES: {name: "0" * 64}}) == []
    (problem,) = kept_problems(inside, {FILES: {"mine.csv": "0" * 64}})
    assert "mine.csv" in problem
