"""What a fit proposes to ask next fits how her milk is taken."""

from __future__ import annotations

import shlex

import pytest

from lactflow.experiments.fit_about import questions


@pytest.mark.parametrize(
    ("facts", "kind", "alone"),
    [
        ({"fed": True, "at_breast": True}, "on_demand", False),
        ({"fed": True, "at_breast": False}, "pump", True),
        ({"fed": False, "at_breast": False}, "pump", False),
        ({"fed": True}, "on_demand", False),
        ({}, "pump", False),
    ],
)
def test_the_night_is_taken_from_how_she_gives_milk(facts, kind, alone):
    """An infant with bottles only is left out, for there would be nothing to drink; older fits say less."""
    (_, run), (_, compare) = questions("mother.yaml", facts, "answers")
    words = shlex.split(compare)
    schedules = words[words.index("--vary") + 1]
    assert schedules.count(f"kind: {kind}") == 2
    assert schedules.count("night_gap") == 1
    assert ("infants=[]" in words) is alone
    assert run == "run mother.yaml --out answers"
    assert words[-2:] == ["--out", "answers"]
