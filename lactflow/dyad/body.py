"""
The body of an infant: weight, stomach, need, and what it has swallowed.

Weight is what was born, less the water of the first days, and tissue that energy builds. Milk leaves the stomach by
half-times; need follows weight and age. None of this knows hunger or meals (`dyad.infant`).
"""

from __future__ import annotations

from math import exp, sqrt

from lactflow.endocrine.signal import Signal
from lactflow.gland.analytes import Milk
from lactflow.kinetics import decayed
from lactflow.parameters.dyad import InfantTraits
from lactflow.parameters.growth import InfantGrowth
from lactflow.parameters.infant import InfantPhysiology
from lactflow.units import DAY_MIN

_LEAST_WEIGHT = 0.3
"""
Share of its birth weight that an infant of the model keeps however long it starves.

Real ones die long before; the model has no death, and needs and stomach in proportion to nothing would be no numbers.
"""


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
        self.born_min = (traits.born_day - 1.0) * DAY_MIN
        self.now_min = max(self.born_min, time_min)
        age = self.age_days
        self._tissue_kg = self._expected_kg(age) - traits.birth_weight_kg if age > 0.0 else 0.0
        self.stomach_ml = 0.0
        self.half_time_min = physiology.emptying_half_time_min
        self.swallowed = nothing

    def _expected_kg(self, age_days: float) -> float:
        """Weight at an age by growth standards, for its weight at birth."""
        growth = self._growth
        gain_kg = growth.expected_gain_kg * (1.0 - exp(-age_days / growth.growth_days))
        return self._traits.birth_weight_kg * (1.0 + gain_kg / growth.expected_birth_kg)

    @property
    def age_days(self) -> float:
        """Age of the infant."""
        return (self.now_min - self.born_min) / DAY_MIN

    @property
    def weight_kg(self) -> float:
        """Body weight."""
        growth, birth_kg = self._growth, self._traits.birth_weight_kg
        age = self.age_days
        fluid_kg = birth_kg * growth.newborn_weight_loss * (1.0 - exp(-age / growth.newborn_weight_loss_days))
        return max(_LEAST_WEIGHT * birth_kg, birth_kg - fluid_kg + self._tissue_kg)

    def stomach_size(self) -> float:
        """Volume its stomach holds [mL]."""
        physiology, age = self._physiology, self.age_days
        grown = 1.0 - physiology.newborn_stomach_deficit * exp(-age / physiology.newborn_stomach_days)
        return physiology.stomach_ml_per_kg * self._traits.appetite * self.weight_kg * grown

    def need_ml_per_day(self, ahead_min: float = 0.0) -> float:
        """
        Need of milk now, or in some minutes.

        It goes with the mean of its own weight and the one expected: need in proportion to weight alone would make
        heavy infants ever heavier.
        """
        growth = self._growth
        age = (self.now_min - self.born_min + ahead_min) / DAY_MIN
        per_kg = max(0.0, growth.need_ml_per_kg_day - growth.need_decline_ml_per_kg_day2 * age)
        grown = 1.0 - growth.newborn_need_deficit * exp(-age / growth.newborn_need_days)
        weight_kg = sqrt(self.weight_kg * self._expected_kg(age))
        return self._traits.appetite * self._demand.level(self.now_min) * per_kg * grown * weight_kg

    def bring_up(self, time_min: float) -> None:
        """Empty the stomach and spend energy until `time_min`."""
        elapsed_min = time_min - self.now_min
        if elapsed_min <= 0.0:
            return
        growth = self._growth
        self.stomach_ml = decayed(self.stomach_ml, elapsed_min, self.half_time_min)
        age = self.age_days
        spent = growth.expenditure_kcal_per_kg_day * (
            1.0 - growth.newborn_expenditure_deficit * exp(-age / growth.newborn_expenditure_days)
        )
        self._eat_energy(-spent * self.weight_kg * elapsed_min / DAY_MIN)
        self.now_min = time_min

    def _eat_energy(self, kcal: float) -> None:
        self._tissue_kg += kcal / self._growth.tissue_kcal_per_g / 1000.0

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
        self.swallowed.add(milk)
        self._eat_energy(kcal)
