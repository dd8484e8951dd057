"""
The body of an infant: weight, stomach, need of energy, and what it has swallowed.

Weight is tissue, less the fluid that a newborn loses and drinks back. Tissue is what is eaten less what is spent. Need
is what is spent and what growth costs, less what other food brings. None of this knows hunger or meals
(`dyad.infant`).
"""

from __future__ import annotations

from math import exp
from typing import Final

from lactflow.endocrine.signal import Signal
from lactflow.gland.analytes import Milk
from lactflow.kinetics import decayed
from lactflow.parameters.dyad import InfantTraits
from lactflow.parameters.growth import InfantGrowth
from lactflow.parameters.growth_standard import gain_kg_per_day, median_kg
from lactflow.parameters.infant import InfantPhysiology
from lactflow.parameters.infant_energy import tissue_kcal_per_g
from lactflow.units import DAY_MIN

_LEAST_WEIGHT = 0.3
"""
Share of its birth weight that an infant of the model keeps however long it starves.

Real ones die long before; the model has no death, and needs and stomach in proportion to nothing would be no numbers.
"""

_USUAL_ML_PER_KG_DAY: Final = 140.0
_USUAL_FROM_DAY: Final = 1.5
"""What infants drink from when, about: where a run begins in the first weeks, it says how much fluid is back."""


def energy_spent(
    weight_kg: float, slope_kcal_per_kg_day: float, offset_kcal_per_day: float, least_kcal_per_kg_day: float
) -> float:
    """
    Energy that an infant spends [kcal/d].

    Equation
    --------
    energy_spent = max(slope_kcal_per_kg_day * weight_kg - offset_kcal_per_day, least_kcal_per_kg_day * weight_kg)

    Parameters
    ----------
    weight_kg
        Body weight.
    slope_kcal_per_kg_day, offset_kcal_per_day
        Of the line through measured expenditure.
    least_kcal_per_kg_day
        What the smallest spend.

    References
    ----------
    FAO2004: total energy expenditure of breast-fed infants. The lower end is ours.
    """
    line = slope_kcal_per_kg_day * weight_kg - offset_kcal_per_day
    return max(line, least_kcal_per_kg_day * weight_kg)


def wanted_gain(tissue_kg: float, channel_kg: float, catch_up_weight: float, most: float) -> float:
    """
    Gain that an infant wants, relative to the usual gain at its age.

    Equation
    --------
    wanted_gain = min(most, max(0, 1 + (channel_kg - tissue_kg) / (channel_kg * catch_up_weight)))

    Parameters
    ----------
    tissue_kg
        Its weight without the fluid of the first days [kg].
    channel_kg
        Weight of its own growth channel [kg].
    catch_up_weight
        Share of its weight by which it must be behind to want twice the usual gain.
    most
        Most that it wants.

    References
    ----------
    The form is ours: infants who have fallen behind catch up, and those ahead of their channel slow down.
    """
    return min(most, max(0.0, 1.0 + (channel_kg - tissue_kg) / (channel_kg * catch_up_weight)))


def share_of_solids(
    since_able_days: float, since_offered_days: float, most: float, rise_days: float, learning_days: float
) -> float:
    """
    Share of its energy that a child gets from other food than milk.

    Equation
    --------
    ripe = 1 - exp(-max(0, since_able_days) / rise_days)
    learned = 1 - exp(-max(0, since_offered_days) / learning_days)
    share_of_solids = most * ripe * learned

    Parameters
    ----------
    since_able_days
        Since the age before which hardly any is eaten [d]; negative before.
    since_offered_days
        Since other food has been offered [d].
    most
        Share in the long run.
    rise_days
        Time constant with which the share rises from that age on [d].
    learning_days
        Time constant with which eating is learned once it is offered [d].

    References
    ----------
    The form is ours; shares by age are from WHO2009, what solids from four months replace is from Cohen1994.
    """
    ripe = 1.0 - exp(-max(0.0, since_able_days) / rise_days)
    learned = 1.0 - exp(-max(0.0, since_offered_days) / learning_days)
    return most * ripe * learned


