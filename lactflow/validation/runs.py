"""
The runs that claims and published targets are judged by.

The reference mothers are five with different luck, from birth on, and three in months 1 to 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lactflow.config.shipped import find_shipped
from lactflow.config.yaml_source import parse_yaml
from lactflow.validation.simulated import Config, merged

MOTHERS = (1, 2, 3, 4, 5)
HALF_YEARS = (1, 2, 3)
WEANINGS = range(1, 13)
"""Sodium of the few days that count has an SD of 15 to 20 % between weanings that differ in random numbers only."""
_EVERY_THREE_HOURS = ["02:00", "05:00", "08:00", "11:00", "14:00", "17:00", "20:00", "23:00"]
_WITHOUT_CHANCE: Config = {"gland": {"noise": {"sd": 0.0}}}

ON_DEMAND: Config = {"schedule": [{"kind": "on_demand"}]}

SEVEN_TIMES = ("00:30", "04:00", "07:30", "11:00", "14:30", "18:00", "21:30")
"""Pumpings spread evenly over day and night."""


def pumped(times: Sequence[str], minutes: float = 15.0, **more: Any) -> dict[str, Any]:
    """A mother who only pumps, without chance in her gland: demand is the same whatever the gland does."""
    schedule = [{"kind": "pump", "times": list(times), "minutes": minutes}]
    return {"infants": [], **_WITHOUT_CHANCE, "schedule": schedule, **more}


def shipped(name: str) -> dict[str, Any]:
    """What the config of a shipped scenario says of mother, infants and schedule."""
    data = parse_yaml(find_shipped(name).read_bytes()).data
    return {key: value for key, value in data.items() if key not in ("name", "title", "record")}


PREGNANCY: Config = {"start_day": -19, "days": 20, "infants": [], "schedule": []}

PRETERM: Config = merged(shipped("pump-dependent-preterm"), _WITHOUT_CHANCE)
"""A mother of a preterm infant who pumps."""

RUNS: Mapping[str, Config] = {
    **{f"mother {seed}": {"start_day": 1, "days": 60, "seed": seed, **ON_DEMAND} for seed in MOTHERS},
    **{f"half a year {seed}": {"start_day": 30, "days": 160, "seed": seed, **ON_DEMAND} for seed in HALF_YEARS},
    "year": {"start_day": 170, "days": 196, **ON_DEMAND},
    "pregnancy": PREGNANCY,
    "emptied once": pumped(["00:05"], minutes=25.0, start_day=60, days=2),
    **{
        f"pump {side}": {
            "start_day": 60,
            "days": 40,
            "schedule": [
                {"kind": "on_demand"},
                {"kind": "pump", "times": ["11:00"], "side": side, "minutes": 15.0},
            ],
        }
        for side in ("left", "right")
    },
    "pump after feeds": {
        "start_day": 50,
        "days": 30,
        "schedule": [{"kind": "on_demand"}, {"kind": "pump", "from_day": 60.0, "after_feeds": True, "minutes": 10.0}],
    },
    "by the clock": {"start_day": 2, "days": 8, **ON_DEMAND, "analytes": ["melatonin"]},
    "sampled": pumped(SEVEN_TIMES, 20.0, start_day=60, days=30),
    "sampled under stress": pumped(
        SEVEN_TIMES, 20.0, start_day=60, days=30, interventions=[{"kind": "stress", "start_day": 60.0}]
    ),
    "mastitis": {
        "start_day": 60,
        "days": 4,
        **ON_DEMAND,
        "interventions": [{"kind": "mastitis", "side": "left", "start_day": 60.0}],
    },
    **{
        f"weaning {seed}": {
            "start_day": 180,
            "days": 90,
            "seed": seed,
            "schedule": [{"kind": "wean", "days": 90.0}],
        }
        for seed in WEANINGS
    },
    "preterm": PRETERM,
    "preterm often": {**PRETERM, "schedule": [{"kind": "pump", "times": _EVERY_THREE_HOURS}]},
    "preterm seldom": {**PRETERM, "schedule": [{"kind": "pump", "times": ["08:00", "14:00", "20:00"]}]},
    "preterm for longer": {**PRETERM, "days": 40},
    "preterm with domperidone": {
        **PRETERM,
        "days": 40,
        "interventions": [{"kind": "domperidone", "start_day": 32.0, "end_day": 41.0, "dose_mg": 30.0}],
    },
}
"""Every run that a target is read from."""
