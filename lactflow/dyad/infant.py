"""
An infant: need, hunger, stomach, weight.

Hunger is a deficit of milk that grows with need and falls with what is taken. It starts a feed; satiety, an empty
breast, sleep or time ends it. What it takes in a day is a result.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, floor, inf, log, log2, sqrt
from typing import NamedTuple

import numpy as np

from lactflow.chance import Streams
from lactflow.endocrine.signal import Signal
from lactflow.gland.analytes import Milk
from lactflow.kinetics import decayed
from lactflow.parameters.dyad import InfantTraits
from lactflow.parameters.growth import InfantGrowth
from lactflow.parameters.infant import InfantPhysiology
from lactflow.records import InfantSample
from lactflow.units import DAY_MIN

_AHEAD_MIN = 360.0
"""A newborn that needs nothing yet is asked how much it will need after this time."""

_FAR_MIN = 3.0 * DAY_MIN
"""Nights further away than this are left out when the next call is foreseen: it is foreseen anew before."""

_LEAST_WEIGHT = 0.3
"""
Share of its birth weight that an infant of the model keeps however long it starves.

Real ones die long before; the model has no death, and needs and stomach in proportion to nothing would be no numbers.
"""


class Mood(NamedTuple):
    """
    What chance has in store for one meal, and for the hunger after it.

    Attributes
    ----------
    threshold
        Hunger, in stomachs, at which it will ask next.
    appetite
        Factor on what it wants.
    patience_min, comfort_min
        Longest time at the first and the second breast, and sucking after the milk.
    prefers
        Whether it follows its preference for a side.
    second_breast
        Whether it takes the second breast when it is still hungry.
    sleep
        Draws for falling asleep.
    """

    threshold: float
    appetite: float
    patience_min: tuple[float, ...]
    comfort_min: tuple[float, ...]
    prefers: bool
    second_breast: bool
    sleep: np.random.Generator


class Infant:
    """
    One infant.

    Parameters
    ----------
    number
        From 0.
    traits
        What tells it from others.
    growth, physiology
        What all infants share: what they need and make of it, and how they feed.
    demand
        Factor on its need over time: a growth spurt.
    streams
        Where chance comes from.
    time_min
        Start of the run.
    birth_clock_min
        Time of day at birth [min].

    Attributes
    ----------
    hunger_ml, stomach_ml, weight_kg
        As of the last time it was brought up.
    intake_ml
        Milk taken since the start of the run.
    """

    kind = "feed"
    trigger = "suckling"

    def __init__(
        self,
        number: int,
        traits: InfantTraits,
        growth: InfantGrowth,
        physiology: InfantPhysiology,
        *,
        demand: Signal,
        streams: Streams,
        time_min: float,
        birth_clock_min: float,
    ) -> None:
        self.number = number
        self.traits = traits
        self._growth = growth
        self._physiology = physiology
        self._demand = demand
        self._streams = streams
        self._birth_clock_min = birth_clock_min
        self.efficiency = traits.latch
        self.side_change_min = physiology.side_change_min
        self.empty_below_ml = physiology.empty_below_ml
        self.intake_ml = 0.0
        self._now_min = max(0.0, time_min)
        age = self._now_min / DAY_MIN
        self._tissue_kg = self._expected_kg(age) - traits.birth_weight_kg if age > 0.0 else 0.0
        self.hunger_ml = 0.5 * self._stomach_size(age) * physiology.meal_threshold
        self.stomach_ml = 0.0
        self._half_time_min = physiology.emptying_half_time_min
        self._fed_min = -inf
        self._wants_ml = 0.0
        self._appetite_ml = 0.0
        self._address = (int(self._now_min // 60.0), 0)
        self._mood = self._draw_mood()
        self._threshold = self._mood.threshold

    # -- body -------------------------------------------------------------------------------------------

    def _expected_kg(self, age_days: float) -> float:
        """Weight at an age by growth standards, for its weight at birth."""
        growth = self._growth
        gain_kg = growth.expected_gain_kg * (1.0 - exp(-age_days / growth.growth_days))
        return self.traits.birth_weight_kg * (1.0 + gain_kg / growth.expected_birth_kg)

    @property
    def weight_kg(self) -> float:
        """Body weight."""
        growth, birth_kg = self._growth, self.traits.birth_weight_kg
        age = self._now_min / DAY_MIN
        fluid_kg = birth_kg * growth.newborn_weight_loss * (1.0 - exp(-age / growth.newborn_weight_loss_days))
        return max(_LEAST_WEIGHT * birth_kg, birth_kg - fluid_kg + self._tissue_kg)

    def _stomach_size(self, age_days: float) -> float:
        """Volume its stomach holds [mL]."""
        physiology = self._physiology
        grown = 1.0 - physiology.newborn_stomach_deficit * exp(-age_days / physiology.newborn_stomach_days)
        return physiology.stomach_ml_per_kg * self.traits.appetite * self.weight_kg * grown

    def need_ml_per_day(self, ahead_min: float = 0.0) -> float:
        """
        Need of milk now, or in some minutes.

        It goes with the mean of its own weight and the one expected: need in proportion to weight alone would make
        heavy infants ever heavier.
        """
        growth = self._growth
        age = (self._now_min + ahead_min) / DAY_MIN
        per_kg = max(0.0, growth.need_ml_per_kg_day - growth.need_decline_ml_per_kg_day2 * age)
        grown = 1.0 - growth.newborn_need_deficit * exp(-age / growth.newborn_need_days)
        weight_kg = sqrt(self.weight_kg * self._expected_kg(age))
        return self.traits.appetite * self._demand.level(self._now_min) * per_kg * grown * weight_kg

    def bring_up(self, time_min: float) -> None:
        """Bring hunger, stomach and weight up to the clock."""
        elapsed_min = time_min - self._now_min
        if elapsed_min <= 0.0:
            return
        physiology, growth = self._physiology, self._growth
        need_per_min = self.need_ml_per_day() / DAY_MIN
        size = self._stomach_size(self._now_min / DAY_MIN)
        self.hunger_ml = min(
            self._hunger_after(elapsed_min, need_per_min), max(self.hunger_ml, physiology.largest_deficit * size)
        )
        self.stomach_ml = decayed(self.stomach_ml, elapsed_min, self._half_time_min)
        age = self._now_min / DAY_MIN
        spent = growth.expenditure_kcal_per_kg_day * (
            1.0 - growth.newborn_expenditure_deficit * exp(-age / growth.newborn_expenditure_days)
        )
        self._eat_energy(-spent * self.weight_kg * elapsed_min / DAY_MIN)
        self._now_min = time_min

    def _hunger_after(self, elapsed_min: float, need_per_min: float) -> float:
        """Hunger [mL]: it grows with need; a surplus is forgotten as well."""
        if self.hunger_ml >= 0.0:
            return self.hunger_ml + need_per_min * elapsed_min
        to_zero_min = self._to_zero_min(need_per_min)
        if elapsed_min >= to_zero_min:
            return need_per_min * (elapsed_min - to_zero_min)
        memory_min = self._physiology.satiety_memory_h * 60.0
        settled = need_per_min * memory_min
        return settled + (self.hunger_ml - settled) * exp(-elapsed_min / memory_min)

    def _to_zero_min(self, need_per_min: float) -> float:
        """Time until a surplus is gone."""
        memory_min = self._physiology.satiety_memory_h * 60.0
        settled = need_per_min * memory_min
        return memory_min * log((settled - self.hunger_ml) / settled) if settled > 0.0 else inf

    def _eat_energy(self, kcal: float) -> None:
        self._tissue_kg += kcal / self._growth.tissue_kcal_per_g / 1000.0

    # -- hunger -----------------------------------------------------------------------------------------

    def hungry_at(self, now: float) -> float:
        """When it will ask for milk, if nothing happens and its need stays as it is."""
        self.bring_up(now)
        physiology = self._physiology
        now = max(now, self._now_min)
        size = self._stomach_size(self._now_min / DAY_MIN)
        # A newborn may not need anything yet, and yet it will.
        need_per_min = (self.need_ml_per_day() or self.need_ml_per_day(_AHEAD_MIN)) / DAY_MIN
        sleepy = exp(-self._now_min / DAY_MIN / physiology.newborn_sleep_days)
        rest_min = physiology.shortest_interval_min + physiology.newborn_sleep_min * sleepy
        earliest = max(now, self._fed_min + rest_min)
        full = physiology.settled_stomach * size
        if self.stomach_ml > full > 0.0:
            earliest = max(earliest, now + self._half_time_min * log2(self.stomach_ml / full))
        at = now
        while True:
            factor, until = self._night(at)
            hungry = max(at, earliest, now + self._reaches_min(factor * self._threshold * size, need_per_min))
            if hungry < until or hungry > now + _FAR_MIN:  # so far away, a night matters little
                return hungry
            at = until

    def _reaches_min(self, level_ml: float, need_per_min: float) -> float:
        """Time until hunger reaches a level above 0."""
        if self.hunger_ml >= level_ml:
            return 0.0
        if need_per_min <= 0.0:
            return inf
        if self.hunger_ml >= 0.0:
            return (level_ml - self.hunger_ml) / need_per_min
        return self._to_zero_min(need_per_min) + level_ml / need_per_min

    def _night(self, time_min: float) -> tuple[float, float]:
        """Factor on its threshold now, and until when it holds."""
        # A multiple of days, the same at every time of a day: a remainder would differ in its last bit, and a night
        # could end within itself.
        midnight = DAY_MIN * floor((time_min + self._birth_clock_min) / DAY_MIN) - self._birth_clock_min
        physiology = self._physiology
        over = midnight + 60.0 * physiology.night_until_h
        if time_min < over and time_min >= physiology.night_from_day * DAY_MIN:
            return physiology.night_threshold, over
        return 1.0, midnight + DAY_MIN

    def _draw_mood(self) -> Mood:
        """All chance of a meal, addressed by the hour in which it begins: always in one order."""
        physiology = self._physiology
        rng = self._streams.at(f"meals of infant {self.number}", *self._address)
        patient, playful = physiology.patience_shape, physiology.nonnutritive_shape
        normal, uniform = rng.standard_normal(2), rng.random(3)
        gamma = rng.standard_gamma((patient, patient, playful, playful))
        patience = [physiology.patience_min / patient * float(draw) for draw in gamma[:2]]
        comfort = [physiology.nonnutritive_min / playful * float(draw) for draw in gamma[2:]]
        return Mood(
            threshold=physiology.meal_threshold * exp(physiology.meal_threshold_sd * float(normal[0])),
            appetite=exp(physiology.appetite_sd * float(normal[1])),
            patience_min=tuple(min(limit, physiology.longest_min) for limit in patience),
            comfort_min=tuple(comfort),
            prefers=bool(uniform[0] < self.traits.preference),
            second_breast=bool(uniform[1] < physiology.second_breast_chance),
            sleep=rng,
        )

    # -- feeding ----------------------------------------------------------------------------------------

    def begin_meal(self, now: float, fullness: float) -> None:
        """It is put to a breast, or gets a bottle."""
        self.bring_up(now)
        hour, number = int(now // 60.0), 0
        if self._address[0] == hour:
            number = self._address[1] + 1
        self._address = (hour, number)
        self._mood = self._draw_mood()
        physiology = self._physiology
        size = self._stomach_size(self._now_min / DAY_MIN)
        wanted = max(physiology.appetite_per_hunger * self.hunger_ml, physiology.least_appetite * size)
        fuller = min(1.0, fullness) - physiology.usual_fullness
        wanted *= self._mood.appetite * max(0.0, 1.0 + physiology.flow_incentive * fuller)
        self._appetite_ml = self._wants_ml = max(0.0, min(wanted, size - self.stomach_ml))

    def end_meal(self, now: float) -> None:
        """It is satisfied, asleep, or gives up."""
        self.bring_up(now)
        size = self._stomach_size(self._now_min / DAY_MIN)
        self.hunger_ml = min(self.hunger_ml, self._physiology.remembered_deficit * size)
        self._fed_min = now
        self._threshold = self._mood.threshold

    @property
    def fed_min(self) -> float:
        """End of its last meal [min since birth]; minus infinity for none in this run."""
        return self._fed_min

    def wants_ml(self) -> float:
        """What its appetite has left."""
        return self._wants_ml

    def wants_second_breast(self) -> bool:
        """Whether it takes the other breast too, after the first."""
        taken_ml = self._appetite_ml - self._wants_ml
        return taken_ml < self._physiology.second_breast_below * self._appetite_ml and self._mood.second_breast

    def patience_min(self, breast: int) -> float:
        """Longest time it stays at the first (0) or second (1) breast of this meal."""
        return self._mood.patience_min[breast]

    def comfort_min(self, breast: int) -> float:
        """How long it sucks at that breast after the milk."""
        return self._mood.comfort_min[breast]

    def dozes(self) -> Iterator[bool]:
        """Whether it falls asleep, after each let-down."""
        rng, chance = self._mood.sleep, self._physiology.doze_chance
        while True:
            yield bool(rng.random() < chance)

    def first_side(self) -> str:
        """Breast it begins with, when it follows its preference."""
        preferred = self.traits.preferred_side
        other = "right" if preferred == "left" else "left"
        return preferred if self._mood.prefers else other

    @property
    def suction_ml_per_min(self) -> float:
        """Largest flow it draws."""
        physiology = self._physiology
        lacking = exp(-self._now_min / DAY_MIN / physiology.suction_days)
        return max(0.0, physiology.suction_ml_per_min - physiology.newborn_suction_deficit_ml_per_min * lacking)

    def take(self, milk: Milk) -> None:
        """Swallow milk from a breast."""
        self._swallow(milk.volume_ml, milk.energy_kcal())

    def take_formula(self, volume_ml: float) -> None:
        """Swallow formula from a bottle."""
        half_time_min = self._physiology.formula_emptying_half_time_min
        self._swallow(volume_ml, volume_ml * self._growth.formula_kcal_per_ml, half_time_min)

    def take_expressed(self, volume_ml: float, expressed: Milk) -> None:
        """Swallow its mother's milk from a bottle: such as all that she has expressed so far, or usual milk."""
        usual = self._growth.own_milk_kcal_per_ml
        per_ml = expressed.energy_kcal() / expressed.volume_ml if expressed.volume_ml > 0.0 else usual
        self._swallow(volume_ml, volume_ml * per_ml)

    def _swallow(self, volume_ml: float, kcal: float, half_time_min: float | None = None) -> None:
        half_time_min = half_time_min or self._physiology.emptying_half_time_min
        filled_ml = self.stomach_ml + volume_ml
        if filled_ml > 0.0:  # what is mixed empties as the mixture
            self._half_time_min += (half_time_min - self._half_time_min) * volume_ml / filled_ml
        self._wants_ml -= volume_ml
        self.hunger_ml -= volume_ml
        self.stomach_ml += volume_ml
        self.intake_ml += volume_ml
        self._eat_energy(kcal)

    def samples(self, time_min: float) -> Iterator[InfantSample]:
        """State at one instant; nothing before birth."""
        if time_min >= 0.0:
            self.bring_up(time_min)
            yield InfantSample(time_min, self.number, self.weight_kg, self.stomach_ml, self.intake_ml)
