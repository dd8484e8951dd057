"""What an infant needs and makes of it, by hand: need, size, and the balance of its energy."""

from __future__ import annotations

from math import exp, inf, sqrt

import pytest
from infants import infant, milk

from lactflow.dyad.bottles import Bottle, Bottles
from lactflow.endocrine.signal import LevelWindow, Steps
from lactflow.gland.analytes import FAT, Milk
from lactflow.parameters.growth import InfantGrowth
from lactflow.parameters.infant import InfantPhysiology
from lactflow.records import MemoryRecorder
from lactflow.units import DAY_MIN

# -- need and size ----------------------------------------------------------------------------------------


def test_need_at_given_ages():
    """By hand: per kg at that age, less what a newborn does not need yet, times its weight."""
    newborn = infant(0.0)
    assert newborn.weight_kg == 3.4
    assert newborn.need_ml_per_day() == pytest.approx(158.0 * 0.2 * 3.4, rel=1e-12)
    for day, per_kg in ((30.0, 158.0 - 9.3), (90.0, 158.0 - 27.9), (180.0, 158.0 - 55.8)):
        expected_kg = 3.4 + 5.2 * (1.0 - exp(-day / 112.0))
        weight_kg = expected_kg - 3.4 * 0.06 * (1.0 - exp(-day / 0.9))
        older = infant(day)
        assert older.weight_kg == pytest.approx(weight_kg, rel=1e-12)
        grown = 1.0 - 0.8 * exp(-day / 1.6)
        need = per_kg * grown * sqrt(weight_kg * expected_kg)
        assert older.need_ml_per_day() == pytest.approx(need, rel=1e-12)


@pytest.mark.parametrize(("day", "ml_per_kg"), [(30, 135.0), (90, 126.0), (180, 107.0), (360, 61.0)])
def test_need_is_near_the_published_intake(day, ml_per_kg):
    """Of infants at 1, 3, 6 and 12 months (Rios-Leyvraz 2023), within 15 % or 20 mL/kg."""
    some = infant(float(day), **InfantGrowth().model_dump(), **InfantPhysiology().model_dump())
    assert some.need_ml_per_day() / some.weight_kg == pytest.approx(ml_per_kg, rel=0.15, abs=20.0)


def test_traits_scale_need():
    """Appetite in proportion; a growth spurt while it lasts; birth weight with all that follows from it."""
    usual = infant(30.0).need_ml_per_day()
    assert infant(30.0, traits={"appetite": 1.5}).need_ml_per_day() == pytest.approx(1.5 * usual, rel=1e-12)
    heavy = infant(30.0, traits={"birth_weight_kg": 4.08})
    assert heavy.need_ml_per_day() == pytest.approx(1.2 * usual, rel=1e-12)
    spurt = infant(30.0, demand=Steps(1.0, [LevelWindow(30.0 * DAY_MIN, 33.0 * DAY_MIN, 1.35)]))
    assert spurt.need_ml_per_day() == pytest.approx(1.35 * usual, rel=1e-12)
    spurt.bring_up(33.0 * DAY_MIN)
    assert spurt.need_ml_per_day() < 1.05 * usual


def test_an_elder_child_is_as_old_as_since_its_own_birth():
    """Born 90 days before the birth that days are counted from, on day 31 it is a usual infant of 120 days."""
    elder, usual = infant(30.0, traits={"born_day": -89.0}), infant(120.0)
    assert elder.body.age_days == usual.body.age_days == 120.0
    assert elder.weight_kg == usual.weight_kg
    assert elder.need_ml_per_day() == usual.need_ml_per_day()
    assert elder.suction_ml_per_min == usual.suction_ml_per_min
    elder.bring_up(33.0 * DAY_MIN)
    usual.bring_up(123.0 * DAY_MIN)
    assert elder.weight_kg == pytest.approx(usual.weight_kg, rel=1e-12)


def test_an_elder_child_is_there_before_the_birth():
    """It is reported then, and not before its own birth; a newborn is not."""
    for born_day, reported in ((-89.0, 1), (1.0, 0), (-9.0, 0)):
        recorder = MemoryRecorder()
        infant(-20.0, traits={"born_day": born_day}).report(-20.0 * DAY_MIN, recorder)
        assert len(recorder.facts) == reported


def test_a_year_old_may_need_nothing_any_more():
    """Need falls to 0 and not below; it then asks no more."""
    old = infant(600.0)
    assert old.need_ml_per_day() == 0.0
    old.hunger_ml = -10.0
    assert old.hungry_at(600.0 * DAY_MIN) == inf
    assert old.hunger_ml == -10.0


def test_weight_falls_in_the_first_days_by_its_fluid():
    """6 % of the weight at birth in all, apart from what tissue does."""
    some = infant(0.0, expenditure_kcal_per_kg_day=10.0, tissue_kcal_per_g=12.0)
    some.bring_up(10.0 * DAY_MIN)
    burnt_kg = 10.0 * 0.55 * 3.4 * 10.0 / 12.0 / 1000.0  # spends at its rate of the first day, held over the step
    assert some.weight_kg == pytest.approx(3.4 * (1.0 - 0.06 * (1.0 - exp(-10.0 / 0.9))) - burnt_kg, rel=1e-9)


