"""Claims C35 and C36: milk without a pregnancy, pregnancy during lactation. Criteria: `docs/background/criteria.md`."""

from __future__ import annotations

from math import inf, isfinite
from typing import Any

from lactflow.analysis.onset import onset_h
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
    in_hours,
)
from lactflow.validation.claims_infants import failing
from lactflow.validation.runs import ON_DEMAND, pumped
from lactflow.validation.simulated import Simulated, merged

_EIGHT = tuple(f"{hour:02d}:00" for hour in range(0, 24, 3))

# -- C35 ----------------------------------------------------------------------------------------------------

_STEROID_DAYS, _PUMPED_DAYS = 90, 42
_STOP_DAY = 1.0 + _STEROID_DAYS
_END_DAY = _STOP_DAY + _PUMPED_DAYS
_LACTOSE_G_PER_MMOL = 0.3423
_STEROIDS = {
    "kind": "estrogen_progesterone",
    "start_day": 1.0,
    "end_day": _STOP_DAY,
    "estradiol_pg_per_ml": 300.0,
    "progesterone_ng_per_ml": 25.0,
}
"""Levels of the first weeks of a pregnancy."""
_DOMPERIDONE = {"kind": "domperidone", "start_day": 1.0, "dose_mg": 80.0}
"""As protocols have it: from the first day on, and while she pumps."""


def _never_pregnant(*interventions: dict[str, Any], from_day: float | None, **more: Any) -> dict[str, Any]:
    """A mother who has not been pregnant; she pumps eight times a day from a day on, or never."""
    schedule = [] if from_day is None else [{"kind": "pump", "times": list(_EIGHT), "minutes": 15.0}]
    schedule = [{**phase, "from_day": from_day} for phase in schedule]
    days = _END_DAY - 1.0
    config = pumped(_EIGHT, start_day=1, days=days, mother={"pregnant": False}, interventions=list(interventions))
    return merged(config, {"schedule": schedule}, more)


def _of_week_six(run: Simulated) -> float:
    return run.removed_ml_per_day(_END_DAY - 7.0, _END_DAY)


def _induced(runs: Runs) -> Finding:
    run = runs["steroids, then pump"]
    on_steroids = runs["pumped once on steroids"].removed_ml_per_day(_STOP_DAY - 2.0, _STOP_DAY - 1.0)
    milk, only_pump = _of_week_six(run), _of_week_six(runs["pump and domperidone"])
    first = next(
        (
            day + 1
            for day in range(_PUMPED_DAYS)
            if run.removed_ml_per_day(_STOP_DAY + day, _STOP_DAY + day + 1.0) >= 10.0
        ),
        inf,
    )
    week_six = (_END_DAY - 7.0, _END_DAY)
    sodium = run.concentration("sodium_mmol_per_l", *week_six)
    lactose = run.concentration("lactose_g_per_l", *week_six) / _LACTOSE_G_PER_MMOL
    unpumped = runs["never pumped"].made_ml_per_day(*week_six)
    seen = (
        at_most("milk on steroids [mL/day]", on_steroids, 30.0),
        between("milk in the sixth week of pumping [mL/day]", milk, 50.0, 650.0),
        between("first 10 mL a day [day]", first, 1.0, 28.0),
        at_most("sodium in the sixth week [mmol/L]", sodium, 16.0),
        at_least("lactose in the sixth week [mmol/L]", lactose, 150.0),
        at_most("milk made without pumping [mL/day]", unpumped, 20.0),
    )
    holds = [each.holds for each in seen]
    parts, failed = failing((holds[0], holds[1], holds[2], holds[3] and holds[4], holds[5], 0.0 < only_pump <= milk))
    when = f"on day {first:.0f}" if isfinite(first) else "never"
    return finding_of(
        f"{on_steroids:.0f} mL on a day on steroids; {milk:.0f} mL a day in the sixth week of pumping, the first 10 mL "
        f"a day {when}, sodium {sodium:.0f} and lactose {lactose:.0f} mmol/L; {unpumped:.1f} mL a day are made without "
        f"pumping, {only_pump:.0f} without steroids{failed}",
        *parts,
        seen=seen,
    )


# -- C36 ----------------------------------------------------------------------------------------------------

_BEGINS_DAY = 300.0
_BIRTH_DAY = _BEGINS_DAY + 280.0
_DAY_60 = (_BEGINS_DAY + 57.0, _BEGINS_DAY + 64.0)
"""The week around day 60 of gestation."""
_PREGNANCY = {"interventions": [{"kind": "pregnancy", "start_day": _BEGINS_DAY}]}
_PROGESTIN = {
    "interventions": [{"kind": "estrogen_progesterone", "start_day": _BEGINS_DAY, "progesterone_ng_per_ml": 20.0}]
}
"""Progesterone alone, at the level of day 60 of a pregnancy: far more than what a pill amounts to."""
_TWIN = {"start_day": _BEGINS_DAY - 1.0, "days": 66.0, **ON_DEMAND}
_SIX_FEEDS = {**_TWIN, "schedule": [{"kind": "every", "hours": 4}]}
_COLUMNS = ("sodium_mmol_per_l", "lactose_g_per_l", "potassium_mmol_per_l", "protein_g_per_l")


