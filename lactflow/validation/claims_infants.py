"""Claims C27, C31, C32 and C39: what infants take, and how they grow. Criteria: `docs/background/criteria.md`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from statistics import mean, median
from typing import Any

import numpy as np

from lactflow.parameters.growth_standard import standard_at
from lactflow.units import DAY_MIN
from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_least, at_most, between, finding_of, ratio
from lactflow.validation.readings import share_taken
from lactflow.validation.runs import ON_DEMAND
from lactflow.validation.simulated import Config, Simulated
from lactflow.validation.spreads import women

_SEEDS = (1, 2, 3)
_NEWBORNS = (1, 2, 3, 4, 5)
_LATCHES = (1.0, 0.6, 0.35)
_COHORT = 100
"""Women of C31: the first of those that spreads are judged by."""


def _weight_kg(run: Simulated, day: float, infant: int = 0) -> float:
    """Weight at the start of a day of life: on day 1 that at birth."""
    rows = run["infants"]
    rows = rows[rows["infant"] == infant]
    return float(np.interp((day - 1.0) * DAY_MIN, rows["time_min"], rows["weight_kg"]))


def _score(run: Simulated, day: float, infant: int = 0) -> float:
    """Standard score of the weight by the growth standard."""
    return standard_at(day - 1.0).score(_weight_kg(run, day, infant))


def _emptied_once(day: float) -> list[dict[str, Any]]:
    """On demand, and both breasts pumped empty at the start of one day."""
    return [{"kind": "on_demand"}, {"kind": "pump", "from_day": day, "times": ["00:05"], "minutes": 25.0}]


def _rate_after(run: Simulated, day: float) -> float:
    """Rate of both breasts in the two hours after they were pumped at the start of a day [mL/h]."""
    return run.made_ml_per_day(day + 0.5 / 24.0, day + 2.5 / 24.0) / 24.0


def failing(parts: Sequence[bool]) -> tuple[Sequence[bool], str]:
    """The parts of a criterion, and in words which of them do not hold."""
    failed = [str(number) for number, holds in enumerate(parts, start=1) if not holds]
    return parts, f" (fails: {', '.join(failed)})" if failed else ""


# -- C27: poor latch --------------------------------------------------------------------------------------


def _latched(latch: float, seed: int) -> dict[str, Any]:
    return {
        "start_day": 1,
        "days": 44.2,
        "seed": seed,
        "schedule": _emptied_once(45.0),
        "infants": [{"latch": latch}],
    }


def _poor_latch(runs: Runs) -> Finding:
    shares, milk, rates, weights = [], [], [], []
    for latch in _LATCHES:
        these = [runs[f"latch {latch:g}, seed {seed}"] for seed in _SEEDS]
        feeds = [run.removals[(run.removals["kind"] == "feed")] for run in these]
        later = [table[table["start_min"].between(19.0 * DAY_MIN, 44.0 * DAY_MIN)] for table in feeds]
        shares.append(mean(share_taken(table) for table in later))
        milk.append(mean(run.removed_ml_per_day(30, 45) for run in these))
        rates.append(mean(_rate_after(run, 45) for run in these))
        weights.append(mean(_weight_kg(run, 45) for run in these))
    share, poorest = shares[2] / shares[0], milk[2] / milk[0]
    seen = (
        between("milk taken of the available, latch 0.35 [of latch 1]", share, 0.50, 0.90),
        between("milk a day, latch 0.35 [of latch 1]", poorest, 0.60, 0.95),
        at_most("rate after emptying, latch 0.35 [of latch 1]", ratio(rates[2], rates[0]), 0.95),
        at_least("lighter on day 45, latch 0.35 [kg]", weights[0] - weights[2], 0.1),
    )
    parts, failed = failing(
        (
            seen[0].holds,
            seen[1].holds and milk[2] * 0.99 <= milk[1] <= milk[0] * 1.01,
            seen[2].holds,
            weights[0] >= weights[1] >= weights[2] and seen[3].holds,
        )
    )
    return finding_of(
        f"latch 1, 0.6, 0.35: {', '.join(f'{value:.0f}' for value in shares)} % of the available milk taken, "
        f"{', '.join(f'{value:.0f}' for value in milk)} mL a day, {', '.join(f'{value:.1f}' for value in rates)} mL/h "
        f"after emptying, {', '.join(f'{value:.2f}' for value in weights)} kg on day 45{failed}",
        *parts,
        seen=seen,
    )


# -- C31: newborn weight ----------------------------------------------------------------------------------


def _lowest_and_back(run: Simulated) -> tuple[float, float, float]:
    """Lowest weight, as a share of birth weight lost [%], its age [h], and the age of coming back [d]."""
    rows = run["infants"]
    ages, weights = rows["time_min"].to_numpy() / DAY_MIN, rows["weight_kg"].to_numpy()
    lowest = int(weights.argmin())
    back = ages[(ages > ages[lowest]) & (weights >= weights[0])]
    return 100.0 * (weights[lowest] / weights[0] - 1.0), 24.0 * ages[lowest], float(back[0]) if len(back) else inf


def _not_back(runs: Runs, day: float) -> float:
    """Share of the newborns of the cohort that are below their birth weight until the end of a day of life."""
    ages = [_lowest_and_back(run)[2] for name, run in runs.items() if name.startswith("woman")]
    return len([age for age in ages if age > day]) / len(ages)


def _regained(runs: Runs) -> Finding:
    newborns = [runs[f"newborn {seed}"] for seed in _NEWBORNS]
    loss, hour, age = (median(values) for values in zip(*map(_lowest_and_back, newborns), strict=True))
    gain = median(_weight_kg(run, 29) - _weight_kg(run, 1) for run in newborns)
    score = median(_score(run, 61) for run in newborns)
    fortnight, three_weeks = (_not_back(runs, day) for day in (14.0, 21.0))
    seen = (
        between("weight lost [% of birth weight]", -loss, 4.5, 9.0),
        between("lowest weight [h]", hour, 36.0, 84.0),
        between("back at birth weight [day]", age + 1.0, 6.0, 13.0),
        between("not back on day 14 [share]", fortnight, 0.03, 0.30),
        at_most("not back on day 21 [share]", three_weeks, 0.12),
        between("gained by day 28 [kg]", gain, 0.70, 1.25),
        at_most("weight from the median on day 60 [z, either way]", abs(score), 1.0),
    )
    holds = [each.holds for each in seen]
    parts, failed = failing((holds[0] and holds[1], holds[2], holds[3] and holds[4], holds[5] and holds[6]))
    return finding_of(
        f"lowest {loss:.1f} % at {hour:.0f} h, back at birth weight on day {age + 1.0:.1f}; not back on day 14 in "
        f"{fortnight:.0%}, on day 21 in {three_weeks:.0%}; {gain:.2f} kg gained by day 28, z {score:+.2f} on day 60"
        f"{failed}",
        *parts,
        seen=seen,
    )


# -- C32: solids ------------------------------------------------------------------------------------------


def _year(solids_from_day: float | None, seed: int, days: float) -> dict[str, Any]:
    return {
        "start_day": 150,
        "days": days,
        "seed": seed,
        "schedule": [
            {"kind": "on_demand"},
            {
                "kind": "pump",
                "from_day": 170.0,
                "times": ["00:05"],
                "minutes": 25.0,
                "miss": [{"days": [*range(171, 365)]}],
            },
        ],
        "infants": [{"solids_from_day": solids_from_day}],
    }


def _four_months(solids_from_day: float | None, seed: int) -> dict[str, Any]:
    return {
        "start_day": 110,
        "days": 71,
        "seed": seed,
        **ON_DEMAND,
        "infants": [{"solids_from_day": solids_from_day}],
    }


def _solids_kcal(run: Simulated, from_day: float, to_day: float) -> float:
    """Energy of other food than milk a day."""
    rows = run["infants"]
    begin, end = (
        float(np.interp((day - 1.0) * DAY_MIN, rows["time_min"], rows["solids_kcal"])) for day in (from_day, to_day)
    )
    return (end - begin) / (to_day - from_day)


def _solids(runs: Runs) -> Finding:
    years = [runs[f"year {seed}"] for seed in _SEEDS]
    nine, twelve = (mean(run.removed_ml_per_day(*days) for run in years) for days in ((265, 280), (350, 365)))
    replaced = -mean(
        (early.removed_ml_per_day(170, 180) - early.removed_ml_per_day(112, 120))
        - (none.removed_ml_per_day(170, 180) - none.removed_ml_per_day(112, 120))
        for early, none in ((runs[f"from day 120, {seed}"], runs[f"none, {seed}"]) for seed in _SEEDS)
    )
    kcal = [mean(_solids_kcal(run, *days) for run in years) for days in ((183, 274), (274, 365))]
    follows = mean(_rate_after(run, 365) / _rate_after(run, 170) for run in years)
    scores = [_score(run, day) for run in years for day in range(155, 366, 15)]
    seen = (
        between("milk at nine months [mL/day]", nine, 430.0, 780.0),
        between("milk at twelve months [mL/day]", twelve, 280.0, 650.0),
        between("milk that solids replace by six months [mL/day]", replaced, 30.0, 180.0),
        at_most("rate after emptying at twelve months [of six]", follows, 0.85),
    )
    parts, failed = failing(
        (
            seen[0].holds and seen[1].holds,
            seen[2].holds,
            120.0 <= kcal[0] <= 320.0 and 200.0 <= kcal[1] <= 420.0,
            seen[3].holds,
            all(abs(score) <= 2.0 for score in scores),
        )
    )
    return finding_of(
        f"{nine:.0f} mL a day at nine months, {twelve:.0f} at twelve; solids from four months replace {replaced:.0f} "
        f"mL a day by six; {kcal[0]:.0f} and {kcal[1]:.0f} kcal of food a day at 6 to 8 and 9 to 11 months; rate after "
        f"emptying at twelve months {follows:.2f} of that at six; z of weight {min(scores):+.2f} to {max(scores):+.2f}"
        f"{failed}",
        *parts,
        seen=seen,
    )


# -- C39: twins -------------------------------------------------------------------------------------------


def _born(weights_kg: Iterable[float], seed: int) -> dict[str, Any]:
    return {
        "start_day": 1,
        "days": 74.2,
        "seed": seed,
        "schedule": _emptied_once(75.0),
        "infants": [{"birth_weight_kg": weight_kg} for weight_kg in weights_kg],
    }


def _two(runs: Runs) -> Finding:
    ratios, gains, falls, feeds, rates = [], [], [], [], []
    for seed in _SEEDS:
        one, two = runs[f"one infant {seed}"], runs[f"twins {seed}"]
        ratios.append(two.removed_ml_per_day(60, 75) / one.removed_ml_per_day(60, 75))
        usual = _weight_kg(one, 75) - _weight_kg(one, 15)
        gains += [(_weight_kg(two, 75, twin) - _weight_kg(two, 15, twin)) / usual for twin in (0, 1)]
        falls += [_score(two, 75, twin) - _score(two, 1, twin) for twin in (0, 1)]
        feeds.append(two.per_day("feed", 60, 75) / one.per_day("feed", 60, 75))
        rates.append(_rate_after(two, 75) / _rate_after(one, 75))
    times, gain, fall, feed, rate = mean(ratios), min(gains), min(falls), mean(feeds), mean(rates)
    seen = (
        between("milk of twins [of one infant's]", times, 1.5, 2.2),
        at_least("lesser gain of a twin [of one infant's]", gain, 0.80),
        at_most("weight lost since birth [z]", -fall, 1.0),
        at_least("feeds of twins [of one infant's]", feed, 1.5),
        at_least("rate after emptying, twins [of one infant's]", rate, 1.3),
    )
    holds = [each.holds for each in seen]
    parts, failed = failing((holds[0], holds[1] and holds[2], holds[3], holds[4]))
    return finding_of(
        f"twins take {times:.2f} times the milk of one infant in {feed:.2f} times the feeds; the lesser gain of a "
        f"twin is {gain:.2f} of one infant's, z of weight {fall:+.2f} since birth; rate after emptying "
        f"{rate:.2f}-fold{failed}",
        *parts,
        seen=seen,
    )


_TIRELESS: Config = {
    "dyad": {
        "infant": {
            "poor_latch_doze_chance": 0.0, "doze_chance": 0.0, "patience_min": 240.0, "longest_min": 240.0,
            "empty_below_ml": 0.0,
        }
    }
}  # fmt: skip
_NO_LOCAL_CONTROL: Config = {"knock_outs": ["feedback_inhibitor", "plasticity"]}

CLAIMS = (
    Claim(
        "C27",
        "A poor latch lowers transfer and supply",
        "latch 0.35 against 1: 0.50 to 0.90 of the share of milk taken (1), 0.60 to 0.95 of the milk a day with 0.6 "
        "between (2), at most 0.95 of the rate after emptying (3), at least 100 g lighter on day 45 (4)",
        {f"latch {latch:g}, seed {seed}": _latched(latch, seed) for latch in _LATCHES for seed in _SEEDS},
        _poor_latch,
        None,
        "see the adversaries",
        (
            Adversary(_TIRELESS, "limits of time and effort", (1, 2, 4)),
            Adversary({"knock_outs": ["plasticity"]}, "plasticity", (3,)),
        ),
    ),
    Claim(
        "C31",
        "Newborns lose weight, and regain it with the milk they drink",
        "lowest -4.5 to -9 % at 36 to 84 h (1), back at birth weight on day 6 to 13 (2), of 100 newborns 3 to 30 % not "
        "back on day 14 and at most 12 % on day 21 (3), 0.70 to 1.25 kg gained by day 28 and z of weight within 1 on "
        "day 60 (4); medians of five newborns but for 3",
        {f"newborn {seed}": {"start_day": 1, "days": 61, "seed": seed, **ON_DEMAND} for seed in _NEWBORNS},
        _regained,
        {"dyad": {"growth": {"fluid_returns_ml_per_kg": 1e6}}},
        "return of the fluid",
        cohort=lambda: women(count=_COHORT),
    ),
    Claim(
        "C32",
        "Solids replace milk, and supply follows",
        "430 to 780 mL a day at nine and 280 to 650 at twelve months (1), solids from four months replace 30 to 180 mL "
        "by six (2), 120 to 320 and 200 to 420 kcal of food a day (3), rate after emptying at twelve months at most "
        "0.85 of that at six (4), weight within 2 z (5)",
        {
            **{f"year {seed}": _year(180.0, seed, 216.0) for seed in _SEEDS},
            **{f"from day 120, {seed}": _four_months(120.0, seed) for seed in _SEEDS},
            **{f"none, {seed}": _four_months(None, seed) for seed in _SEEDS},
        },
        _solids,
        None,
        "see the adversaries",
        (
            Adversary({"infants": [{"solids_from_day": None}]}, "solids", (1, 2)),
            Adversary(_NO_LOCAL_CONTROL, "inhibitor and plasticity", (4,)),
        ),
    ),
    Claim(
        "C39",
        "One gland feeds two",
        "twins take 1.5 to 2.2 times the milk of one infant (1), gain at least 0.80 of it and lose at most 1 z (2), "
        "feed 1.5 times as often (3), and the gland makes 1.3 times as much after emptying (4)",
        {
            **{f"one infant {seed}": _born((3.4,), seed) for seed in _SEEDS},
            **{f"twins {seed}": _born((2.5, 2.5), seed) for seed in _SEEDS},
        },
        _two,
        _NO_LOCAL_CONTROL,
        "inhibitor and plasticity",
    ),
)
