"""Levels of what is taken: steady states against long histories, metabolites, ethanol against small steps."""

from __future__ import annotations

from itertools import pairwise
from math import exp, inf, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.declared import Drug
from lactflow.pharmacology.derived import Body
from lactflow.pharmacology.regimen import (
    Before,
    DailyDose,
    Regimen,
    eliminated_mg_per_day,
    level_of,
    mean_before,
    metabolite_level,
)
from lactflow.pharmacology.zero_order import Drink, ZeroOrderLevel
from lactflow.units import DAY_MIN

MODEL, WOMAN = Pharmacology(), Body()
LONG_DAYS = 60


def drug(**keys):
    """A drug with a metabolite and all forms."""
    return Drug.model_validate(
        {
            "format": 1,
            "drug": "some",
            "kinetics": {"clearance_l_per_h": 8.0, "volume_l": 60.0, "absorption_per_h": 1.0, "lag_h": 0.5},
            "forms": {"fast": {}, "slow": {"release_h": 14.0}, "vein": {"route": "bolus"}},
            "metabolites": ({"drug": "made", "formed_share": 0.5, "clearance_l_per_h": 3.0, "volume_l": 30.0},),
            "sources": {"kinetics": {"cite": "abc"}},
            **keys,
        }
    )


def levels(some, regimens):
    """Of the drug and of its metabolite."""
    made = metabolite_level(some, some.metabolites[0], regimens, WOMAN, MODEL)
    return level_of(some, regimens, WOMAN, MODEL), made


@pytest.mark.parametrize("name", ["fast", "slow", "vein"])
@pytest.mark.parametrize("hours", [(8.0, 20.0), (23.5,)])
def test_what_was_taken_for_ever_is_what_a_long_history_leaves(name, hours):
    """Of the drug and its metabolite, whatever is on its way in when the doses begin to count."""
    some = drug()
    form, from_min = some.forms[name], LONG_DAYS * DAY_MIN
    offsets = [60.0 * hour for hour in hours]
    period = tuple(from_min + offset for offset in offsets)
    steady = Regimen(form, 500.0, period, Before(from_min, DAY_MIN, period))
    every = tuple(day * DAY_MIN + offset for day in range(LONG_DAYS + 1) for offset in offsets)
    long = Regimen(form, 500.0, every)
    for one, other in zip(levels(some, [steady]), levels(some, [long]), strict=True):
        for since_min in (0.0, 17.0, 481.0, 530.0, 700.0, 1199.0, 1439.0):
            assert isclose(one.level(from_min + since_min), other.level(from_min + since_min), rel_tol=1e-8)


def test_before_all_that_is_known_there_is_the_mean():
    """Bioavailability times dose over clearance and interval; of the metabolite what is made of that."""
    some = drug()
    from_min = LONG_DAYS * DAY_MIN
    regimen = Regimen(some.forms["fast"], 500.0, (), Before(from_min, DAY_MIN, (from_min + 480.0,)))
    level, made = levels(some, [regimen])
    assert isclose(level.level(0.0), 500.0 / (8.0 * 24.0))
    assert isclose(made.level(0.0), 0.5 * 500.0 / (3.0 * 24.0))
    assert isclose(mean_before(some, [regimen], 8.0 / 60.0), level.level(0.0))
    # The lag of the last dose before is over by then, so that nothing changes until that of the first one known is due.
    assert level.next_change(0.0) == from_min


def test_two_regimens_of_one_drug_add():
    """A loading dose and what follows it."""
    some = drug()
    load = Regimen(some.forms["vein"], 900.0, (100.0,))
    rest = Regimen(some.forms["fast"], 300.0, (400.0, 900.0))
    both, one, other = (level_of(some, some_of, WOMAN, MODEL) for some_of in ([load, rest], [load], [rest]))
    for time_min in (50.0, 100.0, 431.0, 1300.0):
        assert isclose(both.level(time_min), one.level(time_min) + other.level(time_min), rel_tol=1e-12)


def test_a_metabolite_is_eliminated_as_much_as_is_made_of_it():
    """Area under its curve times its clearance is the share of the dose, times the ratio of molar masses."""
    some = drug(
        metabolites=(
            {"drug": "made", "formed_share": 0.5, "molar_ratio": 0.9, "clearance_l_per_h": 3.0, "volume_l": 30.0},
        )
    )
    _, made = levels(some, [Regimen(some.forms["vein"], 100.0, (0.0,))])
    step_min, whole = 2.0, 0.0
    for number in range(12_000):
        whole += made.level((number + 0.5) * step_min) * step_min
    assert isclose(whole * 3.0 / 60.0, 45.0, rel_tol=1e-4)


def small_steps(drinks, falls, absorption, end_min, step_min=0.005):
    """Ethanol by small steps of time: what comes, and what goes while there is any."""
    level, waiting, time_min, found = 0.0, 0.0, 0.0, {}
    pending = sorted(drinks)
    while time_min < end_min:
        while pending and pending[0].time_min <= time_min:
            waiting += pending.pop(0).level_mg_per_l
        comes = waiting * -(exp(-absorption * step_min) - 1.0)
        waiting -= comes
        level = max(0.0, level + comes - falls * step_min)
        time_min += step_min
        found[round(time_min, 3)] = level
    return found