class _Changes:
    """Milk around day 60 of gestation, relative to that of a twin run without a pregnancy."""

    def __init__(self, run: Simulated, twin: Simulated) -> None:
        self.milk = run.removed_ml_per_day(*_DAY_60) / twin.removed_ml_per_day(*_DAY_60)
        self.sodium, self.lactose, self.potassium, self.protein = (
            run.concentration(column, *_DAY_60) / twin.concentration(column, *_DAY_60) for column in _COLUMNS
        )

    @property
    def less(self) -> bool:
        """Whether the criterion on volume is met."""
        return 0.10 <= self.milk <= 0.75

    @property
    def leakier(self) -> bool:
        """Whether that on composition is met."""
        return (
            1.5 <= self.sodium <= 8.0
            and 1.15 <= 1.0 / self.lactose <= 4.5
            and 1.0 <= 1.0 / self.potassium <= 1.5
            and 1.1 <= self.protein <= 4.0
        )

    def in_words(self) -> str:
        """In words."""
        return (
            f"{self.milk:.2f} of the milk, sodium x {self.sodium:.1f}, lactose / {1.0 / self.lactose:.2f}, potassium / "
            f"{1.0 / self.potassium:.2f}, protein x {self.protein:.1f}"
        )


def _hours_to_milk(run: Simulated) -> float:
    """Hours from the second birth to copious milk; NaN for never."""
    breasts = run.breasts[run.breasts["time_min"] >= (_BIRTH_DAY - 2.0) * DAY_MIN]
    return onset_h(breasts.assign(time_min=breasts["time_min"] - (_BIRTH_DAY - 1.0) * DAY_MIN))


def _pregnant(runs: Runs) -> Finding:
    run, twin = runs["pregnancy"], runs["none"]
    changes = _Changes(run, twin)
    clocked = _Changes(runs["pregnancy, six feeds a day"], runs["six feeds a day"])
    late = run.removed_ml_per_day(_BIRTH_DAY - 30.0, _BIRTH_DAY)
    hours = _hours_to_milk(run)
    progestin = runs["progesterone alone"].removed_ml_per_day(*_DAY_60) / twin.removed_ml_per_day(*_DAY_60)
    seen = (
        between("milk on day 60 of gestation [of a twin run]", changes.milk, 0.10, 0.75),
        between("sodium on day 60 of gestation [of a twin run]", changes.sodium, 1.5, 8.0),
        at_most("milk in the last month [mL/day]", late, 100.0),
        between("copious milk after the birth [h]", hours, 36.0, 96.0),
        at_least("milk on progesterone alone [of a twin run]", progestin, 0.85),
    )
    parts, failed = failing(
        (
            changes.less,
            changes.leakier,
            clocked.less and clocked.leakier,
            late < 100.0,
            36.0 <= hours <= 96.0,
            progestin >= 0.85,
        )
    )
    return finding_of(
        f"day 60: {changes.in_words()}; with six feeds a day in both: {clocked.in_words()}; {late:.0f} mL a day in the "
        f"last month; copious milk after the birth: {in_hours(hours)}; progesterone alone: {progestin:.2f}{failed}",
        *parts,
        seen=seen,
    )


CLAIMS = (
    Claim(
        "C35",
        "Milk comes in without a pregnancy after estrogen and progesterone, where it is taken",
        "90 days of steroids with domperidone, then 8 pumpings a day: below 30 mL a day on steroids (1), 50 to 650 in "
        "the sixth week (2), the first 10 mL a day on day 1 to 28 (3), then sodium at most 16 and lactose at least 150 "
        "mmol/L (4); below 20 mL a day without pumping (5); without steroids some milk, and no more than with (6)",
        {
            "steroids, then pump": _never_pregnant(_STEROIDS, _DOMPERIDONE, from_day=_STOP_DAY),
            "pumped once on steroids": _never_pregnant(
                _STEROIDS,
                _DOMPERIDONE,
                from_day=_STOP_DAY - 2.0,
                days=_STOP_DAY - 1.0,
                schedule=[{"kind": "pump", "from_day": _STOP_DAY - 2.0, "times": ["12:00"], "minutes": 15.0}],
            ),
            "never pumped": _never_pregnant(_STEROIDS, _DOMPERIDONE, from_day=None),
            "pump and domperidone": _never_pregnant(_DOMPERIDONE, from_day=_STOP_DAY),
        },
        _induced,
        None,
        "see the adversaries",
        (
            Adversary({"schedule": []}, "stimulation", (2,)),
            Adversary({"knock_outs": ["prolactin_receptor"]}, "prolactin receptor", (2,)),
        ),
    ),
    Claim(
        "C36",
        "In a pregnancy during lactation milk dwindles and its junctions open; after birth it comes in again",
        "on day 60 of gestation 0.10 to 0.75 of the milk of a twin run (1), sodium x 1.5 to 8, lactose / 1.15 to 4.5, "
        "potassium / 1.0 to 1.5, protein x 1.1 to 4 (2), both with six feeds a day too (3); below 100 mL a day in the "
        "last month (4); copious milk 36 to 96 h after the birth (5); progesterone alone leaves at least 0.85 (6)",
        {
            "pregnancy": {**_TWIN, "days": _BIRTH_DAY - _BEGINS_DAY + 8.0, **_PREGNANCY},
            "none": _TWIN,
            "pregnancy, six feeds a day": {**_SIX_FEEDS, **_PREGNANCY},
            "six feeds a day": _SIX_FEEDS,
            "progesterone alone": {**_TWIN, **_PROGESTIN},
        },
        _pregnant,
        None,
        "see the adversaries",
        (Adversary({"knock_outs": ["progesterone_receptor"]}, "progesterone receptor", (1, 2)),),
    ),
)
