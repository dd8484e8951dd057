"""The README: small, its first run and its two commands as they are, its links and numbers those of the pages."""

from __future__ import annotations

import re

import pytest
from examples import assert_alike
from pages import (
    CONFIGS,
    FIRST_DAY,
    FIRST_RUN_LINES,
    README,
    ROOT,
    TUTORIAL,
    blocks,
    draw_first_run,
    first_run_part,
    part,
)

TEXT = README.read_text(encoding="utf-8")


def test_it_is_read_in_five_minutes():
    """A handbook is what the site is for."""
    assert len(TEXT.encode()) <= 12_000


def test_the_way_in_is_one_line_each():
    """The first run and the tests are one command each, in this order."""
    first, tests = blocks("sh", TEXT)[:2]
    create = "python3 -m venv .venv && .venv/bin/pip install "
    assert first == f"{create}. && .venv/bin/lactflow run configs/feeding-log.yaml\n"
    assert tests == f"{create}-e '.[test]' && .venv/bin/python -m pytest -n 2 -m 'not slow'\n"
    assert ROOT / "configs" / "feeding-log.yaml" in CONFIGS


@pytest.mark.slow
@pytest.mark.fast_build
def test_first_run_prints_what_it_shows(tmp_path):
    """The 60 days of the first command end with the lines of the README, and a day of them can be drawn."""
    assert part("first-run").count("\n") == FIRST_RUN_LINES + 2
    assert_alike(part("first-run"), first_run_part())
    draw_first_run(tmp_path / "day.png")
    assert (tmp_path / "day.png").read_bytes().startswith(b"\x89PNG")


def test_its_picture_is_there():
    """A small one, which says what it shows to those who do not see it."""
    assert FIRST_DAY.stat().st_size < 80_000
    (words,) = re.findall(rf"!\[([^\]]+)\]\({FIRST_DAY.relative_to(ROOT).as_posix()}\)", TEXT)
    assert len(words) > 40


def test_its_links_lead_somewhere():
    """To files of the clone, and to headings of pages."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#([\w-]+))?\)", TEXT)
    assert TUTORIAL.relative_to(ROOT).as_posix() in {path for path, _ in links}
    for path, anchor in links:
        page = (ROOT / path).read_text(encoding="utf-8") if path.endswith(".md") else ""
        headings = [re.sub(r"[^\w -]", "", line).strip().lower() for line in page.splitlines() if line.startswith("#")]
        assert (ROOT / path).exists(), path
        assert not anchor or anchor in {each.replace(" ", "-") for each in headings}, f"{path}#{anchor}"
