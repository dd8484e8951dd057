"""What infants need to grow, and what they make of the milk they get."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class InfantGrowth(Declared):
    """Need of milk, and weight from its energy: the same for all infants."""

    need_ml_per_kg_day: float = quantity(
        160.0,
        "mL/kg/d",
        within=(20.0, 400.0),
        plausible=(130.0, 180.0),
        source=sources.VAN_NESTE_2023,
        locator="peak intake",
        note="Need of milk after the first days, extrapolated to birth; infants peak at 153 mL/kg/d on day 20",
    )
    need_decline_ml_per_kg_day2: float = quantity(
        0.31,
        "mL/kg/d2",
        within=(0.0, 2.0),
        plausible=(0.1, 0.5),
        source=sources.RIOS_LEYVRAZ_2023,
        locator="intake per kg at 1 to 12 months",
        note="Fall of that need for each day of age: 135, 126, 107 and 61 mL/kg/d at 1, 3, 6 and 12 months",
    )
    newborn_need_deficit: float = quantity(
        0.8,
        "",
        within=(0.0, 1.0),
        plausible=(0.6, 0.95),
        source=sources.SANTORO_2010,
        locator="intake of the first day",
        note="Share of the need that a newborn does not have yet",
    )
    newborn_need_days: float = quantity(
        1.6,
        "d",
        within=(0.1, 20.0),
        plausible=(1.0, 3.0),
        source=sources.ASSUMED,
        note="Time constant with which the need comes",
    )
    expected_gain_kg: float = quantity(
        6.3,
        "kg",
        within=(0.5, 20.0),
        plausible=(5.0, 7.6),
        source=sources.WHO_2006,
        locator="weight for age, boys, medians",
        note="Weight that an infant of the expected birth weight gains in the long run: 4.5, 6.4, 7.9 and 9.6 kg at 1, "
        "3, 6 and 12 months",
    )
    expected_birth_kg: float = quantity(
        3.4,
        "kg",
        within=(0.5, 8.0),
        plausible=(3.2, 3.5),
        source=sources.WHO_2006,
        locator="weight for age, medians at birth",
        note="Birth weight that the expected gain is of; heavier and lighter infants gain in proportion",
    )
    growth_days: float = quantity(
        140.0,
        "d",
        within=(10.0, 1000.0),
        plausible=(100.0, 180.0),
        source=sources.WHO_2006,
        locator="weight for age, boys, medians",
        note="Time constant of that gain",
    )
    newborn_weight_loss: float = quantity(
        0.058,
        "",
        within=(0.0, 0.3),
        plausible=(0.04, 0.09),
        source=sources.FLAHERMAN_2015,
        locator="vaginal births",
        note="Weight lost as fluid in the first days; -4.2, -7.1 and -6.4 % of birth weight at 24, 48 and 72 h in all",
    )
    newborn_weight_loss_days: float = quantity(
        0.9,
        "d",
        within=(0.05, 10.0),
        plausible=(0.5, 1.5),
        source=sources.FLAHERMAN_2015,
        locator="vaginal births",
        note="Time constant of that loss",
    )
    expenditure_kcal_per_kg_day: float = quantity(
        62.0,
        "kcal/kg/d",
        within=(10.0, 200.0),
        plausible=(55.0, 75.0),
        source=sources.ASSUMED,
        note="Energy spent; what is left of the intake grows tissue",
    )
    newborn_expenditure_deficit: float = quantity(
        0.45,
        "",
        within=(0.0, 1.0),
        plausible=(0.2, 0.6),
        source=sources.ASSUMED,
        note="Share of it that a newborn does not spend yet",
    )
    newborn_expenditure_days: float = quantity(
        4.0,
        "d",
        within=(0.1, 50.0),
        plausible=(2.0, 7.0),
        source=sources.ASSUMED,
        note="Time constant with which that passes",
    )
    tissue_kcal_per_g: float = quantity(
        5.0,
        "kcal/g",
        within=(0.5, 12.0),
        plausible=(2.5, 7.0),
        source=sources.ASSUMED,
        note="Energy in new tissue",
    )
    formula_kcal_per_ml: float = quantity(
        0.67,
        "kcal/mL",
        within=(0.1, 2.0),
        plausible=(0.6, 0.75),
        source=sources.ASSUMED,
        note="Energy of formula",
    )
    own_milk_kcal_per_ml: float = quantity(
        0.65,
        "kcal/mL",
        within=(0.1, 2.0),
        plausible=(0.55, 0.75),
        source=sources.ASSUMED,
        note="Energy of the mother's milk in a bottle as long as she has expressed none in the run",
    )
