"""Prolactin, JAK2 and STAT5 against progesterone on the milk genes; mRNA; maturity of the cell: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class GeneParameters(Declared):
    """Prolactin, JAK2 and STAT5 against progesterone on the milk genes; mRNA; maturity of the cell."""

    prolactin_half_effect_ng_per_ml: float = quantity(
        22.0,
        "ng/mL",
        within=(0.1, 500.0),
        plausible=(15.0, 30.0),
        shaped="outcome",
        source=sources.POWE_2010,
        locator="peak prolactin before treatment",
        note="Prolactin, surges included, that activates half of STAT5: permissive above a floor near 25 ng/mL",
    )
    prolactin_steepness: float = quantity(
        5.0,
        "",
        within=(0.5, 12.0),
        plausible=(3.0, 6.0),
        shaped="outcome",
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
        shaped="outcome",
        source=sources.KULSKI_1977,
        locator="lag between progesterone and milk",
        note="Progesterone at which its receptor takes back what STAT5 gives; set on the onset of copious milk",
    )
    progesterone_steepness: float = quantity(
        3.0,
        "",
        within=(0.5, 10.0),
        plausible=(2.0, 4.0),
        shaped="outcome",
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
        shaped="outcome",
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
        shaped="outcome",
        source=sources.ALLEN_1991,
        locator="composition in the first month",
        note="Time constant of the cell's maturity: glucose entry, Golgi, handling of ions, fat synthesis",
    )
    dedifferentiation_days: float = quantity(
        90.0,
        "d",
        within=(0.1, 2000.0),
        plausible=(30.0, 300.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Time constant with which maturity is lost when transcription falls: a gland that dries up does not make "
        "colostrum within days; potassium and lactose of its milk fall, and sodium rises (Prosser 1984), as by a leak",
    )
