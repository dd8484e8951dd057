"""All experiments, in the order of the page."""

from __future__ import annotations

from benchmarks.trust import configs, damage, ends, injection, mutants, names, sameness, steps

EXPERIMENTS = (
    *ends.EXPERIMENTS,
    *steps.EXPERIMENTS,
    *damage.EXPERIMENTS,
    *configs.EXPERIMENTS,
    *mutants.EXPERIMENTS,
    *names.EXPERIMENTS,
    *sameness.EXPERIMENTS,
    *injection.EXPERIMENTS,
)
