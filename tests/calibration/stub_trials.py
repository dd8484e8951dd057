"""Trials of functions whose answers are known, in place of simulations."""

from __future__ import annotations

from lactflow.analysis.calibration.axes import Axis, values_at
from lactflow.analysis.calibration.surface import Goals
from lactflow.calibration.search import Plan, carry_on
from lactflow.recording.trials import Ledger, Trial


def plan_of(axes, goals, trials=40, seed=1, batch=4):
    """A plan: axes as `(key, low, high)`, goals as `(value, sd)`."""
    rows = [(value, sd, 1.0) for value, sd in goals]
    return Plan(tuple(Axis(*axis) for axis in axes), Goals.of(rows), trials, seed, batch)


def trying(plan, function, batches=None):
    """A function of the values of the quantities in place of simulations; None from it fails the trial."""

    def evaluate(points, add):
        if batches is not None:
            batches.append([each.number for each in points])
        for each in points:
            models = function(*values_at(plan.axes, each.shares).values())
            if models is None:
                add(Trial(each, (), (), "it cannot be"))
            else:
                add(Trial(each, tuple(models), (0.0,) * len(models)))

    return evaluate


def tried(plan, function, ledger=None):
    """All trials of a plan."""
    ledger = ledger or Ledger()
    carry_on(plan, ledger, trying(plan, function))
    return ledger.in_order()
