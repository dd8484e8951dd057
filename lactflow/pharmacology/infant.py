"""
What an infant does with a drug that it swallows: how fast it clears it, what level follows, and its relative dose.

Kinetics are those of a woman of 70 kg, scaled by weight, and by how far clearance has matured at the postmenstrual age.
An infant is one compartment that what it swallowed is absorbed into. Nothing here is medical advice.
"""

from __future__ import annotations

import math
from math import exp, log
from typing import Literal, NamedTuple

from lactflow.parameters.infant_drugs import InfantClearance
from lactflow.pharmacology.declared import REFERENCE_KG
from lactflow.units import HOUR_MIN

Way = Literal["renal", "glucuronidation", "hepatic", "cyp1a2", "mature"]
CONVENTIONAL_L_PER_KG_DAY = 0.15
"""Milk that the convention of the relative infant dose takes an infant to drink, for each kilogram and day."""
USUAL_PERCENT, CAUTIOUS_PERCENT = 10.0, 5.0
"""Relative doses above which a result is marked: usually, and for infants and drugs that ask for caution."""
CAUTIOUS_BELOW_DAYS = 30.0
TERM_WEEKS = 37.0
CONVENTION = "a convention, not a threshold of harm"
"""What stands beside every mark of a relative dose."""
_DAYS_PER_WEEK = 7.0
_EQUAL = 1e-9
"""Relative difference of two rates below which they are taken for equal."""


class InfantDrug(NamedTuple):
    """
    One drug, as an infant meets it.

    Attributes
    ----------
    name
        Of the analyte in milk.
    clearance_l_per_h, volume_l
        Of a woman of 70 kg.
    way
        How it is cleared, and so how clearance matures.
    bioavailability
        Share of what is swallowed that reaches the infant's blood.
    absorption_per_h
        Rate at which it does; that of `InfantClearance` when None.
    half_weeks, steepness
        Of the maturation, where the drug has its own; those of its way when None.
    volume_l_per_kg, elimination_per_h
        Of an infant, where they do not follow from those of a woman: None where they do.
    """

    name: str
    clearance_l_per_h: float
    volume_l: float
    way: Way = "hepatic"
    bioavailability: float = 1.0
    absorption_per_h: float | None = None
    half_weeks: float | None = None
    steepness: float | None = None
    volume_l_per_kg: float | None = None
    elimination_per_h: float | None = None


def postmenstrual_weeks(gestation_weeks: float, age_days: float) -> float:
    """
    Postmenstrual age [weeks].

    Equation
    --------
    postmenstrual_weeks = gestation_weeks + age_days / 7

    Parameters
    ----------
    gestation_weeks
        At birth.
    age_days
        Since birth.

    References
    ----------
    By definition.
    """
    return gestation_weeks + age_days / _DAYS_PER_WEEK


def matured(weeks: float, half_weeks: float, steepness: float) -> float:
    """
    Clearance over that of an adult of the same size.

    Equation
    --------
    matured = 1 / (1 + (half_weeks / weeks)**steepness)

    Parameters
    ----------
    weeks
        Postmenstrual age.
    half_weeks
        At which it is half.
    steepness
        Hill exponent.

    References
    ----------
    Rhodin2009 for filtration; AndersonHolford2008 and AndersonHolford2009 for glucuronidation.
    """
    return 1.0 / (1.0 + math.pow(half_weeks / weeks, steepness))


def caffeine_half_life_h(weeks: float, clearance: InfantClearance) -> float:
    """
    Half-life of caffeine [h].

    Equation
    --------
    half_life = early * (mature / early)**share
    share = (weeks - early_weeks) / (mature_weeks - early_weeks), from 0 to 1

    Parameters
    ----------
    weeks
        Postmenstrual age.
    clearance
        Declared quantities.

    References
    ----------
    LeGuennec1985; the straight line of the logarithm is ours.
    """
    early, mature = clearance.cyp1a2_early_weeks, clearance.cyp1a2_mature_weeks
    share = min(1.0, max(0.0, (weeks - early) / (mature - early)))
    fall = log(clearance.cyp1a2_mature_half_life_h / clearance.cyp1a2_early_half_life_h)
    return clearance.cyp1a2_early_half_life_h * exp(share * fall)


def infant_volume_l(drug: InfantDrug, weight_kg: float) -> float:
    """
    Volume of distribution of an infant [L].

    Equation
    --------
    volume = adult_volume * weight / 70
    of a drug with its own in infants: volume = volume_l_per_kg * weight

    Parameters
    ----------
    drug
        Which one.
    weight_kg
        Of the infant.

    References
    ----------
    AndersonHolford2008.
    """
    if drug.volume_l_per_kg is not None:
        return drug.volume_l_per_kg * weight_kg
    return drug.volume_l * weight_kg / REFERENCE_KG


def with_maturation(drug: InfantDrug, clearance: InfantClearance) -> InfantDrug:
    """
    The same drug with the maturation of its way, where it has none of its own.

    Parameters
    ----------
    drug
        Which one; that of caffeine is a table of its own, and such a drug is left as it is.
    clearance
        Declared quantities of maturation.
    """
    if drug.way == "cyp1a2" and drug.half_weeks is None:
        return drug
    half_weeks, steepness = clearance.hepatic_half_weeks, clearance.hepatic_steepness
    if drug.way == "renal":
        half_weeks, steepness = clearance.renal_half_weeks, clearance.renal_steepness
    return drug._replace(
        half_weeks=half_weeks if drug.half_weeks is None else drug.half_weeks,
        steepness=steepness if drug.steepness is None else drug.steepness,
    )


