"""Drugs from blood into milk, as far as no file of a drug says: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


def _exchange(ml_per_h: float, of: str) -> float:
    """Clearance between blood and milk of drugs of one class, where none is declared."""
    value: float = quantity(
        ml_per_h,
        "mL/h",
        within=(0.0, 100_000.0),
        plausible=(2.0, 2000.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note=f"Clearance between blood and the milk of a breast, of {of} whose file gives none. It was never measured "
        "in women; milk of most drugs follows blood within an hour, that of strong acids and beta-lactams over hours",
    )
    return value


class Pharmacology(Declared):
    """From a drug's file to what it does in a woman: partition, exchange by class, body size."""

    plasma_ph: float = quantity(
        7.4,
        "",
        within=(6.8, 7.8),
        plausible=(7.35, 7.45),
        source=sources.ASSUMED,
        note="pH of plasma: textbook",
    )
    neutral_exchange_ml_per_h: float = _exchange(250.0, "neutral drugs")
    base_exchange_ml_per_h: float = _exchange(200.0, "bases")
    acid_exchange_ml_per_h: float = _exchange(50.0, "acids")
    zwitterion_exchange_ml_per_h: float = _exchange(200.0, "zwitterions")
    carried_half_ml_per_h: float = quantity(
        100.0,
        "mL/h",
        within=(0.0, 100_000.0),
        plausible=(10.0, 1000.0),
        source=sources.ASSUMED,
        note="Exchange at which fresh milk brings half of what it would hold in equilibrium: what crosses the cell "
        "slowly is not in the water that vesicles draw in",
    )
    milk_binding: float = quantity(
        0.135,
        "",
        within=(0.0, 10.0),
        plausible=(0.05, 0.3),
        shaped="outcome",
        source=sources.ASSUMED,
        note="What milk proteins bind of a drug, over what those of plasma do: fitted, one number for all drugs, on "
        "calibration rows (diclofenac, citalopram, lamotrigine, cetirizine, metoprolol, atenolol, paracetamol: 0.137, "
        "and 0.099 to 0.159 with one of them left out). Protein of milk over that of plasma, 9.4 to 70 g/L, is 0.134. "
        "Atkinson and Begg 1988, by which drugs are bound less in milk, leaves all strongly bound ones too low",
    )
    fat_slope: float = quantity(
        1.29,
        "",
        within=(0.0, 5.0),
        plausible=(0.8, 1.8),
        source=sources.ATKINSON_FAT_1988,
        note="Logarithm of the partition between milk fat and unbound in water, for each unit of log D; coefficient "
        "from memory of the paper, good to a factor of ten",
    )
    fat_intercept: float = quantity(
        -0.88,
        "",
        within=(-5.0, 5.0),
        plausible=(-1.5, 0.0),
        source=sources.ATKINSON_FAT_1988,
        note="The same at log D 0",
    )
    clearance_exponent: float = quantity(
        0.75,
        "",
        within=(0.0, 2.0),
        plausible=(0.6, 1.0),
        source=sources.ANDERSON_HOLFORD_2008,
        note="Power of body weight that clearances go with; volumes go with weight itself",
    )
    blood_water: float = quantity(
        0.8,
        "L/L",
        within=(0.5, 1.0),
        plausible=(0.78, 0.86),
        source=sources.ASSUMED,
        note="Water in a litre of blood: textbook; for ethanol, which is dissolved in water",
    )
    body_water_l: float = quantity(
        -2.097,
        "L",
        within=(-5.0, 40.0),
        plausible=(-3.0, 0.0),
        source=sources.WATSON_1980,
        locator="women",
        note="Water of the body, less what height and weight add",
    )
    body_water_l_per_cm: float = quantity(
        0.1069,
        "L/cm",
        within=(0.06, 1.0),
        plausible=(0.05, 0.2),
        source=sources.WATSON_1980,
        locator="women",
        note="Water of the body for each centimetre of height",
    )
    body_water_l_per_kg: float = quantity(
        0.2466,
        "L/kg",
        within=(0.05, 1.0),
        plausible=(0.15, 0.35),
        source=sources.WATSON_1980,
        locator="women",
        note="Water of the body for each kilogram of weight",
    )
