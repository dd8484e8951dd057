"""Workers and comparisons that are killed at random moments: nothing is lost, and nothing is another."""

from __future__ import annotations

import sys

import pytest

from benchmarks.kills import measured


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="workers are found by /proc")
def test_kills_cost_no_pair():
    """Twelve of each kind; `benchmarks/kills.py` has more."""
    found = measured(8, 2.0, 7, workers=12, parents=12)
    assert found["workers"]["workers_killed"] == found["parents"]["parents_killed"] == 12
    for counts in found.values():
        assert counts["pairs_lost"] == 0
        assert counts["tables_changed"] == 0
    assert found["workers"]["given_again"] > 0
