"""The references of what a sweep used: those of all of its configs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.citations import Reference, references_of_configs

if TYPE_CHECKING:
    from lactflow.experiments.sweep.plan import Plan


def references_of_sweep(plan: Plan) -> list[Reference]:
    """
    Every source of the configs of a sweep, by its key; a quantity that several points have counts once.

    Parameters
    ----------
    plan
        Of the sweep.

    Raises
    ------
    ConfigError
        If a package that a config uses is not installed, or another one than when the sweep was planned.
    DamagedRunError
        If the plan is not what was written.
    """
    return references_of_configs(plan.base_configs())