@pytest.mark.parametrize("drinks", [[Drink(0.0, 300.0)], [Drink(10.0, 200.0), Drink(40.0, 300.0), Drink(400.0, 40.0)]])
@pytest.mark.parametrize("absorption", [0.02, 0.08])
def test_ethanol_against_small_steps(drinks, absorption):
    """One drink and several, slow absorption and fast; where it is gone and comes again."""
    falls = 2.5
    level = ZeroOrderLevel(drinks, falls, absorption)
    stepped = small_steps(drinks, falls, absorption, 600.0)
    for time_min in range(5, 600, 7):
        assert level.level(float(time_min)) == pytest.approx(stepped[float(time_min)], abs=0.05)


@given(
    st.lists(st.tuples(st.floats(0.0, 600.0), st.floats(1.0, 900.0)), min_size=1, max_size=6),
    st.floats(0.5, 5.0),
    st.one_of(st.none(), st.floats(0.005, 0.2)),
)
def test_ethanol_is_a_signal(given_drinks, falls, absorption):
    """Never below zero; the same in whatever order drinks are declared; its exponentials are its level."""
    drinks = [Drink(*each) for each in given_drinks]
    level, turned = ZeroOrderLevel(drinks, falls, absorption), ZeroOrderLevel(drinks[::-1], falls, absorption)
    change, changes = -1.0, []
    while (change := level.next_change(change)) < inf:
        changes.append(change)
    assert changes == sorted(set(changes))
    for time_min in [each[0] for each in given_drinks] + changes + [300.0, 1000.0]:
        assert 0.0 <= level.level(time_min) == turned.level(time_min)
        parts = level.components(time_min)
        assert sum(each.amplitude_mg_per_l for each in parts) == pytest.approx(level.level(time_min), abs=1e-5)
    for one, other in pairwise(changes):
        middle = 0.5 * (one + other)
        ahead = sum(
            each.amplitude_mg_per_l * exp(-each.rate_per_min * (middle - one)) for each in level.components(one)
        )
        assert ahead == pytest.approx(level.level(middle), rel=1e-3, abs=0.01 + falls * 5e-7 * (middle - one) ** 2)
    assert level.level(1e6) == 0.0


def test_ethanol_is_gone_when_its_root_says_so():
    """All at once: level over the fall; that is the next change."""
    level = ZeroOrderLevel([Drink(60.0, 500.0)], 2.5, None)
    assert level.next_change(60.0) == pytest.approx(260.0)
    assert level.level(259.0) == pytest.approx(2.5)
    assert level.level(260.1) == 0.0
    assert level.next_change(261.0) == inf
    assert ZeroOrderLevel([], 2.5, None).constant


def test_three_drinks_of_a_small_woman():
    """40.8 kg, 165 cm: 36 g in her water; hours to zero, by hand."""
    ethanol = Drug.model_validate(
        {
            "format": 1,
            "drug": "ethanol",
            "kinetics": {"elimination_g_per_l_h": 0.15},
            "sources": {"kinetics": {"cite": "abc"}},
        }
    )
    small = Body(weight_kg=40.8, height_cm=165.0)
    level = level_of(ethanol, [Regimen(ethanol.forms["immediate"], 36_000.0, (0.0,))], small, MODEL)
    water_l = -2.097 + 0.1069 * 165.0 + 0.2466 * 40.8
    assert level.level(0.0) == pytest.approx(36_000.0 * 0.8 / water_l)
    assert level.next_change(0.0) / 60.0 == pytest.approx(36.0 * 0.8 / water_l / 0.15)
    assert eliminated_mg_per_day(ethanol, small, MODEL) == pytest.approx(0.15 * 24 * water_l / 0.8 * 1000)


def test_ethanol_for_ever_is_what_days_of_it_leave():
    """A drinker of much is not sober before the next day's drinks."""
    ethanol = Drug.model_validate(
        {
            "format": 1,
            "drug": "ethanol",
            "kinetics": {"elimination_g_per_l_h": 0.15, "absorption_per_h": 2.0},
            "sources": {"kinetics": {"cite": "abc"}},
        }
    )
    form, from_min = ethanol.forms["immediate"], 20 * DAY_MIN
    period = (from_min + 1200.0, from_min + 1380.0)
    for_ever = Regimen(form, 50_000.0, period, Before(from_min, DAY_MIN, period))
    days = tuple(day * DAY_MIN + at for day in range(21) for at in (1200.0, 1380.0))
    one = level_of(ethanol, [for_ever], WOMAN, MODEL)
    other = level_of(ethanol, [Regimen(form, 50_000.0, days)], WOMAN, MODEL)
    for since_min in (0.0, 100.0, 400.0, 1250.0):
        assert one.level(from_min + since_min) == pytest.approx(other.level(from_min + since_min), rel=1e-9)
    assert one.level(from_min) > 100.0


def test_a_daily_dose_is_a_level_in_steps():
    """As it was before, and from each step on."""
    level = DailyDose([(100.0, 30.0), (300.0, 30.0), (500.0, 0.0)], usual=10.0)
    assert [level.level(time_min) for time_min in (0.0, 99.0, 100.0, 400.0, 500.0)] == [10.0, 10.0, 30.0, 30.0, 0.0]
    assert [level.next_change(time_min) for time_min in (0.0, 100.0, 500.0)] == [100.0, 500.0, inf]
    assert not level.constant
    assert DailyDose([(5.0, 10.0)], usual=10.0).constant
