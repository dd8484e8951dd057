"""Comparisons of two scenarios that take no second each."""

from __future__ import annotations

import lactflow

BASE = """
format: 1
days: 0.5
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 0.5}
"""


def compared(configs, **how):
    """A comparison with three replicates."""
    return lactflow.compare(configs, **{"replicates": 3, "workers": 2, **how})


def row(comparison, measure):
    """The differences of one measure."""
    (found,) = comparison.differences[comparison.differences["measure"] == measure].to_dict("records")
    return found
