"""What infants need to grow, and what they make of the milk they get."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class InfantGrowth(Declared):
    """
    Need of energy, and weight from the energy of what is eaten: the same for all infants.

    What tissue costs, and the growth that an infant aims at, are tables: `infant_energy` and `growth_standard`.
    """

    expenditure_kcal_per_kg_day: float = quantity(
        92.8,
        "kcal/kg/d",
        within=(10.0, 200.0),
        plausible=(85.0, 97.0),
        source=sources.FAO_2004,
        locator="total energy expenditure of breast-fed infants, quoted second-hand",
        note="Slope of the energy that an infant spends on its weight: 92.8 kcal/kg/d times weight less 152 kcal/d",
    )
    expenditure_offset_kcal_per_day: float = quantity(
        152.0,
        "kcal/d",
        within=(0.0, 400.0),
        plausible=(90.0, 160.0),
        source=sources.FAO_2004,
        locator="total energy expenditure of breast-fed infants, quoted second-hand",
        note="What is taken from that: small infants spend less per kg",
    )
    least_expenditure_kcal_per_kg_day: float = quantity(
        42.0,
        "kcal/kg/d",
        within=(5.0, 200.0),
        plausible=(35.0, 50.0),
        source=sources.ASSUMED,
        note="Energy that an infant spends at least: the line above is of children of 3 kg and more, and means nothing "
        "below 2 kg",
    )
    catch_up_weight: float = quantity(
        0.2,
        "",
        within=(0.01, 2.0),
        plausible=(0.1, 0.4),
        source=sources.ASSUMED,
        note="Share of its weight by which an infant must be behind its own growth channel to want twice the usual "
        "gain; ahead by as much, it wants none",
    )
    most_catch_up: float = quantity(
        2.5,
        "",
        within=(1.0, 10.0),
        plausible=(1.5, 4.0),
        source=sources.ASSUMED,
        note="Most of the usual gain that it wants",
    )
    newborn_need_deficit: float = quantity(
        0.8,
        "",
        within=(0.0, 1.0),
        plausible=(0.6, 0.95),
        shaped="outcome",
        source=sources.SANTORO_2010,
        locator="intake of the first day",
        note="Share of the need that a newborn does not feel yet",
    )
    newborn_need_days: float = quantity(
        2.5,
        "d",
        within=(0.1, 20.0),
        plausible=(1.0, 3.5),
        shaped="clock",
        source=sources.ASSUMED,
        note="Time constant with which the need comes",
    )
    newborn_weight_loss: float = quantity(
        0.059,
        "",
        within=(0.0, 0.3),
        plausible=(0.04, 0.09),
        shaped="outcome",
        source=sources.FLAHERMAN_2015,
        locator="vaginal births",
        note="Weight lost as fluid in the first days, beside the tissue that hunger costs; -4.2, -7.1 and -6.4 % of "
        "birth weight at 24, 48 and 72 h in all",
    )
    newborn_weight_loss_days: float = quantity(
        0.9,
        "d",
        within=(0.05, 10.0),
        plausible=(0.5, 1.5),
        shaped="clock",
        source=sources.FLAHERMAN_2015,
        locator="vaginal births",
        note="Time constant of that loss",
    )
    fluid_returns_ml_per_kg: float = quantity(
        1000.0,
        "mL/kg",
        within=(50.0, 1e6),
        plausible=(500.0, 2000.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Milk per kg of birth weight with which 63 % of that fluid has come back: about a week of full intake. "
        "Half of newborns are back at their birth weight on day 9 (Paul 2016, Pediatrics 138:e20162625)",
    )
    formula_kcal_per_ml: float = quantity(
        0.67,
        "kcal/mL",
        within=(0.1, 2.0),
        plausible=(0.6, 0.75),
        source=sources.ASSUMED,
        note="Energy of formula",
    )
    absorbed_energy: float = quantity(
        0.91,
        "",
        within=(0.3, 1.0),
        plausible=(0.85, 1.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Share of the energy of milk and formula that can be used, 0.93 by convention; by it, milk of 0.69 "
        "kcal/mL brings what the need is reckoned with",
    )
    own_milk_kcal_per_ml: float = quantity(
        0.622,
        "kcal/mL",
        within=(0.1, 2.0),
        plausible=(0.55, 0.75),
        source=sources.REILLY_2005,
        locator="abstract",
        note="Energy that milk brings, 2.6 (SD 0.2) kJ/g in 25 studies, a gram taken for a millilitre: by it an "
        "infant's need of energy becomes a hunger for a volume, and a bottle of the mother's milk has it as long as "
        "she has expressed none in the run",
    )
    solids_share: float = quantity(
        0.65,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 0.9),
        shaped="outcome",
        source=sources.WHO_SOLIDS,
        locator="energy needed from food beside average milk",
        note="Share of its energy that a child gets from other food in the long run; 0.33, 0.44 and 0.61 of the need "
        "at 6 to 8, 9 to 11 and 12 to 23 months",
    )
    solids_age_days: float = quantity(
        110.0,
        "d",
        within=(0.0, 400.0),
        plausible=(90.0, 180.0),
        shaped="clock",
        source=sources.COHEN_1994,
        locator="abstract",
        note="Age before which hardly any is eaten: solids from 4 months take the place of 103 g/d of milk at 6 months",
    )
    solids_days: float = quantity(
        200.0,
        "d",
        within=(5.0, 2000.0),
        plausible=(120.0, 300.0),
        shaped="clock",
        source=sources.WHO_SOLIDS,
        locator="energy needed from food beside average milk",
        note="Time constant with which the share rises from that age",
    )
    solids_catch_up: float = quantity(
        0.15,
        "",
        within=(0.01, 2.0),
        plausible=(0.05, 0.4),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Share of its weight by which a child that eats must be behind its own growth channel to eat its whole "
        "need beside the milk that it gets: who is hungry eats what there is",
    )
    solids_learning_days: float = quantity(
        20.0,
        "d",
        within=(0.1, 400.0),
        plausible=(5.0, 60.0),
        source=sources.ASSUMED,
        note="Time constant with which eating is learned once it is offered",
    )
