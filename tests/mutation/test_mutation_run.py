"""Whether the tests of gland, dyad and recording notice small errors: only with `-m mutation`, for hours."""

from __future__ import annotations

import pytest

from benchmarks.mutation.__main__ import SIZE, carry_out

LEAST_KILLED = 0.80


@pytest.mark.mutation
@pytest.mark.timeout(0)
def test_small_errors_are_noticed():
    """With 95 % confidence four fifths of all mutants fail a test; a run that was ended goes on where it stopped."""
    found = carry_out()
    assert found["tried"] == SIZE
    assert found["interval_95"][0] >= LEAST_KILLED
