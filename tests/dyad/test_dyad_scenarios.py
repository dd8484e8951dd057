"""Shipped scenarios of mothers who differ: each does what its comments say, on coarse glands."""

from __future__ import annotations

import pytest

from lactflow.config.shipped import find_shipped
from lactflow.config.yaml_source import parse_yaml
from lactflow.units import DAY_MIN
from lactflow.validation.simulated import merged, simulated

USUAL = {"start_day": 1, "schedule": [{"kind": "on_demand"}]}

pytestmark = pytest.mark.slow


def shipped(name, **more):
    """A shipped scenario, some keys replaced."""
    data = parse_yaml(find_shipped(name).read_bytes()).data
    return simulated(merged({key: value for key, value in data.items() if key not in ("name", "title")}, more))


def taken(run, from_day, to_day, infant=0):
    """What an infant takes at the breast, a day [mL]."""
    sessions = run.sessions
    days = sessions["start_min"].between((from_day - 1.0) * DAY_MIN, (to_day - 1.0) * DAY_MIN)
    fed = sessions[days & (sessions["kind"] == "feed") & (sessions["infant"] == infant)]
    return float(fed["intake_ml"].sum() / (to_day - from_day))


def test_oversupply_persists_and_gives_way():
    """In week six a third more than usual is made while the infant takes no more; a usual gland does not go on so."""
    usual, over = simulated({**USUAL, "days": 43}), shipped("oversupply-block-feeding")
    relieved = shipped("oversupply-block-feeding", mother={"gland_size": 1.0}, gland={}, days=42.0)
    ml = usual.made_ml_per_day(36, 43)
    assert over.made_ml_per_day(36, 43) > 1.3 * ml
    assert taken(over, 36, 43) < 1.1 * taken(usual, 36, 43)
    assert relieved.made_ml_per_day(36, 43) < over.made_ml_per_day(36, 43)
    assert over.made_ml_per_day(64, 71) < 0.85 * over.made_ml_per_day(36, 43)


def test_a_small_gland_stays_behind():
    """Far below usual in week six, with the breasts emptied further; the infant grows on bottles."""
    usual, small = shipped("hypoplasia", mother={"conditions": []}), shipped("hypoplasia")
    assert small.removed_ml_per_day(36, 43) < 0.85 * usual.removed_ml_per_day(36, 43)
    assert small.removed_ml_per_day(36, 43) < 0.7 * simulated({**USUAL, "days": 43}).removed_ml_per_day(36, 43)
    assert float(small["infants"]["weight_kg"].iloc[-1]) > 4.2


def test_both_children_are_fed():
    """The newborn takes nearly what it would alone, the elder child some besides, and more is made."""
    alone, both = simulated({**USUAL, "days": 42}), shipped("tandem")
    assert taken(both, 30, 42) > 0.9 * taken(alone, 30, 42)
    assert taken(both, 30, 42, infant=1) > 50.0
    assert both.made_ml_per_day(30, 42) > 1.05 * alone.made_ml_per_day(30, 42)


def test_milk_comes_later_after_a_caesarean():
    """About 14 h, and the newborn loses more; the first feed is not before six hours."""
    usual, later = simulated({**USUAL, "days": 8}), shipped("caesarean", days=8.0)
    assert 10.0 < later.onset_h() - usual.onset_h() < 19.0
    weights = [run["infants"]["weight_kg"] for run in (usual, later)]
    lost = [1.0 - float(each.min() / each.iloc[0]) for each in weights]
    assert lost[1] > lost[0] + 0.01
    assert float(later.sessions["start_min"].min()) >= 360.0


def test_a_gland_comes_into_milk_without_a_pregnancy():
    """Hardly a drop on hormones; hundreds of millilitres in the sixth week of pumping, and few without the hormones."""
    induced = shipped("induced-lactation")
    alone = shipped("induced-lactation", interventions=[{"kind": "domperidone", "start_day": 1, "dose_mg": 80.0}])
    assert induced.made_ml_per_day(60, 90) < 20.0
    assert 100.0 < induced.removed_ml_per_day(126, 133) < 650.0
    assert alone.removed_ml_per_day(126, 133) < 0.2 * induced.removed_ml_per_day(126, 133)


def test_milk_goes_in_a_pregnancy_and_the_second_child_is_fed():
    """A fraction of it in the last month; copious milk after the birth, which both take."""
    run = shipped("pregnancy-in-lactation")
    assert run.removed_ml_per_day(551, 580) < 0.25 * run.removed_ml_per_day(293, 300)
    assert run.removed_ml_per_day(586, 594) > 400.0
    assert taken(run, 586, 594, infant=1) > 150.0


def test_milk_comes_back_after_two_weeks():
    """Most of it within six weeks, and less than before."""
    run = shipped("relactation")
    before = run.removed_ml_per_day(40, 45)
    assert run.removed_ml_per_day(46, 59) == 0.0
    assert 0.45 * before < run.removed_ml_per_day(94, 101) < before


def test_a_poor_latch_costs_milk_and_weight():
    """Less is taken than with a good one, and the infant is lighter."""
    poor, well = shipped("poor-latch"), shipped("poor-latch", infants=[{"latch": 1.0}])
    assert poor.removed_ml_per_day(30, 45) < well.removed_ml_per_day(30, 45)
    assert float(poor["infants"]["weight_kg"].iloc[-1]) < float(well["infants"]["weight_kg"].iloc[-1]) - 0.1


def test_supply_follows_solids():
    """Other food takes the place of milk, and the child grows on."""
    run = shipped("solids")
    infants = run["infants"].set_index("time_min")
    assert run.removed_ml_per_day(285, 300) < 0.9 * run.removed_ml_per_day(172, 180)
    assert float(infants["solids_kcal"].iloc[-1]) > 10_000.0
    assert float(infants["weight_kg"].iloc[-1]) > float(infants["weight_kg"].iloc[0]) + 0.8
