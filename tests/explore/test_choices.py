"""Choices become keys of a config, and choosing what the config has changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lactflow.config.model import RunConfig
from lactflow.config.python import setting_texts
from lactflow.config.scenario import load_scenario
from lactflow.config.shipped import scenario_names
from lactflow.errors import ConfigError
from lactflow.explore.choices import (
    ALL_MISSED,
    AS_WRITTEN,
    BY_THE_CLOCK,
    COUNTED,
    KEPT,
    NIGHTS,
    ON_DEMAND,
    ON_DEMAND_AND_PUMP,
    ONE_MISSED,
    PER_DAY,
    PUMP,
    WHO,
    choices_of,
    days_of,
    missed_night,
    ranges_of,
    settings_of,
    times_of,
)


def config(**keys):
    """A config with these keys."""
    return RunConfig(format=1, **keys)


def test_nothing_chosen_is_nothing_changed():
    """Of the reference mother, and of one whose storage follows her gland."""
    for keys in ({}, {"mother": {"gland_size": 0.6}}, {"mother": {"gland_size": 0.6, "storage_size": 1.2}}):
        assert settings_of(config(**keys), choices_of(config(**keys))) == {}


@pytest.mark.parametrize(
    ("mother", "capacity_ml"),
    [({}, 205.0), ({"gland_size": 0.5}, 102.5), ({"gland_size": 0.5, "storage_size": 2.0}, 410.0)],
)
def test_capacity_is_what_a_breast_holds(mother, capacity_ml):
    """With the size of the gland in it, as a run has it."""
    assert choices_of(config(mother=mother)).capacity_ml == pytest.approx(capacity_ml)


def test_gland_and_storage_are_chosen_apart():
    """A smaller gland keeps its storage; else the one would move the other."""
    own = choices_of(config())
    assert settings_of(config(), replace(own, gland_size=0.5)) == {
        "mother.gland_size": 0.5,
        "gland.lumen.capacity_ml": 205.0,
        "mother.storage_size": 1.0,
    }
    assert "mother.gland_size" not in settings_of(config(), replace(own, capacity_ml=150.0))


def test_appetite_is_that_of_every_infant():
    """Twins have the same one."""
    twins = config(infants=({}, {}))
    chosen = replace(choices_of(twins), appetite=1.2)
    assert settings_of(twins, chosen) == {"infants.0.appetite": 1.2, "infants.1.appetite": 1.2}


def test_a_pump_alone_has_no_infant_and_a_feed_has_one():
    """Whatever the config has."""
    pumping, feeding = config(infants=()), config()
    assert settings_of(feeding, replace(choices_of(feeding), who=PUMP))["infants"] == []
    assert "infants" not in settings_of(pumping, replace(choices_of(pumping), who=PUMP))
    assert settings_of(pumping, replace(choices_of(pumping), who=ON_DEMAND))["infants"] == [{"appetite": 1.0}]
    assert settings_of(pumping, choices_of(pumping)) == {}


def test_sessions_are_spread_evenly_and_keep_their_times():
    """Eight a day are three hours apart; without those of the night, six are left where they were."""
    assert times_of(8)[:3] == ["01:30", "04:30", "07:30"]
    assert times_of(8, nights=False) == times_of(8)[2:]
    assert all(len(set(times_of(number))) == number for number in range(PER_DAY[0], PER_DAY[1] + 1))
    assert all(times_of(number, nights=False) for number in range(PER_DAY[0], PER_DAY[1] + 1))


@pytest.mark.parametrize(
    ("birth_clock_min", "entries"),
    [
        (0.0, [("00:00", "05:30", 36), ("23:00", None, 35)]),
        (360.0, [("00:00", "05:30", 35), ("23:00", None, 35)]),
        (180.0, [("00:00", "03:00", 35), ("03:00", "05:30", 36), ("23:00", None, 35)]),
        (1410.0, [("00:00", "05:30", 36), ("23:00", "23:30", 35), ("23:30", None, 36)]),
    ],
)
def test_one_night_is_one_night_whenever_days_begin(birth_clock_min, entries):
    """By hand: a day begins at the time of birth, and the night from 23:00 of day 35 on has 6.5 hours."""
    found = [(each["from"], each.get("to"), *each["days"]) for each in missed_night(35, birth_clock_min)]
    assert found == entries


def test_days_are_those_that_a_run_has():
    """The last one is whole, the first may be a part."""
    assert days_of(config(start_day=30.0), 7) == (30, 36)
    assert days_of(config(start_day=30.5), 7) == (30, 36)
    assert days_of(config(start_day=-1.0), 7) == (-1, 5)


def test_what_a_condition_sets_is_what_the_config_has():
    """And a control of the same quantity contradicts it, which is reported."""
    own = choices_of(load_scenario("hypoplasia").config)
    assert own.gland_size < 0.9
    settings = setting_texts(settings_of(load_scenario("hypoplasia").config, replace(own, gland_size=0.9)))
    with pytest.raises(ConfigError, match="allowed: the value or the condition"):
        load_scenario("hypoplasia", settings)


def test_a_child_that_is_not_born_is_not_fed_by_the_clock():
    """The elder one is."""
    later = load_scenario("pregnancy-in-lactation").config
    phases = settings_of(later, replace(choices_of(later), who=BY_THE_CLOCK))["schedule"]
    assert [phase["infant"] for phase in phases] == [0]


def test_ranges_hold_what_the_config_has():
    """Plausible ones, widened where the config goes beyond."""
    assert ranges_of(config())["capacity_ml"] == (74.0, 400.0)
    assert ranges_of(config(gland={"lumen": {"capacity_ml": 500.0}}))["capacity_ml"] == (74.0, 500.0)


@pytest.mark.parametrize("name", scenario_names())
def test_every_choice_of_every_shipped_scenario_is_a_config(name):
    """Whoever takes the milk, and whatever becomes of the nights, but for what the scenario itself forbids."""
    scenario = load_scenario(name)
    own = replace(choices_of(scenario.config), capacity_ml=190.0, appetite=1.1)
    for who in WHO.values():
        for nights in NIGHTS.values() if who != AS_WRITTEN else [KEPT]:
            chosen = replace(own, who=who, nights=nights)
            settings = setting_texts(settings_of(scenario.config, chosen) | {"days": chosen.days})
            if (name, who) == ("growth-spurt", PUMP):
                with pytest.raises(ConfigError, match="there is no infant 0"):
                    load_scenario(name, settings)
                continue
            found = load_scenario(name, settings)
            assert found.config.gland.lumen.capacity_ml == 190.0
            if who in COUNTED:
                phase = found.config.schedule[-1]
                assert len(phase.times) == (8 if nights != ALL_MISSED else 6)
                assert bool(phase.miss) == (nights == ONE_MISSED)
            if who in (ON_DEMAND, ON_DEMAND_AND_PUMP, BY_THE_CLOCK):
                assert {each.appetite for each in found.config.infants} == {1.1}
