"""What a message about a path that is no result says to give instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lactflow.errors import ArchiveError
from lactflow.experiments.comparison import open_comparison
from lactflow.recording.folder import kind_of
from lactflow.recording.instead import instead_of


@pytest.fixture
def outputs(tmp_path, monkeypatch):
    """Results of two configs, the newest of which is not the last by its name."""
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(("mine-3", "mine-1", "yours-2")):
        about = Path("outputs", name, "manifest.json")
        about.parent.mkdir(parents=True)
        about.write_text("{}", encoding="utf-8")
        os.utime(about, (number, number))
    Path("outputs", "empty").mkdir()
    return Path("outputs")


def test_a_folder_of_results_names_the_newest(outputs):
    """And how many it holds."""
    said = f"; it holds 3 results, of which one is needed, such as the newest: {outputs / 'yours-2'}"
    assert instead_of(outputs) == said
    for read in (kind_of, open_comparison):
        with pytest.raises(ArchiveError, match=r"it has no manifest\.json; it holds 3 results"):
            read(outputs)
    assert instead_of(outputs / "empty") == ""
    assert instead_of(Path()) == ""


def test_a_folder_of_one_result_names_it(outputs):
    """Such as the runs of a fit."""
    (outputs / "fit" / "runs" / "hers").mkdir(parents=True)
    (outputs / "fit" / "runs" / "hers" / "manifest.json").write_text("{}", encoding="utf-8")
    assert instead_of(outputs / "fit" / "runs") == f"; it holds a result: {outputs / 'fit' / 'runs' / 'hers'}"


def test_a_config_is_simulated_first(outputs):
    """Or it was, and then its newest result is named."""
    simulate = " but a file; `lactflow run {0}` makes a run of a config"
    for name, more in (("mine.yaml", f"; its newest result is {outputs / 'mine-1'}"), ("other.yml", "")):
        Path(name).write_text("format: 1\n", encoding="utf-8")
        assert instead_of(Path(name)) == simulate.format(name) + more
    with pytest.raises(ArchiveError, match=r"^mine\.yaml is not a directory but a file; `lactflow run mine\.yaml`"):
        kind_of(Path("mine.yaml"))


def test_a_file_of_a_result_names_its_folder(outputs):
    """At any depth; its own config too."""
    (outputs / "mine-1" / "visits").mkdir()
    for file in ("report.html", "config.yaml", "visits/part-0.parquet"):
        (outputs / "mine-1" / file).write_text("", encoding="utf-8")
        assert instead_of(outputs / "mine-1" / file) == f" but a file of {outputs / 'mine-1'}, which is to be given"
    Path("notes.txt").write_text("", encoding="utf-8")
    assert instead_of(Path("notes.txt")) == " but a file"


def test_the_beginning_of_a_name_finds_the_newest(outputs):
    """There or in outputs."""
    assert instead_of(outputs / "mine") == f" (nearest: {outputs / 'mine-1'})"
    assert instead_of(Path("yours")) == f" (nearest: {outputs / 'yours-2'})"
    assert instead_of(Path("theirs")) == ""
    assert instead_of(Path("nowhere", "mine")) == f" (nearest: {outputs / 'mine-1'})"
    assert instead_of(Path("a\0b")) == ""
