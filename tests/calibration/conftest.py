"""What all tests of calibrations have in common."""

from __future__ import annotations

import pytest

from lactflow.calibration.search import one_thread


@pytest.fixture(autouse=True, scope="module")
def matrices_by_one_thread():
    """As in calibrations: matrices are small, and threads would wait for each other."""
    with one_thread():
        yield
