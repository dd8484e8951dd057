"""Claim C33: the gland is activated in some mothers of preterm infants. Criteria: `docs/background/criteria.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import inf
from statistics import mean, median, stdev

from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_least, between, finding_of
from lactflow.validation.claims_infants import failing
from lactflow.validation.runs import shipped
from lactflow.validation.simulated import Config, Simulated, merged
from lactflow.validation.spreads import women_around

WOMEN = 100
_FULL_ML_PER_DAY = 500.0
_LOW_SODIUM_MMOL_PER_L = 16.0
_LOW_RATIO = 0.80


@cache
def _preterm() -> Config:
    """The shipped mother of a preterm infant, from birth to the end of day 14; little is sampled of so many."""
    return merged(shipped("pump-dependent-preterm"), {"days": 14, "record": {"sample_min": 720.0}})


def _share(holds: Sequence[bool]) -> float:
    """Share of the women for whom something holds; 0 of none."""
    return [*holds].count(True) / len(holds) if holds else 0.0


def _sodium(run: Simulated, day: int) -> float:
    return run.concentration("sodium_mmol_per_l", day, day + 1)


def _low_ratio(run: Simulated) -> bool:
    """Whether sodium over potassium is that of mature milk on day 5."""
    return _sodium(run, 5) <= _LOW_RATIO * run.concentration("potassium_mmol_per_l", 5, 6)


def _activation(runs: Runs) -> Finding:
    women = [*runs.values()]
    full = [run.removed_ml_per_day(14, 15) >= _FULL_ML_PER_DAY for run in women]
    second_week = [run.removed_ml_per_day(8, 15) for run in women]
    varies = stdev(second_week) / mean(second_week)
    ever = _share([any(_sodium(run, day) <= _LOW_SODIUM_MMOL_PER_L for day in range(1, 15)) for run in women])
    day_5 = [_sodium(run, 5) for run in women]
    low = _share([sodium <= _LOW_SODIUM_MMOL_PER_L for sodium in day_5])
    closed = [*zip(map(_low_ratio, women), full, strict=True)]
    of_full = _share([low_ratio for low_ratio, is_full in closed if is_full])
    of_rest = _share([low_ratio for low_ratio, is_full in closed if not is_full])
    times = of_full / of_rest if of_rest > 0.0 else inf if of_full > 0.0 else 0.0
    usual = median(day_5)
    seen = (
        between("mothers who make 500 mL on day 14 [share]", _share(full), 0.25, 0.60),
        between("spread of milk in the second week [CV]", varies, 0.40, 0.90),
        between("mothers with low sodium by day 14 [share]", ever, 0.70, 0.98),
        between("mothers with low sodium on day 5 [share]", low, 0.15, 0.60),
        at_least("low Na:K with 500 mL [of that of the others]", times, 2.5),
        between("median sodium on day 5 [mmol/L]", usual, 17.0, 43.0),
    )
    holds = [each.holds for each in seen]
    parts, failed = failing((holds[0], holds[1], holds[2] and holds[3], holds[4], holds[5]))
    return finding_of(
        f"{_share(full):.0%} make 500 mL on day 14; CV in the second week {varies:.2f}; sodium at most 16 mmol/L by "
        f"day 14 in {ever:.0%}, on day 5 in {low:.0%}; Na:K at most 0.8 on day 5 in {of_full:.0%} of those with 500 mL "
        f"and {of_rest:.0%} of the others; median sodium on day 5 {usual:.0f} mmol/L{failed}",
        *parts,
        seen=seen,
    )


@cache
def _women() -> Mapping[str, Config]:
    return women_around(_preterm(), WOMEN)


_AT_THEIR_MEANS: Config = {
    "gland": {"genes": _preterm()["gland"]["genes"], "tight_junctions": _preterm()["gland"]["tight_junctions"]}
}

CLAIMS = (
    Claim(
        "C33",
        "Glands of some mothers of preterm infants are activated, and those of others are not",
        "of 100 mothers who pump five times a day, 25 to 60 % make 500 mL on day 14 (1), CV in the second week 0.40 to "
        "0.90 (2), sodium at most 16 mmol/L at some time in 70 to 98 % and on day 5 in 15 to 60 % (3), Na:K at most "
        "0.8 on day 5 at least 2.5 times as common among those of 1 (4), median sodium on day 5 17 to 43 mmol/L (5)",
        _women(),
        _activation,
        None,
        "see the adversaries",
        (Adversary(_AT_THEIR_MEANS, "differences in activation", (2, 4)),),
    ),
)
