"""All experiments, in the order of the page."""

from __future__ import annotations

from benchmarks.trust import configs, damage, ends, steps

EXPERIMENTS = (*ends.EXPERIMENTS, *steps.EXPERIMENTS, *damage.EXPERIMENTS, *configs.EXPERIMENTS)
