"""The page for those who have a wheel and no clone: its blocks run far from the clone, its names are those of now."""

from __future__ import annotations

import re
import shlex
import tomllib

import pytest
from click.testing import CliRunner
from examples import assert_prints, outputs_of
from pages import CONFIGS, DOCS, ROOT, blocks, texts

from lactflow.cli import main
from lactflow.version import __version__

PAGE = DOCS / "guides" / "wheel.md"
TEXT = PAGE.read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_wheels_are_named_as_they_are_built():
    """By this version, with parts that there are."""
    lessons = (DOCS / "lessons" / "index.md").read_text(encoding="utf-8")
    versions = re.findall(r"lactflow-(\d[\d.]*\d)(?:-py3|\.tar)", TEXT + lessons)
    assert len(versions) > 6
    assert set(versions) == {__version__}
    parts = set(re.findall(r"\.whl\[(\w+)\]", TEXT + lessons))
    assert parts == {"notebooks"} <= set(PROJECT["project"]["optional-dependencies"])


def test_what_is_in_it_is():
    """Scenarios and the program, and neither documentation nor tests."""
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["lactflow"]
    assert wheel["force-include"] == {"configs": "lactflow/configs"}
    assert {"on-demand", "every-two-hours"} <= {path.stem for path in CONFIGS}


@pytest.mark.slow
def test_its_first_steps_work_in_an_empty_folder(tmp_path, monkeypatch):
    """Shell as typed, what goes to a file too; then Python."""
    monkeypatch.chdir(tmp_path)
    for line in "".join(blocks("sh", TEXT)).splitlines():
        folders = sorted((tmp_path / "outputs").glob("on-demand-*"))
        typed = re.sub(r'"\$\(ls [^)]*\)"', str(folders[-1]) if folders else "", line)
        words, _, file = typed.partition(" > ")
        done = CliRunner().invoke(main, shlex.split(words)[1:])
        assert done.exit_code == 0, f"{line}\n{done.output}"
        if file:
            (tmp_path / file).write_text(done.stdout, encoding="utf-8")
    assert len(list((tmp_path / "outputs").glob("*/report.html"))) == 1
    assert_prints(TEXT, outputs_of(TEXT, PAGE.name, keep={"day.png": tmp_path / "kept.png"}))
    assert (tmp_path / "kept.png").read_bytes().startswith(b"\x89PNG")


def test_newcomers_find_their_way():
    """From the front page by who they are; and words that they looked for in vain."""
    front = (DOCS / "index.md").read_text(encoding="utf-8")
    rows = re.findall(r"^- \*\*A (teacher|mother|researcher)[^*]*\*\* `(lactflow [^`]+)`", front, re.MULTILINE)
    assert [(who, command.split()[1]) for who, command in rows] == [
        ("teacher", "explore"),
        ("mother", "import"),
        ("researcher", "compare"),
    ]
    assert "guides/wheel.md" in front
    everything = "\n".join(texts().values())
    for words in ("lactflow report FIT", "fit.plot()", "`answers`", "observed.parquet", "plot.cohort(", "plot.women("):
        assert words in everything
