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


def write_configs(folder):
    """Both configs, in a folder: feeds every two and every six hours."""
    for name, hours in (("often", 2), ("seldom", 6)):
        text = f"{BASE}schedule: [{{kind: every, hours: {hours}}}]\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [str(folder / f"{name}.yaml") for name in ("often", "seldom")]
