"""Tutorials run as they stand, from an empty folder to their figures, and print what they show."""

from __future__ import annotations

import pytest
from examples import assert_prints, examples, outputs_of
from pages import FIGURE, OWN_QUESTION, README, TUTORIAL, TYPED

TEXT = TUTORIAL.read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_block_runs_in_order_and_prints_what_it_shows(tmp_path):
    """Shell and Python, in one namespace; at the end there is the figure."""
    import matplotlib as mpl

    with mpl.rc_context({"backend": "agg"}):
        outputs = outputs_of(TEXT, TUTORIAL.name, TYPED, keep={"first-week.png": tmp_path / "figure.png"})
    assert_prints(TEXT, outputs, TYPED)
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_question_of_ones_own_is_answered(tmp_path):
    """A schedule, a comparison, a picture, a drug in milk."""
    import matplotlib as mpl

    text = OWN_QUESTION.read_text(encoding="utf-8")
    pictures = {name: tmp_path / name for name in ("differences.png", "a-day.png", "caffeine.png")}
    with mpl.rc_context({"backend": "agg"}):
        outputs = outputs_of(text, OWN_QUESTION.name, TYPED, keep=pictures)
    assert_prints(text, outputs, TYPED)
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures.values())
    blocks = examples(text, TYPED)
    assert all(len(line) <= 120 for block in blocks for line in block.code.splitlines())
    assert all(block.shown for block in blocks if "print(" in block.code)


def test_what_it_shows_is_there():
    """Blocks compile, fit the page and show what they print; the figure is small; the README leads here."""
    blocks = examples(TEXT, TYPED)
    for language, code, _ in blocks:
        assert all(len(line) <= 120 for line in code.splitlines())
        if language == "python":
            compile(code, TUTORIAL.name, "exec")
    assert all(block.shown for block in blocks if "print(" in block.code)
    assert f"({FIGURE.name})" in TEXT
    assert FIGURE.stat().st_size < 200_000
    assert "docs/tutorials/first-week.md" in README.read_text(encoding="utf-8")
