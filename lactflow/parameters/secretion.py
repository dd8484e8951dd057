"""
The secretory pipeline of a breast: capacities, dwell times, membrane, and what packets carry.

Amounts and rates are given per breast of a standard mother with all cells active; a lobe owns its share of
them. mL-eq is milk in equivalents of the reference milk: the protein that one mL of it carries.
"""

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


class LipidLine(Declared):
    """Lipid line: droplet growth, budding."""

    packet_multiple: float = quantity(
        2.0,
        "",
        within=(0.5, 10.0),
        plausible=(1.0, 4.0),
        source=sources.ASSUMED,
        note="A lipid packet carries the fat of this many aqueous packets",
    )
    growth_min: float = quantity(
        120.0,
        "min",
        within=(5.0, 1000.0),
        plausible=(60.0, 300.0),
        source=sources.MASEDUNSKAS_2017,
        locator="abstract",
        note="Growth of droplets by coalescence, several hours in the mouse",
    )
    growth_ml: float = quantity(
        100.0,
        "mL-eq",
        within=(5.0, 1000.0),
        plausible=(80.0, 150.0),
        source=sources.ASSUMED,
        note="Room for growing droplets; at full rate three quarters are in use",
    )
    budding_min: float = quantity(
        60.0,
        "min",
        within=(1.0, 600.0),
        plausible=(30.0, 120.0),
        source=sources.ASSUMED,
        note="Envelopment and release of a droplet, without inhibitor",
    )
    budding_ml: float = quantity(
        46.0,
        "mL-eq",
        within=(2.0, 500.0),
        plausible=(38.0, 60.0),
        source=sources.ASSUMED,
        note="Droplets that can bud at a time; pass 1.2 times full translation in an empty lumen",
    )
    contraction_advance_min: float = quantity(
        15.0,
        "min",
        within=(0.0, 120.0),
        plausible=(0.0, 60.0),
        source=sources.ASSUMED,
        note="A contraction brings each budding droplet forward by this much: oxytocin releases droplets in the mouse "
        "(Masedunskas 2017)",
    )


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


class Composition(Declared):
    """What a packet of mature milk carries."""

    protein_g_per_l: float = quantity(
        8.5,
        "g/L-eq",
        within=(0.5, 50.0),
        plausible=(7.0, 12.0),
        source=sources.LIAO_2017,
        locator="abstract",
        note="Protein of vesicles; with 0.7 g a day of transcytosed protein, not modelled yet, milk has 9.4 (SD 3.7) "
        "g/L",
    )
    lactose_mmol_per_l: float = quantity(
        200.0,
        "mmol/L-eq",
        within=(10.0, 260.0),
        plausible=(190.0, 210.0),
        source=sources.HARTMANN_KULSKI_1978,
        locator="table 1",
        note="Lactose loaded per mL-eq; milk of full lactation has 70.3 g/L, or 205 mmol/L",
    )
    other_osmoles_mmol_per_l: float = quantity(
        57.6,
        "mmol/L-eq",
        within=(0.0, 200.0),
        plausible=(40.0, 80.0),
        source=sources.DERIVED,
        note="Citrate, phosphate, urea and other solutes: what closes the osmolality when 1 mL-eq of packets, with its "
        "fat, is to make 1 mL of milk: (1 - 0.041/0.93) * (300 - 30.5) - 200",
    )
    osmolality_mosm_per_kg: float = quantity(
        300.0,
        "mOsm/kg",
        within=(200.0, 400.0),
        plausible=(290.0, 308.0),
        source=sources.SOTO_MENDEZ_2016,
        locator="abstract",
        note="Milk is iso-osmotic with plasma: water follows solutes until this is reached",
    )
    sodium_mmol_per_l: float = quantity(
        7.0,
        "mmol/L",
        within=(0.0, 100.0),
        plausible=(5.0, 12.0),
        source=sources.HARTMANN_KULSKI_1978,
        locator="table 1",
        note="Secreted sodium; the paper's milk has 8.5 (SEM 0.9), later samples of others 6 to 8",
    )
    potassium_mmol_per_l: float = quantity(
        12.0,
        "mmol/L",
        within=(0.0, 100.0),
        plausible=(10.0, 15.0),
        source=sources.HARTMANN_KULSKI_1978,
        locator="table 1",
        note="Secreted potassium; the paper's milk has 13.4 (SEM 0.3), later samples of others 11 to 12",
    )
    chloride_mmol_per_l: float = quantity(
        11.5,
        "mmol/L",
        within=(0.0, 100.0),
        plausible=(9.0, 14.0),
        source=sources.HARTMANN_KULSKI_1978,
        locator="table 1",
        note="Secreted chloride; the paper's milk has 11.9 (SEM 0.5)",
    )
    fat_g_per_l: float = quantity(
        41.0,
        "g/L-eq",
        within=(1.0, 200.0),
        plausible=(35.0, 45.0),
        source=sources.KENT_2006,
        locator="abstract",
        note="Fat per mL-eq of the lipid line; milk of a day has 41.1 (SD 7.8) g/L",
    )
    fat_density_g_per_ml: float = quantity(
        0.93,
        "g/mL",
        within=(0.85, 1.0),
        plausible=(0.91, 0.94),
        source=sources.ASSUMED,
        note="Density of globules, so that fat has a volume; triglyceride at body temperature is near 0.91",
    )
