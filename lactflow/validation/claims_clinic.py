"""
Claim A15: mastitis changes the milk of its breast and leaves that of the other one.

What rises and what falls is printed in the abstract of Fetherston 2006. Each mother is held against herself, with the
same random numbers and without mastitis: the milk of a breast differs by itself between stretches of days, as the
infant prefers one side and then the other. Reference mothers are five, as for targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from lactflow.kinetics import plain_sum
from lactflow.units import DAY_MIN
from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_least, at_most, finding_of, ratio
from lactflow.validation.claims_immune import per_litre
from lactflow.validation.runs import MOTHERS, ON_DEMAND
from lactflow.validation.simulated import Config, Simulated

_DAYS = (60.0, 65.0)
"""From the first day of the mastitis to the day after the last."""
_IN_REMOVALS = {"sodium": "sodium_mmol_per_l", "lactose": "lactose_g_per_l"}
_RISES, _FALLS = ("sodium", "albumin"), ("lactose", "glucose")
_INFLAMED = {"well": (), "ill": ("left",), "ill on both sides": ("left", "right")}


def of_breast(run: Simulated, what: str, breast: str, from_day: float, to_day: float) -> float:
    """
    Mean concentration in the milk of one breast, by volume.

    Parameters
    ----------
    run
        With the analyte, where no column of removals has it.
    what
        `sodium`, `lactose`, or the name of an analyte.
    breast
        Its side.
    from_day, to_day
        First day, and the day after the last.
    """
    if what not in _IN_REMOVALS:
        return per_litre(run, what, from_day, to_day, breast)
    column, rows = _IN_REMOVALS[what], run.removals
    begin, end = (from_day - 1.0) * DAY_MIN, (to_day - 1.0) * DAY_MIN
    rows = rows[(rows["breast"] == breast) & (rows["start_min"] >= begin) & (rows["start_min"] < end)]
    rows = rows.dropna(subset=[column])
    return ratio(float((rows[column] * rows["removed_ml"]).sum()), float(rows["removed_ml"].sum()))


def _changes(runs: Runs, ill: str, breast: str) -> dict[str, list[float]]:
    """By how much each marker of a breast differs from the same mother without mastitis, as a share."""
    return {
        what: [
            ratio(*(of_breast(runs[f"{state} {seed}"], what, breast, *_DAYS) for state in (ill, "well"))) - 1.0
            for seed in MOTHERS
        ]
        for what in (*_RISES, *_FALLS)
    }


def _means(changes: Mapping[str, list[float]]) -> dict[str, float]:
    return {what: plain_sum(of_mothers) / len(of_mothers) for what, of_mothers in changes.items()}


def _one_breast(runs: Runs, ill: str = "ill") -> Finding:
    each_right = _changes(runs, ill, "right")
    left, right = _means(_changes(runs, ill, "left")), _means(each_right)
    most = max(abs(change) for of_mothers in each_right.values() for change in of_mothers)
    rises = [at_least(f"{what} of the left breast, change", left[what], 0.2) for what in _RISES]
    falls = [at_most(f"{what} of the left breast, change", left[what], -0.03) for what in _FALLS]
    other = [at_most(f"{what} of the right breast, size of the change", abs(right[what]), 0.05) for what in right]
    return finding_of(
        f"left: {_in_words(left)}; right: {_in_words(right)}, in single mothers up to {most:.1%}",
        *(all(each.holds for each in part) for part in (rises, falls, other)),
        seen=(*rises, *falls, *other),
    )


def _in_words(changes: Mapping[str, float]) -> str:
    return ", ".join(f"{what} {change:+.1%}" for what, change in changes.items())


def _config(seed: int, inflamed: tuple[str, ...]) -> Config:
    return {
        "start_day": 58,
        "days": 7,
        "seed": seed,
        **ON_DEMAND,
        "analytes": {"albumin": {}, "glucose": {}},
        "interventions": [
            {"kind": "mastitis", "side": side, "severity": 1.0, "start_day": _DAYS[0], "end_day": _DAYS[1]}
            for side in inflamed
        ],
    }


CLAIMS = (
    Claim(
        "A15",
        "Mastitis changes the milk of one breast",
        "five mothers with mastitis of severity 1 in the left breast on days 60 to 64, each against herself without "
        "it, the mean: 1. left, sodium and albumin up by more than 20 %; 2. left, lactose and glucose down by more "
        "than 3 %; 3. right, each of the four changes by less than 5 %",
        {f"{state} {seed}": _config(seed, inflamed) for (state, inflamed), seed in product(_INFLAMED.items(), MOTHERS)},
        _one_breast,
        None,
        "see the adversary",
        (
            Adversary(
                {},
                "a healthy breast: both are inflamed",
                (3,),
                judge=lambda runs: _one_breast(runs, "ill on both sides"),
            ),
        ),
    ),
)
