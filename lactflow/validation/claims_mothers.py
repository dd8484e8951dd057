"""Claims C34, C37 and C38: mothers who differ, by ducts that are shut, by prolactin, by tissue that is missing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lactflow.gland.resolution import lobe_shares
from lactflow.kinetics import plain_sum
from lactflow.parameters.gland import Gland
from lactflow.parameters.prolactin import ProlactinParameters
from lactflow.units import DAY_MIN
from lactflow.validation.claim import (
    Adversary,
    Claim,
    Finding,
    Runs,
    at_least,
    at_most,
    between,
    finding_of,
    seen_to_hold,
)
from lactflow.validation.runs import ON_DEMAND, pumped
from lactflow.validation.simulated import Config, Simulated, merged

_SHUT = (2, 6)
"""Lobes whose ducts are shut: a smaller and a larger one of nine."""
_SEEDS = (1, 2, 3)
_SHUT_DAY, _OPEN_DAY = 61.0, 65.0
_SMALL = (0.5, 0.4, 0.25)
_TREATED_DAY, _LAST_DAY = 21, 31
_LOW = (0.2, 0.3, 0.4)
"""Prolactin of three mothers relative to the usual one: between two pumpings it falls to 10 to 20 ng/mL."""


# -- C34 ----------------------------------------------------------------------------------------------------


def _volumes(run: Simulated, from_day: float, to_day: float) -> pd.DataFrame:
    """Volume of each lobe of the left breast at each sample [mL]."""
    lobes = run.lobes[run.lobes["breast"] == "left"]
    within = lobes["time_min"].between((from_day - 1.0) * DAY_MIN, (to_day - 1.0) * DAY_MIN)
    return lobes[within].pivot_table(index="time_min", columns="lobe", values="volume_ml")


def _delivered(run: Simulated, from_day: float, to_day: float) -> pd.Series[float]:
    """What each lobe of the left breast gave [mL]: the falls of its volume from sample to sample."""
    return (-_volumes(run, from_day, to_day).diff()).clip(lower=0.0).sum()


def _filled(run: Simulated, from_day: float, to_day: float) -> pd.Series[float]:
    """What came into each lobe of the left breast, less what was resorbed while nothing was taken [mL]."""
    return _volumes(run, from_day, to_day).diff().clip(lower=0.0).sum()


def _missing(runs: Runs, name: str) -> float:
    """
    What the lobes that may be shut give less on the second day, as a share of what the left breast gives otherwise.

    That the other lobes and the other breast are asked for more meanwhile is left out: it is compensation.
    """
    day = (_SHUT_DAY + 1.0, _SHUT_DAY + 2.0)
    usual, given = (
        pd.concat([_delivered(runs[f"{which} {seed}"], *day) for seed in _SEEDS], axis=1).sum(axis=1)
        for which in ("open", name)
    )
    return float((usual - given)[list(_SHUT)].sum() / usual.sum())


def _sodium_of_shut(run: Simulated) -> float:
    """Sodium of the milk of the lobes that were shut, over that of the others, in the first feeds after opening."""
    hours = (_OPEN_DAY, _OPEN_DAY + 0.5)
    given = _delivered(run, *hours)
    shut = float(given[list(_SHUT)].sum() / given.sum())
    left, right = (_concentration(run, "sodium_mmol_per_l", side, *hours) for side in ("left", "right"))
    return (left / right - (1.0 - shut)) / shut


def _concentration(run: Simulated, column: str, side: str, from_day: float, to_day: float) -> float:
    removals = run.removals
    within = removals["start_min"].between((from_day - 1.0) * DAY_MIN, (to_day - 1.0) * DAY_MIN)
    milk = removals[within & (removals["breast"] == side)].dropna(subset=[column])
    return float((milk[column] * milk["removed_ml"]).sum() / milk["removed_ml"].sum())


def _two_lobes(runs: Runs) -> Finding:
    usual, run = runs["open 1"], runs["both 1"]
    hours = (_SHUT_DAY + 0.5, _SHUT_DAY + 1.5)
    given = _delivered(run, *hours) / _delivered(usual, *hours)
    shut, others = float(given[list(_SHUT)].max()), float(given.drop(list(_SHUT)).sum() / (len(given) - len(_SHUT)))
    shares = lobe_shares(9, Gland().lobe_spread)
    both, single = _missing(runs, "both"), plain_sum([_missing(runs, f"lobe {lobe}") for lobe in _SHUT])
    of_shares = both / plain_sum([shares[lobe] for lobe in _SHUT])
    later = (_SHUT_DAY + 0.75, _SHUT_DAY + 1.25)
    rates = (_filled(run, *later) / _filled(usual, *later))[list(_SHUT)]
    rate = float(rates.max())
    right = run.made_ml_per_day(*later, "right") / usual.made_ml_per_day(*later, "right")
    sodium = _sodium_of_shut(run)
    swapped = run.removals["removed_ml"].equals(runs["both, the other way round"].removals["removed_ml"])
    of_singles = both / single if single > 0.0 else float("inf")
    return seen_to_hold(
        f"lobes {_SHUT[0]} and {_SHUT[1]} give at most {shut:.1%} of usual, the others {others:.0%}; on the second day "
        f"they lack {both:.0%} of the milk of their breast, {of_shares:.2f} of their shares and {of_singles:.2f} of "
        f"what each lacks alone; 18 to 30 h later they fill at {rate:.0%}, the right breast makes {right:.0%}; their "
        f"milk has {sodium:.1f} times the sodium; the order {'does not matter' if swapped else 'matters'}",
        at_most("milk of shut lobes [of usual]", shut, 0.05),
        at_least("milk of the other lobes [of usual]", others, 0.85),
        between("lacking milk on the second day [of their shares]", of_shares, 0.7, 1.3),
        between("lacking milk on the second day [of each alone]", of_singles, 0.75, 1.25),
        at_most("filling of shut lobes after 18 to 30 h [of usual]", rate, 0.4),
        at_least("milk made by the other breast [of usual]", right, 0.8),
        at_least("sodium of shut lobes after opening [of the others']", sodium, 1.5),
        besides=swapped,
    )


def _shut(*lobes: int, seed: int = 1) -> dict[str, Any]:
    """Four days with some lobes of the left breast shut, and four days after."""
    return {
        "start_day": 59,
        "days": 10,
        "seed": seed,
        "gland": {"lobes_per_breast": 9, "noise": {"sd": 0.0}},
        "resolution": {"packet_ml": 0.1},
        "record": {"sample_min": 5.0},
        **ON_DEMAND,
        "interventions": [
            {"kind": "duct_obstruction", "side": "left", "lobe": lobe, "start_day": _SHUT_DAY, "end_day": _OPEN_DAY}
            for lobe in lobes
        ],
    }


# -- C37 ----------------------------------------------------------------------------------------------------


def _levels(run: Simulated) -> pd.Series[float]:
    """Prolactin over the second half of the treatment [ng/mL]."""
    hormones = run.hormones
    return hormones.loc[hormones["time_min"] >= (_LAST_DAY - 6.0) * DAY_MIN, "prolactin_ng_per_ml"]


def _domperidone(runs: Runs) -> Finding:
    names = [*(f"low {trait:g}" for trait in _LOW), "normal", "small gland"]
    before = {name: runs[name].removed_ml_per_day(_LAST_DAY - 5, _LAST_DAY) for name in names}
    treated = {name: runs[f"{name}, treated"].removed_ml_per_day(_LAST_DAY - 5, _LAST_DAY) for name in names}
    rise = {name: treated[name] - before[name] for name in names}
    share = {name: treated[name] / before[name] - 1.0 if before[name] > 0.0 else float("inf") for name in names}
    trough = {name: float(_levels(runs[name]).min()) for name in names}
    fold = {name: float(_levels(runs[f"{name}, treated"]).mean() / _levels(runs[name]).mean()) for name in names}
    low = names[: len(_LOW)]
    courses = ", ".join(
        f"{before[name]:.0f} to {treated[name]:.0f} ({share[name]:+.0%}; trough {trough[name]:.0f} ng/mL)"
        for name in names
    )
    low_share, low_rise = min(share[name] for name in low), min(rise[name] for name in low)
    seen = (
        at_least("more milk of mothers of low prolactin, least [share]", low_share, 0.15),
        between("more milk of mothers of low prolactin, least [mL/day]", low_rise, 20.0, 180.0),
        between("more milk of them, most [mL/day]", max(rise[name] for name in low), 20.0, 180.0),
        between("milk of a normal mother, treated [of untreated]", 1.0 + share["normal"], 0.97, 1.08),
        at_most("milk with a small gland, treated [of untreated]", 1.0 + share["small gland"], 1.10),
        at_least("prolactin, treated, least [of untreated]", min(fold.values()), 1.5),
    )
    return finding_of(
        f"milk of three mothers of low prolactin, of a normal one and of one with a small gland, without and with "
        f"domperidone: {courses} mL/day; prolactin {min(fold.values()):.1f}-fold at least",
        all(20.0 <= rise[name] <= 180.0 and share[name] >= 0.15 and 10.0 <= trough[name] <= 20.0 for name in low),
        -0.03 <= share["normal"] <= 0.08,
        share["small gland"] <= 0.10,
        min(fold.values()) >= 1.5,
        seen=seen,
    )


def _pumping(mother: Config) -> dict[str, Config]:
    """A mother who pumps six times a day from birth, without and with domperidone from day 21 on."""
    course = [{"kind": "domperidone", "start_day": _TREATED_DAY, "end_day": _LAST_DAY, "dose_mg": 30.0}]
    usual = merged(pumped(_SIX_TIMES, start_day=1, days=_LAST_DAY - 1), mother)
    return {"": usual, ", treated": {**usual, "interventions": course}}


def _of_prolactin(trait: float) -> Config:
    """A mother with the same share of all that pregnancy and suckling add to prolactin."""
    usual = ProlactinParameters()
    keys = ("term_ng_per_ml", "suckled_ng_per_ml", "surge_ng_per_ml")
    return {"endocrine": {"prolactin": {key: trait * float(getattr(usual, key)) for key in keys}}}


# -- C38 ----------------------------------------------------------------------------------------------------


def _cells(run: Simulated, day: float) -> float:
    return run.signal("active_cells", day) + run.signal("quiescent_cells", day)


def _share_taken(run: Simulated) -> float:
    removals = run.removals
    fed = removals[(removals["kind"] == "feed") & (removals["start_min"] >= 27.0 * DAY_MIN)]
    return float(fed["removed_ml"].sum() / fed["available_ml"].sum())


def _hypoplasia(runs: Runs) -> Finding:
    usual = runs["usual"]
    milk = {size: runs[f"{size:g}"].removed_ml_per_day(28, 43) for size in _SMALL}
    over = {size: milk[size] / usual.removed_ml_per_day(28, 43) for size in _SMALL}
    grown = {
        size: _cells(runs[f"{size:g}"], 43) / _cells(runs[f"{size:g}"], 3) / (_cells(usual, 43) / _cells(usual, 3))
        for size in _SMALL
    }
    taken = [_share_taken(runs[f"{size:g}"]) / _share_taken(usual) for size in _SMALL]
    one = runs["one small breast"]
    small = one.removed_ml_per_day(28, 43, "left") / one.removed_ml_per_day(28, 43)
    bands = {0.5: (0.35, 0.70), 0.4: (0.28, 0.56), 0.25: (0.15, 0.38)}
    return seen_to_hold(
        f"{', '.join(f'{over[size]:.2f}' for size in _SMALL)} of the usual milk from {_in_words(_SMALL)} of a gland, "
        f"{milk[0.4]:.0f} mL/day from 0.4; cells grow {', '.join(f'{grown[size]:.2f}' for size in _SMALL)} times as "
        f"much as usual; share taken {', '.join(f'{each:.2f}' for each in taken)} of usual; a small breast beside a "
        f"usual one gives {small:.2f} of the milk",
        *(between(f"milk from {size:g} of a gland [of usual]", over[size], *band) for size, band in bands.items()),
        at_most("milk from 0.4 of a gland [mL/day]", milk[0.4], 600.0),
        at_most("growth of cells of a small gland [of usual]", max(grown.values()), 1.15),
        at_least("share taken from a small gland [of usual]", min(taken), 1.0),
        between("milk of a small breast beside a usual one [share]", small, 0.15, 0.40),
    )


def _in_words(sizes: tuple[float, ...]) -> str:
    return ", ".join(f"{size:g}" for size in sizes)


_TOPPED_UP = {"schedule": [{"kind": "on_demand"}, {"kind": "bottle", "after_feeds": True}]}

_SIX_TIMES = ("02:00", "06:00", "10:00", "14:00", "18:00", "22:00")
_ANSWERING: dict[str, Config] = {
    **{f"low {trait:g}": _of_prolactin(trait) for trait in _LOW},
    "normal": {},
    "small gland": {"mother": {"gland_size": 0.4}},
}

CLAIMS = (
    Claim(
        "C34",
        "Two obstructed lobes of one breast are both shut, and each is controlled by itself",
        "12 to 36 h after two of nine lobes are shut they give below 5 % of usual and the others at least 85 %; on the "
        "second day the milk of the breast falls, before compensation, by 0.7 to 1.3 of their shares, and by what each "
        "does alone to 25 %; 18 to 30 h later both fill at 40 % or less and the other breast makes at least 80 %; "
        "after opening their milk has at least 1.5 times the sodium; the order in the config does not matter",
        {
            **{f"open {seed}": _shut(seed=seed) for seed in _SEEDS},
            **{f"both {seed}": _shut(*_SHUT, seed=seed) for seed in _SEEDS},
            **{f"lobe {lobe} {seed}": _shut(lobe, seed=seed) for lobe in _SHUT for seed in _SEEDS},
            "both, the other way round": _shut(*reversed(_SHUT)),
        },
        _two_lobes,
        {"interventions": _shut(_SHUT[0])["interventions"]},
        "the second obstruction",
    ),
    Claim(
        "C37",
        "Domperidone helps low-prolactin mothers only",
        "pump 6 x a day, day 21, 30 mg/day for 10 d against none: 1. mothers of low prolactin (trough 10 to 20 ng/mL) "
        "give 20 to 180 mL/day and at least 15 % more, each of three; 2. a normal one -3 to +8 %; 3. one with a "
        "gland of 0.4 at most +10 %; 4. prolactin at least 1.5-fold in all",
        {
            f"{name}{course}": config
            for name, mother in _ANSWERING.items()
            for course, config in _pumping(mother).items()
        },
        _domperidone,
        None,
        "see the adversaries",
        (
            Adversary(
                {"gland": {"genes": {"prolactin_half_effect_ng_per_ml": 500.0, "prolactin_steepness": 1.0}}},
                "saturation of the answer to prolactin",
                (2, 3),
            ),
            Adversary(
                {"gland": {"genes": {"prolactin_half_effect_ng_per_ml": 0.1, "prolactin_steepness": 12.0}}},
                "an answer of the genes to prolactin",
                (1,),
            ),
        ),
    ),
    Claim(
        "C38",
        "A gland that is too small gives little milk, and goes on doing so",
        "on days 28 to 42 a gland of 0.5, 0.4, 0.25 gives 0.35 to 0.70, 0.28 to 0.56, 0.15 to 0.38 of the milk of a "
        "usual one, and 0.4 stays below 600 mL/day; cells grow at most 1.15 times as much from day 3 to 42; at least "
        "as much of the available milk is taken; one small breast (0.4) beside a usual one gives 0.15 to 0.40 of "
        "the milk",
        {
            "usual": {"start_day": 1, "days": 43, **ON_DEMAND},
            **{
                f"{size:g}": {"start_day": 1, "days": 43, "mother": {"gland_size": size}, **_TOPPED_UP}
                for size in _SMALL
            },
            "one small breast": {"start_day": 1, "days": 43, "breasts": {"left": {"gland_size": 0.4}}, **ON_DEMAND},
        },
        _hypoplasia,
        {"gland": {"plasticity": {"growth_follows_size": 0.0}}},
        "the limit that a small gland sets to growth",
    ),
)
