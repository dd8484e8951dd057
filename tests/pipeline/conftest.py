"""The two environments on which every hand-worked log must hold."""

from __future__ import annotations

import pytest
import simpy

from lactflow.pipeline import Environment


@pytest.fixture(params=[Environment, simpy.Environment], ids=["lactflow", "simpy"])
def env(request):
    """An empty environment: ours, then SimPy's own."""
    return request.param()
