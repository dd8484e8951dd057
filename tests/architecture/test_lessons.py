"""The notebooks of the lessons are those of their scripts, with the numbers that the model gives now."""

from __future__ import annotations

import json
import re

import pytest

pytest.importorskip("jupytext")
pytest.importorskip("nbclient")

from lessons import FOLDER, SOURCES, cells_of, executed, notebook_of, stored, texts_of

LARGEST_BYTES = 400_000
each_lesson = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)


def test_there_are_four_and_the_page_lists_them():
    """In its table of contents, with a link, and to be downloaded; no notebook without a script."""
    names = [source.stem for source in SOURCES]
    page = (FOLDER / "index.md").read_text(encoding="utf-8")
    contents = re.search(r"```\{toctree\}\n:maxdepth: 1\n\n(.*?)\n```", page, re.DOTALL)[1]
    assert contents.splitlines() == names
    links = re.findall(r"\]\((.+?\.ipynb)\)", page)
    assert links == re.findall(r"{download}`(.+?)`", page) == [f"{name}.ipynb" for name in names]
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == names
    assert len(names) == 4


@each_lesson
def test_a_notebook_has_the_cells_of_its_script(source):
    """`python tests/architecture/lessons.py` writes it anew."""
    notebook, script = stored(source), cells_of(source)
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in script.cells]
    assert [cell.metadata.get("mystnb") for cell in notebook.cells] == [
        cell.metadata.get("mystnb") for cell in script.cells
    ]
    assert notebook.metadata == script.metadata


@each_lesson
def test_a_notebook_is_small_and_was_executed_in_order(source):
    """Each picture has words for those who do not see it; nothing of the machine is in it."""
    text = notebook_of(source).read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST_BYTES
    code = [cell for cell in stored(source).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    pictured = {cell["id"] for cell in code if any("image/png" in output.get("data", {}) for output in cell.outputs)}
    assert pictured == {cell["id"] for cell in code if "mystnb" in cell.metadata}
    assert all(cell.metadata["mystnb"]["image"]["alt"] for cell in code if cell["id"] in pictured)
    words = json.dumps([[cell.source, texts_of(stored(source))[cell["id"]]] for cell in stored(source).cells])
    assert not re.search(r"/tmp|/home|/root|/work|[0-9]{8}T[0-9]{6}Z", words)


@each_lesson
def test_every_exercise_has_a_folded_answer(source):
    """Which opens and closes."""
    cells = [cell.source for cell in cells_of(source).cells if cell.cell_type == "markdown"]
    exercises = "\n".join(cells).partition("## Exercises")[2]
    numbers = re.findall(r"^\*\*(\d)\.\*\*", exercises, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert len(numbers) >= 3
    assert (
        exercises.count("<details><summary>Answer</summary>\n\n") == exercises.count("\n\n</details>") == len(numbers)
    )


@pytest.mark.slow
@pytest.mark.fast_build
@each_lesson
def test_a_lesson_prints_what_its_notebook_has(source):
    """Every number of every cell, from the model as it is now."""
    assert texts_of(executed(source)) == texts_of(stored(source))
