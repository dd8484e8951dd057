"""How an infant feeds: hunger, calls, meals, and any course of them."""

from __future__ import annotations

from math import exp, inf, isnan, log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from infants import SHARED, STEADY, infant, milk, stomach_size

from lactflow.units import DAY_MIN

# -- hunger -----------------------------------------------------------------------------------------------


def test_hunger_grows_with_need_and_ends():
    """In proportion to time at first; at three stomachs it grows no more."""
    some = infant(60.0, **STEADY)
    start_ml, per_day = some.hunger_ml, some.need_ml_per_day()
    some.bring_up(60.125 * DAY_MIN)
    assert some.hunger_ml == pytest.approx(start_ml + per_day / 8.0, rel=1e-12)
    for day in range(61, 65):
        before_ml, most_ml = some.hunger_ml, 3.0 * stomach_size(some)
        some.bring_up(float(day) * DAY_MIN)
        assert some.hunger_ml == pytest.approx(max(before_ml, most_ml) if day > 61 else most_ml, rel=1e-12)


def test_a_surplus_is_forgotten_and_used_up():
    """Below 0 hunger relaxes as well as it grows: exact for any step, and it is not negative for ever."""
    whole, halves = infant(60.0), infant(60.0)
    need_per_min = whole.need_ml_per_day() / DAY_MIN
    for some in (whole, halves):
        some.hunger_ml = -50.0
    memory_min, settled = 720.0, need_per_min * 720.0
    to_zero_min = memory_min * log((settled + 50.0) / settled)
    assert to_zero_min < 50.0 / need_per_min
    whole.bring_up(60.0 * DAY_MIN + 0.5 * to_zero_min)
    assert whole.hunger_ml == pytest.approx(settled - (settled + 50.0) * exp(-0.5 * to_zero_min / memory_min), rel=1e-9)
    halves.bring_up(60.0 * DAY_MIN + to_zero_min + 30.0)
    assert halves.hunger_ml == pytest.approx(30.0 * need_per_min, rel=1e-6)


def test_it_asks_when_its_hunger_reaches_the_threshold():
    """By hand, without chance: threshold in stomachs, less the hunger it has, over need."""
    some = infant(60.0, **STEADY)
    now_min = 60.0 * DAY_MIN + 720.0
    some.bring_up(now_min)
    some.hunger_ml = 0.0
    wait_min = 0.48 * stomach_size(some) / (some.need_ml_per_day() / DAY_MIN)
    assert some.hungry_at(now_min) == pytest.approx(now_min + wait_min, rel=1e-12)
    some.hunger_ml = 1000.0
    assert some.hungry_at(now_min) == now_min


@given(
    night_until_h=st.one_of(st.floats(0.0, 24.0), st.just(1e-300)), day=st.integers(21, 400),
    birth_clock_min=st.integers(0, 1439), elapsed_min=st.floats(0.0, 1440.0),
)  # fmt: skip
def test_every_night_ends(night_until_h, day, birth_clock_min, elapsed_min):
    """Whatever its length in bits, an infant wakes, and asks within two days."""
    some = infant(float(day), night_until_h=night_until_h, birth_clock_min=float(birth_clock_min), meal_threshold=1.0)
    now_min = day * DAY_MIN + elapsed_min
    assert now_min <= some.hungry_at(now_min) < now_min + 2.0 * DAY_MIN


def test_it_sleeps_longer_at_night():
    """From midnight to five the threshold is higher, by the clock, from day 20 on."""
    for birth_clock_min in (0.0, 600.0):
        midnight_min = 60.0 * DAY_MIN - birth_clock_min
        some = infant(59.0, birth_clock_min=birth_clock_min, **STEADY)
        some.bring_up(midnight_min + 1.0)
        level_ml = 0.48 * stomach_size(some)
        some.hunger_ml = 1.1 * level_ml
        wait_min = 0.25 * level_ml / (some.need_ml_per_day() / DAY_MIN)
        assert some.hungry_at(midnight_min + 1.0) == pytest.approx(midnight_min + 1.0 + wait_min, rel=1e-9)
        some.hunger_ml = 1.1 * level_ml - some.need_ml_per_day() * 299.0 / DAY_MIN
        assert some.hungry_at(midnight_min + 1.0) == pytest.approx(midnight_min + 300.0, rel=1e-12)
    young = infant(10.0, **STEADY)
    young.hunger_ml = 1.1 * 0.48 * stomach_size(young)
    assert young.hungry_at(10.0 * DAY_MIN) == 10.0 * DAY_MIN


