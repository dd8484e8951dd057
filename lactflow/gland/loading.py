"""
What packets are loaded with.

The RER fixes a vesicle packet's protein. The Golgi loads lactose; lactose cannot leave, and water follows it
and the other solutes until the vesicle is iso-osmotic: lactose sets the volume. Droplets carry fat.
"""

from __future__ import annotations

from lactflow.gland.analytes import (
    ANALYTES,
    CHLORIDE,
    FAT,
    INHIBITOR,
    LACTOSE,
    POTASSIUM,
    PROTEIN,
    SODIUM,
    WATER,
    Cargo,
)
from lactflow.kinetics import osmotic_water_ml
from lactflow.parameters.secretion import Composition, Membrane


def vesicle_cargo(composition: Composition, membrane: Membrane, packet_ml: float, lactose_fraction: float) -> Cargo:
    """
    Cargo of a vesicle packet loaded now.

    Parameters
    ----------
    composition, membrane
        Declared quantities.
    packet_ml
        Size of the packet [mL-eq].
    lactose_fraction
        Lactose loaded, relative to mature milk; 0 without lactose synthase.
    """
    lactose_umol = composition.lactose_mmol_per_l * packet_ml * lactose_fraction
    ions = (composition.sodium_mmol_per_l, composition.potassium_mmol_per_l, composition.chloride_mmol_per_l)
    water_ml = osmotic_water_ml(
        lactose_umol + composition.other_osmoles_mmol_per_l * packet_ml, composition.osmolality_mosm_per_kg, sum(ions)
    )
    amounts = [0.0] * len(ANALYTES)
    amounts[WATER] = water_ml
    amounts[LACTOSE] = lactose_umol / 1000.0
    amounts[PROTEIN] = composition.protein_g_per_l * packet_ml / 1000.0
    for analyte, concentration in zip((SODIUM, POTASSIUM, CHLORIDE), ions, strict=True):
        amounts[analyte] = concentration * water_ml / 1000.0
    amounts[INHIBITOR] = packet_ml
    return Cargo(amounts, water_ml, membrane.supply_m2_per_ml * packet_ml)


def droplet_cargo(composition: Composition, membrane: Membrane, packet_ml: float) -> Cargo:
    """Cargo of a lipid packet of `packet_ml` [mL-eq]."""
    amounts = [0.0] * len(ANALYTES)
    amounts[FAT] = composition.fat_g_per_l * packet_ml / 1000.0
    fat_g = amounts[FAT]
    return Cargo(amounts, fat_g / composition.fat_density_g_per_ml, membrane.globule_m2_per_g * fat_g)
