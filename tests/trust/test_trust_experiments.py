"""The experiments of the trust table, each with a few tries: they find what is there, and lose nothing."""

from __future__ import annotations

import pytest

from benchmarks.trust.catalogue import EXPERIMENTS
from benchmarks.trust.experiment import measure

TRIES = {"signals": 3, "parts": 7, "files": 9, "yaml": 40, "logs": 40, "names": 15, "pages": 10}
"""Where two would leave something out."""
QUICK = {"yaml", "logs", "configs"}
"""Those that take no second: they start no processes, and damage no tables."""


@pytest.mark.parametrize(
    "experiment",
    [pytest.param(each, id=each.name, marks=() if each.name in QUICK else pytest.mark.slow) for each in EXPERIMENTS],
)
def test_an_experiment_in_small_loses_nothing(experiment, tmp_path):
    """As many tries as asked for, each counted by its end, none lost; all else is cleaned up."""
    tries = TRIES.get(experiment.name, 2)
    shown: list[tuple[int, int]] = []
    row = measure(experiment, tries, 3, lambda tried, lost: shown.append((tried, lost)), tmp_path / "kept")
    assert row["losses"] == []
    assert row["lost"] == 0
    assert row["tried"] >= tries
    assert sum(sum(ends.values()) for ends in row["ends"].values()) == row["tried"]
    assert shown[-1] == (row["tried"], 0)
    assert list(tmp_path.iterdir()) == []


def test_sizes_are_those_that_were_promised():
    """At least so many tries stand on the page."""
    least = {
        "kills": 60,
        "signals": 30,
        "steps": 230,
        "parts": 320,
        "files": 300,
        "configs": 1000,
        "yaml": 2500,
        "logs": 2000,
        "races": 16,
        "determinism": 9,
    }
    sizes = {each.name: each.size for each in EXPERIMENTS}
    assert not {name: sizes[name] for name, size in least.items() if sizes[name] < size}