def test_nights_come_by_and_by():
    """By hand, five days after they begin to differ and with a time constant of ten: 0.35 thresholds times 1 - 1/√e."""
    some = infant(24.9, night_days=10.0, **STEADY)
    now_min = 25.0 * DAY_MIN - 60.0
    some.bring_up(now_min)
    level_ml, need_per_min = 0.48 * stomach_size(some), some.need_ml_per_day() / DAY_MIN
    some.hunger_ml = level_ml - 90.0 * need_per_min
    wait_min = 90.0 + 0.35 * (1.0 - exp(-0.5)) * level_ml / need_per_min
    assert 90.0 < wait_min < 360.0
    assert some.hungry_at(now_min) == pytest.approx(now_min + wait_min, rel=1e-9)


def test_it_does_not_ask_with_a_full_stomach_or_right_after_a_meal():
    """Not before its stomach has emptied to two fifths, nor before the shortest interval."""
    now_min = 60.0 * DAY_MIN + 720.0
    full = infant(60.0, **STEADY)
    full.bring_up(now_min)
    full.hunger_ml, full.body.stomach_ml = 1000.0, 0.8 * stomach_size(full)
    assert full.hungry_at(now_min) == pytest.approx(now_min + 45.0, rel=1e-9)
    fed = infant(60.0, **STEADY)
    fed.begin_meal(now_min, 0.5)
    fed.end_meal(now_min + 10.0)
    fed.hunger_ml = 1000.0
    assert fed.hungry_at(now_min + 10.0) == pytest.approx(now_min + 10.0 + 70.0, rel=1e-9)


LEARNS = {"meal_learning": 0.5, "meals_remembered": 4.0, "usual_meal": 0.5}


def test_it_learns_what_feeds_give():
    """By hand: an average over four feeds, and the root of it on the threshold. Little at once is asked for sooner."""
    some, given, now_min = infant(60.0, **STEADY, **LEARNS), 0.5, 60.0 * DAY_MIN + 300.0
    for share in (0.2, 0.1, 0.0):
        some.begin_meal(now_min, 0.4)
        taken_ml = share * stomach_size(some)
        some.take(milk(taken_ml))
        some.end_meal(now_min + 10.0)
        given += (taken_ml / stomach_size(some) - given) / 4.0
        some.hunger_ml, some.body.stomach_ml = 0.0, 0.0
        wait_min = 0.48 * sqrt(given / 0.5) * stomach_size(some) / (some.need_ml_per_day() / DAY_MIN)
        assert wait_min > 70.0
        assert some.hungry_at(now_min + 10.0) == pytest.approx(now_min + 10.0 + wait_min, rel=1e-9)
        now_min += 180.0
    assert given < 0.3


def test_bottles_teach_nothing():
    """Nor does anything, with a power of 0."""
    for physiology, bottle in ((LEARNS, True), ({**LEARNS, "meal_learning": 0.0}, False)):
        some = infant(60.0, **STEADY, **physiology)
        some.begin_meal(60.0 * DAY_MIN + 300.0, 0.0)
        if bottle:
            some.take_formula(10.0)
        some.end_meal(60.0 * DAY_MIN + 310.0)
        some.hunger_ml, some.body.stomach_ml = 0.0, 0.0
        wait_min = 0.48 * stomach_size(some) / (some.need_ml_per_day() / DAY_MIN)
        assert some.hungry_at(60.0 * DAY_MIN + 310.0) == pytest.approx(60.0 * DAY_MIN + 310.0 + wait_min, rel=1e-9)


def test_a_newborn_asks_on_its_first_day():
    """Whatever share of its need it does not have yet: a need that grows must not be taken for one that stays."""
    for deficit in (0.0, 0.6, 0.8, 0.95, 1.0):
        newborn = infant(0.0, **{**STEADY, "newborn_need_deficit": deficit})
        assert newborn.hungry_at(0.0) < DAY_MIN


FED_BY_SPOON = {"solids_share": 1.0, "solids_age_days": 0.0, "solids_days": 5.0, "solids_learning_days": 0.1}
"""Of a need of milk, exp(-20) is left after 100 days, and nothing after 600."""


