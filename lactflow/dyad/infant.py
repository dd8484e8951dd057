"""
An infant: hunger, meals, satiety; its body is in `dyad.body`.

Hunger is a deficit of milk that grows with need and falls with what is taken. It starts a feed; satiety, an empty
breast, sleep or time ends it. What it takes in a day is a result.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, inf, log2
from typing import NamedTuple

import numpy as np

from lactflow.chance import Streams
from lactflow.dyad.body import Body
from lactflow.dyad.hunger import Nights, hunger_after, reaches_min
from lactflow.dyad.infant_drugs import DrugsInInfant
from lactflow.endocrine.signal import Signal
from lactflow.gland.analytes import Milk
from lactflow.parameters.dyad import InfantTraits
from lactflow.parameters.growth import InfantGrowth
from lactflow.parameters.infant import InfantPhysiology
from lactflow.records import InfantSample, Recorder
from lactflow.units import DAY_MIN, HOUR_MIN

_AHEAD_MIN = 360.0
"""A newborn that needs nothing yet is asked how much it will need after this time."""

_FAR_MIN = 3.0 * DAY_MIN
"""Nights farther away than this are left out when the next call is foreseen: it is foreseen anew before."""


def learned_threshold(threshold: float, given: float, usual: float, power: float) -> float:
    """
    Hunger at which an infant asks that has learned how much a feed gives.

    Equation
    --------
    learned_threshold = threshold * (given / usual)**power

    Parameters
    ----------
    threshold
        Of an infant that has learned nothing.
    given
        What its last feeds gave, on average, in stomachs.
    usual
        What feeds of the usual breast give, in stomachs.
    power
        How closely it follows: 0 for not at all.

    References
    ----------
    The form is ours: infants of mothers with small storage capacity feed more often (Kent 2007).
    """
    return float(threshold * (given / usual) ** power)


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
    nothing
        An empty vessel for milk of the run; for the analytes that every run has when left out.
    drugs
        What it has in its blood of drugs; None where the run has none.
    mood
        What chance has in store for it; drawn when left out.

    Attributes
    ----------
    drugs
        That, brought up with the body.
    body
        Weight, stomach, need, and what it has swallowed.
    hunger_ml
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
        nothing: Milk | None = None,
        drugs: DrugsInInfant | None = None,
        mood: Mood | None = None,
    ) -> None:
        self.number = number
        self.drugs = drugs
        self.traits = traits
        self.body = Body(
            traits, growth, physiology, demand=demand, time_min=time_min, nothing=Milk() if nothing is None else nothing
        )
        self._growth = growth
        self._physiology = physiology
        self._streams, self._demand, self._birth_clock_min = streams, demand, birth_clock_min
        self._nights = Nights(physiology, self.body.born_min, birth_clock_min)
        self.efficiency = traits.latch
        self.side_change_min = physiology.side_change_min
        self.empty_below_ml = physiology.empty_below_ml
        self.intake_ml = 0.0
        self.hunger_ml = 0.5 * self.body.stomach_size() * physiology.meal_threshold
        self._fed_min = -inf
        self._wants_ml = 0.0
        self._appetite_ml = 0.0
        self._given = physiology.usual_meal
        self._by_bottle = False
        self._address = (int(self.body.now_min // 60.0), 0)
        self._mood = self._draw_mood() if mood is None else mood
        self._threshold = self._learned(self._mood.threshold)

    @property
    def weight_kg(self) -> float:
        """Body weight, as of the last time it was brought up."""
        return self.body.weight_kg

    @property
    def stomach_ml(self) -> float:
        """Milk in the stomach, likewise."""
        return self.body.stomach_ml

    def need_ml_per_day(self) -> float:
        """Need of milk, likewise."""
        return self.body.need_ml_per_day()

    def bring_up(self, time_min: float) -> None:
        """Bring hunger, stomach and weight up to the clock."""
        body = self.body
        elapsed_min = time_min - body.now_min
        if elapsed_min <= 0.0:
            return
        most_ml = self._physiology.largest_deficit * body.stomach_size()
        need_per_min = body.need_ml_per_day() / DAY_MIN
        self.hunger_ml = min(self._hunger_at(time_min, need_per_min), max(self.hunger_ml, most_ml))
        body.bring_up(time_min)
        if self.drugs is not None:
            self.drugs.bring_up(time_min, body.weight_kg)

    def _hunger_at(self, time_min: float, need_per_min: float) -> float:
        """Hunger [mL] at a later time, if it takes nothing."""
        hunger_ml, at, memory_min = self.hunger_ml, self.body.now_min, self._memory_min
        while at < time_min:
            stretch = self._nights.at(at)
            until = min(time_min, stretch.until_min)
            hunger_ml = hunger_after(hunger_ml, until - at, stretch.growth * need_per_min, memory_min)
            at = until
        return hunger_ml

    @property
    def _memory_min(self) -> float:
        """Time constant with which it forgets a surplus."""
        return self._physiology.satiety_memory_h * HOUR_MIN

    # -- hunger -----------------------------------------------------------------------------------------

    def hungry_at(self, now: float) -> float:
        """When it will ask for milk, if nothing happens and its need stays as it is."""
        self.bring_up(now)
        physiology = self._physiology
        now = max(now, self.body.now_min)
        size = self.body.stomach_size()
        # A newborn may not need anything yet, and yet it will.
        need_per_min = (self.body.need_ml_per_day() or self.body.need_ml_per_day(_AHEAD_MIN)) / DAY_MIN
        sleepy = exp(-self.body.age_days / physiology.newborn_sleep_days)
        tired_min = physiology.poor_latch_rest_min * (1.0 - self.traits.latch)
        rest_min = physiology.shortest_interval_min + physiology.newborn_sleep_min * sleepy + tired_min
        earliest = max(now, self._fed_min + rest_min)
        full = physiology.settled_stomach * size
        if self.stomach_ml > full > 0.0:
            earliest = max(earliest, now + self.body.half_time_min * log2(self.stomach_ml / full))
        return self._asks_at(now, earliest, self._threshold * size, need_per_min)

    def _asks_at(self, now: float, earliest: float, level_ml: float, need_per_min: float) -> float:
        """When its hunger reaches a level, which is higher at night, but not before the earliest time."""
        hunger_ml, at, memory_min = self.hunger_ml, now, self._memory_min
        while at < now + _FAR_MIN:
            growth, threshold, until = self._nights.at(at)
            reached = at + reaches_min(hunger_ml, threshold * level_ml, growth * need_per_min, memory_min)
            if max(earliest, reached) < until:
                return max(earliest, reached)
            hunger_ml = hunger_after(hunger_ml, until - at, growth * need_per_min, memory_min)
            at = until
        return max(earliest, at + reaches_min(hunger_ml, level_ml, need_per_min, memory_min))

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

    def to_look_at(self) -> Infant:
        """A copy of it: what is worked out on the copy changes nothing in the run."""
        other = Infant(
            self.number,
            self.traits,
            self._growth,
            self._physiology,
            demand=self._demand,
            streams=self._streams,
            time_min=self.body.now_min,
            birth_clock_min=self._birth_clock_min,
            nothing=self.body.swallowed,
            mood=self._mood,
        )
        other.body.become_like(self.body)
        other.intake_ml, other.hunger_ml, other._fed_min = self.intake_ml, self.hunger_ml, self._fed_min
        other._wants_ml, other._appetite_ml, other._given = self._wants_ml, self._appetite_ml, self._given
        other._by_bottle, other._address, other._threshold = self._by_bottle, self._address, self._threshold
        return other

    # -- feeding ----------------------------------------------------------------------------------------

    def _learned(self, threshold: float) -> float:
        """A threshold, as what its last feeds gave has moved it."""
        physiology = self._physiology
        return learned_threshold(threshold, self._given, physiology.usual_meal, physiology.meal_learning)

    def begin_meal(self, now: float, fullness: float) -> None:
        """It is put to a breast, or gets a bottle."""
        self.bring_up(now)
        self._by_bottle = False
        hour, number = int(now // 60.0), 0
        if self._address[0] == hour:
            number = self._address[1] + 1
        self._address = (hour, number)
        self._mood = self._draw_mood()
        physiology = self._physiology
        size = self.body.stomach_size()
        wanted = max(physiology.appetite_per_hunger * self.hunger_ml, physiology.least_appetite * size)
        fuller = min(1.0, fullness) - physiology.usual_fullness
        wanted *= self._mood.appetite * max(0.0, 1.0 + physiology.flow_incentive * fuller)
        self._appetite_ml = self._wants_ml = max(0.0, min(wanted, size - self.stomach_ml))

    def end_meal(self, now: float) -> None:
        """It is satisfied, asleep, or gives up."""
        self.bring_up(now)
        size = self.body.stomach_size()
        self.hunger_ml = min(self.hunger_ml, self._physiology.remembered_deficit * size)
        self._fed_min = now
        if not self._by_bottle:
            given = (self._appetite_ml - self._wants_ml) / size
            self._given += (given - self._given) / self._physiology.meals_remembered
        self._threshold = self._learned(self._mood.threshold)

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
        physiology = self._physiology
        tired = physiology.poor_latch_doze_chance * (1.0 - self.traits.latch)
        rng, chance = self._mood.sleep, min(1.0, physiology.doze_chance + tired)
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
        lacking = exp(-self.body.age_days / physiology.suction_days)
        return max(0.0, physiology.suction_ml_per_min - physiology.newborn_suction_deficit_ml_per_min * lacking)

    def take(self, milk: Milk) -> None:
        """Swallow milk from a breast."""
        self._swallow(milk, self._growth.absorbed_energy * milk.energy_kcal())

    def take_formula(self, volume_ml: float) -> None:
        """Swallow formula from a bottle."""
        self._by_bottle = True
        half_time_min = self._physiology.formula_emptying_half_time_min
        kcal = self._growth.absorbed_energy * volume_ml * self._growth.formula_kcal_per_ml
        self._swallow(self._unknown(volume_ml), kcal, half_time_min)

    def take_own_milk(self, volume_ml: float, milk: Milk | None) -> None:
        """Swallow its mother's milk from a bottle; usual milk where None says that it is not known what it is like."""
        self._by_bottle = True
        if milk is None:
            self._swallow(self._unknown(volume_ml), volume_ml * self._growth.own_milk_kcal_per_ml)
        else:
            self.take(milk)

    def _unknown(self, volume_ml: float) -> Milk:
        """A volume of which is not known what is in it."""
        return Milk(volume_ml, [0.0] * len(self.body.swallowed.amounts))

    def _swallow(self, milk: Milk, kcal: float, half_time_min: float | None = None) -> None:
        self.body.swallow(milk, kcal, half_time_min or self._physiology.emptying_half_time_min)
        if self.drugs is not None:
            self.drugs.swallow(milk.amounts)
        self._wants_ml -= milk.volume_ml
        self.hunger_ml -= milk.volume_ml
        self.intake_ml += milk.volume_ml

    def report(self, time_min: float, recorder: Recorder) -> None:
        """Record its state at one instant; nothing before birth."""
        if time_min >= self.body.born_min:
            self.bring_up(time_min)
            body = self.body
            recorder.record(
                InfantSample(time_min, self.number, body.weight_kg, body.stomach_ml, self.intake_ml, body.solids_kcal)
            )
            if self.drugs is not None:
                self.drugs.report(time_min, self.number, body.weight_kg, recorder)
