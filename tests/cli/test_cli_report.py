"""`lactflow report` as users type it."""

from __future__ import annotations

import json
import webbrowser
from pathlib import Path

import pytest

from lactflow.config.scenario import load_scenario
from lactflow.recording.archive import Archive


@pytest.fixture
def directory(tmp_path):
    """A run directory in which nothing has happened."""
    archive = Archive.create(tmp_path / "outputs", "mine", load_scenario("every-three-hours").text, {}, {})
    archive.finish("interrupted")
    return archive.path


def test_it_prints_where_the_page_is(invoke, directory):
    """One line; as an object when JSON is asked for."""
    result = invoke("report", str(directory))
    assert result.exit_code == 0
    assert result.stdout == f"{directory / 'report.html'}\n"
    assert (directory / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(invoke("report", str(directory), "--json").stdout) == {"report": str(directory / "report.html")}
    assert invoke("verify", str(directory)).exit_code == 0


def test_the_page_goes_where_it_shall(invoke, directory):
    """And not into the run."""
    assert invoke("report", str(directory), "--out", "mine.html").stdout == "mine.html\n"
    assert Path("mine.html").is_file()
    assert not (directory / "report.html").exists()


def test_it_opens_the_page(invoke, directory, monkeypatch):
    """By an address that a browser knows."""
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    invoke("report", str(directory), "--open")
    assert opened == [(directory / "report.html").as_uri()]


@pytest.mark.parametrize("name", [".", "nowhere", "file.txt"])
def test_what_is_no_result_is_reported(invoke, name):
    """In one line, with the exit code of what cannot be read."""
    Path("file.txt").write_text("", encoding="utf-8")
    result = invoke("report", name)
    assert result.exit_code == 4
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_page_that_cannot_be_written_is_reported(invoke, directory):
    """A folder that is not there."""
    result = invoke("report", str(directory), "--out", "nowhere/page.html")
    assert result.exit_code == 4
    assert result.stderr == "cannot write nowhere/page.html: No such file or directory\n"
