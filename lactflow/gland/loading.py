"""
What packets are loaded with.

The RER fixes a vesicle packet's protein. The Golgi loads lactose; lactose cannot leave, and water follows it
and the other solutes until the vesicle is iso-osmotic: lactose sets the volume. Droplets carry fat.
"""

from __future__ import annotations

from lactflow.gland.analytes import (
    CHLORIDE,
    CITRATE,
    FAT,
    INHIBITOR,
    LACTOSE,
    OTHER,
    POTASSIUM,
    PROTEIN,
    SODIUM,
    WATER,
    Cargo,
)
from lactflow.gland.contents import Contents
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import osmotic_water_ml, saturation
from lactflow.parameters.composition import Composition
from lactflow.parameters.gland import Gland
from lactflow.parameters.membrane import Membrane


def lactose_share(maturity: float, activity: float, immature: float, half_effect: float) -> float:
    """
    Lactose loaded, relative to mature milk of a fed mother.

    Equation
    --------
    lactose_share = (immature + (1 - immature) * maturity) * activity * (1 + half_effect) / (activity + half_effect)

    Parameters
    ----------
    maturity
        Of the cell, 0 to 1.
    activity
        Alpha-lactalbumin times glucose, 1 for a fed mother who has it.
    immature
        Share that an immature cell loads.
    half_effect
        Activity of half the lactose synthesis.

    References
    ----------
    The form is ours; the half effect is set on Stinnakre1994, the immature share on Cregan2002.
    """
    return (immature + (1.0 - immature) * maturity) * activity * (1.0 + half_effect) / (activity + half_effect)


def ion_loaded(mature: float, immature: float, maturity: float) -> float:
    """
    Concentration of an ion in the water of a vesicle [mmol/L].

    Equation
    --------
    ion_loaded = mature + (immature - mature) * (1 - maturity)

    Parameters
    ----------
    mature, immature
        In vesicles of a mature and of an immature cell [mmol/L].
    maturity
        Of the cell, 0 to 1.

    References
    ----------
    The form is ours; that sodium and potassium fall over weeks is from Lee1982.
    """
    return mature + (immature - mature) * (1.0 - maturity)


class VesicleLoading:
    """
    Loads vesicle packets.

    Parameters
    ----------
    composition, membrane
        Declared quantities.
    mechanisms
        Lactose synthase needs its enzyme and alpha-lactalbumin.
    packet_ml
        Size of a packet [mL-eq].
    contents
        What milk carries in this run; the analytes that every run has when left out.
    """

    def __init__(
        self,
        composition: Composition,
        membrane: Membrane,
        mechanisms: Mechanisms,
        packet_ml: float,
        contents: Contents | None = None,
    ) -> None:
        self._packet_ml = packet_ml
        # As numbers of its own: compiled, those of a declaration are looked up by name.
        self._lactose_umol: float = composition.lactose_mmol_per_l * packet_ml
        self._other_umol: float = composition.other_osmoles_mmol_per_l * packet_ml
        self._protein_g: float = composition.protein_g_per_l * packet_ml / 1000.0
        self._immature_lactose: float = composition.immature_lactose_fraction
        self._half_effect: float = composition.alpha_lactalbumin_half_effect
        self._citrate_mmol_per_l: float = composition.citrate_mmol_per_l
        self._citrate_half_mrna: float = composition.citrate_half_mrna
        self._osmolality: float = composition.osmolality_mosm_per_kg
        self._sodium = (composition.sodium_mmol_per_l, composition.immature_sodium_mmol_per_l)
        self._potassium = (composition.potassium_mmol_per_l, composition.immature_potassium_mmol_per_l)
        self._chloride = (composition.chloride_mmol_per_l, composition.immature_chloride_mmol_per_l)
        self._contents = Contents(Gland()) if contents is None else contents
        self._membrane_m2 = membrane.supply_m2_per_ml * packet_ml
        self._synthase = float(mechanisms.present("lactose_synthase"))
        self._alpha_lactalbumin = float(mechanisms.present("alpha_lactalbumin"))

    def lactose_fraction(self, maturity: float, substrate: float) -> float:
        """
        Lactose loaded, relative to mature milk of a fed mother.

        Parameters
        ----------
        maturity
            Of the cell.
        substrate
            Supply with glucose, 1 for a fed mother.
        """
        activity = self._alpha_lactalbumin * substrate
        return self._synthase * lactose_share(maturity, activity, self._immature_lactose, self._half_effect)

    def cargo(self, maturity: float, mrna: float, substrate: float) -> Cargo:
        """Cargo of a packet that is loaded now by such a cell."""
        packet_ml = self._packet_ml
        lactose_umol = self._lactose_umol * self.lactose_fraction(maturity, substrate)
        sodium = ion_loaded(self._sodium[0], self._sodium[1], maturity)
        potassium = ion_loaded(self._potassium[0], self._potassium[1], maturity)
        chloride = ion_loaded(self._chloride[0], self._chloride[1], maturity)
        citrate = self._citrate_mmol_per_l * saturation(mrna, self._citrate_half_mrna, 2.0)
        water_ml = osmotic_water_ml(
            lactose_umol + self._other_umol, self._osmolality, sodium + potassium + chloride + citrate
        )
        amounts = self._contents.zeros()
        amounts[WATER] = water_ml
        amounts[LACTOSE] = lactose_umol / 1000.0
        amounts[PROTEIN] = self._protein_g
        amounts[SODIUM] = sodium * water_ml / 1000.0
        amounts[POTASSIUM] = potassium * water_ml / 1000.0
        amounts[CHLORIDE] = chloride * water_ml / 1000.0
        amounts[CITRATE] = citrate * water_ml / 1000.0
        amounts[OTHER] = self._other_umol / 1000.0
        amounts[INHIBITOR] = packet_ml
        for analyte, per_ml, immature_per_ml in self._contents.vesicle_loads:
            amounts[analyte] = packet_ml * (per_ml + (immature_per_ml - per_ml) * (1.0 - maturity))
        return Cargo(amounts, water_ml, self._membrane_m2)


def droplet_cargo(
    composition: Composition, membrane: Membrane, packet_ml: float, contents: Contents | None = None
) -> Cargo:
    """Cargo of a lipid packet of `packet_ml` [mL-eq], in a run with these contents or with none of its own."""
    contents = Contents(Gland()) if contents is None else contents
    amounts = contents.zeros()
    amounts[FAT] = composition.fat_g_per_l * packet_ml / 1000.0
    for analyte, per_ml, _ in contents.droplet_loads:
        amounts[analyte] = packet_ml * per_ml
    fat_g = amounts[FAT]
    return Cargo(amounts, fat_g / composition.fat_density_g_per_ml, membrane.globule_m2_per_g * fat_g)
