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
