"""What a packet of mature milk carries: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Composition(Declared):
    """What a packet of mature milk carries."""

    protein_g_per_l: float = quantity(
        8.3,
        "g/L-eq",
        within=(0.5, 50.0),
        plausible=(7.0, 12.0),
        source=sources.LIAO_2017,
        locator="abstract",
        note="Protein of vesicles; with 0.7 g a day of transcytosed protein milk has 9.4 (SD 3.7) g/L",
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
    immature_lactose_fraction: float = quantity(
        0.35,
        "",
        within=(0.0, 1.0),
        plausible=(0.25, 0.5),
        shaped="endpoints",
        source=sources.CREGAN_2002,
        locator="abstract, term mothers",
        note="Lactose loaded by an immature cell, as a share of a mature one; milk of day 5 has 147 (SD 10) mmol/L",
    )
    alpha_lactalbumin_half_effect: float = quantity(
        0.25,
        "",
        within=(0.001, 10.0),
        plausible=(0.1, 0.5),
        source=sources.STINNAKRE_1994,
        locator="abstract, heterozygous mice",
        note="Alpha-lactalbumin and glucose of half lactose synthesis: with 40 % less, mice lose 10 to 20 % of lactose",
    )
    substrate_exponent: float = quantity(
        0.5,
        "",
        within=(0.0, 3.0),
        plausible=(0.3, 1.0),
        source=sources.MOHAMMAD_2009,
        locator="abstract",
        note="Power of substrate on translation and fat synthesis; a fast of 42 h costs 16 % of the volume",
    )
    citrate_mmol_per_l: float = quantity(
        4.8,
        "mmol/L",
        within=(0.0, 30.0),
        plausible=(3.0, 6.0),
        source=sources.CREGAN_2002,
        locator="abstract, term mothers",
        note="Citrate secreted in full activation; milk of day 5 has 4.3 (SD 0.7) mmol/L",
    )
    citrate_half_mrna: float = quantity(
        0.25,
        "",
        within=(0.01, 1.0),
        plausible=(0.1, 0.4),
        source=sources.ARTHUR_1989,
        locator="abstract",
        note="Milk-gene mRNA of half the citrate (power 2): it starts to rise at 32 (SD 9) h and is level at 77 (10) h",
    )
    other_osmoles_mmol_per_l: float = quantity(
        50.2,
        "mmol/L-eq",
        within=(0.0, 200.0),
        plausible=(40.0, 75.0),
        source=sources.DERIVED,
        note="Phosphate, urea and other solutes: what closes the osmolality when 1 mL-eq of mature packets, with its "
        "fat, is to make 1 mL of milk: (1 - 0.041/0.93) * (300 - 38.3) - 200, 38.3 being the ions and citrate",
    )
    osmolality_mosm_per_kg: float = quantity(
        300.0,
        "mOsm/kg",
        within=(260.0, 400.0),
        plausible=(290.0, 308.0),
        source=sources.SOTO_MENDEZ_2016,
        locator="abstract",
        note="Milk is iso-osmotic with plasma: water follows solutes until this is reached",
    )
    sodium_mmol_per_l: float = quantity(
        7.7,
        "mmol/L",
        within=(0.0, 100.0),
        plausible=(5.0, 12.0),
        source=sources.HARTMANN_KULSKI_1978,
        locator="table 1",
        note="Secreted sodium; milk of full lactation has 8.5 (SEM 0.9), Na/K 0.5 (SD 0.1) (Furukawa 2022)",
    )
    potassium_mmol_per_l: float = quantity(
        13.5,
        "mmol/L",
        within=(0.0, 100.0),
        plausible=(10.0, 15.0),
        source=sources.HARTMANN_KULSKI_1978,
        locator="table 1",
        note="Secreted potassium; milk of full lactation has 13.4 (SEM 0.3), later samples of others 11 to 12",
    )
    chloride_mmol_per_l: float = quantity(
        12.3,
        "mmol/L",
        within=(0.0, 100.0),
        plausible=(9.0, 14.0),
        source=sources.HARTMANN_KULSKI_1978,
        locator="table 1",
        note="Secreted chloride; milk of full lactation has 11.9 (SEM 0.5)",
    )
    immature_sodium_mmol_per_l: float = quantity(
        14.5,
        "mmol/L",
        within=(0.0, 100.0),
        plausible=(10.0, 25.0),
        shaped="endpoints",
        source=sources.STAGE_1982,
        locator="days 1 to 5 and 6 to 10",
        note="Sodium secreted by an immature cell; milk has 20.8, 15.3, 11.7 and 8.1 mmol/L by stage",
    )
    immature_potassium_mmol_per_l: float = quantity(
        20.0,
        "mmol/L",
        within=(0.0, 100.0),
        plausible=(14.0, 22.0),
        shaped="endpoints",
        source=sources.STAGE_1982,
        locator="days 1 to 5 and 6 to 10",
        note="Potassium secreted by an immature cell; milk has 15.9, 14.2, 12.8 and 11.2 mmol/L by stage",
    )
    immature_chloride_mmol_per_l: float = quantity(
        23.5,
        "mmol/L",
        within=(0.0, 100.0),
        plausible=(15.0, 30.0),
        shaped="endpoints",
        source=sources.ASSUMED,
        note="Chloride secreted by an immature cell; follows sodium",
    )
    transcytosed_g_per_day: float = quantity(
        0.35,
        "g/d",
        within=(0.0, 10.0),
        plausible=(0.1, 1.0),
        source=sources.ASSUMED,
        note="Immunoglobulin and lactoferrin that pass through the cells of a breast, a constant flux: dilution alone "
        "makes them fall from colostrum to mature milk",
    )
    resting_transcytosis: float = quantity(
        0.1,
        "",
        within=(0.0, 1.0),
        plausible=(0.02, 0.3),
        shaped="endpoints",
        source=sources.ASSUMED,
        note="Share of that flux before activation; the rest goes with milk-gene mRNA",
    )
    immature_fat_fraction: float = quantity(
        0.25,
        "",
        within=(0.0, 1.0),
        plausible=(0.15, 0.6),
        shaped="endpoints",
        source=sources.ASSUMED,
        note="Fat synthesis of an immature cell, as a share of a mature one at equal translation: with a third of the "
        "lactose, and so of the water, milk begins with about half of the fat of mature milk",
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