@pytest.mark.timeout(60)
def test_an_infant_that_needs_next_to_nothing_is_answered_at_once():
    """Its next call lies thousands of years ahead: nobody counts the nights until then."""
    some = infant(100.0, **FED_BY_SPOON, traits={"solids_from_day": 1.0}, **STEADY)
    assert 0.0 < some.need_ml_per_day() < 1e-5
    some.hunger_ml = 0.0
    assert some.hungry_at(100.0 * DAY_MIN) > 1e6 * DAY_MIN


def test_who_needs_no_milk_asks_for_none():
    """Of a child that eats all its need as other food."""
    some = infant(600.0, **FED_BY_SPOON, traits={"solids_from_day": 1.0})
    assert some.need_ml_per_day() == 0.0
    some.hunger_ml = -10.0
    assert some.hungry_at(600.0 * DAY_MIN) == inf
    assert some.hunger_ml == -10.0


# -- meals ------------------------------------------------------------------------------------------------


def test_it_wants_what_it_is_hungry_for_and_has_room_for():
    """1.15 times its hunger, at least 0.15 stomachs, more at a full breast, never more than there is room for."""
    now_min = 60.0 * DAY_MIN
    some = infant(60.0, **STEADY)
    size = stomach_size(some)
    for hunger_ml, fullness, wanted_ml in (
        (40.0, 0.4, 1.15 * 40.0), (40.0, 1.3, 1.15 * 40.0 * 1.27), (-30.0, 0.4, 0.15 * size), (1000.0, 0.4, size)
    ):  # fmt: skip
        some.hunger_ml, some.body.stomach_ml = hunger_ml, 0.0
        some.begin_meal(now_min, fullness)
        assert some.wants_ml() == pytest.approx(wanted_ml, rel=1e-9)
    some.body.stomach_ml = 0.9 * size
    some.begin_meal(now_min, 0.4)
    assert some.wants_ml() == pytest.approx(0.1 * size, rel=1e-9)


def test_what_it_drinks_counts_everywhere():
    """Appetite, hunger and room shrink by it; stomach and intake grow."""
    some = infant(60.0, **STEADY)
    some.begin_meal(60.0 * DAY_MIN, 0.4)
    wanted_ml, hunger_ml = some.wants_ml(), some.hunger_ml
    some.take(milk(20.0))
    assert some.wants_ml() == pytest.approx(wanted_ml - 20.0, rel=1e-12)
    assert some.hunger_ml == pytest.approx(hunger_ml - 20.0, rel=1e-12)
    assert (some.stomach_ml, some.intake_ml) == (20.0, 20.0)
    some.bring_up(60.0 * DAY_MIN + 45.0)
    assert some.stomach_ml == pytest.approx(10.0, rel=1e-12)


def test_formula_stays_longer_in_the_stomach():
    """With its own half-time; a mixture in between, by volume."""
    halves = {"own": 45.0, "formula": 65.0, "mixed": 50.0}
    for what, half_time_min in halves.items():
        some = infant(60.0)
        if what != "formula":
            some.take(milk(90.0 if what == "mixed" else 60.0))
        if what != "own":
            some.take_formula(30.0 if what == "mixed" else 60.0)
        full_ml = some.stomach_ml
        some.bring_up(60.0 * DAY_MIN + half_time_min)
        assert some.stomach_ml == pytest.approx(0.5 * full_ml, rel=1e-9), what


def test_it_gives_up_the_rest_of_its_hunger():
    """After a meal at an empty breast it is no hungrier than 0.3 stomachs."""
    some = infant(60.0, **STEADY)
    some.hunger_ml = 500.0
    some.begin_meal(60.0 * DAY_MIN, 0.1)
    some.end_meal(60.0 * DAY_MIN + 20.0)
    assert some.hunger_ml == pytest.approx(0.3 * stomach_size(some), rel=1e-9)


def test_it_follows_its_preference_as_often_as_told():
    """Of many meals, within four standard errors; another side is the other one."""
    some = infant(60.0, traits={"preferred_side": "right", "preference": 0.72})
    sides = []
    for number in range(600):
        some.begin_meal(60.0 * DAY_MIN + 61.0 * number, 0.4)
        sides.append(some.first_side())
    assert set(sides) == {"left", "right"}
    assert sides.count("right") / 600.0 == pytest.approx(0.72, abs=4.0 * sqrt(0.72 * 0.28 / 600.0))