def elimination_per_min(
    drug: InfantDrug, weight_kg: float, weeks: float, clearance: InfantClearance, exponent: float
) -> float:
    """
    Rate at which an infant eliminates a drug [1/min].

    Equation
    --------
    rate = adult_clearance * (weight / 70)**exponent * matured / volume
    by CYP1A2: rate = adult_clearance / adult_volume * mature_half_life / caffeine_half_life_h
    of a drug with its own in infants: rate = elimination_per_h / 60

    Parameters
    ----------
    drug
        Which one.
    weight_kg, weeks
        Weight and postmenstrual age of the infant.
    clearance
        Declared quantities of maturation.
    exponent
        Power of body weight that clearances go with, for women and infants alike.

    References
    ----------
    AndersonHolford2008 for size. Half-lives of caffeine were measured in infants, so that size is in them.
    """
    if drug.elimination_per_h is not None:
        return drug.elimination_per_h / HOUR_MIN
    if drug.way == "cyp1a2" and drug.half_weeks is None:
        share = clearance.cyp1a2_mature_half_life_h / caffeine_half_life_h(weeks, clearance)
        return drug.clearance_l_per_h / HOUR_MIN / drug.volume_l * share
    if drug.half_weeks is None or drug.steepness is None:
        drug = with_maturation(drug, clearance)
    size = math.pow(weight_kg / REFERENCE_KG, exponent)
    half_weeks, steepness = drug.half_weeks, drug.steepness
    assert half_weeks is not None
    assert steepness is not None
    mature = 1.0 if drug.way == "mature" else matured(weeks, half_weeks, steepness)
    cleared = drug.clearance_l_per_h / HOUR_MIN * size * mature
    return cleared / infant_volume_l(drug, weight_kg)


class Amounts:
    """
    Drug in the gut of an infant that will reach its blood, and drug in its body [mg].

    Parameters
    ----------
    gut_mg, body_mg
        Both.
    """

    __slots__ = ("body_mg", "gut_mg")

    def __init__(self, gut_mg: float = 0.0, body_mg: float = 0.0) -> None:
        self.gut_mg, self.body_mg = gut_mg, body_mg

    def after(self, step_min: float, absorption_per_min: float, elimination: float) -> Amounts:
        """
        The amounts after a step in which nothing is swallowed, exact for rates that stay as they are [mg].

        Equation
        --------
        gut = gut_mg * exp(-absorption * step)
        body = body_mg * exp(-elimination * step) + gut_mg * absorption * q
        q = (exp(-elimination * step) - exp(-absorption * step)) / (absorption - elimination)

        Parameters
        ----------
        step_min
            Its length [min].
        absorption_per_min, elimination
            Rates [1/min].

        References
        ----------
        First-order kinetics.
        """
        gut_left, body_left = exp(-absorption_per_min * step_min), exp(-elimination * step_min)
        apart = absorption_per_min - elimination
        passed = (
            absorption_per_min * (body_left - gut_left) / apart
            if abs(apart) > _EQUAL * absorption_per_min
            else absorption_per_min * step_min * body_left
        )
        return Amounts(self.gut_mg * gut_left, self.body_mg * body_left + self.gut_mg * passed)


def relative_dose_percent(infant_mg_per_kg_day: float, mother_mg_per_kg_day: float) -> float:
    """
    Relative infant dose [%].

    Equation
    --------
    relative_dose_percent = 100 * infant_mg_per_kg_day / mother_mg_per_kg_day

    Parameters
    ----------
    infant_mg_per_kg_day, mother_mg_per_kg_day
        What each takes in a day, over its own weight.

    References
    ----------
    Begg2002, with the name and the convention.
    """
    return 100.0 * infant_mg_per_kg_day / mother_mg_per_kg_day


def conventional_dose_percent(milk_mg_per_l: float, mother_mg_per_kg_day: float) -> float:
    """
    Relative infant dose by the convention that an infant drinks 0.15 L/kg/day [%].

    Equation
    --------
    conventional_dose_percent = 100 * 0.15 * milk_mg_per_l / mother_mg_per_kg_day

    Parameters
    ----------
    milk_mg_per_l
        Mean concentration in milk.
    mother_mg_per_kg_day
        What she takes in a day, over her weight.

    References
    ----------
    Begg2002.
    """
    return relative_dose_percent(CONVENTIONAL_L_PER_KG_DAY * milk_mg_per_l, mother_mg_per_kg_day)


def mark_of(percent: float, *, gestation_weeks: float, age_days: float, narrow_index: bool = False) -> str:
    """
    Words to stand beside a relative dose; empty where there are none.

    Parameters
    ----------
    percent
        The relative dose.
    gestation_weeks, age_days
        Of the infant: caution is for those born before 37 weeks or less than 30 days old.
    narrow_index
        Whether doses of the drug that help and that harm are near each other, as its file says.
    """
    cautious = gestation_weeks < TERM_WEEKS or age_days < CAUTIOUS_BELOW_DAYS or narrow_index
    if percent > USUAL_PERCENT:
        return f"above {USUAL_PERCENT:g} %, {CONVENTION}"
    if cautious and percent > CAUTIOUS_PERCENT:
        return f"above {CAUTIOUS_PERCENT:g} %, {CONVENTION}"
    return ""
