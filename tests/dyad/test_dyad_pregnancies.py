"""A mother who has not been pregnant, and one who becomes pregnant again: what they do in short runs."""

from __future__ import annotations

from collections import defaultdict

import pytest

from lactflow.config.model import RunConfig
from lactflow.records import (
    Balance,
    BreastSample,
    HormoneSample,
    InfantSample,
    LobeSample,
    MemoryRecorder,
    Removal,
    Session,
)
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN

COARSE = {"gland": {"lobes_per_breast": 2, "noise": {"sd": 0.0}}, "resolution": {"packet_ml": 0.5}}
STEROIDS = {
    "kind": "estrogen_progesterone",
    "start_day": 1.0,
    "estradiol_pg_per_ml": 300.0,
    "progesterone_ng_per_ml": 25.0,
}
NEVER = {**COARSE, "start_day": 1.0, "infants": (), "mother": {"pregnant": False}}
PUMPED = ({"kind": "pump", "times": ("02:00", "06:00", "10:00", "14:00", "18:00", "22:00")},)


def run(config):
    """Facts of a run by kind; its balances close."""
    recorder = MemoryRecorder(visits=False)
    simulate(RunConfig.model_validate({"format": 1, **config}), recorder)
    facts = defaultdict(list)
    for fact in recorder.facts:
        facts[type(fact)].append(fact)
    assert max(abs(row.residual) for row in facts[Balance]) <= 1e-9
    return facts


def cells(facts, day):
    """Living cells of a lobe at the first sample of a day."""
    sample = next(row for row in facts[LobeSample] if row.time_min >= (day - 1.0) * DAY_MIN)
    return sample.active_cells + sample.quiescent_cells


def test_a_resting_gland_begins_small_and_holds_next_to_nothing():
    """A drop in each breast; its junctions stand open, and no hormone of a placenta is there."""
    facts = run({**NEVER, "days": 1.0, "schedule": ({"kind": "none"},)})
    first = facts[LobeSample][0]
    assert first.active_cells + first.quiescent_cells == pytest.approx(0.14, rel=1e-9)
    assert first.mrna < 0.001
    assert first.junction_leak > 0.3
    assert all(row.volume_ml < 1.0 for row in facts[BreastSample])
    assert facts[HormoneSample][0].placental_lactogen_ug_per_ml == 0.0


def test_it_grows_under_steroids_and_not_without():
    """In two weeks, without a drop of milk more."""
    idle = {**NEVER, "days": 15.0, "schedule": ({"kind": "none"},)}
    without, given = run(idle), run({**idle, "interventions": (STEROIDS,)})
    assert cells(given, 15.0) > 1.2 * cells(without, 15.0)
    assert cells(without, 15.0) == pytest.approx(0.14, rel=0.02)
    assert max(row.mrna for row in given[LobeSample]) < 0.03


def test_a_gland_that_has_lactated_before_grows_back_under_the_pump():
    """Towards the size that it had, with the prolactin of pumping and domperidone."""
    pumped = {
        **NEVER,
        "days": 12.0,
        "schedule": PUMPED,
        "interventions": ({"kind": "domperidone", "start_day": 1.0, "dose_mg": 80.0},),
    }
    first = run(pumped)
    again = run({**pumped, "gland": {**COARSE["gland"], "resting": {"had": 1.0}}})
    assert cells(again, 12.0) > 1.3 * cells(first, 12.0)
    milk = [sum(row.removed_ml for row in facts[Removal]) for facts in (first, again)]
    assert 0.0 < milk[0] < milk[1]


def test_a_run_is_the_same_to_the_bit_until_a_pregnancy_begins():
    """Every removal before day 63, and another one after some weeks of it."""
    usual = {**COARSE, "start_day": 60.0, "days": 4.0, "schedule": ({"kind": "every", "hours": 3},)}
    facts = [
        run({**usual, "interventions": interventions})
        for interventions in ((), ({"kind": "pregnancy", "start_day": 63.0},))
    ]
    before = [[row for row in each[Removal] if row.start_min < 62.0 * DAY_MIN] for each in facts]
    assert before[0] == before[1]
    assert len(before[0]) > 10


def test_milk_and_its_make_up_follow_a_pregnancy_that_began_before_the_run():
    """In its third month less milk is made than without, and the junctions stand open."""
    usual = {**COARSE, "start_day": 390.0, "days": 2.0, "schedule": ({"kind": "every", "hours": 4},)}
    without, pregnant = run(usual), run({**usual, "interventions": ({"kind": "pregnancy", "start_day": 310.0},)})
    milk = [sum(row.removed_ml for row in facts[Removal]) for facts in (without, pregnant)]
    assert milk[1] < 0.6 * milk[0]
    assert pregnant[LobeSample][-1].junction_leak > 5.0 * without[LobeSample][-1].junction_leak
    assert pregnant[HormoneSample][-1].progesterone_ng_per_ml > 15.0


def test_a_child_is_fed_from_its_birth_on():
    """On demand in a run that begins before: no feed and no sample of it until then, and some after."""
    facts = run(
        {
            **COARSE,
            "start_day": 578.0,
            "days": 5.0,
            "infants": ({}, {"born_day": 580.0}),
            "interventions": ({"kind": "pregnancy", "start_day": 300.0},),
            "schedule": ({"kind": "on_demand"},),
        }
    )
    born_min = 579.0 * DAY_MIN
    feeds = [row.start_min for row in facts[Session] if row.infant == 1]
    samples = [row for row in facts[InfantSample] if row.infant == 1]
    assert min(feeds) >= born_min
    assert samples[0].time_min >= born_min
    assert samples[0].weight_kg == pytest.approx(3.4, abs=0.01)
    assert len(feeds) >= 6
