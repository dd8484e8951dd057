"""What infants of a config have of drugs: what can reach them, and what milk of before the run has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lactflow.config.drugs.compiled import infant_drugs_of, plasma_signal, substances
from lactflow.config.model import RunConfig
from lactflow.dyad.infant import Infant
from lactflow.dyad.infant_drugs import DrugsInInfant
from lactflow.endocrine.blood import Blood
from lactflow.gland.analytes import FAT
from lactflow.gland.breast import Breast
from lactflow.gland.contents import Contents
from lactflow.kinetics import plain_sum
from lactflow.parameters.dyad import InfantTraits
from lactflow.pharmacology.derived import milk_over_plasma
from lactflow.units import DAY_MIN, HOUR_MIN

_ML_PER_L = 1000.0


class _Milk(NamedTuple):
    """Milk that an infant drank before the run: blood, what milk has of each drug over plasma, and liters a minute."""

    blood: Blood
    over_plasma: Mapping[str, float]
    l_per_min: float

    def mg_per_min(self, drug: str, from_min: float, to_min: float) -> float:
        """What it swallowed of a drug between two times, on average, by the plasma of each hour."""
        plasma = self.blood[plasma_signal(drug)]
        hours = max(1, round((to_min - from_min) / HOUR_MIN))
        step_min = (to_min - from_min) / hours
        mean = plain_sum(plasma.level(from_min + (hour + 0.5) * step_min) for hour in range(hours)) / hours
        return self.over_plasma[drug] * mean * self.l_per_min


def in_infant(config: RunConfig, traits: InfantTraits, start_min: float, contents: Contents) -> DrugsInInfant | None:
    """
    What one infant has of drugs; None where the config takes none that reach it.

    Parameters
    ----------
    config
        Valid.
    traits
        Of the infant.
    start_min
        Start of the run.
    contents
        What milk carries in the run.
    """
    index = {contents.analytes[each].name: each for each in contents.extras}
    drugs = [(index[each.name], each) for each in infant_drugs_of(config)]
    if not drugs:
        return None
    return DrugsInInfant(
        drugs,
        config.dyad.clearance,
        config.pharmacology.clearance_exponent,
        gestation_weeks=traits.gestation_weeks,
        born_min=(traits.born_day - 1.0) * DAY_MIN,
        time_min=start_min,
    )


def have_had(config: RunConfig, infants: Sequence[Infant], breasts: Sequence[Breast], blood: Blood) -> None:
    """
    Let infants begin with what the milk of before the run has left in them: as much a day as they need now.

    Parameters
    ----------
    config
        Valid.
    infants, breasts
        At the start of the run.
    blood
        Of the mother, which knows her levels of before.
    """
    drinking = [(infant, infant.drugs) for infant in infants if infant.drugs is not None]
    if not drinking:
        return
    held = [each for breast in breasts if (each := breast.per_litre(FAT)) is not None]
    fat_g_per_l = plain_sum(held) / len(held) if held else 0.0
    flow_ml_per_h = plain_sum(infant.need_ml_per_day() for infant in infants) / DAY_MIN * HOUR_MIN / len(breasts)
    if flow_ml_per_h <= 0.0:
        return
    ratios = {
        name: milk_over_plasma(passage, config.pharmacology, config.mother.milk_ph, flow_ml_per_h, fat_g_per_l)
        for name, (_, passage) in substances(config).items()
        if passage is not None
    }
    for infant, drugs in drinking:
        l_per_min = infant.need_ml_per_day() / DAY_MIN / _ML_PER_L
        drugs.has_had(infant.weight_kg, _Milk(blood, ratios, l_per_min).mg_per_min)
