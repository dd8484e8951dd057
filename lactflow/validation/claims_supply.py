"""Claims C28 to C30: a late start, a pause, a gradual end. Their criteria stand in `docs/background/criteria.md`."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import Any

from lactflow.units import DAY_MIN, HOUR_MIN
from lactflow.validation.claim import Claim, Finding, Runs, at_most, between, finding_of, ratio
from lactflow.validation.claims_infants import failing
from lactflow.validation.runs import RUNS, pumped
from lactflow.validation.simulated import Simulated

_FIRST_H = (1, 6, 24, 48, 72)
_EIGHT = tuple(f"{hour:02d}:00" for hour in range(0, 24, 3))
_PAUSES = (4, 7, 14)
_WEANED_FROM, _WEANED_DAYS = 180, 90


def _from_hour(hour: int) -> dict[str, Any]:
    times = tuple(f"{(at + hour) % 24:02d}:00" for at in range(0, 24, 3))
    schedule = [{"kind": "pump", "from_day": 1.0 + hour / 24.0, "times": list(times), "minutes": 15.0}]
    return pumped(times, start_day=1, days=42, schedule=schedule)


def _reaches_h(run: Simulated, ml_per_h: float) -> float:
    """Hours after birth at which both breasts first make so much."""
    rates = run.breasts.groupby("time_min")["secretion_ml_per_h"].sum()
    reached = rates[rates >= ml_per_h]
    return float(reached.index[0]) / HOUR_MIN if len(reached) else inf


def _late_start(runs: Runs) -> Finding:
    weeks = {hour: runs[f"{hour} h"].removed_ml_per_day(40, 43) for hour in _FIRST_H}
    early = {hour: runs[f"{hour} h"].removed_ml_per_day(5, 8) for hour in _FIRST_H}
    onset = {hour: _reaches_h(runs[f"{hour} h"], 15.0) for hour in (6, 72)}
    later = _FIRST_H[1:]
    seen = (
        between("milk on days 40 to 42, from 72 h on [of 6 h]", weeks[72] / weeks[6], 0.70, 0.96),
        between("milk on days 40 to 42, from 1 h on [of 6 h]", weeks[1] / weeks[6], 0.95, 1.05),
        at_most("milk on days 5 to 7, from 72 h on [of 6 h]", ratio(early[72], early[6]), 0.90),
        at_most("onset, 72 h from 6 h [h, either way]", abs(onset[72] - onset[6]), 12.0),
    )
    parts, failed = failing(
        (
            seen[0].holds,
            all(weeks[last] <= 1.005 * weeks[first] for first, last in pairwise(later)),
            seen[1].holds,
            seen[2].holds,
            seen[3].holds,
        )
    )
    return finding_of(
        f"first pumping at {', '.join(map(str, _FIRST_H))} h: {', '.join(f'{weeks[hour]:.0f}' for hour in _FIRST_H)} "
        f"mL a day on days 40 to 42, 72 h {weeks[72] / weeks[6]:.3f} of 6 h; {early[72] / early[6]:.2f} on days 5 to "
        f"7; 15 mL/h at {onset[6]:.0f} and {onset[72]:.0f} h{failed}",
        *parts,
        seen=seen,
    )


def _paused(days: int) -> dict[str, Any]:
    missed = list(range(45, 45 + days))
    schedule = [{"kind": "pump", "times": list(_EIGHT), "minutes": 15.0, "miss": [{"days": missed}]}]
    return pumped(_EIGHT, start_day=30, days=15 + days + 43, schedule=schedule)


def _relactation(runs: Runs) -> Finding:
    back, firsts, second = {}, {}, {}
    for days in _PAUSES:
        run, again = runs[f"{days} d"], 45 + days
        usual = run.removed_ml_per_day(31, 45)
        back[days] = run.removed_ml_per_day(again + 35, again + 42) / usual
        second[days] = run.removed_ml_per_day(again + 13, again + 14) / usual
        firsts[days] = next(
            (day for day in range(43) if run.removed_ml_per_day(again + day, again + day + 1) >= 60), inf
        )
    seen = (
        between("milk six weeks after two weeks' pause [of before]", back[14], 0.45, 1.0),
        between("60 mL a day after two weeks' pause [day]", firsts[14] + 1, 1.0, 21.0),
        at_most("milk two weeks after it [of before]", second[14], 0.85),
    )
    parts, failed = failing(
        (
            seen[0].holds,
            back[7] <= 1.02 * back[4] and back[14] <= 1.02 * back[7] and back[14] < back[4],
            seen[1].holds,
            seen[2].holds,
        )
    )
    return finding_of(
        f"six weeks after a pause of {', '.join(map(str, _PAUSES))} d: {', '.join(f'{back[d]:.2f}' for d in _PAUSES)} "
        f"of the milk before; after 14 d 60 mL a day on day {firsts[14] + 1}, and {second[14]:.2f} on the 14th{failed}",
        *parts,
        seen=seen,
    )


def _gradual(runs: Runs) -> Finding:
    run = runs["weaning"]
    end = _WEANED_FROM + _WEANED_DAYS
    days = [float(day) for day in range(_WEANED_FROM, end)]
    volumes = {day: run.removed_ml_per_day(day, day + 1) for day in days}
    first = run.removed_ml_per_day(178, 180)
    with_milk = [day for day in days if volumes[day] > 0.0]
    stages = {
        "above 400 mL": [day for day in days if volumes[day] > 400.0],
        "a fifth": [day for day in days if 0.15 * first <= volumes[day] <= 0.25 * first],
        "the last": with_milk[-3:],
    }
    columns = ("sodium_mmol_per_l", "chloride_mmol_per_l", "potassium_mmol_per_l", "lactose_g_per_l", "protein_g_per_l")

    def fold(column: str, stage: str) -> float:
        milk = run.removals[run.removals["start_min"].floordiv(DAY_MIN).add(1.0).isin(stages[stage])].dropna(
            subset=[column]
        )
        mean = float((milk[column] * milk["removed_ml"]).sum() / milk["removed_ml"].sum())
        return mean / run.concentration(column, 178, 180)

    sodium, chloride, potassium, lactose, protein = (fold(column, "the last") for column in columns)
    osmolality = run.removals["osmolality_mosm_per_kg"].dropna()
    copious, fifth = fold(columns[0], "above 400 mL"), fold(columns[0], "a fifth")
    seen = (
        between("sodium above 400 mL a day [of before]", copious, 0.8, 1.5),
        between("sodium at a fifth of the volume [of before]", fifth, 1.5, 4.0),
        between("sodium of the last milk [of before]", sodium, 4.0, 14.0),
        between("chloride of the last milk [of before]", chloride, 2.0, 10.0),
        between("potassium before [of that of the last milk]", 1.0 / potassium, 1.05, 1.6),
        between("lactose before [of that of the last milk]", 1.0 / lactose, 1.3, 4.0),
        between("protein of the last milk [of before]", protein, 1.1, 3.0),
    )
    parts, failed = failing(
        (
            seen[0].holds,
            seen[1].holds,
            all(each.holds for each in seen[2:]),
            bool(osmolality.between(280.0, 320.0).all()),
        )
    )
    return finding_of(
        f"sodium x {copious:.2f} above 400 mL a day, x {fifth:.2f} at a fifth of the volume; in the last milk sodium "
        f"x {sodium:.1f}, chloride x {chloride:.1f}, potassium / {1.0 / potassium:.2f}, lactose / {1.0 / lactose:.2f}, "
        f"protein x {protein:.1f}{failed}",
        *parts,
        seen=seen,
    )


CLAIMS = (
    Claim(
        "C28",
        "A late start of removal costs supply for weeks",
        "first pumping at 72 h against 6 h: 0.70 to 0.96 of the milk on days 40 to 42 (1), falling with the hour (2), "
        "1 h as 6 h within 5 % (3), at most 0.90 on days 5 to 7 (4), onset within 12 h (5)",
        {f"{hour} h": _from_hour(hour) for hour in _FIRST_H},
        _late_start,
        {"gland": {"plasticity": {"unprimed_quiescence": 0.0}}},
        "priming by early bouts",
    ),
    Claim(
        "C29",
        "Relactation after a pause of two weeks",
        "0.45 to 1 of the milk in the sixth week (1), less after longer pauses (2), 60 mL a day within 1 to 21 days "
        "(3), at most 0.85 after two weeks (4)",
        {f"{days} d": _paused(days) for days in _PAUSES},
        _relactation,
        {"gland": {"plasticity": {"regrowth_per_day": 0.0}}},
        "regrowth",
    ),
    Claim(
        "C30",
        "Gradual weaning: sodium and chloride rise, potassium and lactose fall",
        "sodium x 0.8 to 1.5 above 400 mL a day (1), x 1.5 to 4 at a fifth of the volume (2); in the last three days "
        "with milk sodium x 4 to 14, chloride x 2 to 10, potassium / 1.05 to 1.6, lactose / 1.3 to 4, protein x 1.1 "
        "to 3 (3); osmolality 280 to 320 (4)",
        {
            "weaning": {
                **RUNS["weaning 1"],
                "start_day": 176,
                "days": 94,
                "schedule": [{"kind": "on_demand"}, {"kind": "wean", "from_day": 180.0, "days": 90.0}],
            }
        },
        _gradual,
        {"gland": {"tight_junctions": {"rest_leak": 0.0}, "genes": {"dedifferentiation_days": 9.0}}},
        "secretion that holds the junctions shut, with vesicles that run back into colostrum",
    ),
)
