"""The fewest removals that hold a supply."""

from __future__ import annotations

from math import nan

import pandas as pd
import pytest

from lactflow.analysis import fewest_removals

PER_DAY = {"ten": 10, "six": 6, "four": 4, "three": 3}


def subjects(*mothers):
    """Milk of each mother under ten, six, four and three removals a day."""
    rows = [
        {"scenario": name, "subject": number, "removed_ml_per_day": milk}
        for number, mother in enumerate(mothers)
        for name, milk in zip(PER_DAY, mother, strict=True)
    ]
    return pd.DataFrame(rows).sample(frac=1.0, random_state=1)


def test_the_fewest_is_the_last_that_holds():
    """All of it with three; less than nine tenths with six; a comeback by chance does not count."""
    table = subjects((1000, 990, 950, 905), (1000, 890, 800, 600), (800, 760, 700, 790))
    found = fewest_removals(table, PER_DAY)
    assert found["fewest_per_day"].tolist() == [3, 10, 6]
    assert found["most"].tolist() == [1000, 1000, 800]


def test_less_to_hold_takes_fewer():
    """By the share that is asked for."""
    table = subjects((1000, 890, 800, 600))
    assert [fewest_removals(table, PER_DAY, share=share)["fewest_per_day"][0] for share in (1.0, 0.85, 0.5)] == [
        10,
        6,
        3,
    ]


def test_who_was_not_simulated_with_the_most_has_no_number():
    """A mother whose run failed costs herself, not the others."""
    table = subjects((1000, 990, 950, 905), (1000, 890, 800, 600))
    table = table[(table["subject"] != 0) | (table["scenario"] != "ten")]
    assert fewest_removals(table, PER_DAY)["fewest_per_day"].tolist() == pytest.approx([nan, 10.0], nan_ok=True)


def test_scenarios_must_be_there():
    """With the name of the one that is not; and a share must be one."""
    with pytest.raises(ValueError, match=r"share = 1\.2 is not above 0"):
        fewest_removals(subjects((1, 1, 1, 1)), PER_DAY, share=1.2)
    with pytest.raises(ValueError, match="no such scenario: nine"):
        fewest_removals(subjects((1, 1, 1, 1)), {"nine": 9})
