"""Pregnancies, births and infants in a config: what is allowed together, and the line that says what is not."""

from __future__ import annotations

import pytest

from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError

NEVER = ["mother.pregnant=false", "start_day=1"]
PREGNANCY = "interventions=[{kind: pregnancy, start_day: 300}]"


@pytest.mark.parametrize(
    ("settings", "key", "message"),
    [
        (["mother.pregnant=false"], "start_day", "day 30 would be counted from a birth, and mother.pregnant is false"),
        ([*NEVER, "birth.mode=caesarean"], "birth.mode", "there was no birth: mother.pregnant is false"),
        ([*NEVER, "birth.first_feed_h=6"], "birth.first_feed_h", "there was no birth"),
        ([*NEVER, "birth.fluids=2000"], "birth.fluids", "there was no birth"),
        ([*NEVER, "mother.parity=first"], "mother.parity", "there was no birth"),
        ([*NEVER, "mother.conditions=[sheehan]"], "mother.conditions.0", "sheehan comes of a pregnancy"),
        (
            [*NEVER, "interventions=[{kind: retained_placenta}]"],
            "interventions.0.kind",
            "there was no placenta to be retained: mother.pregnant is false",
        ),
        (
            ["interventions=[{kind: pregnancy, start_day: 0}]"],
            "interventions.0.start_day",
            "day 0 is before the birth that days are counted from (allowed: 1 or later; a run that begins in",
        ),
        (
            ["interventions=[{kind: pregnancy, start_day: 60}, {kind: pregnancy, start_day: 200}]"],
            "interventions.1.start_day",
            "day 200 lies in the pregnancy from day 60 to 340",
        ),
        (
            [PREGNANCY, "infants=[{}, {born_day: 579}]"],
            "infants.1.born_day",
            "nobody is born on day 579 (allowed: 1 or less, an elder child; 580, where a pregnancy ends; a second",
        ),
        (
            [PREGNANCY, "infants=[{}, {born_day: 580}]", "schedule=[{kind: every, hours: 3}]"],
            "schedule.0",
            "would feed infant 1 from day 30, and it is born on day 580 (allowed: from_day 580 or later, `infant` for",
        ),
        (
            [
                PREGNANCY,
                "infants=[{}, {born_day: 580}]",
                "schedule=[{kind: on_demand}, {kind: bottle, times: ['08:00'], infant: 1, from_day: 500}]",
            ],
            "schedule.1",
            "would feed infant 1 from day 500",
        ),
    ],
)
def test_what_contradicts_itself_is_said(settings, key, message):
    """One line at its key."""
    with pytest.raises(ConfigError) as error:
        load_scenario("on-demand", settings)
    (problem,) = error.value.problems
    assert problem.key == key
    assert problem.message.startswith(message)


@pytest.mark.parametrize(
    "settings",
    [
        [*NEVER, "infants=[{born_day: 91}]"],
        [*NEVER, "infants=[{born_day: -40}]", "schedule=[{kind: every, hours: 3}]"],
        [*NEVER, "interventions=[{kind: pregnancy, start_day: 100}]", "infants=[{born_day: 380}]"],
        [PREGNANCY, "infants=[{}, {born_day: 580}]"],
        [
            PREGNANCY,
            "infants=[{}, {born_day: 580}]",
            "schedule=[{kind: every, hours: 4, infant: 0}, {kind: every, hours: 3, infant: 1, from_day: 580}]",
        ],
        ["interventions=[{kind: pregnancy, start_day: 60, end_day: 100}, {kind: pregnancy, start_day: 200}]"],
    ],
)
def test_what_can_be_is_allowed(settings):
    """An infant of others, a second birth, one pregnancy after another."""
    load_scenario("on-demand", settings)


def test_the_children_of_a_second_birth_are_born_by_it():
    """A mother who has not been pregnant has her own ones in the run."""
    with pytest.raises(ConfigError) as error:
        load_scenario("on-demand", ["infants=[{born_day: 91}]"])
    (problem,) = error.value.problems
    assert problem.message.endswith("a second birth needs an intervention `pregnancy`)")
