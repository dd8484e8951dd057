"""Milk that is expressed and thrown away: by hours after doses, in its pot's account, and never in a bottle."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from lactflow.config.scenario import load_scenario
from lactflow.dyad.bottles import Bottle, Bottles, check_bottles
from lactflow.dyad.schedule import DiscardPhase, Discards
from lactflow.dyad.schedule.futures import Futures
from lactflow.dyad.schedule.plan import Plan
from lactflow.errors import ConfigError
from lactflow.gland.analytes import Milk
from lactflow.gland.contents import Contents
from lactflow.parameters.gland import Gland
from lactflow.records.drugs import BottleMade

CONTENTS = Contents(Gland())
DOSES = {"ethanol": [600.0, 1800.0]}
AFTER = {"kind": "discard", "drug": "ethanol", "after_dose_h": (1, 4)}


def phase(**keys):
    """One of kind `discard`."""
    return DiscardPhase.model_validate({"kind": "discard", **keys})


def milk(volume_ml):
    """Milk of which nothing is known but its volume."""
    return Milk(volume_ml, CONTENTS.zeros())


def thrown_away(phases, *times_min, doses=DOSES):
    """Whether milk is, at each time."""
    discards = Discards(phases, 0.0, doses)
    return [discards.at(time_min) for time_min in times_min]


def test_hours_after_each_dose_count_by_hand():
    """Doses at 600 and 1800 min; from 1 h after one up to, and not at, 4 h."""
    assert thrown_away([phase(**AFTER)], 600.0, 659.9, 660.0, 839.9, 840.0, 1859.0, 1860.0, 2040.0) == [
        False,
        False,
        True,
        True,
        False,
        False,
        True,
        False,
    ]
    assert thrown_away([phase(**AFTER)], 700.0, doses={}) == [False]
    assert thrown_away([phase(**AFTER)], 700.0, doses={"ethanol": [600.0, 690.0]}) == [True]  # of the first dose still


def test_without_a_drug_all_of_it_is_from_day_to_day():
    """From the beginning of day 2 to the end of day 3."""
    days = [phase(from_day=2, to_day=3)]
    assert thrown_away(days, 1439.0, 1440.0, 4319.0, 4320.0) == [False, True, True, False]
    assert thrown_away([], 0.0) == [False]
    assert thrown_away([phase()], 0.0, 1e6) == [True, True]


def test_drugs_have_rules_side_by_side_and_a_later_rule_of_one_ends_the_earlier():
    """The second rule of ethanol holds from day 2 on; that of codeine beside it, all the time."""
    rules = [
        phase(**AFTER),
        phase(drug="codeine", after_dose_h=(0, 1)),
        phase(drug="ethanol", after_dose_h=(0, 1), from_day=2),
    ]
    doses = {**DOSES, "codeine": [1000.0, 3000.0]}
    assert thrown_away(rules, 620.0, 700.0, 1010.0, 1810.0, 1900.0, 3010.0, doses=doses) == [
        False,
        True,
        True,
        True,
        False,
        True,
    ]
    assert len({each.track for each in rules}) == 2


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"drug": "ethanol"}, "after_dose_h is missing"),
        ({"after_dose_h": (0, 4)}, "drug is missing"),
        ({"drug": "ethanol", "after_dose_h": (4, 4)}, "4 h is not before 4 h"),
        ({"from_day": 3, "to_day": 2}, "to_day 2 is before from_day 3"),
        ({"night_gap": {"from": "22:00", "to": "06:00"}}, "night_gap does not go with discard"),
        ({"miss": ({"days": (2,)},)}, "miss does not go with discard"),
    ],
)
def test_what_says_nothing_is_refused(keys, message):
    """Half a rule, hours without length, and keys of sessions that it has not."""
    with pytest.raises(ValidationError, match=message):
        phase(**keys)


TEXT = """
format: 1
start_day: 31
days: 1
schedule:
  - {{kind: on_demand}}
  - {{kind: discard, drug: {drug}, after_dose_h: [0, 4]}}
drugs: [{{drug: fluoxetine, dose_mg: 20, times: ["08:00"]}}]
"""


@pytest.mark.parametrize(
    ("drug", "message"),
    [
        ("fluoxetin", r"7:27: schedule.1.drug: there is no drug 'fluoxetin' \(nearest: fluoxetine; known: "),
        ("caffeine", r"7:27: schedule.1.drug: caffeine is not taken \(allowed: fluoxetine, norfluoxetine\)"),
    ],
)
def test_a_drug_that_is_not_taken_is_wrong_at_its_key(tmp_path, drug, message):
    """One line, with the nearest name of an unknown one."""
    path = tmp_path / "day.yaml"
    path.write_text(TEXT.format(drug=drug))
    with pytest.raises(ConfigError, match=message):
        load_scenario(path)
    path.write_text(TEXT.format(drug="norfluoxetine"))
    assert load_scenario(path).config.schedule[1].drug == "norfluoxetine"


def test_it_goes_to_the_account_and_not_into_a_bottle():
    """100 mL at 10 min are kept, 50 mL at 700 thrown away; of 120 drunk 20 are supplied, as the milk that was kept."""
    bottles = Bottles(CONTENTS.no_milk(), Discards([phase(**AFTER)], 0.0, DOSES).at)
    kept, thrown = milk(100.0), milk(50.0)
    kept.amounts[0], thrown.amounts[0] = 7.0, 99.0
    bottles.store(Bottle(10.0, "left", kept))
    bottles.store(Bottle(700.0, "left", thrown))
    given = bottles.take(120.0)
    assert given.amounts[0] == pytest.approx(1.2 * 7.0, rel=1e-12)
    assert bottles.pots[None].discarded.amounts[0] == 99.0
    check_bottles(list(bottles.balances(CONTENTS)))
    assert list(bottles.made()) == [
        BottleMade(None, "left", 10.0, None, 100.0, 100.0, 0.0, 0.0),
        BottleMade(None, "left", 700.0, None, 50.0, 0.0, 50.0, 0.0),
    ]


def test_where_all_of_it_is_thrown_away_nobody_knows_what_a_bottle_holds():
    """It is usual milk then, as before anything was expressed."""
    bottles = Bottles(CONTENTS.no_milk(), lambda _: True)
    bottles.store(Bottle(10.0, "left", milk(100.0)))
    assert bottles.take(50.0) is None
    assert [(each.discarded_ml, each.left_ml) for each in bottles.made()] == [(100.0, 0.0)]


def test_schedules_that_throw_away_different_milk_part_there():
    """Their sessions are the same, and yet one past is not that of both."""
    splits = []

    def split(groups):
        splits.append([list(group) for group in groups])
        return 0

    plans = [Plan(phases, 1.0, 2.0, "00:00", logs={}, taken_min=DOSES) for phases in ([phase(**AFTER)], [])]
    futures = Futures(plans, split)
    assert not futures.discards(500.0)
    assert splits == []
    assert futures.discards(700.0)
    assert splits == [[[0], [1]]]
    assert futures.alive == [0]
