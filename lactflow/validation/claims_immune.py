"""
Claims A20 and A21: immune proteins are fluxes of the cells, whatever volume of milk these make.

The fall of secretory IgA from colostrum is that of Kawano and Emori 2013, its level in mature milk that of Weaver 1998.
The adversary brings it with fresh milk, in proportion to the volume: nothing falls then and nothing rises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lactflow.gland.declared import OTHER_PROTEIN
from lactflow.units import DAY_MIN
from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_least, between, finding_of, ratio
from lactflow.validation.runs import shipped
from lactflow.validation.simulated import Config, Simulated

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("siga", "lactoferrin", "lysozyme", "igm", "igg", "albumin")
_LAST_DAY = 84
_STEADY_DAYS = (7, 28, 60, 84)
_EMPTIED = (30.55, 34.55)
"""From after the emptying at noon of day 30 to after that of day 34: four whole days of a breast emptied once a day."""
_FULL_LACTATION, _LAST_WEEK = (181.0, 190.0), (225.0, 232.0)


def contents_of(
    run: Simulated, analyte: str, from_day: float, to_day: float, breast: str | None = None
) -> pd.DataFrame:
    """Removals of a stretch of days that gave milk: amount of an analyte, volume, protein [g/L] and start."""
    rows = run["removal_contents"]
    rows = rows[(rows["analyte"] == analyte) & rows["mean_per_l"].notna()]
    removals = run.removals[["session", "breast", "start_min", "removed_ml", "protein_g_per_l"]]
    rows = rows.merge(removals, on=["session", "breast"])
    begin, end = (from_day - 1.0) * DAY_MIN, (to_day - 1.0) * DAY_MIN
    rows = rows[(rows["start_min"] >= begin) & (rows["start_min"] < end)]
    return rows if breast is None else rows[rows["breast"] == breast]


def per_litre(run: Simulated, analyte: str, from_day: float, to_day: float, breast: str | None = None) -> float:
    """Mean concentration in the milk removed, by volume [per litre]."""
    rows = contents_of(run, analyte, from_day, to_day, breast)
    return ratio(1000.0 * float(rows["amount"].sum()), float(rows["removed_ml"].sum()))


def per_day(run: Simulated, analyte: str, from_day: float, to_day: float, breast: str | None = None) -> float:
    """Amount removed a day."""
    return float(contents_of(run, analyte, from_day, to_day, breast)["amount"].sum()) / (to_day - from_day)


def least_rest(run: Simulated, from_day: float, to_day: float, least_ml: float = 0.0) -> float:
    """
    Protein that no declared part accounts for, as a share of the total: that of the day on which it is least.

    Parameters
    ----------
    run
        With analytes that are part of protein.
    from_day, to_day
        First day, and the day after the last.
    least_ml
        Days with less milk are left out.
    """
    rows = contents_of(run, OTHER_PROTEIN, from_day, to_day)
    rows = rows.assign(total_g=rows["protein_g_per_l"] * rows["removed_ml"] / 1000.0)
    days = rows.groupby(rows["start_min"] // DAY_MIN)[["amount", "total_g", "removed_ml"]].sum()
    days = days[days["removed_ml"] >= least_ml]
    return float((days["amount"] / days["total_g"]).min())


def _fall_from_colostrum(runs: Runs) -> Finding:
    run = runs["every three hours"]
    early, mature = per_litre(run, "siga", 3.0, 4.0), per_litre(run, "siga", 26.0, 31.0)
    daily = [per_day(run, "siga", day, day + 1.0) for day in _STEADY_DAYS]
    apart, rest = ratio(max(daily), min(daily)), least_rest(run, 1.0, _LAST_DAY + 1.0)
    seen = (
        between("secretory IgA of days 26 to 30 [of day 3's]", ratio(mature, early), 0.4, 0.6),
        between("largest over smallest g a day on days 7, 28, 60, 84", apart, 1.0, 1.15),
        at_least("protein beside its declared parts, on the day with least [of all protein]", rest, 0.0),
    )
    return finding_of(
        f"secretory IgA {early:.2f} g/L on day 3, {mature:.2f} g/L on days 26 to 30 ({ratio(mature, early):.2f}); "
        f"{', '.join(f'{each:.2f}' for each in daily)} g a day on days 7, 28, 60, 84 ({apart:.2f}-fold); the declared "
        f"parts leave at least {rest:.0%} of protein to others on days 1 to {_LAST_DAY}",
        *(each.holds for each in seen),
        seen=seen,
    )


def _little_removal(runs: Runs) -> Finding:
    one, weaned = runs["one breast once a day"], runs["gradual weaning"]
    often, seldom = (per_litre(one, "siga", *_EMPTIED, side) for side in ("left", "right"))
    often_g, seldom_g = (per_day(one, "siga", *_EMPTIED, side) for side in ("left", "right"))
    full, last = (per_litre(weaned, "siga", *days) for days in (_FULL_LACTATION, _LAST_WEEK))
    seen = (
        at_least("secretory IgA of the breast emptied once a day [of the other's g/L]", ratio(seldom, often), 1.2),
        between("the same [of the other's g a day]", ratio(seldom_g, often_g), 0.8, 1.2),
        at_least("secretory IgA in the last week of weaning [of that before]", ratio(last, full), 1.2),
    )
    return finding_of(
        f"emptied once a day {seldom:.2f} g/L and {seldom_g:.3f} g a day, every three hours {often:.2f} g/L and "
        f"{often_g:.3f} g a day ({ratio(seldom_g, often_g):.2f}); {full:.2f} g/L before weaning, {last:.2f} in its "
        "last week",
        *(each.holds for each in seen),
        seen=seen,
    )


def _clock(hours: Sequence[int]) -> list[str]:
    return [f"{hour:02d}:00" for hour in hours]


def _weaning() -> Config:
    return {key: value for key, value in shipped("gradual-weaning").items() if key in ("start_day", "days", "schedule")}


_IN_PROPORTION = Adversary(
    {"analytes": {"siga": {"per_day": 0.0, "fresh_g_per_l": 0.8}}},
    "the flux: secretory IgA comes in proportion to the volume",
)

CLAIMS = (
    Claim(
        "A20",
        "A constant flux makes the fall of secretory IgA from colostrum, and parts of protein stay within the total",
        "fed every three hours from birth: 1. secretory IgA of days 26 to 30 over that of day 3 0.4 to 0.6; 2. g a day "
        "on days 7, 28, 60 and 84 within 15 % of one another; 3. on each day from 1 to 84 the declared parts of "
        "protein do not exceed the total",
        {
            "every three hours": {
                "start_day": 1,
                "days": _LAST_DAY,
                "schedule": [{"kind": "clock", "times": _clock(range(0, 24, 3))}],
                "analytes": {name: {} for name in PARTS},
            }
        },
        _fall_from_colostrum,
        None,
        "see the adversary",
        (_IN_PROPORTION._replace(fails=(1,)),),
    ),
    Claim(
        "A21",
        "Little removal, much secretory IgA in each litre, and as much of it a day",
        "1. a breast emptied once a day against the other, fed from every three hours, over four days from the first "
        "emptying on: g/L higher by more than 20 %; 2. g a day within 20 %; 3. the last week of gradual weaning "
        "against full lactation: g/L higher by more than 20 %",
        {
            "one breast once a day": {
                "start_day": 30,
                "days": 5,
                "schedule": [
                    {"kind": "every", "hours": 3, "side": "left"},
                    {"kind": "pump", "times": ["12:00"], "side": "right", "minutes": 25},
                ],
                "analytes": {"siga": {}},
            },
            "gradual weaning": {**_weaning(), "analytes": {"siga": {}}},
        },
        _little_removal,
        None,
        "see the adversary",
        (_IN_PROPORTION._replace(fails=(1, 3)),),
    ),
)