def test_chance_of_a_meal_is_that_of_its_hour():
    """Not of the meals before; the first in an hour differs from the second, and from that of another infant."""
    one, other, twin = infant(60.0), infant(60.0), infant(60.0, number=1)
    one.begin_meal(60.5 * DAY_MIN, 0.4)
    for some in (one, other, twin):
        some.begin_meal(61.0 * DAY_MIN, 0.4)
    assert one._mood.patience_min == other._mood.patience_min
    assert other._mood.patience_min != twin._mood.patience_min
    first = other._mood.patience_min
    other.begin_meal(61.0 * DAY_MIN + 30.0, 0.4)
    assert other._mood.patience_min != first


def test_it_dozes_as_often_as_told():
    """After each let-down, within four standard errors."""
    some = infant(60.0, doze_chance=0.3)
    dozes = some.dozes()
    asleep = sum(next(dozes) for _ in range(2000)) / 2000.0
    assert asleep == pytest.approx(0.3, abs=4.0 * sqrt(0.3 * 0.7 / 2000.0))


def test_suction_grows():
    """From 23 to 32 mL/min, and is never negative."""
    assert infant(0.0).suction_ml_per_min == 23.0
    assert infant(25.0).suction_ml_per_min == pytest.approx(32.0 - 9.0 / 2.718281828, rel=1e-6)
    assert infant(0.0, suction_ml_per_min=5.0).suction_ml_per_min == 0.0


# -- any course of meals ----------------------------------------------------------------------------------

STEP = st.tuples(
    st.floats(0.0, 2000.0),
    st.sampled_from(["wait", "breast", "bottle", "ask"]),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.5),
)
PHYSIOLOGY = st.fixed_dictionaries(
    {},
    optional={
        name: st.floats(*field.json_schema_extra["quantity"].within)
        for kind in SHARED
        for name, field in kind.model_fields.items()
    },
)
TRAITS = st.fixed_dictionaries({"birth_weight_kg": st.floats(0.4, 7.0), "appetite": st.floats(0.1, 4.0)})


LEAST_KCAL_PER_KG = 1000.0
"""Of new tissue, at any age."""


@settings(max_examples=150)
@given(day=st.floats(0.0, 400.0), steps=st.lists(STEP, max_size=12), physiology=PHYSIOLOGY, traits=TRAITS)
def test_any_infant_in_any_course_of_meals_is_alive_and_well(*, day, steps, physiology, traits):
    """Hunger is a number, the stomach holds what it can, weight is positive, and it asks now or later."""
    some = infant(day, traits=traits, **physiology)
    now_min, drunk_ml = day * DAY_MIN, 0.0
    for elapsed_min, what, share, fullness in steps:
        now_min += elapsed_min
        before_kg, eaten_kcal = some.weight_kg, some.body.solids_kcal
        some.bring_up(now_min)
        eaten_kcal = some.body.solids_kcal - eaten_kcal
        assert some.weight_kg <= before_kg + eaten_kcal / LEAST_KCAL_PER_KG + 1e-9  # it does not grow on air
        if what == "ask":
            hungry_min = some.hungry_at(now_min)
            assert hungry_min >= now_min
            assert not isnan(hungry_min)
        elif what != "wait":
            some.begin_meal(now_min, fullness)
            room_ml = max(0.0, stomach_size(some) - some.stomach_ml)
            wanted_ml = some.wants_ml()
            assert 0.0 <= wanted_ml <= room_ml + 1e-9
            take = some.take_formula if what == "bottle" else lambda volume_ml: some.take(milk(volume_ml))
            take(share * wanted_ml)
            drunk_ml += share * wanted_ml
            assert some.stomach_ml <= stomach_size(some) + 1e-6 or share * wanted_ml == 0.0
            some.end_meal(now_min)
        assert not isnan(some.hunger_ml)
        assert abs(some.hunger_ml) < inf
        assert some.stomach_ml >= 0.0
        assert some.weight_kg >= 0.3 * traits["birth_weight_kg"] > 0.0
        assert some.intake_ml == pytest.approx(drunk_ml, rel=1e-9)
        assert 0.0 <= some.need_ml_per_day() < inf
