"""Measures of many units at once are those of each alone."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from small_runs import FACTS, sample, small_run

from lactflow.analysis.daily import by_replicate
from lactflow.analysis.days import UNIT
from lactflow.analysis.run import open_run
from lactflow.analysis.tally import TALLIED
from lactflow.analysis.units import by_unit
from lactflow.config.scenario import load_scenario
from lactflow.experiments.memory import simulated_in_memory
from lactflow.recording.claimed import claimed_journal, read_unit
from lactflow.records import InfantSample


def unit(run, mother, replicate):
    return read_unit(run, mother, replicate, TALLIED, claimed_journal(run, mother, replicate))


def weight(time_min, weight_kg):
    return InfantSample(time_min, 0, weight_kg, 10.0, 0.0, 0.0)


def test_every_unit_has_its_row_of_the_run(tmp_path):
    """To the bit, in the order that was asked for."""
    facts = {
        (0, 0): [*FACTS, weight(0.0, 3.1), weight(100.0, 3.7)],
        (0, 1): [sample(0.0), weight(0.0, 3.3)],
        (2, 0): [weight(0.0, 4.0), weight(75.0, 4.2)],
    }
    run = small_run(tmp_path, facts, units=tuple(facts))
    rows = by_unit([unit(run, *numbers) for numbers in ((2, 0), (0, 1), (0, 0))])
    mine = pd.DataFrame([{"mother": m, "replicate": r, **row} for (m, r), row in zip(facts, rows[::-1], strict=True)])
    expected = by_replicate(open_run(run))
    pd.testing.assert_frame_equal(mine, expected, check_exact=True, check_dtype=False)
    assert mine["infant_weight_kg"][2] == pytest.approx(4.1)  # 75 of 150 minutes each
    assert math.isnan(mine["made_ml_per_day"][0])
    assert list(mine)[:2] == UNIT


def test_a_unit_of_which_a_warm_up_leaves_nothing_has_none(tmp_path):
    """In its place among the others."""
    run = small_run(tmp_path, {(0, 0): [weight(0.0, 3.0)], (1, 0): [weight(0.0, 4.0)]}, units=((0, 0), (1, 0)))
    assert by_unit([unit(run, 1, 0), unit(run, 0, 0)], 1.0) == [None, None]
    assert by_unit([]) == []


@pytest.mark.parametrize("name", ["alcohol", "immune-proteins"])
def test_the_columns_that_are_tallied_are_enough(name):
    """Measures of a unit of which no other column was kept are those of a whole one, to the bit."""
    tiny = ["resolution={packet_ml: 0.5}", "gland.lobes_per_breast=1"]
    scenario = load_scenario(name, tiny, days=1.0)
    whole = simulated_in_memory(scenario.config, scenario.logs, tables=TALLIED)
    few = simulated_in_memory(scenario.config, scenario.logs, tables=TALLIED, only=TALLIED)
    assert few.nbytes < 0.7 * whole.nbytes
    assert set(few.read("lobes")) == set(TALLIED["lobes"])
    (mine,), (expected,) = by_unit(few.units), by_unit(whole.units)
    assert {key: repr(value) for key, value in mine.items()} == {key: repr(value) for key, value in expected.items()}
