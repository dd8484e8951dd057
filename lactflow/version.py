"""The version of lactflow and the build that runs, in a module that imports nothing of lactflow."""

from __future__ import annotations

__version__ = "0.2.0"

RELEASED = "2026-11-30"
"""Date of this version, as `CITATION.cff` has it."""

MODEL = 13
"""
The model number: raised by each commit that moves a result.

What was simulated under one number is not resumed under another.
"""

COMPILED, PURE = "compiled", "pure Python"
"""Both builds are made from the same sources and give the same tables; the compiled one is several times faster."""

COMPILE = "LACTFLOW_COMPILE=1 pip install --force-reinstall --no-deps ."
"""The line that compiles lactflow, in a clone."""


def build() -> str:
    """Which build runs: `compiled`, its hot modules are extensions, or `pure Python`."""
    from importlib.util import find_spec

    spec = find_spec("lactflow.kinetics")  # all modules that are compiled are compiled together
    return PURE if spec is None or spec.origin is None or spec.origin.endswith(".py") else COMPILED
