"""
What the secretory cells of a lobe do over hours and days: genes, junctions, stress.

Signals are fractions from 0 to 1. Cells are counted relative to a gland at term. Most time constants have not been
measured in women; each says what it rests on.
"""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Genes(Declared):
    """Prolactin, JAK2 and STAT5 against progesterone on the milk genes; mRNA; maturity of the cell."""

    prolactin_half_effect_ng_per_ml: float = quantity(
        22.0,
        "ng/mL",
        within=(0.1, 500.0),
        plausible=(15.0, 30.0),
        source=sources.POWE_2010,
        locator="peak prolactin before treatment",
        note="Prolactin, surges included, that activates half of STAT5: permissive above a floor near 25 ng/mL",
    )
    prolactin_steepness: float = quantity(
        5.0,
        "",
        within=(0.5, 12.0),
        plausible=(3.0, 6.0),
        source=sources.ASSUMED,
        note="Hill exponent: milk stops below the floor and does not follow prolactin above it (Cox 1996)",
    )
    prolactin_averaging_min: float = quantity(
        180.0,
        "min",
        within=(1.0, 3000.0),
        plausible=(60.0, 360.0),
        source=sources.ASSUMED,
        note="Time over which the cell averages prolactin: surges of an hour count, but not alone",
    )
    stat5_h: float = quantity(
        4.0,
        "h",
        within=(0.1, 200.0),
        plausible=(1.0, 8.0),
        source=sources.ASSUMED,
        note="Time constant of active STAT5",
    )
    progesterone_half_effect_ng_per_ml: float = quantity(
        3.8,
        "ng/mL",
        within=(0.01, 500.0),
        plausible=(2.0, 5.0),
        source=sources.KULSKI_1977,
        locator="lag between progesterone and milk",
        note="Progesterone at which its receptor takes back what STAT5 gives; set on the onset of copious milk",
    )
    progesterone_steepness: float = quantity(
        3.0,
        "",
        within=(0.5, 10.0),
        plausible=(2.0, 4.0),
        source=sources.ASSUMED,
        note="Hill exponent of the brake; a power of 2 gives too much milk on day 2",
    )
    stat5_demand: float = quantity(
        0.1,
        "",
        within=(0.001, 10.0),
        plausible=(0.05, 0.3),
        source=sources.ASSUMED,
        note="STAT5 that drives half of transcription without progesterone; STAT5 cannot pass 1, so no dose of "
        "prolactin outweighs progesterone at term",
    )
    basal_transcription: float = quantity(
        0.019,
        "",
        within=(0.0, 1.0),
        plausible=(0.01, 0.03),
        source=sources.ASSUMED,
        note="Transcription that progesterone does not reach: colostrum in late pregnancy, most of it resorbed",
    )
    estrogen_brake_ml_per_pg: float = quantity(
        0.008,
        "mL/pg",
        within=(0.0, 1.0),
        plausible=(0.003, 0.02),
        source=sources.WHO_1984,
        locator="combined pill at 18 weeks",
        note="Transcription is divided by 1 + this times the estrogen of a combined pill",
    )
    mrna_h: float = quantity(
        14.0,
        "h",
        within=(0.5, 500.0),
        plausible=(8.0, 24.0),
        source=sources.HC11_2019,
        locator="delay of beta-casein",
        note="Time constant of milk-protein mRNA",
    )
    maturity_days: float = quantity(
        9.0,
        "d",
        within=(0.1, 200.0),
        plausible=(6.0, 14.0),
        source=sources.ALLEN_1991,
        locator="composition in the first month",
        note="Time constant of the cell's maturity: glucose entry, Golgi, handling of ions, fat synthesis",
    )


class TightJunctions(Declared):
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
        7.0,
        "h",
        within=(0.1, 200.0),
        plausible=(5.0, 14.0),
        source=sources.NGUYEN_2001,
        locator="abstract",
        note="Time constant of closing and opening; mice close 13.6 h (SEM 1.5) after progesterone falls",
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
        source=sources.ASSUMED,
        note="Leak of full stasis; direction and course after weaning as in Hartmann and Kulski 1978",
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
        15.0,
        "g/L",
        within=(0.0, 80.0),
        plausible=(5.0, 40.0),
        source=sources.ASSUMED,
        note="Protein of the fluid that comes through open junctions: a fifth of plasma's",
    )


class UnfoldedProteinResponse(Declared):
    """Stress of the RER from its backlog: an adaptive and a terminal arm."""

    threshold: float = quantity(
        0.75,
        "",
        within=(0.0, 0.99),
        plausible=(0.6, 0.9),
        source=sources.ASSUMED,
        note="Occupied share of the RER above which unfolded protein builds up",
    )
    adaptive_h: float = quantity(
        2.0,
        "h",
        within=(0.1, 100.0),
        plausible=(0.5, 6.0),
        source=sources.ERGULER_2013,
        locator="shape of the response",
        note="Time constant of the adaptive arm; not measured in the mammary gland",
    )
    recovery_h: float = quantity(
        6.0,
        "h",
        within=(0.1, 200.0),
        plausible=(2.0, 12.0),
        source=sources.ERGULER_2013,
        locator="shape of the response",
        note="Time constant of the phosphatase that lets translation recover; not measured in the mammary gland",
    )
    recovery_share: float = quantity(
        0.8,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.ASSUMED,
        note="Share of attenuation that is undone while the stress lasts",
    )
    attenuation: float = quantity(
        2.0,
        "",
        within=(0.0, 50.0),
        plausible=(1.0, 5.0),
        source=sources.ASSUMED,
        note="Translation is divided by 1 + attenuation * (adaptive - recovered)",
    )
    terminal_h: float = quantity(
        30.0,
        "h",
        within=(1.0, 1000.0),
        plausible=(18.0, 48.0),
        source=sources.ASSUMED,
        note="Time constant of the terminal arm: stress must persist for about a day",
    )
