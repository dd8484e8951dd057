"""Folders to be exported."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest
from formula_texts import HOSTILE
from small_runs import FACTS, small_run

from lactflow.recording.folder import ResultFolder
from lactflow.records import Balance, MotherTrait, RemovalContent

TRAITS = [MotherTrait(text, "gland.size", 1.1, -0.3) for text in HOSTILE]
BALANCE = Balance("water", "mL", 1.0, 2.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1e-16)
CONTENT = RemovalContent(0, "left", "=cmd", "mg", 1.5, None, 0.1 + 0.2, 1e-300)


@pytest.fixture
def run(tmp_path):
    """A run with texts that a spreadsheet would take for formulas, and numbers below zero."""
    return small_run(
        tmp_path / "out",
        [*FACTS, *TRAITS, CONTENT, BALANCE],
        tables=("removal_contents",),
        files={"log.csv": b"start\n"},
    )


@pytest.fixture
def comparison(tmp_path, run):
    """A comparison with one table and one run."""
    folder = ResultFolder.create(tmp_path, "mine", "comparison", {"seed": 1, "command": ["lactflow", "compare"]})
    frame = pd.DataFrame(
        {"measure": ["=made", "stored"], "made_ml_per_day": [-1.0, np.nan], "replicates": [3, 4], "ok": [True, False]}
    )
    folder.write("differences.parquet", frame.to_parquet(index=False))
    shutil.copytree(run, folder.path / "runs" / run.name)
    folder.finish("complete")
    return folder.path