class Body:
    """
    The body of one infant.

    Parameters
    ----------
    traits
        What distinguishes it from other infants.
    growth, physiology
        What all infants share.
    demand
        Factor on its need over time: a growth spurt.
    time_min
        Start of the run.
    nothing
        An empty vessel for milk of the run.

    Attributes
    ----------
    born_min
        When it was born [min since the birth that days are counted from].
    now_min
        Time that it is brought up to [min since that birth].
    stomach_ml
        Milk in the stomach.
    half_time_min
        Of the stomach with what is in it.
    solids_kcal
        Energy of other food since the start of the run.
    swallowed
        Milk swallowed since the start of the run, as volume and amount of each analyte. What was in formula, and in
        milk that nobody has expressed in this run, is not known: it counts as volume only.
    """

    def __init__(
        self,
        traits: InfantTraits,
        growth: InfantGrowth,
        physiology: InfantPhysiology,
        *,
        demand: Signal,
        time_min: float,
        nothing: Milk,
    ) -> None:
        self._traits, self._growth, self._physiology = traits, growth, physiology
        self._demand = demand
        self._solids_from_day: float | None = traits.solids_from_day
        self.born_min = (traits.born_day - 1.0) * DAY_MIN
        self.now_min = max(self.born_min, time_min)
        age = self.age_days
        self._tissue_kg = self._channel_kg(age)
        self._fluid_kg = self._usual_fluid_kg(age)
        self.stomach_ml = 0.0
        self.half_time_min = physiology.emptying_half_time_min
        self.solids_kcal = 0.0
        self.swallowed = nothing

    def become_like(self, other: Body) -> None:
        """Be in the state of another body of the same infant, which has swallowed the same milk."""
        self.now_min = other.now_min
        self._tissue_kg, self._fluid_kg = other._tissue_kg, other._fluid_kg
        self.stomach_ml, self.half_time_min = other.stomach_ml, other.half_time_min
        self.solids_kcal, self.swallowed = other.solids_kcal, other.swallowed

    def _channel_kg(self, age_days: float) -> float:
        """Weight of its own growth channel: its weight at birth, and the gain of other infants."""
        sex, birth_kg = self._traits.sex, self._traits.birth_weight_kg
        return birth_kg + (median_kg(age_days, sex) - median_kg(0.0, sex))

    def _usual_fluid_kg(self, age_days: float) -> float:
        """Fluid that a newborn of this age has lost and not yet drunk back, where a run begins later than birth."""
        growth = self._growth
        lost = growth.newborn_weight_loss * (1.0 - exp(-age_days / growth.newborn_weight_loss_days))
        drunk_ml_per_kg = _USUAL_ML_PER_KG_DAY * max(0.0, age_days - _USUAL_FROM_DAY)
        return self._traits.birth_weight_kg * lost * exp(-drunk_ml_per_kg / growth.fluid_returns_ml_per_kg)

    @property
    def age_days(self) -> float:
        """Age of the infant."""
        return (self.now_min - self.born_min) / DAY_MIN

    @property
    def weight_kg(self) -> float:
        """Body weight."""
        return max(_LEAST_WEIGHT * self._traits.birth_weight_kg, self._tissue_kg - self._fluid_kg)

    def stomach_size(self) -> float:
        """Volume its stomach holds [mL]."""
        physiology, age = self._physiology, self.age_days
        grown = 1.0 - physiology.newborn_stomach_deficit * exp(-age / physiology.newborn_stomach_days)
        return physiology.stomach_ml_per_kg * self._traits.appetite * self.weight_kg * grown

    def need_ml_per_day(self, ahead_min: float = 0.0) -> float:
        """Need of milk now, or in some minutes, as it is felt: newborns do not feel all of it."""
        growth = self._growth
        age = (self.now_min - self.born_min + ahead_min) / DAY_MIN
        felt = 1.0 - growth.newborn_need_deficit * exp(-age / growth.newborn_need_days)
        kcal_per_day = self._need_kcal_per_day(age) * (1.0 - self._share_of_solids(age))
        return self._demand.level(self.now_min) * felt * kcal_per_day / growth.own_milk_kcal_per_ml

    def _need_kcal_per_day(self, age_days: float) -> float:
        """Energy that it spends, and that the growth costs which it wants."""
        growth = self._growth
        wanted = wanted_gain(self._tissue_kg, self._channel_kg(age_days), growth.catch_up_weight, growth.most_catch_up)
        usual_g_per_day = 1000.0 * gain_kg_per_day(age_days, self._traits.sex)
        gained_kcal_per_day = wanted * usual_g_per_day * tissue_kcal_per_g(age_days)
        return self._spent_kcal_per_day() + self._traits.appetite * gained_kcal_per_day

    def _spent_kcal_per_day(self) -> float:
        growth = self._growth
        return self._traits.appetite * energy_spent(
            self.weight_kg,
            growth.expenditure_kcal_per_kg_day,
            growth.expenditure_offset_kcal_per_day,
            growth.least_expenditure_kcal_per_kg_day,
        )

    def _share_of_solids(self, age_days: float) -> float:
        from_day = self._solids_from_day
        if from_day is None:
            return 0.0
        growth = self._growth
        return share_of_solids(
            age_days - growth.solids_age_days,
            age_days - (from_day - 1.0),
            growth.solids_share,
            growth.solids_days,
            growth.solids_learning_days,
        )

    def bring_up(self, time_min: float) -> None:
        """Empty the stomach, eat other food and spend energy until `time_min`."""
        elapsed_min = time_min - self.now_min
        if elapsed_min <= 0.0:
            return
        growth, days, age = self._growth, elapsed_min / DAY_MIN, self.age_days
        self.stomach_ml = decayed(self.stomach_ml, elapsed_min, self.half_time_min)
        spent_kcal = self._spent_kcal_per_day() * days
        self._eat_energy(self._eat_solids(age, days) - spent_kcal)
        loss_days = growth.newborn_weight_loss_days
        lost = growth.newborn_weight_loss * (exp(-age / loss_days) - exp(-(age + days) / loss_days))
        self._fluid_kg += self._traits.birth_weight_kg * lost
        self.now_min = time_min

    def _eat_solids(self, age_days: float, days: float) -> float:
        """Energy of what it eats in a while; a child that is behind eats more than its need of milk falls by."""
        share = self._share_of_solids(age_days)
        if share <= 0.0:
            return 0.0
        growth, channel_kg = self._growth, self._channel_kg(age_days)
        behind = max(0.0, channel_kg - self._tissue_kg) / channel_kg
        able = share / growth.solids_share if growth.solids_share > 0.0 else 0.0
        eaten = share + (1.0 - share) * able * min(1.0, behind / growth.solids_catch_up)
        solids_kcal = eaten * self._need_kcal_per_day(age_days) * days
        self.solids_kcal += solids_kcal
        return solids_kcal

    def _eat_energy(self, kcal: float) -> None:
        self._tissue_kg += kcal / tissue_kcal_per_g(self.age_days) / 1000.0

    def swallow(self, milk: Milk, kcal: float, half_time_min: float) -> None:
        """
        Swallow milk.

        Parameters
        ----------
        milk
            Its volume, and what is known to be in it.
        kcal
            Its energy.
        half_time_min
            With which it leaves the stomach.
        """
        filled_ml = self.stomach_ml + milk.volume_ml
        if filled_ml > 0.0:  # what is mixed empties as the mixture
            self.half_time_min += (half_time_min - self.half_time_min) * milk.volume_ml / filled_ml
        self.stomach_ml += milk.volume_ml
        returns_ml = self._growth.fluid_returns_ml_per_kg * self._traits.birth_weight_kg
        self._fluid_kg *= exp(-milk.volume_ml / returns_ml)
        self.swallowed.add(milk)
        self._eat_energy(kcal)
