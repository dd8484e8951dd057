"""Apical membrane: supplied by fusion, spent by budding, retrieved by endocytosis: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Membrane(Declared):
    """Apical membrane: supplied by fusion, spent by budding, retrieved by endocytosis."""

    apical_area_m2: float = quantity(
        0.9,
        "m2",
        within=(0.05, 20.0),
        plausible=(0.5, 2.0),
        source=sources.DERIVED,
        note="180 mL in alveoli of 0.12 mm have 6/d of surface; a tenth of it is taken as free to move",
    )
    smallest_fraction: float = quantity(
        0.35,
        "",
        within=(0.0, 0.99),
        plausible=(0.2, 0.5),
        source=sources.ASSUMED,
        note="Below this share of the resting area no droplet can be wrapped",
    )
    supply_m2_per_ml: float = quantity(
        0.12,
        "m2/mL-eq",
        within=(0.0, 20.0),
        plausible=(0.085, 0.3),
        source=sources.ASSUMED,
        note="Area left by fusion after coupled retrieval; raw vesicle area is near 7.5 m2/mL, globules need 0.08",
    )
    globule_m2_per_g: float = quantity(
        2.0,
        "m2/g",
        within=(0.1, 20.0),
        plausible=(1.0, 5.4),
        source=sources.LOPEZ_2011,
        locator="fat globule surface",
        note="Surface of milk fat globules",
    )
    endocytosis_min: float = quantity(
        10.0,
        "min",
        within=(0.1, 600.0),
        plausible=(2.0, 60.0),
        source=sources.ASSUMED,
        note="Time constant of the retrieval of area above the resting area",
    )