def test_an_unborn_infant_is_not_there_yet():
    """It begins at birth, whenever the run begins; nothing of it is sampled before."""
    unborn, recorder = infant(-20.0), MemoryRecorder()
    unborn.report(-10.0, recorder)
    assert recorder.facts == []
    unborn.bring_up(0.0)
    unborn.report(0.0, recorder)
    (sample,) = recorder.facts
    assert (sample.weight_kg, sample.stomach_ml, sample.intake_ml) == (3.4, 0.0, 0.0)


# -- energy -----------------------------------------------------------------------------------------------


def test_energy_of_a_day_balances():
    """Weight gained is what was eaten less what was spent, over the energy of tissue."""
    some = infant(60.0)
    before_kg = some.weight_kg
    for hour in range(0, 24, 3):
        some.begin_meal((60.0 + hour / 24.0) * DAY_MIN, 0.5)
        some.take(milk(100.0))
        some.end_meal((60.0 + hour / 24.0) * DAY_MIN + 10.0)
    some.bring_up(61.0 * DAY_MIN)
    eaten_kcal = 8 * (9.0 * 4.0 + 4.0 * 1.0 + 4.0 * 20.0 * 0.3423)
    spent_kcal = 62.0 * before_kg  # at its weight of the morning, which changes by less than 1 %
    gained_g = (eaten_kcal - spent_kcal) / 5.0
    assert some.intake_ml == pytest.approx(800.0, rel=1e-12)
    assert (some.weight_kg - before_kg) * 1000.0 == pytest.approx(gained_g, abs=0.01 * spent_kcal / 5.0)


def test_energy_of_a_fast_balances_exactly():
    """One step without milk: the loss by hand; a bottle gives it back."""
    some = infant(60.0)
    before_kg = some.weight_kg
    some.bring_up(61.0 * DAY_MIN)
    lost_g = 62.0 * (1.0 - 0.45 * exp(-60.0 / 4.0)) * before_kg / 5.0
    fluid_g = 3400.0 * 0.06 * (exp(-60.0 / 0.9) - exp(-61.0 / 0.9))
    assert (before_kg - some.weight_kg) * 1000.0 == pytest.approx(lost_g + fluid_g, rel=1e-9)
    some.take_formula(lost_g * 5.0 / 0.67)
    assert some.weight_kg == pytest.approx(before_kg, rel=1e-9)


def test_own_milk_in_a_bottle_feeds_as_what_was_expressed():
    """Usual milk as long as nothing was."""
    from_nothing, from_rich, bottles = infant(60.0), infant(60.0), Bottles(Milk())
    from_nothing.take_own_milk(100.0, bottles.take(100.0))
    bottles.store(Bottle(0.0, "left", milk(500.0)))
    from_rich.take_own_milk(100.0, bottles.take(100.0))
    per_ml = milk(500.0).energy_kcal() / 500.0
    gained_kg = (per_ml - 0.65) * 100.0 / 5.0 / 1000.0
    assert from_rich.weight_kg - from_nothing.weight_kg == pytest.approx(gained_kg, rel=1e-6)


def test_the_oldest_bottle_is_given_first():
    """30 of 40 mL of thin milk; then its last 10 and 20 of rich milk; then 30 rich ones, and 20 of the mean of all."""
    bottles, empty = Bottles(Milk()), milk(0.0)
    assert bottles.take(50.0) is None
    bottles.store(Bottle(0.0, "left", milk(40.0, fat_g_per_l=20.0)))
    bottles.store(Bottle(60.0, "right", empty))
    bottles.store(Bottle(120.0, "right", milk(50.0, fat_g_per_l=60.0)))
    mean_g = (40.0 * 0.02 + 50.0 * 0.06) / 90.0
    for volume_ml, fat_g, left in (
        (30.0, 30.0 * 0.02, [(0.0, 10.0), (120.0, 50.0)]),
        (30.0, 10.0 * 0.02 + 20.0 * 0.06, [(120.0, 30.0)]),
        (50.0, 30.0 * 0.06 + 20.0 * mean_g, []),
        (90.0, 90.0 * mean_g, []),
    ):
        taken = bottles.take(volume_ml)
        assert taken.volume_ml == pytest.approx(volume_ml, rel=1e-12)
        assert taken.amounts[FAT] == pytest.approx(fat_g, rel=1e-12)
        assert [(bottle.time_min, pytest.approx(bottle.milk.volume_ml, rel=1e-12)) for bottle in bottles.stored] == left
    assert bottles.expressed.volume_ml == pytest.approx(90.0, rel=1e-12)


def test_thin_milk_feeds_less():
    """The same volume with half the fat gives less weight: half of its fat energy."""
    rich, thin = infant(60.0), infant(60.0)
    for some, fat in ((rich, 40.0), (thin, 20.0)):
        some.begin_meal(60.0 * DAY_MIN, 0.5)
        some.take(milk(100.0, fat_g_per_l=fat))
    assert (rich.weight_kg - thin.weight_kg) * 1000.0 == pytest.approx(2.0 * 9.0 / 5.0, rel=1e-9)


def test_nobody_starves_below_a_third():
    """Weight has a floor, so that need stays a number."""
    some = infant(10.0)
    for day in range(11, 120):
        some.bring_up(day * DAY_MIN)
    assert some.weight_kg == pytest.approx(0.3 * 3.4, rel=1e-12)
    assert some.need_ml_per_day() > 0.0
