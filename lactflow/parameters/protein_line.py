"""Aqueous line: translation, RER, Golgi, vesicle pool, docking and fusion: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class ProteinLine(Declared):
    """Aqueous line: translation, RER, Golgi, vesicle pool, docking and fusion."""

    translation_ml_per_h: float = quantity(
        38.0,
        "mL-eq/h",
        within=(1.0, 200.0),
        plausible=(30.0, 60.0),
        source=sources.ASSUMED,
        note="Translation with all cells active; with half of them 19 mL/h, between the mean rate of women (23 mL/h, "
        "Cox 1996) and what their infants take; extremes reach 90 mL/h (Daly 1996)",
    )
    folding_min: float = quantity(
        20.0,
        "min",
        within=(1.0, 240.0),
        plausible=(15.0, 40.0),
        source=sources.TURNER_1992,
        locator="pulse-chase",
        note="Dwell in the RER; about an hour for the whole path from translation to secretion",
    )
    rer_ml: float = quantity(
        20.0,
        "mL-eq",
        within=(1.0, 200.0),
        plausible=(13.0, 26.0),
        source=sources.ASSUMED,
        note="Folding slots; at full rate two thirds are in use, which leaves room for a visible backlog",
    )
    lactose_loading_min: float = quantity(
        15.0,
        "min",
        within=(1.0, 240.0),
        plausible=(10.0, 30.0),
        source=sources.TURNER_1992,
        locator="pulse-chase",
        note="Dwell in the Golgi",
    )
    golgi_ml: float = quantity(
        14.0,
        "mL-eq",
        within=(1.0, 200.0),
        plausible=(10.0, 20.0),
        source=sources.ASSUMED,
        note="Slots of the Golgi; at full rate two thirds are in use",
    )
    vesicle_pool_ml: float = quantity(
        12.0,
        "mL-eq",
        within=(1.0, 200.0),
        plausible=(5.0, 25.0),
        source=sources.ASSUMED,
        note="Vesicles waiting below the apical membrane; about 20 min of full production",
    )
    fusion_min: float = quantity(
        5.0,
        "min",
        within=(0.5, 120.0),
        plausible=(2.0, 10.0),
        source=sources.ASSUMED,
        note="Docking, fusion and recycling of the site, without inhibitor",
    )
    docking_sites_ml: float = quantity(
        5.0,
        "mL-eq",
        within=(0.5, 100.0),
        plausible=(4.2, 6.5),
        source=sources.ASSUMED,
        note="Docking sites; pass 60 mL/h in an empty lumen, 1.6 times full translation, so the brake bites late",
    )
