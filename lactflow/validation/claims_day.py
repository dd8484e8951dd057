"""
Claim C40: what milk has by the time of day, and bottles that carry it.

Numbers of melatonin and cortisol are those of Illnerova 1993, Qin 2019, Pundir 2017 and van der Voorn 2016. Fat has no
clock: published peaks contradict each other, and the interval since the last feed is its best predictor (Jackson 1988).
Its ratio has an SD of 0.07 over weeks with other random numbers, and is judged as the mean over twelve of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from statistics import fmean

import numpy as np

from lactflow.units import DAY_MIN
from lactflow.validation.by_clock import fat_by_hour, mean_between, milk_by_hour, peak_h
from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_least, between, finding_of
from lactflow.validation.simulated import Config, Simulated

NAMES = ["melatonin", "cortisol", "tryptophan"]
_ROUND_OFF = 1e-9
_SEEDS = range(1, 13)
_DEMAND, _CLOCKED = "on demand", "every three hours"


def _named(name: str, seed: int) -> str:
    """Name of a run."""
    return f"{name} {seed}"


def poured(pumped: Sequence[tuple[float, float]], before_ml: float, volume_ml: float) -> float:
    """
    Concentration of milk that is taken out of a bottle, oldest first; NaN where it had less.

    Parameters
    ----------
    pumped
        Volume [mL] and concentration of each pumping, in their order.
    before_ml, volume_ml
        What was taken before, and now.
    """
    amount, passed_ml = 0.0, 0.0
    for each_ml, per_l in pumped:
        begin_ml = max(passed_ml, before_ml)
        passed_ml += each_ml
        amount += max(0.0, min(passed_ml, before_ml + volume_ml) - begin_ml) * per_l
    return amount / volume_ml if before_ml + volume_ml <= passed_ml * (1.0 + _ROUND_OFF) else nan


def bottles_of_night(run: Simulated) -> tuple[float, float, float]:
    """
    The bottles given at 15:00 against what the pumpings at 03:00 recorded, and against the breast at 15:00.

    Returns
    -------
    Least melatonin of a bottle over that of the breast then; largest relative difference from what was pumped; largest
    residual of the accounts of bottles.
    """
    milk = milk_by_hour(run, "melatonin")
    milk = milk[milk["kind"] == "pump"]
    night = milk[(milk["clock_h"] >= 2.0) & (milk["clock_h"] < 5.0)]
    pumped = [
        (float(each["removed_ml"].sum()), mean_between(each, "mean_per_l", 0.0, 24.0))
        for _, each in night.groupby("session")
    ]
    sessions = run.sessions[["session", "start_min", "intake_ml"]]
    given = run["bottle_contents"].merge(sessions, on="session")
    given = given[(given["analyte"] == "melatonin") & given["mean_per_l"].notna()]
    ratios, differences, before_ml = [], [], 0.0
    for _, bottle in given.iterrows():
        day = milk[milk["start_min"] // DAY_MIN == bottle["start_min"] // DAY_MIN]
        ratios.append(bottle["mean_per_l"] / mean_between(day, "mean_per_l", 14.0, 17.0))
        differences.append(abs(bottle["mean_per_l"] / poured(pumped, before_ml, bottle["intake_ml"]) - 1.0))
        before_ml += bottle["intake_ml"]
    residual = float(run["bottle_balance"]["residual"].abs().max())
    return min(ratios), float(np.max(differences)), residual


def _night_milk(runs: Runs) -> Finding:
    run = runs[_named(_DEMAND, _SEEDS[0])]
    melatonin, cortisol, tryptophan = (milk_by_hour(run, name) for name in NAMES)
    night, day = (mean_between(melatonin, "mean_per_l", *hours) for hours in ((2.0, 4.0), (14.0, 17.0)))
    peaks = [peak_h(rows, "mean_per_l") for rows in (melatonin, cortisol, tryptophan)]
    quarters = [mean_between(cortisol, "mean_per_l", hour, hour + 6.0) for hour in (0.0, 6.0, 12.0, 18.0)]
    fat, fat_even = (fmean(fat_by_hour(runs[_named(name, seed)]) for seed in _SEEDS) for name in (_DEMAND, _CLOCKED))
    carried, difference, residual = bottles_of_night(run)
    swing = max(quarters) / min(quarters)
    seen = (
        at_least("melatonin of the night [of the afternoon's]", night / day, 5.0),
        between("melatonin of the night [pmol/L]", night, 40.0, 200.0),
        between("cortisol between quarters of a day [-fold]", swing, 2.0, 8.0),
        between("fat of the afternoon [of the early morning's]", fat, 1.03, 1.6),
        between("the same at equal intervals", fat_even, 0.95, 1.05),
        at_least("melatonin of the bottle of 03:00 [of the breast's at 15:00]", carried, 5.0),
    )
    return finding_of(
        f"melatonin {night:.0f} pmol/L at 02 to 04 h, {night / day:.1f} times that of 14 to 17 h, peak {peaks[0]:.0f} "
        f"h; cortisol: peak {peaks[1]:.0f} h, {swing:.1f}-fold; tryptophan: peak {peaks[2]:.0f} h; fat of the "
        f"afternoon {fat:.3f} of the early morning's, {fat_even:.3f} at equal intervals; the bottle of 03:00 has "
        f"{carried:.1f} times the melatonin of the breast at 15:00, within {difference:.2%} of what was pumped; "
        f"accounts close to {residual:.0e}",
        night >= 5.0 * day and 40.0 <= night <= 200.0 and 0.0 <= peaks[0] <= 5.0,
        5.0 <= peaks[1] <= 10.0 and 2.0 <= swing <= 8.0,
        0.0 <= peaks[2] <= 6.0,
        1.03 <= fat <= 1.6 and 0.95 <= fat_even <= 1.05,
        carried >= 5.0 and difference <= 0.01 and residual <= 1e-9,
        seen=seen,
    )


_CLOCK = [f"{hour:02d}:00" for hour in range(0, 24, 3)]


def _expressed(night: str, day: str, by_day: Sequence[str] = ("15:00",)) -> list[Config]:
    """Pumpings of 5 min at 03:00 and by day into bottles of two names, and a bottle of the first at 15:00."""
    return [
        {"kind": "pump", "times": ["03:00"], "minutes": 5.0, "into": night},
        {"kind": "pump", "times": list(by_day), "minutes": 5.0, "into": day},
        {"kind": "bottle", "times": ["15:00"], "from": night},
    ]


_EVEN = [{"kind": "clock", "times": _CLOCK}, *_expressed("night", "day", [time for time in _CLOCK if time != "03:00"])]
"""Feeds and pumpings every three hours, day and night; the last entry is the bottle."""


_SEVEN_DAYS: Config = {"start_day": 60, "days": 7}


def _of_seeds(name: str, schedule: list[Config]) -> dict[str, Config]:
    """A run for each seed; the first has the analytes that are read of it."""
    first: Config = {"analytes": {analyte: {} for analyte in NAMES}}
    return {
        _named(name, seed): {**_SEVEN_DAYS, "seed": seed, "schedule": schedule, **(first if seed == _SEEDS[0] else {})}
        for seed in _SEEDS
    }


CLAIMS = (
    Claim(
        "C40",
        "Milk of the night has the hormones of the night, and bottles carry it; fat follows intervals",
        "day 60, 7 days: 1. melatonin of 02 to 04 h at least 5 times that of 14 to 17 h, 40 to 200 pmol/L, peak at 00 "
        "to 05 h; 2. cortisol: peak at 05 to 10 h, 2 to 8-fold between 6-h bins; 3. tryptophan: peak at 00 to 06 h; "
        "4. fat of 12 to 20 h over 04 to 08 h 1.03 to 1.6, and 0.95 to 1.05 at equal intervals; 5. the bottle of "
        "03:00, given at 15:00: melatonin at least 5 times that of the breast then, within 1 % of what was pumped, "
        "accounts of bottles closed to 1e-9",
        {
            **_of_seeds(_DEMAND, [{"kind": "on_demand"}, *_expressed("night", "day")]),
            **_of_seeds(_CLOCKED, _EVEN[:-1]),
        },
        _night_milk,
        None,
        "see the adversaries",
        (
            Adversary(
                {
                    "analytes": {
                        "melatonin": {"night_pmol_per_l": 100.0, "day_pmol_per_l": 100.0},
                        "cortisol": {"rise_per_h": 1.0, "fall_per_h": 1.0},
                        "tryptophan": {"amplitude": 0.0},
                    }
                },
                "rhythms of the blood",
                (1, 2, 3),
            ),
            Adversary({"schedule": _EVEN}, "the uneven intervals of an infant", (4,)),
            Adversary(
                {"schedule": [{"kind": "on_demand"}, *_expressed("all", "all")]},
                "bottles apart: one pot for all expressed milk",
                (5,),
            ),
        ),
    ),
)
