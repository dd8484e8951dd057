"""
The lessons in `docs/lessons`: notebooks with their outputs, made from scripts of the same names.

A script has cells in the percent format, which editors run as they are; its notebook is what a reader opens. To execute
the scripts and write the notebooks anew, some seconds to a minute each:

    python tests/architecture/lessons.py [NAME...]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "lessons"
SOURCES = sorted(FOLDER.glob("[0-9]-*.py"))
LONGEST_S = 120
_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook_of(source):
    """Where the notebook of a script lies."""
    return source.with_suffix(".ipynb")


def _metadata():
    """What is known of a notebook beforehand; the version of Python that it was executed by is left out."""
    return {"kernelspec": _KERNEL, "language_info": {"name": "python", "file_extension": ".py"}}


def cells_of(source):
    """A notebook with the cells of a script, without outputs; numbers for names, so that it is the same every time."""
    notebook = jupytext.read(source, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
    notebook["metadata"] = _metadata()
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    return notebook


def executed(source):
    """
    The notebook of a script with its outputs.

    It runs in a folder of its own, on this clone, by the Python that runs this. A cell that fails, warns or writes to
    standard error is an error.
    """
    notebook = cells_of(source)
    before = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), before]) if before else str(ROOT)
    try:
        with tempfile.TemporaryDirectory() as folder:
            where = {"metadata": {"path": folder}}
            NotebookClient(
                notebook,
                timeout=LONGEST_S,
                resources=where,
                record_timing=False,
                extra_arguments=["--log-level=ERROR"],  # not about this kernel, which only this process talks to
            ).execute()
    finally:
        os.environ["PYTHONPATH"] = before
    notebook["metadata"] = _metadata()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise RuntimeError(f"{source.name}, {cell['id']}: {output['text']}")
            # What a figure is called says nothing, and its size depends on the fonts that are there.
            if "image/png" in output.get("data", {}):
                output["data"].pop("text/plain", None)
    return notebook


def texts_of(notebook):
    """Text that each cell has printed or shown; pictures are left out."""
    found = {}
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
        found[cell["id"]] = "".join(texts)
    return found


def stored(source):
    """The notebook of a script as it lies there."""
    return nbformat.read(notebook_of(source), as_version=4)


def write(source):
    """Execute a script, and write its notebook."""
    text = nbformat.writes(executed(source))
    notebook_of(source).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    for each in SOURCES:
        if not sys.argv[1:] or each.stem in sys.argv[1:]:
            write(each)
            size = notebook_of(each).stat().st_size
            sys.stdout.write(f"{notebook_of(each).relative_to(ROOT)}: {size / 1000:.0f} kB\n")
