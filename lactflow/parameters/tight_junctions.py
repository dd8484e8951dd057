"""The gate between lumen and plasma: leaky in pregnancy, in long stasis, in mastitis: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class JunctionParameters(Declared):
    """The gate between lumen and plasma: leaky in pregnancy, in long stasis, in mastitis."""

    progesterone_half_effect_ng_per_ml: float = quantity(
        15.0,
        "ng/mL",
        within=(0.01, 500.0),
        plausible=(5.0, 30.0),
        source=sources.ASSUMED,
        note="Progesterone that keeps half of the junctions open; they close a day before milk comes in (Arthur 1989)",
    )
    progesterone_steepness: float = quantity(
        3.0,
        "",
        within=(0.5, 10.0),
        plausible=(2.0, 4.0),
        source=sources.ASSUMED,
        note="Hill exponent of that",
    )
    lag_h: float = quantity(
        30.0,
        "h",
        within=(0.1, 200.0),
        plausible=(10.0, 40.0),
        shaped="outcome",
        source=sources.NGUYEN_2001,
        locator="abstract",
        note="Time constant of closing after birth; mice close 13.6 h (SEM 1.5) after progesterone falls, women more "
        "slowly: set on sodium and potassium of the first ten days (Murase 2014: Na/K 0.62 on day 7)",
    )
    opening_h: float = quantity(
        7.0,
        "h",
        within=(0.1, 200.0),
        plausible=(2.0, 14.0),
        source=sources.ASSUMED,
        note="Time constant of opening, in stasis and mastitis: hours",
    )
    healthy_leak: float = quantity(
        0.004,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 0.02),
        source=sources.ASSUMED,
        note="Leak of closed junctions",
    )
    stasis_fullness: float = quantity(
        0.8,
        "",
        within=(0.1, 3.0),
        plausible=(0.7, 1.0),
        source=sources.ASSUMED,
        note="Fullness from which time counts as stasis",
    )
    stasis_h: float = quantity(
        12.0,
        "h",
        within=(0.5, 300.0),
        plausible=(6.0, 24.0),
        source=sources.STELWAGEN_1997,
        locator="abstract",
        note="Time constant with which stasis is felt; junctions of cows open after 18 h",
    )
    stasis_threshold: float = quantity(
        0.7,
        "",
        within=(0.0, 0.99),
        plausible=(0.5, 0.9),
        source=sources.ASSUMED,
        note="Felt stasis above which junctions begin to open",
    )
    stasis_leak: float = quantity(
        0.25,
        "",
        within=(0.0, 1.0),
        plausible=(0.1, 0.5),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Leak of full stasis; direction and course after weaning as in Hartmann and Kulski 1978",
    )
    rest_leak: float = quantity(
        0.34,
        "",
        within=(0.0, 1.0),
        plausible=(0.05, 0.5),
        shaped="outcome",
        source=sources.PROSSER_1984,
        locator="abstract, gradual weaning of two women",
        note="Leak of a gland that secretes nothing: secretion itself holds the junctions shut; sodium rises 14-fold "
        "to the last drops, potassium and lactose fall",
    )
    stat3_leak: float = quantity(
        0.18,
        "",
        within=(0.0, 1.0),
        plausible=(0.1, 0.5),
        source=sources.ASSUMED,
        note="Leak of involution, when STAT3 is fully active",
    )
    exchange_per_h: float = quantity(
        0.02,
        "1/h",
        within=(0.0, 2.0),
        plausible=(0.01, 0.05),
        shaped="outcome",
        source=sources.FURUKAWA_2022,
        locator="abstract",
        note="Share of the skim phase exchanged with plasma at full leak; set on Na/K of mastitis, 1.7 (SD 1.2)",
    )
    resorption_per_h: float = quantity(
        0.02,
        "1/h",
        within=(0.0, 2.0),
        plausible=(0.01, 0.05),
        source=sources.ASSUMED,
        note="Share of the skim phase resorbed at full leak: little is stored in pregnancy, a weaned breast softens in "
        "one to three weeks",
    )
    protein_resorption: float = quantity(
        0.5,
        "",
        within=(0.0, 1.0),
        plausible=(0.2, 1.0),
        source=sources.ASSUMED,
        note="Protein is resorbed at this share of the speed of the skim phase, by cells and not by leak",
    )
    fat_resorption: float = quantity(
        0.9,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.ASSUMED,
        note="Fat is resorbed at this share of the speed of the skim phase: fat of milk left to itself rises slowly",
    )
    plasma_sodium_mmol_per_l: float = quantity(
        140.0,
        "mmol/L",
        within=(50.0, 190.0),
        plausible=(135.0, 145.0),
        source=sources.ASSUMED,
        note="Normal plasma",
    )
    plasma_potassium_mmol_per_l: float = quantity(
        4.3,
        "mmol/L",
        within=(0.5, 50.0),
        plausible=(3.5, 5.0),
        source=sources.ASSUMED,
        note="Normal plasma",
    )
    plasma_chloride_mmol_per_l: float = quantity(
        104.0,
        "mmol/L",
        within=(20.0, 150.0),
        plausible=(98.0, 108.0),
        source=sources.ASSUMED,
        note="Normal plasma",
    )
    entering_protein_g_per_l: float = quantity(
        10.0,
        "g/L",
        within=(0.0, 80.0),
        plausible=(5.0, 40.0),
        source=sources.ASSUMED,
        note="Protein of the fluid that comes through open junctions: a seventh of plasma's",
    )
