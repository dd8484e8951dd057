"""Infants for tests: their quantities as they are worked by hand, their milk, and the size of their stomach."""

from __future__ import annotations

from math import exp

from lactflow.chance import Streams
from lactflow.dyad.infant import Infant
from lactflow.endocrine.signal import Steps
from lactflow.gland.analytes import ALWAYS_THERE, FAT, LACTOSE, PROTEIN, WATER, Milk
from lactflow.parameters.dyad import InfantTraits
from lactflow.parameters.growth import InfantGrowth
from lactflow.parameters.infant import InfantPhysiology
from lactflow.units import DAY_MIN

HAND = {
    "newborn_need_deficit": 0.8, "newborn_need_days": 1.6, "stomach_ml_per_kg": 30.0,
    "newborn_stomach_deficit": 0.8, "newborn_stomach_days": 4.0, "emptying_half_time_min": 45.0,
    "satiety_memory_h": 12.0, "largest_deficit": 3.0, "meal_threshold": 0.48, "night_threshold": 1.35,
    "usual_meal": 0.6, "meals_remembered": 20.0, "meal_learning": 0.0,
    "night_hunger": 1.0, "night_from_h": 0.0, "night_until_h": 5.0, "night_days": 0.1,
    "night_from_day": 20.0, "shortest_interval_min": 70.0, "newborn_sleep_min": 0.0, "settled_stomach": 0.4,
    "appetite_per_hunger": 1.15, "least_appetite": 0.15, "flow_incentive": 0.45, "remembered_deficit": 0.3,
    "suction_ml_per_min": 32.0, "newborn_suction_deficit_ml_per_min": 9.0, "suction_days": 25.0,
    "newborn_weight_loss": 0.06, "newborn_weight_loss_days": 0.9, "fluid_returns_ml_per_kg": 1000.0,
    "expenditure_kcal_per_kg_day": 90.0, "expenditure_offset_kcal_per_day": 150.0,
    "least_expenditure_kcal_per_kg_day": 40.0, "catch_up_weight": 0.2, "most_catch_up": 2.5,
    "absorbed_energy": 0.9, "own_milk_kcal_per_ml": 0.6, "formula_kcal_per_ml": 0.67, "solids_share": 0.6,
    "solids_age_days": 100.0, "solids_days": 200.0, "solids_learning_days": 20.0, "solids_catch_up": 0.2,
}  # fmt: skip
"""What is worked by hand below rests on these, not on the defaults, which are calibrated."""

SHARED = (InfantGrowth, InfantPhysiology)

STEADY = {"meal_threshold_sd": 0.0, "appetite_sd": 0.0}  # no chance in hunger and appetite


def infant(day=0.0, *, demand=None, number=0, seed=1, birth_clock_min=0.0, traits=None, **physiology):
    """An infant so many days old."""
    given = {**HAND, **physiology}
    growth, feeding = (
        kind(**{name: value for name, value in given.items() if name in kind.model_fields}) for kind in SHARED
    )
    assert set(given) <= {name for kind in SHARED for name in kind.model_fields}
    return Infant(
        number, InfantTraits(**(traits or {})), growth, feeding, demand=demand or Steps(1.0),
        streams=Streams(seed), time_min=day * DAY_MIN, birth_clock_min=birth_clock_min,
    )  # fmt: skip


def milk(volume_ml, *, fat_g_per_l=40.0, protein_g_per_l=10.0, lactose_mmol_per_l=200.0):
    """Milk of this composition."""
    amounts = [0.0] * ALWAYS_THERE
    for analyte, per_l in ((FAT, fat_g_per_l), (PROTEIN, protein_g_per_l), (LACTOSE, lactose_mmol_per_l)):
        amounts[analyte] = per_l * volume_ml / 1000.0
    amounts[WATER] = volume_ml - amounts[FAT] / 0.93
    return Milk(volume_ml, amounts)


def stomach_size(some):
    """What its stomach holds now, by its definition."""
    some_physiology, age = some._physiology, some.body.now_min / DAY_MIN
    grown = 1.0 - some_physiology.newborn_stomach_deficit * exp(-age / some_physiology.newborn_stomach_days)
    return some_physiology.stomach_ml_per_kg * some.traits.appetite * some.weight_kg * grown
